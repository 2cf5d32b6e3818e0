"""What became of what people raised, for those who are to hear of it, each time once."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select, update

from adapters.store.voice import Voices, lines, raisers, voices
from nudges.release import FLOOR
from nudges.voice import OPEN, Changed

_TOLD = ("taken", "done", "declined")
_OPEN = voices.c.state.in_(sorted(OPEN))
_NEWS = and_(
    voices.c.state.in_(_TOLD),
    voices.c.changed_at.is_not(None),
    or_(voices.c.told_at.is_(None), voices.c.told_at < voices.c.changed_at),
)
_ASKED = and_(lines.c.ours, lines.c.told_at.is_(None))
_RULED = and_(voices.c.ruled_at.is_not(None), voices.c.back_at.is_(None))
_ABOVE = and_(_OPEN, voices.c.escalated_at.is_not(None), voices.c.ruled_at.is_(None))


class VoiceNews(Voices):
    """The part of a transaction that tells what became of things."""

    async def voices_wait(self, before: datetime) -> bool:
        """Say whether anybody is to hear of something; ``before`` is since when it waits above."""
        above = and_(_ABOVE, voices.c.back_at.is_(None), voices.c.escalated_at < before)
        any_ = [exists().where(case) for case in (_NEWS, _ASKED, _RULED, above, _many())]
        return bool(await self.connection.scalar(select(or_(*any_))))

    async def voice_news(self, most: int) -> list[Changed]:
        """Return what went on to another state, and note that it is told."""
        rows = await self.connection.execute(
            select(voices.c.id, voices.c.state, voices.c.changed_at)
            .where(_NEWS)
            .order_by(voices.c.id)
            .limit(most)
            .with_for_update()
        )
        found = {row.id: row for row in rows}
        said = await self.connection.execute(
            select(raisers.c.voice, raisers.c.person).where(raisers.c.voice.in_(found)).distinct()
        )
        who: dict[int, list[str]] = {}
        for row in said:
            who.setdefault(row.voice, []).append(row.person)
        told = update(voices).where(voices.c.id.in_(found)).values(told_at=voices.c.changed_at)
        await self.connection.execute(told)
        return [
            Changed(number, row.state, row.changed_at, sorted(who.get(number, ())))
            for number, row in found.items()
        ]

    async def voice_questions(self, now: datetime, most: int) -> list[tuple[int, int, str]]:
        """Return what is asked back, to whom, and note that it is: (line, voice, person)."""
        rows = await self.connection.execute(
            select(lines.c.id, lines.c.voice, lines.c.person)
            .where(_ASKED)
            .order_by(lines.c.id)
            .limit(most)
            .with_for_update()
        )
        found = [(row.id, row.voice, row.person) for row in rows]
        numbers = [number for number, _, _ in found]
        await self.connection.execute(
            update(lines).where(lines.c.id.in_(numbers)).values(told_at=now)
        )
        return found

    async def escalate_voices(self, now: datetime, most: int) -> list[int]:
        """Return what at least five people raised and nobody was told of above; note that it is."""
        found = await self.connection.scalars(
            select(voices.c.id).where(_many()).order_by(voices.c.id).limit(most).with_for_update()
        )
        numbers = list(found)
        await self.connection.execute(
            update(voices).where(voices.c.id.in_(numbers)).values(escalated_at=now)
        )
        return numbers

    async def voices_back(self, before: datetime, now: datetime) -> Mapping[int, bool]:
        """Return what comes back from above, and whether it was answered; note that it does.

        What nobody answered that was told before a moment comes back, too.
        """
        unanswered = and_(_ABOVE, voices.c.back_at.is_(None), voices.c.escalated_at < before)
        rows = await self.connection.execute(
            select(voices.c.id, voices.c.ruled_at)
            .where(or_(_RULED, unanswered))
            .order_by(voices.c.id)
            .with_for_update()
        )
        found = {row.id: row.ruled_at is not None for row in rows}
        await self.connection.execute(
            update(voices).where(voices.c.id.in_(found)).values(back_at=now)
        )
        return found

    async def escalated_voices(self) -> dict[int, datetime]:
        """Return what was told above and is still open, with when that was."""
        rows = await self.connection.execute(
            select(voices.c.id, voices.c.escalated_at)
            .where(_OPEN, voices.c.escalated_at.is_not(None))
            .order_by(voices.c.id)
        )
        return {row[0]: row[1] for row in rows}


def _many():  # noqa: ANN202 - a condition
    many = (
        select(raisers.c.voice)
        .group_by(raisers.c.voice)
        .having(func.count(raisers.c.person.distinct()) >= FLOOR)
    )
    return and_(_OPEN, voices.c.escalated_at.is_(None), voices.c.id.in_(many))

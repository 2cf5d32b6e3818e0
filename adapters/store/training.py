"""Training sessions, as the store keeps them, and who signed up for them.

Who wants a seat holds the session's row until the end of the transaction; so of two who press for
the last seat at one moment the second counts the first. A session is never deleted, and its number
never given out twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from adapters.store.answers import answers
from adapters.store.audience import Audiences
from adapters.store.audit import Audit, Audited
from adapters.store.people import people
from adapters.store.training_table import (
    NAMES,
    invitations,
    signup_columns,
    signup_of,
    signups,
    training_of,
    trainings,
)
from nudges.audience_language import RuleError, parse
from nudges.training import (
    COMING,
    NEW,
    TAKING,
    Attendance,
    Declined,
    FoundUseful,
    Session,
    SessionCancelled,
    SessionKept,
    SignedUp,
    Signup,
    SignupState,
    Training,
    TrainingFact,
    WasThere,
    Withdrew,
    joining,
    moved,
    moving_up,
)

LOOKED_BACK = timedelta(days=35)
"""How long after it a session is still looked at, and stands on the desk."""
MOST_LISTED = 60
_TRAINER = people.alias("trainer")
_SESSIONS = (
    select(trainings, _TRAINER.c.name.label("by_name"))
    .outerjoin(_TRAINER, _TRAINER.c.id == trainings.c.trainer)
    .order_by(trainings.c.starts, trainings.c.id)
)
_COMING = tuple(sorted(COMING))


class Trainings(Audiences, Audit):
    """The training sessions' part of a transaction."""

    async def trainings(self, numbers: Iterable[int], now: datetime) -> dict[int, Training]:
        """Return sessions by number, the soonest first; 0 stands for all on the CRM team's desk."""
        wanted = sorted(set(numbers))
        which = trainings.c.id.in_(wanted)
        if 0 in wanted:
            desk = (
                select(trainings.c.id)
                .where(trainings.c.starts > now - LOOKED_BACK)
                .order_by(trainings.c.starts)
                .limit(MOST_LISTED)
            )
            which = or_(which, trainings.c.id.in_(desk.scalar_subquery()))
        rows = (await self.connection.execute(_SESSIONS.where(which))).all()
        of = await self._signups([row.id for row in rows])
        return {row.id: training_of(row, of.get(row.id, ())) for row in rows}

    async def trainings_by_key(self, keys: Iterable[str], now: datetime) -> dict[str, Training]:
        """Return sessions by the name that they were written with."""
        rows = await self.connection.scalars(
            select(trainings.c.id).where(trainings.c.key.in_(sorted(set(keys))))
        )
        found = await self.trainings(rows, now)
        return {one.session.key: one for one in found.values()}

    async def live_trainings(self, now: datetime) -> list[int]:
        """Return the sessions about which there may still be something to say."""
        rows = await self.connection.scalars(
            select(trainings.c.id)
            .where(trainings.c.starts > now - LOOKED_BACK, ~trainings.c.cancelled)
            .order_by(trainings.c.id)
        )
        return list(rows)

    async def trainings_for(self, person: str, now: datetime) -> list[int]:
        """Return the sessions to come that somebody can see, the soonest first.

        Those whose rule means them, those that they signed up for, and those that they give.
        """
        rows = await self.connection.execute(
            select(trainings.c.id, trainings.c.rule, trainings.c.trainer, signups.c.state)
            .outerjoin(
                signups, and_(signups.c.session == trainings.c.id, signups.c.person == person)
            )
            .where(trainings.c.starts > now, trainings.c.open, ~trainings.c.cancelled)
            .order_by(trainings.c.starts, trainings.c.id)
        )
        found: list[int] = []
        means: dict[str, bool] = {}
        for row in rows.all():
            own = row.trainer == person or row.state in _COMING
            if not own and row.rule not in means:
                means[row.rule] = person in await self._meant_by(row.rule, now, only=person)
            if own or means[row.rule]:
                found.append(row.id)
        return found

    async def hold_training(self, number: int, now: datetime) -> Training | None:
        """Return a session that is ours until the transaction ends: who has a seat is settled."""
        held = await self.connection.scalar(
            select(trainings.c.id).where(trainings.c.id == number).with_for_update()
        )
        if held is None:
            return None
        return (await self.trainings([number], now))[number]

    async def unsettled_trainings(self, now: datetime) -> list[int]:
        """Return the sessions of which somebody does not know how it is, or where a seat is free.

        A seat is free too if whoever had it is forgotten, or has left.
        """
        coming = signups.c.state.in_(_COMING)
        untold = or_(
            and_(trainings.c.cancelled, signups.c.told != "cancelled"),
            and_(
                ~trainings.c.cancelled,
                or_(signups.c.told != signups.c.state, signups.c.knows < trainings.c.revision),
            ),
        )
        gone = exists().where(people.c.id == signups.c.person, people.c.left)
        mine = signups.c.session == trainings.c.id
        waits = exists().where(mine, signups.c.state == SignupState.WAITING.value)
        taken = (
            select(func.count())
            .select_from(signups)
            .where(mine, signups.c.state.in_(sorted(TAKING)))
            .scalar_subquery()
        )
        rows = await self.connection.scalars(
            select(trainings.c.id)
            .where(
                trainings.c.starts > now,
                or_(
                    exists().where(mine, coming, untold),
                    exists().where(mine, coming, gone),
                    and_(~trainings.c.cancelled, waits, taken < trainings.c.seats),
                ),
            )
            .order_by(trainings.c.id)
        )
        return list(rows)

    async def uninvited(self, training: Training, now: datetime, limit: int) -> list[str]:
        """Return people whom a session is for and about whom nothing was decided yet."""
        known = select(invitations.c.person).where(invitations.c.session == training.number)
        return await self._meant_by(training.session.rule, now, known=known, limit=limit)

    async def looked_again(self, number: int, limit: int) -> list[str]:
        """Return people who answered something since it was decided whether they are invited."""
        c = invitations.c
        newer = exists().where(answers.c.person == c.person, answers.c.at > c.at)
        rows = await self.connection.scalars(
            select(c.person)
            .where(c.session == number, ~c.reacted, newer)
            .order_by(c.person)
            .limit(limit)
        )
        return list(rows)

    async def keep_invitations(
        self, number: int, decided: Mapping[str, bool], now: datetime
    ) -> None:
        """Note who was invited to a session, and who was looked at and was not."""
        rows = [
            {"session": number, "person": who, "invited": yes, "reacted": False, "at": now}
            for who, yes in sorted(decided.items())
        ]
        await self.upsert(invitations, rows, ["session", "person"], ("invited", "at"))

    async def ignored(self, persons: Sequence[str], but: int) -> dict[str, int]:
        """Count how many invitations in a row, the last ones, each of these let pass."""
        c = invitations.c
        rows = await self.connection.execute(
            select(c.person, c.reacted)
            .where(c.person.in_(persons), c.invited, c.session != but)
            .order_by(c.at.desc(), c.session.desc())
        )
        found: dict[str, int] = {}
        ended: set[str] = set()
        for row in rows:
            if row.reacted:
                ended.add(row.person)
            elif row.person not in ended:
                found[row.person] = found.get(row.person, 0) + 1
        return found

    async def keep_signups(self, number: int, known: Iterable[Signup]) -> None:
        """Keep what became of sign-ups that are there."""
        for one in known:
            await self.connection.execute(
                update(signups)
                .where(signups.c.session == number, signups.c.person == one.person)
                .values(**signup_columns(one))
            )

    async def fill_seats(self, training: Training, now: datetime) -> Training:
        """Give seats that are free to those who wait; returns the session as it is then."""
        moving = moving_up(training, now)
        await self.keep_signups(training.number, moving)
        if not moving:
            return training
        return (await self.trainings([training.number], now))[training.number]

    async def keep_about_training(self, fact: TrainingFact, by: str, now: datetime) -> None:
        """Keep a fact about a session; ``by`` is who told it."""
        match fact:
            case SessionKept(session, number):
                await self._keep_session(session, number, by, now)
            case SessionCancelled(number):
                await self._cancel_session(number, by, now)
            case SignedUp(number):
                await self._sign_up(number, by, now)
            case Withdrew(number):
                await self.withdraw(number, by, now)
            case Declined(number):
                await self._reacted(number, by)
            case Attendance(number, there):
                await self._attend(number, there, by, now)
            case WasThere(number, there):
                await self._was_there(number, by, now, there=there)
            case FoundUseful(number, useful):
                await self._found_useful(number, by, useful, now)

    async def _keep_session(self, session: Session, number: int, by: str, now: datetime) -> None:
        values = {name: getattr(session, name) for name in NAMES}
        if number == NEW:
            statement = self.inserting(trainings).values(cancelled=False, revision=0, **values)
            fresh = await self.connection.execute(
                statement.on_conflict_do_nothing(index_elements=["key"])
            )
            number = await self._numbered(session.key)
            if fresh.rowcount > 0:
                await self.audit(Audited(now, by, "plan", f"training:{number}"))
                return
        before = await self.hold_training(number, now)
        if (
            before is None
            or before.cancelled
            or before.session.starts <= now
            or before.session == replace(session, key=before.session.key)
        ):
            return
        values["key"] = before.session.key
        revision = before.revision + moved(before.session, session)
        await self.connection.execute(
            update(trainings).where(trainings.c.id == number).values(revision=revision, **values)
        )
        await self.fill_seats((await self.trainings([number], now))[number], now)
        await self.audit(Audited(now, by, "change", f"training:{number}"))

    async def _numbered(self, key: str) -> int:
        found = await self.connection.scalar(select(trainings.c.id).where(trainings.c.key == key))
        return found or NEW

    async def _cancel_session(self, number: int, by: str, now: datetime) -> None:
        changed = await self.connection.execute(
            update(trainings)
            .where(trainings.c.id == number, ~trainings.c.cancelled, trainings.c.starts > now)
            .values(cancelled=True)
        )
        if changed.rowcount > 0:
            await self.audit(Audited(now, by, "cancel", f"training:{number}"))

    async def _sign_up(self, number: int, person: str, now: datetime) -> None:
        training = await self.hold_training(number, now)
        signup = joining(training, person, now) if training else None
        if signup is None:
            return
        row = {"session": number, "person": person} | signup_columns(signup)
        changed = tuple(signup_columns(signup))
        await self.upsert(signups, [row], ["session", "person"], changed)
        await self._reacted(number, person)

    async def withdraw(self, number: int, person: str, now: datetime) -> None:
        """Take somebody off a session that is still to come, and give their seat to the next."""
        training = await self.hold_training(number, now)
        signup = training.of(person) if training else None
        if training is None or signup is None or now >= training.session.starts:
            return
        await self.connection.execute(
            update(signups)
            .where(signups.c.session == number, signups.c.person == person)
            .values(state=SignupState.WITHDRAWN.value)
        )
        await self.fill_seats((await self.trainings([number], now))[number], now)

    async def _reacted(self, number: int, person: str) -> None:
        await self.connection.execute(
            update(invitations)
            .where(invitations.c.session == number, invitations.c.person == person)
            .values(reacted=True)
        )

    async def _attend(self, number: int, there: frozenset[int], by: str, now: datetime) -> None:
        training = await self.hold_training(number, now)
        if training is None or not training.begun(now):
            return
        for one in training.signups:
            if one.state not in TAKING:
                continue
            state = SignupState.ATTENDED if one.place in there else SignupState.MISSED
            await self.connection.execute(
                update(signups)
                .where(signups.c.session == number, signups.c.person == one.person)
                .values(state=state.value, told=state.value, reported=True)
            )
        await self.audit(Audited(now, by, "attendance", f"training:{number}"))

    async def _was_there(self, number: int, person: str, now: datetime, *, there: bool) -> None:
        training = await self.hold_training(number, now)
        signup = training.of(person) if training else None
        if training is None or signup is None or signup.reported or not training.begun(now):
            return
        if signup.state is SignupState.WAITING:
            return
        state = SignupState.ATTENDED if there else SignupState.MISSED
        await self.connection.execute(
            update(signups)
            .where(signups.c.session == number, signups.c.person == person)
            .values(state=state.value, told=state.value)
        )

    async def _found_useful(self, number: int, person: str, useful: str, now: datetime) -> None:
        training = await self.hold_training(number, now)
        signup = training.of(person) if training else None
        if signup is None or signup.state is not SignupState.ATTENDED:
            return
        await self.connection.execute(
            update(signups)
            .where(signups.c.session == number, signups.c.person == person)
            .values(useful=useful)
        )

    async def _signups(self, numbers: Sequence[int]) -> dict[int, tuple[Signup, ...]]:
        if not numbers:
            return {}
        rows = await self.connection.execute(
            select(signups, people.c.name)
            .join(people, people.c.id == signups.c.person)
            .where(signups.c.session.in_(numbers))
            .order_by(signups.c.place)
        )
        found: dict[int, tuple[Signup, ...]] = {}
        for row in rows:
            found[row.session] = (*found.get(row.session, ()), signup_of(row))
        return found

    async def _meant_by(
        self,
        rule: str,
        now: datetime,
        *,
        only: str = "",
        known: Any = None,  # noqa: ANN401 - a SELECT of one column
        limit: int = 1,
    ) -> list[str]:
        """Return whom a rule means; one that this version does not read means nobody."""
        try:
            meant = await self.meant(parse(rule), now)
        except RuleError:
            return []
        which = [people.c.id == only] if only else [people.c.welcomed, ~people.c.stopped]
        if known is not None:
            which.append(people.c.id.not_in(known))
        found = select(people.c.id).select_from(meant.source).where(meant.where, *which)
        return list(await self.connection.scalars(found.order_by(people.c.id).limit(limit)))

"""Questions that went to a colleague, as the store keeps them, and the articles answers became.

What somebody asked goes when they are forgotten, with all that hangs on it; what a colleague
answered goes when that colleague is. An answer that was accepted is the organisation's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from adapters.store.connection import Connected
from adapters.store.people import people
from adapters.store.schema import Moment, Number, erased_by, impersonal, metadata, numbered
from adapters.store.sealed import Own, Private
from dialogs.knowledge import Article
from nudges.colleague import (
    Accepted,
    Declined,
    Given,
    Handed,
    HandedHow,
    HandedOn,
    Judgement,
    Referral,
    Referred,
    Replied,
)

ID = "asked-"
"""How the id of an article begins that was an answer; its number follows."""
UNFINISHED = ("open", "lapsed")
"""How somebody stands to a question whose card may have to change."""
referrals = Table(
    "referrals",
    metadata,
    Column("key", String, primary_key=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("question", String, nullable=False),
    Column("text", Private, nullable=False),
    Column("language", String, nullable=False),
    Column("area", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("root", Number),
    Column("at", Moment, nullable=False),
    info=erased_by("person"),
)
handed = Table(
    "handed",
    metadata,
    Column("referral", String, ForeignKey("referrals.key"), primary_key=True),
    Column("nth", Integer, primary_key=True, autoincrement=False),
    Column("person", String, ForeignKey("people.id"), primary_key=True, index=True),
    Column("asker", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("team", Boolean, nullable=False),
    Column("round", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("how", String, nullable=False, index=True),
    Column("delivery", Number),
    Column("reminded", Moment),
    Column("ended", Moment),
    Index("ix_handed_at", "at"),
    info=erased_by("person", "asker"),
)
colleague_answers = Table(
    "colleague_answers",
    metadata,
    Column("referral", String, ForeignKey("referrals.key"), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("asker", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("text", Private, nullable=False),
    Column("at", Moment, nullable=False),
    Column("judged", String, nullable=False, default=""),
    Column("article", Number, nullable=False, default=0),
    info=erased_by("person", "asker"),
)
asked_articles = Table(
    "asked_articles",
    metadata,
    numbered(),
    Column("title", JSON, nullable=False),
    Column("nav", JSON, nullable=False),
    Column("body", JSON, nullable=False),
    Column("area", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("out", Moment),
    info=impersonal("what the organisation knows, in the words that its CRM team put there"),
    sqlite_autoincrement=True,
)
_ASKED: Select[Any] = select(referrals, people.c.name).join(people)
_ANSWERED = ("answered", "helped")


class Colleagues(Connected):
    """The part of a transaction with questions to colleagues."""

    async def refer(self, fact: Referred, person: str, now: datetime) -> None:
        """Keep a question to a colleague; sent again by a repeated request it stays as it is."""
        await self.connection.execute(
            self.inserting(referrals)
            .on_conflict_do_nothing(index_elements=["key"])
            .values(
                key=fact.key,
                person=person,
                question=fact.question,
                text=Own(fact.text, person),
                language=fact.language,
                area=fact.area,
                state="open",
                round=1,
                root=fact.root,
                at=now,
            )
        )

    async def referrals(self, keys: Iterable[str], *, hold: bool = False) -> dict[str, Referral]:
        """Return questions by key; with ``hold`` they are ours until the transaction ends."""
        wanted = sorted(set(keys))
        if not wanted:
            return {}
        if hold:
            ours = select(referrals.c.key).where(referrals.c.key.in_(wanted)).with_for_update()
            await self.connection.execute(ours)
        found = await self._read(_ASKED.where(referrals.c.key.in_(wanted)))
        return {one.key: one for one in found}

    async def moving_referrals(self) -> list[Referral]:
        """Return the questions that are open, or on which somebody still has a card."""
        left = exists().where(handed.c.referral == referrals.c.key, handed.c.how.in_(UNFINISHED))
        return await self._read(_ASKED.where(or_(referrals.c.state == "open", left)))

    async def referrals_for(self, person: str, *, every: bool) -> list[Referral]:
        """Return the open questions that somebody has; all of them, and proposals, with ``every``.

        Proposals are answers of which nobody has decided whether they become an article.
        """
        is_open = referrals.c.state == "open"
        if not every:
            theirs = exists().where(
                handed.c.referral == referrals.c.key,
                handed.c.person == person,
                handed.c.how == "open",
                handed.c.round == referrals.c.round,
            )
            return await self._read(_ASKED.where(is_open, theirs))
        proposed = exists().where(
            colleague_answers.c.referral == referrals.c.key,
            colleague_answers.c.round == referrals.c.round,
            colleague_answers.c.judged == "",
        )
        judged = and_(referrals.c.state.in_(_ANSWERED), proposed)
        return await self._read(_ASKED.where(or_(is_open, judged)))

    async def handed_since(self, since: datetime) -> list[Handed]:
        """Return who got a question since a moment."""
        rows = await self.connection.execute(select(handed).where(handed.c.at >= since))
        return [_hand(row, "") for row in rows]

    async def hand_to(
        self, referral: Referral, hands: Sequence[Handed], deliveries: Mapping[str, int]
    ) -> None:
        """Note who has a question now, each with the number of their card."""
        rows = [
            {
                "referral": referral.key,
                "nth": h.nth,
                "person": h.person,
                "asker": referral.person,
                "team": h.team,
                "round": h.round,
                "at": h.at,
                "how": h.how,
                "delivery": deliveries.get(h.person),
            }
            for h in hands
        ]
        await self.upsert(handed, rows, ["referral", "nth", "person"])

    async def end_hands(
        self, key: str, ended: Iterable[tuple[Handed, HandedHow]], now: datetime
    ) -> None:
        """Note that a question is no longer with somebody, and how that came."""
        for hand, how in ended:
            await self.connection.execute(
                update(handed).where(*_same(key, hand)).values(how=how, ended=now)
            )

    async def remind_hand(self, key: str, hand: Handed, delivery: int, now: datetime) -> None:
        """Note that somebody of the CRM team is reminded, on a newer card."""
        await self.connection.execute(
            update(handed).where(*_same(key, hand)).values(reminded=now, delivery=delivery)
        )

    async def hand_on(self, fact: HandedOn, person: str, now: datetime) -> bool:
        """Note that a champion passes a question on; False if it was not with them."""
        changed = await self.connection.execute(
            update(handed)
            .where(
                handed.c.referral == fact.key,
                handed.c.person == person,
                handed.c.how == "open",
                ~handed.c.team,
            )
            .values(how=fact.how, ended=now)
        )
        return changed.rowcount > 0

    async def give_answer(self, fact: Replied, person: str, now: datetime) -> bool:
        """Keep an answer; False if another was first, or nobody waits for one any more."""
        held = select(referrals).where(referrals.c.key == fact.key).with_for_update()
        row = (await self.connection.execute(held)).first()
        if row is None or row.state != "open" or row.round != fact.round:
            return False
        await self.connection.execute(
            insert(colleague_answers).values(
                referral=fact.key,
                round=fact.round,
                person=person,
                asker=row.person,
                text=Own(fact.text, person),
                at=now,
            )
        )
        return await self._become("answered", fact.key, row.person, ("open",))

    async def take_question_back(self, key: str, person: str) -> bool:
        """Note that its asker, or somebody for who has left, takes an open question back."""
        return await self._become("withdrawn", key, person, ("open",))

    async def judge_answer(self, fact: Judgement, person: str, rounds: int) -> bool:
        """Note whether an answer helped; if not, it is asked once more, up to so many rounds."""
        if fact.helped:
            return await self._become("helped", fact.key, person, ("answered",))
        if fact.round >= rounds:
            return False
        again = (
            update(referrals)
            .where(
                referrals.c.key == fact.key,
                referrals.c.person == person,
                referrals.c.state == "answered",
                referrals.c.round == fact.round,
            )
            .values(state="open", round=fact.round + 1)
        )
        return (await self.connection.execute(again)).rowcount > 0

    async def accept_answer(self, fact: Accepted, now: datetime) -> int:
        """Make an answer an article; returns its number, or 0 if it was judged before."""
        if not await self._judge(fact.key, fact.round, "accepted"):
            return 0
        made = await self.connection.execute(
            insert(asked_articles)
            .values(
                title=dict(fact.title),
                nav=dict(fact.nav),
                body=dict(fact.body),
                area=fact.area,
                at=now,
            )
            .returning(asked_articles.c.id)
        )
        number = made.scalar_one()
        await self.connection.execute(
            update(colleague_answers)
            .where(
                colleague_answers.c.referral == fact.key, colleague_answers.c.round == fact.round
            )
            .values(article=number)
        )
        return number

    async def decline_answer(self, fact: Declined) -> bool:
        """Note that an answer becomes no article; False if it was judged before."""
        return await self._judge(fact.key, fact.round, "declined")

    async def take_article_out(self, number: int, now: datetime) -> bool:
        """Take an article that was an answer out again; False if it is out."""
        changed = await self.connection.execute(
            update(asked_articles)
            .where(asked_articles.c.id == number, asked_articles.c.out.is_(None))
            .values(out=now)
        )
        return changed.rowcount > 0

    async def asked_articles(self) -> dict[str, Article]:
        """Return the articles that were answers, by id."""
        query = select(asked_articles).where(asked_articles.c.out.is_(None))
        rows = await self.connection.execute(query.order_by(asked_articles.c.id))
        return {
            f"{ID}{row.id}": Article(
                f"{ID}{row.id}",
                row.nav,
                row.title,
                row.body,
                area=row.area,
                reviewed=row.at.date(),
            )
            for row in rows
        }

    async def forget_referrals(self, before: datetime) -> int:
        """Drop old questions that are not open, with their answers; returns how many."""
        old = select(referrals.c.key).where(referrals.c.at < before, referrals.c.state != "open")
        for table in (handed, colleague_answers):
            await self.connection.execute(delete(table).where(table.c.referral.in_(old)))
        gone = delete(referrals).where(referrals.c.at < before, referrals.c.state != "open")
        return (await self.connection.execute(gone)).rowcount

    async def _become(self, state: str, key: str, person: str, before: Sequence[str]) -> bool:
        changed = await self.connection.execute(
            update(referrals)
            .where(
                referrals.c.key == key,
                referrals.c.person == person,
                referrals.c.state.in_(before),
            )
            .values(state=state)
        )
        return changed.rowcount > 0

    async def _judge(self, key: str, number: int, judged: str) -> bool:
        changed = await self.connection.execute(
            update(colleague_answers)
            .where(
                colleague_answers.c.referral == key,
                colleague_answers.c.round == number,
                colleague_answers.c.judged == "",
            )
            .values(judged=judged)
        )
        return changed.rowcount > 0

    async def _read(self, query: Select[Any]) -> list[Referral]:
        """Return questions, oldest first, with who has them and what was answered."""
        order = query.order_by(referrals.c.at, referrals.c.key)
        rows = (await self.connection.execute(order)).all()
        keys = [row.key for row in rows]
        if not keys:
            return []
        hands: dict[str, list[Handed]] = {key: [] for key in keys}
        answers: dict[str, list[Given]] = {key: [] for key in keys}
        whose = select(handed, people.c.name).join(people, people.c.id == handed.c.person)
        whose = whose.where(handed.c.referral.in_(keys)).order_by(handed.c.nth, handed.c.person)
        for row in await self.connection.execute(whose):
            hands[row.referral].append(_hand(row, row.name))
        given = colleague_answers
        said = select(given, people.c.name).join(people, people.c.id == given.c.person)
        said = said.where(given.c.referral.in_(keys)).order_by(given.c.round)
        for row in await self.connection.execute(said):
            answer = Given(
                row.person, row.round, row.text, row.at, row.judged, row.article, row.name
            )
            answers[row.referral].append(answer)
        return [_referral(row, hands[row.key], answers[row.key]) for row in rows]


def _same(key: str, hand: Handed) -> tuple[Any, ...]:
    return (
        handed.c.referral == key,
        handed.c.nth == hand.nth,
        handed.c.person == hand.person,
    )


def _referral(row: Row[Any], hands: Sequence[Handed], answers: Sequence[Given]) -> Referral:
    return Referral(
        key=row.key,
        person=row.person,
        text=row.text,
        language=row.language,
        area=row.area,
        at=row.at,
        state=row.state,
        round=row.round,
        question=row.question,
        root=row.root,
        name=row.name,
        hands=tuple(hands),
        answers=tuple(answers),
    )


def _hand(row: Row[Any], name: str) -> Handed:
    return Handed(
        person=row.person,
        nth=row.nth,
        at=row.at,
        team=bool(row.team),
        round=row.round,
        how=row.how,
        delivery=row.delivery,
        reminded=row.reminded,
        ended=row.ended,
        name=name,
    )

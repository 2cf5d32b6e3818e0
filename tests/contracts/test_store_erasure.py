"""Forgetting someone: every table says how, and nothing that names them is left."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, String, Table, insert, select

from adapters.store.database import Store, Work
from adapters.store.schema import erased_by, impersonal, metadata
from dialogs.doorway import Arrival, Kept
from dialogs.turns import Remark
from nudges.activities import Tick
from nudges.address import Address
from nudges.adkar import Answer, Element, Question
from nudges.adoption import WEEK, Metric, Use
from nudges.audience import Group, GroupKind
from nudges.belief import Believed
from nudges.broadcast import Answered, Decided, Draft, DraftKept, HandedIn, Message, Received, Stage
from nudges.champions import Nomination
from nudges.colleague import Handed, Referred, Replied
from nudges.competition import (
    Award,
    Competition,
    CompetitionJoined,
    CompetitionKept,
    CompetitionReleased,
    Row,
)
from nudges.delivery import Mark, Settled, State
from nudges.directory import Entry, Telling
from nudges.forgetting import ForgetMe
from nudges.group import Cell, Frozen, Measure, Past, Told
from nudges.levels import Judged, Walk
from nudges.outlook import outlook
from nudges.panel import PanelAsked
from nudges.people import Person
from nudges.pulse import PulseNote
from nudges.questions import Asked, Shown
from nudges.recall import TipSaid
from nudges.reception import CheckAnswered
from nudges.recognition import Agreed, Result
from nudges.release import Atom, Closed
from nudges.retention import RetentionSet
from nudges.roles import Grant, Role
from nudges.shadow import ShadowKept
from nudges.stories import Consent, StoryTold
from nudges.training import Session, SessionKept, SignedUp
from nudges.use_linked import UseLinked
from nudges.voice import AskedBack, Raised, Taken, ToldBack
from tests.clock import MONDAY
from tests.contracts.given import HERE, begin, claim, end, post, queue

DAY = MONDAY.date()
CANARY = "canary-7c1e"
FRIEND = "friend-55aa"
SAID = Message({"en": "a title"}, {"en": "words"})
BANK = {"q": Question("q", Element.DESIRE)}


def undeclared(tables: Iterable[Table]) -> list[str]:
    """Name the tables that do not say who erases their rows, or that say it wrongly."""
    wrong: list[str] = []
    for table in tables:
        erased, reason = table.info.get("erased_by"), table.info.get("impersonal")
        people = {
            c.name for c in table.c for key in c.foreign_keys if key.target_fullname == "people.id"
        }
        if erased is None and not reason:
            wrong.append(f"{table.name} says nothing")
        elif reason and (erased is not None or people):
            wrong.append(f"{table.name} is not impersonal")
        elif erased is not None and not people <= {*erased, *table.info.get("cleared", ())}:
            wrong.append(f"{table.name} forgets {people - set(erased)}")
    return wrong


def test_every_table_says_how_it_forgets() -> None:
    assert undeclared(metadata.sorted_tables) == []


def test_a_table_that_does_not_say_so_is_found() -> None:
    other = MetaData()
    Table("people", other, Column("id", String, primary_key=True), info=erased_by("id"))

    def person(name: str = "person") -> Column[str]:
        return Column(name, String, ForeignKey("people.id"))

    Table("silent", other, person())
    Table("sorry", other, person(), info=impersonal("so it says"))
    Table("half", other, person(), person("other"), info=erased_by("person"))
    Table("fine", other, person(), info=erased_by("person"))
    Table("empty", other, Column("id", String), info=impersonal("a place"))
    assert sorted(undeclared(other.sorted_tables)) == [
        "half forgets {'other'}",
        "silent says nothing",
        "sorry is not impersonal",
    ]


def story(who: str) -> StoryTold:
    return StoryTold(f"story-{who}", Consent.NAMED, "sales")


async def ask(work: Work, who: str) -> None:
    """Leave traces of what somebody asked, and of what they answered as a colleague."""
    looked_for = Asked(f"looked-{who}", "howto", f"question-{who}")
    await work.keep([looked_for, Shown(looked_for.key, f"title-{who}")], who, MONDAY)
    asked = Referred(f"asked-{who}", f"question-{who}")
    await work.keep([asked, Replied(asked.key, 1, f"answer-{who}")], who, MONDAY)
    sent = (await work.referrals([asked.key]))[asked.key]
    await work.hand_to(sent, [Handed(who, 1, MONDAY)], {})


async def speak_up(work: Work, who: str) -> None:
    """Leave traces of what somebody raised, and of what they took on."""
    await work.keep([Raised(f"raised-{who}", "blocker", f"obstacle-{who}", "en")], who, MONDAY)
    mine = (await work.raised_by(who))[0].number
    talk = [AskedBack(mine, f"asked-{who}"), ToldBack(mine, f"told-{who}")]
    await work.keep([Taken(mine, MONDAY.date()), *talk], who, MONDAY)


async def fill(store: Store) -> None:  # noqa: PLR0915 - a table after the other
    """Leave traces of two people in every table that can hold any."""
    for who, other in ((CANARY, FRIEND), (FRIEND, CANARY)):
        here = Address("browser", "demo", f"user-{who}", f"reference-{who}")
        person = Person(who, name=f"name-{who}", email=f"{who}@x", team="sales", addresses=(here,))
        person = replace(person, roles=frozenset({"author"}), manager=other)
        arrival = Arrival(f"browser:{who[0]}", "browser", f"body-{who}")
        async with store.write() as work:
            await work.save([person], MONDAY)
            told = Entry(who, f"name-{who}", f"{who}@x", manager=other, homes=(here,))
            await work.keep_tellings([Telling("table", who, told)])
            tick = Tick(who, "a", "2026-W47", "done", MONDAY)
            panel, named = PanelAsked("a-draft", (who,)), Nomination(who, "critic")
            await work.begin_tips({who: MONDAY})
            given = [Grant(who, Role.APPROVER), Grant(who, Role.SPONSOR)]
            await work.keep([*given, tick, named, panel], by=other, now=MONDAY)
            gone = replace(person, left=True)
            await work.save([gone], MONDAY)
            assert len(await work.departed(MONDAY)) == 1
            await work.save([person], MONDAY)
            await work.keep_answers([Answer(who, "q", 3, MONDAY, occasion=f"pulse-{who}")])
            await work.keep_outlooks({who: outlook([Answer(who, "q", 3, MONDAY)], BANK, MONDAY)})
            await work.outlook_due([who])
            group = Group(GroupKind.LIST, "first" if who == CANARY else "second")
            await work.keep_list(group, [who], "a file", MONDAY)
            await work.keep([story(who), TipSaid("a-tip", "used")], by=who, now=MONDAY)
            draft = Draft(replace(SAID, sender=who), "everyone", 2)
            kept = DraftKept(f"draft-{who}", draft)
            await work.keep([kept, HandedIn(draft, Stage.WAITING)], by=who, now=MONDAY)
            number = max(await work.broadcasts())
            await work.keep([Decided(number, approved=True)], by=other, now=MONDAY)
            await work.keep([Received(number), Answered(number, f"back-{who}")], who, MONDAY)
            await work.begin_check(number, [who], MONDAY)
            await work.keep([CheckAnswered(number, None, f"heard-{who}")], who, MONDAY)
            await work.keep([Believed(n, "yes") for n in (number, number - 1)], who, MONDAY)
            await leave_in_training(work, who, other)
            await leave_in_numbers(work, who)
            await leave_in_merits(work, who, other)
            await work.keep_usage([Use(who, DAY, {Metric.RECORDS: 3})], "csv", MONDAY)
            await work.keep_judged([Judged(who, DAY, 1, ("met", "gap", "gap"), "of")], MONDAY)
            moved = [UseLinked(on=True, basis="a basis", since=DAY), RetentionSet(180)]
            await work.keep(moved, who, MONDAY)
            await work.walk_on(await work.walk(), Walk(DAY, MONDAY, CANARY))
            await work.keep_remarks([Remark(who, "about", f"words-{who}", MONDAY)])
            await work.accept([arrival], "one", MONDAY, MONDAY)
            await work.keep_replies([Kept(arrival.key, who, {"words": f"reply-{who}"})])
            await work.consume([arrival.key], "one", MONDAY)
            later = replace(arrival, key=f"browser:{who[0]}-later", sender=here.sender)
            await work.accept([later], "one", MONDAY, MONDAY + timedelta(days=1))
            await work.keep_replies([Kept(later.key, who, {})])
            await ask(work, who)
            await speak_up(work, who)
            await work.keep([ShadowKept(DAY, "sheet")], who, MONDAY)
            grants = metadata.tables["grants"]
            await work.connection.execute(
                insert(grants).values(
                    person=who, role="manager", granted_by=other, granted_at=MONDAY
                )
            )
        await queue(store, post(f"reply:{arrival.key}", who, note=PulseNote(f"asked:{who}")))
    claimed = await claim(store)
    await begin(store, claimed)
    for one in claimed:
        await end(store, one, Settled(State.SENT, ref=f"ref-{one.delivery.person}"))
        taken = Mark(one.number, one.fence, one.delivery.note, HERE, one.delivery.person, DAY)
        async with store.write() as work:
            assert await work.touch([taken]) == {one.number}
    for who in (CANARY, FRIEND):
        await queue(store, post(f"waits:{who}", who, note=PulseNote(f"asked:{who}")))


async def leave_in_merits(work: Work, who: str, other: str) -> None:
    """Let somebody have a result told, and take part in a competition."""
    words, week = {"en": "x", "nl": "x"}, DAY + WEEK
    award = {Metric.RECORDS: Award(1, 9)}
    key = "first" if who == CANARY else "second"
    game = Competition(key, words, words, words, week, week + 2 * WEEK, (), award)
    await work.keep([CompetitionKept(game)], by=other, now=MONDAY)
    number = max(await work.contests([0]))
    result = Result("level", DAY.isoformat(), 1)
    told = [
        CompetitionReleased(number),
        CompetitionJoined(number),
        Agreed("manager", result, other),
    ]
    await work.keep([*told, ForgetMe()], by=who, now=MONDAY)
    await work.add_points(number, [Row(who, week, Metric.RECORDS, 3, 3)], MONDAY)
    await work.merit_walk_on(f"competition:{number}", "", who, done=False)


async def leave_in_training(work: Work, who: str, other: str) -> None:
    """Let somebody give a session, sign up for it and be looked at."""
    title, starts = {"en": "x"}, MONDAY + timedelta(days=9)
    session = Session(
        "first" if who == CANARY else "second", title, starts, 60, 9, "Room", trainer=who
    )
    await work.keep([SessionKept(session)], by=other, now=MONDAY)
    number = max(await work.trainings([0], MONDAY))
    await work.keep([SignedUp(number)], by=who, now=MONDAY)
    await work.keep_invitations(number, {who: True}, MONDAY)


async def leave_in_numbers(work: Work, who: str) -> None:
    """Let somebody add to a number, lead the team it is about, and see it."""
    atom = Atom(frozenset({who}), {who: "none"})
    closed = Closed((atom,), {who: frozenset({who})})
    measure = Measure(f"measure of {'one' if who == CANARY else 'the other'}", keeps=True)
    frozen = Frozen(measure, closed, (Cell(who, (0,), frozenset({who}), Told("5-9"), exact=True),))
    await work.keep_closing(frozen, DAY, 5, Past(), MONDAY)
    (figure,) = (await work.figures(who, [measure.name]))[measure.name]
    await work.note_shown({who: [figure.cell]}, "file", MONDAY)


async def rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    async with store.read() as work:
        return {
            table.name: [dict(r) for r in (await work.connection.execute(select(table))).mappings()]
            for table in metadata.sorted_tables
        }


async def test_nothing_that_names_someone_is_left_of_them(store: Store) -> None:
    await fill(store)
    before = await rows(store)
    personal = {t.name for t in metadata.sorted_tables if "erased_by" in t.info}
    traced = {name for name, found in before.items() if CANARY in str(found)}
    assert traced == personal, "fill() has to leave traces in every personal table"
    async with store.write() as work:
        assert await work.erase(CANARY, "themselves", MONDAY)
    after = await rows(store)
    left = [
        f"{name}.{c}"
        for name, found in after.items()
        for r in found
        for c, v in r.items()
        if CANARY in str(v)
    ]
    assert left == []
    kept = {
        name: [r for r in found if FRIEND in str(r) or only_clears(name)]
        for name, found in before.items()
    }
    assert {n: len(r) for n, r in after.items() if n in personal} == {
        n: len([x for x in r if only_clears(n) or not names_only(x, CANARY)]) + (n == "audit")
        for n, r in kept.items()
        if n in personal
    }, "the others keep everything, and the log says that somebody was erased"
    async with store.read() as work:
        assert (await work.people([FRIEND]))[FRIEND].manager == ""


def only_clears(name: str) -> bool:
    """Tell a table whose rows stay for good, with nobody in them any more."""
    return metadata.tables[name].info.get("erased_by") == ()


def names_only(row: dict[str, Any], who: str) -> bool:
    """Tell a row of this person from one that only mentions them."""
    return who in {row.get("person"), row.get("id")}


async def test_forgetting_a_stranger_changes_nothing(store: Store) -> None:
    await fill(store)
    before = await rows(store)
    async with store.write() as work:
        assert not await work.erase("somebody else", "themselves", MONDAY)
    assert await rows(store) == before


async def test_forgetting_twice_is_as_good_as_once(store: Store) -> None:
    await fill(store)
    for there in (True, False):
        async with store.write() as work:
            assert await work.erase(CANARY, "themselves", MONDAY) == there
    assert CANARY not in str(await rows(store))

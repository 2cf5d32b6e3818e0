"""The store knows when a group last said it got a message, and who is believed; on every one."""

from dataclasses import replace
from datetime import datetime, timedelta

from adapters.store.database import Store
from adapters.store.schema import erasers
from bot.authoring import authoring
from bot.senders import senders
from bot.silence import silences
from dialogs.authoring_notes import DraftNote
from dialogs.welcome import WelcomeNote
from nudges.belief import FRESH, Belief, Believed, SenderBelief
from nudges.broadcast import Draft, DraftKept, HandedIn, Message, Received, Stage
from nudges.broadcast_notes import BroadcastNote
from nudges.people import Person
from nudges.phases import Kind
from nudges.roles import Grant, Role
from nudges.silence import Heard
from tests.clock import MONDAY
from tests.contracts.given import HERE, close_belief, post, send

DAY = timedelta(days=1)
MESSAGE = Message({"en": "Offers"}, {"en": "One place."}, sender="marit")


async def lives(store: Store, segment: str, *ids: str, left: bool = False) -> None:
    async with store.write() as work:
        await work.save([_person(one, segment, left=left) for one in ids], MONDAY)


def _person(one: str, segment: str, *, left: bool = False) -> Person:
    return Person(
        one, one.title(), segment=segment, left=left, addresses=(replace(HERE, user=one),)
    )


async def told(
    store: Store, rule: str = "everyone", kind: Kind = "change", stage: Stage = Stage.BEGUN
) -> int:
    draft = Draft(replace(MESSAGE, kind=kind), rule, 9)
    async with store.write() as work:
        await work.keep([HandedIn(draft, stage)], "joost", MONDAY)
        return max(await work.broadcasts())


async def got(store: Store, number: int, who: str, at: datetime) -> None:
    async with store.write() as work:
        await work.keep([Received(number)], who, at)


async def heard(store: Store, *segments: str) -> list[Heard]:
    async with store.read() as work:
        return await work.heard(segments or None)


async def test_the_last_receipt_of_anybody_of_the_group_counts(store: Store) -> None:
    await lives(store, "sales", "ann", "bob", "cor", "dee")
    await lives(store, "service", "eve", "fay")
    await lives(store, "", "gus")
    await lives(store, "sales", "lea", left=True)
    first, second = await told(store), await told(store, kind="roadmap")
    await got(store, first, "ann", MONDAY)
    await got(store, second, "lea", MONDAY + 3 * DAY)
    await got(store, second, "bob", MONDAY + 2 * DAY)
    await got(store, first, "gus", MONDAY + 5 * DAY)
    assert await heard(store) == [
        Heard("sales", 4, MONDAY + 3 * DAY),
        Heard("service", 2),
    ], "who left counts as long as they were here, and is not here any more"
    assert await heard(store, "service", "nowhere") == [Heard("service", 2)]


async def test_what_is_no_word_about_the_change_breaks_no_silence(store: Store) -> None:
    await lives(store, "sales", "ann", "bob")
    others: tuple[Kind, ...] = ("release_note", "story", "new_function", "training")
    numbers = [await told(store, kind=kind) for kind in others]
    numbers.append(await told(store, "segment is sales and barrier is desire"))
    for number in numbers:
        await got(store, number, "ann", MONDAY)
    assert await heard(store) == [Heard("sales", 2)]


async def test_where_nobody_ever_said_so_it_counts_from_our_first_word(store: Store) -> None:
    await lives(store, "sales", "ann", "bob", "cor", "dee", "eve")
    await lives(store, "service", "fay", "gus", "hal", "ian", "joe")
    await lives(store, "small", "kim")
    number = await told(store, kind="roadmap")
    other = await told(store, kind="training")
    await send(
        store,
        post("reply:1", "ann"),
        post(f"broadcast:{other}", "bob", note=BroadcastNote(other)),
    )
    assert await heard(store, "sales") == [Heard("sales", 5)], "nobody has told them anything"
    await send(
        store,
        post(f"broadcast:{number}", "cor", note=BroadcastNote(number)),
        post("welcome:1", "fay", note=WelcomeNote()),
        post("welcome:2", "kim", note=WelcomeNote()),
    )
    assert await heard(store) == [
        Heard("sales", 5, None, MONDAY),
        Heard("service", 5, None, MONDAY),
        Heard("small", 1),
    ]
    await got(store, number, "ann", MONDAY + DAY)
    async with store.read() as work:
        found = await silences(work, MONDAY + 30 * DAY)
    assert {s: (one.days, one.ever) for s, one in found.items()} == {
        "sales": (29, True),
        "service": (30, False),
        "small": (None, False),
    }


async def believes(
    store: Store, number: int, value: Belief, *who: str, at: datetime = MONDAY
) -> None:
    async with store.write() as work:
        for one in who:
            await work.keep([Believed(number, value)], one, at)


async def believed(store: Store, at: datetime = MONDAY) -> list[SenderBelief]:
    async with store.read() as work:
        found = await work.believed(["marit", "joost"], at)
    return [replace(one, cell=0) for one in found]


async def judged(store: Store, at: datetime = MONDAY) -> list[str]:
    async with store.read() as work:
        return await work.senders_judged(at)


CROWD = tuple(f"p{n}" for n in range(12))


async def test_who_is_believed_is_told_of_five_and_of_each_segment(store: Store) -> None:
    await lives(store, "sales", *CROWD[:6])
    await lives(store, "service", *CROWD[6:], "marit")
    first, second = await told(store), await told(store)
    await believes(store, first, "yes", *CROWD[:4])
    assert await judged(store) == [], "four are too few"
    await believes(store, first, "yes", "marit")
    await believes(store, second, "yes", *CROWD[:4])
    assert await judged(store) == [], "their own word and a second one add nobody"
    await believes(store, second, "no", *CROWD[:2], at=MONDAY + DAY)
    await believes(store, second, "yes", CROWD[4])
    later = MONDAY + 2 * DAY
    assert await judged(store, later) == ["marit"]
    async with store.read() as work:
        assert await work.beliefs_about("marit", later) == {
            **dict.fromkeys(CROWD[:2], "no"),
            **dict.fromkeys(CROWD[2:5], "yes"),
        }
    assert await believed(store, later) == [], "nobody closed it yet"
    await close_belief(store, "marit", later)
    assert await believed(store, later) == [SenderBelief("marit", "", 6)], (
        "of service nobody said anything, which sales alone would tell"
    )
    await believes(store, second, "partly", *CROWD[8:], at=later)
    await believes(store, second, "yes", *CROWD[6:8], at=later)
    assert [one.tenths for one in await believed(store, later)] == [6], "it stays as it was told"
    again = MONDAY + 28 * DAY
    await close_belief(store, "marit", again)
    assert await believed(store, again) == [SenderBelief("marit", "", 4)], (
        "of sales nobody said anything new, so that it is told together"
    )


async def test_an_answer_and_a_number_count_for_half_a_year(store: Store) -> None:
    await lives(store, "sales", *CROWD)
    number = await told(store)
    await believes(store, number, "yes", *CROWD[:6])
    await believes(store, number, "no", *CROWD[6:])
    await close_belief(store, "marit", MONDAY)
    assert await judged(store, MONDAY + FRESH - DAY) == ["marit"]
    assert await judged(store, MONDAY + FRESH) == []
    assert len(await believed(store, MONDAY + FRESH - 8 * DAY)) == 2
    assert await believed(store, MONDAY + FRESH) == []


async def test_whoever_is_forgotten_takes_along_what_was_said_of_them(store: Store) -> None:
    await lives(store, "sales", *CROWD, "marit")
    number = await told(store)
    await believes(store, number, "yes", *CROWD[:6])
    await believes(store, number, "no", *CROWD[6:])
    await close_belief(store, "marit", MONDAY)
    async with store.write() as work:
        for statement in erasers("marit"):
            await work.connection.execute(statement)
    assert await judged(store) == []


async def test_a_broadcast_in_its_authors_name_is_about_its_author(store: Store) -> None:
    await lives(store, "sales", *CROWD)
    draft = Draft(replace(MESSAGE, sender=""), "everyone", 9)
    async with store.write() as work:
        await work.keep([HandedIn(draft, Stage.BEGUN)], "joost", MONDAY)
        number = max(await work.broadcasts())
    await believes(store, number, "yes", *CROWD[:5])
    await believes(store, number + 1, "yes", *CROWD[:5])
    assert await judged(store) == ["joost"]


async def test_in_whose_name_one_may_write(store: Store) -> None:
    await lives(store, "sales", "ann", "bob", "cor", "dee", "eve", "fay")
    await lives(store, "sales", "gus", left=True)
    async with store.write() as work:
        grants = [
            Grant("bob", Role.MANAGER),
            Grant("cor", Role.SPONSOR),
            Grant("dee", Role.CRM_TEAM),
            Grant("dee", Role.MANAGER),
            Grant("eve", Role.CHAMPION),
            Grant("fay", Role.APPROVER),
            Grant("gus", Role.SPONSOR),
        ]
        await work.keep(grants, "settings", MONDAY)
    async with store.read() as work:
        assert await work.senders(9) == ["cor", "eve", "dee", "bob"], "managers come last"
        assert await work.senders(2) == ["cor", "eve"]
        found = await senders(work, "ann", MONDAY, ["bob", "gus", "nobody"])
    assert [one.id for one in found.people] == ["ann", "bob", "cor", "eve", "dee"]


async def test_what_an_author_has_at_hand_is_only_read(store: Store) -> None:
    await lives(store, "sales", *CROWD, "marit", "joost")
    number = await told(store)
    await believes(store, number, "yes", *CROWD[:6])
    await believes(store, number, "no", *CROWD[6:])
    await close_belief(store, "marit", MONDAY)
    async with store.write() as work:
        given = [Grant("marit", Role.SPONSOR), Grant("joost", Role.CRM_TEAM)]
        await work.keep(
            [*given, DraftKept("a-draft", Draft(MESSAGE, "everyone", 9))], "joost", MONDAY
        )
        author = (await work.people(["joost"]))["joost"]
    async with store.read() as work:  # a repeat of a request is answered from what is there
        found = await authoring(work, author, [DraftNote("a-draft")], MONDAY)
        assert await work.released() == [], "it is noted where it is sent"
    assert {one.tenths for one in found.senders.believed} == {5}

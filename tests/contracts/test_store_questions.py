"""The store keeps questions, what they taught, and for a while what the CRM said."""

from dataclasses import replace
from datetime import timedelta

from adapters.store.database import Store
from dialogs.doorway import Arrival
from dialogs.finding import Learned
from nudges.people import Person
from nudges.questions import KEPT, RECORDS_KEPT, Asked, Found, Shown
from tests.clock import MONDAY
from tests.contracts.given import HERE

PEOPLE = tuple(Person(name) for name in ("ann", "bob", "eve"))
SHOWN = ("phonecall-log", "note")
HOWTO = Asked("q1", "howto", "where do I log a call", "en", SHOWN, answered=True)


async def settle_in(store: Store) -> None:
    async with store.write() as work:
        await work.save([replace(p, addresses=(replace(HERE, user=p.id),)) for p in PEOPLE], MONDAY)


async def ask(store: Store, who: str, key: str, text: str, *taps: Found) -> None:
    async with store.write() as work:
        await work.keep([replace(HOWTO, key=key, text=text), *taps], who, MONDAY)


async def learned(store: Store) -> set[Learned]:
    async with store.read() as work:
        return set(await work.learned(MONDAY - KEPT))


async def test_a_question_is_kept_once_and_judged_by_its_asker_alone(store: Store) -> None:
    await settle_in(store)
    async with store.write() as work:
        await work.keep([HOWTO], "ann", MONDAY)
        await work.keep([replace(HOWTO, text="again")], "ann", MONDAY)
        await work.keep([Found("q1", "note", was_it=True)], "bob", MONDAY)
    async with store.read() as work:
        kept = (await work.questions(["q1", "q9"]))["q1"]
    assert (kept.person, kept.text, kept.articles) == ("ann", HOWTO.text, HOWTO.articles)
    assert (kept.found, kept.wrong) == ("", "")
    async with store.write() as work:
        await work.keep([Found("q1", "note", was_it=False)], "ann", MONDAY)
        await work.keep([Found("q1", "phonecall-log", was_it=True)], "ann", MONDAY)
    async with store.read() as work:
        kept = (await work.questions(["q1"]))["q1"]
    assert (kept.found, kept.wrong) == ("phonecall-log", ""), "the last word counts"


async def test_what_is_learned_counts_people_and_not_taps(store: Store) -> None:
    await settle_in(store)
    yes = Found("a", "note", was_it=True)
    await ask(store, "ann", "a", "My Note", yes)
    await ask(store, "ann", "b", "my note", replace(yes, key="b"))
    assert await learned(store) == {Learned("my note", "note", 1)}
    await ask(store, "bob", "c", "MY NOTE", replace(yes, key="c"))
    assert await learned(store) == {Learned("my note", "note", 2)}
    await ask(store, "eve", "d", "my note", Found("d", "note", was_it=False))
    assert await learned(store) == {Learned("my note", "note", 2, 1)}
    await ask(store, "eve", "e", "another one", Found("e", "note", was_it=False))
    assert Learned("another one", "note", 0, 1) in await learned(store)


async def test_what_the_crm_said_is_kept_for_its_asker_and_not_for_long(store: Store) -> None:
    await settle_in(store)
    said = Shown("k", "Contoso", (("Phone", "+31 38 1"),), ("one", "two"))
    async with store.write() as work:
        await work.keep([HOWTO, said], "ann", MONDAY)
        await work.keep([replace(said, title="another")], "bob", MONDAY)
    async with store.read() as work:
        assert await work.shown(["k", "x"]) == {("ann", "k"): said}
    later = MONDAY + RECORDS_KEPT
    async with store.write() as work:
        assert await work.forget_questions(later - KEPT, later - RECORDS_KEPT) == 0
        later += timedelta(seconds=1)
        assert await work.forget_questions(later - KEPT, later - RECORDS_KEPT) == 1
        assert await work.shown(["k"]) == {}
        assert "q1" in await work.questions(["q1"])
        assert await work.forget_questions(MONDAY + timedelta(seconds=1), later) == 1


async def test_an_arrival_that_waits_for_something_is_put_back_whole(store: Store) -> None:
    arrival = Arrival("browser:1", "browser", "the words", "browser:demo:ann")
    behind = Arrival("browser:2", "browser", "more words", "browser:demo:ann")
    lease = MONDAY + timedelta(seconds=15)
    async with store.write() as work:
        await work.accept([arrival, behind], "us", MONDAY, lease)
        assert await work.consume({arrival.key}, "us", MONDAY) == {arrival.key}
        await work.put_back([arrival])
        assert await work.consume({behind.key}, "us", MONDAY) == set(), "it is still in line"
    async with store.write() as work:
        later = lease + timedelta(seconds=1)
        taken = await work.take_over("them", later, later + timedelta(seconds=15), 9)
        assert [(a.key, a.body) for a in taken] == [(a.key, a.body) for a in (arrival, behind)]
        assert len({a.sender for a in taken}) == 1, "who sent it is kept as a mark"
        assert await work.consume({arrival.key, behind.key}, "us", later) == set()
        assert await work.consume({arrival.key}, "them", later) == {arrival.key}
        assert await work.consume({behind.key}, "them", later) == {behind.key}

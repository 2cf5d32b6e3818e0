"""The store keeps the change programme as it is now, and nothing of how it was."""

from dataclasses import replace
from datetime import date

from adapters.store.database import Store
from nudges.programme import Milestone, Outcome, Programme, Reason, Segment

SALES = Segment(
    "sales",
    {"en": "Sales", "nl": "Verkoop"},
    date(2026, 11, 2),
    {Reason.WHY: {"en": "Customers tell it “once”."}, Reason.WIIFM: {"nl": "Minder zoeken 🌻"}},
    (Milestone(date(2026, 12, 1), {"en": "Mail in one place"}),),
)
FULL = Programme(
    {"en": "Customer First"},
    crm="Dynamics",
    kind="optimise",
    purpose={"nl": "Eén beeld"},
    outcomes=(Outcome({"en": "Offers sent the same day"}, "%", 12.5, 60),),
    segments={"sales": SALES, "service": Segment("service")},
)


async def kept(store: Store, programme: Programme) -> Programme:
    async with store.write() as work:
        await work.keep_programme(programme)
    async with store.read() as work:
        return await work.programme()


async def test_nothing_written_yet_is_an_empty_programme(store: Store) -> None:
    async with store.read() as work:
        assert await work.programme() == Programme({})


async def test_every_field_comes_back(store: Store) -> None:
    assert replace(await kept(store, FULL), version="") == FULL


async def test_the_version_changes_with_the_words_and_not_otherwise(store: Store) -> None:
    first, again = await kept(store, FULL), await kept(store, FULL)
    other = await kept(store, replace(FULL, segments={"sales": replace(SALES, go_live=None)}))
    assert first.version == again.version
    assert len({first.version, other.version, ""}) == 3


async def test_what_was_taken_out_is_gone(store: Store) -> None:
    await kept(store, FULL)
    less = replace(FULL, segments={"sales": SALES}, outcomes=())
    assert replace(await kept(store, less), version="") == less
    none = Programme({"en": "Other"})
    assert replace(await kept(store, none), version="") == none

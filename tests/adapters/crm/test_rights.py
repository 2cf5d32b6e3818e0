"""Nobody learns anything of a record that they may not read, by whatever way."""

import logging
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from adapters.crm.dynamics import Dynamics
from adapters.crm.reading import Quiet, Stranger
from dialogs.records import (
    Asker,
    Matches,
    Nothing,
    Record,
    Ref,
    Several,
    Silent,
    Unmapped,
    Wanted,
)
from tests.adapters.crm.company import CANARY, TABLES, Company, dynamics, guid

NAMES = [
    *("Rijn Transport", "Rijn Transport B.V.", "Jan de Vries", "Anna Bakker", "Kim de Wit"),
    *(CANARY, "canary holding", "Lea Lead", "Van der Berg", "deal", "Holding", "Worker", "Renewal"),
]


def questions(acme: Company) -> list[Wanted]:
    """Return all there is to ask: by name and kind, by fact, and by id."""
    facts = ("phone", "owner", "opportunities", "status", "contacts", "company")
    return [
        *(Wanted(name, table=table) for name in NAMES for table in ["", *TABLES]),
        *(Wanted(name, fact=fact) for name in NAMES for fact in facts),
        *(
            Wanted(ref=Ref(table, id_))
            for id_ in acme.ids.values()
            for table in TABLES
            if id_ in acme.crm.rows[table]
        ),
        Wanted(ref=Ref("contact", acme.ids["secret"])),
    ]


async def everything(crm: Dynamics, acme: Company, asker: Asker) -> list[object]:
    return [await crm.look_up(wanted, asker) for wanted in questions(acme)]


def kept(thing: Any, seen: set[int]) -> Iterator[str]:  # noqa: ANN401 - whatever there is
    """Yield every text that is reachable from a thing of ours."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for pair in cast("dict[object, object]", thing).items():
            for each in pair:
                yield from kept(each, seen)
    elif isinstance(thing, list | tuple | set | frozenset | deque):
        for each in cast("list[object]", [*thing]):
            yield from kept(each, seen)
    elif type(thing).__module__.startswith(("adapters.", "dialogs.")):
        names = [*getattr(thing, "__dict__", ()), *getattr(thing, "__slots__", ())]
        for name in names:
            yield from kept(getattr(thing, name, None), seen)


@pytest.mark.parametrize("leaky", [False, True], ids=["sound lists", "lists that forget rights"])
@pytest.mark.parametrize("searching", [True, False], ids=["search", "no search"])
async def test_not_one_value_gets_out(
    acme: Company, caplog: pytest.LogCaptureFixture, *, searching: bool, leaky: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("aiohttp.access").setLevel(logging.ERROR)  # that is the fake's own
    acme.crm.search.off = not searching
    acme.crm.leaky = leaky
    async with dynamics(acme.crm) as crm:
        # Ann sees everything, and asks first: nothing of what she was told may stay behind.
        assert CANARY in repr(await everything(crm, acme, acme.ann))
        for asker in (acme.tom, acme.eve, acme.nobody):
            said = await everything(crm, acme, asker)
            assert CANARY not in repr(said), asker.person
            assert not any(isinstance(one, Silent) for one in said)
        assert CANARY in repr(await everything(crm, acme, acme.ann))
        texts = [*kept(crm, set())]
        assert guid(9002) in texts, "it has to be seen what is kept"
        assert not [text for text in texts if CANARY in text]
    assert CANARY not in caplog.text
    assert not [a for a in acme.crm.asked if "expand" in a.query]


async def test_every_record_is_read_as_the_person(acme: Company, crm: Dynamics) -> None:
    await everything(crm, acme, acme.tom)
    read = [a for a in acme.crm.asked if a.inner]
    assert read
    assert {a.caller for a in read} == {"Tom Team"}
    as_app = {a.path for a in acme.crm.asked if a.caller == "# Wayfinder"}
    assert all("systemusers" in p or "EntityDefinitions" in p for p in as_app), as_app
    # Lists tell ids and nothing else; values come from a record that was read by its id.
    for asked in read:
        if "(" not in asked.path.rpartition("/")[2]:
            assert re.fullmatch(r"\w+id", asked.query["select"]), asked


async def test_counts_and_dates_are_of_what_may_be_read(acme: Company, crm: Dynamics) -> None:
    tom = await crm.look_up(Wanted("rijn transport"), acme.tom)
    assert isinstance(tom, Record)
    told = {fact.fact: fact.value for fact in tom.facts}
    assert told["opportunities"] == Several(2, ("Renewal", "Pilot"))
    assert told["cases"] == Several(0)
    assert told["contacts"] == Several(1, ("Jan de Vries",))
    assert str(told["last"]).startswith("2026-11-02")
    assert str(told["next"]).startswith("2026-11-20")
    ref = Ref("account", acme.ids["rijn"])
    ann = await crm.look_up(Wanted(ref=ref), acme.ann)
    assert isinstance(ann, Record)
    told = {fact.fact: fact.value for fact in ann.facts}
    assert isinstance(told["opportunities"], Several)
    assert told["opportunities"].count == 5
    assert str(told["last"]).startswith("2026-11-15")


async def test_more_than_some_are_not_counted_out(acme: Company, crm: Dynamics) -> None:
    rijn, tom = ("account", acme.ids["rijn"]), ("systemuser", guid(2))
    for number in range(25):
        acme.put("opportunity", f"n{number}", name=f"N{number}", ownerid=tom, parentaccountid=rijn)
    acme.crm.page = 7
    found = await crm.look_up(Wanted("rijn transport", "opportunities"), acme.tom)
    assert isinstance(found, Record)
    value = found.facts[0].value
    assert isinstance(value, Several)
    assert (value.count, len(value.names), value.more) == (20, 3, True)


async def test_a_name_beside_a_match_is_of_what_may_be_read(acme: Company, crm: Dynamics) -> None:
    found = await crm.look_up(Wanted("Kim de Wit"), acme.tom)
    assert isinstance(found, Record)
    assert "company" not in {told.fact for told in found.facts}
    found = await crm.look_up(Wanted("Jan de Vries"), acme.tom)
    assert isinstance(found, Matches)
    assert [m.ref.id for m in found.some] == [acme.ids["jan"], acme.ids["jan2"]]
    assert not found.more


async def test_a_fact_on_a_hidden_record_is_left_out_and_an_empty_one_is_not(
    acme: Company, crm: Dynamics
) -> None:
    found = await crm.look_up(Wanted("rijn transport"), acme.eve)
    assert isinstance(found, Record)
    facts = {told.fact: told.value for told in found.facts}
    assert not {"owner", "opportunities", "quotes"} & set(facts)
    assert facts["website"] is None
    assert await crm.look_up(Wanted("Renewal"), acme.eve) == Nothing()


async def test_rights_that_are_taken_away_count_at_once(acme: Company, crm: Dynamics) -> None:
    assert isinstance(await crm.look_up(Wanted("rijn transport"), acme.tom), Record)
    acme.crm.users[guid(2)].team.clear()
    assert await crm.look_up(Wanted("rijn transport"), acme.tom) == Nothing()
    acme.crm.users[guid(2)].disabled = True
    assert await crm.look_up(Wanted("anna bakker"), acme.tom) == Unmapped()


class TestWhoAsks:
    async def test_by_entra_and_by_address(self, acme: Company, crm: Dynamics) -> None:
        await crm.look_up(Wanted("rijn transport"), acme.tom)
        await crm.look_up(Wanted("rijn transport"), acme.eve)
        bodies = "".join(acme.crm.bodies)
        assert f"CallerObjectId: {guid(9002)}" in bodies
        assert f"MSCRMCallerID: {guid(3)}" in bodies

    @pytest.mark.parametrize(
        "asker",
        [
            Asker("x", "en"),
            Asker("x", "en", "not an id", "nobody"),
            Asker("x", "en", guid(9099), ""),
            Asker("x", "en", "", "gone@acme.example"),
            Asker("x", "en", guid(9006), "gone@acme.example"),
            Asker("x", "en", guid(9099), "tom@acme.example"),
            Asker("x", "en", "", "' or 1 eq 1 or internalemailaddress eq '@"),
            Asker("x", "en", "", f"{'x' * 300}@acme.example"),
            Asker("x", "en", "", ""),
        ],
    )
    async def test_nobody_in_use_is_unmapped(
        self, acme: Company, crm: Dynamics, asker: Asker
    ) -> None:
        assert await crm.look_up(Wanted("rijn transport"), asker) == Unmapped()
        assert not [a for a in acme.crm.asked if a.inner]

    async def test_two_with_one_address_are_nobody(self, acme: Company, crm: Dynamics) -> None:
        acme.crm.add(
            "systemuser", guid(77), internalemailaddress="eve@acme.example", isdisabled=False
        )
        assert await crm.look_up(Wanted("rijn transport"), acme.eve) == Unmapped()

    async def test_one_person_is_not_taken_for_another(self, acme: Company, crm: Dynamics) -> None:
        await crm.look_up(Wanted("x"), acme.ann)
        imposter = replace(acme.tom, person=acme.ann.person)
        assert isinstance(await crm.look_up(Wanted("rijn transport"), imposter), Record)
        assert {a.caller for a in acme.crm.asked if a.inner and "200" in a.caller} == set()

    async def test_who_is_known_is_not_asked_for_again(self, acme: Company, crm: Dynamics) -> None:
        for _ in range(3):
            await crm.look_up(Wanted("rijn transport"), acme.tom)
        assert len([a for a in acme.crm.heard("systemusers") if not a.inner]) == 1

    async def test_without_the_role_nothing_is_said_to_be_missing(
        self, acme: Company, crm: Dynamics
    ) -> None:
        acme.crm.delegate = False
        assert await crm.look_up(Wanted("rijn transport"), acme.tom) == Silent("refused")


def test_what_ends_a_question_carries_nothing() -> None:
    assert str(Quiet("down")) == "down"
    assert not str(Stranger())

"""What every CRM keeps to: the fake Dataverse by our adapter, and the made-up CRM of the demo."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import pytest

from adapters.content.files import DEMO
from adapters.content.tables import load_tables
from adapters.crm.demo import DemoCrm
from adapters.directory.table import read_people
from dialogs.records import (
    Asker,
    Looked,
    Matches,
    Money,
    Nothing,
    Record,
    Ref,
    Several,
    Told,
    Unmapped,
    Wanted,
)
from tests.adapters.crm.company import Company, company, dynamics
from tests.clock import MONDAY

RIGHT = "Rijn Transport B.V."


class Crm(Protocol):
    async def look_up(self, wanted: Wanted, asker: Asker) -> Looked: ...


@dataclass
class World:
    """A CRM, who asks it, and a company of somebody else's."""

    crm: Crm
    boss: Asker
    member: Asker
    few: Asker
    """May not look at opportunities at all."""
    stranger: Asker
    theirs: str


@asynccontextmanager
async def _dynamics() -> AsyncGenerator[World]:
    acme = company()
    acme.crm.search.limits = False
    # The namesake is for the rights tests; here one name is one company, as in the demo.
    del acme.crm.rows["account"][acme.ids["namesake"]]
    async with acme.crm.served(), dynamics(acme.crm) as crm:
        yield World(crm, acme.ann, acme.tom, acme.eve, Company.nobody, "CANARY Holding")


@asynccontextmanager
async def _demo() -> AsyncGenerator[World]:
    tables = load_tables()
    crm = DemoCrm(read_people(DEMO / "people.csv"), lambda: tables, lambda: MONDAY)

    def asker(person: str, email: str) -> Asker:
        return Asker(person, "nl", "", f"{email}@lindenhof.example")

    yield World(
        crm,
        asker("p005", "daan.vermeer"),
        asker("p001", "Sanne.deWit"),
        asker("p027", "mehmet.yilmaz"),
        asker("p999", "nobody"),
        "Adventure Works",
    )


@pytest.fixture(params=[_dynamics, _demo], ids=["dynamics", "demo"])
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    async with request.param() as made:
        yield made


def fact(found: Looked, name: str) -> Told | None:
    assert isinstance(found, Record), found
    return next((told for told in found.facts if told.fact == name), None)


@pytest.mark.parametrize(
    "typed", [RIGHT, "rijn transport", "RIJN TRANSPORT BV", " Rijn  transport"]
)
async def test_a_record_is_found_however_its_name_is_typed(world: World, typed: str) -> None:
    found = await world.crm.look_up(Wanted(typed), world.member)
    assert isinstance(found, Record)
    assert (found.name, found.ref.table) == (RIGHT, "account")
    assert "appid=" in found.link
    assert f"etn=account&id={found.ref.id}" in found.link


async def test_all_facts_have_a_label_and_a_value_of_their_kind(world: World) -> None:
    found = await world.crm.look_up(Wanted(RIGHT), world.boss)
    assert isinstance(found, Record)
    kinds = {f.id: f.kind for f in load_tables()["account"].facts}
    assert [told.fact for told in found.facts] == list(kinds)
    assert all(told.label for told in found.facts)
    wanted: dict[str, Any] = {
        "lookup": str,
        "phone": str,
        "money": Money,
        "count": Several,
        "last": datetime,
        "next": datetime,
        "text": (str, tuple),
    }
    for told in found.facts:
        assert told.value is None or isinstance(told.value, wanted[kinds[told.fact]]), told
        if isinstance(told.value, datetime):
            assert told.value.tzinfo is not None
            assert (told.value > MONDAY) == (told.fact == "next")


async def test_the_fact_that_was_asked_for_comes_alone(world: World) -> None:
    found = await world.crm.look_up(Wanted(RIGHT, "address"), world.member)
    assert isinstance(found, Record)
    assert [told.fact for told in found.facts] == ["address"]
    assert isinstance(found.facts[0].value, tuple)


async def test_the_one_that_was_chosen_is_told(world: World) -> None:
    several = await world.crm.look_up(Wanted("Jan de Vries"), world.member)
    assert isinstance(several, Matches)
    assert len({match.apart for match in several.some}) == len(several.some)
    assert all(match.apart for match in several.some)
    chosen = several.some[1]
    found = await world.crm.look_up(Wanted(ref=chosen.ref, fact="job"), world.member)
    assert isinstance(found, Record)
    assert found.ref == chosen.ref
    assert fact(found, "job")


async def test_somebody_elses_record_is_not_there(world: World) -> None:
    boss = await world.crm.look_up(Wanted(world.theirs), world.boss)
    assert isinstance(boss, Record)
    assert await world.crm.look_up(Wanted(world.theirs), world.member) == Nothing()
    assert await world.crm.look_up(Wanted(ref=boss.ref), world.member) == Nothing()
    assert await world.crm.look_up(Wanted(world.theirs), world.stranger) == Unmapped()
    assert await world.crm.look_up(Wanted(ref=boss.ref), world.stranger) == Unmapped()


async def test_what_one_may_not_look_at_is_not_counted(world: World) -> None:
    assert fact(await world.crm.look_up(Wanted(RIGHT), world.member), "opportunities")
    found = await world.crm.look_up(Wanted(RIGHT), world.few)
    assert fact(found, "opportunities") is None
    assert fact(found, "contacts")


async def test_a_case_is_found_by_its_customer(world: World) -> None:
    found = await world.crm.look_up(
        Wanted("Anna Bakker", fact="status", table="incident"), world.member
    )
    if isinstance(found, Matches):
        found = await world.crm.look_up(Wanted(ref=found.some[0].ref, fact="status"), world.member)
    assert isinstance(found, Record)
    assert found.ref.table == "incident"
    assert isinstance(found.facts[0].value, str)


@pytest.mark.parametrize(
    "ref",
    [
        Ref("account", "1"),
        Ref("account", "00000000-0000-0000-0000-000000000000"),
        Ref("account", "x' or 1 eq 1"),
        Ref("systemuser", "00000000-0000-4000-8000-000000000001"),
        Ref("", ""),
    ],
)
async def test_no_record_is_nothing(world: World, ref: Ref) -> None:
    assert await world.crm.look_up(Wanted(ref=ref), world.boss) == Nothing()


@pytest.mark.parametrize("typed", ["", "  ", "\x00", "'", "%", "_", "zzzz no such company"])
async def test_no_name_is_nothing(world: World, typed: str) -> None:
    found = await world.crm.look_up(Wanted(typed), world.member)
    if typed in {"'", "%", "_"}:
        assert isinstance(found, Nothing | Record | Matches)
    else:
        assert found == Nothing()


async def test_a_stranger_to_both_directories_is_unmapped(world: World) -> None:
    assert await world.crm.look_up(Wanted(RIGHT), Asker("x", "en")) == Unmapped()


async def test_a_label_is_in_the_askers_language(world: World) -> None:
    labels: set[str] = set()
    for language in ("en", "nl"):
        asker = replace(world.member, language=language)
        told = fact(await world.crm.look_up(Wanted(RIGHT, "opportunities"), asker), "opportunities")
        assert told
        labels.add(told.label)
    assert labels == {"Open opportunities", "Openstaande verkoopkansen"}


async def test_the_same_question_has_the_same_answer(world: World) -> None:
    one = await world.crm.look_up(Wanted(RIGHT), world.member)
    assert one == await world.crm.look_up(Wanted(RIGHT), world.member)

"""What teams agreed, and whether somebody has a name, as the store knows it."""

from datetime import timedelta

import pytest

from adapters.store.database import Store
from nudges.digest import NormsAgreed
from nudges.people import Person
from tests.clock import MONDAY


@pytest.fixture
async def here(store: Store) -> Store:
    persons = [
        Person("m", "Mia Bos"),
        Person("n", "Noor"),
        Person("j", "Jan de Vries", email="jan@acme.example"),
        Person("l", "Left Behind", left=True),
        Person("w", "100% Wim_"),
    ]
    async with store.write() as work:
        await work.save(persons, MONDAY)
    return store


async def test_the_last_that_was_agreed_counts(here: Store) -> None:
    async with here.write() as work:
        await work.keep([NormsAgreed(("One", "Two"))], "m", MONDAY)
        await work.keep([NormsAgreed(("Of Noor",))], "n", MONDAY)
        await work.keep([NormsAgreed(("One, and\nin one  line",))], "m", MONDAY + timedelta(days=1))
    async with here.read() as work:
        assert await work.norms(["m"]) == {"m": ("One, and in one line",)}
        assert await work.norms(["m", "n", "j"]) == {
            "m": ("One, and in one line",),
            "n": ("Of Noor",),
        }
    async with here.write() as work:
        await work.keep([NormsAgreed(())], "m", MONDAY + timedelta(days=2))
    async with here.read() as work:
        assert await work.norms(["m"]) == {"m": ()}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        *(("Jan", True), ("jan de vries", True), ("JAN DE", True), ("Noor", True), ("wim", False)),
        *(("Ja", False), ("de vries", False), ("", False), (" ", False), ("left", False)),
        *(("100%", True), ("%", False), ("1__%", False), ("j", False), ("acme", False)),
    ],
)
async def test_a_name_or_a_first_name_is_known(here: Store, name: str, *, found: bool) -> None:
    async with here.read() as work:
        assert await work.anyone_called(name) is found

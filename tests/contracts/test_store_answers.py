"""The store appends answers and remarks, once each, and never edits them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.store.answers import HISTORY
from adapters.store.database import Store
from dialogs.turns import Remark
from nudges.adkar import Answer
from tests.clock import MONDAY
from tests.contracts.given import settle_in

FULL = Answer(
    "ann",
    "desire-1",
    4,
    MONDAY,
    not_applicable=False,
    took=timedelta(seconds=3, milliseconds=217),
    occasion="pulse:2026-W47",
)
SKIPPED = Answer("ann", "ability-1", None, MONDAY + timedelta(microseconds=1))
UNUSED = replace(SKIPPED, question="ability-2", not_applicable=True, took=timedelta())


async def test_answers_come_back_whole_and_oldest_first(store: Store) -> None:
    await settle_in(store, "ann", "bob")
    bobs = replace(FULL, person="bob")
    async with store.write() as work:
        assert await work.keep_answers([UNUSED, bobs, SKIPPED, FULL]) == 4
    async with store.read() as work:
        found = await work.answers(["ann", "bob", "nobody"], MONDAY)
        assert found == {"ann": (FULL, UNUSED, SKIPPED), "bob": (bobs,)}
        assert await work.answers(["bob"], MONDAY) == {"bob": (bobs,)}
        assert await work.answers([], MONDAY) == {}


async def test_the_same_answers_again_change_nothing(store: Store) -> None:
    await settle_in(store, "ann")
    for new in (2, 0):
        async with store.write() as work:
            assert await work.keep_answers([FULL, SKIPPED]) == new
    async with store.write() as work:
        assert await work.keep_answers([FULL, UNUSED]) == 1
        assert await work.keep_answers([]) == 0
    async with store.read() as work:
        assert (await work.answers(["ann"], MONDAY))["ann"] == (FULL, SKIPPED, UNUSED)


async def test_a_later_answer_stands_beside_the_earlier(store: Store) -> None:
    await settle_in(store, "ann")
    later = replace(FULL, score=1, at=FULL.at + timedelta(microseconds=1))
    async with store.write() as work:
        await work.keep_answers([FULL])
        await work.keep_answers([later])
    async with store.read() as work:
        assert (await work.answers(["ann"], MONDAY))["ann"] == (FULL, later)


async def test_answers_are_read_as_far_back_as_they_are_kept(store: Store) -> None:
    await settle_in(store, "ann")
    async with store.write() as work:
        await work.keep_answers([FULL])
    async with store.read() as work:
        last = MONDAY + HISTORY
        assert await work.answers(["ann"], last - timedelta(microseconds=1)) == {"ann": (FULL,)}
        assert await work.answers(["ann"], last) == {}


async def test_many_answers_at_once_are_counted_right(store: Store) -> None:
    await settle_in(store, "ann")
    many = [replace(FULL, at=MONDAY + timedelta(seconds=n)) for n in range(1_201)]
    async with store.write() as work:
        assert await work.keep_answers(many) == len(many)
        assert await work.keep_answers([*many, SKIPPED]) == 1
    async with store.read() as work:
        assert len((await work.answers(["ann"], MONDAY))["ann"]) == len(many) + 1


WORDS = {
    "accents": "Ça n’a pas marché, Zoë",
    "right to left": "\u202eהפוך\u202c שלום \u200f",
    "zero width": "a\u200bb\u200dc\ufeff",
    "combining": "e\u0301\u0327" * 50,
    "family": "👩‍👩‍👧‍👦🏳️‍🌈",
    "beyond the first plane": "\U00010348\U0010ffff\uffff",
    "quotes": """'; DROP TABLE remarks; -- " \\ %s :x ? {} $1""",
    "lines": "one\r\ntwo\n\n\tthree\u2028four\x1b[31m",
    "nothing": "",
    "long": "ü" * 16_000,
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
async def test_remarks_keep_what_people_wrote(store: Store, words: str) -> None:
    await settle_in(store, "ann", "bob")
    said = Remark("ann", f"welcome.{words[:9]}", words, MONDAY)
    again = replace(said, at=MONDAY + timedelta(seconds=1))
    async with store.write() as work:
        await work.keep_remarks([again, said, replace(said, person="bob")])
        await work.keep_remarks([])
    async with store.read() as work:
        assert await work.remarks("ann") == [said, again]
        assert await work.remarks("nobody") == []

"""All that is kept of somebody, as a file: asked for in chat, taken once, by nobody else."""

import json
from asyncio import gather
from collections.abc import AsyncGenerator
from typing import TypeAlias

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.store.database import Store
from bot.handout import FILE, LASTS, PATH
from dialogs.card import Link, Row
from dialogs.speech import catalogue
from dialogs.token import Tokens
from nudges.people import Person
from tests.clock import Clock
from tests.desk import SECRET, Desk, at, open_desk

Client: TypeAlias = TestClient[web.Request, web.Application]
LANGUAGES = ("en", "nl")
PAGES = "https://w.example"
MINE, THEIRS = "quiet pelican over the mill", "loud heron under the bridge"


@pytest.fixture
async def desk(memory: Store, clock: Clock) -> Desk:
    """Return a house whose own pages people can open, with somebody of each language."""
    desk = await open_desk(memory, clock, PAGES)
    async with desk.store.write() as work:
        for language in LANGUAGES:
            who = f"vera-{language}"
            vera = Person(who, "Vera", language=language, welcomed=True, addresses=(at(who),))
            await work.save([vera], clock())
    return desk


@pytest.fixture
async def client(desk: Desk) -> AsyncGenerator[Client]:
    async with TestClient(TestServer(desk.app.web)) as client:
        yield client


def word(key: str, language: str) -> str:
    return catalogue(language).gettext(key)


async def way(desk: Desk, language: str = "en") -> str:
    """Ask what is kept, and return the path that the card leads to."""
    who = f"vera-{language}"
    await desk.says(who, word("typed.kept", language).split(", ")[0])
    rows = [block for block in desk.last(who).card.body if isinstance(block, Row)]
    links = [b for row in rows for b in row.buttons if isinstance(b, Link)]
    assert [link.label for link in links] == [word("kept.take", language)]
    assert links[0].url.startswith(f"{PAGES}{PATH}")
    return links[0].url.removeprefix(PAGES)


async def test_who_may_not_open_our_pages_is_told_whom_to_ask(memory: Store, clock: Clock) -> None:
    desk = await open_desk(memory, clock)
    await desk.says("ann", "what is kept")
    assert word("kept.export", "en") in desk.last("ann").text
    assert word("kept.take", "en") not in desk.last("ann").text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_shown_and_then_taken_once(desk: Desk, client: Client, language: str) -> None:
    who, other = f"vera-{language}", f"vera-{'nl' if language == 'en' else 'en'}"
    for one, said in ((who, MINE), (other, THEIRS)):
        raises = word("typed.feedback", "nl" if one.endswith("nl") else "en").split(", ")[0]
        await desk.says(one, f"{raises}: {said}")
    path = await way(desk, language)
    for _ in range(3):  # a chat program looks at a link, too
        page = await client.get(path)
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
        text = await page.text()
        assert word("handout.take", language) in text
        assert f'lang="{language}"' in text
        assert who not in text
        assert MINE not in text
    taken = await client.post(path)
    assert (taken.status, taken.content_type) == (200, "application/json")
    assert taken.headers["Content-Disposition"] == f'attachment; filename="{FILE}"'
    assert taken.headers["Referrer-Policy"] == "no-referrer"
    told = json.loads(await taken.text())
    async with desk.store.read() as work:
        log = [(a.who, a.act, a.about, a.whom) for a in await work.audited(50)]
    assert told["people"][0]["name"] == "Vera"
    assert MINE in json.dumps(told)
    assert other not in json.dumps(told)
    assert THEIRS not in json.dumps(told)
    assert log.count((who, "export", "data", who)) == 1
    again = await client.post(path)
    assert again.status == 404
    assert "Vera" not in await again.text()
    assert (await client.get(path)).status == 404


async def test_two_at_once_take_it_once(desk: Desk, client: Client) -> None:
    path = await way(desk)
    answers = await gather(client.post(path), client.post(path))
    assert sorted(answer.status for answer in answers) == [200, 404]


async def test_it_ends_after_a_quarter_of_an_hour(desk: Desk, client: Client) -> None:
    path = await way(desk)
    desk.clock.pass_(seconds=LASTS.total_seconds() - 1)
    assert (await client.get(path)).status == 200
    desk.clock.pass_(seconds=2)
    shown, taken = await client.get(path), await client.post(path)
    assert (shown.status, taken.status) == (404, 404)
    for language in LANGUAGES:
        assert word("handout.over", language).split(",")[0] in await shown.text()


async def test_every_other_address_gets_one_and_the_same_answer(desk: Desk, client: Client) -> None:
    path = await way(desk)
    token = path.removeprefix(PATH)
    await desk.says("vera-en", "help")
    swapped = "A" if token[-1] != "A" else "B"
    wrong = {
        "of another card": desk.last("vera-en").token,
        "one letter other": token[:-1] + swapped,
        "longer": token + "AAAA",
        "cut": token[:20],
        "no token": "x",
        "of the card, for somebody else": _for(token, "vera-nl"),
        "not ASCII": "%C3%A9" * 8,
    }
    said = set[str]()
    for what, other in wrong.items():
        for answer in (await client.get(PATH + other), await client.post(PATH + other)):
            assert answer.status == 404, what
            said.add(await answer.text())
    assert len(said) == 1
    assert (await client.post(path)).status == 200, "nothing of that used it up"


def _for(token: str, person: str) -> str:
    tokens = Tokens(SECRET.encode())
    number = tokens.claimed(token)
    assert number is not None
    assert tokens.make(number, "vera-en") == token
    return tokens.make(number, person)


async def test_nothing_is_handed_out_of_somebody_who_was_forgotten(
    desk: Desk, client: Client
) -> None:
    path = await way(desk)
    async with desk.store.write() as work:
        await work.erase("vera-en", "command line", desk.clock())
    assert (await client.post(path)).status == 404

"""The page itself: served to this machine alone, and kept up to date while it is open."""

import asyncio
import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

import pytest

from adapters.browser.site import ASSETS
from tests.adapters.browser.world import ID, SAY, World


@pytest.mark.parametrize("where", ["/", "/people", "/clock", "/events?who=anna", "/static/x.js"])
async def test_the_page_opens_on_this_machine_only(world: World, where: str) -> None:
    async with world.client.get(where, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
        assert "127.0.0.1" in await answer.text()


@pytest.mark.parametrize("where", ["/", "/people", "/clock", *(f"/static/{a}" for a in ASSETS)])
async def test_every_answer_lets_nothing_foreign_run(world: World, where: str) -> None:
    async with world.client.get(where) as answer:
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert await answer.read()


async def test_the_page_has_nothing_inline_and_loads_only_what_is_served(world: World) -> None:
    async with world.client.get("/") as answer:
        page = await answer.text()
    assert "style=" not in page
    assert " on" not in page.split("<body>")[0]
    assert "<script>" not in page
    assert "://" not in page


@pytest.mark.parametrize("name", ["index.html", "..%2Finbox.py", "%00", "x", "..%2f..%2fdoor.py"])
async def test_nothing_else_is_served(world: World, name: str) -> None:
    async with world.client.get(f"/static/{name}") as answer:
        assert answer.status == 404


def test_everything_that_belongs_to_the_page_is_served() -> None:
    there = {file.name for file in (files("adapters.browser") / "page").iterdir()}
    assert there == {"index.html", *ASSETS}


def test_the_page_has_every_word_in_both_languages() -> None:
    page = files("adapters.browser") / "page"
    english, dutch = (page / "words.js").read_text("utf-8").split("  nl: {")
    keys = re.compile(r"^\s+(\w+): ", re.MULTILINE)
    said = keys.findall(english.split("  en: {")[1])
    assert said == keys.findall(dutch.split("/**")[0])
    asked = re.findall(r'data-word(?:-label)?="(\w+)"', (page / "index.html").read_text("utf-8"))
    assert set(asked) <= set(said)


async def test_the_people_one_can_be(world: World) -> None:
    async with world.client.get("/people") as answer:
        found = await answer.json()
    assert found[0] == {
        "id": "anna",
        "name": "Anna",
        "role": "Sales",
        "language": "nl",
        "zone": "Europe/Amsterdam",
    }


async def test_a_morning_passes_once_however_often_it_is_sent(world: World) -> None:
    move = {"id": ID, "who": "anna", "to": "next-morning"}
    first, again = await asyncio.gather(world.post("/clock", move), world.post("/clock", move))
    assert first[0] == again[0] == 200
    assert world.clock.now.day == 17
    await world.post("/clock", move | {"id": ID + "-2", "to": "next-week"})
    assert world.clock.now.day == 24
    async with world.client.get("/clock") as answer:
        assert await answer.json() == {"now": "2026-11-24T08:00:00+00:00"}


@dataclass
class Stream:
    """Server-sent events, read one at a time."""

    answer: Any

    async def next(self) -> tuple[str, Any]:
        event = data = ""
        while line := (await self.answer.content.readline()).decode().rstrip():
            name, _, value = cast("str", line).partition(": ")
            event, data = (value, data) if name == "event" else (event, value)
        return event, json.loads(data)


async def test_an_open_page_hears_the_past_and_then_every_change(world: World) -> None:
    talk = world.conversation
    first, _ = talk.add("anna", "them", json.dumps({"html": "<p>one</p>"}), "d1")
    async with world.client.get("/events?who=anna") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        stream = Stream(answer)
        event, lines = await stream.next()
        assert (event, lines[0]["html"], lines[0]["side"]) == ("history", "<p>one</p>", "them")
        assert await stream.next() == ("clock", {"now": "2026-11-16T08:00:00+00:00"})
        talk.change("anna", first, json.dumps({"html": "<p>two</p>"}))
        event, line = await stream.next()
        assert (event, line["number"], line["html"]) == ("message", first, "<p>two</p>")
        await world.post("/say", SAY)
        event, line = await stream.next()
        assert (event, line["side"], line["text"]) == ("message", "me", "hello")
        talk.remove("anna", first)
        event, line = await stream.next()
        assert (event, line["number"], line["removed"]) == ("message", first, True)
        talk.add("liam", "them", json.dumps({"html": "x"}), "d2")
        assert await stream.next() == ("elsewhere", ["liam"])
        await world.post("/clock", {"id": ID, "who": "anna", "to": "next-morning"})
        assert await stream.next() == ("clock", {"now": "2026-11-17T08:00:00+00:00"})
        talk.hang_up()
        assert await answer.content.read() == b""
    async with world.client.get("/events?who=anna") as answer:
        _, lines = await Stream(answer).next()
        assert [line["text"] for line in lines] == ["hello"]
        talk.hang_up()


@pytest.mark.parametrize("who", ["", "who=", "who=mallory", "who=%ff", "who=%00", "who=%ed%a0%80"])
async def test_a_stranger_hears_nothing(world: World, who: str) -> None:
    async with world.client.get(f"/events?{who}") as answer:
        assert answer.status == 404

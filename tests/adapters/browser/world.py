"""A page, its server and a program behind it that remembers and can break."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.browser.conversation import Conversation
from adapters.browser.inbox import BrowserInbox
from adapters.browser.ports import Jump, Persona
from adapters.browser.site import Site
from dialogs.doorway import Arrival, Reply

PEOPLE = (Persona("anna", "Anna", "Sales", "nl"), Persona("liam", "Liam O'Connor", "Service"))
ID = "0b8f6a0e-0000-4000-8000-000000000001"
SAY: dict[str, object] = {"id": ID, "who": "anna", "text": "hello"}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 16, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    async def forward(self, to: Jump, who: str) -> datetime:
        assert who == "anna"
        self.now += timedelta(days=7 if to == "next-week" else 1)
        return self.now


@dataclass
class Door:
    """The program's side of the doorway, with a memory and a switch to break it."""

    arrivals: dict[str, Arrival] = field(default_factory=dict[str, Arrival])
    replies: list[Reply | None] = field(default_factory=list[Reply | None])
    accepted: int = 0
    broken: bool = False

    async def accept(self, arrival: Arrival) -> bool:
        if self.broken:
            raise OSError
        self.accepted += 1
        new = arrival.key not in self.arrivals
        self.arrivals[arrival.key] = arrival
        return new

    async def reply(self, key: str, within: timedelta) -> Reply | None:
        assert key in self.arrivals
        assert within == timedelta(seconds=5)
        return self.replies[-1] if self.replies else Reply("nl")


@dataclass
class World:
    client: TestClient[web.Request, web.Application]
    door: Door
    conversation: Conversation
    clock: Clock

    @property
    def headers(self) -> dict[str, str]:
        origin = f"http://127.0.0.1:{self.client.port}"
        return {"Origin": origin, "Content-Type": "application/json"}

    async def post(
        self,
        where: str,
        body: object,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.client.post(where, data=raw, headers=headers or self.headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else {}

    def said(self) -> list[str]:
        return [json.loads(line.payload)["text"] for line in self.conversation.lines("anna")]


async def people() -> tuple[Persona, ...]:
    return PEOPLE


@asynccontextmanager
async def opened(path: Path) -> AsyncGenerator[World]:
    clock, door = Clock(), Door()
    conversation = Conversation(path, clock)
    app = web.Application()
    BrowserInbox(door, conversation, people).attach(app)
    Site(conversation, people, clock, clock.forward).attach(app)
    async with TestClient(TestServer(app)) as client:
        yield World(client, door, conversation, clock)
    conversation.close()

"""The door for measured use: signed, fresh, once, all or nothing, and never a failure of ours."""

import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDict
from structlog.testing import capture_logs

from adapters.store.database import Store
from adapters.usage.door import LARGEST, PATH, SIGNATURE, TIMESTAMP, UsageDoor
from bot.usage import Intake
from nudges.adoption import Metric, Use
from nudges.people import Person
from nudges.told_use import Checked, Line
from tests.clock import MONDAY, Clock

KEY, OLDER = "k" * 40, "o" * 40
AWAY = 2
"""The door behind which the database is away."""
W46 = date(2026, 11, 9)
ANN = {"person": "ann", "week": "2026-11-12", "records": 3, "quality": 0.5}


@dataclass
class Sender:
    """Another system, and as many of our processes as there are addresses."""

    session: ClientSession
    store: Store
    clock: Clock
    doors: list[str]
    answers: list[tuple[int, Mapping[str, Any]]] = field(
        default_factory=list[tuple[int, Mapping[str, Any]]]
    )

    async def send(
        self,
        body: object,
        *,
        key: str = KEY,
        late: timedelta = timedelta(),
        headers: Mapping[str, str | tuple[str, str]] | None = None,
        door: int = 0,
    ) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = str(int((self.clock() - late).timestamp()))
        signed = hmac.new(key.encode(), at.encode() + b"." + raw, sha256).hexdigest()
        sent = {
            "Content-Type": "application/json",
            TIMESTAMP: at,
            SIGNATURE: f"sha256={signed}",
            **(headers or {}),
        }
        kept = CIMultiDict(
            (name, one)
            for name, value in sent.items()
            for one in ((value,) if isinstance(value, str) else value)
            if one
        )
        async with self.session.post(self.doors[door], data=BytesIO(raw), headers=kept) as answer:
            self.answers.append((answer.status, await answer.json()))
        return answer.status

    @property
    def said(self) -> Mapping[str, Any]:
        return self.answers[-1][1]

    async def kept(self) -> list[Use]:
        async with self.store.read() as work:
            return await work.usage_of(None, date(2026, 1, 5), date(2027, 1, 4))


class Away:
    """A database that cannot be reached."""

    async def take(self, lines: Sequence[Line], mark: str, until: datetime) -> Checked | None:
        del lines, mark, until
        raise ConnectionResetError


@pytest.fixture
async def sender(store: Store) -> AsyncIterator[Sender]:
    async with store.write() as work:
        await work.save([Person("ann", email="Ann@x"), Person("bob", email="bob@x")], MONDAY)
    clock, servers = Clock(), list[TestServer]()
    for intake in (Intake(store, clock), Intake(store, clock), Away()):
        door = UsageDoor([KEY, OLDER], intake, clock)
        app = web.Application()
        app.add_routes([web.route("*", PATH, door.handle)])
        servers.append(TestServer(app))
        await servers[-1].start_server(auto_decompress=False)
    async with ClientSession() as session:
        yield Sender(session, store, clock, [str(server.make_url(PATH)) for server in servers])
    for server in servers:
        await server.close()


async def test_what_is_taken_is_kept_before_the_answer(sender: Sender) -> None:
    assert (
        await sender.send([ANN, {"email": "BOB@x", "week": "2026-11-09", "active_days": 0}]) == 202
    )
    assert sender.said == {"repeated": [], "unknown": []}
    assert await sender.kept() == [
        Use("ann", W46, {Metric.QUALITY: 0.5, Metric.RECORDS: 3.0}),
        Use("bob", W46, {Metric.ACTIVE_DAYS: 0.0}),
    ]


async def test_lines_and_an_array_are_the_same(sender: Sender) -> None:
    lines = b"\n".join([json.dumps(ANN).encode(), b"", json.dumps(ANN | {"what": [1]}).encode()])
    jsonl = {"Content-Type": "application/x-ndjson; charset=utf-8"}
    assert await sender.send(lines, headers=jsonl) == 202
    assert sender.said == {"repeated": [3], "unknown": []}
    assert await sender.send([ANN | {"person": "zed"}, ANN], key=OLDER) == 202
    assert sender.said == {"repeated": [], "unknown": [1]}
    assert len(await sender.kept()) == 1


async def test_a_copy_does_nothing_in_any_process(sender: Sender) -> None:
    assert await sender.send([ANN]) == 202
    await sender.send([ANN | {"records": 9}], late=timedelta(seconds=1))
    for door in (0, 1, 1):
        assert await sender.send([ANN], door=door) == 401
        assert sender.said == {"error": "seen before"}
    sender.clock.pass_(minutes=4)
    assert await sender.send([ANN], late=timedelta(minutes=4), door=1) == 401
    assert (await sender.kept())[0].values[Metric.RECORDS] == 9


async def test_one_wrong_line_refuses_all(sender: Sender) -> None:
    assert await sender.send([ANN, ANN | {"person": "bob", "quality": 85}]) == 400
    assert sender.said == {
        "error": "not taken",
        "problems": ["line 2: quality: 85 is no share: write 0.85"],
        "more": 0,
    }
    assert await sender.kept() == []


NOT_SIGNED, NO_SIGNATURE = (401, "not signed"), (401, "not a signature")
KIND = (415, "JSON or JSON lines only")
STRANGE: dict[str, tuple[dict[str, Any], tuple[int, str]]] = {
    "another key": ({"key": "x" * 40}, (401, "another signature")),
    "too old": ({"late": timedelta(minutes=5, seconds=1)}, (401, "too old")),
    "from the future": ({"late": -timedelta(minutes=5, seconds=1)}, (401, "too old")),
    "not signed": ({"headers": {SIGNATURE: ""}}, NOT_SIGNED),
    "no time": ({"headers": {TIMESTAMP: ""}}, NOT_SIGNED),
    "a time that is none": ({"headers": {TIMESTAMP: "now"}}, NO_SIGNATURE),
    "digits of another script": ({"headers": {TIMESTAMP: "1e9"}}, NO_SIGNATURE),
    "a signature that is none": ({"headers": {SIGNATURE: "sha256=x"}}, NO_SIGNATURE),
    "a form": ({"headers": {"Content-Type": "application/x-www-form-urlencoded"}}, KIND),
    "text": ({"headers": {"Content-Type": "text/plain"}}, KIND),
    "of no kind": ({"headers": {"Content-Type": ""}}, KIND),
    "packed": ({"headers": {"Content-Encoding": "br"}}, KIND),
    "signed twice": ({"headers": {SIGNATURE: ("a", "b")}}, (400, "signed twice")),
    "at two times": ({"headers": {TIMESTAMP: ("1", "2")}}, (400, "signed twice")),
}


@pytest.mark.parametrize(("how", "no"), STRANGE.values(), ids=STRANGE)
async def test_who_may_not_is_refused(
    sender: Sender, how: dict[str, Any], no: tuple[int, str]
) -> None:
    status, why = no
    with capture_logs() as logs:
        assert await sender.send([ANN], **how) == status
    assert sender.said == {"error": why}
    assert await sender.kept() == []
    assert logs == [{"event": "usage.refused", "status": status, "why": why, "log_level": "info"}]


@pytest.mark.parametrize("late", [timedelta(minutes=5), -timedelta(minutes=5)])
async def test_a_clock_may_be_five_minutes_off(sender: Sender, late: timedelta) -> None:
    assert await sender.send([ANN], late=late) == 202


async def test_a_database_that_is_away_says_to_come_again(sender: Sender) -> None:
    with capture_logs() as logs:
        assert await sender.send([ANN], door=AWAY) == 503
    assert sender.said == {"error": "try again later"}
    assert logs == [
        {"event": "usage.not_stored", "why": "ConnectionResetError", "log_level": "warning"}
    ]


async def test_only_posting_is_understood(sender: Sender) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        async with sender.session.request(method, sender.doors[0]) as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def test_too_much_is_refused(sender: Sender) -> None:
    many = [ANN | {"note": "x" * 100}] * 10_000
    assert len(json.dumps(many)) > LARGEST
    assert await sender.send(many) == 413
    assert await sender.kept() == []


async def test_as_much_as_fits_is_taken(sender: Sender) -> None:
    whole = [ANN | {"person": f"p{n}"} for n in range(12_000)]
    assert LARGEST * 0.8 < len(json.dumps(whole)) < LARGEST
    assert await sender.send([ANN, *whole]) == 202
    assert len(sender.said["unknown"]) == 12_000
    assert len(await sender.kept()) == 1


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a word": b"hello",
    "a number": b"7",
    "null": b"null",
    "a string": b'"ann"',
    "a list in a list": b"[[]]",
    "half": b'[{"person": "ann"',
    "very deep": b"[" * 100_000,
    "very deep objects": b'{"a":' * 50_000,
    "a name twice": b'{"person": "ann", "week": "2026-11-12", "records": 1, "records": 2}',
    "NaN": b'{"person": "ann", "week": "2026-11-12", "quality": NaN}',
    "infinite": b'{"person": "ann", "week": "2026-11-12", "quality": 1e999}',
    "a huge number": b'{"person": "ann", "week": "2026-11-12", "records": ' + b"9" * 9000 + b"}",
    "a large number": b'{"person": "ann", "week": "2026-11-12", "records": ' + b"9" * 400 + b"}",
    "a number as text": b'{"person": "ann", "week": "2026-11-12", "records": "3"}',
    "yes": b'{"person": "ann", "week": "2026-11-12", "records": true}',
    "a list of persons": b'{"person": ["ann"], "week": "2026-11-12", "records": 3}',
    "a week as a number": b'{"person": "ann", "week": 20261112, "records": 3}',
    "no week": b'{"person": "ann", "records": 3}',
    "nobody": b'{"week": "2026-11-12", "records": 3}',
    "half a sign": b'{"person": "\\ud800", "week": "2026-11-12", "records": 3}',
    "a NUL": b'{"person": "a\\u0000", "week": "2026-11-12", "records": 3}',
    "a formula": b'{"person": "=1+1", "week": "2026-11-12", "records": 3}',
    "a long name": b'{"person": "' + b"x" * 65_536 + b'", "week": "2026-11-12", "records": 3}',
    "not UTF-8": b'{"person": "\xff", "week": "2026-11-12", "records": 3}',
    "a NUL byte": b"\x00",
    "a week to come": b'{"person": "ann", "week": "2026-11-23", "records": 3}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_whatever_is_signed_is_understood_or_refused(sender: Sender, body: bytes) -> None:
    expected = 202 if not body else 400
    assert await sender.send(body) == expected, sender.said
    assert await sender.kept() == []
    if expected == 400:
        assert all(len(one) < 300 for one in sender.said["problems"])


async def test_the_problems_that_are_named_have_a_limit(sender: Sender) -> None:
    assert await sender.send([ANN | {"quality": 85}] * 50) == 400
    assert len(sender.said["problems"]) == 20
    assert sender.said["more"] == 30
    assert await sender.send([ANN | {"quality": 85}] * 20) == 400
    assert (len(sender.said["problems"]), sender.said["more"]) == (20, 0)

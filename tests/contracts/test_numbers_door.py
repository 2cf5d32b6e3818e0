"""The door for programs that read: a key, a strict question, released numbers and no others."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from structlog.testing import capture_logs
from yarl import URL

from adapters.api.description import BASE, PATHS, description
from adapters.api.door import BURST, LONGEST_QUERY, PACE, NumbersDoor
from adapters.store.database import Store
from adapters.store.schema import erasers
from bot.open_numbers import Reading
from nudges.access import Access, digest, make_key
from nudges.group import ACTIVE, BARRIER, REACH, RECORDS, Measure, freeze, teams_of
from nudges.open_numbers import NAMES, Page, Wanted
from nudges.release import TOP
from tests.clock import MONDAY, Clock
from tests.contracts.numbers import STAFF, W42, W46, close, settle_in, show, told_twice

KEY = make_key("power-bi", lambda _: "k" * 43)
W45 = W46 - timedelta(weeks=1)


@dataclass
class Program:
    """A BI tool with a key."""

    session: ClientSession
    store: Store
    clock: Clock
    base: URL

    async def ask(
        self, path: str, *, key: str = KEY, method: str = "GET", **headers: str
    ) -> tuple[int, Any, Mapping[str, str]]:
        given = {"Authorization": f"Bearer {key}"} if key else {}
        sent = given | {name.replace("_", "-"): value for name, value in headers.items()}
        url = URL(f"{self.base}{path}", encoded=True)
        async with self.session.request(method, url, headers=sent) as answer:
            raw = await answer.read()
            checked(path, answer.status, answer.content_type, raw)
            return answer.status, json.loads(raw) if raw else None, answer.headers

    async def numbers(self, query: str = "") -> list[tuple[str, str]]:
        status, said, _ = await self.ask(f"/numbers{query}")
        assert status == 200, said
        return [(one["week"], one["measure"]) for one in said["numbers"]]

    async def ledger(self) -> set[tuple[str, str, date]]:
        async with self.store.read() as work:
            found = await work.released(1000)
        return {(r.viewer, r.measure, r.week) for r in found if r.channel == "api"}


def checked(path: str, status: int, kind: str, raw: bytes) -> None:
    """Hold an answer to the description."""
    whole = description()
    spoken = whole["paths"].get(BASE + path.partition("?")[0])
    if not raw or spoken is None:
        return
    content = spoken["get"]["responses"][str(status)]["content"]
    schema = content[kind]["schema"] | {"components": whole["components"]}
    Draft202012Validator(schema).validate(json.loads(raw))  # pyright: ignore[reportUnknownMemberType] - half typed


@pytest.fixture
async def program(store: Store) -> AsyncIterator[Program]:
    clock = Clock()
    async with store.write() as work:
        access = Access("power-bi", digest(KEY), MONDAY, MONDAY + timedelta(days=30))
        await work.let_in(access, "settings")
    app = web.Application()
    NumbersDoor(Reading(store, clock), clock).attach(app)
    server = TestServer(app)
    await server.start_server()
    async with ClientSession() as session:
        yield Program(session, store, clock, server.make_url(BASE))
    await server.close()


class TestNumbers:
    async def test_what_the_sponsor_read_is_read(self, program: Program) -> None:
        await told_twice(program.store)
        _, said, _ = await program.ask("/numbers?measure=active&week=2026-11-09")
        assert said == {
            "numbers": [
                {
                    "measure": "active",
                    "week": "2026-11-09",
                    "people": "20-49",
                    "scope": "own",
                    "values": [
                        {"category": "no", "value": 0.5},
                        {"category": "yes", "value": 0.5},
                    ],
                }
            ],
            "next": None,
        }
        _, said, _ = await program.ask("/numbers?measure=records&week=2026-11-09")
        assert said["numbers"][0]["values"] == [{"category": None, "value": 4.0}]

    async def test_what_nobody_was_told_is_read_by_nobody(self, program: Program) -> None:
        await settle_in(program.store)
        await close(program.store, ACTIVE, W46)
        assert await program.numbers() == [], "it is closed, and no digest has said it yet"
        await show(program.store, [ACTIVE], unit="abe", who="abe")
        assert await program.numbers() == [], "a manager's number is a manager's"
        assert await program.ledger() == set()
        await show(program.store, [ACTIVE])
        assert await program.numbers() == [("2026-11-09", "active")]

    async def test_what_a_program_read_is_no_reason_to_read_it(self, program: Program) -> None:
        await settle_in(program.store)
        await close(program.store, ACTIVE, W46)
        async with program.store.write() as work:
            cell = (await work.figures(TOP, ["active"]))["active"][0].cell
            await work.note_shown({"access:other": [cell]}, "api", MONDAY)
        assert await program.numbers() == []

    async def test_withheld_is_withheld(self, program: Program) -> None:
        await settle_in(program.store)
        await close(program.store, ACTIVE, W46, many=4)
        await show(program.store, [ACTIVE])
        assert await program.numbers() == []
        assert (await program.ask("/weeks"))[1] == {"weeks": []}

    async def test_a_head_who_was_forgotten_makes_no_number_the_organisations(
        self, program: Program
    ) -> None:
        await settle_in(program.store)
        await close(program.store, ACTIVE, W46)
        await show(program.store, [ACTIVE], unit="abe", who="abe")
        async with program.store.write() as work:
            for eraser in erasers("abe"):
                await work.connection.execute(eraser)
        assert await program.numbers() == []

    async def test_once_told_is_once_told(self, program: Program) -> None:
        await told_twice(program.store)
        async with program.store.write() as work:
            for eraser in erasers("sam"):
                await work.connection.execute(eraser)
        assert len(await program.numbers()) == 4, "who read it was forgotten; it was told"

    async def test_each_number_is_noted_before_it_leaves(self, program: Program) -> None:
        await told_twice(program.store)
        await program.ask("/measures")
        assert await program.ledger() == set()
        await program.numbers("?measure=active&limit=1")
        assert await program.ledger() == {("access:power-bi", "active", W45)}
        await program.ask("/weeks")
        assert len(await program.ledger()) == 4
        async with program.store.read() as work:
            ((_, used),) = await work.accesses()
        assert used == MONDAY.date()

    async def test_together_with_every_digest_it_is_nothing_new(self, program: Program) -> None:
        """What a program got are cells that a person got, each with the words it was told in."""
        await told_twice(program.store)
        await close(program.store, BARRIER, W42)
        await close(program.store, REACH, W46)
        for unit, who in ((TOP, "sam"), ("abe", "abe"), ("bea", "bea")):
            await show(program.store, [ACTIVE, BARRIER, RECORDS], unit, who)
        _, said, _ = await program.ask("/numbers")
        async with program.store.read() as work:
            every = await work.released(1000)
        people = {(r.measure, r.week, r.unit): r.told for r in every if r.channel != "api"}
        ours = {(r.measure, r.week, r.unit): r.told for r in every if r.channel == "api"}
        assert ours
        assert ours.items() <= people.items()
        assert {unit for _, _, unit in ours} == {TOP}
        for one in said["numbers"]:
            told = people[one["measure"], date.fromisoformat(one["week"]), TOP]
            assert told is not None
            assert one["people"] == told.band
            shares = {v["category"]: v["value"] for v in one["values"]}
            assert shares.pop("decided", 0.0) <= 1
            assert shares == (dict(told.shares) or {None: told.mean})
        names = {one["measure"] for one in said["numbers"]}
        assert names == {"active", "barrier", "records"}, "reach was closed, and not told"

    async def test_measures_about_somebody_are_no_measures_of_ours(self, program: Program) -> None:
        await settle_in(program.store)
        said = {m.id: ("yes", "no")[n % 2] for n, m in enumerate(STAFF)}
        measure = Measure("belief:sam", about="sam")
        async with program.store.write() as work:
            past = await work.past(measure.name, MONDAY)
            frozen = freeze(measure, teams_of(STAFF), said, past.ledger)
            assert await work.keep_closing(frozen, W46, 5, past, MONDAY)
        await show(program.store, [measure])
        assert await program.numbers() == []


class TestQuestions:
    async def test_pages_are_walked_to_the_end(self, program: Program) -> None:
        await told_twice(program.store)
        whole, got, after = await program.numbers(), list[tuple[str, str]](), ""
        for _ in range(9):
            _, said, _ = await program.ask(f"/numbers?limit=1&after={after}")
            got += [(one["week"], one["measure"]) for one in said["numbers"]]
            after = said["next"]
            if after is None:
                break
        assert got == whole == sorted(whole)
        assert len(got) == 4

    @pytest.mark.parametrize(
        ("query", "many"),
        [
            ("?measure=active", 2),
            ("?measure=active,records", 4),
            ("?week=2026-11-09", 2),
            ("?since=2026-11-09", 2),
            ("?until=2026-11-02", 2),
            ("?since=2026-11-02&until=2026-11-02&measure=active", 1),
            ("?since=2026-11-16", 0),
        ],
    )
    async def test_filters(self, program: Program, query: str, many: int) -> None:
        await told_twice(program.store)
        assert len(await program.numbers(query)) == many

    async def test_weeks_and_measures(self, program: Program) -> None:
        await told_twice(program.store)
        _, said, _ = await program.ask("/weeks")
        names = ["active", "records"]
        assert said == {
            "weeks": [
                {"week": "2026-11-02", "measures": names},
                {"week": "2026-11-09", "measures": names},
            ]
        }
        _, said, _ = await program.ask("/measures")
        assert [one["measure"] for one in said["measures"]] == list(NAMES)
        assert all(set(one["meaning"]) == {"en", "nl"} for one in said["measures"])
        assert not any(one["meaning"]["en"].startswith("api.") for one in said["measures"])

    async def test_what_is_known_already_is_not_sent_again(self, program: Program) -> None:
        await told_twice(program.store)
        _, _, heads = await program.ask("/numbers?week=2026-11-09")
        tag = heads["ETag"]
        assert heads["Cache-Control"] == "private, no-cache"
        for known, status in ((tag, 304), (f'"x", W/{tag}', 304), ('"x"', 200)):
            found, _, again = await program.ask("/numbers?week=2026-11-09", If_None_Match=known)
            assert (found, again["ETag"]) == (status, tag)
        assert (await program.ask("/numbers", method="HEAD"))[:2] == (200, None)

    async def test_the_description_is_sound_and_needs_no_key(self, program: Program) -> None:
        status, said, _ = await program.ask("/openapi.json", key="")
        assert status == 200
        OpenAPIV31SpecValidator(said).validate()
        assert {f"{BASE}{path}" for path in PATHS} == set(said["paths"])


HOSTILE = [
    ("/numbers?limit=0", 400),
    ("/numbers?limit=201", 400),
    ("/numbers?limit=1e2", 400),
    ("/numbers?limit=-1", 400),
    ("/numbers?limit=%D9%A1", 400),
    ("/numbers?limit=1&limit=2", 400),
    ("/numbers?measure=", 200),
    ("/numbers?measure=belief:sam", 400),
    ("/numbers?measure=active'--", 400),
    ("/numbers?measure=active%00", 400),
    ("/numbers?week=2026-11-10", 400),
    ("/numbers?week=2026-02-30", 400),
    ("/numbers?week=20261109", 400),
    ("/numbers?week=2026-11-09&since=2026-11-09", 400),
    ("/numbers?after=0", 400),
    ("/numbers?after=2026-13-01.active", 400),
    ("/numbers?after=2026-11-09.';drop", 400),
    ("/numbers?unit=abe", 400),
    ("/numbers?person=ann", 400),
    ("/numbers?Measure=active", 400),
    ("/numbers?%FF=%FE", 400),
    ("/weeks?limit=1", 400),
    ("/measures?x", 400),
    ("/numbers/", 404),
    ("/numbers/1", 404),
    ("/people", 404),
    ("/", 404),
    ("", 404),
    ("/../../metrics%2f", 404),
    ("/numbers?measure=" + "a" * LONGEST_QUERY, 414),
]


class TestRefusals:
    @pytest.mark.parametrize(("path", "status"), HOSTILE)
    async def test_hostile_questions(self, program: Program, path: str, status: int) -> None:
        with capture_logs() as logs:
            found, said, heads = await program.ask(path)
        assert found == status
        if status == 200:
            return
        assert heads["Content-Type"].startswith("application/problem+json")
        assert said["status"] == status
        assert set(said) == {"type", "title", "status", "detail"}
        assert [sorted(one) for one in logs] == [["event", "log_level", "status", "why"]]

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
    async def test_nothing_is_written(self, program: Program, method: str) -> None:
        for path in ("/numbers", "/weeks", "/measures", "/openapi.json", "/x"):
            status, _, heads = await program.ask(path, method=method)
            assert (status, heads["Allow"]) == (405, "GET, HEAD")

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "x",
            KEY[:-1] + "l",
            KEY + "k",
            KEY.upper(),
            make_key("other", lambda _: "k" * 43),
            digest(KEY),
        ],
    )
    async def test_only_its_own_key_opens(self, program: Program, key: str) -> None:
        await told_twice(program.store)
        with capture_logs() as logs:
            status, _, heads = await program.ask("/numbers", key=key)
        assert (status, heads["WWW-Authenticate"]) == (401, 'Bearer realm="wayfinder"')
        assert not key or key not in str(logs)
        assert await program.ledger() == set()

    async def test_a_key_is_taken_in_the_header_alone(self, program: Program) -> None:
        for headers in ({"Authorization": f"Basic {KEY}"}, {"X_Api_Key": KEY}, {"Cookie": KEY}):
            assert (await program.ask("/numbers", key="", **headers))[0] == 401
        assert (await program.ask(f"/numbers?access_token={KEY}", key=""))[0] == 401

    async def test_a_key_ends_and_is_revoked(self, program: Program) -> None:
        assert (await program.ask("/weeks"))[0] == 200
        program.clock.pass_(days=29, hours=23)
        assert (await program.ask("/weeks"))[0] == 200
        program.clock.pass_(hours=1)
        assert (await program.ask("/weeks"))[0] == 401
        program.clock.pass_(days=-9)
        async with program.store.write() as work:
            await work.shut_out("power-bi", "settings", program.clock())
        assert (await program.ask("/weeks"))[0] == 401

    async def test_too_many_questions_wait(self, program: Program) -> None:
        most = int(BURST.total_seconds() * PACE)
        found = [(await program.ask("/measures"))[0] for _ in range(most + 3)]
        assert found.count(200) in {most, most + 1}
        assert found[-1] == 429
        _, _, heads = await program.ask("/measures")
        assert re.fullmatch(r"[1-9][0-9]*", heads["Retry-After"])
        program.clock.pass_(seconds=int(heads["Retry-After"]))
        assert (await program.ask("/measures"))[0] == 200

    async def test_without_a_database_it_is_for_later(self) -> None:
        class Gone:
            async def known(self, key: str) -> Access | None:
                message = f"no database for {len(key)}"
                raise OSError(message)

            async def numbers(self, access: Access, wanted: Wanted) -> Page:
                raise NotImplementedError(access)

            async def weeks(self, access: Access) -> list[tuple[date, tuple[str, ...]]]:
                raise NotImplementedError(access)

        app = web.Application()
        NumbersDoor(Gone(), Clock()).attach(app)
        async with (
            TestServer(app) as server,
            ClientSession() as session,
            session.get(
                server.make_url(f"{BASE}/weeks"), headers={"Authorization": f"Bearer {KEY}"}
            ) as answer,
        ):
            assert (answer.status, answer.headers["Retry-After"]) == (503, "10")

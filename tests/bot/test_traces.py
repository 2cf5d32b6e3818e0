"""Traces: one walk is one trace, with no word of anybody; a collector that is gone harms nobody."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters.store.database import Store
from bot import traces
from bot.figures import OTHER, Figures
from bot.finding import Crm
from bot.lookout import Lookout, NoSpans
from bot.settings import Settings, SettingsError, read_settings
from bot.traces import TracedSpans, to_collector
from bot.wiring import parts
from bot.wiring.parts import Connection, build
from bot.wiring.watching import make_lookout
from dialogs.doorway import Arrival
from dialogs.turns import Said
from nudges.people import Person
from tests.clock import Clock
from tests.desk import SECRET, Desk, Notebook, at, open_desk, read, write
from tests.house.source import ROOT

CANARY = "zqcanary"


@dataclass
class Listener:
    """Somebody who looks at every span."""

    heard: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    figures: Figures = field(default_factory=Figures)

    def spans(self) -> TracedSpans:
        return TracedSpans(SimpleSpanProcessor(self.heard), "1", self.figures)

    def named(self, name: str) -> list[ReadableSpan]:
        return [one for one in self.heard.get_finished_spans() if one.name == name]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
async def traced(
    memory: Store, clock: Clock, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """Return a house that is listened to."""
    lookout = Lookout(listener.figures, listener.spans())

    def made(collector: str, crm: Crm | None) -> Lookout:
        assert collector == ""
        assert crm is None
        return lookout

    monkeypatch.setattr(parts, "make_lookout", made)
    return await open_desk(memory, clock)


def trace_of(span: ReadableSpan) -> int:
    assert span.context is not None
    return span.context.trace_id


def above(span: ReadableSpan, among: list[ReadableSpan]) -> bool:
    return span.parent is not None and span.parent.span_id in {
        one.context.span_id for one in among if one.context
    }


async def test_from_the_request_to_the_platform_it_is_one_trace(
    traced: Desk, listener: Listener
) -> None:
    await traced.joins("ann")
    listener.heard.clear()

    async def say(_request: web.Request) -> web.Response:
        await traced.app.inbox.accept(
            Arrival("browser:say", "browser", write(Said(at("ann"), "help")))
        )
        return web.Response()

    traced.app.web.router.add_post("/say", say)
    async with TestClient(TestServer(traced.app.web)) as client:
        await client.post("/say")
    await traced.app.settle()
    walk = ["request", "turn", "transaction", "delivery", "platform call"]
    found = {name: listener.named(name) for name in walk}
    assert all(found.values()), {name: len(spans) for name, spans in found.items()}
    assert len({trace_of(span) for spans in found.values() for span in spans}) == 1
    for over, name in [
        ("request", "turn"),
        ("turn", "transaction"),
        ("turn", "delivery"),
        ("delivery", "platform call"),
    ]:
        assert all(above(span, found[over]) for span in found[name]), name
    (call,) = listener.named("platform call")
    assert call.attributes is not None
    assert call.attributes["wayfinder.outcome"] == "sent"


async def test_turns_that_share_a_transaction_are_linked(traced: Desk, listener: Listener) -> None:
    for who in ("ann", "bob"):
        body = write(Said(at(who), "help"))
        await traced.app.inbox.accept(Arrival(f"browser:{who}", "browser", body))
    await traced.app.settle()
    (one,) = listener.named("transaction")
    first, second = listener.named("turn")
    assert above(one, [first, second])
    assert len(one.links) == 1
    assert trace_of(first) != trace_of(second)


async def test_a_round_and_a_look_up_have_spans(traced: Desk, listener: Listener) -> None:
    await traced.says("ann", "where do I log a call?")
    (look,) = [one for one in listener.named("look up") if above(one, listener.named("looking"))]
    assert look.attributes is not None
    assert look.attributes["wayfinder.where"] == "search"
    gone = asyncio.Event()

    async def go() -> None:
        gone.set()

    traced.app.ticker.start({"plan": (go, timedelta(seconds=0.01))})
    async with asyncio.timeout(10):
        await gone.wait()
    await traced.app.ticker.stop()
    rounds = [dict(one.attributes or {}) for one in listener.named("round")]
    assert all(one["wayfinder.round"] == "plan" for one in rounds)
    assert rounds


def everything(span: ReadableSpan) -> str:
    return span.to_json() + repr(span.events) + repr(span.links)


def break_in_a_span(lookout: Lookout) -> None:
    with lookout.spans.span("turn", platform=CANARY) as span:
        span.note(end=CANARY, round=CANARY)
        raise ValueError(CANARY)


async def test_no_word_and_no_id_of_anybody_is_on_a_span(traced: Desk, listener: Listener) -> None:
    async with traced.store.write() as work:
        who = Person(
            f"{CANARY}-id", f"{CANARY} name", addresses=(at(CANARY),), email=f"{CANARY}@x.nl"
        )
        await work.save([who], traced.clock())
    await traced.joins(CANARY)
    for words in (f"where is {CANARY}?", "help", f"blocker {CANARY}", f"phone number of {CANARY}"):
        await traced.says(CANARY, words)

    async def breaks(_request: web.Request) -> web.Response:
        raise RuntimeError(CANARY)

    traced.app.web.router.add_get(f"/{CANARY}", breaks)
    async with TestClient(TestServer(traced.app.web)) as client:
        await client.get(
            f"/{CANARY}?q={CANARY}", headers={"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}
        )
    with pytest.raises(ValueError, match=CANARY):
        break_in_a_span(traced.app.lookout)
    spans = listener.heard.get_finished_spans()
    assert len(spans) > 20
    assert [one.name for one in spans if CANARY in everything(one)] == []
    assert [one.name for one in spans if "ab" * 16 in everything(one)] == [], (
        "a trace of a stranger"
    )
    known = {value for words in listener.figures.known.values() for value in words} | {OTHER}
    for one in spans:
        for name, value in (one.attributes or {}).items():
            assert isinstance(value, int) or value in known, (one.name, name)


async def test_what_is_remembered_is_limited(
    monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    monkeypatch.setattr(traces, "REMEMBERED", 2)
    spans = listener.spans()
    with spans.span("turn") as turn:
        for key in ("a", "b", "c"):
            turn.leads_to(key)
        spans.pass_on("c", "d")
    for key in ("a", "b", "c", "d"):
        with spans.span("delivery", after=key):
            pass
    assert [one.parent is not None for one in listener.named("delivery")] == [
        False,
        False,
        True,
        True,
    ]


@dataclass
class Collector:
    """A collector on this machine; it may be slow or refuse everything."""

    status: int = 200
    got: list[ExportTraceServiceRequest] = field(default_factory=list[ExportTraceServiceRequest])

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[str]:
        async def take(request: web.Request) -> web.Response:
            told = ExportTraceServiceRequest()
            told.ParseFromString(await request.read())
            self.got.append(told)
            return web.Response(status=self.status)

        app = web.Application()
        app.add_routes([web.post("/v1/traces", take)])
        server = TestServer(app)
        await server.start_server()
        yield str(server.make_url("/v1/traces"))
        await server.close()


async def test_spans_reach_a_collector() -> None:
    collector = Collector()
    async with collector.open() as address:
        spans = make_lookout(address, None).spans
        with spans.span("request", door="teams"):
            pass
        await spans.close()
    (told,) = collector.got
    (resource,) = told.resource_spans
    named = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert named["service.name"] == "wayfinder"
    assert [one.name for one in resource.scope_spans[0].spans] == ["request"]


@pytest.mark.parametrize("gone", [False, True], ids=["refuses", "gone"])
async def test_a_collector_in_trouble_harms_no_answer(
    memory: Store, clock: Clock, *, gone: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    collector = Collector(status=400)
    async with collector.open() as address:
        where = "http://127.0.0.1:1/v1/traces" if gone else address
        settings = Settings.model_validate({"secret": SECRET, "traces": where})
        notebook = Notebook()
        app = build(settings, memory, [Connection("browser", read, notebook)], clock)
        desk = Desk(app, memory, clock, notebook)
        await desk.joins("ann")
        async with asyncio.timeout(15):
            await app.lookout.spans.close()
    assert desk.chat("ann")


def test_nothing_is_loaded_without_the_setting() -> None:
    code = """
import sys
from bot.wiring import serve
from bot.wiring.watching import make_lookout
make_lookout("", None)
print([name for name in sys.modules if name.startswith(("opentelemetry", "prometheus"))])
"""
    found = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(found.stdout.replace("'", '"')) == []
    assert isinstance(make_lookout("", None).spans, NoSpans)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bot.traces", None)
    with pytest.raises(SettingsError, match="extra `traces`"):
        make_lookout("http://collector:4318/v1/traces", None)


@pytest.mark.parametrize(
    "value",
    ["collector:4318", "ftp://collector/x", "http://", "http://a b/", "http://u:p@c/", "http://["],
)
def test_an_address_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="WAYFINDER_TRACES has to be an address"):
        read_settings(Settings, secret=SECRET, traces=value)


def test_a_collector_may_be_in_the_house() -> None:
    good: Any = "http://collector:4318/v1/traces"
    assert read_settings(Settings, secret=SECRET, traces=good).traces == good
    processor = to_collector(good)
    processor.shutdown()

"""Traces by OpenTelemetry: which part of an answer took how long, with no word of the answer.

A span carries its name, numbers, and words that a figure's label may hold; anything else cannot be
put on it. What breaks inside a span is not written on it either, for errors name what was sent.
Spans leave from a thread of their own, from a queue of limited length: a collector that is slow or
gone costs spans and nothing else. Whoever knocks at a door cannot make us join a trace of theirs.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Status, StatusCode

from bot.figures import Figures
from bot.lookout import Span

REMEMBERED: Final = 10_000
"""How many keys are remembered that something may follow from; the oldest go first."""
WITHIN: Final = 5.0
"""Seconds that a collector may take: half of what OpenTelemetry would wait."""
LAST_WORDS: Final = 2_000
"""Milliseconds that what was not sent yet may take when the program stops."""


def to_collector(address: str) -> SpanProcessor:
    """Return what sends spans to a collector, some at a time; OTEL_* variables tune it."""
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=address, timeout=WITHIN))


class TracedSpan:
    """A span that somebody will look at."""

    def __init__(self, span: trace.Span, memory: OrderedDict[str, Context], words: Figures) -> None:
        self.span = span
        self._memory = memory
        self._words = words

    def note(self, **what: str | int) -> None:
        """Note how it ended: a number, or a word that a figure's label may hold."""
        for name, value in what.items():
            known = value if isinstance(value, int) else self._words.word(name, value)
            self.span.set_attribute(f"wayfinder.{name}", known)

    def leads_to(self, key: str) -> None:
        """Let whatever begins after this key, in this process, stand below it."""
        self._memory[key] = trace.set_span_in_context(self.span, Context())
        self._memory.move_to_end(key)
        if len(self._memory) > REMEMBERED:
            self._memory.popitem(last=False)


class TracedSpans:
    """Spans that go to a processor; a key is remembered here and never sent."""

    def __init__(self, processor: SpanProcessor, version: str, words: Figures) -> None:
        named = {SERVICE_VERSION: version}
        resource = Resource.create(named)
        if str(resource.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
            resource = resource.merge(Resource({SERVICE_NAME: "wayfinder"}))
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("wayfinder", version)
        self._memory: OrderedDict[str, Context] = OrderedDict()
        self._words = words

    @contextmanager
    def span(
        self, name: str, *, after: str = "", beside: Sequence[Span] = (), **what: str | int
    ) -> Generator[Span]:
        """Begin a span below what led to ``after``, else the first of ``beside``, else here."""
        known = [one.span for one in beside if isinstance(one, TracedSpan)]
        above = self._memory.get(after)
        if above is None and known:
            above = trace.set_span_in_context(known[0], Context())
        if above is None and after:
            above = Context()  # what it came from is not known here: it begins a trace
        links = [Link(one.get_span_context()) for one in known[1:]]
        with self._tracer.start_as_current_span(
            name, above, links=links, record_exception=False, set_status_on_exception=False
        ) as begun:
            span = TracedSpan(begun, self._memory, self._words)
            span.note(**what)
            try:
                yield span
            except BaseException:
                begun.set_status(Status(StatusCode.ERROR))
                raise

    def here_leads_to(self, key: str) -> None:
        """Let whatever begins after this key stand below the span that we are in."""
        here = trace.get_current_span()
        if here.get_span_context().is_valid:
            TracedSpan(here, self._memory, self._words).leads_to(key)

    def pass_on(self, key: str, to: str) -> None:
        """Let what begins after ``to`` stand where what begins after ``key`` stands."""
        if (above := self._memory.get(key)) is not None:
            self._memory[to] = above
            if len(self._memory) > REMEMBERED:
                self._memory.popitem(last=False)

    async def close(self) -> None:
        """Send what was not sent yet, within a moment."""
        await asyncio.to_thread(self._provider.force_flush, LAST_WORDS)
        await asyncio.to_thread(self._provider.shutdown)

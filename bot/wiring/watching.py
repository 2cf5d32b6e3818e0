"""What watches the program, joined: nothing is loaded before it is asked for or set."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cache
from importlib import import_module

from adapters.store.database import Store
from bot import VERSION
from bot.figures import Figures
from bot.finding import Crm, Rests
from bot.lookout import Lookout, NoSpans, Spans
from bot.settings import SettingsError
from nudges.pace import Paces


def make_lookout(collector: str, crm: Crm | None) -> Lookout:
    """Return the program's lookout, with traces if a collector is named.

    Raises:
        SettingsError: a collector is named, and what talks with it is not installed.

    """
    figures = Figures()
    figures.learn("version", [VERSION])
    figures.set("wayfinder_build_info", 1, version=VERSION)
    if isinstance(crm, Rests):
        figures.ask("wayfinder_crm_resting", crm.rests)
    return Lookout(figures, _spans(collector, figures))


def make_measure(
    store: Store, clock: Callable[[], datetime], figures: Figures, paces: Paces
) -> Callable[[], Awaitable[bytes]]:
    """Return what measures; Prometheus' library, slow to load, is loaded when it is first asked."""

    @cache
    def measure() -> Callable[[], Awaitable[bytes]]:
        return import_module("bot.metrics").Metrics(store, clock, figures, paces).measure

    async def measured() -> bytes:
        return await measure()()

    return measured


def _spans(collector: str, figures: Figures) -> Spans:
    if not collector:
        return NoSpans()
    try:
        traces = import_module("bot.traces")
    except ModuleNotFoundError as error:
        message = (
            "WAYFINDER_TRACES is set, and OpenTelemetry is not installed: install Wayfinder with "
            "its extra `traces`, or leave the setting out."
        )
        raise SettingsError(message) from error
    return traces.TracedSpans(traces.to_collector(collector), VERSION, figures)

"""Logs for the administrator: one JSON line a happening, with ids and never people's words.

Everything that this process writes by itself goes through here: our own lines, what libraries log,
Python's warnings, and what nobody caught in a task, a thread or at the end of the program.
:mod:`bot.redaction` says what is hidden.
"""

import logging
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import TextIO, cast

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from structlog.typing import EventDict, Processor
from typing_extensions import override

from bot.redaction import HIDDEN, Redaction, kind, trace

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
LONGEST = 160
"""Characters of a library's message that are kept."""
WORDLESS = ("slack_", "botbuilder", "botframework", "msrest", "msal", "aiohttp.access")
"""Libraries that log bodies, tokens or addresses with a query: of them only the place is kept."""
OURS = frozenset({"event", "level", "timestamp", "exception", "logger"})
log = structlog.get_logger()


def start(level: str, secrets: Iterable[str] = ()) -> None:
    """Write logs to stderr from now on; what a library logs goes the same way.

    Args:
        level: how much is logged.
        secrets: what is hidden wherever it stands, beside what looks like a secret.

    """
    redaction = Redaction(secrets)
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        Cleaned(redaction),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = Lines(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(Brief(redaction))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(LEVELS[level], logging.WARNING))
    logging.captureWarnings(capture=True)
    sys.excepthook = _end
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread


class Lines(logging.StreamHandler[TextIO]):
    """Write lines; where one cannot be written, its words go nowhere else."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Say on stderr, if that is still there, where a line was lost."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f'{{"event": "a line of {record.name} was lost"}}\n')


class Cleaned:
    """Hide what must not be read in one of our lines; a traceback keeps its places alone."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction

    def __call__(self, _logger: object, _method: str, line: EventDict) -> EventDict:
        """Return a line as it may be written."""
        found = _error(line.pop("exc_info", None))
        line.pop("stack_info", None)
        cleaned = {
            name: value
            if name.startswith("_")
            else self._redaction.value(value)
            if name in OURS
            else self._redaction.field(name, value)
            for name, value in line.items()
        }
        if found:
            cleaned["exception"] = trace(found)
        return cleaned


class Brief(logging.Filter):
    """Keep what a library logs short, and free of what was sent to us.

    Whoever sends what is not HTTP gets a line, with no word of it. A traceback stays where
    something broke, and of a message its first line: asyncio's others show a task with the text
    of what it died of.
    """

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        problem = record.exc_info[1] if record.exc_info else None
        if isinstance(problem, HttpProcessingError):
            _say(record, f"not HTTP: {type(problem).__name__}")
        elif record.name.startswith(WORDLESS):
            _say(record, f"{record.name} at line {record.lineno}")
        else:
            said = self._redaction.text(_first_line(record))
            record.msg, record.args = said[:LONGEST], None
            record.exc_text = record.stack_info = None
        return True


def _first_line(record: logging.LogRecord) -> str:
    """Return what a library says, without the errors that it repeats."""
    if isinstance(record.msg, BaseException):
        return kind(record.msg)
    args = record.args
    if isinstance(args, tuple):
        record.args = tuple(kind(a) if isinstance(a, BaseException) else a for a in args)
    try:
        said = record.getMessage()
    except Exception:  # noqa: BLE001 - a library's slip in its own log stops nothing of ours
        said = f"{record.name} at line {record.lineno}: {HIDDEN}"
    return next(iter(said.splitlines()), "")


def _say(record: logging.LogRecord, what: str) -> None:
    record.msg, record.args = what, None
    record.levelno = min(record.levelno, logging.WARNING)
    record.levelname = logging.getLevelName(record.levelno)
    record.exc_info = record.exc_text = record.stack_info = None


def _error(given: object) -> BaseException | None:
    """Return the exception that a line is about, in each way a logger may be given it."""
    if isinstance(given, tuple):
        given = cast("tuple[object, ...]", given)[1]
    if isinstance(given, BaseException):
        return given
    return sys.exception() if given else None


def _end(what: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    """Say what ended the program; Ctrl-C is no trouble."""
    if not issubclass(what, KeyboardInterrupt):
        log.critical("program.broke", exc_info=error)


def _thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value and not isinstance(told.exc_value, SystemExit):
        log.error("thread.broke", exc_info=told.exc_value)


def _unraisable(told: "sys.UnraisableHookArgs") -> None:
    log.error("unraisable", exc_info=told.exc_value)

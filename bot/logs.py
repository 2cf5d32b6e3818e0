"""Logs for the administrator: one JSON line a happening, with ids and never people's words."""

import logging
import sys

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from typing_extensions import override

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
LONGEST = 160
"""Characters of a library's message that are kept."""


def start(level: str) -> None:
    """Write logs to stderr from now on; what a library logs goes the same way."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(Brief())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(LEVELS[level], logging.WARNING))


class Brief(logging.Filter):
    """Keep what a library logs short, and free of what was sent to us.

    Whoever sends what is not HTTP gets a line, with no word of it. Slack's libraries log bodies
    and tokens, so of them only the place is kept. A traceback stays where something broke.
    """

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        problem = record.exc_info[1] if record.exc_info else None
        if isinstance(problem, HttpProcessingError):
            _say(record, f"not HTTP: {type(problem).__name__}")
        elif record.name.startswith("slack_"):
            _say(record, f"{record.name} at line {record.lineno}")
        else:
            record.msg, record.args = record.getMessage()[:LONGEST], None
        return True


def _say(record: logging.LogRecord, what: str) -> None:
    record.msg, record.args = what, None
    record.levelno = min(record.levelno, logging.WARNING)
    record.levelname = logging.getLevelName(record.levelno)
    record.exc_info = record.exc_text = record.stack_info = None

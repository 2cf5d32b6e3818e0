"""What commands are given: moments, files of lines, and how bad input is refused."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, TypeVar

import click
from pydantic import BaseModel, ValidationError

from bot.redaction import hide_passwords

BAD = 2
"""The exit code for bad input or configuration: nothing was changed."""
MOST_TOLD = 20
FIRST_YEAR, LAST_YEAR = 1970, 9000
"""Moments outside these years are slips, and near the calendar's ends cannot be counted with."""
Model = TypeVar("Model", bound=BaseModel)


def moment(_context: click.Context, _option: click.Parameter, text: str | None) -> datetime | None:
    """Read a moment in ISO form; one without a zone is taken as UTC."""
    if text is None:
        return None
    try:
        return read_moment(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def read_moment(text: object) -> datetime:
    """Read a moment in ISO form; one without a zone is taken as UTC.

    Raises:
        ValueError: it is no moment, or one that lies outside our calendar.

    """
    message = f"{text!r} is no moment; write it as 2026-11-16T09:00:00+01:00."
    if not isinstance(text, str):
        raise ValueError(message)  # noqa: TRY004 - pydantic reports it with the line
    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(message) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(message)
    return at


def refuse(problems: Sequence[str]) -> NoReturn:
    """Say what is wrong with the input, and stop; nothing was changed."""
    for problem in problems[:MOST_TOLD]:
        click.echo(hide_passwords(problem), err=True)
    if len(problems) > MOST_TOLD:
        click.echo(f"… and {len(problems) - MOST_TOLD} more.", err=True)
    sys.exit(BAD)


def read_lines(path: Path, model: type[Model]) -> list[tuple[int, Model]]:
    """Read a file of JSON lines, each with its line number; a bad line refuses the whole file."""
    found: list[tuple[int, Model]] = []
    problems: list[str] = []
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        refuse([f"{path}: {error.strerror}."])
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append((number, model.model_validate_json(line)))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            said = f"{where}: {first['msg']}" if where else first["msg"]
            problems.append(f"{path}: line {number}: {said}.")
    if problems:
        refuse(problems)
    return found


Result = TypeVar("Result")
Main = Callable[[], Awaitable[Result]]

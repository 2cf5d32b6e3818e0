"""What commands use: settings, store and content, each refused in one sentence if unusable."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.app import run as run_to_its_end
from bot.cli.given import refuse
from bot.settings import Kind, Place, SettingsError, read_settings
from bot.wiring.parts import (
    UNUSABLE,
    Rows,
    ToldUse,
    Written,
    load_competitions,
    load_library,
    load_members,
    load_message,
    load_programme,
    load_rules,
    load_sessions,
    load_some_members,
    load_sprints,
    load_table,
    load_usage,
)
from bot.wiring.searching import Searching, load_articles, make_search
from dialogs.knowledge import Article
from dialogs.library import Library
from dialogs.linter import Rules
from nudges.competition import Competition
from nudges.directory import Entry
from nudges.people import Language
from nudges.programme import Programme
from nudges.sprint import Sprint
from nudges.training import Session

Result = TypeVar("Result")


def settings(kind: type[Kind], **given: Any) -> Kind:  # noqa: ANN401 - pydantic checks each
    """Read settings, or refuse with what to set."""
    try:
        return read_settings(kind, **given)
    except SettingsError as error:
        refuse(str(error).splitlines())


class Viewed(Protocol):
    """The part of a transaction that a command notes in what it prints of people."""

    async def note_views(self, views: Iterable[tuple[str, str]], now: datetime) -> None:
        """Write down who is shown what."""
        ...


async def note_view(work: Viewed, what: str) -> None:
    """Note in the audit log that a command prints something about people."""
    await work.note_views([("command line", what)], datetime.now(UTC))


def library(own: Path | None = None) -> Library:
    """Read our content, and over it ``own`` or else the folder that the settings name."""
    place = settings(Place, content=own)
    try:
        return load_library(place.content)
    except UNUSABLE as error:
        refuse(str(error).splitlines())


def articles(path: Path) -> dict[str, Article]:
    """Read articles as JSON lines, or refuse them with the number of the line."""
    try:
        return load_articles(path)
    except UNUSABLE as error:
        refuse(str(error).splitlines())


def search(library: Library, *, lexical: bool) -> Searching:
    """Return a search over content, all of it made: by letters only if so wanted."""
    found = make_search(settings(Place), lambda: library, semantic=not lexical)
    found.rebuild()
    return found


def rules(language: Language) -> Rules:
    """Read the linter's words for a language, the organisation's own over ours."""
    place = settings(Place)
    try:
        return load_rules(language, place.content)
    except UNUSABLE as error:
        refuse(str(error).splitlines())


def table(path: Path) -> list[Entry]:
    """Read a table of people, or refuse it with a line for each row that is wrong."""
    try:
        return load_table(path)
    except UNUSABLE as error:
        refuse([f"{path}: {problem}." for problem in str(error).splitlines()])


def programme(path: Path) -> Programme:
    """Read a programme, or refuse it with what to mend."""
    try:
        return load_programme(path)
    except UNUSABLE as error:
        refuse(str(error).splitlines())


def message(path: Path) -> Written:
    """Read a broadcast, or refuse it with what to mend."""
    try:
        return load_message(path)
    except UNUSABLE as error:
        refuse(str(error).splitlines())


def sessions(path: Path) -> tuple[Session, ...]:
    """Read training sessions, or refuse them with what to mend."""
    try:
        return load_sessions(path)
    except UNUSABLE as error:
        refuse(str(error).splitlines())


def competitions(path: Path) -> tuple[Competition, ...]:
    """Read competitions, or refuse them with what to mend."""
    try:
        return load_competitions(path)
    except UNUSABLE as error:
        refuse(str(error).splitlines())


def sprints(path: Path) -> tuple[Sprint, ...]:
    """Read clean-up sprints, or refuse them with what to mend."""
    try:
        return load_sprints(path)
    except UNUSABLE as error:
        refuse(str(error).splitlines())


def members(path: Path) -> Rows:
    """Read a list of people, or refuse it with a line for each row that is wrong."""
    try:
        return load_members(path)
    except UNUSABLE as error:
        refuse([f"{path}: {problem}." for problem in str(error).splitlines()])


def some_members(path: Path) -> Rows:
    """Read the rows of a list of people that are right, or refuse a file that is no list."""
    try:
        return load_some_members(path)
    except UNUSABLE as error:
        refuse([f"{path}: {problem}." for problem in str(error).splitlines()])


def run(main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a command's work; what an administrator can mend is said in a sentence."""
    try:
        return run_to_its_end(main(), _loops())
    except (*UNUSABLE, OSError) as error:
        refuse(str(error).splitlines() or [type(error).__name__])


def _loops() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the quicker loop where it is installed, which the extra ``fast`` does."""
    if find_spec("uvloop") is None:
        return None
    return import_module("uvloop").new_event_loop


def usage_table(path: Path) -> ToldUse:
    """Read a table of measured use, or refuse it with a line for each cell that is wrong."""
    try:
        return load_usage(path)
    except UNUSABLE as error:
        refuse([f"{path}: {problem}." for problem in str(error).splitlines()])

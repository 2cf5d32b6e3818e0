"""Read training sessions that an organisation wrote as a file: a table for each."""

from pathlib import Path

from pydantic import AwareDatetime, Field

from adapters.content.files import ContentError, Strict, parsed, text_of, toml_of
from nudges.audience_language import RuleError, parse, written
from nudges.training import Session


class _Session(Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    title: dict[str, str] = Field(min_length=1)
    why: dict[str, str] = Field(default_factory=dict)
    starts: AwareDatetime
    minutes: int
    seats: int
    place: str = ""
    link: str = ""
    about: str = ""
    rule: str = "everyone"
    trainer: str = ""
    open: bool = True


class _Sessions(Strict):
    session: tuple[_Session, ...] = Field(min_length=1)


def load_sessions(path: Path) -> tuple[Session, ...]:
    """Read the sessions of a file; ``trainer`` is as it is written there.

    Raises:
        ContentError: the file is broken.

    """
    read = parsed(_Sessions, toml_of(path, text_of(path)), path)
    keys = [one.id for one in read.session]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        message = f"{path}: two sessions have the id {twice!r}; each needs one of its own."
        raise ContentError(message)
    return tuple(_session(one, path) for one in read.session)


def _session(read: _Session, path: Path) -> Session:
    try:
        rule = written(parse(read.rule))
    except RuleError as error:
        message = f"{path}: session {read.id}: rule: {error}"
        raise ContentError(message) from error
    values = read.model_dump(exclude={"id", "rule"})
    return Session(key=read.id, rule=rule, **values)

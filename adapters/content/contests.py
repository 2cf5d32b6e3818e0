"""Read competitions and clean-up sprints that an organisation wrote as a file: a table for each."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import Field

from adapters.content.files import ContentError, Strict, parsed, text_of, toml_of
from nudges.adoption import Metric
from nudges.competition import Award, Competition
from nudges.sprint import Sprint

_ID = r"^[a-z0-9][a-z0-9-]{0,59}$"


class _Award(Strict):
    points: int
    most_a_week: int


class _Competition(Strict):
    id: str = Field(pattern=_ID)
    name: dict[str, str] = Field(min_length=1)
    rule: dict[str, str] = Field(min_length=1)
    prize: dict[str, str] = Field(min_length=1)
    starts: date
    ends: date
    segments: tuple[str, ...] = ()
    points: dict[Metric, _Award] = Field(min_length=1)


class _Competitions(Strict):
    competition: tuple[_Competition, ...] = Field(min_length=1)


class _Sprint(Strict):
    id: str = Field(pattern=_ID)
    reason: dict[str, str] = Field(min_length=1)
    fill: dict[str, str] = Field(min_length=1)
    goal: int
    starts: date
    ends: date
    segments: tuple[str, ...] = ()


class _Sprints(Strict):
    sprint: tuple[_Sprint, ...] = Field(min_length=1)


def load_competitions(path: Path) -> tuple[Competition, ...]:
    """Read the competitions of a file.

    Raises:
        ContentError: the file is broken.

    """
    read = parsed(_Competitions, toml_of(path, text_of(path)), path).competition
    _each_once([one.id for one in read], "competitions", path)
    return tuple(
        Competition(
            one.id,
            one.name,
            one.rule,
            one.prize,
            one.starts,
            one.ends,
            tuple(sorted(one.segments)),
            {metric: Award(a.points, a.most_a_week) for metric, a in one.points.items()},
        )
        for one in read
    )


def load_sprints(path: Path) -> tuple[Sprint, ...]:
    """Read the sprints of a file.

    Raises:
        ContentError: the file is broken.

    """
    read = parsed(_Sprints, toml_of(path, text_of(path)), path).sprint
    _each_once([one.id for one in read], "sprints", path)
    return tuple(
        Sprint(
            one.id,
            one.reason,
            one.fill,
            one.goal,
            one.starts,
            one.ends,
            tuple(sorted(one.segments)),
        )
        for one in read
    )


def _each_once(keys: Sequence[str], what: str, path: Path) -> None:
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        message = f"{path}: two {what} have the id {twice!r}; each needs one of its own."
        raise ContentError(message)

"""Read the levels: what belongs to each, what it brings, and how much each goal counts.

The organisation writes them in one file; a goal that nobody can reach, a tip that is not there or a
language that is missing is refused with what to mend.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from adapters.content.reading import (
    ContentError,
    Strict,
    check_slots,
    layered,
    parsed,
    text_of,
    toml_of,
)
from dialogs.library import LevelWords
from nudges.adoption import RANGES, Metric
from nudges.levels import LONGEST, Goal, Level, Levels
from nudges.people import Language
from nudges.programme import LEVELS

FILE = "levels.toml"
NAME, TEXT = 24, 400
"""Most characters of a name, and of what is said with a level."""
_Weight = Annotated[float, Field(gt=0, le=100)]


class _Goal(Strict):
    metric: Metric
    at_least: float | None = None
    at_most: float | None = None
    jobs: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    weeks: Annotated[int, Field(ge=1, le=LONGEST)] = 1
    weight: _Weight | None = None


class _Level(Strict):
    level: Annotated[int, Field(ge=LEVELS[0], le=LEVELS[-1])]
    name: dict[Language, str] = Field(min_length=1)
    launch: dict[Language, str]
    incentive: dict[Language, str]
    tips: tuple[str, ...] = ()
    goal: list[_Goal] = Field(min_length=1)


class _Levels(Strict):
    weights: dict[Metric, _Weight] = Field(default_factory=dict[Metric, _Weight])
    level: list[_Level]


def load_levels(
    folders: Sequence[Path], reads: Callable[[bytes], None], tips: Collection[str]
) -> tuple[Levels, dict[int, LevelWords]]:
    """Read the levels, the organisation's own file in the place of ours.

    Args:
        folders: where content is, ours first.
        reads: is told what was read, so that a version can be worked out.
        tips: the tips there are.

    Raises:
        ContentError: the file is broken.

    """
    levels: dict[int, Level] = {}
    words: dict[int, LevelWords] = {}
    weights: Mapping[Metric, float] = {}
    for path in layered(folders, ".", FILE):
        text = text_of(path)
        reads(text.encode())
        read = parsed(_Levels, toml_of(path, text), path)
        weights = read.weights
        for one in read.level:
            if one.level in levels:
                message = f"{path}: level {one.level} stands there twice."
                raise ContentError(message)
            where = f"{path}: level {one.level}"
            if lost := sorted(set(one.tips) - set(tips)):
                message = f"{where}: there is no tip {lost[0]}."
                raise ContentError(message)
            for name, said, most in (
                ("name", one.name, NAME),
                ("launch", one.launch, TEXT),
                ("incentive", one.incentive, TEXT),
            ):
                _fitting(path, f"level {one.level}: {name}", said, one.name, most)
            goals = tuple(_goal(where, goal) for goal in one.goal)
            levels[one.level] = Level(one.level, goals, one.tips)
            words[one.level] = LevelWords(one.name, one.launch, one.incentive)
    return Levels(levels, weights), words


def _goal(where: str, read: _Goal) -> Goal:
    """Return a goal, which has one side and a target that its metric can have."""
    if (read.at_least is None) is (read.at_most is None):
        message = f"{where}: {read.metric}: write at_least or at_most, one of them."
        raise ContentError(message)
    target = read.at_least if read.at_least is not None else read.at_most or 0.0
    can = RANGES[read.metric]
    if not can.least <= target <= can.most:
        message = f"{where}: {read.metric}: {target:g} is not from {can.least:g} to {can.most:g}."
        raise ContentError(message)
    at_most = read.at_most is not None
    return Goal(read.metric, target, at_most, read.jobs, read.segments, read.weeks, read.weight)


def _fitting(
    path: Path, name: str, words: Mapping[Language, str], named: Mapping[Language, str], most: int
) -> None:
    """Refuse words that are in other languages than the name, or too long."""
    if odd := sorted(words.keys() ^ named.keys()):
        message = f"{path}: {name} is not written in the same languages: {odd[0]}."
        raise ContentError(message)
    for language, text in words.items():
        if len(text) > most:
            message = f"{path}: {name} in {language} has {len(text)} characters; {most} fit."
            raise ContentError(message)
    check_slots(path, name, list(words.values()))

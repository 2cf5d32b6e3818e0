"""Read the tips: one idea a file, its facts and its question above its words.

A tip is read on a phone between two customers, so its words have a length, and it says why. A file
that is too long, lacks a language or gives away its answer is refused with what to mend.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from adapters.content.reading import (
    ContentError,
    Strict,
    check_slots,
    layered,
    sections_of,
    text_of,
)
from dialogs.library import TipWords
from nudges.adkar import Element
from nudges.people import Language
from nudges.programme import LEVELS
from nudges.tips import Tip

FOLDER = "tips"
TITLE, BODY, WHY, QUESTION, ANSWER = 60, 400, 200, 150, 75
"""Most characters of each, in any language."""
WRONG = 2
"""How many answers stand beside the right one."""


class _Quiz(Strict):
    question: dict[Language, str]
    right: dict[Language, str]
    wrong: dict[Language, Annotated[list[str], Field(min_length=WRONG, max_length=WRONG)]]


class _Tip(Strict):
    element: Element
    jobs: frozenset[str] = frozenset()
    levels: frozenset[Annotated[int, Field(ge=LEVELS[0], le=LEVELS[-1])]] = frozenset()
    area: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    article: str = Field(default="", pattern=r"^([a-z][a-z0-9-]{0,79})?$")
    why: dict[Language, str]
    quiz: _Quiz


def load_tips(
    folders: Sequence[Path], reads: Callable[[bytes], None]
) -> tuple[dict[str, Tip], dict[str, TipWords]]:
    """Read all tips, those of a later folder over those of an earlier one.

    Args:
        folders: where content is, ours first.
        reads: is told what was read, so that a version can be worked out.

    Raises:
        ContentError: a file is broken.

    """
    tips: dict[str, Tip] = {}
    said: dict[str, TipWords] = {}
    for path in layered(folders, FOLDER, "*.md"):
        text = text_of(path)
        reads(text.encode())
        tips[path.stem], said[path.stem] = _tip(path, text)
    return tips, said


def _tip(path: Path, text: str) -> tuple[Tip, TipWords]:
    facts, story = sections_of(path, text, _Tip)
    quiz = facts.quiz
    wrong = tuple(
        {language: some[n] for language, some in quiz.wrong.items()} for n in range(WRONG)
    )
    parts: tuple[tuple[str, Mapping[Language, str], int], ...] = (
        ("title", story.title, TITLE),
        ("text", story.body, BODY),
        ("why", facts.why, WHY),
        ("quiz.question", quiz.question, QUESTION),
        ("quiz.right", quiz.right, ANSWER),
        *(("quiz.wrong", words, ANSWER) for words in wrong),
    )
    for name, words, most in parts:
        _fitting(path, name, words, story.title, most)
    for language in quiz.right:
        answers = [quiz.right[language], *(words[language] for words in wrong)]
        if len({answer.strip().casefold() for answer in answers}) < len(answers):
            message = f"{path}: two answers of quiz are the same in {language}."
            raise ContentError(message)
    tip = Tip(path.stem, facts.element, facts.jobs, facts.levels, facts.area, facts.article)
    words = TipWords(story.title, story.body, facts.why, quiz.question, quiz.right, wrong)
    return tip, words


def _fitting(
    path: Path, name: str, words: Mapping[Language, str], spoken: Mapping[Language, str], most: int
) -> None:
    """Refuse words that are in other languages than the title, or too long."""
    if odd := sorted(words.keys() ^ spoken.keys()):
        trouble = "is not written" if odd[0] in spoken else "is written, and the title not,"
        message = f"{path}: {name} {trouble} in {odd[0]}."
        raise ContentError(message)
    for language, text in words.items():
        if len(text) > most:
            message = f"{path}: {name} in {language} has {len(text)} characters; {most} fit."
            raise ContentError(message)
    check_slots(path, name, list(words.values()))

"""Read the linter's words: ours, and over them the organisation's own folder.

``linter/nl.toml`` holds the cues of a language and ``linter/nl-jargon.toml`` its jargon. A file of
the same name replaces ours whole, as with all content; any other file that begins so, such as
``nl-jargon-own.toml``, adds to them, and of a word that stands in two the later one counts.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field
from typing_extensions import override

from adapters.content.files import OURS
from adapters.content.reading import ContentError, Strict, layered, parsed, text_of, toml_of
from dialogs.cues import CueError, Finder
from dialogs.linter import Cues, Jargon, Part, Reason, Rules
from dialogs.speech import languages
from nudges.people import Language

FOLDER = "linter"


class _Cues(Strict):
    says: tuple[str, ...] = Field(min_length=1)
    asks: tuple[str, ...] = ()
    strikes: tuple[str, ...] = ()


class _Jargon(Strict):
    word: str = Field(pattern=r"^\w", max_length=80)
    plain: str = Field(min_length=1, max_length=200)
    known: frozenset[Literal["everyone", "sales", "service", "leadership"]] = frozenset()
    unless: tuple[str, ...] = ()


class _Rules(Strict):
    lists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    jargon: tuple[_Jargon, ...] = ()
    why: _Cues | None = None
    why_now: _Cues | None = None
    wrong_today: _Cues | None = None
    what_if_not: _Cues | None = None
    wiifm: _Cues | None = None
    goal: _Cues | None = None
    expectation: _Cues | None = None
    figure: _Cues | None = None
    technology: _Cues | None = None
    cost: _Cues | None = None
    people: _Cues | None = None


def load_rules(language: Language, own: Path | None = None) -> Rules:
    """Read what the linter knows of a language.

    Raises:
        ContentError: a file is broken, or nothing is written for the language.

    """
    if own and not own.is_dir():
        message = f"The content folder {own} does not exist."
        raise ContentError(message)
    cues: dict[Part | Reason, Cues] = {}
    jargon: dict[str, Jargon] = {}
    for path in layered([OURS, *([own] if own else [])], FOLDER, f"{language}*.toml"):
        read = parsed(_Rules, toml_of(path, text_of(path)), path)
        for key in (*Part, *Reason):
            section: _Cues | None = getattr(read, key)
            if section:
                cues[key] = _cues(section, read.lists, path)
        for one in read.jargon:
            jargon[one.word.casefold()] = Jargon(one.word, one.plain, one.known, one.unless)
    missing = [key for key in (*Part, *Reason) if key not in cues]
    if missing:
        message = f"{FOLDER}/{language}.toml: has no cues for {', '.join(missing)}."
        raise ContentError(message)
    return Rules(language, cues, tuple(jargon.values()))


def _cues(section: _Cues, lists: dict[str, tuple[str, ...]], path: Path) -> Cues:
    try:
        return Cues(
            Finder(section.says, lists),
            Finder(section.asks, lists),
            Finder(section.strikes, lists),
        )
    except CueError as error:
        message = f"{path}: {error}."
        raise ContentError(message) from error


class RulesAsNeeded(Mapping[Language, Rules]):
    """The linter's words in every language, read when an author first needs them.

    They take longer to read than all other content, and a program that starts needs none. What an
    organisation wrote itself is read at once, so that a broken file is refused at the start.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._read: dict[Language, Rules] = {}
        if own and (own / FOLDER).is_dir():
            for language in self:
                self[language]

    @override
    def __getitem__(self, language: Language) -> Rules:
        if language not in languages():
            raise KeyError(language)
        if language not in self._read:
            self._read[language] = load_rules(language, self._own)
        return self._read[language]

    @override
    def __iter__(self) -> Iterator[Language]:
        return iter(languages())

    @override
    def __len__(self) -> int:
        return len(languages())

"""The words behind the facts: what the content files say, in every language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.knowledge import Article, System
from dialogs.linter import Rules
from dialogs.records import Table
from nudges.activities import Activity
from nudges.adkar import Bank, Question
from nudges.follow_up import FollowUp
from nudges.levels import NO_LEVELS, Levels
from nudges.people import Language
from nudges.programme import Words
from nudges.tips import Tip


@dataclass(frozen=True, slots=True)
class Wording:
    """How a question is put; ``about`` completes "because of what you said about …"."""

    text: Words
    about: Words


@dataclass(frozen=True, slots=True)
class Story:
    """The words of a follow-up; paragraphs are separated by an empty line."""

    title: Words
    body: Words


@dataclass(frozen=True, slots=True)
class Deed:
    """The words of an activity: what to do, and why."""

    text: Words
    why: Words


@dataclass(frozen=True, slots=True)
class TipWords:
    """The words of a tip: one idea with its why, and the question that shows it is known.

    ``wrong`` are the answers beside the right one; paragraphs are separated by an empty line.
    """

    title: Words
    body: Words
    why: Words
    question: Words
    right: Words
    wrong: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class LevelWords:
    """The words of a level: its name, how it is celebrated, and what it brings."""

    name: Words
    launch: Words
    incentive: Words


@dataclass(frozen=True, eq=False)
class Library:
    """All content of one organisation, read once and swapped whole when a file changes.

    ``rules`` are the linter's, of each language, read when they are first asked for. ``articles``
    and ``systems`` are what people ask for, and ``tables`` the records that they ask about;
    ``kin`` are words of the trade that mean the same, and ``elsewhere`` questions that no article
    answers.
    ``version`` changes with the files, so that a card drawn from older words is drawn again.
    """

    version: str
    bank: Bank
    wordings: Mapping[str, Wording]
    follow_ups: tuple[FollowUp, ...] = ()
    stories: Mapping[str, Story] = field(default_factory=dict[str, Story])
    activities: tuple[Activity, ...] = ()
    deeds: Mapping[str, Deed] = field(default_factory=dict[str, Deed])
    rules: Mapping[Language, Rules] = field(default_factory=dict[Language, Rules])
    articles: Mapping[str, Article] = field(default_factory=dict[str, Article])
    systems: Mapping[str, System] = field(default_factory=dict[str, System])
    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])
    kin: tuple[tuple[str, ...], ...] = ()
    elsewhere: tuple[str, ...] = ()
    tips: Mapping[str, Tip] = field(default_factory=dict[str, Tip])
    tip_words: Mapping[str, TipWords] = field(default_factory=dict[str, TipWords])
    levels: Levels = NO_LEVELS
    level_words: Mapping[int, LevelWords] = field(default_factory=dict[int, LevelWords])

    def question(self, key: str) -> Question | None:
        """Return a question, or nothing if the organisation has dropped it since."""
        return self.bank.get(key)

    def follow_up(self, key: str) -> FollowUp | None:
        """Return a follow-up, or nothing if the organisation has dropped it since."""
        return next((f for f in self.follow_ups if f.id == key), None)

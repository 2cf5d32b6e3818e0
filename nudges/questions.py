"""Questions people asked about the CRM: what they were shown for it, and whether that was it.

What people ask is theirs: it goes when they are forgotten, and nobody reads it with their name
unless they asked for a colleague. A question about one customer is counted without its words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from nudges.people import Language

KEPT = timedelta(days=180)
"""How long a question is kept."""
RECORDS_KEPT = timedelta(minutes=15)
"""How long what the CRM said is kept: as long as it takes to arrive, and to choose from it."""
LONGEST = 500
"""Characters of a question that are kept."""
QuestionKind: TypeAlias = Literal["howto", "lookup", "system"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked something; ``key`` is the turn's name.

    ``articles`` are those that were shown, best first; ``answered`` says whether one of them was
    shown as an answer, or the system of a thing. Words of a lookup are not kept: ``text`` is empty.
    """

    key: str
    kind: QuestionKind
    text: str = ""
    language: Language = "en"
    articles: tuple[str, ...] = ()
    answered: bool = False


@dataclass(frozen=True, slots=True)
class AskedOutside:
    """A question about the CRM was asked outside it; by whom is not kept."""

    area: str


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody said that this article was it, or, with ``was_it`` false, that it was not."""

    key: str
    article: str
    was_it: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is kept; ``found`` is the article that was it, ``wrong`` one that wasn't."""

    key: str
    person: str
    kind: QuestionKind
    text: str
    language: Language
    articles: tuple[str, ...]
    answered: bool
    at: datetime
    found: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Learned:
    """What questions in these words led to: how many different people said that it was it, or not.

    ``people`` is negative where more of them said that it was not.
    """

    words: str
    article: str
    people: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the CRM said to whoever asked, in words, until it has arrived.

    ``rows`` are a record's facts, name and value; ``choices`` are records that may be meant, a line
    for each.
    """

    key: str
    title: str
    rows: tuple[tuple[str, str], ...] = ()
    choices: tuple[str, ...] = ()

"""The Monday report on questions: what nobody could answer, what is out of date, what is broken.

Words that few people used are theirs: a group is shown by the words that at least five of its
people wrote, and no number is about fewer than five people. What is below is not told at all.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from nudges.hours import first_morning, local_day
from nudges.people import Person
from nudges.questions import Question
from nudges.release import FLOOR

ALIKE = 0.5
"""What share of their letter triples two questions have in common to be one."""
GRAM = 3
MOST_QUESTIONS = 2000
"""Questions of a week that are compared; beyond that the newest ones say enough."""
GROUPS, LISTED = 5, 5
STALE = timedelta(days=180)
"""How long somebody's look at an article holds."""
WEEK = timedelta(days=7)
GAP = "…"


@dataclass(frozen=True, slots=True)
class Asking:
    """A group of questions in the same words or nearly: those words, and from how many people."""

    words: str
    people: int


LinkTrouble: TypeAlias = Literal["gone", "failing", "slow", "unreachable", "unsafe", "inside"]
"""What is wrong with a link; ``inside`` is at an address we don't go to."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link of an article or a system, by its id, that opens nothing, and why."""

    where: str
    url: str
    why: LinkTrouble


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """What there is to say about a week.

    Attributes:
        groups: what at least five people asked and found no answer to, most people first.
        others: how many people asked something else in vain; 0 below five of them.
        waiting: questions to colleagues without an answer, by key.
        proposed: whether answers wait to become articles.
        stale: articles that nobody looked at for long, by id.
        doubted: articles of which more people said "that was not it" than "that was it".
        outside: how often it was asked outside the CRM, by area.

    """

    week: str
    groups: tuple[Asking, ...] = ()
    others: int = 0
    waiting: tuple[str, ...] = ()
    proposed: bool = False
    stale: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    broken: tuple[BrokenLink, ...] = ()
    outside: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything to say."""
        told = (self.groups, self.waiting, self.stale, self.doubted, self.broken, self.outside)
        return any(told) or bool(self.others) or self.proposed


def week_of(day: date) -> str:
    """Name the week of a day as ISO does: 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(person: Person, now: datetime) -> date:
    """Return the Monday of the week in which this person is."""
    today = local_day(person, now)
    return today - timedelta(days=today.weekday())


def due_for(person: Person, now: datetime) -> tuple[str, datetime]:
    """Return the week and the morning on which this person reads its report."""
    monday = monday_of(person, now)
    return week_of(monday), first_morning(person, monday)


def grouped(questions: Sequence[Question]) -> tuple[tuple[Asking, ...], int]:
    """Group questions that say nearly the same.

    Returns:
        The groups of at least five people, and how many people are in none of them: 0 if those
        are fewer than five.

    """
    groups: list[tuple[frozenset[str], list[Question]]] = []
    for one in sorted(questions[-MOST_QUESTIONS:], key=lambda q: (simple(q.text), q.key)):
        found = grams(one.text)
        best = max(groups, key=lambda g: alike(g[0], found), default=None)
        if best is not None and alike(best[0], found) >= ALIKE:
            best[1].append(one)
        else:
            groups.append((found, [one]))
    shown: list[Asking] = []
    rest: set[str] = set()
    for _, some in groups:
        people = {q.person for q in some}
        words = shared_words(some) if len(people) >= FLOOR else ""
        if words:
            shown.append(Asking(words, len(people)))
        else:
            rest |= people
    shown.sort(key=lambda a: (-a.people, a.words))
    return tuple(shown[:GROUPS]), len(rest) if len(rest) >= FLOOR else 0


def shared_words(questions: Sequence[Question]) -> str:
    """Return the most typical question of a group, without the words that few of them used."""
    used: dict[str, set[str]] = {}
    for one in questions:
        for word in simple(one.text).split():
            used.setdefault(word, set()).add(one.person)
    common = {word for word, people in used.items() if len(people) >= FLOOR}
    if not common:
        return ""
    texts = Counter(simple(q.text) for q in questions)
    typical = max(texts, key=lambda t: (len(common & set(t.split())), texts[t], -len(t), t))
    kept = [word if word in common else GAP for word in typical.split()]
    told = [w for place, w in enumerate(kept) if w != GAP or kept[place - 1 : place] != [GAP]]
    return " ".join(told)


def simple(text: str) -> str:
    """Reduce a question to lower-case words without accents or marks."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in flat if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]|_", " ", kept).split())


def grams(text: str) -> frozenset[str]:
    """Return the letter triples of a question, words apart."""
    words = (f" {word} " for word in simple(text).split())
    return frozenset(w[at : at + GRAM] for w in words for at in range(len(w) - GRAM + 1))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two questions have in common, from 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 0.0


def stale(reviewed: Mapping[str, date | None], today: date) -> tuple[str, ...]:
    """Return the articles that nobody looked at for long, the oldest first."""
    old = [(day, name) for name, day in reviewed.items() if day and today - day > STALE]
    return tuple(name for _, name in sorted(old))


def doubted(judged: Mapping[str, tuple[int, int]]) -> tuple[str, ...]:
    """Return the articles that more people, and at least five, said were not it than were."""
    wrong = [(no - yes, name) for name, (yes, no) in judged.items() if no >= FLOOR and no > yes]
    return tuple(name for _, name in sorted(wrong, key=lambda one: (-one[0], one[1])))


def told_outside(asked: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return the areas in which it was asked outside the CRM often enough to tell, most first."""
    found = ((area, n) for area, n in asked.items() if n >= FLOOR)
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))


def first_of(names: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """Return the first few of a list, and how many more there are."""
    every = tuple(names)
    return every[:LISTED], max(0, len(every) - LISTED)

"""Find it: what somebody asked, how it was understood, and what was found outside.

A dialog is a function and cannot wait, so what it needs from the search or from the CRM it asks
for with an :class:`Ask`; the program looks it up, for this one person, and asks the dialog again
with the :class:`Finding`.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dialogs.records import Looked, Wanted

Intent: TypeAlias = Literal["pulse", "command", "howto", "lookup", "system", "none"]
LONGEST = 500
"""Characters of a question that are looked at; whoever writes more says it in the first ones."""
BEST = 5
"""How many articles a search returns."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What somebody meant; ``other`` is what it may be as well, where that is not sure.

    ``wanted`` is the record that a lookup is for, and ``system`` the thing that which-system is
    about, by its id in ``systems.toml``, or empty if none was recognised.
    """

    intent: Intent
    other: Intent | None = None
    wanted: Wanted | None = None
    system: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that a search found, and how well it fits, from 0 to 1."""

    article: str
    score: float


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search found: the best articles, best first; whether it would show them.

    ``answered`` is false where an honest "I don't know" is better; ``sure`` is true where the
    first one alone is the answer.
    """

    hits: tuple[Hit, ...] = ()
    answered: bool = False
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """What people pressed under an answer: how many different ones said that this was it, or not.

    ``words`` are what was asked.
    """

    words: str
    article: str
    people: int
    against: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to what is outside: our articles, or the CRM as this person.

    ``words`` are looked for among the articles, ``wanted`` in the CRM; either may be left out.
    """

    words: str = ""
    wanted: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What an :class:`Ask` found; a part that was not asked for is None."""

    sought: Sought | None = None
    looked: Looked | None = None

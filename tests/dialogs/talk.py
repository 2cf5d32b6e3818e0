"""Conversations as tables: what they do, and what we say, in any language.

Labels and sentences are named by their key in the catalogue, so that one table is a
conversation in every language. What we say is looked for in the messages that are new or were
replaced, with whatever stands in the slots.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dialogs.doorway import Reply
from dialogs.speech import catalogue
from dialogs.turns import Filled
from nudges.hours import next_morning
from nudges.people import Motivator
from nudges.roles import Grant, Role
from tests.desk import Desk, Seen, at

SPEAKERS = {"en": "ann", "nl": "bob"}
"""Someone of each language; both work in sales, which is live."""
GAP = re.compile(r"\*\*|\{[a-z_]+\}")


@dataclass(frozen=True)
class Joins:
    """They open the chat for the first time."""


@dataclass(frozen=True)
class IsKnown:
    """They have been through the welcome before, and care about time."""


@dataclass(frozen=True)
class Holds:
    """They are given a role."""

    role: Role


@dataclass(frozen=True)
class Says:
    """They type something; a key stands for the first of the words that may be typed."""

    text: str


@dataclass(frozen=True)
class Taps:
    """They press the newest button with this label."""

    label: str


@dataclass(frozen=True)
class Fills:
    """They send the form that was opened last."""

    values: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Waits:
    """Time passes, and the ticker ticks."""

    hours: float


They: TypeAlias = Joins | IsKnown | Holds | Says | Taps | Fills | Waits
We: TypeAlias = str | tuple[str, ...]
"""Keys of what we say; ``form:`` for a form, ``error:`` for what is wrong with one."""
Table: TypeAlias = Sequence[tuple[They, We]]
NOTHING: We = ()
MEET: Table = ((IsKnown(), NOTHING),)


def said(language: str, key: str) -> str:
    """Return a sentence; what is no key stands for itself."""
    if key == "language":
        key = f"language.{language}"
    return catalogue(language).gettext(key)


def holds(text: str, language: str, key: str) -> bool:
    """Tell whether a card says a sentence, whatever its slots were filled with."""
    return all(part in text for part in GAP.split(said(language, key)))


@dataclass
class Talk:
    """One person's conversation with the house."""

    desk: Desk
    language: str
    reply: Reply | None = None
    form: Reply | None = None

    @property
    def who(self) -> str:
        return SPEAKERS[self.language]

    async def goes(self, table: Table) -> "Talk":
        """Walk through a table, and check each of our answers."""
        for place, (they, we) in enumerate(table, 1):
            self.desk.clock.pass_(seconds=1)
            before = list(self.desk.chat(self.who))
            await self.does(they)
            new = [s for s in self.desk.chat(self.who) if not any(s is old for old in before)]
            self._check(f"{place}: {they}", new, (we,) if isinstance(we, str) else we)
        return self

    async def does(self, they: They) -> None:
        match they:
            case Joins():
                await self.desk.joins(self.who)
            case IsKnown():
                now = self.desk.clock()
                known = replace(
                    await self.desk.person(self.who),
                    welcomed=True,
                    motivator=Motivator.TIME,
                )
                known = replace(known, next_due=next_morning(known, now))
                async with self.desk.store.write() as work:
                    await work.save([known], now)
            case Holds(role):
                async with self.desk.store.write() as work:
                    await work.keep([Grant(self.who, role)], "test", self.desk.clock())
            case Says(text):
                words = said(self.language, text).split(", ") if "." in text else [text]
                self.reply = await self.desk.says(self.who, words[0])
            case Taps(label):
                self.reply = await self.desk.taps(self.who, said(self.language, label))
                if self.reply and self.reply.form:
                    self.form = self.reply
            case Fills(values):
                assert self.form
                assert self.form.form, "no form is open"
                form = self.form.form
                tap = form.form.tap
                turn = Filled(at(self.who), tap.verb, str(tap.choice), form.token, values)
                self.reply = await self.desk.arrive(turn)
            case Waits(hours):
                self.desk.clock.pass_(hours=hours)
                await self.desk.plan()

    def _check(self, place: str, new: Sequence[Seen], we: tuple[str, ...]) -> None:
        for key in we:
            kind, _, name = key.rpartition(":")
            if kind == "form":
                assert self.reply, place
                assert self.reply.form, place
                assert self.reply.form.form.title == said(self.language, name), place
            elif kind == "error":
                assert self.reply, place
                assert said(self.language, name) in self.reply.errors.values(), place
            else:
                assert any(holds(s.text, self.language, key) for s in new), (
                    f"{place}: {key} is not in {[s.text for s in new]}"
                )
        expected = [key for key in we if ":" not in key]
        assert bool(new) == bool(expected), f"{place}: {[s.text for s in new]}"

"""What follows from a turn: deliveries, and the reply that the platform waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.pictures import NoPictures, Pictures, illustrated
from dialogs import notes
from dialogs.doorway import Arrival, DrawnCard, DrawnForm, Kept, Reply
from dialogs.reader import speech
from dialogs.speech import Speech
from dialogs.token import NOBODY, NOWHERE, Tokens
from dialogs.turns import Context, Message, Pointed, Said, Step, Turn
from nudges.delivery import Delivery, Note, Priority
from nudges.digest import NormsAgreed
from nudges.edits import is_edit
from nudges.people import with_grant
from nudges.roles import Grant


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that was taken: whose it was, where, and what the dialog wants."""

    arrival: Arrival
    turn: Turn
    context: Context
    step: Step

    @property
    def on(self) -> Message | None:
        """Return the message that the step replaces."""
        return self.step.on or self.context.message

    @property
    def done(self) -> list[int]:
        """Return the messages whose buttons are done with this turn."""
        on = [self.on.delivery] if self.step.instead and self.on else []
        return [*on, *(message.delivery for message, _ in self.step.also)]

    @property
    def covered(self) -> bool:
        """Say whether what may be kept of the reply is not what it says."""
        step = self.step
        said = (step.instead, step.form, step.public, *step.show)
        return any(note is not None and note.cover is not None for note in said)

    @property
    def after(self) -> Context:
        """Return the context as it is once the step has been kept."""
        programme, roster = self.context.programme, self.context.roster
        norms = self.context.norms
        for fact in self.step.facts:
            if isinstance(fact, Grant):
                roster = with_grant(roster, self.context.found or (), fact)
            elif isinstance(fact, NormsAgreed):
                norms = {**norms, self.context.person.id: fact.norms}
            elif is_edit(fact):
                programme = fact.apply(programme)
        return replace(
            self.context,
            person=self.step.person or self.context.person,
            answers=(*self.context.answers, *self.step.answers),
            programme=programme,
            roster=roster,
            norms=norms,
        )

    @property
    def private(self) -> bool:
        """Say whether new cards go to the person's chat; in a channel they are shown at once."""
        match self.turn:
            case Said(private=private):
                return private
            case turn:
                return not isinstance(turn, Pointed)

    def deliveries(self, now: datetime) -> list[Delivery]:
        """Return everything that leaves because of this turn."""
        step, person, key = self.step, self.context.person.id, self.arrival.key
        found = list(step.queue)
        if step.instead and self.on:
            found.append(interactive(f"replace:{key}", person, step.instead, now, self.on.root))
        found += [
            interactive(f"also:{key}:{place}", person, note, now, message.root)
            for place, (message, note) in enumerate(step.also)
        ]
        if self.private:
            found += [
                interactive(f"reply:{key}:{place}", person, note, now)
                for place, note in enumerate(step.show)
            ]
        return found

    def reply(
        self, numbers: Mapping[tuple[str, str], int], *, covered: bool = False
    ) -> dict[str, Any]:
        """Return the reply as data; ``numbers`` are those of the queued deliveries.

        Covered, it is what may be kept of it where what it says would tell on its person.
        """
        step, person = self.step, self.context.person.id
        says = _covered if covered else notes.dump
        reply: dict[str, Any] = {}
        if step.instead:
            number = numbers.get((f"replace:{self.arrival.key}", person), NOWHERE)
            reply["instead"] = {"note": says(step.instead), "number": number}
        if step.form:
            number = self.context.message.delivery if self.context.message else NOWHERE
            reply["form"] = {"note": says(step.form), "number": number}
        if step.public:
            reply["public"] = says(step.public)
        if step.errors and not (covered and step.form and step.form.cover):
            reply["errors"] = [list(error) for error in step.errors]
        if step.show and not self.private:
            reply["shown"] = [says(note) for note in step.show]
        return reply

    def kept(self, numbers: Mapping[tuple[str, str], int], *, covered: bool = False) -> Kept:
        """Return the reply as it is drawn now, or covered, as it may be kept."""
        return Kept(self.arrival.key, self.context.person.id, self.reply(numbers, covered=covered))


@dataclass(frozen=True, slots=True)
class Replies:
    """Draw replies from what is kept of them."""

    tokens: Tokens
    pictures: Pictures = field(default_factory=NoPictures)

    def shown(self, kept: Kept) -> list[Note]:
        """Return the notes whose cards or forms a reply shows."""
        placed = (kept.reply.get("instead"), kept.reply.get("form"))
        found = [*kept.reply.get("shown", ()), *(one["note"] for one in placed if one)]
        return [notes.load(note) for note in found]

    def draw(self, kept: Kept, context: Context) -> Reply:
        """Draw a reply for the person in the context."""
        person, reply = context.person, kept.reply

        def drawn(note: dict[str, Any], number: int) -> DrawnCard:
            card = illustrated(notes.draw(notes.load(note), context), self.pictures)
            return DrawnCard(card, self.tokens.make(number, person.id))

        instead, form, public = reply.get("instead"), reply.get("form"), reply.get("public")
        errors: list[list[Any]] = reply.get("errors", [])
        voice = speech(person.language, context.programme)
        return Reply(
            language=voice.language,
            shown=tuple(drawn(note, NOWHERE) for note in reply.get("shown", ())),
            instead=drawn(instead["note"], instead["number"]) if instead else None,
            form=DrawnForm(
                notes.draw_form(notes.load(form["note"]), context),
                self.tokens.make(form["number"], person.id),
            )
            if form
            else None,
            public=DrawnCard(notes.draw(notes.load(public), context), NOBODY) if public else None,
            errors={name: _said(voice, key, *filled) for name, key, *filled in errors},
        )


def _covered(note: Note) -> dict[str, Any]:
    """Write a note as it may be kept: what stands in its place, where it would tell on somebody."""
    return notes.dump(note.cover or note)


def _said(voice: Speech, key: str, filled: Mapping[str, Any] | None = None) -> str:
    """Say what is wrong with a field."""
    return voice.line(key, **(filled or {}))


def interactive(
    occasion: str, person: str, note: Note, now: datetime, target: int | None = None
) -> Delivery:
    """Return the delivery of something that someone waits for."""
    kind = "post" if target is None else "replace"
    return Delivery(occasion, person, note, Priority.INTERACTIVE, now, kind, target)

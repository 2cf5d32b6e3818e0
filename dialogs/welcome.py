"""The first contact: what this is, who sees what, and five things we ask once."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Button, Card, Form, Paragraph, Row, Tap, TextField
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import best, languages
from dialogs.turns import Context, Filled, Joined, Remark, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.hours import local_day, next_morning
from nudges.people import Motivator

GREETING = "welcome"
OCCASION = "welcome:joined"
"""The welcome of who is new, on a working morning of theirs."""
GREETED = timedelta(days=1)
"""Within this time someone who comes again is not welcomed again."""
TOLD = ("expect", "ease", "problem")
"""What the short form asks, by field; the answers are kept as remarks of the same name."""


@dataclass(frozen=True, slots=True)
class WelcomeNote(Note):
    """The first card: who we are, that it is confidential, and which language to speak."""

    card: Literal["welcome"] = "welcome"

    @property
    def subject(self) -> str:
        """Name the greeting, so that nobody is welcomed twice."""
        return GREETING


@dataclass(frozen=True, slots=True)
class MattersNote(Note):
    """The question what matters most to someone at work."""

    card: Literal["matters"] = "matters"


@dataclass(frozen=True, slots=True)
class TellNote(Note):
    """An invitation to tell a little more, in a form."""

    card: Literal["tell"] = "tell"


@dataclass(frozen=True, slots=True)
class TellForm(Note):
    """The form with what you expect, what would help and what to solve first."""

    card: Literal["tell_form"] = "tell_form"


@dataclass(frozen=True, slots=True)
class ReadyNote(Note):
    """All set: when the first question comes, and what else can be asked."""

    day: str
    told: bool = False
    card: Literal["ready"] = "ready"


def read(turn: Turn, context: Context) -> Step:
    """Take someone through their first minutes."""
    note = context.message.note if context.message else None
    match turn, note:
        case Joined(name=name, language=language), _:
            person = replace(context.person, name=context.person.name or name)
            if language and not person.welcomed:
                person = replace(person, language=best(language))
            greeted = context.greeted
            if greeted is not None and greeted > context.now:  # it waited for a morning of theirs
                return Step(show=(WelcomeNote(),), person=person, cancel=(OCCASION,))
            again = greeted is None or context.now - greeted > GREETED
            return Step(show=(WelcomeNote(),) if again else (), person=person)
        case Tapped(verb="welcome.language", choice=language), WelcomeNote() if (
            language in languages()
        ):
            person = replace(
                context.person,
                language=language,
                welcomed=True,
                next_due=context.person.next_due or next_morning(context.person, context.now),
            )
            return Step(instead=MattersNote(), person=person)
        case Tapped(verb="welcome.matters", choice=choice), MattersNote():
            person = context.person
            if choice in set(Motivator):
                person = replace(person, motivator=Motivator(choice))
            return Step(instead=TellNote(), person=person)
        case Tapped(verb="welcome.tell"), TellNote():
            return Step(form=TellForm())
        case Tapped(verb="welcome.later"), TellNote():
            return Step(instead=_ready(context, told=False))
        case Filled(verb="welcome.told", values=values), TellNote():
            said = {about: values.get(about, "").strip() for about in TOLD}
            remarks = tuple(
                Remark(context.person.id, f"welcome.{about}", text, context.now)
                for about, text in said.items()
                if text
            )
            return Step(instead=_ready(context, told=bool(remarks)), remarks=remarks)
        case _:
            return Step(show=(StaleNote(),))


def left(turn: Turn, context: Context) -> Step:
    """Write no more to where someone removed the bot.

    The address itself stays theirs: whoever comes back is the same person, with their answers
    and with the stop they asked for.
    """
    person = context.person
    closed = tuple(
        replace(a, closed=True) if a.key == turn.address.key else a for a in person.addresses
    )
    return Step(person=replace(person, addresses=closed))


def _ready(context: Context, *, told: bool) -> ReadyNote:
    due = context.person.next_due or next_morning(context.person, context.now)
    return ReadyNote(local_day(context.person, due).isoformat(), told)


def draw_welcome(reader: Reader, name: str) -> Card:
    """Draw the first card; "confidential, not anonymous" stands before the first question."""
    speech = reader.speech
    first = name.split(" ", maxsplit=1)[0]
    hello = speech("welcome.hello", name=first) if first else speech("welcome.hello.anyone")
    return Card(
        speech.line("welcome.title"),
        (
            Paragraph(hello),
            Paragraph(speech("welcome.confidential")),
            Paragraph(speech("welcome.language")),
            Row(
                tuple(
                    Button(
                        speech.line(f"language.{code}"),
                        Tap("welcome.language", code),
                        "primary" if code == speech.language else "plain",
                    )
                    for code in languages()
                )
            ),
        ),
    )


def draw_matters(reader: Reader) -> Card:
    """Draw the question for what drives someone; it decides which follow-ups fit."""
    speech = reader.speech
    choices = [Button(speech.line(f"motivator.{m}"), Tap("welcome.matters", m)) for m in Motivator]
    skip = Button(speech.line("button.skip"), Tap("welcome.matters", ""))
    return Card(
        speech.line("matters.title"),
        (
            Paragraph(speech("matters.body")),
            Row(tuple(choices[:3])),
            Row(tuple(choices[3:])),
            Row((skip,)),
        ),
    )


def draw_tell(reader: Reader) -> Card:
    """Draw the invitation to the form."""
    speech = reader.speech
    return Card(
        speech.line("tell.title"),
        (
            Paragraph(speech("tell.body")),
            Row(
                (
                    Button(speech.line("tell.open"), Tap("welcome.tell"), "primary"),
                    Button(speech.line("tell.later"), Tap("welcome.later")),
                )
            ),
        ),
    )


def draw_tell_form(reader: Reader) -> Form:
    """Draw the form."""
    speech = reader.speech
    return Form(
        speech.line("tell.form"),
        tuple(
            TextField(about, speech.line(f"tell.{about}"), lines="many", longest=1000)
            for about in TOLD
        ),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("welcome.told"),
        speech.line("tell.lead"),
    )


def draw_ready(note: ReadyNote, reader: Reader) -> Card:
    """Draw what happens from here."""
    speech = reader.speech
    day = speech.day(date.fromisoformat(note.day))
    return Card(
        speech.line("ready.title"),
        (
            *((Paragraph(speech("ready.told")),) if note.told else ()),
            Paragraph(speech("ready.body", day=day)),
            Row((command(speech, "pulse", primary=True), command(speech, "help"))),
        ),
    )

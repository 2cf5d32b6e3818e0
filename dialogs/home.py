"""The home page: where someone sees how it stands between us, and changes what they want.

Slack shows it as App Home; a platform without a page of its own has no use for it.
"""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from dialogs.buttons import command
from dialogs.card import Button, Card, Divider, Facts, Paragraph, Row, Tap
from dialogs.reader import Reader
from dialogs.turns import Context, Message, Step, Turn
from nudges.delivery import Note, Priority
from nudges.people import Person
from nudges.roles import Act, may
from nudges.schedule import next_pulse


@dataclass(frozen=True, slots=True)
class HomeNote(Note):
    """The home page, as it is now."""

    card: Literal["home"] = "home"


def read(_turn: Turn, _context: Context) -> Step:
    """Show the home page."""
    return Step(instead=HomeNote())


def draw_home(reader: Reader, person: Person, waiting: Message | None = None) -> Card:
    """Draw the home page: what comes next, how it is set, and everything one can ask.

    ``waiting`` is the question that is still open; what is due next may be its reminder, and the
    next question comes later than that.
    """
    speech, works = reader.speech, may(person.roles, Act.WORK_QUEUE)
    return Card(
        speech.line("home.title"),
        (
            Paragraph(speech("home.body")),
            Facts(
                (
                    (speech.line("home.next"), _next(reader, person, waiting)),
                    (speech.line("settings.language"), speech.line(f"language.{speech.language}")),
                    (speech.line("settings.pace"), _pace(reader, person)),
                )
            ),
            Row(
                (
                    Button(speech.line("button.find"), Tap("find.open")),
                    command(speech, "blocker"),
                    *((command(speech, "queue"),) if works else ()),
                )
            ),
            Row(
                (
                    command(speech, "pulse", primary=True),
                    command(speech, "why"),
                    command(speech, "mine"),
                    command(speech, "help"),
                )
            ),
            Divider(),
            Paragraph(speech("home.settings")),
            Row(
                (
                    Button(speech.line("settings.change"), Tap("settings.open")),
                    command(speech, "resume" if person.stopped or person.paused_until else "pause"),
                    *(() if person.stopped else (command(speech, "stop"),)),
                )
            ),
            Paragraph(speech("pulse.confidential"), muted=True),
        ),
    )


def _next(reader: Reader, person: Person, waiting: Message | None) -> str:
    speech = reader.speech
    if person.stopped:
        return speech.line("home.stopped")
    due = person.next_due
    if due and waiting and waiting.sent and waiting.priority is Priority.PULSE:
        due = max(due, next_pulse(person, waiting.sent))
    until = max((t for t in (person.paused_until, due) if t), default=None)
    if until is None:
        return speech.line("home.unplanned")
    return speech.day(until.astimezone(ZoneInfo(person.zone)).date())


def _pace(reader: Reader, person: Person) -> str:
    return reader.speech.line(f"settings.pace.{'fewer' if person.fewer else 'normal'}")

"""How someone wants it: language, hours, less often, away, pause, stop, and start again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from dialogs.buttons import command
from dialogs.card import (
    Button,
    Card,
    ChoiceField,
    DateField,
    Facts,
    Form,
    Option,
    Paragraph,
    Row,
    Tap,
)
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import Speech, languages
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from nudges.address import Platform
from nudges.delivery import Note
from nudges.hours import local_day, next_morning
from nudges.people import Motivator, Person, Recognition

PAUSES = {"week": 7, "two_weeks": 14, "month": 30}
"""How long a pause lasts, in days."""
DAY_NAMES = tuple(range(7))
EARLIEST, LATEST = 5, 23


@dataclass(frozen=True, slots=True)
class SettingsNote(Note):
    """How someone has it set now, with the ways to change it."""

    saved: bool = False
    card: Literal["settings"] = "settings"


@dataclass(frozen=True, slots=True)
class SettingsForm(Note):
    """The form with every setting."""

    card: Literal["settings_form"] = "settings_form"


@dataclass(frozen=True, slots=True)
class LanguageNote(Note):
    """A choice of languages."""

    card: Literal["language"] = "language"


@dataclass(frozen=True, slots=True)
class PauseNote(Note):
    """A choice of pauses, each with an end."""

    card: Literal["pause"] = "pause"


@dataclass(frozen=True, slots=True)
class QuietNote(Note):
    """What was agreed: paused until a day, stopped, back again, or speaking a language now."""

    how: Literal["paused", "stopped", "resumed", "language"]
    day: str = ""
    card: Literal["quiet"] = "quiet"


def settings(_turn: Turn, _context: Context) -> Step:
    """Show how it is set now."""
    return Step(show=(SettingsNote(),))


def language(_turn: Turn, _context: Context) -> Step:
    """Ask which language to speak."""
    return Step(show=(LanguageNote(),))


def pause(_turn: Turn, _context: Context) -> Step:
    """Ask for how long to be quiet."""
    return Step(show=(PauseNote(),))


def stop(_turn: Turn, context: Context) -> Step:
    """Stop everything we would start ourselves; asking still works."""
    return Step(show=(QuietNote("stopped"),), person=replace(context.person, stopped=True))


def resume(_turn: Turn, context: Context) -> Step:
    """Start again after a pause or a stop."""
    person = replace(
        context.person,
        stopped=False,
        paused_until=None,
        away_from=None,
        away_until=None,
    )
    person = replace(person, next_due=next_morning(person, context.now))
    return Step(show=(QuietNote("resumed"),), person=person)


def read(turn: Turn, context: Context) -> Step:
    """Take a choice on one of the settings cards, or the form."""
    person = context.person
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="settings.open"), SettingsNote() | None:
            return Step(form=SettingsForm())
        case Tapped(verb="settings.language", choice=choice), LanguageNote() if (
            choice in languages()
        ):
            return Step(instead=QuietNote("language"), person=replace(person, language=choice))
        case Tapped(verb="settings.pause", choice=choice), PauseNote() if choice in PAUSES:
            day = local_day(person, context.now) + timedelta(days=PAUSES[choice])
            until = _midnight(person, day)
            return Step(
                instead=QuietNote("paused", day.isoformat()),
                person=replace(person, paused_until=until),
            )
        case Filled(verb="settings.saved", values=values), SettingsNote() | None:
            return _saved(values, context)
        case _:
            return Step(show=(StaleNote(),))


def _saved(values: Mapping[str, str], context: Context) -> Step:
    person = context.person
    start, end = _hour(values.get("start")), _hour(values.get("end"))
    days = tuple(d for d in DAY_NAMES if str(d) in values.get("days", "").split(","))
    away = _day(values.get("away", ""))
    errors: list[tuple[str, str]] = []
    if start is None or end is None or end <= start:
        errors.append(("end", "settings.error.hours"))
    if not days:
        errors.append(("days", "settings.error.days"))
    if values.get("away") and (away is None or away <= local_day(person, context.now)):
        errors.append(("away", "settings.error.away"))
    if errors or start is None or end is None:
        return Step(form=SettingsForm(), errors=tuple(errors))
    motivator, recognition = values.get("motivator", ""), values.get("recognition", "")
    spoken, preferred = values.get("language", ""), values.get("preferred", "")
    mine = {a.platform for a in person.addresses}
    changed = replace(
        person,
        language=spoken if spoken in languages() else person.language,
        hours=replace(person.hours, start=time(start), end=time(end), days=days),
        fewer=values.get("pace") == "fewer",
        motivator=Motivator(motivator) if motivator in set(Motivator) else None,
        recognition=Recognition(recognition) if recognition in set(Recognition) else None,
        preferred=next((p for p in mine if p == preferred), None),
        **_absence(person, away, context.now),
    )
    return Step(instead=SettingsNote(saved=True), person=changed)


def _absence(person: Person, away: date | None, now: datetime) -> dict[str, datetime | None]:
    """Return an absence that begins now, or stays as it was told before."""
    until = _midnight(person, away) if away else None
    begins = person.away_from if until == person.away_until else now
    return {"away_from": begins if until else None, "away_until": until}


def _hour(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and EARLIEST <= int(text) <= LATEST else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(person: Person, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(person.zone)).astimezone(UTC)


def _local(person: Person, at: datetime, speech: Speech) -> str:
    return speech.day(at.astimezone(ZoneInfo(person.zone)).date())


def draw_settings(note: SettingsNote, reader: Reader, person: Person) -> Card:
    """Draw how someone has it set now."""
    speech = reader.speech
    none = speech.line("settings.none")
    hours = f"{person.hours.start:%H:%M}–{person.hours.end:%H:%M}"  # noqa: RUF001 - a range
    days = ", ".join(speech.line(f"day.{d}") for d in person.hours.days)
    rows = [
        (speech.line("settings.language"), speech.line(f"language.{speech.language}")),
        (speech.line("settings.hours"), f"{days}, {hours}"),
        (speech.line("settings.zone"), person.zone),
        (
            speech.line("settings.pace"),
            speech.line("settings.pace.fewer" if person.fewer else "settings.pace.normal"),
        ),
        (
            speech.line("settings.motivator"),
            speech.line(f"motivator.{person.motivator}") if person.motivator else none,
        ),
        (
            speech.line("settings.recognition"),
            speech.line(f"recognition.{person.recognition}") if person.recognition else none,
        ),
    ]
    if person.preferred:
        rows.append((speech.line("settings.preferred"), _platform(person.preferred)))
    for key, until in (("away", person.away_until), ("paused", person.paused_until)):
        if until:
            rows.append((speech.line(f"settings.{key}"), _local(person, until, speech)))
    state = "settings.stopped" if person.stopped else "settings.body"
    again = "resume" if person.stopped or person.paused_until else "pause"
    return Card(
        speech.line("settings.title.saved" if note.saved else "settings.title"),
        (
            Paragraph(speech(state)),
            Facts(tuple(rows)),
            Row(
                (
                    Button(speech.line("settings.change"), Tap("settings.open"), "primary"),
                    command(speech, "language"),
                    command(speech, again),
                    *(() if person.stopped else (command(speech, "stop"),)),
                )
            ),
        ),
    )


def draw_settings_form(reader: Reader, person: Person) -> Form:
    """Draw the form, filled in as it is set now."""
    speech = reader.speech
    hours = tuple(Option(str(h), f"{h:02d}:00") for h in range(EARLIEST, LATEST + 1))
    days = tuple(Option(str(d), speech.line(f"day.{d}")) for d in DAY_NAMES)
    spoken = tuple(Option(code, speech.line(f"language.{code}")) for code in languages())
    pace = tuple(Option(p, speech.line(f"settings.pace.{p}")) for p in ("normal", "fewer"))
    drives = tuple(Option(m, speech.line(f"motivator.{m}")) for m in Motivator)
    praise = tuple(Option(r, speech.line(f"recognition.{r}")) for r in Recognition)
    away = person.away_until.astimezone(ZoneInfo(person.zone)).date() if person.away_until else ""
    mine: list[Platform] = sorted({a.platform for a in person.addresses})
    preferred = tuple(Option(p, _platform(p)) for p in mine)
    return Form(
        speech.line("settings.form"),
        (
            _one("language", speech, spoken, speech.language, required=True),
            _one("start", speech, hours, str(person.hours.start.hour), required=True),
            _one("end", speech, hours, str(person.hours.end.hour), required=True),
            ChoiceField(
                "days",
                speech.line("settings.days"),
                days,
                several=True,
                required=True,
                value=tuple(str(d) for d in person.hours.days),
            ),
            _one("pace", speech, pace, "fewer" if person.fewer else "normal", required=True),
            _one("motivator", speech, drives, person.motivator or ""),
            _one("recognition", speech, praise, person.recognition or ""),
            *(
                (_one("preferred", speech, preferred, person.preferred or ""),)
                if len(preferred) > 1
                else ()
            ),
            DateField("away", speech.line("settings.away_form"), value=str(away)),
        ),
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("settings.saved"),
    )


def _one(
    name: str, speech: Speech, options: tuple[Option, ...], value: str, *, required: bool = False
) -> ChoiceField:
    label = speech.line(f"settings.{name}")
    chosen = (value,) if value else ()
    return ChoiceField(name, label, options, required=required, value=chosen)


def _platform(platform: Platform) -> str:
    return {"browser": "Browser", "slack": "Slack", "teams": "Teams"}[platform]


def draw_language(reader: Reader) -> Card:
    """Draw the choice of languages, each in its own words."""
    speech = reader.speech
    buttons = tuple(
        Button(speech.line(f"language.{code}"), Tap("settings.language", code))
        for code in languages()
    )
    return Card(speech.line("language.title"), (Paragraph(speech("language.body")), Row(buttons)))


def draw_pause(reader: Reader) -> Card:
    """Draw the choice of pauses; each has an end."""
    speech = reader.speech
    buttons = tuple(
        Button(speech.line(f"pause.{name}"), Tap("settings.pause", name)) for name in PAUSES
    )
    return Card(speech.line("pause.title"), (Paragraph(speech("pause.body")), Row(buttons)))


def draw_quiet(note: QuietNote, reader: Reader) -> Card:
    """Draw what was agreed, and the way back."""
    speech = reader.speech
    day = speech.day(date.fromisoformat(note.day)) if note.day else ""
    back = "resume" if note.how in {"paused", "stopped"} else "pulse"
    return Card(
        speech.line(f"quiet.{note.how}.title"),
        (
            Paragraph(speech(f"quiet.{note.how}", day=day)),
            Row((command(speech, back), command(speech, "settings"))),
        ),
    )

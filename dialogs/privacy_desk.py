"""The privacy officer's desk: what is kept how long, who did and saw what, and the switch.

It shows who did something and to what, never what anybody answered. Names are drawn from who is
here when a card is sent; what we keep of the card names nobody. What changes something is asked
for twice, and the log says who did it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Facts, Form, Paragraph, Row, Tap, TextField
from dialogs.for_team import ForTeamNote
from dialogs.log_words import ABOUTS, ACTS, NUMBERS, SOURCES, WAYS
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import Speech
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from nudges.oversight import (
    A_PAGE,
    SORTS,
    AuditNote,
    Done,
    LedgerNote,
    Oversight,
    PrivacyNote,
    RetentionForm,
    RetentionNote,
    Shown,
)
from nudges.retention import LEAST, MOST, RetentionSet
from nudges.roles import Act, Role

DeskNote: TypeAlias = PrivacyNote | AuditNote | LedgerNote | RetentionNote
MEASURES_A_ROW = 4
"""Measures to narrow the ledger to, beside the button for all of them."""


def asked(_turn: Turn, context: Context) -> Step:
    """Open the desk to a privacy officer, and kindly to nobody else."""
    if not context.may(Act.SEE_AUDIT):
        return Step(show=(ForTeamNote("oversight"),))
    return Step(show=(PrivacyNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Turn a page, or change how long answers are kept."""
    if not context.may(Act.SEE_AUDIT):
        return Step(show=(ForTeamNote("oversight"),))
    note = context.message.note if context.message else None
    if not isinstance(note, DeskNote):
        return Step(show=(StaleNote(),))
    match turn:
        case Tapped(verb="privacy.desk"):
            return Step(instead=PrivacyNote())
        case Tapped(verb="privacy.log", choice=choice):
            return Step(instead=_log(choice))
        case Tapped(verb="privacy.ledger", choice=choice):
            measure, _, before = choice.rpartition("@")
            return Step(instead=LedgerNote(measure, _number(before)))
        case Tapped(verb="privacy.kept"):
            return Step(instead=RetentionNote())
        case _:
            return _keeping(turn, note, context)


def _log(choice: str) -> AuditNote:
    sort, _, before = choice.partition("@")
    for known in SORTS:
        if known == sort:
            return AuditNote(known, _number(before))
    return AuditNote()


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - 64 bits


def _keeping(turn: Turn, note: DeskNote, context: Context) -> Step:
    """Ask for the days, ask whether they are meant, and keep them."""
    match turn, note:
        case Tapped(verb="privacy.days"), RetentionNote():
            return Step(form=RetentionForm())
        case Filled(verb="privacy.set", values=values), RetentionNote():
            days = _days(values)
            if days is None:
                filled: Mapping[str, int | str] = {"least": LEAST, "most": MOST}
                return Step(
                    form=RetentionForm(), errors=(("days", "retention.error.days", filled),)
                )
            same = days == _overseen(context).retention.days
            return Step(instead=RetentionNote(0 if same else days))
        case Tapped(verb="privacy.sure"), RetentionNote(days) if days:
            return Step(instead=RetentionNote(), facts=(RetentionSet(days),))
        case _:
            return Step(show=(StaleNote(),))


def _days(values: Mapping[str, str]) -> int | None:
    days = _number(values.get("days", "").strip())
    return days if LEAST <= days <= MOST else None


def _overseen(context: Context) -> Oversight:
    return context.oversight or Oversight()


def draw(note: DeskNote, reader: Reader, context: Context) -> Card:
    """Draw a card of the desk; whoever lost the role since gets none of it."""
    seen = context.oversight
    if seen is None:
        return Card(
            reader.speech.line("for_team.title"), (Paragraph(reader.speech("for_team.oversight")),)
        )
    match note:
        case PrivacyNote():
            return _desk(seen, reader)
        case AuditNote():
            return _audit(note, seen, reader, context)
        case LedgerNote():
            return _ledger(note, seen, reader, context)
        case RetentionNote():
            return _retention(note, seen, reader, context)


def _desk(seen: Oversight, reader: Reader) -> Card:
    speech = reader.speech
    rows = (
        (speech.line("retention.kept"), speech.line("retention.days", n=seen.retention.days)),
        (speech.line("privacy.use"), speech.line(f"privacy.{'on' if seen.switch.on else 'off'}")),
    )
    ways = (
        Button(speech.line("privacy.log"), Tap("privacy.log", "@"), "primary"),
        Button(speech.line("privacy.ledger"), Tap("privacy.ledger", "@")),
        Button(speech.line("privacy.kept"), Tap("privacy.kept")),
        command(speech, "use_linked"),
    )
    return Card(
        speech.line("privacy.title"),
        (
            Paragraph(speech("privacy.lead")),
            Facts(rows),
            Row(ways),
            Paragraph(speech("privacy.never"), muted=True),
        ),
    )


def _audit(note: AuditNote, seen: Oversight, reader: Reader, context: Context) -> Card:
    speech, lines = reader.speech, seen.done.get(note, ())
    zone = ZoneInfo(context.person.zone)
    blocks: list[Block] = [Paragraph(speech(f"log.lead.{note.sort or 'all'}"))]
    if lines:
        said = tuple((_when(one.at, zone, speech), _done(one, speech)) for one in lines[:A_PAGE])
        blocks.append(Facts(said))
    else:
        blocks.append(Paragraph(speech("log.none")))
    others = tuple(
        Button(speech.line(f"log.sort.{one or 'all'}"), Tap("privacy.log", f"{one}@"))
        for one in SORTS
        if one != note.sort
    )
    blocks.append(_paging("privacy.log", note.sort, note.before, lines, speech))
    blocks += [Row(others), Paragraph(speech("log.looked"), muted=True)]
    return Card(speech.line("log.title"), tuple(blocks))


def _ledger(note: LedgerNote, seen: Oversight, reader: Reader, context: Context) -> Card:
    speech, lines = reader.speech, seen.shown.get(note, ())
    zone = ZoneInfo(context.person.zone)
    lead = (
        speech("ledger.lead.one", what=_measure(note.measure, speech))
        if note.measure
        else speech("ledger.lead")
    )
    blocks: list[Block] = [Paragraph(lead)]
    if lines:
        said = tuple((_when(one.at, zone, speech), _shown(one, speech)) for one in lines[:A_PAGE])
        blocks.append(Facts(said))
    else:
        blocks.append(Paragraph(speech("ledger.none")))
    blocks.append(_paging("privacy.ledger", note.measure, note.before, lines, speech))
    others = [one for one in ("", *seen.measures[:MEASURES_A_ROW]) if one != note.measure]
    narrow = tuple(
        Button(
            _measure(one, speech) if one else speech.line("ledger.all"),
            Tap("privacy.ledger", f"{one}@"),
        )
        for one in others
    )
    blocks += [*((Row(narrow),) if seen.measures else ())]
    blocks.append(Paragraph(speech("ledger.values"), muted=True))
    return Card(speech.line("ledger.title"), tuple(blocks))


def _paging(
    verb: str,
    narrowed: str,
    before: int,
    lines: tuple[Done, ...] | tuple[Shown, ...],
    speech: Speech,
) -> Row:
    """Draw the way to older lines, to the newest, and back to the desk."""
    buttons: list[Button] = []
    if len(lines) > A_PAGE:
        older = f"{narrowed}@{lines[A_PAGE - 1].number}"
        buttons.append(Button(speech.line("log.older"), Tap(verb, older), "primary"))
    if before:
        buttons.append(Button(speech.line("log.newest"), Tap(verb, f"{narrowed}@")))
    return Row((*buttons, Button(speech.line("privacy.back"), Tap("privacy.desk"))))


def _when(at: datetime, zone: ZoneInfo, speech: Speech) -> str:
    return format_datetime(at.astimezone(zone), "d MMM y, HH:mm", locale=speech.language)


def _done(one: Done, speech: Speech) -> str:
    """Say who did what to what, and to whom."""
    source = one.who.replace(" ", "_")
    who = speech.line(f"log.by.{source}") if source in SOURCES and not one.known else one.who
    what = speech.line(f"log.act.{one.act}") if one.act in ACTS else one.act.replace("_", " ")
    line = speech.line(
        "log.line",
        who=who or speech.line("log.forgotten"),
        act=what,
        about=_about(one.about, speech),
    )
    return speech.line("log.line.whom", line=line, whom=one.whom) if one.whom else line


def _about(about: str, speech: Speech) -> str:
    """Name what something was done to: its kind in words, and its own number or name."""
    kind, _, rest = about.partition(":")
    if kind == "role" and rest in set(Role):
        return speech.line(f"role.{rest}")
    if kind == "retention":
        return speech.line("retention.days", n=rest)
    named = speech.line(f"log.about.{kind}") if kind in ABOUTS else kind
    return f"{named} {rest}".strip()


def _shown(one: Shown, speech: Speech) -> str:
    return speech.line(
        "ledger.line",
        who=one.viewer or speech.line("log.forgotten"),
        what=_measure(one.measure, speech),
        of=one.of or speech.line("ledger.everybody"),
        week=one.week.isocalendar().week,
        how=speech.line(f"ledger.way.{one.channel}") if one.channel in WAYS else one.channel,
    )


def _measure(measure: str, speech: Speech) -> str:
    kind = measure.partition(":")[0]
    return speech.line(f"ledger.of.{kind}") if kind in NUMBERS else measure


def _retention(note: RetentionNote, seen: Oversight, reader: Reader, context: Context) -> Card:
    speech, kept = reader.speech, seen.retention
    rows = [(speech.line("retention.kept"), speech.line("retention.days", n=kept.days))]
    if kept.at is not None:
        day = speech.full_day(kept.at.astimezone(ZoneInfo(context.person.zone)).date())
        who = kept.name or speech.line("log.forgotten")
        rows.append(
            (speech.line("use_linked.by"), speech.line("use_linked.who", name=who, day=day))
        )
    blocks: list[Block] = [Facts(tuple(rows)), Paragraph(speech("retention.means"))]
    if note.days:
        how = "shorter" if note.days < kept.days else "longer"
        blocks.append(Paragraph(speech(f"retention.asks.{how}", now=kept.days, days=note.days)))
        row = (
            Button(speech.line("retention.sure", n=note.days), Tap("privacy.sure"), "danger"),
            Button(speech.line("retention.leave", n=kept.days), Tap("privacy.kept")),
        )
    else:
        blocks.append(Paragraph(speech("retention.bounds", least=LEAST, most=MOST)))
        row = (
            Button(speech.line("retention.change"), Tap("privacy.days"), "primary"),
            Button(speech.line("privacy.back"), Tap("privacy.desk")),
        )
    blocks += [Row(row), Paragraph(speech("retention.audited"), muted=True)]
    return Card(speech.line("retention.title"), tuple(blocks))


def draw_form(reader: Reader, context: Context) -> Form:
    """Draw the form with the days."""
    speech = reader.speech
    return Form(
        speech.line("retention.title"),
        (
            TextField(
                "days",
                speech.line("retention.field"),
                required=True,
                value=str(_overseen(context).retention.days),
                hint=speech.line("retention.hint", least=LEAST, most=MOST),
                longest=3,
            ),
        ),
        speech.line("retention.next"),
        speech.line("button.cancel"),
        Tap("privacy.set"),
        speech.line("retention.lead"),
    )

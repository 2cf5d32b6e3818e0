"""Values of a record in words: dates, amounts and names as the asker's language writes them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.numbers import format_currency

from dialogs.library import Library
from dialogs.reader import speech
from dialogs.records import Match, Money, Record, Several, Value, Wanted
from dialogs.speech import Speech
from dialogs.turns import Context

ROWS = 10
"""How many facts of a record are shown."""
LONGEST = 300
"""Characters of one fact."""


def rows(record: Record, wanted: Wanted | None, context: Context) -> tuple[tuple[str, str], ...]:
    """Return a record's facts as name and value; the one that was asked for goes first."""
    voice = speech(context.person.language, context.programme)
    first = wanted.fact if wanted else ""
    ordered = sorted(record.facts, key=lambda told: told.fact != first)
    return tuple(
        (told.label, said(told.value, voice, context.person.zone)) for told in ordered[:ROWS]
    )


def said(value: Value | None, voice: Speech, zone: str) -> str:
    """Say one value; that nothing is filled in is said, too."""
    match value:
        case None | "" | ():
            return voice.line("record.empty")
        case datetime():
            return voice.moment(value.astimezone(ZoneInfo(zone)))
        case date():
            return voice.full_day(value)
        case Money(amount, currency):
            return format_currency(amount, currency, locale=voice.language)
        case Decimal() | int():
            return voice.number(float(value), "#,##0.##")
        case Several(count, names, more):
            number = voice.line("record.more" if more else "record.count", n=count)
            return f"{number}: {', '.join(names)}"[:LONGEST] if names else number
        case tuple():
            return ", ".join(value)[:LONGEST]
        case str():
            return value[:LONGEST]


def choice(match: Match, library: Library, voice: Speech) -> str:
    """Return a line by which somebody tells one record from the others of its name."""
    table = library.tables.get(match.ref.table)
    apart = [*([voice.own_line(table.thing)] if table else []), *match.apart]
    return " · ".join((match.name, *apart))[:LONGEST]

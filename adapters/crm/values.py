"""A record's columns as values: text, dates with their zone, choices by their name."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from adapters.crm.reading import FORMATTED, LOOKUP, Row, guid
from dialogs.records import FactOf, Value

LONGEST: Final = 500
CURRENCY: Final = "_transactioncurrencyid_value"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def plain(text: object) -> str:
    """Return a text in one line, of a length that can be shown."""
    return " ".join(text.split())[:LONGEST] if isinstance(text, str) else ""


def lines(text: object) -> str | tuple[str, ...] | None:
    """Return a text; several lines as several."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    found = tuple(p for p in map(plain, str(text).splitlines()) if p)
    return found[0] if len(found) == 1 else (found or None)


def moment(text: object) -> datetime | date | None:
    """Return a moment with its zone, or a day where the CRM keeps no time."""
    if not isinstance(text, str):
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def amount(number: object) -> Decimal | None:
    """Return an amount; nothing if it is none."""
    if isinstance(number, bool) or not isinstance(number, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(number))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def pointed(row: Row, column: str) -> tuple[str, str] | None:
    """Return which record a column refers to: the name of its table, and its id."""
    table, id_ = row.get(column + LOOKUP), guid(row.get(column))
    return (table, id_) if isinstance(table, str) and id_ else None


def formatted(row: Row, column: str) -> str:
    """Return a value as the CRM writes it for this person."""
    return plain(row.get(column + FORMATTED))


def own(row: Row, fact: FactOf) -> Value | None:
    """Return the value of a fact that stands in the record itself; money is not among them."""
    told: Any = row.get(fact.column)
    if told is None:
        return None
    match fact.kind:
        case "text" | "phone":
            return lines(told)
        case "date":
            return moment(told)
        case "choice":
            # What a lookup is formatted as is the name of another record: that one is read itself.
            return None if fact.column + LOOKUP in row else formatted(row, fact.column) or None
        case _:
            return None

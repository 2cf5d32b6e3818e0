"""The part of OData's query language that the fake Dataverse speaks: filters, orders, LIKE.

Strict where Dataverse is: an unknown column, a quote that does not end or an id where none belongs
is an error. ``contains`` is LIKE, wildcards and all, as Dataverse documents it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeAlias
from urllib.parse import unquote_plus

Row: TypeAlias = Mapping[str, Any]
Test: TypeAlias = Callable[[Row], bool]
OPTIONS = {"select", "filter", "orderby", "top", "count", "expand", "skiptoken", "apply"}
GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    rf"|(?P<guid>{GUID.pattern})(?![\w-])"
    r"|(?P<time>\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][\w.]*)"
    r"|(?P<mark>[(),]))"
)


class ODataError(Exception):
    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def refuse(message: str, code: str = "0x80060888", status: int = 400) -> NoReturn:
    raise ODataError(code, message, status)


def options(raw: str) -> dict[str, str]:
    """Read a query string as it came over the wire."""
    if not re.fullmatch(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*", raw):
        refuse("A potentially dangerous Request.QueryString value was detected.")
    found: dict[str, str] = {}
    for part in raw.split("&") if raw else []:
        name, equals, value = part.partition("=")
        name = unquote_plus(name)
        if not equals or not name.startswith("$") or name[1:] not in OPTIONS or name in found:
            refuse(f"The query parameter {name} is not supported.")
        found[name[1:]] = unquote_plus(value, errors="strict")
    return found


@dataclass
class Filter:
    """Reads one filter; ``kinds`` are the columns there are, by the kind of their values."""

    kinds: Mapping[str, str]
    table: str
    said: str

    def __post_init__(self) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while self.said[at:].strip():
            found = TOKEN.match(self.said, at)
            if not found:
                refuse(f"Syntax error at position {at} in the filter.")
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind]))
            at = found.end()
        self.at = 0

    def test(self) -> Test:
        test = self._or()
        if self.at < len(self.tokens):
            refuse("Syntax error: more than one expression in the filter.")
        return test

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _next(self, *wanted: str) -> tuple[str, str]:
        kind, said = self._peek()
        if kind == "end" or (wanted and said not in wanted and kind not in wanted):
            refuse(f"Syntax error: {said or 'the end'} is not expected in the filter.")
        self.at += 1
        return kind, said

    def _or(self) -> Test:
        tests = [self._and()]
        while self._peek() == ("word", "or"):
            self.at += 1
            tests.append(self._and())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def _and(self) -> Test:
        tests = [self._one()]
        while self._peek() == ("word", "and"):
            self.at += 1
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        kind, said = self._next("word", "(")
        if said == "(":
            test = self._or()
            self._next(")")
            return test
        if said == "not":
            inner = self._one()
            return lambda row: not inner(row)
        if said in {"contains", "startswith", "endswith"} and kind == "word":
            return self._like(said)
        return self._compare(self._column(said))

    def _column(self, name: str) -> str:
        if name not in self.kinds:
            message = f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM."
            refuse(f"{message}{self.table}'.")
        return name

    def _like(self, function: str) -> Test:
        self._next("(")
        column = self._column(self._next("word")[1])
        if self.kinds[column] not in {"text", "memo"}:
            refuse(f"No function signature for '{function}' matches {column}.")
        self._next(",")
        value = self._next("text")[1][1:-1].replace("''", "'")
        self._next(")")
        before, after = function != "startswith", function != "endswith"
        return like(column, ("%" if before else "") + value + ("%" if after else ""))

    def _compare(self, column: str) -> Test:
        _, operator = self._next("eq", "ne", "gt", "ge", "lt", "le")
        kind, said = self._next("text", "guid", "time", "number", "word")
        value = self._literal(column, kind, said)

        def test(row: Row) -> bool:
            found = comparable(row.get(column))
            if value is None or found is None:
                return (found == value) == (operator == "eq")
            return {
                "eq": found == value,
                "ne": found != value,
                "gt": found > value,
                "ge": found >= value,
                "lt": found < value,
                "le": found <= value,
            }[operator]

        return test

    def _literal(self, column: str, kind: str, said: str) -> Any:  # noqa: ANN401 - any value
        if kind == "word":
            if said not in {"null", "true", "false"}:
                refuse(f"{said} is not a value.")
            return None if said == "null" else said == "true"
        fits = {
            "text": {"text", "memo"},
            "guid": {"guid", "lookup"},
            "time": {"time", "day"},
            "number": {"number", "money", "choice"},
        }[kind]
        if self.kinds[column] not in fits:
            refuse(f"A binary operator with incompatible types was detected: {column}.")
        match kind:
            case "text":
                return said[1:-1].replace("''", "'").casefold()
            case "guid":
                return said.lower()
            case "number":
                return float(said)
            case _:
                return comparable(said)


def comparable(value: Any) -> Any:  # noqa: ANN401 - any value
    if isinstance(value, str):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}T.*", value):
            return datetime.fromisoformat(value).isoformat()
        return value.casefold()
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def like(column: str, pattern: str) -> Test:
    """Return a test as LIKE has it: ``%``, ``_`` and ``[…]`` are wildcards, ``[%]`` is not."""
    made = ""
    rest = pattern
    while rest:
        if rest[0] == "[" and "]" in rest[2:]:
            end = rest.index("]", 2)
            inside = rest[1:end]
            shut = inside.startswith("^")
            body = "".join(re.escape(c) if c != "-" else "-" for c in inside[shut:])
            made += f"[{'^' if shut else ''}{body}]"
            rest = rest[end + 1 :]
            continue
        made += {"%": ".*", "_": "."}.get(rest[0], re.escape(rest[0]))
        rest = rest[1:]
    found = re.compile(made, re.IGNORECASE | re.DOTALL)

    def test(row: Row) -> bool:
        value = row.get(column)
        return isinstance(value, str) and bool(found.fullmatch(value))

    return test


def ordered(rows: Sequence[Row], said: str, kinds: Mapping[str, str]) -> list[Row]:
    found = [*rows]
    for part in reversed([p.strip() for p in said.split(",")]):
        column, _, way = part.partition(" ")
        if column not in kinds or way.strip() not in {"", "asc", "desc"}:
            refuse(f"Could not find a property named '{column}'.")
        some = [row for row in found if row.get(column) is not None]
        none = [row for row in found if row.get(column) is None]
        some.sort(key=lambda row: comparable(row[column]), reverse=way.strip() == "desc")
        found = [*some, *none] if way.strip() == "desc" else [*none, *some]
    return found

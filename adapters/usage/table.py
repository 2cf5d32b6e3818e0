"""Read measured use from a CSV table, as Excel saves it in English or in Dutch.

Cells are separated by commas or semicolons, and a number has a point or a comma. What could mean
two numbers, such as 1.000, is refused and not guessed.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from adapters.usage.reading import MOST_DIGITS, UsageError, refused, unfit
from nudges.adoption import RANGES, Metric
from nudges.cells import Remark
from nudges.told_use import Line

LARGEST = 64 * 1024 * 1024
"""Bytes of a table."""
WHO = ("person", "email")
KNOWN = frozenset({*WHO, "week", *Metric})
SEPARATORS = ",;"
SHOWN = 40
_NUMBER = re.compile(
    rf"(?P<sign>-?)(?P<whole>[0-9]{{1,{MOST_DIGITS}}})?(?:[.,](?P<part>[0-9]{{1,{MOST_DIGITS}}}))?"
)
_THOUSAND = 3
"""So many digits behind a point may be thousands as well."""


@dataclass(frozen=True, slots=True)
class Told:
    """The lines of a table, and the columns that mean nothing to us."""

    lines: tuple[Line, ...]
    ignored: tuple[str, ...] = ()


def read_usage(path: Path) -> Told:
    """Read a table of measured use.

    Raises:
        UsageError: it is none, or a cell cannot be read; nothing of it is to be used.

    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise refused(1, f"the file cannot be read: {error.strerror}") from None
    if raw is None:
        raise refused(1, f"the file is larger than {LARGEST // 1024 // 1024} MB; send it in parts")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refused(line, "this is not UTF-8; save it as CSV UTF-8") from None
    rows, ignored = _rows(text)
    problems: list[Remark] = []
    lines: list[Line] = []
    for number, cells in rows:
        wrong = [*_wrong(cells)]
        problems += [Remark(number, "", why) for why in wrong]
        if not wrong:
            lines.append(_line(number, cells))
    if problems:
        raise UsageError(problems)
    return Told(tuple(lines), ignored)


def _rows(text: str) -> tuple[Iterator[tuple[int, Mapping[str, str]]], tuple[str, ...]]:
    """Return the rows with their lines, by the columns that we know; and the other columns."""
    begun, separator = 1, ""
    first, _, rest = text.partition("\n")
    if first.strip().casefold() in {"sep=;", "sep=,"}:  # Excel's own first line
        text, begun, separator = rest, 2, first.strip()[-1]
        first = text.partition("\n")[0]
    separator = separator or max(SEPARATORS, key=first.count)
    table = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [_named(cell) for cell in next(table, list[str]())]
    except csv.Error as error:
        raise refused(begun, f"this is not CSV: {error}") from None
    _check_header(header, begun)
    ignored = tuple(_shown(name) for name in header if name and name not in KNOWN)
    numbered = ((table.line_num + begun - 1, row) for row in table)
    return _cells(numbered, header, begun, separator), ignored


def _check_header(header: Sequence[str], line: int) -> None:
    twice = sorted({name for name in header if name in KNOWN and header.count(name) > 1})
    if twice:
        raise refused(line, f"the header has {', '.join(twice)} twice")
    if not set(WHO) & set(header):
        raise refused(line, "the header has neither person nor email")
    if "week" not in header:
        raise refused(line, "the header misses week")
    if not set(Metric) & set(header):
        raise refused(line, f"the header has none of {', '.join(Metric)}")


def _cells(
    rows: Iterator[tuple[int, list[str]]], header: Sequence[str], begun: int, separator: str
) -> Iterator[tuple[int, Mapping[str, str]]]:
    places = {name: header.index(name) for name in header if name in KNOWN}
    line = begun
    try:
        for at_line, row in rows:
            line = at_line
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                hint = "; a number with a comma needs quotes" if separator == "," else ""
                raise refused(line, f"{len(row)} cells, the header has {len(header)}{hint}")
            yield line, {name: _stripped(row[at]) for name, at in places.items()}
    except csv.Error as error:
        raise refused(line + 1, f"this is not CSV: {error}") from None


def _shown(name: str) -> str:
    return name[:SHOWN] if name.isprintable() else ascii(name[:SHOWN])


def _named(cell: str) -> str:
    return "_".join(_stripped(cell).casefold().split())


def _stripped(cell: str) -> str:
    return cell.replace("\xa0", " ").strip(" ")


def _wrong(cells: Mapping[str, str]) -> Iterator[str]:
    for name in (*WHO, "week"):
        if why := unfit(name, cells.get(name, "")):
            yield why
    for metric in Metric:
        if why := _no_number(metric, cells.get(metric, "")):
            yield f"{metric}: {why}"


def _no_number(metric: Metric, text: str) -> str:
    """Say why a cell cannot be read as a number; an empty one is a gap."""
    if not text:
        return ""
    found = _NUMBER.fullmatch(text)
    if not found or not (found["whole"] or found["part"]):
        said = repr(text[:SHOWN])
        if text.endswith("%"):
            return f"{said} is no number: write 85% as 0.85"
        return f"{said} is no number"
    if RANGES[metric].whole and len(found["part"] or "") == _THOUSAND:
        return f"{text!r} may be two numbers: write it without a point or comma"
    return ""


def _line(number: int, cells: Mapping[str, str]) -> Line:
    values = {
        metric: float(text.replace(",", ".")) for metric in Metric if (text := cells.get(metric))
    }
    return Line(number, cells.get("person", ""), cells.get("email", ""), cells["week"], values)

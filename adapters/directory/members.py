"""Read a list of people from a CSV file: one column, their ids or their email addresses."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from adapters.directory.table import LONGEST, TableError
from nudges.cells import Remark

By: TypeAlias = Literal["id", "email"]
COLUMNS = ("id", "email")
EMPTY = "is empty"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: who, and on which line."""

    line: int
    who: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A list as it was read; ``by`` is what its rows name people by, ``left_out`` what is wrong."""

    by: By
    rows: tuple[Row, ...]
    left_out: tuple[Remark, ...] = ()


def read_members(path: Path) -> Rows:
    """Read a list of people; one wrong row refuses all of it.

    Raises:
        TableError: something is wrong with it; nothing of the list is to be used.

    """
    found = sift_members(path)
    if problems := [str(remark) for remark in found.left_out if remark.why != EMPTY]:
        raise TableError(problems)
    return Rows(found.by, found.rows)


def sift_members(path: Path) -> Rows:
    """Read the rows of a list that are right, and what is wrong with each of the others.

    Raises:
        TableError: it is no such list at all; nothing of it is to be used.

    """
    found: dict[str, Row] = {}
    left_out: list[Remark] = []
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            table = csv.reader(source, strict=True)
            by = _header(next(table, list[str]()))
            for cells in table:
                line = table.line_num
                who = cells[0].replace("\xa0", " ").strip(" ") if cells else ""
                same = who.casefold() if by == "email" else who
                if not any(cells) or (len(cells) == 1 and not who):
                    left_out.append(Remark(line, "", EMPTY))
                elif len(cells) > 1:
                    left_out.append(Remark(line, "", _several(cells)))
                elif why := _unfit(who):
                    left_out.append(Remark(line, "", why))
                elif same in found:
                    first = found[same].line
                    left_out.append(Remark(line, who, f"stands on line {first}, too"))
                else:
                    found[same] = Row(line, who)
    except UnicodeDecodeError as error:
        message = f"after line {line}: byte {error.start} is not UTF-8; save the list as UTF-8"
        raise TableError([message]) from error
    except csv.Error as error:
        raise TableError([f"after line {line}: this is not CSV: {error}"]) from error
    return Rows(by, tuple(found.values()), tuple(left_out))


def _header(cells: list[str]) -> By:
    named = [cell.strip().casefold() for cell in cells]
    if len(named) != 1 or named[0] not in COLUMNS:
        said = ", ".join(named)[:40] or "nothing"
        message = f"line 1: the header is {said}; it has to be id or email, and nothing else"
        raise TableError([message])
    return "id" if named[0] == "id" else "email"


def _several(cells: list[str]) -> str:
    return f"{len(cells)} cells, the list has one column"


def _unfit(who: str) -> str:
    """Say what is wrong with a row, whoever it means."""
    if len(who) > LONGEST:
        return f"this is longer than {LONGEST} characters"
    return "" if who.isprintable() else "there is a sign in it that cannot be seen"

"""Read what is measured of people's work in the CRM: ``usage.toml``.

What it says becomes part of an address of the CRM, so a name that is no column's name is refused.
"""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from adapters.content.reading import OURS, ContentError, Strict, layered, parsed, text_of, toml_of
from nudges.measures import Counted, Measures

_Plain: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,99}$")]
_Column: TypeAlias = Annotated[str, Field(pattern=r"^_?[a-z][a-z0-9_]{0,99}$")]
_Where: TypeAlias = Annotated[str, Field(max_length=500, pattern=r"^[A-Za-z0-9_ ().,:'-]+$")]


class _Table(Strict):
    collection: _Plain
    entered: bool = True
    wanted: tuple[_Column, ...] = ()
    where: _Where = "statecode eq 0"


class _Measures(Strict):
    activity: tuple[Literal["audit", "records"], ...] = Field(min_length=1)
    lead_days: int = Field(ge=1, le=20)
    next_step: bool
    table: tuple[_Table, ...] = Field(min_length=1)


def load_measures(own: Path | None = None) -> Measures:
    """Read what is measured: ours, or that of the organisation's own folder.

    Raises:
        ContentError: the file is broken, or a table stands there twice.

    """
    (path,) = layered([OURS, *([own] if own else [])], ".", "usage.toml")
    told = parsed(_Measures, toml_of(path, text_of(path)), path)
    names = [table.collection for table in told.table]
    if len(set(names)) < len(names):
        message = f"{path}: table {max(names, key=names.count)} stands there twice."
        raise ContentError(message)
    return Measures(
        tuple(Counted(t.collection, t.entered, t.wanted, t.where) for t in told.table),
        audit="audit" in told.activity,
        records="records" in told.activity,
        lead_days=told.lead_days,
        next_step=told.next_step,
    )

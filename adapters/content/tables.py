"""Read which records people ask for, and what is shown of them: ``crm.toml``.

A file of that name in the organisation's own folder replaces ours whole, as with all content; any
other file that begins so, such as ``crm-own.toml``, adds its tables. What it says becomes part of
an address of the CRM, so a name that is no column's name is refused.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Self, TypeAlias

from pydantic import Field, model_validator

from adapters.content.reading import (
    OURS,
    ContentError,
    Strict,
    layered,
    parsed,
    text_of,
    toml_of,
)
from dialogs.records import FactKind, FactOf, Table
from nudges.people import Language

_Column: TypeAlias = Annotated[str, Field(pattern=r"^_?[a-z][a-z0-9_]{0,99}$")]
_Plain: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,99}$")]
_Id: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
_Words: TypeAlias = dict[Language, Annotated[str, Field(min_length=1, max_length=80)]]
_Several: TypeAlias = dict[Language, tuple[Annotated[str, Field(min_length=1, max_length=80)], ...]]
RELATED: frozenset[FactKind] = frozenset({"count", "last", "next"})
"""The kinds that look in other records."""


class _Fact(Strict):
    id: _Id
    column: _Column
    kind: FactKind = "text"
    label: _Words = Field(default_factory=dict[Language, str])
    asked: _Several = Field(min_length=1)
    related: _Plain | None = None
    key: _Plain | None = None
    by: _Column | None = None
    where: str = Field(default="", max_length=500, pattern=r"^[A-Za-z0-9_ ().,:'-]*$")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needs = self.kind in RELATED
        for name in ("related", "key", "by"):
            if needs != (getattr(self, name) is not None):
                message = f"{name} is " + ("missing" if needs else "only for count, last and next")
                raise ValueError(message)
        if (self.kind == "lookup") != self.column.startswith("_"):
            message = "a lookup, and nothing else, stands in a column such as _ownerid_value"
            raise ValueError(message)
        return self

    def made(self) -> FactOf:
        """Return it as the others know it."""
        return FactOf(
            self.id,
            self.column,
            self.kind,
            self.label,
            self.asked,
            self.related or "",
            self.key or "",
            self.by or "",
            self.where,
        )


class _Table(Strict):
    id: _Plain
    collection: _Plain
    key: _Plain
    name: _Plain
    thing: _Words = Field(min_length=1)
    called: _Several = Field(default_factory=dict[Language, tuple[str, ...]])
    search: tuple[_Plain, ...] = Field(min_length=1)
    apart: tuple[_Column, ...] = ()
    of: _Column | None = None
    fact: tuple[_Fact, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [fact.id for fact in self.fact]
        if len(set(ids)) < len(ids):
            message = f"fact {max(ids, key=ids.count)} stands there twice"
            raise ValueError(message)
        return self

    def made(self) -> Table:
        """Return it as the others know it."""
        return Table(
            self.id,
            self.collection,
            self.key,
            self.name,
            self.thing,
            self.called,
            self.search,
            self.apart,
            self.of or "",
            tuple(fact.made() for fact in self.fact),
        )


class _Tables(Strict):
    table: tuple[_Table, ...]


def load_tables(own: Path | None = None, note: Callable[[str], object] = str) -> dict[str, Table]:
    """Read the tables: ours, or those of the organisation's own folder.

    Args:
        own: the organisation's own folder.
        note: hears the text of every file that was read, for a version.

    Raises:
        ContentError: a file is broken, or a table stands in two.

    """
    folders: Sequence[Path] = [OURS, *([own] if own else [])]
    found: dict[str, Table] = {}
    for pattern in ("crm.toml", "crm-*.toml"):
        for path in layered(folders, ".", pattern):
            text = text_of(path)
            note(text)
            for told in parsed(_Tables, toml_of(path, text), path).table:
                if told.id in found:
                    message = (
                        f"{path}: table {told.id} stands there twice, or in another file, too."
                    )
                    raise ContentError(message)
                found[told.id] = told.made()
    return found

"""What the page may send: words, a tap, a form, a first visit, a move of the clock.

Each is checked field by field where it arrives, and kept as it was checked, so that what is read
later is what was let in.
"""

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter

LONGEST_TEXT = 64 * 1024
"""Characters in what someone says, and in each field of a form."""
MOST_FIELDS = 50
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: object) -> object:
    """Drop what no database or screen can hold: the NUL, and halves of a character."""
    return _UNWRITABLE.sub("", text) if isinstance(text, str) else text


Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9-]{8,64}\z")]
Who: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Name: TypeAlias = Annotated[str, StringConstraints(max_length=200, pattern=r"\A[^\x00]*\z")]
Verb: TypeAlias = Annotated[str, StringConstraints(max_length=200, pattern=r"\A[^\x00]+\z")]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), BeforeValidator(clean)]
Words: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
    BeforeValidator(clean),
]


class _Post(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Id
    who: Who


class Say(_Post):
    """Someone typed something; in the search field, it is a question for sure."""

    kind: Literal["say"] = "say"
    text: Words
    search: bool = False


class Press(_Post):
    """Someone pressed a button."""

    kind: Literal["tap"] = "tap"
    verb: Verb
    choice: Name = ""
    token: Name = ""


class Fill(_Post):
    """Someone sent a form."""

    kind: Literal["fill"] = "fill"
    verb: Verb
    choice: Name = ""
    token: Name = ""
    values: Annotated[dict[Name, Text], Field(max_length=MOST_FIELDS)]


class Join(_Post):
    """Someone opened the page for the first time; the name and language are the demo's own."""

    kind: Literal["join"] = "join"
    name: Name = ""
    language: Name = ""


class Move(_Post):
    """Someone moved the demo's clock."""

    kind: Literal["clock"] = "clock"
    to: Literal["next-morning", "next-week"]


Post: TypeAlias = Say | Press | Fill | Join
KEPT: TypeAdapter[Post] = TypeAdapter(Annotated[Post, Field(discriminator="kind")])

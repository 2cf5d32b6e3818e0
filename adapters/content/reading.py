"""How content files are read: the organisation's own over ours, each refused by name if broken."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dialogs.library import Story
from dialogs.rich import slots

OURS = Path(__file__).parents[2] / "dialogs" / "content"
SLOTS = frozenset({"crm", "programme", "goal"})
FENCE = "+++"
_HEADING = re.compile(r"^# (?P<language>[a-z]{2}): (?P<title>.+)$", re.MULTILINE)
Model = TypeVar("Model", bound=BaseModel)


class ContentError(ValueError):
    """A content file is broken; the message says which file, and what to mend."""


class Strict(BaseModel):
    """What a file says; a key that nothing reads is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def layered(folders: Sequence[Path], kind: str, pattern: str) -> Iterator[Path]:
    """Yield the files in force: of those with one name, the one in the last folder."""
    found: dict[str, Path] = {}
    for folder in folders:
        found.update({path.name: path for path in sorted((folder / kind).glob(pattern))})
    yield from found.values()


def text_of(path: Path) -> str:
    """Read a file, or refuse it with its name."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8."
        raise ContentError(message) from error
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}."
        raise ContentError(message) from error


def toml_of(path: Path, text: str) -> dict[str, Any]:
    """Read TOML, or refuse the file with its name and the place."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: {error}."
        raise ContentError(message) from error


def parsed(model: type[Model], data: dict[str, Any], path: Path) -> Model:
    """Check what a file says, or refuse it with its name and what to mend."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"{path}: {where}: {first['msg']}."
        raise ContentError(message) from error


def sections_of(path: Path, text: str, model: type[Model]) -> tuple[Model, Story]:
    """Read the facts at the head of a file, and its words, a heading a language.

    Raises:
        ContentError: there are no facts or no words, or something in them is wrong.

    """
    parts = text.split(FENCE, 2)
    if len(parts) != 3 or parts[0].strip():  # noqa: PLR2004 - before, between and after two fences
        message = f"{path}: has to begin with facts between two lines of {FENCE}."
        raise ContentError(message)
    facts = parsed(model, toml_of(path, parts[1]), path)
    headings = list(_HEADING.finditer(parts[2]))
    if not headings:
        message = f"{path}: has no words; begin them with a line such as “# en: The title”."
        raise ContentError(message)
    ends = [h.start() for h in headings[1:]] + [len(parts[2])]
    title = {h["language"]: h["title"].strip() for h in headings}
    body = {
        h["language"]: parts[2][h.end() : end].strip()
        for h, end in zip(headings, ends, strict=True)
    }
    return facts, Story(title, body)


def check_slots(path: Path, name: str, texts: Sequence[str]) -> None:
    """Refuse texts that are empty, or have a slot that nothing fills in.

    Raises:
        ContentError: one of them is so.

    """
    for text in texts:
        unknown = slots(text) - SLOTS
        if unknown:
            message = (
                f"{path}: {name} uses {{{min(unknown)}}}, which nothing fills in; "
                f"known are {', '.join(f'{{{s}}}' for s in sorted(SLOTS))}."
            )
            raise ContentError(message)
        if not text.strip():
            message = f"{path}: {name} has an empty text."
            raise ContentError(message)

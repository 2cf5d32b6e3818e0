"""Read what people can find: how-to articles, which system a thing is in, words of the trade.

Ours lie under ``find``; a file of the same name in the organisation's own folder replaces ours
whole, as with all content. Only a title, a place and words are required of their own.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.content.reading import (
    ContentError,
    Strict,
    layered,
    parsed,
    sections_of,
    text_of,
    toml_of,
)
from dialogs.knowledge import Article, System

FOLDER, SYSTEMS, KIN = "find", "systems*.toml", "search"
_STEP = re.compile(r"^\s*\d+[.)]\s+(?P<step>.+)$")
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,59}$")
_LINK = re.compile(r"^(https://\S+)?$")


class Digest(Protocol):
    """What the version of the content is counted with."""

    def update(self, text: bytes, /) -> None:
        """Count these bytes."""
        ...


class _Article(Strict):
    nav: dict[str, str] = Field(default_factory=dict)
    area: str = ""
    jobs: frozenset[str] = frozenset()
    reviewed: date | None = None
    owner: str = ""
    link: str = Field(default="", pattern=_LINK)
    why: dict[str, str] = Field(default_factory=dict)
    asked: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class _System(Strict):
    id: str = Field(pattern=_NAME)
    crm: bool
    thing: dict[str, str] = Field(min_length=1)
    system: dict[str, str] = Field(min_length=1)
    why: dict[str, str] = Field(min_length=1)
    also: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    link: str = Field(default="", pattern=_LINK)


class _Systems(Strict):
    system: list[_System]


class _Kin(Strict):
    things: tuple[tuple[str, ...], ...] = ()
    deeds: tuple[tuple[str, ...], ...] = ()


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(min_length=1)
    nav: str = ""
    title_en: str = ""
    body_en: str = ""
    title_nl: str = ""
    body_nl: str = ""


@dataclass(frozen=True, slots=True)
class Findable:
    """All that people can find, and the words it is found by."""

    articles: Mapping[str, Article] = field(default_factory=dict[str, Article])
    systems: Mapping[str, System] = field(default_factory=dict[str, System])
    kin: tuple[tuple[str, ...], ...] = ()
    elsewhere: tuple[str, ...] = ()


def load_findable(folders: Sequence[Path], version: Digest) -> Findable:
    """Read what can be found and the words around it, the last folder over those before it.

    Raises:
        ContentError: a file is broken.

    """
    articles: dict[str, Article] = {}
    for path in layered(folders, FOLDER, "*.md"):
        text = text_of(path)
        version.update(f"{path.stem}\n{text}".encode())
        articles[path.stem] = article_of(path, text)
    systems: dict[str, System] = {}
    for path in layered(folders, ".", SYSTEMS):
        text = text_of(path)
        version.update(text.encode())
        for told in parsed(_Systems, toml_of(path, text), path).system:
            if told.id in systems:
                message = f"{path}: system {told.id} stands there twice, or in another file, too."
                raise ContentError(message)
            systems[told.id] = System(**told.model_dump())
    kin: list[tuple[str, ...]] = []
    for path in layered(folders, KIN, "*.toml"):
        text = text_of(path)
        version.update(text.encode())
        read = parsed(_Kin, toml_of(path, text), path)
        kin += (*read.things, *read.deeds)
    elsewhere: list[str] = []
    for path in layered(folders, KIN, "*.txt"):
        text = text_of(path)
        version.update(text.encode())
        lines = (line.strip() for line in text.splitlines())
        elsewhere += (line for line in lines if line and not line.startswith("#"))
    return Findable(articles, systems, tuple(kin), tuple(elsewhere))


def article_of(path: Path, text: str) -> Article:
    """Read one article.

    Raises:
        ContentError: the file is broken.

    """
    if not _NAME.match(path.stem):
        message = (
            f"{path}: name the file with small letters, digits and -, such as visit-report.md."
        )
        raise ContentError(message)
    facts, said = sections_of(path, text, _Article)
    body: dict[str, str] = {}
    steps: dict[str, tuple[str, ...]] = {}
    for language, words in said.body.items():
        lines = words.splitlines()
        found = tuple(m["step"].strip() for line in lines if (m := _STEP.match(line)))
        rest = "\n".join(line for line in lines if not _STEP.match(line))
        body[language] = re.sub(r"\n{3,}", "\n\n", rest).strip()
        if found:
            steps[language] = found
        if not body[language] and not found:
            message = f"{path}: “# {language}:” has a title and no words under it."
            raise ContentError(message)
    return Article(
        id=path.stem,
        nav=facts.nav,
        title=said.title,
        body=body,
        why=facts.why,
        steps=steps,
        asked=facts.asked,
        area=facts.area,
        jobs=facts.jobs,
        link=facts.link,
        reviewed=facts.reviewed,
        owner=facts.owner,
    )


def read_lines_of_articles(path: Path) -> dict[str, Article]:
    """Read articles as JSON lines: ``id``, ``nav``, ``title_en``, ``body_en``, ``title_nl`` ….

    Raises:
        ContentError: a line is wrong; the message has its number.

    """
    found: dict[str, Article] = {}
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            data: Any = json.loads(line)
            read = _Line.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            message = f"{path}: line {number}: {where}: {first['msg']}."
            raise ContentError(message) from error
        except (ValueError, RecursionError) as error:
            message = f"{path}: line {number}: is no JSON."
            raise ContentError(message) from error
        if read.id in found:
            message = f"{path}: line {number}: article {read.id} stands in another line, too."
            raise ContentError(message)
        title = _both(read.title_en, read.title_nl)
        if not title:
            message = f"{path}: line {number}: has neither title_en nor title_nl."
            raise ContentError(message)
        found[read.id] = Article(
            read.id, dict.fromkeys(title, read.nav), title, _both(read.body_en, read.body_nl)
        )
    return found


def _both(en: str, nl: str) -> dict[str, str]:
    pairs: Iterable[tuple[str, str]] = (("en", en), ("nl", nl))
    return {language: text for language, text in pairs if text.strip()}

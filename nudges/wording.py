"""What a message may hold: refused while it is written, never while it is sent."""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from nudges.broadcast import Check, Message
from nudges.programme import Words

TITLE, BODY, PARAGRAPHS, LABEL, URL = 120, 2500, 12, 30, 1000
"""The most characters and paragraphs that every platform shows whole."""
QUESTION, ANSWER, MOST_WRONG = 200, 100, 3
"""The most characters of a question and of what may be chosen, and how many of that are wrong."""
INSIDE = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "test"})
"""Names that lead somewhere else on every machine."""
Wrong: TypeAlias = Literal[
    "title",
    "long_title",
    "body",
    "long_body",
    "hidden",
    "label",
    "link",
    "https",
    "password",
    "inside",
    "look_alike",
    "question",
    "answer",
    "wrongs",
    "same",
]
"""What may be wrong with something that was written."""
WRONGS: tuple[Wrong, ...] = get_args(Wrong)
Refusal: TypeAlias = tuple[str, Wrong]
"""A field, and what is wrong with it."""
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def refusals(message: Message, languages: Iterable[str]) -> Iterator[Refusal]:
    """Yield what is wrong with a message, by field; nothing if it can be sent as it is."""
    languages = tuple(languages)
    for language in languages:
        title, body = _said(message.title, language), _said(message.body, language)
        if not title:
            yield f"title.{language}", "title"
        elif len(title) > TITLE or "\n" in title:
            yield f"title.{language}", "long_title"
        if not body:
            yield f"body.{language}", "body"
        elif len(body) > BODY or len(paragraphs(body)) > PARAGRAPHS:
            yield f"body.{language}", "long_body"
        for field, text in (("title", title), ("body", body)):
            if _HIDDEN.search(text):
                yield f"{field}.{language}", "hidden"
        if message.link and not 0 < len(_said(message.link.label, language)) <= LABEL:
            yield f"label.{language}", "label"
    yield from _refused_rest(message, languages)


def _refused_rest(message: Message, languages: Sequence[str]) -> Iterator[Refusal]:
    if message.link and (wrong := refused_link(message.link.url)):
        yield "link", wrong
    if message.check:
        yield from refused_check(message.check, languages)


def refused_check(check: Check, languages: Iterable[str]) -> Iterator[Refusal]:
    """Yield what is wrong with the question about a message, by field.

    There is one right answer with one to three wrong ones, or none of them.
    """
    written = any(text.strip() for text in check.right.values())
    many = 0 < len(check.wrong) <= MOST_WRONG if written else not check.wrong
    for language in languages:
        if not _line(question := _said(check.question, language), QUESTION):
            yield f"question.{language}", "question"
        options = [_said(one, language) for one in check.wrong]
        right = _said(check.right, language)
        if written and not _line(right, ANSWER):
            yield f"right.{language}", "answer"
        if not many:
            yield f"wrong.{language}", "wrongs"
        elif not all(_line(one, ANSWER) for one in options):
            yield f"wrong.{language}", "answer"
        elif written and len({right.casefold(), *map(str.casefold, options)}) <= len(options):
            yield f"wrong.{language}", "same"
        for field, texts in (("question", [question]), ("right", [right]), ("wrong", options)):
            if any(_HIDDEN.search(text) for text in texts):
                yield f"{field}.{language}", "hidden"


def _line(text: str, most: int) -> bool:
    """Say whether something was written on one line, and is not too long."""
    return 0 < len(text) <= most and "\n" not in text


def hides(text: str) -> bool:
    """Say whether a text holds signs that nobody sees, or that turn its direction."""
    return _HIDDEN.search(text) is not None


def refused_link(url: str) -> Wrong | None:
    """Return why a link is no good; nothing if it leads where it says.

    Only a page of the web, by https, by its plain name: no script, no address of a machine or of
    the inside of a network, no name that is written with look-alike letters, and nobody's password.
    """
    if len(url) > URL or _HIDDEN.search(url) or re.search(r"[\s\\\"<>]", url):
        return "link"
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "link"
    if parts.scheme != "https":
        return "https"
    if parts.username is not None or parts.password is not None:
        return "password"
    if _is_address(host) or host.rpartition(".")[2] in INSIDE or "." not in host:
        return "inside"
    if not host.isascii() or any(part.startswith("xn--") for part in host.split(".")):
        return "look_alike"
    return None if _HOST.fullmatch(host) else "link"


def paragraphs(body: str) -> list[str]:
    """Split a text at its empty lines; within a paragraph lines run on."""
    return [" ".join(text.split()) for text in re.split(r"\n\s*\n", body) if text.strip()]


def _said(text: Words, language: str) -> str:
    return text.get(language, "").strip()


def _is_address(host: str) -> bool:
    """Tell a machine's number, also one written as a single one or in hex, from a name."""
    if re.fullmatch(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}", host):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

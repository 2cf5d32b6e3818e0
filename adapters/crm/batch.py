"""Many questions in one trip: a batch as OData 4.0 has it, written and read."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import uuid4

from adapters.crm.reading import NONSENSE, Quiet

MOST: Final = 1_000
"""How many questions one batch may hold."""
_BOUNDARY: Final = re.compile(r'boundary="?([^";,\s]{1,200})"?')
_STATUS: Final = re.compile(r"HTTP/1\.1 (\d{3})")


@dataclass(frozen=True, slots=True)
class Part:
    """What came of one question: its status, and the JSON object it was answered with."""

    status: int
    told: Mapping[str, Any]


def write(paths: Sequence[str], headers: Mapping[str, str]) -> tuple[str, bytes]:
    """Return the content type and the body of a batch.

    The headers stand in every part: who asks is never left to what a part may inherit.
    """
    boundary = f"batch_{uuid4().hex}"
    said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    parts = [
        f"--{boundary}\r\nContent-Type: application/http\r\n"
        "Content-Transfer-Encoding: binary\r\n\r\n"
        f"GET {path} HTTP/1.1\r\n{said}\r\n\r\n"
        for path in paths
    ]
    body = "".join([*parts, f"--{boundary}--\r\n"])
    return f'multipart/mixed; boundary="{boundary}"', body.encode("ascii")


def read(kind: str, body: bytes, expected: int) -> list[Part]:
    """Read the answers, in the order of the questions.

    Raises:
        Quiet: it is no batch, or one with other answers than there were questions.

    """
    found = _BOUNDARY.search(kind)
    if not found:
        raise Quiet(NONSENSE)
    try:
        whole = body.decode()
    except UnicodeDecodeError:
        raise Quiet(NONSENSE) from None
    pieces = re.split(rf"(?:^|\r?\n)--{re.escape(found[1])}(?:--)?[ \t]*(?:\r?\n|$)", whole)
    parts = [_part(piece) for piece in pieces if piece.strip()]
    if len(parts) != expected:
        raise Quiet(NONSENSE)
    return parts


def _part(piece: str) -> Part:
    status = _STATUS.search(piece)
    if not status:
        raise Quiet(NONSENSE)
    begin = piece.find("{", status.end())
    if begin < 0:
        return Part(int(status[1]), {})
    return Part(int(status[1]), whole(piece[begin:]))


def whole(text: str | bytes) -> Mapping[str, Any]:
    """Read a JSON object.

    Raises:
        Quiet: it is none.

    """
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Quiet(NONSENSE) from None
    if not isinstance(told, dict):
        raise Quiet(NONSENSE)
    return cast("dict[str, Any]", told)

"""Read measured use from a message: a JSON array of objects, or one object on each line."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from adapters.usage.reading import UsageError, refused, unfit
from nudges.adoption import Metric
from nudges.cells import Remark
from nudges.told_use import Line

MOST = 20_000
"""Lines of one message."""
_WHO = ("person", "email")


def read_message(body: bytes) -> tuple[Line, ...]:
    """Read the lines of a message; those of an array count from 1. Unknown keys are ignored.

    Raises:
        UsageError: it is none, or a value cannot be read; nothing of it is to be used.

    """
    lines: list[Line] = []
    problems: list[Remark] = []
    for number, told in _objects(body):
        if len(lines) + len(problems) >= MOST:
            raise refused(number, f"more than {MOST} lines; send them in parts")
        wrong = [*_wrong(told)]
        problems += [Remark(number, "", why) for why in wrong]
        if not wrong:
            values = {m: float(told[m]) for m in Metric if told.get(m) is not None}
            person, email = (_text(told, name) for name in _WHO)
            lines.append(Line(number, person, email, _text(told, "week"), values))
    if problems:
        raise UsageError(problems)
    return tuple(lines)


def _objects(body: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused(1, "this is not UTF-8") from None
    if text.lstrip()[:1] == "[":
        whole = _parsed(text, 1)
        for number, told in enumerate(cast("list[Any]", whole), 1):
            yield number, _object(told, number)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _object(_parsed(line, number), number)


def _parsed(text: str, line: int) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise refused(line, "this is not JSON that says each thing once") from None


def _object(told: object, line: int) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise refused(line, "this is no object")
    return cast("dict[str, Any]", told)


def _wrong(told: Mapping[str, Any]) -> Iterator[str]:
    for name in (*_WHO, "week"):
        value = told.get(name)
        if value is not None and not isinstance(value, str):
            yield f"{name} is no text"
        elif why := unfit(name, value or ""):
            yield why
    for metric in Metric:
        value = told.get(metric)
        if value is not None and not _number(value):
            yield f"{metric} is no number"


def _number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return abs(float(value)) < float("inf")
    except OverflowError:
        return False


def _text(told: Mapping[str, Any], name: str) -> str:
    return (told.get(name) or "").replace("\xa0", " ").strip(" ")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = "a name twice"
        raise ValueError(twice)
    return found


def _no_constant(name: str) -> float:
    raise ValueError(name)

"""JSON read without mercy: what two readers could understand differently is not understood."""

import json
from typing import Any, Final, NoReturn, TypeAlias, cast

DEEPEST: Final = 64
_Box: TypeAlias = dict[str, object] | list[object]


class AmbiguousError(ValueError):
    """No JSON, or JSON that two readers could understand differently."""


def loads(text: str) -> object:
    """Read JSON.

    Raises:
        ValueError: it is no JSON, is nested too deeply, or has a key that stands twice, a NaN
            or a huge number.

    """
    try:
        value: Any = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError:
        raise AmbiguousError from None
    if text.count("[") + text.count("{") > DEEPEST and _depth(value) > DEEPEST:
        raise AmbiguousError
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise AmbiguousError
    return read


def _constant(name: str) -> NoReturn:
    raise AmbiguousError(name)


def _depth(value: object) -> int:
    """Measure without recursion: level by level, containers only."""
    level, depth = _boxes([value]), 0
    while level:
        depth += 1
        level = [inner for box in level for inner in _boxes(_items(box))]
    return depth


def _items(box: _Box) -> list[object]:
    return list(box.values()) if isinstance(box, dict) else box


def _boxes(items: list[object]) -> list[_Box]:
    return [cast("_Box", item) for item in items if isinstance(item, dict | list)]

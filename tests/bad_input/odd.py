"""What nobody means to send: texts, values and changes to what is genuine."""

import copy
import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias, cast

from hypothesis import strategies as st

Json: TypeAlias = Any
Place: TypeAlias = tuple[str | int, ...]
GONE: Final = "take it away"
FRAGMENTS: Final = (
    *("\0", "\ud800", "\udfff", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\r\n", "\t"),
    *("<!channel>", "<!here|x>", "<@U1>", "<!subteam^S1>", "<#C1>", "@everyone", "<at>all</at>"),
    *("[x](https://evil.example)", "<https://evil.example|x>", "www.evil.example", "mailto:a@b.c"),
    *("*b*", "**b**", "_i_", "~s~", "`c`", "# h", "> q", "- l", "{{DATE(2026-01-01T00:00:00Z)}}"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "&#60;", "]]>"),
    *("' or 1=1 --", "'; DROP TABLE people; --", "\\' OR ''='", '" OR ""="', "UNION SELECT 1"),
    *("%", "_", "%_%", "[a-z]", "\\%", "$filter=name eq 'a'", "') or contains(name,'", "$batch"),
    *(
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
        "=cmd|' /C calc'!A0",
    ),
    *("{crm}", "{0}", "{name!r}", "%s", "%(x)s", "${x}", "{{7*7}}", ":smile:", "\\u0000", "%00"),
    *("help", "find ", "settings", "4", "stop", "?", "na", "x" * 200, "\U0001f469\u200d\U0001f467"),
)
texts: Final = st.one_of(
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=8).map("".join),
    st.text(st.characters(), max_size=40),
    st.sampled_from(("x" * 65_536, "\u4e2d" * 21_000, "a " * 32_000, "<" * 40_000, "[" * 4_000)),
)
"""What may be typed: any sign there is, halves of them, and 64 KiB."""
_DEEP: Final[Json] = json.loads("[" * 60 + "]" * 60)
values: Final[st.SearchStrategy[Json]] = st.one_of(
    st.sampled_from(
        (None, True, False, 0, -1, 2**63, 10**400, 1e308, -0.0, "", [], {}, [None], {"": {}}, _DEEP)
    ),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)
"""What may stand in a field of any type."""
changes: Final = st.lists(
    st.tuples(st.integers(0, 10_000), st.one_of(values, st.just(GONE))), min_size=1, max_size=3
)
"""Which places of something are changed, and to what."""


def places(whole: Json, at: Place = ()) -> Iterator[Place]:
    """Yield every place in something, the whole left out."""
    box = isinstance(whole, dict)
    inner = cast("dict[str | int, Json]", whole).items() if box else enumerate(whole)
    for name, value in inner:
        yield (*at, name)
        if isinstance(value, dict | list):
            yield from places(value, (*at, name))


def changed(genuine: Json, how: list[tuple[int, Json]]) -> Json:
    """Return a copy of something with some places changed, or taken away."""
    made = copy.deepcopy(genuine)
    for number, value in how:
        found = [*places(made)]
        if not found:
            break
        *way, last = found[number % len(found)]
        box = made
        for name in way:
            box = box[name]
        if value == GONE:
            del box[last]
        else:
            box[last] = copy.deepcopy(value)
    return made

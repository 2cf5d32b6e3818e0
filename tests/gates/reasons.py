"""Written reasons for what a tool finds in ``infra/``: by its rule and the place, never by more.

They stand in one file, because a comment beside the line is one that a tool takes without a reason,
and none can stand beside what is drawn from several files. One that nothing needs any more is a
finding, too.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

REASONS = Path(__file__).parent / "reasons_infra.toml"


class Finding(NamedTuple):
    """What a tool found: its rule, the place, and its own words."""

    rule: str
    where: str
    said: str


def unreasoned(
    found: Iterable[Finding], rules: tuple[str, ...], reasons: Path | None = REASONS
) -> list[str]:
    """Return findings without a reason, and reasons without a finding, in one tool's rules.

    Args:
        found: everything that the tool found.
        rules: how the names of its rules begin.
        reasons: the file with the reasons; none at all if empty.

    """
    allowed = {key for key in _reasons(reasons) if key[0].startswith(rules)}
    every = list(found)
    open_ones = [f for f in every if (f.rule, f.where) not in allowed]
    needed = {(f.rule, f.where) for f in every}
    return [
        *sorted({f"{f.where}: {f.rule} {f.said}" for f in open_ones}),
        *(
            f"{where}: nothing needs the reason for {rule} any more"
            for rule, where in sorted(allowed - needed)
        ),
    ]


def _reasons(path: Path | None) -> set[tuple[str, str]]:
    """Read the reasons; one without words is none."""
    if path is None:
        return set()
    told = tomllib.loads(path.read_text(encoding="utf-8"))["reason"]
    return {(one["rule"], place) for one in told if one["why"] for place in one["where"]}

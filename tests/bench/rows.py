"""One row of figures: what, its median, its spread, and what we aim for."""

from collections.abc import Sequence
from statistics import median
from typing import TypeAlias

Row: TypeAlias = tuple[str, str, str, str]


def row(what: str, values: Sequence[float], unit: str, aim: str) -> Row:
    spread = f"{min(values):,.3g} … {max(values):,.3g}"
    return (what, f"{median(values):,.4g} {unit}", spread, aim)

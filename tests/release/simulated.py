"""What a play wrote down, its ledger and its truth, as the attack takes it.

It is read as anybody would who has the two files and nothing of the program: a number is a sum over
the people it names, each with what was true of them at that time.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tests.release.attack import Column


def rows(
    released: Iterable[Mapping[str, Any]], truth: Iterable[Mapping[str, Any]]
) -> dict[str, list[frozenset[Column]]]:
    """Return the numbers that were told of each measure, each once.

    A column is one person and which of their values it is; the categories of one measure are
    about the same people at the same time, so they are one number.
    """
    since: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in truth:
        since[_of(line), line["person"]].add(line["from"])
    begins = {key: sorted(found) for key, found in since.items()}
    found: dict[str, set[frozenset[Column]]] = defaultdict(set)
    for line in released:
        if line["people"]:
            about = _of(line)
            found[about].add(
                frozenset(
                    (who, bisect_right(begins[about, who], line["at"])) for who in line["people"]
                )
            )
    return {about: sorted(numbers, key=sorted) for about, numbers in found.items()}


def _of(line: Mapping[str, Any]) -> str:
    measure: str = line["measure"]
    return measure.partition(":")[0]

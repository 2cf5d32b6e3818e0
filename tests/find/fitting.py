"""Find what each sign counts that tells whether an article answers, and how well that does.

Questions that belong elsewhere are split by what they are about, and our own by their article: a
part is judged by what was learned from the other parts only, so its topics were never seen.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from adapters.search.about import about
from adapters.search.fused import AHEAD, SURE, Index, Signs
from dialogs.library import Library
from tests.find.figures import lines

np: Any = import_module("numpy")
ELSEWHERE = Path(__file__).parents[2] / "dialogs" / "content" / "search" / "elsewhere.txt"
PARTS, TIMES = 6, 3
LET_THROUGH = (0.03, 0.05)
"""The share of questions from elsewhere that may be answered, of topics never seen: where no
article has examples of questions, and where some have."""
CALM = 1.0
"""How much weights are held back."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights, a constant first, and shares of questions whose topics were not seen.

    ``answered`` are ours, and ``right`` those of them whose article was found; ``wrong`` belong
    elsewhere, and ``near`` sound like the CRM. ``sure`` are ours that get one answer alone, and
    ``sure_right`` those that get the right one.
    """

    weights: tuple[float, ...]
    answered: float
    right: float
    wrong: float
    near: float
    sure: float
    sure_right: float


def asked() -> Iterator[tuple[str, str, bool]]:
    """Yield a question, its topic, and whether an article answers it; the topic is the article."""
    topic = ""
    for line in ELSEWHERE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            topic = line[2:]
        elif line:
            yield line, topic, False
    for one in lines("pool_questions"):
        yield one["q"], one["article"], True


def fitted(library: Library, index: Index) -> Fitted:
    """Return the weights for an index, and how well they do."""
    pool = list(asked())
    ours = np.array([mine for _, _, mine in pool])
    near = np.array([topic.startswith("near") for _, topic, _ in pool])
    found = np.zeros(len(pool))
    every: list[Any] = []
    tops: list[int] = []
    for time in range(TIMES):
        part = _parts([topic for _, topic, _ in pool], random.Random(time))  # noqa: S311
        signs, tops = _signs(library, index, pool, part)
        every.append(signs)
        for out in range(PARTS):
            weights = _logistic(signs[part != out], ours[part != out])
            found[part == out] += _total(weights, signs[part == out]) / TIMES
    enough = float(np.quantile(found[~ours], 1 - LET_THROUGH[any(a.asked for a in index.articles)]))
    weights = _logistic(np.concatenate(every), np.tile(ours, TIMES))
    weights[0] -= enough
    names = [a.id for a in index.articles]
    right = np.array([names[t] == topic for t, (_, topic, _) in zip(tops, pool, strict=True)])
    through = found > enough
    ahead = every[0][:, Signs._fields.index("ahead")]
    alone = ours & (ahead >= AHEAD) & (1 / (1 + np.exp(enough - found)) >= SURE)
    return Fitted(
        tuple(round(float(w), 2) for w in weights),
        float(through[ours].mean()),
        float(through[ours & right].mean()),
        float(through[~ours].mean()),
        float(through[near].mean()),
        float(alone[ours].mean()),
        float(right[alone].mean()),
    )


def _parts(topics: Sequence[str], chance: random.Random) -> Any:  # noqa: ANN401 - an array
    names = sorted(set(topics))
    chance.shuffle(names)
    where = {name: at % PARTS for at, name in enumerate(names)}
    return np.array([where[topic] for topic in topics])


def _signs(
    library: Library, index: Index, pool: Sequence[tuple[str, str, bool]], part: Sequence[int]
) -> tuple[Any, list[int]]:
    rows: list[Signs] = []
    tops: list[int] = []
    kinds = [
        about(
            library,
            index.lexical.kin,
            [q for (q, _, mine), p in zip(pool, part, strict=True) if not mine and p != out],
        )
        for out in range(PARTS)
    ]
    for (question, _, _), out in zip(pool, part, strict=True):
        index.about = kinds[out]
        scores, signs = index.weighed(index.mended(question))
        rows.append(signs)
        tops.append(int(np.argmax(scores)))
    return np.array(rows), tops


def _logistic(signs: Any, ours: Any) -> Any:  # noqa: ANN401 - arrays
    """Weigh the signs so that ours get a high total and others a low one (logistic regression)."""
    usual, spread = signs.mean(0), signs.std(0) + 1e-9
    rows: Any = np.hstack([np.ones((len(signs), 1)), (signs - usual) / spread])
    held: Any = CALM * np.eye(len(rows.T))
    held[0, 0] = 0
    weights: Any = np.zeros(len(rows.T))
    for _ in range(25):
        chance: Any = 1 / (1 + np.exp(-(rows @ weights)))
        much = chance * (1 - chance) + 1e-6
        slope = rows.T @ (ours - chance) - held @ weights
        step: Any = np.linalg.solve((rows.T * much) @ rows + held, slope)
        weights = weights + step
    each = weights[1:] / spread
    return np.concatenate([[weights[0] - each @ usual], each])


def _total(weights: Any, signs: Any) -> Any:  # noqa: ANN401 - arrays
    return weights[0] + signs @ weights[1:]

"""Find it: how long a how-to question takes, what the index costs, how soon 1,000 articles are up.

Each case runs in a process of its own, so that what one loaded is not counted in another. The
stored vectors are made up: what they say changes no time, and making 2,000 takes minutes.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from adapters.search.searching import Searching
from dialogs.knowledge import Article
from dialogs.library import Library
from dialogs.understanding import understand
from tests.bench.rows import Row, row
from tests.bench.start import megabytes
from tests.find.figures import lines, our_library
from tests.real import ROOT

ARTICLES = 1000
ASKED = 400
PARTS = ("opportunity", "lead", "account", "contact", "case", "quote", "task", "view", "chart")
DEEDS = ("create", "close", "share", "merge", "export", "reopen", "assign", "change", "print")
PLACES = ("on the phone", "for the board", "at month end", "with a partner", "for audit", "abroad")


def made_up() -> Library:
    """Return a library of so many articles."""
    articles: dict[str, Article] = {}
    for n in range(ARTICLES):
        deed, part = DEEDS[n % len(DEEDS)], PARTS[n // 9 % len(PARTS)]
        what = f"{deed} a {part} {PLACES[n // 81 % len(PLACES)]}"
        text = (
            f"Open {part} {n} and choose {deed}. Fill in region {n % 17} and team {n % 13}, check"
            f" the amount, ask the owner of {PARTS[n % 7]} if in doubt, and save what you changed."
        )
        articles[f"a{n}"] = Article(
            f"a{n}",
            {"en": f"Sales > {part}", "nl": f"Verkoop > {part}"},
            {"en": what, "nl": f"{what} (nl)"},
            {"en": text, "nl": f"{text} Daarna sla je het op."},
        )
    return replace(our_library(), articles=articles)


def store(folder: str) -> None:
    """Store a vector for every text, as if they had been made before."""
    import numpy as np  # noqa: PLC0415 - not in the process that is measured

    from adapters.search.semantic import USUAL, WEIGHTS, passages  # noqa: PLC0415
    from adapters.search.vectors import SIZE, Vectors  # noqa: PLC0415

    chance = np.random.default_rng(7)
    vectors = Vectors(WEIGHTS, Path(folder))
    texts = [*USUAL, *(t for a in made_up().articles.values() for t in passages(a))]
    vectors.put({text: chance.normal(size=SIZE) / SIZE**0.5 for text in texts})
    vectors.save()


def once(folder: str, *, semantic: bool) -> dict[str, list[float]]:
    """Load the articles, ask, and return what it took."""
    library = made_up()
    questions = [one["q"] for one in lines("dev_questions") + lines("dev_off_topic")]
    before = megabytes()
    began = perf_counter()
    search = Searching(lambda: library, Path(folder), semantic=semantic)
    search.rebuild()
    loaded = perf_counter() - began
    understand("how do I warm up", library)
    search.seek("how do I warm up")
    spent: list[float] = []
    for n in range(ASKED):
        began = perf_counter()
        understand(questions[n % len(questions)], library)
        search.seek(questions[n % len(questions)])
        spent.append((perf_counter() - began) * 1000)
    return {"loaded": [loaded], "memory": [megabytes() - before], "spent": sorted(spent)}


async def run() -> Sequence[Row]:
    """Measure with meaning and without."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        await _apart(folder, "store")
        for how, p50, p99 in (("semantic", "≤ 30", "≤ 80"), ("letters", "", "≤ 5")):
            told = await _apart(folder, how)
            spent = told["spent"]
            rows += [
                row(f"{how}: how-to question", spent, "ms", p50),
                row(f"{how}: the same, 99 of 100", [spent[int(len(spent) * 0.99)]], "ms", p99),
                row(f"{how}: extra memory", told["memory"], "MB", "≤ 80"),
                row(f"{how}: load {ARTICLES:,} articles", told["loaded"], "s", "≤ 2"),
            ]
    return rows


async def _apart(folder: str, how: str) -> dict[str, list[float]]:
    words = ["-m", "tests.bench.find", folder, how]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    return json.loads(told.splitlines()[-1])


if __name__ == "__main__":
    figures: dict[str, list[float]] = {}
    if sys.argv[2] == "store":
        store(sys.argv[1])
    else:
        figures = once(sys.argv[1], semantic=sys.argv[2] == "semantic")
    print(json.dumps(figures))  # noqa: T201 - the figures

"""Where answers come from in tests: a shelf of articles, and a CRM that knows who may read what.

Both are fakes with a state: what is put on the shelf is found, and what somebody may not read does
not exist for them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from dialogs.finding import BEST, Hit, Sought
from dialogs.gallery_find import ARTICLES
from dialogs.knowledge import Article
from dialogs.records import (
    Asker,
    Looked,
    Match,
    Matches,
    Nothing,
    Record,
    Ref,
    Silent,
    Told,
    Unmapped,
    Wanted,
)
from nudges.people import Language

SURE, SHOWN = 1, 1
"""By how many words the answer is ahead of the next, and how many it shares at least."""
_LINK = "https://contoso.crm4.dynamics.com/main.aspx?appid=1&pagetype=entityrecord&etn=account&id="


@dataclass
class Shelf:
    """Articles, found by the words that they have in common with a question."""

    articles: dict[str, Article] = field(default_factory=lambda: dict(ARTICLES))
    asked: list[str] = field(default_factory=list[str])

    async def search(self, words: str, language: Language, job: str = "") -> Sought:
        assert isinstance(job, str)
        self.asked.append(words)
        said = _words(words)
        counts = {key: len(said & _told(one, language)) for key, one in self.articles.items()}
        best = sorted((key for key in counts if counts[key] >= SHOWN), key=lambda k: -counts[k])
        hits = tuple(Hit(key, counts[key] / (len(said) or 1)) for key in best[:BEST])
        ahead = counts[best[0]] - (counts[best[1]] if len(best) > 1 else 0) if best else 0
        return Sought(hits, answered=bool(hits), sure=ahead >= SURE)


@dataclass
class Row:
    """A record of the made-up CRM, and who may read it."""

    name: str
    phone: str
    readers: frozenset[str]
    town: str = ""


@dataclass
class Ledger:
    """A made-up CRM with rights on every row; ``silent`` is what it says while it is out."""

    rows: dict[str, Row] = field(default_factory=dict[str, Row])
    known: frozenset[str] = frozenset({"ann", "bob", "eve"})
    silent: Looked | None = None
    asked: list[tuple[str, Wanted]] = field(default_factory=list[tuple[str, Wanted]])

    def put(self, key: str, name: str, phone: str, readers: Iterable[str], town: str = "") -> None:
        self.rows[key] = Row(name, phone, frozenset(readers), town)

    async def look_up(self, wanted: Wanted, asker: Asker) -> Looked:
        self.asked.append((asker.person, wanted))
        if self.silent is not None:
            return self.silent
        if asker.person not in self.known:
            return Unmapped()
        may = {key: row for key, row in self.rows.items() if asker.person in row.readers}
        if wanted.ref:
            row = may.get(wanted.ref.id)
            return _record(wanted.ref.id, row) if row else Nothing()
        some = {k: row for k, row in may.items() if wanted.name.casefold() in row.name.casefold()}
        if len(some) == 1:
            return _record(*next(iter(some.items())))
        if some:
            return Matches(
                tuple(Match(Ref("account", k), row.name, (row.town,)) for k, row in some.items())
            )
        return Nothing()

    async def close(self) -> None:
        pass


def _record(key: str, row: Row) -> Record:
    facts = (Told("owner", "Owner", "Sanne de Boer"), Told("phone", "Main Phone", row.phone))
    return Record(Ref("account", key), row.name, f"{_LINK}{key}", facts)


def _told(article: Article, language: Language) -> set[str]:
    asked = article.asked.get(language, ())
    return _words(" ".join((article.title[language], *asked, article.nav[language])))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}


DOWN = Silent("down")
SLOW = Silent("slow")

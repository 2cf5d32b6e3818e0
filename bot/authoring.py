"""Load what an author has at hand, and find out whom a draft would reach."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from dialogs.speech import best, languages
from nudges.audience import Known, Rule, exposes, groups_in
from nudges.audience_language import RuleError, parse, written
from nudges.authoring import Authoring, Reach
from nudges.broadcast import Broadcast, Draft, Drafted, limited, reach
from nudges.people import Person

SAMPLE = 5
"""How many names an author sees of those a draft would reach."""
MOST = 8
"""How many of their broadcasts an author sees at once."""


class ReachWork(Protocol):
    """The part of a transaction that tells whom a rule means."""

    async def limits(self) -> Mapping[str, str]:
        """Return to whom authors for some groups may write, by person."""
        ...

    async def groups(self) -> list[Known]:
        """Return the groups that a rule can name."""
        ...

    async def speakers(self, rule: Rule, now: datetime) -> Mapping[str, int]:
        """Count whom a rule means by the language they speak."""
        ...

    async def sample(self, rule: Rule, now: datetime, n: int) -> list[str]:
        """Return a few of those whom a rule means."""
        ...

    async def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Return people by id."""
        ...


class AuthoringWork(ReachWork, Protocol):
    """The part of a transaction that an author's work is loaded from."""

    async def drafts(self, authors: Iterable[str]) -> list[Drafted]:
        """Return people's drafts and templates."""
        ...

    async def authored(self, author: str, most: int) -> list[Broadcast]:
        """Return what someone handed in last."""
        ...


async def authoring(
    work: AuthoringWork, author: Person, counted: Iterable[str], now: datetime
) -> Authoring:
    """Load what an author has at hand; whom it would reach only for the ``counted`` drafts."""
    drafts = {one.key: one for one in await work.drafts([author.id])}
    reaches = {
        key: await reached(work, drafts[key].draft, author, now) for key in set(counted) & {*drafts}
    }
    return Authoring(drafts, reaches, tuple(await work.authored(author.id, MOST)))


async def reached(work: ReachWork, draft: Draft, author: Person, now: datetime) -> Reach:
    """Find out whom a draft would reach at this moment, and in which languages they read it."""
    if not draft.rule:
        return Reach()
    within = (await work.limits()).get(author.id, "") if limited(author) else ""
    if limited(author) and not within:
        return Reach(draft.rule, obstacle="nowhere")
    rule = reach(parse(draft.rule), draft.message.kind, parse(within) if within else None)
    try:
        parse(written(rule))
    except RuleError as error:
        return Reach(draft.rule, obstacle="long", about=str(error))
    if wanted := groups_in(rule):
        missing = wanted - {one.group for one in await work.groups()}
        if missing:
            return Reach(written(rule), obstacle="group", about=min(missing).name)
    speakers = await work.speakers(rule, now)
    size = sum(speakers.values())
    if exposes(rule):
        return Reach(written(rule), size, languages=languages())
    if not size:
        return Reach(written(rule), obstacle="nobody", about=written(rule))
    found = await work.people(await work.sample(rule, now, SAMPLE))
    some = tuple(p.name or p.id for p in found.values())
    spoken = {best(code) for code in speakers}
    return Reach(written(rule), size, some, tuple(sorted(spoken)))

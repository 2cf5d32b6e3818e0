"""Load what an author has at hand, and find out whom a draft would reach."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from dialogs.speech import best, languages
from nudges.audience import Known, Rule, exposes, groups_in, receipts_in
from nudges.audience_language import RuleError, parse, written
from nudges.authoring import Authoring, Obstacle, Reach
from nudges.broadcast import Broadcast, Draft, Drafted, limited, reach
from nudges.people import Person
from nudges.roles import Role

SAMPLE = 5
"""How many names an author sees of those a draft would reach."""
MOST = 8
"""How many of their broadcasts an author sees at once."""


class BroadcastWork(Protocol):
    """The part of a transaction that tells of broadcasts."""

    async def broadcasts(self, numbers: Iterable[int]) -> Mapping[int, Broadcast]:
        """Return broadcasts by number."""
        ...


class ReachWork(BroadcastWork, Protocol):
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
    within = await limit(work, author)
    if limited(author) and within is None:
        return Reach(draft.rule, obstacle="nowhere")
    rule = reach(parse(draft.rule), draft.message.kind, within)
    try:
        parse(written(rule))
    except RuleError as error:
        return Reach(draft.rule, obstacle="long", about=str(error))
    if wanted := groups_in(rule):
        missing = wanted - {one.group for one in await work.groups()}
        if missing:
            return Reach(written(rule), obstacle="group", about=min(missing).name)
    if wrong := await unanswerable(work, rule):
        return Reach(written(rule), obstacle=wrong[0], about=wrong[1])
    speakers = await work.speakers(rule, now)
    size = sum(speakers.values())
    if exposes(rule):
        return Reach(written(rule), size, languages=languages())
    if not size:
        return Reach(written(rule), obstacle="nobody", about=written(rule))
    ids = await work.sample(rule, now, SAMPLE) if _may_name(rule, author) else []
    found = await work.people(ids)
    some = tuple(p.name or p.id for p in found.values())
    spoken = {best(code) for code in speakers}
    return Reach(written(rule), size, some, tuple(sorted(spoken)))


async def limit(work: ReachWork, author: Person) -> Rule | None:
    """Return the rule that an author's words are kept within, where they have one."""
    within = (await work.limits()).get(author.id, "") if limited(author) else ""
    return parse(within) if within else None


async def unanswerable(work: BroadcastWork, rule: Rule) -> tuple[Obstacle, str] | None:
    """Return of which broadcast a rule may not ask who received it, and why.

    A number that is not there would mean everybody under ``is not``. And whoever received one that
    was for a barrier or level is known by that to have been among its people.
    """
    if not (asked := receipts_in(rule)):
        return None
    known = await work.broadcasts(asked)
    for number in sorted(asked):
        if number not in known:
            return "unheard_of", str(number)
        if known[number].draft.exposes:
            return "private", str(number)
        if not known[number].draft.message.acknowledge:
            return "unasked", str(number)
    return None


def _may_name(rule: Rule, author: Person) -> bool:
    """Say whether an author may see names: who leads a team is not told who of it received what."""
    return not (receipts_in(rule) and Role.MANAGER in author.roles)

"""Load what an author has at hand, and find out whom a draft would reach."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.senders import SenderWork, senders
from dialogs.speech import best, languages
from nudges.audience import Known, Rule, exposes, groups_in, receipts_in
from nudges.audience_language import RuleError, parse, written
from nudges.authoring import Authoring, Obstacle, Reach, Waiting
from nudges.broadcast import Broadcast, Draft, Drafted, WrittenBack, limited, reach
from nudges.delivery import Note
from nudges.panel import MOST as PANEL
from nudges.panel import Voice
from nudges.people import Person
from nudges.roles import Act, Role, may

SAMPLE = 5
"""How many names an author sees of those a draft would reach."""
CHANNEL = "draft"
"""How the release ledger names the way on which an author learns who is believed."""
REPLIES = 5
"""How many replies an author sees at once, the oldest."""
MOST = 8
"""How many of their broadcasts an author sees at once."""


class BroadcastWork(Protocol):
    """The part of a transaction that tells of broadcasts."""

    async def broadcasts(self, numbers: Iterable[int]) -> Mapping[int, Broadcast]:
        """Return broadcasts by number."""
        ...


class ReachWork(BroadcastWork, Protocol):
    """The part of a transaction that tells whom a rule means."""

    async def arrived(self, number: int) -> int:
        """Count who has a broadcast."""
        ...

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


class PanelWork(Protocol):
    """The part of a transaction that a panel is chosen by."""

    async def panel_for(self, rule: Rule, now: datetime, most: int) -> list[str]:
        """Return a few of those whom a rule means, some of each job."""
        ...

    async def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Return people by id."""
        ...


class NotingWork(Protocol):
    """The part of a transaction that notes who was shown what."""

    async def note_shown(
        self, seen: Mapping[str, Iterable[int]], channel: str, now: datetime
    ) -> None:
        """Note who was shown which numbers."""
        ...


class AuthoringWork(ReachWork, SenderWork, Protocol):
    """The part of a transaction that an author's work is loaded from."""

    async def drafts(self, authors: Iterable[str]) -> list[Drafted]:
        """Return people's drafts and templates."""
        ...

    async def authored(self, author: str | None, most: int) -> list[Broadcast]:
        """Return what someone, or anyone, handed in last."""
        ...

    async def voices(self, drafts: Iterable[str]) -> Mapping[str, tuple[Voice, ...]]:
        """Return what panels said about drafts."""
        ...

    async def waiting_replies(self, number: int, most: int) -> tuple[list[WrittenBack], int]:
        """Return what waits for an answer, the oldest first, and how much in all."""
        ...

    async def series(self, numbers: Iterable[int]) -> Mapping[int, tuple[Broadcast, ...]]:
        """Return the broadcasts of each series."""
        ...


async def authoring(
    work: AuthoringWork, author: Person, shown: Iterable[Note], now: datetime
) -> Authoring:
    """Load what an author has at hand; more only of the drafts and broadcasts that are shown."""
    shown = [note for note in shown if note.authoring is not None]
    counted = {key for note in shown for key in note.authoring or ()}
    drafts = {one.key: one for one in await work.drafts([author.id])}
    reaches = {
        key: await reached(work, drafts[key].draft, author, now) for key in counted & {*drafts}
    }
    chosen = [drafts[key].draft.message.sender for key in reaches]
    named = await senders(work, author.id, now, filter(None, chosen))
    whose = None if may(author.roles, Act.WORK_QUEUE) else author.id
    handed_in = await work.authored(whose, MOST)
    roots = {drafts[key].draft.series for key in reaches} - {0}
    numbers = {number for note in shown for number in note.broadcasts}
    waits = {number: await work.waiting_replies(number, REPLIES) for number in sorted(numbers)}
    found = Authoring(
        drafts,
        reaches,
        tuple(handed_in),
        named,
        waiting={number: Waiting(tuple(some), n) for number, (some, n) in waits.items()},
    )
    if reaches:
        found = replace(found, panels=await work.voices(reaches))
    return replace(found, series=await work.series(roots)) if roots else found


async def note_senders(work: NotingWork, authors: Mapping[str, Authoring], now: datetime) -> None:
    """Note that authors are shown which senders are believed, as their drafts say it."""
    seen = {who: [one.cell for one in at.senders.believed] for who, at in authors.items()}
    await work.note_shown(seen, CHANNEL, now)


async def reached(work: ReachWork, draft: Draft, author: Person, now: datetime) -> Reach:
    """Find out whom a draft would reach at this moment, and in which languages they read it."""
    if draft.corrects:
        return await _corrected(work, draft)
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


async def panel_for(work: PanelWork, rule: str, author: Person, now: datetime) -> list[Person]:
    """Choose a panel of those whom a rule means: who would be asked now, and not its author."""
    ids = await work.panel_for(parse(rule), now, PANEL + 1)
    found = (await work.people(ids)).values()
    return [one for one in found if one.id != author.id and not one.quiet(now)][:PANEL]


async def _corrected(work: ReachWork, draft: Draft) -> Reach:
    """Return whom a correction reaches: everybody who has the message, whoever is meant by now."""
    first = (await work.broadcasts([draft.corrects])).get(draft.corrects)
    size = await work.arrived(draft.corrects)
    if first is None or not first.leaves or not size:
        return Reach(draft.rule, obstacle="nobody", about=draft.rule)
    return Reach(first.draft.rule, size, languages=languages())


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

"""Which cards show somebody what is about others, and the note in the audit log that they did.

It is noted where a card leaves, in the transaction that claims it: once for each card, and never
for looking something up on the way. Numbers about groups stand in the release ledger besides.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Protocol

from dialogs.authoring_notes import OverviewNote
from dialogs.champions import ChampionsNote
from dialogs.panel import PanelHeardNote
from dialogs.permissions import RolesNote
from dialogs.rumour_notes import OneRumourNote, RumoursNote
from dialogs.training_notes import RosterNote
from dialogs.turns import Context
from dialogs.use_linked import UseLinkedNote
from nudges.broadcast_notes import WroteBackNote
from nudges.broadcast_replies import RepliesNote
from nudges.colleague_notes import QuestionReportNote
from nudges.delivery import Claimed, Note
from nudges.health import HealthNote
from nudges.moments import JudgeNote
from nudges.oversight import AuditNote, LedgerNote, PrivacyNote, RetentionNote
from nudges.reception import ReadWordsNote, ReceivedResultNote
from nudges.voice_notes import AboveNote, AnsweredBackNote, BackNote, ItemNote, QueueNote

VIEWS: Final[Mapping[type[Note], Callable[[Any], str]]] = MappingProxyType(
    {
        AboveNote: lambda note: f"voice:{note.number}",
        AnsweredBackNote: lambda note: f"voice:{note.number}",
        AuditNote: lambda _: "audit",
        BackNote: lambda note: f"voice:{note.number}",
        ChampionsNote: lambda _: "champions",
        HealthNote: lambda _: "health",
        ItemNote: lambda note: f"voice:{note.number}",
        JudgeNote: lambda note: f"story:{note.story}",
        LedgerNote: lambda _: "releases",
        OneRumourNote: lambda _: "rumours",
        OverviewNote: lambda note: f"broadcast:{note.number}",
        PanelHeardNote: lambda note: f"panel:{note.key}",
        PrivacyNote: lambda _: "privacy",
        QuestionReportNote: lambda note: f"report:{note.week}",
        QueueNote: lambda _: "queue",
        ReadWordsNote: lambda note: f"received:{note.broadcast}",
        ReceivedResultNote: lambda note: f"received:{note.broadcast}",
        RepliesNote: lambda note: f"replies:{note.broadcast}",
        RetentionNote: lambda _: "privacy",
        RolesNote: lambda _: "roster",
        RosterNote: lambda note: f"training:{note.session}",
        RumoursNote: lambda _: "rumours",
        UseLinkedNote: lambda _: "use-linked",
        WroteBackNote: lambda note: f"replies:{note.broadcast}",
    }
)
"""What each card shows of others, as the audit log names it.

Not here: what shows its reader their own alone, what everybody gets, how far an author's broadcast
is, which only counts, the questions that wait, whose list is logged as it is asked for, and a
question that was handed to somebody, which its own table says.
"""


class ViewsWork(Protocol):
    """The part of a transaction that views are noted in."""

    async def note_views(self, views: Iterable[tuple[str, str]], now: datetime) -> None:
        """Write down who is shown what."""
        ...


def viewed(note: Note, context: Context) -> str:
    """Say what somebody is shown of others by a card; nothing where it is their own."""
    if isinstance(note, RolesNote) and not context.roster:
        return ""  # their own roles alone
    names = VIEWS.get(type(note))
    return names(note) if names else ""


async def note_views(
    work: ViewsWork, claimed: Iterable[Claimed], known: Mapping[str, Context], now: datetime
) -> None:
    """Note who is shown what of others by what leaves now; trying a card again is no news."""
    views = [
        (who, what)
        for one in claimed
        if one.attempt <= 1
        and (who := one.delivery.person) in known
        and (what := viewed(one.delivery.note, known[who]))
    ]
    if views:
        await work.note_views(views, now)

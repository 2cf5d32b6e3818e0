"""What a privacy officer looks at: who did what, who was shown which number, what is kept how long.

Never what anybody answered: of a number that was told it says which one, and not how much.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from nudges.delivery import Note
from nudges.retention import Retention
from nudges.roles import Role
from nudges.use_linked import Switch

A_PAGE: Final = 8
"""So many lines of a log on one card: a phone shows them without much scrolling."""
Sort: TypeAlias = Literal["", "views", "files", "roles", "rules"]
SORTS: Final[Mapping[Sort, frozenset[str]]] = MappingProxyType(
    {
        "": frozenset[str](),
        "views": frozenset({"view", "see", "read_ledger"}),
        "files": frozenset({"export"}),
        "roles": frozenset({"grant", "revoke", "nominate", "offer"}),
        "rules": frozenset({"set", "edit", "switch_on", "switch_off"}),
    }
)
"""What the log can be narrowed to, and what people do that counts as it; nothing stands for all."""


@dataclass(frozen=True, slots=True)
class Done:
    """A line of the audit log, with names as they are now; empty for who was forgotten.

    ``known`` says that ``who`` is a person's name, and not where it came from.
    """

    number: int
    at: datetime
    who: str
    act: str
    about: str
    whom: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the release ledger: who was shown which number first, when and by what way.

    ``of`` is who leads the team that the number is about, or the segment; nothing for all.
    """

    number: int
    at: datetime
    viewer: str
    measure: str
    week: date
    channel: str
    of: str = ""


class OversightNote(Note):
    """A card for the privacy officer."""

    __slots__ = ()

    @property
    def overseen(self) -> bool:
        """Say that it shows what a privacy officer looks at."""
        return True

    @property
    def roles(self) -> frozenset[str]:
        """Keep it for privacy officers."""
        return frozenset({Role.PRIVACY_OFFICER})


@dataclass(frozen=True, slots=True)
class PrivacyNote(OversightNote):
    """Where a privacy officer begins: what is kept how long, and the ways to the logs."""

    card: Literal["privacy"] = "privacy"


@dataclass(frozen=True, slots=True)
class AuditNote(OversightNote):
    """A page of the audit log; ``before`` is the number above its first line, 0 the newest."""

    sort: Sort = ""
    before: int = 0
    card: Literal["audit_log"] = "audit_log"


@dataclass(frozen=True, slots=True)
class LedgerNote(OversightNote):
    """A page of the release ledger; ``measure`` narrows it, ``before`` is as in the audit log."""

    measure: str = ""
    before: int = 0
    card: Literal["release_log"] = "release_log"


@dataclass(frozen=True, slots=True)
class RetentionNote(OversightNote):
    """How long answers are kept; ``days`` is what was asked for and is not confirmed yet."""

    days: int = 0
    card: Literal["retention"] = "retention"


@dataclass(frozen=True, slots=True)
class RetentionForm(OversightNote):
    """The form with the days."""

    card: Literal["retention_form"] = "retention_form"


@dataclass(frozen=True, slots=True)
class Oversight:
    """What was loaded for the cards at hand: pages by card, with one line more if there is one."""

    retention: Retention = field(default_factory=Retention)
    switch: Switch = field(default_factory=Switch)
    done: Mapping[AuditNote, tuple[Done, ...]] = field(
        default_factory=dict[AuditNote, tuple[Done, ...]]
    )
    shown: Mapping[LedgerNote, tuple[Shown, ...]] = field(
        default_factory=dict[LedgerNote, tuple[Shown, ...]]
    )
    measures: tuple[str, ...] = ()

"""The privacy officer's desk in the gallery: both logs, how long answers are kept, and the form."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from dialogs.for_team import ForTeamNote
from nudges.delivery import Note
from nudges.oversight import (
    AuditNote,
    Done,
    LedgerNote,
    Oversight,
    PrivacyNote,
    RetentionForm,
    RetentionNote,
    Shown,
)
from nudges.retention import Retention

LONG = "Wilhelmina van den Broek-Vandenbroucke"
SAID = (
    ("Ann Field", "view", "queue", ""),
    ("Joost de Wit", "take", "voice:7", ""),
    ("command line", "export", "data", LONG),
    ("", "grant", "role:limited_author", ""),
    (LONG, "hand_in", "broadcast:12", ""),
    ("Ann Field", "edit", "segment:sales:reasons:nl", ""),
    ("settings", "grant", "role:admin", "Marit Bos"),
    ("Marit Bos", "set", "retention:90", ""),
    ("Marit Bos", "switch_on", "use-linked", ""),
)


def oversight(now: datetime) -> Oversight:
    """Return what the cards show: a long page, a short one, and nothing."""
    hour = timedelta(hours=7)
    lines = tuple(
        Done(90 - n, now - n * hour, *said, known=said[0] not in {"settings", "command line"})
        for n, said in enumerate(SAID)
    )
    week = date(2026, 11, 2)
    told = [
        ("Ann Field", "barrier", "digest", "Ann Field"),
        (LONG, "response", "file", LONG),
        ("", "reach", "digest", ""),
        ("Joost de Wit", "belief:1f2e3d", "draft", "sales"),
    ]
    shown = tuple(
        Shown(70 - n, now - n * hour, who, measure, week, how, of)
        for n, (who, measure, how, of) in enumerate(told)
    )
    return Oversight(
        Retention(120, "s1", "Marit Bos", now - timedelta(days=12)),
        done={AuditNote(): lines, AuditNote("files", 91): (lines[2],)},
        shown={LedgerNote(): shown},
        measures=("barrier", "response", "reach"),
    )


CARDS: Mapping[str, Note] = {
    "for-team-oversight": ForTeamNote("oversight"),
    "privacy": PrivacyNote(),
    "audit-log": AuditNote(),
    "audit-log-files": AuditNote("files", 91),
    "audit-log-none": AuditNote("roles", 9),
    "audit-log-views": AuditNote("views"),
    "audit-log-rules": AuditNote("rules"),
    "release-log": LedgerNote(),
    "release-log-none": LedgerNote("response"),
    "retention": RetentionNote(),
    "retention-shorter": RetentionNote(90),
    "retention-longer": RetentionNote(180),
}
FORMS: Mapping[str, Note] = {"retention-form": RetentionForm()}

"""What stands in the logs, as far as there are words for it; a house test knows what is written.

Whatever else a later version writes is shown as it stands there.
"""

from typing import Final

ACTS: Final = frozenset(
    {
        "accept",
        "agree",
        "announce",
        "answer",
        "approve",
        "arrange",
        "ask_panel",
        "attendance",
        "cancel",
        "change",
        "decline",
        "declined",
        "done",
        "edit",
        "export",
        "forget",
        "grant",
        "hand_in",
        "judge",
        "merge",
        "nominate",
        "offer",
        "pause",
        "plan",
        "read_ledger",
        "restore",
        "resume",
        "revoke",
        "rule",
        "see",
        "set",
        "set_aside",
        "sort",
        "start",
        "stop",
        "switch_off",
        "switch_on",
        "take",
        "take_back",
        "take_out",
        "tell",
        "view",
        "withdraw",
    }
)
"""What people do."""
ABOUTS: Final = frozenset(
    {
        "access",
        "article",
        "audit",
        "backup",
        "broadcast",
        "champion",
        "champions",
        "colleague",
        "competition",
        "data",
        "digest",
        "draft",
        "health",
        "norms",
        "outcome",
        "panel",
        "people",
        "person",
        "privacy",
        "question",
        "questions",
        "queue",
        "received",
        "recipients",
        "recognition",
        "releases",
        "replies",
        "reply",
        "report",
        "roster",
        "rumour",
        "rumours",
        "segment",
        "sprint",
        "story",
        "training",
        "use-linked",
        "voice",
        "webhook",
    }
)
"""What it is done to."""
WAYS: Final = frozenset(
    {"api", "digest", "draft", "file", "health", "received", "sprint", "verdict"}
)
"""How a number is shown."""
NUMBERS: Final = frozenset(
    {
        "active",
        "barrier",
        "belief",
        "came_back",
        "leads_in_time",
        "level",
        "managers",
        "quality",
        "reach",
        "received",
        "records",
        "response",
        "shadow",
    }
)
"""What a number is of."""
SOURCES: Final = frozenset({"settings", "command_line"})
"""Who does things without being a person."""

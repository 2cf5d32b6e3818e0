"""What has to hold while the CRM and the search are in trouble: who asks hears something soon."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from bot.rehearsal.checker import Kept
from bot.rehearsal.filed import arrived, lines
from bot.rehearsal.house import ACKNOWLEDGED, ASKED, PEOPLE, PLATFORM, says

SOON = timedelta(seconds=5)


def answered(found: Kept, folder: Path) -> Iterable[str]:
    """Yield each question that got no answer, or none within five seconds."""
    heard = {
        line["key"]: datetime.fromisoformat(line["at"]) for line in lines(folder / ACKNOWLEDGED)
    }
    came = {call["mark"]: datetime.fromisoformat(call["at"]) for call in arrived(folder / PLATFORM)}
    replies = {row.occasion: came.get(f"delivery-{row.id}") for row in found.deliveries}
    for key in (says(n, place, "").key for n in range(PEOPLE) for place in ASKED):
        at = replies.get(f"reply:{key}:0")
        if at is None:
            yield f"I1: {key} was asked and never answered"
        elif at - heard[key] > SOON:
            yield f"I7: {key} was answered after {at - heard[key]}"

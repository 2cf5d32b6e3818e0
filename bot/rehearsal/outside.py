"""What has to hold while the CRM and the search are in trouble: whoever asks hears something."""

from collections.abc import Iterable
from pathlib import Path

from bot.rehearsal.checker import Kept
from bot.rehearsal.filed import arrived
from bot.rehearsal.house import ASKED, PEOPLE, PLATFORM, says


def answered(found: Kept, folder: Path) -> Iterable[str]:
    """Yield each question that got no answer."""
    came = {call["mark"] for call in arrived(folder / PLATFORM)}
    replies = {row.occasion for row in found.deliveries if f"delivery-{row.id}" in came}
    for key in (says(n, place, "").key for n in range(PEOPLE) for place in ASKED):
        if f"reply:{key}:0" not in replies:
            yield f"I1: {key} was asked and never answered"

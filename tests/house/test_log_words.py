"""What the program writes into the audit log has words in every language."""

import re
from pathlib import Path

from adapters.store.steering import ACTS as STEERED
from bot.views import VIEWS
from dialogs.log_words import ABOUTS, ACTS

STORE = Path(__file__).parents[2] / "adapters" / "store"
LINE = re.compile(r'Audited\(\s*\w+, \w+, "(\w+)"(?:, f?"([a-z-]+))?')


def test_every_act_and_what_it_is_about_has_a_word() -> None:
    found = [one for path in sorted(STORE.glob("*.py")) for one in LINE.findall(path.read_text())]
    assert len(found) > 20, "the pattern no longer fits how the log is written"
    acts = {act for act, _ in found} | set(STEERED.values())
    abouts = {about for _, about in found if about} - {"retention", "role"}
    assert acts - ACTS == set()
    assert abouts - ABOUTS == set()


def test_every_view_has_a_word() -> None:
    class Anything:
        number = story = key = broadcast = week = session = 1

    named = {names(Anything()).partition(":")[0] for names in VIEWS.values()}
    assert named - ABOUTS == set()

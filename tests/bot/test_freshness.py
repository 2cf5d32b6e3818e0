"""Content reloads without a restart; a broken file keeps what is in force, and says which it is."""

from pathlib import Path

from structlog.testing import capture_logs

from adapters.content.files import load_library
from bot.freshness import Freshness
from bot.organisation import Organisation

ARTICLE = """+++
area = "leads"
reviewed = 2026-11-01
[nav]
en = "Sales > Leads"
[asked]
en = ["where do I put a lead"]
+++

# en: {title}

Open Leads.

1. Choose New.
2. Save.
"""


async def test_a_changed_file_is_in_force_in_the_next_round(tmp_path: Path) -> None:
    file = tmp_path / "find" / "our-lead.md"
    file.parent.mkdir()
    file.write_text(ARTICLE.format(title="Ours"), encoding="utf-8")
    organisation = Organisation(lambda: load_library(tmp_path))
    fresh = Freshness(organisation, tmp_path)
    assert not await fresh.round()
    article = organisation.library().articles["our-lead"]
    assert article.steps["en"] == ("Choose New.", "Save.")
    assert article.body["en"] == "Open Leads."
    file.write_text(ARTICLE.format(title="Another title"), encoding="utf-8")
    assert await fresh.round()
    assert organisation.library().articles["our-lead"].title["en"] == "Another title"
    file.write_text("+++\nsurprise = 1\n+++\n# en: X\n\nY", encoding="utf-8")
    with capture_logs() as logs:
        assert not await fresh.round()
        assert not await fresh.round()
    assert [one["event"] for one in logs] == ["content.refused"]
    assert "our-lead.md" in logs[0]["why"]
    assert organisation.library().articles["our-lead"].title["en"] == "Another title"


async def test_without_a_folder_there_is_nothing_to_look_at() -> None:
    organisation = Organisation(load_library)
    assert not await Freshness(organisation, None).round()

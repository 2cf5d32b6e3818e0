"""What an accepted answer looks like as a file is what the organisation's own folder takes."""

from dataclasses import replace
from pathlib import Path

from adapters.content.files import load_library
from dialogs.article_file import written
from dialogs.gallery_find import ARTICLES


def test_an_article_that_was_written_down_is_read_back(tmp_path: Path) -> None:
    article = replace(
        ARTICLES["lead-qualify"], area="sales", body={"en": 'Say "yes".', "nl": "Ja."}
    )
    (tmp_path / "find").mkdir()
    (tmp_path / "find" / "lead-qualify.md").write_text(written(article), encoding="utf-8")
    assert load_library(tmp_path).articles["lead-qualify"] == article

"""What an organisation's own words mean is read from its file, or refused with what to mend."""

from pathlib import Path

import pytest

from adapters.directory.customs import FILE, Customs, CustomsError, read_customs

GOOD = """
language = "nl"
zone = "Europe/Brussels"
[zones]
US = "America/New_York"
[jobs]
"Account Manager" = "sales"
[departments."Sales NL"]
team = "Sales/Netherlands"
segment = "sales"
job = "sales"
"""
WRONG = {
    "no TOML": ("language =", "cannot be read"),
    "a language we do not speak": ('language = "fr"', "language: 'fr' is not one of en, nl"),
    "no zone": ('zone = "Mars"', "zone: 'Mars' is not a time zone"),
    "a zone for no country": ('[zones]\nHolland = "Europe/Amsterdam"', "zones.Holland"),
    "a word nobody knows": ('[department."Sales"]\nteam = "S"', "department: Extra inputs"),
    "a formula": ('[jobs]\nx = "=1"', "jobs.x"),
    "a title twice": ('[jobs]\nSales = "a"\nSALES = "b"', "jobs: a name stands there twice"),
}


def test_words_are_known_whatever_their_capitals(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(GOOD, encoding="utf-8")
    customs = read_customs(tmp_path)
    assert (customs.language, customs.zone) == ("nl", "Europe/Brussels")
    assert (customs.job(" account  MANAGER"), customs.job("Chef")) == ("sales", "")
    found = customs.department("SALES nl")
    assert found is not None
    assert (found.team, found.segment, found.job) == ("Sales/Netherlands", "sales", "sales")
    assert customs.department("Warehouse") is None
    zones = [customs.zone_in(country) for country in ("US", "NL", "AU", "")]
    assert zones == ["America/New_York", "Europe/Amsterdam", "", ""]


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CustomsError) as refused:
        read_customs(tmp_path)
    assert said in str(refused.value)


def test_no_file_means_nothing(tmp_path: Path) -> None:
    assert read_customs(None) == read_customs(tmp_path) == Customs()

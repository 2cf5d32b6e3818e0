"""Cells that no spreadsheet calculates, and remarks that say where."""

import pytest

from nudges.cells import Remark, safe

SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width forms are the case


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "   "])
def test_a_formula_is_shown_and_not_calculated(sign: str, before: str) -> None:
    cell = f"{before}{sign}cmd|'/c calc'!A0"
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ann", "a=b", "1+1", "x - y", "ann@acme.example", "'=1"])
def test_words_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


def test_a_remark_is_a_line() -> None:
    assert str(Remark(3, "ann", "has no team")) == "line 3: ann has no team"
    assert str(Remark(3, "", "is empty")) == "line 3: is empty"

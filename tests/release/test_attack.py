"""Everything that heads, their heads and the top are told in half a year, attacked at once."""

import pytest

from tests.release.attack import given_away, numbers
from tests.release.bounds import bounds
from tests.release.company import MEASURES, Closes, Company, Told, half_year
from tests.release.planted import floor_alone, fresh_per_head

WEEKS = 26


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    return half_year(Company(2_000), WEEKS)


@pytest.mark.parametrize("name", [measure.name for measure in MEASURES])
def test_no_sum_of_numbers_is_about_one_to_four_people(told: dict[str, Told], name: str) -> None:
    rows = [number.columns for number in numbers(told[name])]
    assert len(rows) > 20, "nothing was told, so nothing was tried"
    assert given_away(rows) == []


@pytest.mark.parametrize("name", [m.name for m in MEASURES if m.kept])
def test_no_count_leaves_somebody_one_answer(told: dict[str, Told], name: str) -> None:
    found = bounds(numbers(told[name]))
    assert [known for known in found if known.pinned] == []


@pytest.mark.parametrize("closes", [floor_alone, fresh_per_head])
def test_the_attack_finds_what_a_simpler_rule_gives_away(closes: Closes) -> None:
    naive = half_year(Company(400), 9, closes=closes)
    rows = [number.columns for number in numbers(naive["barrier"], parted=False)]
    assert given_away(rows) != []


def test_most_teams_can_be_told_of(told: dict[str, Told]) -> None:
    every = [one for one in told.values() if one.measure.name != "barrier, weekly"]
    alone = sum(one.exact for one in every)
    cells = sum(one.exact + one.together + one.withheld for one in every)
    assert alone / cells > 0.65
    assert sum(one.withheld for one in every) / cells < 0.02

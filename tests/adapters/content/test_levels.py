"""The levels: ours are whole in every language, an own file replaces it, a broken one fails."""

from pathlib import Path

import pytest

from adapters.content import levels
from adapters.content.files import ContentError, load_library
from dialogs.speech import languages
from nudges.adoption import Metric
from nudges.levels import Goal, Level
from nudges.people import Person
from nudges.programme import LEVELS

WHOLE = """
[weights]
records = 3

[[level]]
level = 2
name.en = "Good"
name.nl = "Goed"
launch.en = "Well done in {crm}."
launch.nl = "Mooi gedaan in {crm}."
incentive.en = "A cake."
incentive.nl = "Een taart."
tips = ["pin-your-five"]

[[level.goal]]
metric = "records"
at_least = 5
jobs = ["sales"]
weeks = 2

[[level.goal]]
metric = "quality"
at_most = 0.5
segments = ["north"]
weight = 7
"""
SECOND = WHOLE[WHOLE.index("[[level]]") :]
BROKEN = {
    "unknown metric": (WHOLE.replace('"records"', '"mood"'), "metric"),
    "misspelt key": (WHOLE.replace("jobs =", "job ="), "job"),
    "level that is none": (WHOLE.replace("level = 2", "level = 4"), "level"),
    "the same level twice": (WHOLE + SECOND, "level 2 stands there twice"),
    "no side": (WHOLE.replace("at_least = 5\n", ""), "write at_least or at_most"),
    "both sides": (
        WHOLE.replace("at_least = 5", "at_least = 5\nat_most = 6"),
        "write at_least or at_most",
    ),
    "a share over one": (WHOLE.replace("at_most = 0.5", "at_most = 50"), "50 is not from 0 to 1"),
    "below zero": (WHOLE.replace("at_least = 5", "at_least = -1"), "-1 is not from 0"),
    "no number": (WHOLE.replace("at_least = 5", "at_least = nan"), "nan is not from 0"),
    "too many weeks": (WHOLE.replace("weeks = 2", "weeks = 9"), "weeks"),
    "a weight of nothing": (WHOLE.replace("weight = 7", "weight = 0"), "weight"),
    "no goal": (WHOLE[: WHOLE.index("[[level.goal]]")], "goal"),
    "a tip that is not there": (WHOLE.replace("pin-your-five", "pin-x"), "there is no tip pin-x"),
    "one language": (WHOLE.replace('launch.nl = "Mooi gedaan in {crm}."\n', ""), "launch is not"),
    "an unknown slot": (WHOLE.replace("Well done", "{boss}"), "{boss}"),
    "a long name": (WHOLE.replace('"Goed"', f'"{"x" * 25}"'), "name in nl has 25"),
    "an empty text": (WHOLE.replace("Een taart.", " "), "empty text"),
}


def write(folder: Path, text: str) -> Path:
    (folder / levels.FILE).write_text(text, encoding="utf-8")
    return folder


def test_an_own_file_replaces_ours_whole(tmp_path: Path) -> None:
    library = load_library(write(tmp_path, WHOLE))
    records = Goal(Metric.RECORDS, 5, jobs=frozenset({"sales"}), weeks=2)
    quality = Goal(Metric.QUALITY, 0.5, at_most=True, segments=frozenset({"north"}), weight=7)
    assert library.levels.levels == {2: Level(2, (records, quality), ("pin-your-five",))}
    assert library.levels.weight(records) == 3
    assert library.levels.weight(quality) == 7
    assert library.level_words[2].incentive == {"en": "A cake.", "nl": "Een taart."}
    assert library.version != load_library().version


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    text, why = BROKEN[name]
    with pytest.raises(ContentError) as refused:
        load_library(write(tmp_path, text))
    assert levels.FILE in str(refused.value)
    assert why in str(refused.value)


class TestOurs:
    LIBRARY = load_library()

    def test_three_levels_with_words_tips_and_goals(self) -> None:
        assert set(self.LIBRARY.levels.levels) == set(LEVELS)
        for number, level in self.LIBRARY.levels.levels.items():
            said = self.LIBRARY.level_words[number]
            assert all(set(w) == set(languages()) for w in (said.name, said.launch, said.incentive))
            assert len(level.tips) >= 3
            assert all(self.LIBRARY.tips[tip].levels & {number} for tip in level.tips)

    def test_each_asks_something_more_of_everyone_who_works_with_customers(self) -> None:
        for job in ("sales", "service", "marketing"):
            for number in LEVELS:
                assert self.LIBRARY.levels.own(Person("p", job=job), number), (job, number)

    def test_no_goal_asks_less_than_one_of_a_level_below(self) -> None:
        for job in ("sales", "service", "marketing", "manager"):
            asked: dict[Metric, float] = {}
            for number in LEVELS:
                for goal in self.LIBRARY.levels.own(Person("p", job=job), number):
                    assert not goal.at_most
                    assert goal.target > asked.get(goal.metric, 0)
                    asked[goal.metric] = goal.target

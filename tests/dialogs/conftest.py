"""Who talks in these tests, and when."""

import pytest

from dialogs.speech import languages
from tests.clock import Clock
from tests.desk import Desk, nobody_asked_where
from tests.dialogs.tables import NOW
from tests.dialogs.talk import SPEAKERS, Talk

assert set(SPEAKERS) == set(languages()), "give the new language a speaker"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no question by the calendar take the day of what is talked about."""
    nobody_asked_where(monkeypatch)


@pytest.fixture
def clock() -> Clock:
    """Begin when both speakers are at work: half past nine in London."""
    return Clock(NOW)


@pytest.fixture(params=sorted(SPEAKERS))
def talk(desk: Desk, request: pytest.FixtureRequest) -> Talk:
    """Talk in each language."""
    return Talk(desk, request.param)


@pytest.fixture
def english(desk: Desk) -> Talk:
    """Talk in one language, where what we say is not the point."""
    return Talk(desk, "en")

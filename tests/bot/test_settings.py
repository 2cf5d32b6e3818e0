"""Settings: what is missing or unusable is named, with what to do."""

import pytest

from bot.settings import Place, Settings, SettingsError, read_settings
from tests.desk import SECRET

WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no secret": ({}, "WAYFINDER_SECRET is not set"),
    "a short secret": ({"WAYFINDER_SECRET": "short"}, "at least 32 random characters"),
    "one character": ({"WAYFINDER_SECRET": "a" * 64}, "random characters"),
    "a placeholder": (
        {"WAYFINDER_SECRET": "change-me-to-something-random-0123456789"},
        "is a placeholder",
    ),
    "no port": ({"WAYFINDER_SECRET": SECRET, "WAYFINDER_PORT": "http"}, "WAYFINDER_PORT"),
    "a port too far": ({"WAYFINDER_SECRET": SECRET, "WAYFINDER_PORT": "70000"}, "WAYFINDER_PORT"),
    "a lower floor": ({"WAYFINDER_SECRET": SECRET, "WAYFINDER_FLOOR": "4"}, "can only be raised"),
    "a level nobody knows": (
        {"WAYFINDER_SECRET": SECRET, "WAYFINDER_LOG_LEVEL": "loud"},
        "WAYFINDER_LOG_LEVEL",
    ),
}


@pytest.mark.parametrize(("given", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings(Settings)
    assert said in str(refused.value)


def test_no_refusal_shows_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYFINDER_SECRET", "hunter2-hunter2")
    with pytest.raises(SettingsError) as refused:
        read_settings(Settings)
    assert "hunter2" not in str(refused.value)
    assert SECRET not in repr(read_settings(Settings, secret=SECRET))


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYFINDER_DATABASE", "sqlite:///env.db")
    assert read_settings(Place, database="sqlite:///given.db").database == "sqlite:///given.db"
    assert read_settings(Place, database=None).database == "sqlite:///env.db"

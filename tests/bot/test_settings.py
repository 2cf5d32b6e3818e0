"""Settings: what is missing or unusable is named, with what to do."""

from base64 import b64encode

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


KEY = b64encode(bytes(range(32))).decode()
OTHER = "vK3-pine-cones-fall-twice-8812-when-it-is-windy"
ISSUED = "8f742231b10e8888abcd99yyyzzz85a5"
"""A secret as a platform issues one; made up."""
COPIED = {
    "SLACK_SIGNING_SECRETS": ("your-signing-secret-goes-here", "12345", "0" * 32, f"{ISSUED},…"),
    "SLACK_BOT_TOKEN": ("xoxb-…", "xoxb-your-token", "xapp-1-A1-22", "xoxb-xxxx", "<token>"),
    "SLACK_APP_TOKEN": ("xapp-…", "xapp-xxxx", "xoxb-1-2"),
    "SLACK_CLIENT_SECRET": ("changeme-changeme", "short", "${SLACK_CLIENT_SECRET}"),
    "TEAMS_SECRET": ("<the client secret>", "short", "change-me-please-now"),
    "CRM_CLIENT_SECRET": ("your-client-secret", "short", "example-of-a-secret"),
    "USAGE_SECRET": ("short", "change-me-to-something-random-0123456789"),
    "METRICS_KEY": ("short", "change-me-to-something-random-0123456789"),
    "VAULT_KEYS": ("no base64!", "YQ==", b64encode(bytes(32)).decode(), f"{KEY},YQ=="),
    "SECRET": ("", "short", "your-secret-" * 4),
}


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, values in COPIED.items() for v in values]
)
def test_what_is_no_secret_is_refused_with_where_to_get_one(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("WAYFINDER_SECRET", SECRET)
    monkeypatch.setenv(f"WAYFINDER_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings(Settings)
    said = str(refused.value)
    assert said.startswith(f"WAYFINDER_{name} ")
    assert any(advice in said for advice in ("copy it from", "make a", "make one with"))
    assert said.endswith(".")
    assert not value or value not in said


TWICE: dict[str, tuple[dict[str, str], str]] = {
    "ours for measured use": (
        {"USAGE_SECRET": SECRET},
        "WAYFINDER_USAGE_SECRET is the same as WAYFINDER_SECRET",
    ),
    "one for two platforms": (
        {"SLACK_CLIENT_SECRET": ISSUED, "SLACK_SIGNING_SECRETS": ISSUED},
        "WAYFINDER_SLACK_CLIENT_SECRET is the same as WAYFINDER_SLACK_SIGNING_SECRETS",
    ),
    "a key as our secret": (
        {"SECRET": KEY, "VAULT_KEYS": KEY},
        "is the same as WAYFINDER_",
    ),
    "the second of two": (
        {"USAGE_SECRET": f"{OTHER},{SECRET}"},
        "WAYFINDER_USAGE_SECRET is the same as WAYFINDER_SECRET",
    ),
    "two keys that are one": (
        {"VAULT_KEYS": f"{KEY},{KEY}"},
        "WAYFINDER_VAULT_KEYS names the same secret twice",
    ),
    "Teams and the CRM": (
        {"TEAMS_SECRET": ISSUED, "CRM_CLIENT_SECRET": ISSUED},
        "is the same as WAYFINDER_",
    ),
}


@pytest.mark.parametrize(("given", "said"), TWICE.values(), ids=TWICE)
def test_a_secret_does_one_job(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in ({"SECRET": SECRET} | given).items():
        monkeypatch.setenv(f"WAYFINDER_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings(Settings)
    assert said in str(refused.value)
    assert not any(value in str(refused.value) for value in given.values())


def test_one_registration_for_teams_and_the_crm_has_one_secret() -> None:
    app = "7c1d9e42-3a5b-4f68-b0c7-d81e6f2a9350"
    one = {"teams_secret": ISSUED, "crm_client_secret": ISSUED}
    settings = read_settings(
        Settings, secret=SECRET, teams_app_id=app.upper(), crm_client_id=app, **one
    )
    assert settings.kept_secret()["teams_secret"] == (ISSUED,)


def test_a_setting_that_is_there_and_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*COPIED, "SECRET"):
        monkeypatch.setenv(f"WAYFINDER_{name}", "")
    settings = read_settings(Settings, secret=SECRET)
    assert settings.kept_secret() == {"secret": (SECRET,)}
    assert (settings.teams_secret, settings.vault_keys) == (None, ())


def test_every_secret_setting_is_looked_at() -> None:
    """Which field holds a secret follows from its type; none is left out of the table above."""
    secret = {n for n, f in Settings.model_fields.items() if "SecretStr" in str(f.annotation)}
    assert {name.upper() for name in secret} == set(COPIED)


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

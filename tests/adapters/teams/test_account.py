"""Nobody starts with half a credential, and a local try-out has none."""

import pytest

from adapters.teams.account import Cloud, Local, account
from tests.adapters.teams.genuine import APP, SECRET, TENANT

OTHER = "12121212-3434-4565-8787-909090909090"
NIL = "00000000-0000-0000-0000-000000000000"


def test_credentials_make_a_cloud_account() -> None:
    assert account(local=False, app_id=APP, secret=SECRET, tenant=TENANT) == Cloud(
        APP, SECRET, TENANT
    )
    friend = account(local=False, app_id=APP, secret=SECRET, tenant=TENANT, guests=f" {OTHER}, ")
    assert friend.lets_in(OTHER.upper())
    assert not friend.lets_in(NIL)


@pytest.mark.parametrize(
    ("app_id", "secret", "tenant", "guests"),
    [
        ("", "", "", ""),
        ("", SECRET, TENANT, ""),
        (APP, "", TENANT, ""),
        (APP, SECRET, "", ""),
        ("wayfinder", SECRET, TENANT, ""),
        (APP, SECRET, "common", ""),
        (NIL, SECRET, TENANT, ""),
        (APP, SECRET, APP, ""),
        (APP, APP, TENANT, ""),
        (APP, TENANT, TENANT, ""),
        (APP, "short", TENANT, ""),
        (APP, "your-client-secret-here", TENANT, ""),
        (APP, "CHANGE_ME_CHANGE_ME_CHANGE_ME", TENANT, ""),
        (APP, "<client secret from Azure>", TENANT, ""),
        (APP, "${TEAMS_CLIENT_SECRET_VALUE}", TENANT, ""),
        (APP, "xxxxxxxxxxxxxxxxxxxxxxxxxx", TENANT, ""),
        (APP, SECRET, TENANT, "everyone"),
    ],
)
def test_a_bad_credential_does_not_start(
    app_id: str, secret: str, tenant: str, guests: str
) -> None:
    with pytest.raises(ValueError, match=r"^Teams: .*(set|three|named)") as refused:
        account(local=False, app_id=app_id, secret=secret, tenant=tenant, guests=guests)
    assert not secret or secret in {APP, TENANT} or secret not in str(refused.value)


@pytest.mark.parametrize("given", ["app_id", "secret", "tenant", "guests"])
def test_local_and_cloud_at_once_does_not_start(given: str) -> None:
    with pytest.raises(ValueError, match="no credentials"):
        account(local=True, **{given: APP})
    assert account(local=True) == Local()


@pytest.mark.parametrize(
    "url",
    [
        "https://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net/teams/",
        "https://SMBA.trafficmanager.net/emea/",
        "https://webchat.botframework.com/",
        "https://smba.infra.gcc.teams.microsoft.com/teams",
        "https://x.teams.microsoft.us/",
    ],
)
def test_microsofts_hosts_are_trusted_by_the_cloud_alone(url: str) -> None:
    assert Cloud(APP, SECRET, TENANT).trusts(url)
    assert not Local().trusts(url)


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("http://localhost:56150/_connector", True),
        ("http://127.0.0.1:1/", True),
        ("http://[::1]:1/", True),
        ("http://localhost@evil.example/", False),
        ("http://evil.example/?localhost", False),
        ("ftp://localhost/", False),
        ("http://127.0.0.2/", False),
        ("http://localhost:0/", False),
        ("http://localhost:99999/", False),
        ("", False),
    ],
)
def test_a_local_account_trusts_this_machine_alone(url: str, *, trusted: bool) -> None:
    assert Local().trusts(url) is trusted

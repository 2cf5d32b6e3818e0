"""Connecting the CRM: what is missing is named, and our pass only goes where it belongs."""

import pytest

from bot.settings import Settings, SettingsError, read_settings
from bot.wiring.crm import connect
from dialogs.records import Nothing, Silent, Wanted
from tests.adapters.crm.company import APP, company
from tests.adapters.crm.dataverse import CLIENT, SECRET, TENANT
from tests.desk import SECRET as OURS

WHOLE = {
    "crm_app": APP,
    "crm_client_id": CLIENT,
    "crm_client_secret": SECRET,
    "crm_tenant": TENANT,
}


def given(**more: str) -> Settings:
    return read_settings(Settings, **{"secret": OURS, **more})


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("", ""),
        ("https://acme.crm4.dynamics.com", "https://acme.crm4.dynamics.com"),
        ("https://Acme.crm.dynamics.com/", "https://acme.crm.dynamics.com"),
        ("https://acme.crm.microsoftdynamics.us", "https://acme.crm.microsoftdynamics.us"),
        ("https://acme.crm.dynamics.cn", "https://acme.crm.dynamics.cn"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_where_the_crm_may_be(url: str, kept: str) -> None:
    assert given(crm_url=url).crm_url == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.crm4.dynamics.com",
        "https://acme.example",
        "https://dynamics.com.evil.example",
        "https://evildynamics.com",
        "https://acme.crm4.dynamics.com@evil.example",
        "https://x@acme.crm4.dynamics.com",
        "https://acme.crm4.dynamics.com:444",
        "https://acme.crm4.dynamics.com/main.aspx?x=1",
        "https://acme.crm4.dynamics.com\\@evil.example",
        "https://évil.dynamics.com",
        "https://[",
        "file:///etc/hosts",
        "http://10.0.0.1",
        "acme",
    ],
)
def test_where_it_may_not_be(url: str) -> None:
    with pytest.raises(SettingsError, match="WAYFINDER_CRM_URL"):
        given(crm_url=url)


@pytest.mark.parametrize("name", ["crm_app", "crm_client_id", "crm_tenant"])
def test_an_id_is_an_id(name: str) -> None:
    with pytest.raises(SettingsError, match=f"WAYFINDER_{name.upper()}"):
        given(**{name: "main"})


def test_without_an_address_there_is_no_crm() -> None:
    assert connect(given()) is None


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_missing_is_named(name: str) -> None:
    rest = {key: value for key, value in WHOLE.items() if key != name}
    with pytest.raises(SettingsError, match=f"WAYFINDER_{name.upper()}") as error:
        connect(given(crm_url="https://acme.crm4.dynamics.com", **rest))
    assert SECRET not in str(error.value)


async def test_the_tenant_of_teams_will_do() -> None:
    rest = {key: value for key, value in WHOLE.items() if key != "crm_tenant"}
    crm = connect(given(crm_url="https://acme.crm4.dynamics.com", teams_tenant=TENANT, **rest))
    assert crm is not None
    await crm.close()


async def test_it_asks_the_crm_that_was_named() -> None:
    acme = company()
    async with acme.crm.served():
        crm = connect(given(crm_url=acme.crm.base, **WHOLE))
        assert crm is not None
        found = await crm.look_up(Wanted("CANARY Holding"), acme.tom)
        assert found == Nothing() or isinstance(found, Silent)
        assert acme.crm.heard("/token")
        await crm.close()

"""Serve, when a platform says what is wrong with the settings, and when nobody answers."""

import json
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.workspaces import Workspace
from adapters.store.database import Store
from adapters.store.secrets import Vault
from adapters.store.slack import SealedWorkspaces
from bot.settings import Settings, SettingsError, read_settings
from bot.wiring.serve import build_serve
from tests.adapters.crm.dataverse import Trouble
from tests.adapters.slack.fake import Cuts, Fails, Hangs, error, limited
from tests.cli.platforms import Platforms, platforms

ROOT = Path(__file__).parents[2]
KEY = b64encode(bytes(range(32))).decode()
CLIENT_SECRET = b64encode(bytes(range(64, 96))).decode()
PLATFORMS = ("slack_", "teams_", "crm_")
ELSEWHERE = "3f1a7c52-9b0e-4d6f-8a21-5c7e9d0b4f63"


@pytest.fixture
async def around(tmp_path: Path) -> AsyncIterator[Platforms]:
    async with platforms(tmp_path) as found:
        yield found


async def warnings(around: Platforms) -> list[tuple[str, str]]:
    """Build the program, which has to work, and return what it warned of."""
    with capture_logs() as logs:
        app = await build_serve(read_settings(Settings, **around.settings), local=False)
    for close in reversed(app.closers):
        await close()
    return [(one["platform"], one["why"]) for one in logs if one["event"] == "platforms.not_well"]


def entra(number: str, name: str) -> Callable[[Platforms], None]:
    """Let Entra refuse the bot, as it words it."""

    def refuse(around: Platforms) -> None:
        said = f"{number}: Some words that change. Trace ID: 0a1b"
        around.entra.refusal = {"error": name, "error_description": said}

    return refuse


def crm(what: str, *troubles: Trouble) -> Callable[[Platforms], None]:
    return lambda around: around.crm.trouble[what].extend(troubles)


def crm_entra(number: str, name: str) -> Callable[[Platforms], None]:
    body = json.dumps({"error": name, "error_description": f"{number}: Words."}).encode()
    return crm("token", Trouble(400, body=body))


def slack(method: str, script: Fails | Cuts | Hangs) -> Callable[[Platforms], None]:
    return lambda around: around.slack.next(method, script)


def setting(**given: str) -> Callable[[Platforms], None]:
    return lambda around: around.settings.update(given)


def missing_right(around: Platforms) -> None:
    around.slack.scopes.remove("im:write")


def elsewhere(around: Platforms) -> None:
    around.slack.tokens["xoxb-1"] = "T2"


def no_socket(said: str) -> Callable[[Platforms], None]:
    def refuse(around: Platforms) -> None:
        around.settings["slack_app_token"] = "xapp-1-A1-22"  # noqa: S105 - made up
        around.slack.next("apps.connections.open", error(said))

    return refuse


def wrong_app(said: str) -> Callable[[Platforms], None]:
    def refuse(around: Platforms) -> None:
        around.settings |= {
            "slack_client_id": "11.22",
            "slack_client_secret": CLIENT_SECRET,
            "public_url": "https://wayfinder.acme.example",
        }
        around.slack.next("oauth.v2.access", error(said))

    return refuse


def installs(around: Platforms) -> None:
    """Let workspaces install the app by our own page, and none has yet."""
    around.settings |= {
        "slack_bot_token": "",
        "slack_client_id": "11.22",
        "slack_client_secret": CLIENT_SECRET,
        "public_url": "https://wayfinder.acme.example",
        "vault_keys": KEY,
    }


def nobody_can_install(around: Platforms) -> None:
    installs(around)
    around.settings |= {"slack_client_id": "", "slack_client_secret": ""}


CERTAIN: list[tuple[str, Callable[[Platforms], None], str]] = [
    ("token", slack("auth.test", error("token_revoked")), "refuses the token of T1; install"),
    ("no token", slack("auth.test", error("invalid_auth")), "refuses the token of T1; install"),
    ("right", missing_right, "may not im:write in T1; add it, and install it again"),
    ("workspace", elsewhere, "another workspace's; put the right ones together"),
    ("no way in", nobody_can_install, "not installed in T1; set WAYFINDER_SLACK_BOT_TOKEN to"),
    ("socket", no_socket("invalid_auth"), "make an app-level token with connections:write"),
    ("socket's right", no_socket("missing_scope"), "make an app-level token with connections"),
    ("Slack's secret", wrong_app("bad_client_secret"), "copy both from Basic Information"),
    ("Slack's app", wrong_app("invalid_client_id"), "copy both from Basic Information"),
    (
        "expired",
        entra("AADSTS7000222", "invalid_client"),
        "to Teams: the secret has run out: make a new one and set WAYFINDER_TEAMS_SECRET.",
    ),
    ("id of a secret", entra("AADSTS7000215", "invalid_client"), "the secret's value, not its id"),
    ("app", entra("AADSTS700016", "unauthorized_client"), "check WAYFINDER_TEAMS_APP_ID."),
    ("tenant", entra("AADSTS90002", "invalid_request"), "check WAYFINDER_TEAMS_TENANT."),
    ("another reason", entra("AADSTS9", "invalid_client"), "to Teams: it answered 401."),
    (
        "CRM expired",
        crm_entra("AADSTS7000222", "invalid_client"),
        "to the CRM: the secret has run out: make a new one and set WAYFINDER_CRM_CLIENT_SECRET.",
    ),
    (
        "CRM's tenant",
        lambda around: (
            setting(crm_tenant=ELSEWHERE)(around),
            crm_entra("AADSTS90002", "invalid_request")(around),
        )[0],
        "to the CRM: it does not know this tenant: check WAYFINDER_CRM_TENANT.",
    ),
    (
        "CRM's address",
        crm_entra("AADSTS500011", "invalid_resource"),
        "/.default in this tenant: check that address and WAYFINDER_TEAMS_TENANT.",
    ),
    ("CRM's user", crm("get", Trouble(403)), "make it an application user there"),
]


@pytest.mark.parametrize(
    ("trouble", "said"), [one[1:] for one in CERTAIN], ids=[one[0] for one in CERTAIN]
)
async def test_what_a_platform_refuses_ends_the_start_with_what_to_do(
    around: Platforms, trouble: Callable[[Platforms], None], said: str
) -> None:
    trouble(around)
    with pytest.raises(SettingsError) as refused:
        await warnings(around)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert str(refused.value).endswith(".")
    held = [value for name, value in around.settings.items() if "secret" in name or "token" in name]
    assert not [one for one in held if one and one in str(refused.value)]


HALF = [
    ("slack_app_id", "slack_signing_secrets"),
    ("slack_signing_secrets", "slack_app_id"),
    ("slack_teams", "slack_app_id"),
    ("slack_client_id", "slack_client_secret"),
    ("slack_client_secret", "slack_client_id"),
    ("public_url", "slack_client_id"),
    ("teams_app_id", "teams_secret"),
    ("teams_tenant", "teams_app_id"),
    ("teams_secret", "teams_app_id"),
    ("crm_url", "crm_app"),
    ("crm_app", "crm_url"),
    ("crm_client_id", "crm_url"),
    ("crm_client_secret", "crm_url"),
]


@pytest.mark.parametrize(("gone", "there"), HALF)
async def test_half_of_a_connection_ends_the_start(
    around: Platforms, gone: str, there: str
) -> None:
    """Without its id a platform would be left out in silence, with its secrets lying about."""
    installs(around)
    around.settings[gone] = ""
    with pytest.raises(SettingsError) as refused:
        await warnings(around)
    [said] = str(refused.value).splitlines()
    assert said.startswith(f"WAYFINDER_{gone.upper()} is not set: ")
    assert f"WAYFINDER_{there.upper()} asks for it." in said
    assert around.slack.calls == []


async def test_a_program_without_a_platform_says_so(around: Platforms) -> None:
    around.settings = {k: v for k, v in around.settings.items() if not k.startswith(PLATFORMS)}
    with pytest.raises(SettingsError, match="No platform is connected: set WAYFINDER_SLACK_APP_ID"):
        await warnings(around)


async def test_each_refusal_has_its_sentence(around: Platforms) -> None:
    missing_right(around)
    entra("AADSTS7000222", "invalid_client")(around)
    crm("get", Trouble(401))(around)
    with pytest.raises(SettingsError) as refused:
        await warnings(around)
    assert [line.split(" ")[0] for line in str(refused.value).splitlines()] == [
        "The",
        "Entra",
        around.crm.base,
    ]


NOBODY: list[tuple[str, Callable[[Platforms], None], str, str]] = [
    ("cut", slack("auth.test", Cuts()), "slack", "status.slack.com"),
    ("slow", slack("auth.test", Hangs(60)), "slack", "No answer within 3 seconds"),
    ("page", slack("auth.test", Fails(500, b"<html>", kind="text/html")), "slack", "no answer"),
    ("busy", slack("auth.test", limited("30")), "slack", "refuses the token"),
    ("broken", slack("auth.test", error("internal_error")), "slack", "refuses the token"),
    (
        "rights not told",
        slack("auth.test", Fails(200, b'{"ok": true, "team_id": "T1"}')),
        "slack",
        "The app may not",
    ),
    ("busy socket", no_socket("ratelimited"), "slack", "opens no socket"),
    ("away", setting(slack_api="http://127.0.0.1:9/api/"), "slack", "status.slack.com"),
    ("Entra is busy", entra("AADSTS90033", "temporarily_unavailable"), "teams", "it answered"),
    ("Entra is away", setting(graph_api="http://127.0.0.1:9"), "teams", "your way out"),
    ("CRM is slow", crm("get", Trouble(slow=60)), "crm", "No answer within 3 seconds"),
    ("CRM is down", crm("get", Trouble(503)), "crm", "answered 503"),
    ("CRM is away", crm("get", Trouble(cut=True), Trouble(cut=True)), "crm", "did not answer"),
]


@pytest.mark.parametrize(
    ("trouble", "platform", "why"), [one[1:] for one in NOBODY], ids=[one[0] for one in NOBODY]
)
async def test_who_does_not_answer_holds_up_nobody(
    around: Platforms, trouble: Callable[[Platforms], None], platform: str, why: str
) -> None:
    trouble(around)
    [(name, said)] = await warnings(around)
    assert name == platform
    assert why in said


async def test_a_start_that_is_well_asks_each_once(around: Platforms) -> None:
    wrong_app("invalid_code")(around)
    assert await warnings(around) == []
    asked = [one.method for one in around.slack.calls]
    assert sorted(asked) == ["auth.test", "oauth.v2.access"]
    assert [one["scope"] for one in around.entra.asked] == ["https://api.botframework.com/.default"]
    assert [one.path.split("/")[-1] for one in around.crm.asked] == ["token", "WhoAmI"]


async def test_one_workspace_does_not_end_it_for_the_others(around: Platforms) -> None:
    """Who installs by our own page mends it there, for which the program has to run."""
    installs(around)
    around.settings["slack_teams"] = "T1,T2,T3,T4"
    store = await Store.open(around.settings["database"])
    kept = SealedWorkspaces(store, Vault.read([KEY]))
    for team, token in (("T1", "xoxb-1"), ("T2", "xoxb-2")):
        await kept.save(team, Workspace(team, token).dump())
    lost = SealedWorkspaces(store, Vault.read([b64encode(bytes(range(32, 64))).decode()]))
    await lost.save("T4", Workspace("T4", "xoxb-4").dump())
    await store.close()
    told = dict.fromkeys(why for _, why in await warnings(around))
    assert [why.split(";")[0].split(":")[0] for why in told] == [
        "Slack refuses the token of T2",
        "Wayfinder is not installed in T3",
        "The token of T4 cannot be opened",
    ]


async def test_a_teams_on_this_machine_is_not_asked(around: Platforms) -> None:
    entra("AADSTS7000222", "invalid_client")(around)
    around.settings |= {"teams_app_id": "", "teams_tenant": "", "teams_secret": ""}
    around.settings["crm_tenant"] = ELSEWHERE
    app = await build_serve(read_settings(Settings, **around.settings), local=True)
    for close in reversed(app.closers):
        await close()
    assert around.entra.asked == []


async def test_the_command_says_it_and_stops(
    around: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    entra("AADSTS7000222", "invalid_client")(around)
    for name, value in around.settings.items():
        monkeypatch.setenv(f"WAYFINDER_{name.upper()}", value)
    words: list[Any] = [sys.executable, "-m", "bot", "serve"]
    process = await create_subprocess_exec(*words, cwd=ROOT, stdout=PIPE, stderr=PIPE)
    _, told = await process.communicate()
    assert process.returncode == 2
    said = "Entra gives no pass to Teams: the secret has run out: make a new one and set "
    assert told.decode().splitlines() == [f"{said}WAYFINDER_TEAMS_SECRET."]

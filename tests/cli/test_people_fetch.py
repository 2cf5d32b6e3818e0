"""People from Microsoft Graph and Slack, fetched from the command line as an administrator does."""

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner, Result
from typing_extensions import override

from adapters.directory.table import COLUMNS
from adapters.slack.workspaces import Workspace
from adapters.store.database import Store
from adapters.store.secrets import Vault
from adapters.store.slack import SealedWorkspaces
from bot.cli import main
from tests.adapters.directory.cloud import (
    APP,
    SLACK_TOKEN,
    TENANT,
    WORDS,
    Cloud,
    account,
    member,
    oid,
    says,
)
from tests.adapters.teams.fakes import Peer
from tests.desk import SECRET


class Served(Peer):
    """The cloud in a thread of its own, as the command has the loop."""

    def __init__(self, cloud: Cloud) -> None:
        super().__init__()
        self.cloud = cloud

    @override
    def routes(self) -> list[web.RouteDef]:
        return self.cloud.routes()


class Desk:
    """A database, a cloud, and what somebody types."""

    def __init__(self, folder: Path, cloud: Cloud) -> None:
        self.folder = folder
        self.cloud = cloud

    def fetch(self, directory: str, *options: str) -> Result:
        return self._run("fetch", directory, *options)

    def release(self, directory: str, *options: str) -> Result:
        return self._run("release", directory, *options)

    def count(self) -> str:
        database = f"sqlite:///{self.folder / 'people.db'}"
        words = ["audience", "count", "everyone", "--database", database]
        return CliRunner().invoke(main, words).stdout

    def import_(self, *rows: str) -> Result:
        path = self.folder / "people.csv"
        path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
        return self._run("import", str(path))

    def _run(self, *words: str) -> Result:
        database = f"sqlite:///{self.folder / 'people.db'}"
        return CliRunner().invoke(main, ["people", *words, "--database", database])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    cloud = Cloud()
    cloud.a_page = 200
    with Served(cloud) as served:
        cloud.base = f"{served.url}/"
        settings = {
            "SECRET": SECRET,
            "CONTENT": str(tmp_path),
            "GRAPH_API": served.url,
            "SLACK_API": served.url,
            "TEAMS_APP_ID": APP,
            "TEAMS_TENANT": TENANT,
            "TEAMS_SECRET": WORDS,
            "SLACK_BOT_TOKEN": SLACK_TOKEN,
            "SLACK_TEAMS": "T1",
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"WAYFINDER_{name}", value)
        yield Desk(tmp_path, cloud)


def lines(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout.splitlines()


def test_both_platforms_make_one_person(desk: Desk) -> None:
    desk.cloud.accounts = [account(1, "Ann"), account(2, "Bob", manager={"id": oid(1)})]
    desk.cloud.members["T1"] = [member(1, "Ann"), member(2, "Zoe", tz=None)]
    assert lines(desk.fetch("graph")) == [
        f"+ {oid(1)} Ann (joined, Sales NL)",
        f"+ {oid(2)} Bob (joined, Sales NL)",
    ]
    teams = f"teams/{TENANT}/{oid(1)}"
    assert lines(desk.fetch("slack")) == [
        f"~ {oid(1)} Ann: homes: {teams} → {teams} slack/T1/U0001",
        "+ T1-U0002 Zoe (joined, no team)",
    ]
    for directory in ("graph", "slack"):
        again = desk.fetch(directory)
        assert lines(again) == []
        assert again.stderr.endswith("0 joined, 0 returned, 0 changed, 0 left, 2 as before.\n")


def test_a_disabled_account_has_left_and_is_back_when_it_is_enabled(desk: Desk) -> None:
    desk.cloud.accounts = [account(1, "Ann"), account(2, "Bob")]
    desk.fetch("graph")
    desk.cloud.accounts[0]["accountEnabled"] = False
    left = desk.fetch("graph")
    assert lines(left) == [f"- {oid(1)} Ann (left, Sales NL)"]
    assert "1 disabled accounts left out." in left.stderr
    desk.cloud.accounts[0]["accountEnabled"] = True
    assert lines(desk.fetch("graph")) == [f"+ {oid(1)} Ann (returned, Sales NL)"]


@pytest.mark.parametrize("directory", ["graph", "slack"])
@pytest.mark.parametrize("becomes", ["disabled", "guest"])
def test_who_is_disabled_or_a_guest_now_is_in_no_audience(
    desk: Desk, directory: str, becomes: str
) -> None:
    changes = {
        ("graph", "disabled"): {"accountEnabled": False},
        ("graph", "guest"): {"userType": "Guest"},
        ("slack", "disabled"): {"deleted": True},
        ("slack", "guest"): {"is_restricted": True},
    }
    desk.cloud.accounts = [account(1, "Ann"), account(2, "Bob")]
    desk.cloud.members["T1"] = [member(1, "Ann"), member(2, "Bob")]
    assert desk.fetch(directory).exit_code == 0
    assert desk.count() == "2\teveryone\n"
    someone = (desk.cloud.accounts if directory == "graph" else desk.cloud.members["T1"])[0]
    someone |= changes[directory, becomes]
    assert desk.fetch(directory).exit_code == 0
    assert desk.count() == "1\teveryone\n"


def test_the_people_of_a_table_stay_when_slack_is_fetched(desk: Desk) -> None:
    desk.import_(
        "p1,Ann,ann@acme.example,Sales,,sales,en,Europe/London,sales,,",
        "p2,Bob,bob@acme.example,Sales,p1,sales,en,Europe/London,sales,,",
    )
    desk.cloud.members["T1"] = [member(1, "Ann")]
    assert lines(desk.fetch("slack")) == ["~ p1 Ann: homes: nowhere → slack/T1/U0001"]
    assert lines(
        desk.import_("p1,Ann,ann@acme.example,Service,,sales,en,Europe/London,sales,,")
    ) == [
        "~ p1 Ann: team: Sales → Service",
        "- p2 Bob (left, Sales)",
    ]


def test_a_table_is_released_and_the_next_directory_leads(desk: Desk) -> None:
    desk.import_(
        "p1,Ann,ann@acme.example,Sales,,sales,en,Europe/London,sales,,",
        "p2,Bob,bob@acme.example,Sales,p1,sales,en,Europe/London,sales,,",
    )
    desk.cloud.accounts = [account(1, "Ann", country="NL"), account(3, "Eve")]
    desk.fetch("graph")
    ann = (
        "~ p1 Ann: email: ann@acme.example → ann@Acme.example; team: Sales → Sales NL; "
        "job: sales → nothing; language: en → nl; zone: Europe/London → Europe/Amsterdam; "
        "country: nothing → NL; segment: sales → nothing"
    )
    shown = [ann, "- p2 Bob (left, Sales)"]
    assert lines(desk.release("table", "--dry-run")) == shown
    done = desk.release("table")
    assert lines(done) == shown
    assert done.stderr.strip() == "0 joined, 0 returned, 1 changed, 1 left, 0 as before."
    again = desk.release("table")
    assert (lines(again), lines(desk.fetch("graph"))) == ([], [])
    desk.cloud.accounts[0]["accountEnabled"] = False
    assert lines(desk.fetch("graph")) == ["- p1 Ann (left, Sales NL)"]


def test_a_page_that_fails_changes_nothing(desk: Desk) -> None:
    desk.cloud.a_page = 2
    desk.cloud.accounts = [account(n, f"P{n}") for n in range(10)]
    desk.cloud.scripts[3].append(says({"error": {"code": "Authorization_RequestDenied"}}, 403))
    refused = desk.fetch("graph")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "User.Read.All" in refused.stderr
    assert len(lines(desk.fetch("graph", "--dry-run"))) == 10
    assert len(lines(desk.fetch("graph"))) == 10


def test_half_a_directory_does_not_send_everybody_away(desk: Desk) -> None:
    desk.cloud.accounts = [account(n, f"P{n}") for n in range(60)]
    desk.cloud.members["T1"] = [member(n, f"P{n}") for n in range(60)]
    for directory in ("graph", "slack"):
        assert desk.fetch(directory).exit_code == 0
    del desk.cloud.accounts[25:]
    del desk.cloud.members["T1"][25:]
    for directory in ("slack", "graph"):
        half = desk.fetch(directory)
        assert (half.exit_code, half.stdout) == (2, "")
        assert f"{directory}: 35 of 60 people are not told of any more" in half.stderr
        assert len(lines(desk.fetch(directory, "--many-leave"))) == 35


def test_what_words_mean_is_the_organisations_own(desk: Desk) -> None:
    (desk.folder / "directory.toml").write_text(
        'only_these_departments = true\n[departments."Sales NL"]\nteam = "Sales/Netherlands"\n',
        encoding="utf-8",
    )
    desk.cloud.accounts = [account(1, "Ann"), account(2, "Bob", department="Warehouse")]
    desk.cloud.members["T1"] = [member(1, "Ann"), member(2, "Bob")]
    assert lines(desk.fetch("graph")) == [f"+ {oid(1)} Ann (joined, Sales/Netherlands)"]
    slack = desk.fetch("slack")
    assert [line.split(":")[0] for line in lines(slack)] == [f"~ {oid(1)} Ann"]
    assert slack.stderr.splitlines() == [
        "1 of whom no other directory tells left out.",
        "0 joined, 0 returned, 1 changed, 0 left, 0 as before.",
    ]


async def install(desk: Desk, key: str, **tokens: str) -> None:
    """Keep workspaces as installing by OAuth does."""
    store = await Store.open(f"sqlite:///{desk.folder / 'people.db'}", create=True)
    kept = SealedWorkspaces(store, Vault.read([key]))
    for team, token in tokens.items():
        await kept.save(team, Workspace(team, token).dump())
    await store.close()


def test_every_installed_workspace_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    key = b64encode(bytes(range(32))).decode()
    asyncio.run(install(desk, key, T1=SLACK_TOKEN, T2="xoxb-2"))
    monkeypatch.delenv("WAYFINDER_SLACK_BOT_TOKEN")
    monkeypatch.setenv("WAYFINDER_VAULT_KEYS", key)
    monkeypatch.setenv("WAYFINDER_SLACK_TEAMS", "T1,T2")
    desk.cloud.members["T1"] = [member(1, "Ann")]
    desk.cloud.members["T2"] = [member(5, "Ann", team_id="T2"), member(6, "Bob", team_id="T2")]
    assert lines(desk.fetch("slack")) == [
        "+ T1-U0001 Ann (joined, no team)",
        "+ T2-U0006 Bob (joined, no team)",
    ]
    monkeypatch.setenv("WAYFINDER_SLACK_TEAMS", "T1,T2,T3")
    refused = desk.fetch("slack")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "not installed in T3" in refused.stderr


MISSING = {
    "no app": ("graph", ("TEAMS_APP_ID", ""), "set the app id"),
    "no secret": ("graph", ("TEAMS_SECRET", ""), "client secret"),
    "another secret": ("graph", ("TEAMS_SECRET", "kQ8~Zr5tV2nK7wLx"), "WAYFINDER_TEAMS_SECRET"),
    "Graph elsewhere": ("graph", ("GRAPH_API", "https://evil.example/"), "WAYFINDER_GRAPH_API"),
    "no workspace": ("slack", ("SLACK_TEAMS", ""), "WAYFINDER_SLACK_TEAMS"),
    "another token": ("slack", ("SLACK_BOT_TOKEN", "xoxb-9"), "install the app there again"),
    "no token": ("slack", ("SLACK_BOT_TOKEN", ""), "WAYFINDER_VAULT_KEYS"),
}


@pytest.mark.parametrize(("directory", "setting", "said"), MISSING.values(), ids=MISSING)
def test_what_is_missing_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, directory: str, setting: tuple[str, str], said: str
) -> None:
    desk.cloud.accounts, desk.cloud.members["T1"] = [account(1, "Ann")], [member(1, "Ann")]
    monkeypatch.setenv(f"WAYFINDER_{setting[0]}", setting[1])
    refused = desk.fetch(directory)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr

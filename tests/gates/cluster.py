"""What a cluster would get, checked against the descriptions of Kubernetes itself.

``kubectl kustomize`` puts the files together as they are applied, so that what is checked is what
arrives: the image with its version, the settings, and every object in its namespace.
"""

import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

FOLDER = "infra/kubernetes"
VERSIONS = ("1.34", "1.37")
"""The oldest and the newest Kubernetes that it is said to run on."""


class UndrawnError(ValueError):
    """The files cannot be put together; the message is kubectl's."""


def drawn(root: Path) -> str:
    """Return all that a cluster gets, as one YAML text.

    Raises:
        UndrawnError: a file is missing or broken.

    """
    kubectl = Path(sysconfig.get_path("scripts")) / "kubectl"
    asked = [str(kubectl), "kustomize", FOLDER]
    told = subprocess.run(asked, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if told.returncode or not told.stdout.strip():
        raise UndrawnError(told.stderr.strip() or "nothing is in it")
    return told.stdout


def objects(text: str) -> list[dict[str, Any]]:
    """Return every object of a YAML text."""
    return [one for one in yaml.safe_load_all(text) if one]


def unfit_cluster(root: Path) -> list[str]:
    """Return what Kubernetes would refuse, or not know, of what a cluster gets."""
    try:
        every = objects(drawn(root))
    except UndrawnError as error:
        return [f"{FOLDER}: {error}"]
    found: list[str] = []
    for one in every:
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(one, version, strict=True)
            except (
                kubernetes_validate.ValidationError,
                kubernetes_validate.SchemaNotFoundError,
            ) as error:
                what = f"{one.get('kind')} {one.get('metadata', {}).get('name')}"
                found.append(f"{what} ({version}): {error.message}")
    return found

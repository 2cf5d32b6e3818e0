"""What is in the repository: nothing of one machine, nothing unlocked, no file without an end."""

import re

import pytest

from tests.cases import case
from tests.house.source import modules, tracked

LONGEST = 500
REGISTRIES = (
    r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|yarnpkg|artifactory|nexus)[\w.-]*"
    r"|--(?:extra-)?index-url|--find-links|trusted-host"
)
MACHINE = r"(?<![\w.$}])/(?:home|root|Users|work|workspace|mnt)/[\w.-]+|[A-Z]:\\\\?Users"
SAYS_SO = {"tests/house/test_files.py", "tests/house/test_gates.py", "tests/gates/locks.py"}
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-gates.txt")


def found(pattern: str, text: str) -> list[str]:
    return [m.group() for m in re.finditer(pattern, text)]


@pytest.mark.parametrize(("pattern", "what"), [(REGISTRIES, "a registry"), (MACHINE, "a machine")])
def test_nothing_tracked_names_a_registry_or_a_machine(pattern: str, what: str) -> None:
    assert len(tracked()) > 100
    named = {p: found(pattern, text)[:3] for p, text in tracked().items() if p not in SAYS_SO}
    assert {p: names for p, names in named.items() if names} == {}, what


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://example.org/simple",
        "resolved https://registry.npmjs.org/x.tgz",
        "https://files.pythonhosted.org/packages",
    ],
)
def test_a_registry_would_be_found(text: str) -> None:
    assert found(REGISTRIES, text)


@pytest.mark.parametrize("text", ["cd /home/ann/wayfinder", '"/root/x"', "(/work/main)"])
def test_a_machine_would_be_found(text: str) -> None:
    assert found(MACHINE, text)


@pytest.mark.parametrize(
    "text", ["https://example.org/home/page", "adapters/work/flow", "${HOME}/root/x", "/etc/hosts"]
)
def test_an_address_is_no_machine(text: str) -> None:
    assert not found(MACHINE, text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked_with_its_hashes(lock: str) -> None:
    assert unlocked(tracked()[lock]) == []
    assert tracked()[lock].count("==") > 20


def unlocked(lock: str) -> list[str]:
    """Return the requirements of a lock without a version or without a hash."""
    lines = [line for line in lock.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [r for r in whole if r.strip() and ("==" not in r or "--hash=sha256:" not in r)]


def test_what_is_not_locked_would_be_found() -> None:
    assert unlocked(
        "a==1 \\\n    --hash=sha256:00\n    # via b\nc==2\nd>=3 --hash=sha256:00\n"
    ) == [
        "c==2",
        "d>=3 --hash=sha256:00",
    ]


def test_a_file_has_an_end() -> None:
    for path in modules("bot", "adapters", "dialogs", "nudges", "tests"):
        with case(path):
            assert len(tracked()[path].splitlines()) <= LONGEST

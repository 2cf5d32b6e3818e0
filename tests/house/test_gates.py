"""Each gate finds a fault that is planted, and lets by what has a written reason."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tests.gates.__main__ import ROOT, gates, main, tracked
from tests.gates.code import unsafe
from tests.gates.locks import LOCKS as LOCKS_HERE
from tests.gates.locks import loose, loose_npm, unheld
from tests.gates.secrecy import REASONS, leaked
from tests.gates.workflows import ungated

HASH = "sha256:" + "0" * 64
GOOD_LOCK = f"a==1.2 \\\n    --hash={HASH}\nb-c==3 ; x \\\n    --hash={HASH}\n"
PROJECT = (
    '[project]\ndependencies = ["A>=1", "b_c[x]>=3,<4"]\n[build-system]\nrequires = ["b-c<3.5"]\n'
)
TOKEN = "xoxb-" + "210987654321-4711made4711up4711"
FAULTS = {
    "a shell": ("import subprocess\nsubprocess.call('ls', shell=True)\n", "B602"),
    "an old hash": ("import hashlib\nhashlib.md5(b'x')\n", "B324"),
    "eval": ("eval(input())\n", "B307"),
    "no certificate": (
        "import requests\nrequests.get('https://x', verify=False, timeout=1)\n",
        "B501",
    ),
    "pickle": ("import pickle\npickle.loads(b'x')\n", "B301"),
    "SQL in pieces": ("def f(x, db): db.execute(f'SELECT a FROM b WHERE c = {x}')\n", "B608"),
    "any YAML": ("import yaml\nyaml.load('x', Loader=yaml.Loader)\n", "B506"),
    "a reason without words": ("import hashlib\nhashlib.md5(b'x')  # nosec B324\n", "B324"),
    "a reason for something else": ("eval(input())  # noqa: S301 - it is ours\n", "B307"),
    "no Python": ("def (:\n", "syntax error"),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what bandit says of every planted fault, and of two that have a reason."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "bot").mkdir()
    for n, (text, _) in enumerate(FAULTS.values()):
        (folder / "bot" / f"fault_{n}.py").write_text(text)
    for n, kind in enumerate(("nosec B324", "noqa: S324")):
        line = f"import hashlib\nx = hashlib.md5(b'x')  # {kind} - the name of a cached file\n"
        (folder / "bot" / f"reasoned_{n}.py").write_text(line)
    return unsafe(folder, ["bot"])


@pytest.mark.parametrize("name", FAULTS)
def test_bandit_finds_what_is_planted(judged: list[str], name: str) -> None:
    file, rule = f"bot/fault_{list(FAULTS).index(name)}.py:", FAULTS[name][1]
    assert [one for one in judged if one.startswith(file) and rule in one]


def test_bandit_takes_a_written_reason(judged: list[str]) -> None:
    assert [one for one in judged if one.startswith("bot/reasoned")] == []


def test_bandit_without_files_is_no_green(tmp_path: Path) -> None:
    assert unsafe(tmp_path, ["bot"]) == ["bandit found no file to look at"]


LEAKS = {
    "a token": f'token = "{TOKEN}"',
    "a key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "an address": "url = postgresql://ann:" + "h4nter2kQ@db.example/x",
    "beside a pragma": f'token = "{TOKEN}"  # pragma: allowlist secret',
}


@pytest.mark.parametrize("line", LEAKS.values(), ids=LEAKS)
def test_detect_secrets_finds_what_is_planted(tmp_path: Path, line: str) -> None:
    (tmp_path / "planted.md").write_text(f"{line}\n")
    (found,) = leaked(tmp_path, ["planted.md"], None)
    assert found.startswith("planted.md:1: ")


def test_a_reason_is_for_one_string_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f'token = "{TOKEN}"\n')
    (tmp_path / "b.md").write_text("nothing\n")
    (found,) = leaked(tmp_path, ["a.md"], None)
    what = found.split("(")[1].rstrip(")")
    reasons = tmp_path / "reasons.toml"

    def with_reason(file: str, why: str) -> list[str]:
        reasons.write_text(f'[[reason]]\nfile = "{file}"\nhashes = ["{what}"]\nwhy = "{why}"\n')
        return leaked(tmp_path, ["a.md", "b.md"], reasons)

    assert with_reason("a.md", "made up") == []
    assert with_reason("a.md", "") == [found]
    assert with_reason("b.md", "made up") == [
        found,
        f"b.md: nothing needs the reason for {what} any more",
    ]
    (tmp_path / "a.md").write_text(f'token = "{TOKEN}9"\n')
    assert len(with_reason("a.md", "made up")) == 2


def test_detect_secrets_without_files_is_no_green(tmp_path: Path) -> None:
    assert leaked(tmp_path, ["gone.md"], None) == ["detect-secrets found no file to look at"]


def repository(folder: Path, lock: str, project: str = PROJECT) -> Path:
    (folder / "pyproject.toml").write_text(dedent(project))
    for name in LOCKS_HERE:
        (folder / name).write_text(lock)
    return folder


LOCKS = {
    "no hash": (GOOD_LOCK + "d==4\n", "not locked: d==4"),
    "no version": (GOOD_LOCK + f"d --hash={HASH}\n", "not locked: d "),
    "an older version": (GOOD_LOCK.replace("a==1.2", "a==0.9"), "run make lock: A>=1"),
    "what builds it": (GOOD_LOCK.replace("b-c==3", "b-c==3.5"), "run make lock: b-c<3.5"),
    "one that is not there": (f"a==1.2 --hash={HASH}\n", "run make lock: b_c[x]>=3,<4"),
    "an index": ("--index-url https://x.example/simple\n" + GOOD_LOCK, "names where to fetch from"),
    "an index, briefly": ("-i x\n" + GOOD_LOCK, "names where to fetch from"),
    "a file elsewhere": (
        GOOD_LOCK + f"d @ https://x.example/d.whl --hash={HASH}\n",
        "names where to fetch from",
    ),
}


@pytest.mark.parametrize(("lock", "said"), LOCKS.values(), ids=LOCKS)
def test_the_locks_gate_finds_what_is_planted(tmp_path: Path, lock: str, said: str) -> None:
    assert [one for one in loose(repository(tmp_path, lock)) if said in one]


def test_a_good_lock_is_let_by(tmp_path: Path) -> None:
    assert loose(repository(tmp_path, GOOD_LOCK)) == []
    assert unheld(PROJECT, GOOD_LOCK) == []


ENTRY = {"version": "1.0.0", "integrity": "sha512-x"}
NPM = {
    "an address": ({"x": "1.0.0"}, ENTRY | {"resolved": "https://x.example/x.tgz"}, "fetch from"),
    "no hash": ({"x": "1.0.0"}, {"version": "1.0.0"}, "no sha512"),
    "a weak hash": ({"x": "1.0.0"}, ENTRY | {"integrity": "sha1-x"}, "no sha512"),
    "a range": ({"x": "^1.0.0"}, ENTRY, "not the one version"),
    "another version": ({"x": "1.0.1"}, ENTRY, "not the one version"),
}


@pytest.mark.parametrize(("asked", "entry", "said"), NPM.values(), ids=NPM)
def test_the_npm_lock_gate_finds_what_is_planted(
    asked: dict[str, str], entry: dict[str, str], said: str
) -> None:
    lock = {"packages": {"": {}, "node_modules/x": entry}}
    (found,) = loose_npm({"dependencies": asked}, lock)
    assert said in found
    assert (
        loose_npm({"dependencies": {"x": "1.0.0"}}, {"packages": {"node_modules/x": ENTRY}}) == []
    )


def test_a_package_without_its_lock_is_found(tmp_path: Path) -> None:
    folder = repository(tmp_path, GOOD_LOCK) / "tests" / "node" / "x"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"dependencies": {}}))
    assert loose(tmp_path) == ["tests/node/x: has no package-lock.json"]


@pytest.mark.parametrize(
    "name",
    [".github/workflows/ci.yml", ".gitlab-ci.yml", "tools/action.yml", ".circleci/config.yml"],
)
def test_a_workflow_needs_its_gates_first(name: str) -> None:
    assert "zizmor" in ungated(["README.md", name])[0]


def test_the_locks_and_workflows_of_this_repository_are_good() -> None:
    assert loose(ROOT) == []
    assert ungated(tracked(ROOT)) == []
    assert len(tracked(ROOT)) > 1000


def test_a_gate_that_finds_something_closes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(gates(ROOT)) == [
        "bandit",
        "detect-secrets",
        "locks",
        "workflows",
        "hadolint",
        "compose",
        "kubernetes-validate",
        "bicep",
        "checkov",
    ]

    def planted(_root: Path) -> dict[str, Callable[[], list[str]]]:
        return {"locks": lambda: ["x is loose"], "bandit": list[str]}

    monkeypatch.setattr("tests.gates.__main__.gates", planted)
    assert main(ROOT) == 1
    assert capsys.readouterr().out.splitlines() == [
        "locks: 1 to mend",
        "  x is loose",
        "bandit: nothing to mend",
    ]


def test_ci_runs_the_gates() -> None:
    assert "make gates" in (ROOT / ".ci" / "run").read_text()
    assert "-m tests.gates" in (ROOT / "Makefile").read_text()
    assert REASONS.is_file()

"""The programme and the roles from the command line."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.content.files import DEMO
from adapters.store.database import Store
from bot.cli import main
from nudges.people import Person
from tests.clock import MONDAY

FILE = DEMO / "programme.toml"


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'programme.db'}"

    async def begin() -> None:
        store = await Store.open(url, create=True)
        async with store.write() as work:
            people = [Person("ann", "Ann", "ann@x.nl"), Person("b1", "Bo"), Person("b2", "Bo")]
            await work.save(people, MONDAY)
        await store.close()

    asyncio.run(begin())
    return url


def run(database: str, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--database", database])


def test_a_programme_is_taken_in_and_then_is_no_news(database: str) -> None:
    seen = run(database, "programme", "import", str(FILE), "--dry-run")
    assert (seen.exit_code, "+ segment sales" in seen.stdout) == (0, True)
    assert "sales" not in run(database, "programme", "show").stdout
    assert run(database, "programme", "import", str(FILE)).exit_code == 0
    assert "sales: 2026-11-02" in run(database, "programme", "show").stdout
    again = run(database, "programme", "import", str(FILE))
    assert (again.exit_code, again.stdout) == (0, "")


def test_no_first_day_without_what_is_in_it_for_them(database: str, tmp_path: Path) -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    broken = tmp_path / "programme.toml"
    kept = [line for line in lines if not line.startswith("wiifm.nl")]
    broken.write_text("\n".join(kept), encoding="utf-8")
    result = run(database, "programme", "import", str(broken))
    assert (result.exit_code, "stop" in result.stderr) == (2, True)
    assert "sales" not in run(database, "programme", "show").stdout


@pytest.mark.parametrize("text", ["name = 3", "[[segment]]", "name.en = 'x'\nlevels.4.en = 'x'"])
def test_a_broken_file_is_refused(database: str, tmp_path: Path, text: str) -> None:
    broken = tmp_path / "programme.toml"
    broken.write_text(text, encoding="utf-8")
    result = run(database, "programme", "import", str(broken))
    assert (result.exit_code, "programme.toml" in result.stderr) == (2, True)


def test_roles_are_given_and_taken(database: str) -> None:
    assert run(database, "roles", "grant", "Ann@X.nl", "admin").exit_code == 0
    assert run(database, "roles", "list").stdout == "ann\tAnn\tadmin\n"
    assert run(database, "roles", "revoke", "ann", "admin").exit_code == 0
    assert run(database, "roles", "list").stdout == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ann", "limited_author"), 2),
        (("ann", "limited_author", "--within", "segment of sales"), 2),
        (("ann", "author", "--within", "segment is sales"), 2),
        (("ann", "limited_author", "--within", "segment is sales"), 0),
    ],
)
def test_an_author_for_some_groups_needs_a_rule(
    database: str, words: tuple[str, ...], code: int
) -> None:
    assert run(database, "roles", "grant", *words).exit_code == code
    within = "within segment is sales" in run(database, "roles", "list").stdout
    assert within is (code == 0)


@pytest.mark.parametrize(
    ("who", "role", "why"),
    [
        ("Bo", "author", "b1, b2"),
        ("nobody", "author", "nobody who is here"),
        ("ann", "boss", "boss"),
        ("ann", "user", "user"),
    ],
)
def test_what_cannot_be_given_is_refused(database: str, who: str, role: str, why: str) -> None:
    result = run(database, "roles", "grant", who, role)
    assert (result.exit_code, why in result.stderr) == (2, True)
    assert run(database, "roles", "list").stdout == ""


def test_what_is_not_held_cannot_be_taken(database: str) -> None:
    assert run(database, "roles", "revoke", "ann", "admin").exit_code == 2

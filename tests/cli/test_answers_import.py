"""``answers import``: all of a file or nothing, and the second time nothing more."""

import asyncio
from pathlib import Path

import pytest

from adapters.store.database import Store
from nudges.adkar import Answer
from nudges.people import Person
from tests.cli.lines import BAD, line, refused, run, write
from tests.clock import MONDAY


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'wayfinder.db'}"


def kept(url: str) -> tuple[dict[str, Person], dict[str, tuple[Answer, ...]]]:
    """Return everyone and all they answered."""

    async def read() -> tuple[dict[str, Person], dict[str, tuple[Answer, ...]]]:
        store = await Store.open(url)
        try:
            async with store.read() as work:
                people = {p.id: p for p in await work.everyone()}
                return people, await work.answers(people, MONDAY)
        finally:
            await store.close()

    return asyncio.run(read())


def prepare(url: str, *people: Person) -> None:
    async def write_() -> None:
        store = await Store.open(url, create=True)
        try:
            async with store.write() as work:
                await work.save(list(people), MONDAY)
        finally:
            await store.close()

    asyncio.run(write_())


TWO = (line(), line(question="D1", score=None), line(person="bob", score=1))


class TestStores:
    def test_answers_and_people_who_are_new(self, tmp_path: Path, url: str) -> None:
        result = run("answers", "import", write(tmp_path, TWO), "--database", url)
        assert (result.exit_code, result.stdout) == (0, "")
        assert "3 answers of 2 people stored" in result.stderr
        assert "2 people were not known yet" in result.stderr
        people, given = kept(url)
        assert set(people) == {"ann", "bob"}
        assert not any(p.welcomed or p.name or p.addresses for p in people.values())
        assert [(a.question, a.score, a.occasion) for a in given["ann"]] == [
            ("A1", 4, "imported"),
            ("D1", None, "imported"),
        ]
        assert given["ann"][0].at.isoformat() == "2026-11-10T09:00:00+00:00"

    def test_twice_is_once(self, tmp_path: Path, url: str) -> None:
        file = write(tmp_path, TWO)
        run("answers", "import", file, "--database", url)
        once = kept(url)
        result = run("answers", "import", file, "--database", url)
        assert result.exit_code == 0
        assert "0 answers of 2 people stored, 3 were there already; 0 people" in result.stderr
        assert kept(url) == once

    def test_a_line_that_stands_there_twice_is_kept_once(self, tmp_path: Path, url: str) -> None:
        run("answers", "import", write(tmp_path, [*TWO, *TWO]), "--database", url)
        assert sum(map(len, kept(url)[1].values())) == 3

    def test_a_longer_file_adds_what_is_new(self, tmp_path: Path, url: str) -> None:
        run("answers", "import", write(tmp_path, TWO), "--database", url)
        more = [*TWO, line(question="K1")]
        result = run("answers", "import", write(tmp_path, more), "--database", url)
        assert "1 answers of 2 people stored, 3 were there already" in result.stderr
        assert [a.question for a in kept(url)[1]["ann"]] == ["A1", "D1", "K1"]

    def test_someone_known_stays_as_they_are(self, tmp_path: Path, url: str) -> None:
        ann = Person("ann", "Ann Field", language="nl", welcomed=True, stopped=True)
        prepare(url, ann)
        run("answers", "import", write(tmp_path, TWO), "--database", url)
        assert kept(url)[0]["ann"] == ann

    def test_unknown_keys_are_ignored(self, tmp_path: Path, url: str) -> None:
        odd = line(team="x", took=3, not_applicable=True, occasion="mine")
        run("answers", "import", write(tmp_path, [odd]), "--database", url)
        ((answer,),) = kept(url)[1].values()
        assert (answer.not_applicable, answer.took, answer.occasion) == (False, None, "imported")

    def test_names_from_anywhere(self, tmp_path: Path, url: str) -> None:
        name = "李'; DROP TABLE people; -- \u202e🙂"
        run("answers", "import", write(tmp_path, [line(person=name)]), "--database", url)
        assert set(kept(url)[0]) == {name}

    def test_an_empty_file_changes_nothing(self, tmp_path: Path, url: str) -> None:
        result = run("answers", "import", write(tmp_path, []), "--database", url)
        assert result.exit_code == 0
        assert kept(url) == ({}, {})


class TestRefuses:
    @pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
    def test_all_of_it_for_one_bad_line(self, tmp_path: Path, url: str, bad: bytes) -> None:
        file = write(tmp_path, [*TWO, bad])
        refused(run("answers", "import", file, "--database", url), "line 4: ")
        assert not (tmp_path / "wayfinder.db").exists(), "not even a database was made"

    def test_what_was_there_stays(self, tmp_path: Path, url: str) -> None:
        run("answers", "import", write(tmp_path, TWO), "--database", url)
        before = kept(url)
        file = write(tmp_path, [line(person="new"), line(score=6)])
        refused(run("answers", "import", file, "--database", url), "line 2: score")
        assert kept(url) == before

    @pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    def test_a_moment_no_calendar_holds(self, tmp_path: Path, url: str, at: str) -> None:
        file = write(tmp_path, [line(at=at)])
        refused(run("answers", "import", file, "--database", url))

    @pytest.mark.parametrize(
        "where",
        ["mysql://x", "nonsense", "sqlite:////nowhere/at/all.db", "postgresql://127.0.0.1:1/x"],
    )
    def test_a_database_that_cannot_be_used(self, tmp_path: Path, where: str) -> None:
        refused(run("answers", "import", write(tmp_path, TWO), "--database", where))

    def test_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        other = tmp_path / "other.db"
        other.write_bytes(b"just some words, " * 100)
        file = write(tmp_path, TWO)
        refused(run("answers", "import", file, "--database", f"sqlite:///{other}"))
        assert other.read_bytes() == b"just some words, " * 100

    def test_no_file(self, tmp_path: Path, url: str) -> None:
        refused(run("answers", "import", tmp_path / "nothing.jsonl", "--database", url))

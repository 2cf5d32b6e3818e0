"""Commands about answers: where people stand by them, and taking in those of an earlier survey."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import click
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from bot.cli import using
from bot.cli.given import moment, read_lines, read_moment, refuse
from bot.outlooks import work_out
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.adkar import ELEMENTS, Answer, Bank, Standing, stand
from nudges.people import Person

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


class Line(BaseModel):
    """One answer in a file of JSON lines; keys we do not know are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    person: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    question: str
    score: Annotated[int, Field(ge=1, le=5, strict=True)] | None
    at: Annotated[AwareDatetime, BeforeValidator(read_moment)]

    def answer(self) -> Answer:
        """Return the answer."""
        return Answer(self.person, self.question, self.score, self.at, occasion="imported")


@click.command()
@click.option("--answers", "path", required=True, type=FILE, help="JSON lines with answers.")
@click.option("--now", callback=moment, help="Judge from this moment; default is now.")
@click.option("--go-live", callback=moment, help="When the segment goes live; default is not yet.")
def standing(path: Path, now: datetime | None, go_live: datetime | None) -> None:
    """Print where each person stands by the answers in a file; stores nothing."""
    bank = using.library().bank
    by_person: dict[str, list[Answer]] = {}
    for answer in _answers(path, bank):
        by_person.setdefault(answer.person, []).append(answer)
    for person, given in by_person.items():
        where = stand(given, bank, now or datetime.now(UTC), go_live)
        click.echo(json.dumps(_row(person, where), ensure_ascii=False))


def _row(person: str, where: Standing) -> dict[str, Any]:
    return {
        "person": person,
        "scores": {e: where.scores[e] for e in ELEMENTS},
        "n": {e: where.n[e] for e in ELEMENTS},
        "barrier": where.barrier,
        "provisional": where.provisional,
        "fragile": list(where.fragile),
    }


@click.group()
def answers() -> None:
    """Work with answers."""


@answers.command("import")
@click.argument("path", type=FILE)
@click.option("--database", help="Address of the database; default is the setting.")
def import_(path: Path, database: str | None) -> None:
    """Store the answers of an earlier survey: all of them, or none if a line is wrong.

    Importing the same file again changes nothing. People who are not known yet are added
    without a name; they are linked when their id is imported with the people.
    """
    place = using.settings(Place, database=database)
    bank = using.library().bank
    given = list(_answers(path, bank))

    async def run() -> tuple[int, int]:
        store = await open_store(place, fill_empty=True)
        try:
            async with store.write() as work:
                now = datetime.now(UTC)
                known = await work.people({a.person for a in given})
                new = sorted({a.person for a in given} - known.keys())
                await work.save([Person(person, stranger=True) for person in new], now)
                added = await work.keep_answers(given)
                await work.outlook_due(sorted({a.person for a in given}))
            await work_out(store, bank, lambda: datetime.now(UTC))
        finally:
            await store.close()
        return added, len(new)

    added, new = using.run(run)
    people = len({a.person for a in given})
    click.echo(
        f"{added} answers of {people} people stored, {len(given) - added} were there already; "
        f"{new} people were not known yet and have no name.",
        err=True,
    )


def _answers(path: Path, bank: Bank) -> Iterable[Answer]:
    lines = read_lines(path, Line)
    unknown = [
        f"{path}: line {number}: question {line.question!r} is not in the question bank."
        for number, line in lines
        if line.question not in bank
    ]
    if unknown:
        refuse(unknown)
    return [line.answer() for _, line in lines]

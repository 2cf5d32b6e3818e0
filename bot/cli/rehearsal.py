"""Commands that rehearse: a whole programme on a virtual clock, and everything that can break."""

import json
import tempfile
from pathlib import Path
from secrets import token_hex
from typing import Any

import click

from bot import logs
from bot.cli import using
from bot.cli.given import refuse
from bot.rehearsal.faults import FAULTS
from bot.rehearsal.runs import rehearse, summed_up
from bot.rehearsal.simulation import Play, Played
from bot.rehearsal.simulation import simulate as play_it
from bot.settings import Settings
from bot.wiring.parts import UNUSABLE

FILE = click.Path(path_type=Path, dir_okay=False, writable=True)
FINDING = 1
SECRET_BYTES = 32


@click.command()
@click.option("--people", type=click.IntRange(1, 100_000), default=200, show_default=True)
@click.option("--weeks", type=click.IntRange(1, 52), default=12, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed plays alike.")
@click.option("--platform-faults", is_flag=True, help="Busy platforms, cut answers, gone chats.")
@click.option("--ledger", type=FILE, help="Write each number that was released to this file.")
@click.option(
    "--truth", type=FILE, help="Write what was true, and from when to when, to this file."
)
@click.option("--database", help="An empty database to play in; default is a temporary file.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def simulate(  # noqa: PLR0913 - an argument for each option
    *,
    people: int,
    weeks: int,
    seed: int,
    platform_faults: bool,
    ledger: Path | None,
    truth: Path | None,
    database: str | None,
    as_json: bool,
) -> None:
    """Play a whole programme with made-up people on a virtual clock, and judge it."""
    play = Play(people, weeks, seed, platform_faults)
    with tempfile.TemporaryDirectory(prefix="wayfinder-") as folder:
        place = database or f"sqlite:///{folder}/simulation.db"
        settings = using.settings(Settings, secret=token_hex(SECRET_BYTES), database=place)
        logs.start("error")
        played = using.run(lambda: play_it(play, settings))
    if ledger is not None:
        ledger.write_text("".join(json.dumps(line) + "\n" for line in played.ledger))
    if truth is not None:
        truth.write_text("".join(json.dumps(line) + "\n" for line in played.truth))
    _say(played, as_json=as_json)
    if not played.good:
        raise SystemExit(FINDING)


@click.command()
@click.option("--runs", type=click.IntRange(1, 1_000_000), default=300, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The first run's seed.")
@click.option("--only", type=click.Choice(sorted(FAULTS)), help="Rehearse this fault alone.")
@click.option(
    "--database", help="An empty database to break; default is temporary ones of each kind."
)
@click.option("--progress", type=FILE, help="Add a line to this file after each run.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each fault.")
def faults(  # noqa: PLR0913 - an argument for each option
    *,
    runs: int,
    seed: int,
    only: str | None,
    database: str | None,
    progress: Path | None,
    as_json: bool,
) -> None:
    """Break what the program stands on, again and again, and look what is lost or doubled."""
    logs.start("error")
    try:
        results = rehearse(runs, seed, only, database, progress=progress)
    except UNUSABLE as error:
        refuse(str(error).splitlines())
    lines = summed_up(results)
    for line in lines:
        if as_json:
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            click.echo(
                f"{line['fault']:<20} {line['database']:<11} {line['runs']:>5} runs, "
                f"{line['unknown']} unknown, broken: {_plain(line['broken'])}"
            )
    if any(line["broken"] for line in lines):
        raise SystemExit(FINDING)


def _say(played: Played, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(played.summary, ensure_ascii=False))
        return
    for name, value in played.summary.items():
        click.echo(f"{name}: {_plain(value)}")


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    match value:
        case dict():
            return ", ".join(f"{k} {_plain(v)}" for k, v in value.items())  # pyright: ignore[reportUnknownVariableType] - JSON
        case list():
            return "".join(f"\n  {_plain(v)}" for v in value) or "none"  # pyright: ignore[reportUnknownVariableType] - JSON
        case bool():
            return "kept" if value else "BROKEN"
        case _:
            return str(value)

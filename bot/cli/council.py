"""The command that writes what a works council asks for."""

from pathlib import Path

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Limits
from bot.wiring.council import council_pack
from bot.works_council import WRITERS
from dialogs.speech import languages


@click.command("works-council")
@click.option("--lang", type=click.Choice(languages()), required=True, help="In which language.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write; .md or .html.",
)
def works_council(lang: str, out: Path) -> None:
    """Write the pack for a works council: what is asked, kept and shown, to whom, and for how long.

    It is made from what the program goes by, with your own questions and your floor; it needs no
    database.
    """
    write = WRITERS.get(out.suffix)
    if write is None:
        refuse([f"{out.name} ends with none of {', '.join(WRITERS)}; say which you want."])
    floor = using.settings(Limits).floor
    text = write(council_pack(using.library(), lang, floor))
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse([f"{out} cannot be written: {error.strerror}"])
    click.echo(f"{out}\t{len(text)} characters")

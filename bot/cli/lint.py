"""The command that looks through a change message before people get it."""

import json
from pathlib import Path

import click

from bot.cli import using
from bot.cli.given import refuse
from dialogs.linter import AUDIENCES, EVERYONE, Lint, Part
from dialogs.linter import lint as look_through
from dialogs.speech import Speech, languages

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("path", type=FILE, metavar="FILE.md")
@click.option("--lang", type=click.Choice(languages()), required=True, help="Language of the text.")
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default=EVERYONE,
    show_default=True,
    help="For whom it is; their own daily words are no jargon.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
def lint(path: Path, lang: str, audience: str, *, as_json: bool) -> None:
    """Say what a change message leaves out, and which of its words are jargon.

    It looks for why, why now, what is wrong today, what if not, what is in it for the reader, the
    goal, what is expected and a figure. What it finds is advice and no failed check: the exit code
    is 0 whatever it says, and 2 when the file cannot be read.
    """
    text = _read(path)
    speech = Speech(lang)
    found = look_through(text, using.rules(lang), speech, audience)
    if as_json:
        click.echo(json.dumps(_written(found), ensure_ascii=False))
        return
    for part in Part:
        what = speech.line(f"lint.label.{part}")
        if part in found.says:
            click.echo(f"✓ {speech.line('lint.says', what=what)}")
        else:
            click.echo(f"- {speech.line('lint.says_not', what=what)}")
    click.echo()
    for line in found.advice or (speech.line("lint.good"),):
        click.echo(f"* {line}")


def _read(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        refuse([f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8."])
    except OSError as error:
        refuse([f"{path}: cannot be read: {error.strerror}."])
    if not text.removeprefix("\ufeff").strip():
        refuse([f"{path}: is empty; write the message into it."])
    return text


def _written(found: Lint) -> dict[str, bool | list[str]]:
    order = (
        *(Part.WHY, Part.WHY_NOW, Part.WRONG_TODAY, Part.WHAT_IF_NOT, Part.WIIFM),
        *(Part.GOAL, Part.EXPECTATION, Part.FIGURE),
    )
    said: dict[str, bool | list[str]] = {part.value: part in found.says for part in order}
    said["technology_or_cost_only"] = found.technology_or_cost_only
    return said | {"jargon": list(found.jargon), "advice": list(found.advice)}

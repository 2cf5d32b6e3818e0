"""Commands about cards: how one looks on a platform, exactly as it is sent."""

from pathlib import Path

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.wiring.pens import PENS, pen
from dialogs import gallery
from dialogs.broadcasting import draw_message
from dialogs.card import Card
from dialogs.reader import reader
from dialogs.speech import languages
from nudges.address import Platform
from nudges.audience import EVERYONE
from nudges.audience_language import written
from nudges.broadcast import Draft, Signed
from nudges.people import Person
from nudges.programme import Programme

TOKEN = "token"  # noqa: S105 - stands where a real card carries its own


@click.command()
@click.argument("card")
@click.option("--platform", type=click.Choice(sorted(PENS)), required=True)
@click.option("--lang", type=click.Choice(languages()), default="en", show_default=True)
def preview(card: str, platform: Platform, lang: str) -> None:
    """Print a card or a form as a platform gets it; FILE.md is a broadcast as its people get it."""
    draws = pen(platform)
    if card.endswith(".md"):
        click.echo(draws.card(_message(Path(card), lang), TOKEN))
        return
    cards, forms = dict(gallery.cards(lang)), dict(gallery.forms(lang))
    if card in cards:
        click.echo(draws.card(cards[card], TOKEN))
    elif card in forms:
        click.echo(draws.form(forms[card], TOKEN))
    else:
        refuse([f"There is no card {card!r}; there are {', '.join(sorted(cards | forms))}."])


def _message(path: Path, language: str) -> Card:
    """Draw a broadcast as its people see it, in the name of the CRM team."""
    if not path.is_file():
        refuse([f"{path}: there is no such file."])
    message = using.message(path).message
    if language not in message.body:
        refuse([f"{path}: is not written in {language!r}."])
    seen_by = reader(Person("preview", language=language), Programme({}), using.library())
    draft = Draft(message, written(EVERYONE), 0)
    return draw_message(draft, seen_by, Signed(), "", got=False)

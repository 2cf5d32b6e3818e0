"""Commands about cards: how one looks on a platform, exactly as it is sent."""

import click

from bot.cli.given import refuse
from bot.wiring.pens import PENS, pen
from dialogs import gallery
from dialogs.speech import languages
from nudges.address import Platform

TOKEN = "token"  # noqa: S105 - stands where a real card carries its own


@click.command()
@click.argument("card")
@click.option("--platform", type=click.Choice(sorted(PENS)), required=True)
@click.option("--lang", type=click.Choice(languages()), default="en", show_default=True)
def preview(card: str, platform: Platform, lang: str) -> None:
    """Print a card or a form as a platform gets it."""
    cards, forms = dict(gallery.cards(lang)), dict(gallery.forms(lang))
    draws = pen(platform)
    if card in cards:
        click.echo(draws.card(cards[card], TOKEN))
    elif card in forms:
        click.echo(draws.form(forms[card], TOKEN))
    else:
        refuse([f"There is no card {card!r}; there are {', '.join(sorted(cards | forms))}."])

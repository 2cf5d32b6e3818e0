"""Every card and form there is, drawn for Teams, in every language."""

from collections.abc import Iterator

from adapters.teams.adaptive import Json, adaptive
from adapters.teams.form import adaptive_form
from dialogs import gallery
from dialogs.speech import languages

TOKEN = "T" * 32


def everything() -> Iterator[tuple[str, Json]]:
    """Yield a name and a card; forms once more with an error on the first field."""
    for language in languages():
        for name, card in gallery.cards(language):
            yield f"{name}.{language}", adaptive(card, TOKEN)
        for name, form in gallery.forms(language):
            yield f"{name}.{language}", adaptive_form(form, TOKEN)
            first = form.fields[0].name
            wrong = adaptive_form(form, TOKEN, {first: form.title}, {first: "x"})
            yield f"{name}-wrong.{language}", wrong

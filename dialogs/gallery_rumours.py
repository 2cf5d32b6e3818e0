"""Rumours in the gallery: told, refused, and on the CRM team's list."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from dialogs.rumour_notes import (
    OneRumourNote,
    RumourFactsForm,
    RumourForm,
    RumourKeptNote,
    RumourNote,
    RumourRefusedNote,
    RumoursNote,
    SameRumourForm,
)
from nudges.delivery import Note
from nudges.rumours import Rumours, Told, grouped

PHONE, BONUS = "2b7e151628aed2a6abf7158809cf4f3c", "8e73b0f7da0e6452c810f32b809079e5"
LONG = "the old lists are thrown away in spring, and whatever is not in the CRM by then is lost, "


def rumours(now: datetime) -> Rumours:
    """Return the rumours that the cards name."""
    day = now.date() - timedelta(days=1)
    before = day - timedelta(days=8)
    told = [
        Told(PHONE, "the CRM will *track* [my phone](http://x)", "sales", day),
        Told("2b", "our phones are followed", "service", before, PHONE),
        Told(BONUS, "the bonus goes to who types most", "", before),
        *(Told(f"{BONUS}{n}", f"they said “{LONG * 2}” ({n})", "sales", before) for n in range(5)),
    ]
    return Rumours(grouped(told), 12)


CARDS: Mapping[str, Note] = {
    "rumour": RumourNote(),
    "rumour-kept": RumourKeptNote(),
    "rumour-kept-typed": RumourKeptNote(typed=True),
    "rumour-refused-long": RumourRefusedNote("long", 1200),
    "rumour-refused-secret": RumourRefusedNote("secret", 40),
    "rumour-refused-account": RumourRefusedNote("account", 40),
    "rumours": RumoursNote(),
    "rumours-older": RumoursNote(1),
    "rumours-same": RumoursNote(done="same"),
    "rumours-answered": RumoursNote(done="answered"),
    "rumours-aside": RumoursNote(done="aside"),
    "rumour-one": OneRumourNote(PHONE),
    "rumour-one-sure": OneRumourNote(PHONE, sure=True),
    "rumour-one-nowhere": OneRumourNote(BONUS),
}
FORMS: Mapping[str, Note] = {
    "rumour-form": RumourForm(),
    "rumour-same-form": SameRumourForm(PHONE),
    "rumour-facts-form": RumourFactsForm(PHONE),
}

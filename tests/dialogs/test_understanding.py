"""What somebody means: intents, the record they want, the thing they want to put somewhere."""

import pytest

from dialogs.finding import Understood
from dialogs.knowledge import System
from dialogs.library import Library
from dialogs.records import FactOf, Table, Wanted
from dialogs.understanding import understand
from nudges.adkar import Bank


def fact(name: str, *asked: str) -> FactOf:
    return FactOf(name, name, asked={"en": asked})


ACCOUNT = Table(
    "account",
    "accounts",
    "accountid",
    "name",
    {"en": "account", "nl": "account"},
    {"en": ("customer", "company"), "nl": ("klant", "bedrijf")},
    facts=(
        fact("phone", "phone number", "telefoonnummer", "nummer"),
        fact("owner", "account manager", "accountmanager", "who owns"),
        fact("open_cases", "open cases", "openstaande aanvragen"),
        fact("last", "last visit", "voor het laatst bezocht"),
    ),
)
CONTACT = Table(
    "contact",
    "contacts",
    "contactid",
    "fullname",
    {"en": "contact", "nl": "contactpersoon"},
    facts=(fact("phone", "phone number", "telefoonnummer", "nummer"), fact("email", "mailadres")),
)
CASE = Table("incident", "incidents", "incidentid", "title", {"en": "case"}, {"en": ("cases",)})
INVOICE = System(
    "invoice",
    {"en": "Invoice", "nl": "Factuur"},
    {"en": "ERP", "nl": "ERP"},
    {"en": "Finance sends it.", "nl": "Finance stuurt hem."},
    crm=False,
    also={"en": ("bill",), "nl": ("rekening",)},
)
BANK: Bank = {}
LIBRARY = Library(
    "1",
    BANK,
    {},
    systems={"invoice": INVOICE},
    tables={"account": ACCOUNT, "contact": CONTACT, "incident": CASE},
)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("telefoonnummer van Sophie Visser", Wanted("Sophie Visser", "phone")),
        ("telefonnummer van sophie visser", Wanted("sophie visser", "phone")),
        ("mailadres Pieter van den Heuvel", Wanted("Pieter van den Heuvel", "email", "contact")),
        ("open cases for Gemeente Zwolle", Wanted("Gemeente Zwolle", "open_cases", "account")),
        ("accountmanager van van der berg", Wanted("van der berg", "owner", "account")),
        ("who owns Rijn Transport BV?", Wanted("Rijn Transport BV", "owner", "account")),
        (
            "wanneer is Bakkerij Jansen voor het laatst bezocht",
            Wanted("Bakkerij Jansen", "last", "account"),
        ),
        ("find contact Kim de Wit", Wanted("Kim de Wit", "", "contact")),
        ("show me Contoso please", Wanted("Contoso")),
        ("omzet van Fabrikam", Wanted("Fabrikam")),
    ],
)
def test_a_record_is_wanted(said: str, wanted: Wanted) -> None:
    understood = understand(said, LIBRARY)
    assert understood.intent == "lookup"
    assert understood.wanted == wanted


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("4", "pulse"),
        ("8/10", "pulse"),
        ("heel slecht", "pulse"),
        ("help", "command"),
        ("herinner me morgen", "command"),
        ("leaderboard", "command"),
        ("next tip", "command"),
        ("annuleer", "command"),
        ("hello", "none"),
        ("how do I book leave", "none"),
        ("hoe maak ik een account aan", "howto"),
        ("mijn weergave is weg", "howto"),
        ("waar hoort een offerte thuis, CRM of ERP", "system"),
    ],
)
def test_an_intent_is_understood(said: str, intent: str) -> None:
    assert understand(said, LIBRARY).intent == intent


@pytest.mark.parametrize(
    "said", ["where do I put an invoice", "waar horen facturen thuis", "in welk systeem rekeningen"]
)
def test_a_thing_that_belongs_somewhere(said: str) -> None:
    assert understand(said, LIBRARY) == Understood("system", None, None, "invoice")


@pytest.mark.parametrize(
    "said",
    [
        *("", " ", "\x00", "😀" * 9000, "x" * 65_536, "a' " * 20_000, "' OR 1=1 --", "%_*[]"),
        *("contains(name,'x')", "$filter=name eq 'a'", "\ud800", "東京", "(" * 500),
    ],
)
def test_nothing_that_is_typed_is_an_error(said: str) -> None:
    assert understand(said, LIBRARY).intent in {"none", "pulse", "howto", "lookup", "command"}

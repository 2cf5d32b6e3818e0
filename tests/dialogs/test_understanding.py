"""What somebody means: intents, the record they want, the thing they want to put somewhere."""

import pytest

from adapters.content.files import load_library
from dialogs.finding import Understood
from dialogs.intents import examples, words_of
from dialogs.knowledge import System
from dialogs.library import Library
from dialogs.records import FactOf, Table, Wanted
from dialogs.understanding import understand
from nudges.adkar import Bank
from tests.find.figures import lines


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

OURS = load_library()
"""The tables as they come with the bot."""


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
    ("said", "named"),
    [
        ("tel nr van jansen transport", ("jansen transport", "phone", "")),
        ("wie is contactpersoon bij heineken", ("heineken", "contacts", "account")),
        ("wat weten we van acme", ("acme", "", "")),
        ("status case 10234", ("10234", "status", "incident")),
        ("omzet randstad dit jaar", ("randstad", "revenue", "account")),
        ("telefoonnummer van Sophie Visser", ("Sophie Visser", "phone", "")),
        ("phone number for karel bos please", ("karel bos", "phone", "")),
        ("what's the mobile number of Anna Bakker", ("Anna Bakker", "mobile", "contact")),
        ("06 van pieter van den heuvel", ("pieter van den heuvel", "mobile", "contact")),
        ("wat is het mailadres van linda de boer", ("linda de boer", "email", "")),
        ("email address mark van dam", ("mark van dam", "email", "")),
        ("mail jan de vries", ("jan de vries", "email", "")),
        ("wie is de accountmanager van van der berg", ("van der berg", "owner", "")),
        ("who looks after northwind traders", ("northwind traders", "owner", "")),
        ("wie gaat er over fabrikam", ("fabrikam", "", "")),
        ("who is responsible for Delta Logistics?", ("Delta Logistics", "owner", "")),
        ("van wie is kuiper kaas", ("kuiper kaas", "owner", "")),
        ("openstaande verkoopkansen bij stork", ("stork", "opportunities", "account")),
        ("any open deals with adventure works", ("adventure works", "opportunities", "account")),
        ("hoeveel deals hebben we lopen bij heineken", ("heineken", "opportunities", "account")),
        ("welke deals lopen er bij Contoso", ("Contoso", "opportunities", "account")),
        ("open cases philips", ("philips", "cases", "")),
        ("heeft gemeente ede klachten", ("gemeente ede", "cases", "")),
        ("hoeveel tickets heeft talox", ("talox", "value", "opportunity")),
        ("how many open cases does Philips have", ("Philips", "cases", "")),
        ("offertes voor bakkerij jansen", ("bakkerij jansen", "quotes", "account")),
        ("latest quote for woodgrove bank", ("woodgrove bank", "quotes", "account")),
        ("wanneer is stork voor het laatst bezocht", ("stork", "last", "")),
        ("wanneer zijn we voor het laatst bij stork geweest", ("stork", "last", "")),
        ("when did we last visit brinkhof", ("brinkhof", "last", "")),
        ("last activity on contoso", ("contoso", "last", "")),
        ("laatste contact met novaplast", ("novaplast", "last", "")),
        ("next meeting with asml", ("asml", "next", "")),
        ("eerstvolgende afspraak met kim de wit", ("kim de wit", "next", "")),
        ("when do i meet Els Jansen", ("Els Jansen", "next", "contact")),
        ("contacts at quantex systems", ("quantex systems", "contacts", "account")),
        ("wie werken er bij halvero", ("halvero", "contacts", "account")),
        ("wie kennen we bij vitalis", ("vitalis", "contacts", "account")),
        ("who works at Litware Inc", ("Litware Inc", "contacts", "account")),
        ("waar zit randstad", ("randstad", "address", "account")),
        ("where is Proseware GmbH located", ("Proseware GmbH", "address", "")),
        ("adres hotel de gouden leeuw", ("hotel de gouden leeuw", "address", "")),
        ("visiting address of Wingtip Ltd", ("Wingtip Ltd", "address", "account")),
        ("website van vandebron", ("vandebron", "website", "account")),
        ("bij welk bedrijf werkt karel bos", ("karel bos", "company", "")),
        ("which company does susan burk work for", ("susan burk", "company", "contact")),
        ("waar werkt hakan demir", ("hakan demir", "company", "contact")),
        ("functie van noor smit", ("noor smit", "job", "contact")),
        ("what does Tom Hendriks do", ("Tom Hendriks", "job", "contact")),
        ("job title ingrid dekker", ("ingrid dekker", "job", "contact")),
        ("status of ticket 4410", ("4410", "status", "incident")),
        ("wie behandelt case 3302", ("3302", "owner", "incident")),
        ("status van de klacht van els jansen", ("els jansen", "status", "incident")),
        ("status deal talox", ("talox", "stage", "opportunity")),
        ("waarde van de deal met stork", ("stork", "value", "opportunity")),
        ("how much is the Contoso deal worth", ("Contoso", "value", "opportunity")),
        ("wanneer sluit de deal met jumbo", ("jumbo", "close", "opportunity")),
        ("turnover of alpine ski house", ("alpine ski house", "revenue", "account")),
        ("zoek peter janssen", ("peter janssen", "", "")),
        ("show me Fourth Coffee", ("Fourth Coffee", "", "")),
        ("klant drukkerij vos", ("drukkerij vos", "", "account")),
        ("laat me de gegevens van vandebron zien", ("vandebron", "", "")),
        ("ken jij bram postma", ("bram postma", "", "")),
        ("vertel me over staalbouw emmen", ("staalbouw emmen", "", "")),
        ("is jumbo al klant", ("jumbo", "", "account")),
        ("Pieter van den Heuvel", ("Pieter van den Heuvel", "", "")),
        ("jansen transport tel", ("jansen transport", "phone", "")),
        ("do we have an email for wei zhang", ("wei zhang", "email", "")),
        ("kun je het nummer geven van hans wolters", ("hans wolters", "phone", "")),
        ("who's our contact at Brouwerij Noord", ("Brouwerij Noord", "contacts", "account")),
    ],
)
def test_names_and_facts_of_our_own_tables(said: str, named: tuple[str, str, str]) -> None:
    understood = understand(said, OURS)
    assert understood.intent == "lookup"
    assert understood.wanted == Wanted(*named)


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
        ("terrible", "pulse"),
        ("ok", "pulse"),
        ("bedankt", "none"),
        ("what can you do", "none"),
        ("menu", "command"),
        ("herriner me morgen", "command"),
        ("te veel klikken, word er moe van", "pulse"),
        ("do not disturb until tuesday", "command"),
        ("beeldscherm flikkert", "none"),
        ("hoe maak ik een account aan", "howto"),
        ("mijn weergave is weg", "howto"),
        ("waar hoort een offerte thuis, CRM of ERP", "system"),
    ],
)
def test_an_intent_is_understood(said: str, intent: str) -> None:
    assert understand(said, LIBRARY).intent == intent


def test_a_bare_word_that_nobody_knows_is_looked_up_too() -> None:
    assert understand("Vandebron", OURS).wanted == Wanted("Vandebron")
    assert understand("vandebron", OURS).wanted == Wanted("vandebron")
    assert understand("lekker weertje", OURS).wanted is None


def test_no_question_of_the_dev_set_is_an_example() -> None:
    taught = {" ".join(words_of(text)) for text, _ in examples()}
    assert not [q for one in lines("dev_intents") if (q := " ".join(words_of(one["q"]))) in taught]


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

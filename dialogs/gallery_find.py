"""What the examples of answers are about: a few articles, a thing, and what the CRM said."""

from datetime import date

from dialogs.find_notes import (
    ArticleNote,
    ChoicesNote,
    FindForm,
    FindNote,
    InCrmNote,
    MatchesNote,
    NoRecordNote,
    PrivatelyNote,
    RecordNote,
    SaidAloudNote,
    SystemNote,
    UnknownNote,
    WhichNote,
)
from dialogs.knowledge import Article, System
from nudges.delivery import Note
from nudges.questions import Shown

LINK = "https://contoso.crm4.dynamics.com/main.aspx?appid=0&pagetype=entityrecord&etn=account&id=1"
ARTICLES = {
    "lead-create": Article(
        "lead-create",
        {"en": "Sales > Leads > New", "nl": "Verkoop > Leads > Nieuw"},
        {"en": "Create a lead", "nl": "Een lead aanmaken"},
        {
            "en": "A **lead** is someone who showed interest and is no customer yet.\n\n"
            "Look first whether they are in {crm} already.",
            "nl": "Een **lead** is iemand die interesse toonde en nog geen klant is.\n\n"
            "Kijk eerst of die al in {crm} staat.",
        },
        {
            "en": "Whoever picks it up after you knows what was promised.",
            "nl": "Wie het van je overneemt, weet wat er is beloofd.",
        },
        {
            "en": (
                "Open **Leads** in the left menu and choose **New**.",
                "Fill in the topic, the name and the company.",
                "Choose **Save**.",
            ),
            "nl": (
                "Open **Leads** in het linkermenu en kies **Nieuw**.",
                "Vul het onderwerp, de naam en het bedrijf in.",
                "Kies **Opslaan**.",
            ),
        },
        area="sales",
        link="https://contoso.crm4.dynamics.com/main.aspx?pagetype=entitylist&etn=lead",
        reviewed=date(2026, 11, 1),
        owner="CRM team",
    ),
    "lead-qualify": Article(
        "lead-qualify",
        {"en": "Sales > Leads > Qualify", "nl": "Verkoop > Leads > Kwalificeren"},
        {"en": "Qualify a lead", "nl": "Een lead kwalificeren"},
        {"en": "Open the lead and choose Qualify.", "nl": "Open de lead en kies Kwalificeren."},
    ),
    "view-save": Article(
        "view-save",
        {"en": "List > View selector > Save as", "nl": "Lijst > Weergavekiezer > Opslaan als"},
        {"en": "Save your own view of a list", "nl": "Je eigen weergave van een lijst bewaren"},
        {"en": "Filter the list, then save it.", "nl": "Filter de lijst en bewaar hem."},
    ),
}
SYSTEMS = {
    "visit": System(
        "visit",
        {"en": "a visit report", "nl": "een bezoekverslag"},
        {"en": "the CRM", "nl": "het CRM"},
        {
            "en": "Everyone who speaks the customer next has read it.",
            "nl": "Wie de klant hierna spreekt, heeft het gelezen.",
        },
        crm=True,
    ),
    "invoice": System(
        "invoice",
        {"en": "an invoice", "nl": "een factuur"},
        {"en": "the finance system", "nl": "het financiële systeem"},
        {"en": "It is booked and paid from there.", "nl": "Daar wordt hij geboekt en betaald."},
        crm=False,
        link="https://finance.contoso.com/",
    ),
}
SAID = {
    "record": {
        "en": Shown(
            "record",
            "Van der Berg & Zn. B.V.",
            (
                ("Main Phone", "+31 38 123 45 67"),
                ("Owner", "Sanne de Boer"),
                ("Open opportunities", "2: Pump renewal, Service contract"),
                ("Last contact", "Tuesday 10 November 14:30"),
                ("Website", "not filled in"),
            ),
        ),
        "nl": Shown(
            "record",
            "Van der Berg & Zn. B.V.",
            (
                ("Hoofdtelefoon", "+31 38 123 45 67"),
                ("Eigenaar", "Sanne de Boer"),
                ("Open verkoopkansen", "2: Pompvervanging, Servicecontract"),
                ("Laatste contact", "dinsdag 10 november 14:30"),
                ("Website", "niet ingevuld"),
            ),
        ),
    },
    "matches": {
        "en": Shown(
            "matches",
            "",
            choices=(
                "Jan de Vries · contact · Gemeente Zwolle",
                "Jan de Vries · contact · Rijn Transport BV, Nijmegen",
            ),
        ),
        "nl": Shown(
            "matches",
            "",
            choices=(
                "Jan de Vries · contactpersoon · Gemeente Zwolle",
                "Jan de Vries · contactpersoon · Rijn Transport BV, Nijmegen",
            ),
        ),
    },
}
_BOTH = ("lead-create", "lead-qualify")
FINDS: dict[str, Note] = {
    "find": FindNote(),
    "article": ArticleNote("lead-create", "q", ("lead-qualify",)),
    "article-live": ArticleNote("lead-create", "q", live=True),
    "article-was-it": ArticleNote("lead-create", "q", verdict="was_it"),
    "article-plain": ArticleNote("view-save"),
    "article-gone": ArticleNote("dropped"),
    "choices": ChoicesNote("q", (*_BOTH, "view-save")),
    "choices-missed": ChoicesNote("q", _BOTH, missed=True),
    "unknown": UnknownNote("q"),
    "unknown-missed": UnknownNote("q", missed=True),
    "system-crm": SystemNote("visit"),
    "system-elsewhere": SystemNote("invoice"),
    "record": RecordNote("record", LINK),
    "record-gone": RecordNote("gone", LINK),
    "matches": MatchesNote("matches", (("contact", "1"), ("contact", "2"))),
    "matches-more": MatchesNote("matches", (("contact", "1"), ("contact", "2")), more=True),
    "matches-gone": MatchesNote("gone", (("contact", "1"),)),
    "no-record": NoRecordNote("q", "nothing", _BOTH),
    "no-record-unmapped": NoRecordNote("q", "unmapped"),
    "no-record-none": NoRecordNote("q", "none"),
    "no-record-down": NoRecordNote("q", "down"),
    "no-record-slow": NoRecordNote("q", "slow"),
    "no-record-busy": NoRecordNote("q", "busy"),
    "no-record-nonsense": NoRecordNote("q", "nonsense"),
    "no-record-refused": NoRecordNote("q", "refused"),
    "which": WhichNote("record", LINK, _BOTH),
    "privately": PrivatelyNote("phone number of Contoso"),
    "article-aloud": ArticleNote("lead-create", "q", ("lead-qualify",), live=True, aloud=True),
    "choices-aloud": ChoicesNote("q", _BOTH, aloud=True),
    "system-aloud": SystemNote("visit", aloud=True),
    "system-aloud-elsewhere": SystemNote("invoice", aloud=True),
    "privately-aloud": PrivatelyNote("phone number of Contoso", aloud=True),
    "in-crm": InCrmNote(article="lead-create"),
    "in-crm-plain": InCrmNote(article="view-save"),
    "in-crm-system": InCrmNote(system="visit"),
    "in-crm-elsewhere": InCrmNote(system="invoice"),
    "in-crm-record": InCrmNote(words="phone number of Contoso"),
    "said-aloud": SaidAloudNote(),
}
FIND_FORMS: dict[str, Note] = {"find-form": FindForm()}

"""The tips of the gallery: two with their words, and every card that shows one."""

from collections.abc import Mapping

from dialogs.knowledge import Article
from dialogs.library import TipWords
from dialogs.tips import NoTipNote, TipResultNote
from nudges.adkar import Element
from nudges.delivery import Note
from nudges.tips import Tip, TipNote, TipQuizNote

DAY = "2026-12-07"
TIPS: Mapping[str, Tip] = {
    "next-step": Tip(
        "next-step", Element.ABILITY, frozenset({"sales"}), area="sales", article="task-create"
    ),
    "told-once": Tip("told-once", Element.AWARENESS, area="data"),
}
TIP_WORDS: Mapping[str, TipWords] = {
    "next-step": TipWords(
        {"en": "Every open deal has a next step", "nl": "Elke open verkoopkans heeft een vervolg"},
        {
            "en": "Deals seldom die of a no. They die of silence.\n\nLook at your **three "
            "largest**: is there a task with a date that is still to come? If not, what would help "
            "this customer this week? That is your task.",
            "nl": "Kansen sneuvelen zelden door een nee. Ze sneuvelen door stilte.\n\nKijk naar je "
            "**drie grootste**: staat er een taak met een datum die nog moet komen? Zo niet, waar "
            "help je deze klant deze week mee? Dat is je taak.",
        },
        {
            "en": "No customer waits because somebody forgot.",
            "nl": "Geen klant wacht omdat iemand het vergat.",
        },
        {"en": "What does every open deal need?", "nl": "Wat heeft elke open verkoopkans nodig?"},
        {"en": "One next step, on a date", "nl": "Eén volgende stap, met een datum"},
        (
            {"en": "A phone call every week", "nl": "Elke week een telefoontje"},
            {"en": "A longer description in {crm}", "nl": "Een langere omschrijving in {crm}"},
        ),
    ),
    "told-once": TipWords(
        {"en": "Let them tell it once", "nl": "Laat ze het één keer vertellen"},
        {
            "en": "Before you ring, read the last three lines of the timeline in {crm}.",
            "nl": "Lees voor je belt de laatste drie regels van de tijdlijn in {crm}.",
        },
        {
            "en": "Who has to tell it twice doubts whether we listen.",
            "nl": "Wie het twee keer moet vertellen, twijfelt of we luisteren.",
        },
        {"en": "What do you read before you ring?", "nl": "Wat lees je voordat je belt?"},
        {"en": "The last lines of the timeline", "nl": "De laatste regels van de tijdlijn"},
        (
            {"en": "All of last year's mail", "nl": "Alle mail van vorig jaar"},
            {"en": "Nothing: they will tell me", "nl": "Niets: dat vertellen ze wel"},
        ),
    ),
}
ARTICLES: Mapping[str, Article] = {
    "task-create": Article(
        "task-create",
        {"en": "Sales > Activities > Task", "nl": "Verkoop > Activiteiten > Taak"},
        {"en": "Plan a task", "nl": "Een taak plannen"},
        {"en": "Choose Task above the timeline.", "nl": "Kies Taak boven de tijdlijn."},
        area="sales",
    ),
}
TIP_CARDS: Mapping[str, Note] = {
    "tip": TipNote("next-step"),
    "tip-pushed-job": TipNote("next-step", "job", "sales", pushed=True),
    "tip-pushed-rated": TipNote("told-once", "rated", "K-leads", pushed=True),
    "tip-pushed-asked": TipNote("told-once", "asked", "data", pushed=True),
    "tip-pushed-barrier": TipNote("told-once", "barrier", "awareness", pushed=True),
    "tip-pushed-general": TipNote("told-once", "general", pushed=True),
    "tip-useful": TipNote("next-step", "job", "sales", pushed=True, said="yes"),
    "tip-not-useful": TipNote("told-once", said="no"),
    "tip-read": TipNote("told-once", "read"),
    "tip-quiz": TipQuizNote("next-step", (1, 0, 2)),
    "tip-quiz-pushed": TipQuizNote("told-once", (2, 1, 0), pushed=True),
    "tip-right": TipResultNote("next-step", "right", DAY),
    "tip-wrong": TipResultNote("next-step", "wrong", DAY),
    "tip-known": TipResultNote("told-once", "known"),
    "tip-claimed": TipResultNote("told-once", "claimed", DAY),
    "no-tip": NoTipNote(DAY),
    "no-tip-ever": NoTipNote(),
}

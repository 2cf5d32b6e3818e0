"""Find it in the CRM: where something lives, the record itself, or which system a thing is in.

A question is read twice: first to say what has to be looked up, and again with what was found. An
honest "I don't know" is better than an answer that is beside the question, and what somebody
meant for the author of a message goes to that author.
"""

from dataclasses import replace
from functools import cache
from typing import Literal, TypeAlias

from dialogs import broadcasting, commands, follow_up, manners
from dialogs.find_cards import WORDS
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
from dialogs.find_passing import first, stood
from dialogs.find_values import choice, rows
from dialogs.finding import LONGEST, Ask, Finding, Intent, Sought, Understood
from dialogs.manners import StaleNote
from dialogs.reader import speech
from dialogs.records import Matches, Record, Ref, Silent, Unmapped, Wanted
from dialogs.speech import catalogue, languages
from dialogs.turns import Context, Filled, Pointed, Said, Step, Tapped, Turn
from dialogs.understanding import understand
from nudges.colleague import AskedOutside
from nudges.delivery import Note
from nudges.questions import Asked, Found, QuestionKind, Shown
from nudges.recall import TipSaid

MOST = 3
"""How many articles are offered where it is not sure which is meant."""
BESIDE = 2
"""How many articles are offered beside a record that was not found."""
QUESTIONS: tuple[Intent, ...] = ("howto", "lookup", "system")
ANSWERS = (
    (broadcasting.answers_it, broadcasting.wrote_back),
    (follow_up.answers_it, follow_up.wrote_back),
)
"""Where words go for which there is no answer: what came last may have asked for them."""
OPEN = ("find.ask", "find.open")
"""Buttons for whoever presses them: they ask as that person, so they need not be theirs."""
Where: TypeAlias = Literal["chat", "channel", "message"]
"""Where somebody asks: with us alone, among others, or about a message of somebody's."""
_Told: TypeAlias = tuple[Note, tuple[Asked | Shown, ...]]


def asks(turn: Turn, context: Context) -> bool:
    """Tell a question about the CRM from everything else that people type."""
    if not isinstance(turn, Said):
        return False
    if _bare(turn.text) != turn.text.strip():
        return True
    understood = understand(turn.text, context.library)
    if any(answers_it(turn, context) for answers_it, _ in ANSWERS):
        return understood.intent in QUESTIONS and _asking(turn.text)
    return _meant(understood) in QUESTIONS


def _asking(text: str) -> bool:
    """Tell that words are put as a question: else they are for whoever wrote last."""
    return text.rstrip().endswith("?") or commands.simple(text).startswith(_beginnings())


@cache
def _beginnings() -> tuple[str, ...]:
    """Return how questions begin, in every language."""
    told = (catalogue(language).gettext("find.beginnings") for language in languages())
    return tuple(f"{word} " for words in told for word in words.split(", "))


def points(turn: Turn, _context: Context) -> bool:
    """Tell that somebody pointed at a message."""
    return isinstance(turn, Pointed)


def for_anyone(turn: Turn, _context: Context) -> bool:
    """Tell a press on a button that is there for whoever presses it."""
    return isinstance(turn, Tapped) and turn.verb in OPEN


def asked(_turn: Turn, _context: Context) -> Step:
    """Say what can be asked, to someone who typed the command alone."""
    return Step(show=(FindNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Answer a question, or look up first what the answer needs."""
    match turn:
        case Said(text=text, private=private):
            return _answer(text, turn, context, "chat" if private else "channel")
        case Pointed(text=text) if not text.strip():
            return Step(show=(FindNote(),))
        case Pointed(text=text):
            return _answer(text, turn, context, "message")
        case Filled(verb="find.sent", values=values):
            text = values.get("question", "").strip()
            if not text:
                return Step(form=FindForm(), errors=(("question", "find.error.empty"),))
            return _answer(text, turn, context)
        case Tapped(verb="find.open"):
            return Step(form=FindForm())
        case Tapped(verb="find.ask", choice=text):
            return _answer(text, turn, context)
        case Tapped():
            return _pressed(turn, context)
        case _:
            return Step(show=(StaleNote(),))


def _pressed(turn: Tapped, context: Context) -> Step:
    if context.message:
        note = context.message.note
    else:
        note = stood(turn.verb, turn.choice, live=_live(context))
    match turn.verb, note:
        case "find.article", _:
            return _article(first(turn.choice), note, context)
        case "find.reply", _:
            return _aloud(turn.choice, context)
        case "find.record", MatchesNote():
            return _chosen(turn.choice, note, context)
        case "find.shown", WhichNote():
            return Step(instead=RecordNote(note.question, note.link))
        case "find.was_it", ArticleNote(question=question) if question:
            found = Found(question, note.article, was_it=True)
            return Step(instead=replace(note, verdict="was_it"), facts=(found,))
        case "find.not_it", ArticleNote(question=question) if question:
            found = Found(question, note.article, was_it=False)
            others = _others(question, note.others, context, aloud=note.aloud)
            return Step(instead=others, facts=(found,))
        case "find.none", ChoicesNote() | WhichNote():
            return Step(instead=UnknownNote(note.question, missed=True))
        case _:
            return Step(show=(StaleNote(),))


def _answer(text: str, turn: Turn, context: Context, where: Where = "chat") -> Step:
    """Answer words, wherever they stand.

    Outside a chat no record is looked up, so none can be shown there. Of somebody else's message
    no word is kept: it is not theirs who pointed at it.
    """
    words = text.strip()[:LONGEST]
    understood = understand(words, context.library)
    intent, aloud = _meant(understood), where == "message"
    if intent == "lookup" and where != "chat":
        return Step(show=(PrivatelyNote(words[:WORDS], aloud),), facts=(AskedOutside(""),))
    system = _system(understood, context)
    kept = "" if aloud else words
    if intent == "system" and system:
        fact = Asked(context.key, "system", kept, context.person.language, answered=True)
        outside = () if where == "chat" else (AskedOutside(""),)
        return Step(show=(SystemNote(system, context.key, aloud),), facts=(fact, *outside))
    if context.finding is None:
        return Step(look=Ask(_bare(words), _wanted(understood) if where == "chat" else None))
    note, facts = _told(kept, understood, context.finding, context)
    if where != "chat":
        note = _for_everyone(note) if aloud else note
        return Step(show=(note,), facts=(*facts, AskedOutside(_area(context))))
    if isinstance(note, UnknownNote | NoRecordNote):
        for answers_it, wrote_back in ANSWERS:
            if answers_it(turn, context):
                return wrote_back(turn, context)
        if understood.intent not in QUESTIONS and _by_the_way(turn):
            return manners.lost(turn, context)  # it was worth a look, and is no question
    area = _area(context)  # a tip about it comes because they asked
    about = (
        (TipSaid(area, "asked"),) if area and isinstance(note, ArticleNote | ChoicesNote) else ()
    )
    return Step(show=(note,), facts=(*facts, *about))


def _by_the_way(turn: Turn) -> bool:
    """Tell words that were just typed from those that somebody asked us to find."""
    return isinstance(turn, Said) and _bare(turn.text) == turn.text.strip()


def _for_everyone(note: Note) -> Note:
    """Let an answer be said to everyone where it was asked, if it is one."""
    return replace(note, aloud=True) if isinstance(note, ArticleNote | ChoicesNote) else note


def _area(context: Context) -> str:
    """Return what part of the work a question is about, by the article that fits best."""
    sought = context.finding.sought if context.finding else None
    best = sought.hits[0].article if sought and sought.answered and sought.hits else ""
    article = context.library.articles.get(best)
    return article.area if article else ""


def _bare(text: str) -> str:
    """Leave out the command before a question: "find" in "find where leads are"."""
    said = text.strip()
    command, _, question = said.partition(" ")
    return question.strip() if question.strip() and commands.exactly(command) == "find" else said


def _aloud(choice: str, context: Context) -> Step:
    """Say where it is to everyone who saw the message; never what a record says."""
    kind, _, what = choice.partition(":")
    match kind:
        case "article" if what in context.library.articles:
            note = InCrmNote(article=what)
        case "system" if what in context.library.systems:
            note = InCrmNote(system=what)
        case "record" if what:
            note = InCrmNote(words=what[:WORDS])
        case _:
            return Step(show=(StaleNote(),))
    return Step(instead=SaidAloudNote(), public=note)


def _meant(understood: Understood) -> Intent:
    """Return what somebody most likely wants to know, if it is a question at all."""
    if understood.intent in QUESTIONS or understood.other not in QUESTIONS:
        return understood.intent
    return understood.other


def _wanted(understood: Understood) -> Wanted | None:
    """Return the record to look for, where one may be meant."""
    return understood.wanted if "lookup" in {understood.intent, understood.other} else None


def _system(understood: Understood, context: Context) -> str:
    return understood.system if understood.system in context.library.systems else ""


def _told(words: str, understood: Understood, finding: Finding, context: Context) -> _Told:
    """Say what was found: a record before an article, unless we are not sure that one was meant."""
    key, live = context.key, _live(context)
    sought = finding.sought or Sought()
    articles = _known([hit.article for hit in sought.hits], context)
    asked = Asked(key, "lookup", "", context.person.language)
    match finding.looked:
        case Record() as record:
            shown = Shown(key, record.name, rows(record, understood.wanted, context))
            asked = replace(asked, answered=True)
            if "howto" in {understood.intent, understood.other} and sought.answered:
                note = WhichNote(key, record.link, articles[:BESIDE], live)
                return note, (asked, shown)
            return RecordNote(key, record.link), (asked, shown)
        case Matches(some, more):
            voice = speech(context.person.language, context.programme)
            lines = tuple(choice(one, context.library, voice) for one in some)
            refs = tuple((one.ref.table, one.ref.id) for one in some)
            fact = understood.wanted.fact if understood.wanted else ""
            note = MatchesNote(key, refs, fact, more)
            return note, (replace(asked, answered=True), Shown(key, "", choices=lines))
        case None:
            return _of_articles(words, "howto", sought, articles, context)
        case looked if understood.intent != "lookup":
            del looked  # it was worth a try; the question is how something is done
            return _of_articles(words, "howto", sought, articles, context)
        case Silent(why):
            return NoRecordNote(key, why, _beside(sought, articles), live), (asked,)
        case Unmapped():
            return NoRecordNote(key, "unmapped", _beside(sought, articles), live), (asked,)
        case _:
            return NoRecordNote(key, "nothing", _beside(sought, articles), live), (asked,)


def _of_articles(
    words: str, kind: QuestionKind, sought: Sought, articles: tuple[str, ...], context: Context
) -> _Told:
    """Show the article, or those that may be meant, or say that we don't know."""
    key, live = context.key, _live(context)
    shown = articles if sought.answered else ()
    asked = Asked(key, kind, words, context.person.language, shown[:MOST], answered=bool(shown))
    if not shown:
        return UnknownNote(key), (asked,)
    if sought.sure or len(shown) == 1:
        return ArticleNote(shown[0], key, shown[1:MOST], live), (asked,)
    return ChoicesNote(key, shown[:MOST], live), (asked,)


def _beside(sought: Sought, articles: tuple[str, ...]) -> tuple[str, ...]:
    return articles[:BESIDE] if sought.answered else ()


def _known(ids: list[str], context: Context) -> tuple[str, ...]:
    """Leave out what the organisation has dropped since it was indexed."""
    return tuple(one for one in ids if one in context.library.articles)


def _live(context: Context) -> bool:
    return context.go_live is not None and context.go_live <= context.now


def _article(chosen: str, note: Note | None, context: Context) -> Step:
    """Show an article that was offered, in the place of what offered it."""
    if chosen not in context.library.articles:
        return Step(show=(StaleNote(),))
    match note:
        case ChoicesNote(question=question, articles=offered) if chosen in offered:
            others = tuple(one for one in offered if one != chosen)
            return Step(instead=ArticleNote(chosen, question, others, note.live, aloud=note.aloud))
        case WhichNote(question=question, articles=offered) if chosen in offered:
            others = tuple(one for one in offered if one != chosen)
            return Step(instead=ArticleNote(chosen, question, others, note.live))
        case _:
            return Step(show=(ArticleNote(chosen, live=_live(context)),))


def _others(question: str, left: tuple[str, ...], context: Context, *, aloud: bool) -> Note:
    """Offer what else may be meant, or say that we have nothing else."""
    known = _known(list(left), context)
    if not known:
        return UnknownNote(question, missed=True)
    return ChoicesNote(question, known, _live(context), missed=True, aloud=aloud)


def _chosen(place: str, note: MatchesNote, context: Context) -> Step:
    """Look up the one record that was chosen; it is read again as this person."""
    if not place.isdecimal() or int(place) >= len(note.refs):
        return Step(show=(StaleNote(),))
    wanted = Wanted(fact=note.fact, ref=Ref(*note.refs[int(place)]))
    if context.finding is None:
        return Step(look=Ask(wanted=wanted))
    match context.finding.looked:
        case Record() as record:
            shown = Shown(context.key, record.name, rows(record, wanted, context))
            return Step(instead=RecordNote(context.key, record.link), facts=(shown,))
        case Silent(why):
            return Step(show=(NoRecordNote(context.key, why),))
        case Unmapped():
            return Step(show=(NoRecordNote(context.key, "unmapped"),))
        case _:
            return Step(show=(NoRecordNote(context.key, "nothing"),))

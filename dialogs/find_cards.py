"""How answers look: the place first, then the steps and why; a record's facts and its link."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Facts, Form, Link, Paragraph, Row, Tap, TextField
from dialogs.find_notes import (
    ArticleNote,
    ChoicesNote,
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
from dialogs.find_passing import carried
from dialogs.finding import LONGEST
from dialogs.knowledge import Article
from dialogs.reader import Reader
from dialogs.rich import Rich, plain, words
from dialogs.speech import Speech, catalogue, chosen
from dialogs.turns import Context

WORDS = 150
"""Characters of a question that a button can carry out of a channel."""
A_ROW = 5
HINT = 75
"""Characters that every platform reads out of a button."""
"""How many numbered buttons stand side by side."""
SharedFind: TypeAlias = (
    ArticleNote
    | ChoicesNote
    | FindNote
    | InCrmNote
    | NoRecordNote
    | PrivatelyNote
    | SaidAloudNote
    | SystemNote
    | UnknownNote
)
PersonalFind: TypeAlias = RecordNote | MatchesNote | WhichNote


def draw_shared(note: SharedFind, reader: Reader) -> Card:
    """Draw an answer that is the same for everyone with one language."""
    match note:
        case ArticleNote():
            return _article(note, reader)
        case ChoicesNote():
            return _choices(note, reader)
        case UnknownNote():
            return _unknown(note, reader)
        case SystemNote():
            return _system(note, reader)
        case NoRecordNote():
            return _no_record(note, reader)
        case PrivatelyNote():
            return _privately(note, reader)
        case FindNote():
            return _find(reader)
        case InCrmNote():
            return _in_crm(note, reader)
        case SaidAloudNote():
            speech = reader.speech
            return Card(speech.line("aloud.done.title"), (Paragraph(speech("aloud.done")),))


def draw_personal(note: PersonalFind, reader: Reader, context: Context) -> Card:
    """Draw what the CRM said to one person; after a while only the way to it is left."""
    speech, said = reader.speech, context.said.get(note.question)
    match note:
        case RecordNote():
            title = said.title if said else speech.line("record.gone.title")
            told: Block = Facts(said.rows) if said else Paragraph(speech("record.gone"))
            row = Row((Link(speech.line("record.open"), note.link),))
            body = (Paragraph(speech("record.lead")), told, row)
            body = (*body, Paragraph(speech("record.private"), muted=True))
            return Card(title, body, notice=speech.line("record.notice"))
        case MatchesNote():
            if said is None:
                return Card(speech.line("matches.title"), (Paragraph(speech("record.gone")),))
            offered = (
                (plain(line), Tap("find.record", str(place)))
                for place, line in enumerate(said.choices)
            )
            lines = _numbered(offered, speech)
            lead = Paragraph(speech("matches.lead"))
            more = (Paragraph(speech("matches.more"), muted=True),) if note.more else ()
            return Card(speech.line("matches.title"), (lead, *lines, *more))
        case WhichNote():
            name = said.title if said else speech.line("record.gone.title")
            record = (speech("which.record", name=name), Tap("find.shown"))
            lines = _numbered((record, *_offered(note.articles, reader)), speech)
            none = Row((Button(speech.line("choices.none"), Tap("find.none")),))
            return Card(speech.line("which.title"), (Paragraph(speech("which.lead")), *lines, none))


def draw_form(reader: Reader) -> Form:
    """Draw the form with a question."""
    speech = reader.speech
    question = TextField(
        "question",
        speech.line("find.label"),
        required=True,
        hint=speech.line("find.hint"),
        longest=LONGEST,
    )
    return Form(
        speech.line("find.form"),
        (question,),
        speech.line("find.send"),
        speech.line("button.cancel"),
        Tap("find.sent"),
    )


def _article(note: ArticleNote, reader: Reader) -> Card:
    speech, article = reader.speech, reader.library.articles.get(note.article)
    if article is None:
        return Card(speech.line("article.gone.title"), (Paragraph(speech("article.gone")),))
    lead = "article.live" if note.live else "article.lead"
    blocks: list[Block] = [
        Paragraph(speech(lead, nav=speech.own_line(article.nav))),
        *_told(article, speech),
    ]
    if why := speech.own_line(article.why):
        blocks.append(Paragraph(speech("article.why", why=why), muted=True))
    link = (Link(speech.line("article.open"), article.link),) if article.link else ()
    judged = _judge(note, speech) if note.question and not note.verdict else ()
    if link or judged:
        blocks.append(Row((*link, *judged)))
    if note.aloud:
        blocks.append(Row((_reply(speech, f"article:{note.article}"),)))
    if note.verdict == "was_it":
        blocks.append(Paragraph(speech("article.was_it"), muted=True))
    return Card(speech.own_line(article.title), tuple(blocks))


def _told(article: Article, speech: Speech) -> list[Block]:
    """Return the words of an article, then its steps."""
    body = chosen(article.body, speech.language)
    blocks: list[Block] = [
        Paragraph(speech.own({speech.language: part.strip()})) for part in body.split("\n\n")
    ]
    steps = article.steps.get(speech.language) or ()
    for place, step in enumerate(steps, 1):
        line = speech.own({speech.language: step})
        blocks.append(Paragraph((*speech("article.step", n=place), *_after(line))))
    return blocks


def _after(line: Rich) -> Rich:
    """Put a space before a line that follows its number; a space alone is no text to draw."""
    head, *rest = line or plain("")
    return (replace(head, text=f" {head.text}"), *rest)


def _judge(note: ArticleNote, speech: Speech) -> tuple[Button, Button]:
    about = carried((note.article, *note.others), note.question, aloud=note.aloud)
    return (
        Button(speech.line("article.yes"), Tap("find.was_it", about), "primary"),
        Button(speech.line("article.no"), Tap("find.not_it", about)),
    )


def _reply(speech: Speech, what: str) -> Button:
    """Return the button that says it to everyone, where somebody asked."""
    return Button(speech.line("aloud.reply"), Tap("find.reply", what))


def _choices(note: ChoicesNote, reader: Reader) -> Card:
    speech = reader.speech
    key = "choices.missed" if note.missed else "choices.lead"
    offered = [
        (line, Tap(tap.verb, _beside(tap.choice, note)))
        for line, tap in _offered(note.articles, reader)
    ]
    lines = _numbered(offered, speech)
    about = carried(note.articles, note.question, aloud=note.aloud)
    last = (
        Button(speech.line("choices.none"), Tap("find.none", about)),
        Button(speech.line("question.ask"), Tap("question.ask", note.question)),
    )
    return Card(speech.line("choices.title"), (Paragraph(speech(key)), *lines, Row(last)))


def _beside(chosen: str, note: ChoicesNote) -> str:
    """Write which article a button means, and which stood beside it."""
    others = (one for one in note.articles if one != chosen)
    return carried((chosen, *others), note.question, aloud=note.aloud)


def _offered(articles: tuple[str, ...], reader: Reader) -> list[tuple[Rich, Tap]]:
    """Return a line for each article, and what chooses it."""
    speech, known = reader.speech, reader.library.articles
    offered = [(one, known[one]) for one in articles if one in known]
    return [
        (
            speech("choices.one", title=speech.own_line(a.title), nav=speech.own_line(a.nav)),
            Tap("find.article", one),
        )
        for one, a in offered
    ]


def _numbered(lines: Iterable[tuple[Rich, Tap]], speech: Speech) -> list[Block]:
    """Return a line for each choice, then a button for each number: lines are long."""
    told = list(enumerate(lines, 1))
    buttons = tuple(Button(str(n), tap, hint=words(line)[:HINT]) for n, (line, tap) in told)
    return [
        *(Paragraph((*speech("article.step", n=n), *_after(line))) for n, (line, _) in told),
        *(Row(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW)),
    ]


def _unknown(note: UnknownNote, reader: Reader) -> Card:
    speech = reader.speech
    key = "unknown.missed" if note.missed else "unknown.body"
    buttons = (
        Button(speech.line("question.ask"), Tap("question.ask", note.question), "primary"),
        Button(speech.line("find.again"), Tap("find.open")),
        command(speech, "help"),
    )
    return Card(speech.line("unknown.title"), (Paragraph(speech(key)), Row(buttons)))


def _system(note: SystemNote, reader: Reader) -> Card:
    speech, system = reader.speech, reader.library.systems.get(note.system)
    if system is None:
        return Card(speech.line("article.gone.title"), (Paragraph(speech("article.gone")),))
    thing, where = speech.own_line(system.thing), speech.own_line(system.system)
    where = speech.line("system.name") if system.crm else where
    thing = thing[:1].upper() + thing[1:]
    blocks: list[Block] = [
        Paragraph(speech("system.body", thing=thing, system=where)),
        Paragraph(speech("article.why", why=speech.own_line(system.why)), muted=True),
    ]
    if system.link:
        blocks.append(Row((Link(speech.line("article.open"), system.link),)))
    if note.aloud:
        said = "aloud.reply" if system.crm else "aloud.elsewhere"
        reply = Button(speech.line(said), Tap("find.reply", f"system:{note.system}"))
        blocks.append(Row((reply,)))
    title = "system.crm" if system.crm else "system.elsewhere"
    return Card(speech.line(title), tuple(blocks))


def _no_record(note: NoRecordNote, reader: Reader) -> Card:
    speech = reader.speech
    blocks: list[Block] = [Paragraph(speech(f"no_record.{note.why}"))]
    if lines := _numbered(_offered(note.articles, reader), speech):
        blocks += [Paragraph(speech("no_record.yourself")), *lines]
    blocks.append(Row((Button(speech.line("find.again"), Tap("find.open")),)))
    return Card(speech.line("no_record.title"), tuple(blocks))


def _privately(note: PrivatelyNote, reader: Reader) -> Card:
    speech = reader.speech
    button = Button(speech.line("privately.open"), Tap("find.ask", note.words), "primary")
    aloud = (_reply(speech, f"record:{note.words}"),) if note.aloud else ()
    body = (Paragraph(speech("privately.body")), Row((button, *aloud)))
    return Card(speech.line("privately.title"), body)


def _in_crm(note: InCrmNote, reader: Reader) -> Card:
    """Draw what everyone sees: the place and the why, and a way to ask for oneself."""
    speech, library = reader.speech, reader.library
    article, system = library.articles.get(note.article), library.systems.get(note.system)
    title = speech.line("in_crm.title")
    why, link, asks, blocks = "", "", note.words, list[Block]()
    if article:
        why, link = speech.own_line(article.why), article.link
        asks = speech.own_line(article.title)
        place = speech("in_crm.place", title=asks, nav=speech.own_line(article.nav))
        blocks.append(Paragraph(place))
        asks = f"{_command(speech)} {asks}"
    elif system:
        thing, where = speech.own_line(system.thing), speech.own_line(system.system)
        why, link = speech.own_line(system.why), system.link
        asks = f"{_command(speech)} {thing}"
        title = title if system.crm else speech.line("in_crm.elsewhere", system=where)
        thing = thing[:1].upper() + thing[1:]
        blocks.append(Paragraph(speech("system.body", thing=thing, system=where)))
    else:
        blocks.append(Paragraph(speech("in_crm.record")))
    if why:
        blocks.append(Paragraph(speech("article.why", why=why), muted=True))
    opens = (Link(speech.line("article.open"), link),) if link else ()
    row = Row((*opens, Button(speech.line("privately.open"), Tap("find.ask", asks[:WORDS]))))
    return Card(title, (*blocks, row))


def _command(speech: Speech) -> str:
    """Return what is typed before words that are to be found."""
    return catalogue(speech.language).gettext("typed.find").split(", ")[0]


def _find(reader: Reader) -> Card:
    speech = reader.speech
    button = Button(speech.line("find.open"), Tap("find.open"), "primary")
    return Card(
        speech.line("find.title"),
        (
            Paragraph(speech("find.body")),
            Paragraph(speech("find.examples")),
            Row((button, command(speech, "help"))),
        ),
    )

"""How questions to colleagues look: to who asked, to who has one, and to the CRM team.

Each card is drawn from where the question is at that moment, so that a card that is drawn again
tells what became of it.
"""

from typing import TypeAlias, get_args

from dialogs.article_file import written
from dialogs.buttons import command
from dialogs.card import (
    Block,
    Button,
    Card,
    ChoiceField,
    Divider,
    Facts,
    Field,
    Form,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.champions import area_name
from dialogs.colleague import BODY, ELSE, NAV, TITLE
from dialogs.colleague_notes import (
    AcceptedNote,
    AcceptForm,
    ArticleFileForm,
    AskColleagueForm,
    QuestionsNote,
    ReplyForm,
)
from dialogs.question_report import draw_report
from dialogs.reader import Reader
from dialogs.rich import plain
from dialogs.speech import languages
from dialogs.turns import Context
from nudges.champions import areas_of
from nudges.colleague import ANSWER, QUESTION, ROUNDS, Handed, Referral
from nudges.colleague_notes import HandedNote, QuestionReportNote, ReferralNote, RepliedNote

FILE = 3000
"""Characters of an article's file that a form shows: more than an answer may become."""
OPENING = 300
"""Characters of an answer that are enough to judge whether it is worth an article."""
ColleagueCard: TypeAlias = (
    AcceptedNote | HandedNote | QuestionReportNote | QuestionsNote | ReferralNote | RepliedNote
)
ColleagueForm: TypeAlias = AcceptForm | ArticleFileForm | AskColleagueForm | ReplyForm
CARDS: tuple[type, ...] = get_args(ColleagueCard)
FORMS: tuple[type, ...] = get_args(ColleagueForm)


def draw(note: ColleagueCard, reader: Reader, context: Context) -> Card:
    """Draw a card."""
    match note:
        case ReferralNote():
            return _referral(note, reader, context)
        case HandedNote():
            return _handed(note, reader, context)
        case RepliedNote():
            return _replied(note, reader, context)
        case QuestionsNote():
            return _questions(note, reader, context)
        case AcceptedNote():
            return _accepted(note, reader, context)
        case QuestionReportNote():
            return draw_report(note, reader, context)


def draw_form(note: ColleagueForm, reader: Reader, context: Context) -> Form:
    """Draw a form."""
    match note:
        case AskColleagueForm():
            return _ask_form(note, reader, context)
        case ReplyForm():
            return _reply_form(note, reader, context)
        case AcceptForm():
            return _accept_form(note, reader, context)
        case ArticleFileForm():
            return _file_form(note, reader)


def _gone(reader: Reader) -> Card:
    speech = reader.speech
    return Card(speech.line("referral.gone.title"), (Paragraph(speech("referral.gone")),))


def _referral(note: ReferralNote, reader: Reader, context: Context) -> Card:
    """Draw where a question is, for whoever asked it."""
    speech, found = reader.speech, context.referrals.get(note.key)
    if found is None or found.person != context.person.id:
        return _gone(reader)
    where = _where(found)
    blocks: list[Block] = [
        Paragraph(speech(f"referral.{where}")),
        Paragraph(speech("referral.yours", text=found.text), muted=True),
    ]
    if found.state == "open":
        blocks.append(Row((Button(speech.line("referral.withdraw"), Tap("question.withdraw")),)))
    return Card(speech.line(f"referral.{where}.title"), tuple(blocks))


def _where(found: Referral) -> str:
    """Name where a question is, as its asker sees it."""
    if found.state != "open":
        return "withdrawn" if found.state == "withdrawn" else "answered"
    holding = found.now_with
    if not holding:
        return "looking"
    if holding[0].team:
        return "team"
    before = any(h.nth < holding[0].nth for h in found.hands)
    return "passed" if before else "champion"


def _handed(note: HandedNote, reader: Reader, context: Context) -> Card:
    """Draw a question for who has it, or had it: what can be done, or what became of it."""
    found = context.referrals.get(note.key)
    mine = found.hand(context.person.id) if found else None
    if found is None or mine is None:
        return _gone(reader)
    how = _stands(found, mine, context.person.id)
    if how in {"waits", "late"}:
        return _to_answer(note, how, found, reader)
    speech, given = reader.speech, found.answer(mine.round)
    name = given.name if given else ""
    return Card(
        speech.line(f"handed.{how}.title", asker=found.name),
        (
            Paragraph(speech(f"handed.{how}", name=name, asker=found.name)),
            Paragraph(speech("handed.question", text=found.text), muted=True),
        ),
    )


def _stands(found: Referral, mine: Handed, person: str) -> str:
    """Name how somebody stands to a question that they have or had."""
    given = found.answer(mine.round)
    over = found.state != "open" or mine.round < found.round
    if over and given is not None:
        return "thanks" if given.person == person else "faster"
    if over:
        return "withdrawn" if found.state == "withdrawn" else "over"
    if mine.how == "open":
        return "waits"
    return "late" if mine.how == "lapsed" else "passed"


def _to_answer(note: HandedNote, how: str, found: Referral, reader: Reader) -> Card:
    speech = reader.speech
    area = area_name(found.area, reader) if found.area else speech.line("handed.no_area")
    rows = ((speech.line("handed.area"), area),)
    key = "team" if note.team else how
    if note.again:
        key = "again"
    buttons = [Button(speech.line("handed.answer"), Tap("question.answer"), "primary")]
    if how == "waits" and not note.team:
        buttons += [
            Button(speech.line("handed.pass"), Tap("question.pass")),
            Button(speech.line("handed.away"), Tap("question.away")),
        ]
    return Card(
        speech.line(f"handed.{key}.title", name=found.name),
        (
            Paragraph(plain(found.text)),
            Facts(rows),
            Row(tuple(buttons)),
            Paragraph(speech(f"handed.{key}"), muted=True),
        ),
    )


def _replied(note: RepliedNote, reader: Reader, context: Context) -> Card:
    """Draw a colleague's answer, with the question whether it helped."""
    speech, found = reader.speech, context.referrals.get(note.key)
    given = found.answer(note.round) if found else None
    if found is None or given is None:
        return _gone(reader)
    blocks: list[Block] = [
        *(Paragraph(plain(line)) for line in given.text.splitlines() if line.strip()),
        Paragraph(speech("referral.yours", text=found.text), muted=True),
    ]
    if note.round < found.round:
        blocks.append(Paragraph(speech("replied.again")))
    elif found.state == "helped":
        blocks.append(Paragraph(speech("replied.helped"), muted=True))
    elif found.state == "answered":
        helped = Button(speech.line("replied.yes"), Tap("question.helped"), "primary")
        row = (helped, Button(speech.line("replied.no"), Tap("question.not_yet")))
        blocks.append(Row(row if note.round < ROUNDS else (helped,)))
    return Card(speech.line("replied.title", name=given.name), tuple(blocks))


def _questions(note: QuestionsNote, reader: Reader, context: Context) -> Card:
    """Draw the questions that wait, and the answers that may become articles."""
    speech = reader.speech
    waiting = [
        (place, one)
        for place, key in enumerate(note.waiting)
        if (one := context.referrals.get(key)) and one.state == "open"
    ]
    proposed = [
        (place, one)
        for place, key in enumerate(note.proposed)
        if (one := context.referrals.get(key)) and one.proposed
    ]
    if not waiting and not proposed:
        key = "questions.none.team" if note.team else "questions.none"
        other = command(speech, "find" if note.team else "champion")
        body = (Paragraph(speech(key)), Row((other, command(speech, "help"))))
        return Card(speech.line("questions.none.title"), body)
    blocks: list[Block] = []
    if waiting:
        blocks += _waiting(waiting, note, reader)
    if proposed:
        blocks += _proposed(proposed, reader, divided=bool(waiting))
    return Card(speech.line("questions.title"), tuple(blocks))


def _waiting(
    waiting: list[tuple[int, Referral]], note: QuestionsNote, reader: Reader
) -> list[Block]:
    speech = reader.speech
    lead = "questions.lead.team" if note.team else "questions.lead"
    blocks: list[Block] = [Paragraph(speech(lead))]
    buttons: list[Button] = []
    for n, (place, one) in enumerate(waiting, 1):
        area = area_name(one.area, reader) if one.area else speech.line("handed.no_area")
        blocks.append(
            Paragraph(speech("questions.one", n=n, name=one.name, area=area, text=one.text))
        )
        label = speech.line("questions.answer", n=n)
        buttons.append(Button(label, Tap("question.answer", str(place))))
    blocks.append(Row(tuple(buttons)))
    if note.more:
        blocks.append(Paragraph(speech("questions.more", n=note.more), muted=True))
    return blocks


def _proposed(
    proposed: list[tuple[int, Referral]], reader: Reader, *, divided: bool
) -> list[Block]:
    speech = reader.speech
    blocks: list[Block] = [Divider()] if divided else []
    blocks.append(Paragraph(speech("questions.proposed")))
    buttons: list[Button] = []
    for n, (place, one) in enumerate(proposed, 1):
        given = one.proposed
        answer = " ".join(given.text.split()) if given else ""
        answer = answer if len(answer) <= OPENING else f"{answer[:OPENING].rstrip()}…"
        blocks.append(Paragraph(speech("questions.proposal", n=n, text=one.text, answer=answer)))
        buttons += [
            Button(speech.line("questions.accept", n=n), Tap("question.accept", str(place))),
            Button(speech.line("questions.decline", n=n), Tap("question.decline", str(place))),
        ]
    return [*blocks, Row(tuple(buttons)), Paragraph(speech("questions.names"), muted=True)]


def _accepted(note: AcceptedNote, reader: Reader, context: Context) -> Card:
    speech, found = reader.speech, context.referrals.get(note.key)
    given = found.answer(found.round) if found else None
    if note.out:
        body = (Paragraph(speech("accepted.out")), Row((command(speech, "questions"),)))
        return Card(speech.line("accepted.out.title"), body)
    if given is None or not given.article:
        return _gone(reader)
    row = (
        Button(speech.line("accepted.file"), Tap("question.file"), "primary"),
        Button(speech.line("accepted.take_out"), Tap("question.take_out")),
        command(speech, "questions"),
    )
    name = f"asked-{given.article}"
    body = (
        Paragraph(speech("accepted.body", name=name)),
        Row(row),
        Paragraph(speech("accepted.small", name=name), muted=True),
    )
    return Card(speech.line("accepted.title"), body)


def _areas(reader: Reader, chosen: str) -> ChoiceField:
    """Draw the choice of an area; one that nobody named is chosen by nobody."""
    speech, known = reader.speech, areas_of(reader.library.bank)
    options = [Option(one, area_name(one, reader)) for one in known]
    options.append(Option(ELSE, speech.line("colleague.else")))
    value = (chosen,) if chosen in known else ()
    label = speech.line("colleague.area")
    return ChoiceField("area", label, tuple(options), required=True, value=value)


def _ask_form(note: AskColleagueForm, reader: Reader, context: Context) -> Form:
    """Draw the form with a question; it shows what goes to a colleague, and who sees it."""
    speech, found = reader.speech, context.questions.get(note.question)
    theirs = found.text if found and found.person == context.person.id else ""
    question = TextField(
        "question",
        speech.line("colleague.question"),
        lines="many",
        required=True,
        value=theirs,
        hint=speech.line("colleague.hint"),
        longest=QUESTION,
    )
    return Form(
        speech.line("colleague.form"),
        (question, _areas(reader, note.area)),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("question.sent"),
        speech.line("colleague.lead"),
    )


def _reply_form(note: ReplyForm, reader: Reader, context: Context) -> Form:
    speech, found = reader.speech, context.referrals.get(note.key)
    field = TextField(
        "answer", speech.line("reply.label"), lines="many", required=True, longest=ANSWER
    )
    asked = speech.line("reply.lead", name=found.name, text=found.text) if found else ""
    return Form(
        speech.line("reply.form"),
        (field,),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("question.answered", note.place),
        asked,
    )


def _accept_form(note: AcceptForm, reader: Reader, context: Context) -> Form:
    """Draw the form of an article: what was asked and answered is there to be made impersonal."""
    speech, found = reader.speech, context.referrals.get(note.key)
    given = found.proposed if found else None
    fields: list[Field] = []
    first = found.language if found and found.language in languages() else languages()[0]
    for code in sorted(languages(), key=lambda one: one != first):
        own = code == first and found is not None
        language = speech.line(f"language.{code}")
        title = found.text[:TITLE] if own and found else ""
        body = given.text[:BODY] if own and given else ""
        fields += [
            TextField(
                f"title_{code}",
                speech.line("accept.title", language=language),
                lines="many",  # a question makes a long title, to be seen whole and cut short
                value=title,
                longest=TITLE,
            ),
            TextField(
                f"nav_{code}",
                speech.line("accept.nav", language=language),
                hint=speech.line("accept.nav.hint"),
                longest=NAV,
            ),
            TextField(
                f"body_{code}",
                speech.line("accept.body", language=language),
                lines="many",
                value=body,
                longest=BODY,
            ),
        ]
    fields.append(_areas(reader, found.area if found else ""))
    return Form(
        speech.line("accept.form"),
        tuple(fields),
        speech.line("accept.send"),
        speech.line("button.cancel"),
        Tap("question.accepted", note.place),
        speech.line("accept.lead"),
    )


def _file_form(note: ArticleFileForm, reader: Reader) -> Form:
    speech, article = reader.speech, reader.library.articles.get(note.article)
    text = written(article) if article else speech.line("accepted.soon")
    field = TextField(
        "file",
        f"{note.article}.md",
        lines="many",
        value=text[:FILE].rstrip(),
        longest=FILE,
    )
    return Form(
        speech.line("accepted.form"),
        (field,),
        speech.line("accepted.done"),
        speech.line("button.cancel"),
        Tap("question.filed"),
        speech.line("accepted.lead"),
    )

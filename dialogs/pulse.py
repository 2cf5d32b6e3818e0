"""The pulse: one question, one tap, and thanks that say what happens now."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Button, Card, Form, Paragraph, Row, Tap, TextField
from dialogs.commands import simple
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import catalogue, languages
from dialogs.turns import Below, Context, Filled, Message, Remark, Said, Step, Tapped, Turn
from nudges.adkar import CAPPED_ABILITY, HIGHEST, LOWEST, Answer, Element, Question, is_live
from nudges.delivery import Note
from nudges.follow_up import Reaction, follow_up
from nudges.follow_up import occasion as follow_up_occasion
from nudges.hours import local_day
from nudges.pulse import QUESTIONS_A_TOUCH, PulseNote, ask
from nudges.reminders import ReminderNote
from nudges.reminders import occasions as reminder_occasions
from nudges.schedule import next_pulse

SKIP, NOT_APPLICABLE = "skip", "na"
STANCES = {"opponent": 1, "neutral": 3, "supporter": 5}
COMMENT = "pulse.comment"
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class ThanksNote(Note):
    """Thanks for an answer, and what happens now.

    ``then`` says which: a follow-up on ``day`` about the question ``about``; nothing, because
    nothing is in the way; or the next question, because too little is known yet.
    """

    pulse: str
    questions: tuple[str, ...]
    then: Literal["follow_up", "clear", "ready", "next", "skipped"]
    day: str = ""
    about: str = ""
    commented: bool = False
    card: Literal["thanks"] = "thanks"


@dataclass(frozen=True, slots=True)
class AnsweredNote(Note):
    """What a question becomes when it was answered elsewhere: the rest stands there."""

    where: Literal["below", "above"] = "below"
    card: Literal["answered"] = "answered"


@dataclass(frozen=True, slots=True)
class CommentForm(Note):
    """Room for a comment on the answer just given."""

    question: str
    card: Literal["comment_form"] = "comment_form"


def read(turn: Turn, context: Context) -> Step:
    """Take what someone tapped or filled in on a pulse."""
    message = context.message
    note = message.note if message else None
    match turn, note:
        case Tapped(verb="pulse.answer", choice=choice), PulseNote():
            return _answer(choice, note, message, context)
        case Tapped(verb="pulse.answer", choice=choice), ReminderNote(pulse, questions):
            return _answer(choice, PulseNote(pulse, questions), message, context)
        case Tapped(verb="pulse.change"), ThanksNote(pulse, questions):
            return Step(instead=PulseNote(pulse, questions, again=True))
        case Tapped(verb="pulse.comment"), ThanksNote(_, questions):
            return Step(form=CommentForm(questions[-1]))
        case Filled(verb="pulse.commented", values=values), ThanksNote(_, questions):
            text = values.get("comment", "").strip()
            if not text:
                return Step(instead=note)
            about = f"{COMMENT}:{questions[-1]}"
            remark = Remark(context.person.id, about, text, context.now)
            return Step(instead=replace(note, commented=True), remarks=(remark,))
        case _:
            return Step(show=(StaleNote(),))


def start(context: Context) -> Step:
    """Ask now, because the person wants to be asked; an open question is asked again."""
    waiting = context.open_pulse.note if context.open_pulse else None
    if isinstance(waiting, PulseNote) and all(map(context.library.question, waiting.questions)):
        return Step(show=(waiting,))
    note = PulseNote(f"asked:{context.key}", again=True)
    bank = context.library.bank
    return Step(show=(ask(note, context.answers, bank, context.now, context.go_live),))


def change(context: Context) -> Step:
    """Ask the questions of the last answered pulse again, because a mind may change.

    Of answers that came in together from an earlier survey, only the last few are asked.
    """
    last = max(context.answers, key=lambda a: a.at, default=None)
    if last is None:
        return start(context)
    of_it = (a.question for a in context.answers if a.occasion == last.occasion)
    asked = tuple(q for q in dict.fromkeys(of_it) if context.library.question(q))
    if not last.occasion or not asked:
        return start(context)
    few = asked[-QUESTIONS_A_TOUCH:]
    return Step(show=(PulseNote(last.occasion, few, again=True),))


def typed(turn: Turn, context: Context) -> Step | None:
    """Read a typed answer to the open question; None if the words are something else."""
    if not isinstance(turn, Said) or context.open_pulse is None:
        return None
    note = context.open_pulse.note
    if not isinstance(note, PulseNote):
        return None
    question = context.library.question(note.question)
    choice = _choice(turn.text, question) if question else None
    if choice is None:
        return None
    step = _answer(choice, note, context.open_pulse, context)
    shown = (step.instead,) if step.instead else ()
    return replace(step, on=context.open_pulse, instead=AnsweredNote(), show=(*shown, *step.show))


def _choice(text: str, question: Question) -> str | None:
    """Return the choice that someone typed: its figure, or one of its names in any language."""
    said = simple(text)
    for choice in choices(question):
        names = (catalogue(spoken).gettext(f"typed.{choice}") for spoken in languages())
        alike = {simple(name) for listed in names for name in listed.split(", ")}
        if said in alike or (choice.isdecimal() and said == choice):
            return choice
    return None


def _answer(choice: str, note: PulseNote, message: Message | None, context: Context) -> Step:
    question = context.library.question(note.question)
    if question is None or message is None or choice not in choices(question):
        return Step(show=(StaleNote(),))
    person = context.person
    answer = Answer(
        person.id,
        question.id,
        _score(choice),
        context.now,
        not_applicable=choice == NOT_APPLICABLE,
        took=context.now - message.sent if message.sent else None,
        occasion=note.pulse,
    )
    if answer.score is not None:
        person = replace(person, suspended=person.suspended - {question.element})
    soonest = next_pulse(person, context.now)
    if person.next_due is not None and person.next_due < soonest:
        person = replace(person, next_due=soonest)
    if context.below is None and _says_able(answer, context):
        return Step(look=Below())
    last = note.place + 1 == len(note.questions)
    reaction = _reaction(answer, note, replace(context, person=person))
    follow = reaction.delivery
    return Step(
        instead=_thanks(answer, note, reaction, context)
        if last
        else replace(note, place=note.place + 1),
        also=_elsewhere(note, message, context),
        answers=(answer,),
        person=person,
        queue=(follow,) if follow else (),
        cancel=(
            *reminder_occasions(note.pulse),
            *(() if follow else (follow_up_occasion(note.pulse, person, context.now),)),
        ),
    )


def _elsewhere(
    note: PulseNote, message: Message, context: Context
) -> tuple[tuple[Message, Note], ...]:
    """Return the other cards that ask the same, and what each becomes: none keeps its buttons."""
    return tuple(
        (other, AnsweredNote("above" if other.root > message.root else "below"))
        for other in context.asking
        if isinstance(other.note, PulseNote | ReminderNote)
        and other.note.pulse == note.pulse
        and other.root != message.root
    )


def choices(question: Question) -> tuple[str, ...]:
    """Return what may be answered to a question."""
    scale = tuple(str(n) for n in range(LOWEST, HIGHEST + 1))
    picks = tuple(STANCES) if question.kind == "stance" else scale
    return (*picks, SKIP, *((NOT_APPLICABLE,) if question.not_applicable else ()))


def _score(choice: str) -> int | None:
    if choice in {SKIP, NOT_APPLICABLE}:
        return None
    return STANCES.get(choice) or int(choice)


def _reaction(answer: Answer, note: PulseNote, context: Context) -> Reaction:
    return follow_up(
        context.person,
        (*context.answers, answer),
        pulse=note.pulse,
        question=answer.question,
        bank=context.library.bank,
        follow_ups=context.library.follow_ups,
        seen=context.seen,
        go_live=context.go_live,
        now=context.now,
        ability_capped=context.below is True,
    )


def _says_able(answer: Answer, context: Context) -> bool:
    """Say whether somebody's own use could matter: they say that they can, and have begun (6)."""
    if not is_live(context.go_live, context.now):
        return False
    standing = replace(context, answers=(*context.answers, answer)).standing
    score = standing.scores[Element.ABILITY]
    return score is not None and score > CAPPED_ABILITY


def _thanks(answer: Answer, note: PulseNote, reaction: Reaction, context: Context) -> ThanksNote:
    thanks = ThanksNote(note.pulse, note.questions, "next")
    if reaction.delivery:
        day = local_day(context.person, reaction.delivery.due).isoformat()
        reason = getattr(reaction.delivery.note, "question", "")
        return replace(thanks, then="follow_up", day=day, about=reason)
    standing = replace(context, answers=(*context.answers, answer)).standing
    if answer.score is None and not any(
        a.occasion == note.pulse and a.score is not None for a in context.answers
    ):
        return replace(thanks, then="skipped")
    if standing.barrier == "none" and not standing.provisional:
        live = standing.scores[Element.REINFORCEMENT] is not None
        return replace(thanks, then="clear" if live else "ready")
    return thanks


def draw_pulse(note: PulseNote, reader: Reader) -> Card:
    """Draw one question with its scale; who sees what stands under each."""
    speech, question = reader.speech, reader.library.bank[note.question]
    text = speech.own(reader.library.wordings[question.id].text)
    title = "pulse.title.again" if note.again else "pulse.title"
    more = note.place > 0
    return Card(
        speech.line("pulse.title.more" if more else title),
        (
            *((Paragraph(speech("pulse.one_more")),) if more else ()),
            Paragraph(text),
            *scale(question, reader),
            Row(aside(question, reader)),
            Paragraph(speech("pulse.confidential"), muted=True),
        ),
    )


def aside(question: Question, reader: Reader) -> tuple[Button, ...]:
    """Return the buttons for who gives no score."""
    skip = Button(reader.speech.line("button.skip"), Tap("pulse.answer", SKIP))
    if not question.not_applicable:
        return (skip,)
    return (skip, Button(reader.speech.line("button.na"), Tap("pulse.answer", NOT_APPLICABLE)))


def scale(question: Question, reader: Reader) -> tuple[Paragraph | Row, ...]:
    """Return the scale of a question: what it means, and a button for each score."""
    speech = reader.speech
    if question.kind == "stance":
        return (
            Row(
                tuple(
                    Button(speech.line(f"stance.{name}"), Tap("pulse.answer", name))
                    for name in reversed(STANCES)
                )
            ),
        )
    return (
        Paragraph(speech(f"scale.{question.kind}"), muted=True),
        Row(
            tuple(
                Button(
                    str(n),
                    Tap("pulse.answer", str(n)),
                    hint=speech.line(f"scale.{question.kind}.{n}"),
                )
                for n in range(LOWEST, HIGHEST + 1)
            )
        ),
    )


def draw_thanks(note: ThanksNote, reader: Reader) -> Card:
    """Draw thanks; the answer itself is not shown, so that nobody reads it over a shoulder."""
    speech = reader.speech
    day = speech.day(date.fromisoformat(note.day)) if note.day else ""
    wording = reader.library.wordings.get(note.about)
    about = speech.own_line(wording.about) if wording else ""
    buttons = [Button(speech.line("thanks.change"), Tap("pulse.change"))]
    if not note.commented:
        buttons.insert(0, Button(speech.line("thanks.comment"), Tap("pulse.comment")))
    return Card(
        speech.line("thanks.title"),
        (
            Paragraph(speech(f"thanks.{note.then}", day=day, about=about)),
            *((Paragraph(speech("thanks.commented")),) if note.commented else ()),
            Row((*buttons, command(speech, "why"))),
        ),
    )


def draw_answered(note: AnsweredNote, reader: Reader) -> Card:
    """Draw what stays of a question that was answered elsewhere."""
    said = "answered.body" if note.where == "below" else "answered.above"
    return Card(reader.speech.line("answered.title"), (Paragraph(reader.speech(said)),))


def draw_comment_form(note: CommentForm, reader: Reader) -> Form:
    """Draw the room for a comment."""
    speech = reader.speech
    wording = reader.library.wordings.get(note.question)
    return Form(
        speech.line("comment.title"),
        (
            TextField(
                "comment",
                speech.line("comment.label"),
                lines="many",
                required=True,
                hint=speech.line("comment.hint"),
                longest=LONGEST,
            ),
        ),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("pulse.commented"),
        speech.own_line(wording.text) if wording else "",
    )

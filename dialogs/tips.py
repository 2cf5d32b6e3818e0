"""A tip: one idea with its why, whether it was of use, and a question that shows it is known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from dialogs.buttons import COMMAND, command
from dialogs.card import Block, Button, Card, Paragraph, Row, Tap
from dialogs.champions import area_name
from dialogs.commands import simple
from dialogs.follow_up import SNOOZE, NotedNote
from dialogs.library import TipWords
from dialogs.manners import StaleNote
from dialogs.pulse import AnsweredNote
from dialogs.reader import Reader
from dialogs.rich import Rich, Span
from dialogs.speech import Speech, chosen
from dialogs.turns import Context, MyTips, Said, Step, Tapped, Turn
from nudges.champions import AREAS
from nudges.delivery import Delivery, Note, Priority
from nudges.hours import local_day, next_morning
from nudges.recall import Said as SaidOfTip
from nudges.recall import TipSaid, What, due_day
from nudges.tips import (
    ANSWERS,
    Known,
    TipNote,
    TipQuizNote,
    choose,
    note_of,
    order,
    situation,
)

LETTERS = "ABC"
"""What the buttons say; beside them stand the answers, which are longer than a button."""
SHOW_ME = "find.article"
"""The button that shows how something is done; its choice is the article."""
NOT_NAMED = frozenset({"general", "requested"})
"""Reasons that name nothing of the person."""


@dataclass(frozen=True, slots=True)
class TipResultNote(Note):
    """What came of a question about a tip, or of saying that one knows it.

    ``day`` is when it comes back, if it does.
    """

    tip: str
    how: Literal["right", "wrong", "known", "claimed"]
    day: str = ""
    card: Literal["tip_result"] = "tip_result"


@dataclass(frozen=True, slots=True)
class NoTipNote(Note):
    """They had every tip there is for them; ``day`` is when the next one comes back."""

    day: str = ""
    card: Literal["no_tip"] = "no_tip"


def asked(_turn: Turn, context: Context) -> Step:
    """Give the next tip to somebody who asks for one: any that fits, whatever holds them up."""
    known = context.tips
    if known is None:
        return Step(look=MyTips())
    library, person, now = context.library, context.person, context.now
    where = situation(person, context.answers, library.bank, context.go_live, now)
    found = choose(library.tips.values(), person, known, where, now, requested=True)
    if found is None:
        return Step(show=(NoTipNote(_next_day(known, context)),))
    return Step(show=(note_of(found, person, pushed=False),))


def _next_day(known: Known, context: Context) -> str:
    """Return the first day on which a tip they had may come back."""
    tips = {c.tip for c in known.came if c.tip in context.library.tips}
    days = (due_day(known.memory(tip, context.person), context.person) for tip in tips)
    return min((day.isoformat() for day in days if day), default="")


def read(turn: Turn, context: Context) -> Step:
    """Take what somebody does with a tip, or with the question about one."""
    note = context.message.note if context.message else None
    if not isinstance(note, TipNote | TipQuizNote | TipResultNote) or not isinstance(turn, Tapped):
        return Step(show=(StaleNote(),))
    if note.tip not in context.library.tips:
        return Step(show=(StaleNote(),))
    if context.tips is None:
        return Step(look=MyTips())
    match turn.verb, note:
        case "tip.useful", TipNote():
            yes = turn.choice == "yes"
            fact = TipSaid(note.tip, "useful" if yes else "not_useful")
            return Step(instead=replace(note, said="yes" if yes else "no"), facts=(fact,))
        case "tip.quiz", TipNote():
            places = order(note.tip, context.person.id, ANSWERS)
            return Step(instead=TipQuizNote(note.tip, places))
        case "tip.knows", TipNote():
            return _said(note.tip, "knows", context.tips, context)
        case "tip.choose", TipQuizNote():
            what = _chosen(note, turn.choice)
            return _said(note.tip, what, context.tips, context) if what else _stale()
        case "tip.read", TipQuizNote() | TipResultNote():
            again = TipNote(note.tip, "read")
            facts = (TipSaid(note.tip, "read"),) if isinstance(note, TipQuizNote) else ()
            return Step(instead=again, facts=facts)
        case "tip.later", TipNote() | TipQuizNote() if note.pushed:
            return _later(note, context)
        case _:
            return _stale()


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def answers_it(turn: Turn, context: Context) -> bool:
    """Tell a typed letter that answers the question about a tip which came last."""
    if not context.written_back(turn, TipQuizNote) or not isinstance(turn, Said):
        return False
    last = context.last
    return last is not None and last.answered is None and _place(turn.text) is not None


def wrote_back(turn: Turn, context: Context) -> Step:
    """Take an answer that was typed as a letter."""
    last = context.last
    if not isinstance(turn, Said) or last is None or not isinstance(last.note, TipQuizNote):
        return _stale()
    note = last.note
    what = _chosen(note, _place(turn.text) or "")
    if what is None or note.tip not in context.library.tips:
        return _stale()
    if context.tips is None:
        return Step(look=MyTips())
    step = _said(note.tip, what, context.tips, context)
    result = (step.instead,) if step.instead else ()
    return Step(on=last, instead=AnsweredNote(), show=result, facts=step.facts)


def _place(text: str) -> str | None:
    """Return the place of the letter that somebody typed."""
    said = simple(text).upper()
    return str(LETTERS.index(said)) if len(said) == 1 and said in LETTERS else None


def _chosen(note: TipQuizNote, place: str) -> What | None:
    """Say whether the answer at a place is the right one; None if there is no such place."""
    if not place.isdecimal() or not place.isascii() or int(place) >= len(note.order):
        return None
    return "right" if note.order[int(place)] == 0 else "wrong"


def _said(tip: str, what: What, known: Known, context: Context) -> Step:
    """Keep what somebody showed of a tip, and say when it comes back."""
    said = (*known.said, SaidOfTip(tip, what, context.now))
    found = replace(known, said=said).memory(tip, context.person)
    day = due_day(found, context.person)
    if what == "wrong":
        how = "wrong"
    elif found.known:
        how = "known"
    else:
        how = "claimed" if what == "knows" else "right"
    result = TipResultNote(tip, how, day.isoformat() if day else "")
    return Step(instead=result, facts=(TipSaid(tip, what),))


def _later(note: TipNote | TipQuizNote, context: Context) -> Step:
    """Put a tip off for a week."""
    due = next_morning(context.person, context.now + SNOOZE)
    day = local_day(context.person, due).isoformat()
    again = replace(note, later=True)
    later = Delivery(f"snoozed:{context.key}", context.person.id, again, Priority.NUDGE, due)
    return Step(instead=NotedNote("snooze", day), queue=(later,))


AnyTip: TypeAlias = TipNote | TipQuizNote | TipResultNote | NoTipNote


def draw(note: AnyTip, reader: Reader) -> Card:
    """Draw whichever card of a tip it is."""
    match note:
        case TipNote():
            return draw_tip(note, reader)
        case TipQuizNote():
            return draw_quiz(note, reader)
        case TipResultNote():
            return draw_result(note, reader)
        case NoTipNote():
            return draw_none(note, reader)


def draw_tip(note: TipNote, reader: Reader) -> Card:
    """Draw a tip: the idea, its why, and what one can do with it."""
    speech, said = reader.speech, reader.library.tip_words[note.tip]
    blocks: list[Block] = [*_paragraphs(said, speech), Paragraph(_why(said, speech))]
    row = [*_show_me(note.tip, reader), Button(speech.line("tip.quiz"), Tap("tip.quiz"))]
    if not note.said:
        row.append(Button(speech.line("tip.knows"), Tap("tip.knows")))
        blocks += [Row(tuple(row)), Paragraph(speech("tip.useful")), Row(_votes(note, speech))]
    else:
        row.append(command(speech, "tip"))
        blocks += [Row(tuple(row)), Paragraph(speech(f"tip.said.{note.said}"))]
    if note.why != "read":
        blocks.append(Paragraph(_because(note, reader), muted=True))
    return Card(speech.own_line(said.title), tuple(blocks))


def _votes(note: TipNote, speech: Speech) -> tuple[Button, ...]:
    """Return whether it was useful, and what else: the next one, or the ways out."""
    votes = (
        Button(speech.line("tip.useful.yes"), Tap("tip.useful", "yes")),
        Button(speech.line("tip.useful.no"), Tap("tip.useful", "no")),
    )
    return (*votes, *(_ways_out(speech) if note.pushed else (command(speech, "tip"),)))


def _ways_out(speech: Speech) -> tuple[Button, ...]:
    return (
        Button(speech.line("tip.later"), Tap("tip.later")),
        Button(speech.line("tip.why_this"), Tap(COMMAND, "why_this")),
    )


def _paragraphs(said: TipWords, speech: Speech) -> list[Block]:
    whole = chosen(said.body, speech.language)
    texts = (" ".join(text.split()) for text in whole.split("\n\n") if text.strip())
    return [Paragraph(speech.own({speech.language: text})) for text in texts]


def _why(said: TipWords, speech: Speech) -> Rich:
    return (Span(speech.line("tip.why") + " ", bold=True), *speech.own(said.why))


def _show_me(tip: str, reader: Reader) -> list[Button]:
    """Return the button that shows how it is done, where there is an article about it."""
    article = reader.library.tips[tip].article
    if article not in reader.library.articles:
        return []
    return [Button(reader.speech.line("tip.show"), Tap(SHOW_ME, article), "primary")]


def _because(note: TipNote, reader: Reader) -> Rich:
    """Say why it came, by topic."""
    speech = reader.speech
    about = _about(note, reader)
    why = note.why if about or note.why in NOT_NAMED else "general"
    return speech(f"tip.because.{why}", about=about) if about else speech(f"tip.because.{why}")


def _about(note: TipNote, reader: Reader) -> str:
    """Name what it was chosen by; nothing where we have no name for it."""
    match note.why:
        case "asked":
            name = area_name(note.about, reader)
            return "" if name == note.about else name
        case "rated":
            wording = reader.library.wordings.get(note.about)
            return reader.speech.own_line(wording.about) if wording else ""
        case "job":
            return reader.speech.line(f"area.{note.about}") if note.about in AREAS else ""
        case "barrier":
            return reader.speech.line(f"tip.topic.{note.about}")
        case _:
            return ""


def draw_quiz(note: TipQuizNote, reader: Reader) -> Card:
    """Draw the question about a tip; which answer is right is not in the card."""
    speech, said = reader.speech, reader.library.tip_words[note.tip]
    answers = _answers(said)
    places = list(zip(LETTERS, note.order, strict=False))
    buttons = [
        Button(letter, Tap("tip.choose", str(place)), hint=speech.own_line(answers[choice]))
        for place, (letter, choice) in enumerate(places)
    ]
    more = [Button(speech.line("tip.read"), Tap("tip.read"))]
    title = speech.own_line(said.title)
    blocks: list[Block] = [
        Paragraph(speech("tip_quiz.lead", title=title)),
        Paragraph(_bold(speech.own(said.question))),
        *(
            Paragraph((Span(f"{letter}  ", bold=True), *speech.own(answers[choice])))
            for letter, choice in places
        ),
        Row(tuple(buttons)),
        Row((*more, *(_ways_out(speech) if note.pushed else ()))),
        Paragraph(speech("tip_quiz.why" if note.pushed else "tip_quiz.private"), muted=True),
    ]
    return Card(speech.line("tip_quiz.title"), tuple(blocks))


def _answers(said: TipWords) -> Sequence[dict[str, str]]:
    return [dict(said.right), *(dict(one) for one in said.wrong)]


def _bold(text: Rich) -> Rich:
    return tuple(Span(span.text, bold=True) for span in text)


def draw_result(note: TipResultNote, reader: Reader) -> Card:
    """Draw what came of it: the right answer with its why, and when it comes back."""
    speech, said = reader.speech, reader.library.tip_words[note.tip]
    blocks: list[Block] = [Paragraph(speech(f"tip_result.{note.how}"))]
    if note.how != "claimed":
        right = Paragraph(_bold(speech.own(said.right)))
        blocks += [Paragraph(speech.own(said.question)), right, Paragraph(_why(said, speech))]
    if note.day:
        day = speech.day(date.fromisoformat(note.day))
        blocks.append(Paragraph(speech("tip_result.back", day=day), muted=True))
    row = [*_show_me(note.tip, reader), Button(speech.line("tip.read"), Tap("tip.read"))]
    blocks.append(Row((*row, command(speech, "tip"))))
    return Card(speech.line(f"tip_result.{note.how}.title"), tuple(blocks))


def draw_none(note: NoTipNote, reader: Reader) -> Card:
    """Draw that they had every tip there is for them, and when one comes back."""
    speech = reader.speech
    blocks: list[Block] = [Paragraph(speech("no_tip.body"))]
    if note.day:
        day = speech.day(date.fromisoformat(note.day))
        blocks.append(Paragraph(speech("no_tip.back", day=day)))
    blocks.append(Row((command(speech, "pulse"), command(speech, "help"))))
    return Card(speech.line("no_tip.title"), tuple(blocks))

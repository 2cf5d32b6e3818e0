"""Was it received: one question to a few, a kind answer, and an honest result for the author."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

from dialogs.authoring_notes import DraftNote
from dialogs.card import Block, Button, Card, Form, Link, Paragraph, Row, Tap, TextField
from dialogs.commands import simple
from dialogs.manners import StaleNote
from dialogs.pulse import AnsweredNote
from dialogs.reader import Reader
from dialogs.rich import Span, plain
from dialogs.speech import Speech, chosen
from dialogs.turns import Context, Filled, Said, Step, Tapped, Turn
from nudges.broadcast import Broadcast, Check, DraftKept
from nudges.delivery import Note
from nudges.digest import people, tenths
from nudges.programme import Words
from nudges.reception import (
    TARGET,
    AnswerRead,
    CheckAnswered,
    CheckedNote,
    How,
    ReadWordsNote,
    ReceivedResultNote,
    ReceptionNote,
    Result,
    Unread,
    again,
    choices,
    shown,
    to_read,
)
from nudges.roles import Act
from nudges.wording import ANSWER, MOST_WRONG, QUESTION, Wrong, refused_check

LETTERS = "ABCD"
"""What the buttons say; beside them stand the answers, which may be longer than a button."""
LONGEST = 1000
"""Characters of an answer in own words that are kept."""
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class ReceptionForm(Note):
    """Room for an answer in own words."""

    broadcast: int
    card: Literal["reception_form"] = "reception_form"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that it asks about."""
        return (self.broadcast,)


def read(turn: Turn, context: Context) -> Step:
    """Take an answer, or what an author does with the answers."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="reception.choose", choice=place), ReceptionNote():
            how = _chosen(note, place, context)
            return _answered(note, how) if how else Step(show=(StaleNote(),))
        case Tapped(verb="reception.open"), ReceptionNote(number, order) if not order:
            return Step(form=ReceptionForm(number))
        case Filled(verb="reception.sent", values=values), ReceptionNote(number, order) if (
            not order
        ):
            text = values.get("answer", "").strip()
            if not text:
                wrong = (("answer", "reception.error.empty"),)
                return Step(form=ReceptionForm(number), errors=wrong)
            return _answered(note, "words", text)
        case Tapped(verb="reception.again"), ReceivedResultNote(number, False):
            return _again(number, context)
        case Tapped(verb="reception.got" | "reception.missed" as verb, choice=which), ReadWordsNote(
            number
        ):
            return _judged(number, which, context, right=verb == "reception.got")
        case _:
            return Step(show=(StaleNote(),))


def answers_it(turn: Turn, context: Context) -> bool:
    """Tell typed words that answer the question which came last, and is still open."""
    if not context.written_back(turn, ReceptionNote) or not isinstance(turn, Said):
        return False
    last = context.last
    if last is None or not isinstance(last.note, ReceptionNote) or last.answered is not None:
        return False
    return not last.note.order or _place(turn.text, last.note) is not None


def wrote_back(turn: Turn, context: Context) -> Step:
    """Take an answer that was typed: a letter, or their own words."""
    last = context.last
    if not isinstance(turn, Said) or last is None or not isinstance(last.note, ReceptionNote):
        return Step(show=(StaleNote(),))
    note = last.note
    how = _chosen(note, _place(turn.text, note) or "", context) if note.order else "words"
    if how is None:
        return Step(show=(StaleNote(),))
    step = _answered(note, how, turn.text.strip() if how == "words" else "")
    thanks = (step.instead,) if step.instead else ()
    return Step(on=last, instead=AnsweredNote(), show=thanks, facts=step.facts)


def _place(text: str, note: ReceptionNote) -> str | None:
    """Return the place of the letter that somebody typed."""
    letters = [letter.lower() for letter in LETTERS[: len(note.order)]]
    said = simple(text)
    return str(letters.index(said)) if said in letters else None


def _chosen(note: ReceptionNote, place: str, context: Context) -> How | None:
    """Say whether the choice at a place is the right one; None if there is no such place."""
    found = context.broadcasts.get(note.broadcast)
    here = _order(note, found)
    if not place.isdecimal() or not place.isascii() or int(place) >= len(here):
        return None
    return "right" if here[int(place)] == 0 else "wrong"


def _order(note: ReceptionNote, found: Broadcast | None) -> Sequence[int]:
    """Return which choice stands where, of those that there still are."""
    if found is None:
        return note.order
    check = found.draft.message.check
    many = len(choices(check)) if check else 0
    return [choice for choice in note.order if choice < many]


def _answered(note: ReceptionNote, how: How, text: str = "") -> Step:
    right = None if how == "words" else how == "right"
    fact = CheckAnswered(note.broadcast, right, text[:LONGEST])
    return Step(instead=CheckedNote(note.broadcast, how), facts=(fact,))


def _mine(number: int, context: Context) -> Broadcast | None:
    """Return a broadcast if this person wrote it, and may still write."""
    found = context.broadcasts.get(number)
    mine = found is not None and found.author == context.person.id and context.may(Act.DRAFT)
    return found if mine else None


def _again(number: int, context: Context) -> Step:
    """Make a draft that says it again to those who missed it."""
    found = _mine(number, context)
    result = _result(number, context)
    if found is None or result is None or result.verdict == "reached":
        return Step(show=(StaleNote(),))
    fact = DraftKept(context.key, again(found))
    then, draft = ReceivedResultNote(number, again=True), DraftNote(context.key)
    return Step(instead=then, show=(draft,), facts=(fact,))


def _judged(number: int, which: str, context: Context, *, right: bool) -> Step:
    """Keep whether an answer shows that the message came across; the last brings the result."""
    unread = _to_read(number, context)
    one = next((one for one in unread if str(one.number) == which), None)
    if _mine(number, context) is None or one is None:
        return Step(show=(StaleNote(),))
    rest = len(unread) - 1
    then = ReadWordsNote(number) if rest else ReceivedResultNote(number)
    return Step(instead=then, facts=(AnswerRead(number, one.number, right),))


def _result(number: int, context: Context) -> Result | None:
    return shown(context.receptions.get(number))


def _to_read(number: int, context: Context) -> Sequence[Unread]:
    found = context.broadcasts.get(number)
    exposes = found is None or found.draft.exposes
    return to_read(context.receptions.get(number), exposes=exposes)


def draw_reception(note: ReceptionNote, reader: Reader) -> Card:
    """Draw the question: what may be chosen beside its letter, or room for own words."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    check = _check(found)
    title = speech.own_line(found.draft.message.title)
    blocks: list[Block] = [
        Paragraph(speech("reception.lead", title=title)),
        Paragraph(_bold(check.question, speech)),
    ]
    if note.order:
        options = choices(check)
        places = list(zip(LETTERS, _order(note, found), strict=False))
        blocks += [
            Paragraph((Span(f"{letter}  ", bold=True), *speech.own(options[choice])))
            for letter, choice in places
        ]
        buttons = tuple(
            Button(
                letter,
                Tap("reception.choose", str(place)),
                hint=speech.own_line(options[choice]),
            )
            for place, (letter, choice) in enumerate(places)
        )
    else:
        blocks.append(Paragraph(speech("reception.own_words")))
        buttons = (Button(speech.line("reception.open"), Tap("reception.open"), "primary"),)
    author = found.name or speech.line("broadcast.team")
    why = "choice" if note.order else "words"
    blocks += [Row(buttons), Paragraph(speech(f"reception.why.{why}", author=author), muted=True)]
    return Card(speech.line("reception.title"), tuple(blocks))


def draw_reception_form(note: ReceptionForm, reader: Reader) -> Form:
    """Draw the form with room for an answer."""
    speech, found = reader.speech, reader.broadcasts.get(note.broadcast)
    check = found.draft.message.check if found else None
    return Form(
        speech.line("reception.form"),
        (
            TextField(
                "answer",
                speech.line("reception.label"),
                lines="many",
                required=True,
                longest=LONGEST,
            ),
        ),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("reception.sent"),
        lead=speech.own_line(check.question) if check else "",
    )


def draw_checked(note: CheckedNote, reader: Reader) -> Card:
    """Draw the thanks for an answer: what was meant, and the page to read on; never a reproach."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    said = found.draft.message
    blocks: list[Block] = [Paragraph(speech(f"checked.{note.how}"))]
    if said.check and note.how != "words":
        blocks += [
            Paragraph(speech.own(said.check.question)),
            Paragraph(_bold(said.check.right, speech)),
        ]
    if said.link:
        blocks.append(Row((Link(chosen(said.link.label, speech.language), said.link.url),)))
    return Card(speech.line(f"checked.{note.how}.title"), tuple(blocks))


def draw_result(note: ReceivedResultNote, reader: Reader, context: Context) -> Card:
    """Draw how a message was understood, and below the target how to say it again."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    title, number = speech.own_line(found.draft.message.title), found.number
    result = _result(note.broadcast, context)
    card = speech.line("received.title")
    if result is None:
        few = speech("received.few", title=title, number=number)
        return Card(card, (Paragraph(few),))
    target = round(TARGET * HUNDRED)
    blocks: list[Block] = [
        Paragraph(_told(result, title, number, speech)),
        Paragraph(speech(f"received.{result.verdict}", target=target)),
    ]
    if note.again:
        blocks.append(Paragraph(speech("received.kept")))
    elif result.verdict != "reached":
        look = "primary" if result.verdict == "below" else "plain"
        button = Button(speech.line("received.again"), Tap("reception.again"), look)
        blocks += [Paragraph(speech("received.advice")), Row((button,))]
    return Card(card, tuple(blocks))


def _told(result: Result, title: str, number: int, speech: Speech) -> tuple[Span, ...]:
    """Say a result in plain words; where all answered alike, without a figure."""
    if result.right is None or result.low is None or result.high is None:
        how = "none" if result.few else "all"
        return speech(f"received.nearly.{how}", title=title, number=number)
    fewest, most = people(result.band) or (0, 0)
    return speech(
        "received.some",
        n=tenths(result.right),
        fewest=fewest,
        most=most,
        low=floor(result.low * HUNDRED),
        high=ceil(result.high * HUNDRED),
        title=title,
        number=number,
    )


def draw_words(note: ReadWordsNote, reader: Reader, context: Context) -> Card:
    """Draw one answer in somebody's own words, without a name."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    unread = _to_read(note.broadcast, context)
    title = speech.line("read_words.title")
    if not unread:
        return Card(title, (Paragraph(speech("read_words.done")),))
    one = unread[0]
    answer = " ".join(one.text.split())
    return Card(
        title,
        (
            Paragraph(speech("read_words.lead", title=speech.own_line(found.draft.message.title))),
            Paragraph(_bold(_check(found).question, speech)),
            Paragraph(plain(f"“{answer}”")),
            Row(
                (
                    Button(speech.line("read_words.got"), Tap("reception.got", str(one.number))),
                    Button(
                        speech.line("read_words.missed"), Tap("reception.missed", str(one.number))
                    ),
                )
            ),
            Paragraph(speech("read_words.why", n=len(unread)), muted=True),
        ),
    )


def _check(found: Broadcast) -> Check:
    return found.draft.message.check or Check({})


def _bold(text: Words, speech: Speech) -> tuple[Span, ...]:
    return tuple(Span(span.text, bold=True) for span in speech.own(text))


def check_fields(
    check: Check | None, speech: Speech, languages: Iterable[str]
) -> tuple[TextField, ...]:
    """Return the fields of a form with which an author writes the question about a message.

    There are three for each language, with the names that :func:`read_check` reads.
    """
    check = check or Check({})
    found: list[TextField] = []
    for language in languages:
        name = speech.line(f"language.{language}")
        wrong = "\n".join(one.get(language, "") for one in check.wrong)
        found += [
            TextField(
                f"question.{language}",
                speech.line("check.question", language=name),
                value=check.question.get(language, ""),
                hint=speech.line("check.question.hint"),
                longest=QUESTION,
            ),
            TextField(
                f"right.{language}",
                speech.line("check.right", language=name),
                value=check.right.get(language, ""),
                hint=speech.line("check.right.hint"),
                longest=ANSWER,
            ),
            TextField(
                f"wrong.{language}",
                speech.line("check.wrong", language=name),
                lines="many",
                value=wrong,
                hint=speech.line("check.wrong.hint", n=MOST_WRONG),
                longest=MOST_WRONG * (ANSWER + 1),
            ),
        ]
    return tuple(found)


def read_check(
    values: Mapping[str, str], languages: Iterable[str]
) -> tuple[Check | None, tuple[tuple[str, str], ...]]:
    """Read the question that an author wrote; None if they left it empty.

    Returns with it what is wrong, as (field, catalogue key).
    """
    spoken = tuple(languages)

    def written(name: str) -> Words:
        said = {one: values.get(f"{name}.{one}", "").strip() for one in spoken}
        return {language: text for language, text in said.items() if text}

    lines = {
        one: [text.strip() for text in values.get(f"wrong.{one}", "").splitlines() if text.strip()]
        for one in spoken
    }
    longest = max((len(some) for some in lines.values()), default=0)
    wrong = tuple(
        {language: some[n] for language, some in lines.items() if n < len(some)}
        for n in range(longest)
    )
    check = Check(written("question"), written("right"), wrong)
    if check == Check({}):
        return None, ()
    return check, tuple((field, _key(why)) for field, why in refused_check(check, spoken))


def _key(why: Wrong) -> str:
    return f"broadcast.error.{why}"

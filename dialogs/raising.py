"""Raising something: what stands in the way, a wish or a remark, and what becomes of it.

Two taps and a sentence at most, or the words alone: "blocker: there is no field for the dealer".
It goes to the CRM team without a name, unless somebody says otherwise, and never to a manager.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, TypeAlias

from dialogs import commands
from dialogs.buttons import COMMAND, command
from dialogs.card import (
    Block,
    Button,
    Card,
    ChoiceField,
    Divider,
    Field,
    Form,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.manners import gone
from dialogs.reader import Reader
from dialogs.rich import Rich
from dialogs.speech import Speech, catalogue, languages
from dialogs.turns import Context, Filled, Said, Step, Tapped, Turn
from nudges.delivery import Delivery, Note, Priority
from nudges.sensitive import Danger, masked, refused, warned
from nudges.voice import (
    AREA,
    KIND,
    KINDS,
    SORT,
    SORTS,
    TEXT,
    Item,
    Kind,
    Raised,
    Solved,
    Sort,
    ToldBack,
)
from nudges.voice_notes import AnsweredBackNote, AskedBackNote, NewsNote

FEWEST_WORDS = 2
"""So many words after "blocker" are something that stands in the way."""
LISTED = 10
SHOWN = 300
"""Characters of somebody's own words on a card that tells what became of them."""
Why: TypeAlias = Danger | Literal["", "long"]


@dataclass(frozen=True, slots=True)
class RaiseNote(Note):
    """Room to raise something; ``why`` says why words that were typed are not kept yet."""

    kind: Kind
    why: Why = ""
    card: Literal["raise"] = "raise"


@dataclass(frozen=True, slots=True)
class RaiseForm(Note):
    """What somebody raises, in their own words."""

    kind: Kind
    sort: Sort = ""
    card: Literal["raise_form"] = "raise_form"


@dataclass(frozen=True, slots=True)
class RaisedNote(Note):
    """Something is kept for the CRM team."""

    kind: Kind
    named: bool = False
    card: Literal["raised"] = "raised"


@dataclass(frozen=True, slots=True)
class MineRaisedNote(Note):
    """All that somebody raised, and where it is."""

    card: Literal["mine_raised"] = "mine_raised"

    @property
    def voiced(self) -> bool:
        """Say that it shows what its reader raised."""
        return True


@dataclass(frozen=True, slots=True)
class AnswerBackForm(Note):
    """The answer of somebody who is not known to who asks."""

    number: int
    card: Literal["answer_back_form"] = "answer_back_form"


def asked(turn: Turn, _context: Context) -> Step:
    """Offer the form to someone who asks for it by its name, or by a button."""
    text = turn.text if isinstance(turn, Said) else ""
    name = turn.choice if isinstance(turn, Tapped) else commands.read(text)
    kind = KIND.get(name or "")
    return Step(show=(RaiseNote(kind),)) if kind else gone()


def mine(_turn: Turn, _context: Context) -> Step:
    """Show what somebody raised."""
    return Step(show=(MineRaisedNote(),))


def typed(turn: Turn, _context: Context) -> bool:
    """Tell words that raise something by themselves."""
    return isinstance(turn, Said) and turn.private and _typed(turn.text) is not None


def wrote(turn: Turn, context: Context) -> Step:
    """Keep what somebody typed after the name of what it is."""
    found = _typed(turn.text) if isinstance(turn, Said) else None
    return keep(*found, context) if found else gone()


def _typed(text: str) -> tuple[Kind, str] | None:
    """Return what is raised: after a colon by any of its names, without one by the shortest."""
    head, colon, rest = text.partition(":")
    kind = KIND.get(commands.exactly(head) or "") if colon else None
    if kind is None:
        head, _, rest = text.strip().partition(" ")
        if len(rest.split()) < FEWEST_WORDS or rest.rstrip().endswith("?"):
            return None
        kind = _shortest().get(commands.simple(head))
    return (kind, rest.strip()) if kind and rest.strip() else None


@cache
def _shortest() -> Mapping[str, Kind]:
    """Return the first name of each kind in each language: nobody begins a question with it."""
    return {
        commands.simple(catalogue(language).gettext(f"typed.{kind}").split(", ")[0]): kind
        for language in languages()
        for kind in KINDS
    }


def keep(kind: Kind, text: str, context: Context, area: str = "") -> Step:
    """Keep words for the CRM team without a name, or say why they are not kept."""
    why: Why = "long" if len(text) > TEXT else refused(text) or warned(text) or ""
    if why:
        return Step(show=(RaiseNote(kind, why),))
    fact = Raised(context.key, kind, text, context.person.language, area=area[:AREA])
    return Step(show=(RaisedNote(kind),), facts=(fact,))


def read(turn: Turn, context: Context) -> Step:
    """Open the form and keep what it brings, or take whether something is solved."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="raise.open", choice=choice), _:
            form = _form(choice)
            return Step(form=form) if form else gone()
        case Filled(verb="raise.sent", choice=choice, values=values), _:
            form = _form(choice)
            return _sent(form, values, context) if form else gone()
        case Tapped(verb="raise.solved" | "raise.unsolved" as verb), NewsNote(number, "done") if (
            note.said != ("yes" if verb == "raise.solved" else "no")
        ):
            yes = verb == "raise.solved"
            then = replace(note, said="yes" if yes else "no")
            return Step(instead=then, facts=(Solved(number, yes),))
        case Tapped(verb="raise.answer"), AskedBackNote(number):
            return Step(form=AnswerBackForm(number))
        case Filled(verb="raise.answered", values=values), AskedBackNote(number):
            return _answered(number, values, context)
        case _:
            return gone()


def _form(choice: str) -> RaiseForm | None:
    name, _, of = choice.partition(":")
    kind = KIND.get(name)
    return RaiseForm(kind, SORT.get(of, "")) if kind else None


def _sent(form: RaiseForm, values: Mapping[str, str], context: Context) -> Step:
    text = values.get("text", "").strip()
    why = _wrong(text, sure=values.get("sure", "") == "sure")
    if why:
        return Step(form=form, errors=(("text", f"raise.error.{why}", {"n": TEXT}),))
    named = values.get("named") == "with"
    sort = SORT.get(values.get("sort", ""), "") or form.sort
    fact = Raised(context.key, form.kind, text, context.person.language, sort, named=named)
    thanks = RaisedNote(form.kind, named)
    own = context.message is not None and isinstance(context.message.note, RaiseNote)
    if own:
        return Step(instead=thanks, facts=(fact,))
    return Step(show=(thanks,), facts=(fact,))


def _wrong(text: str, *, sure: bool) -> str:
    if not text:
        return "empty"
    if len(text) > TEXT:
        return "long"
    return refused(text) or ("" if sure else warned(text) or "")


def _answered(number: int, values: Mapping[str, str], context: Context) -> Step:
    """Keep an answer to the CRM team; whoever works on it hears that there is one."""
    text = values.get("text", "").strip()
    why = _wrong(text, sure=values.get("sure", "") == "sure")
    if why:
        wrong = ("text", f"raise.error.{why}", {"n": TEXT})
        return Step(form=AnswerBackForm(number), errors=(wrong,))
    item = context.voices.own(number)
    if item is None:
        return gone()
    told = tuple(
        Delivery(
            f"voice_answered:{context.key}",
            owner,
            AnsweredBackNote(number),
            Priority.INTERACTIVE,
            context.now,
        )
        for owner in filter(None, (item.owner,))
    )
    then = AskedBackNote(number, told=True)
    return Step(instead=then, facts=(ToldBack(number, text),), queue=told)


def open_button(kind: Kind, speech: Speech, sort: Sort = "", *, primary: bool = False) -> Button:
    """Return the button that opens the form."""
    choice = f"{kind}:{sort}" if sort else kind
    look = "primary" if primary else "plain"
    return Button(speech.line(f"raise.open.{kind}"), Tap("raise.open", choice), look)


def draw_raise(note: RaiseNote, reader: Reader) -> Card:
    """Draw the invitation, or why what was typed is not kept yet."""
    speech = reader.speech
    blocks: list[Block] = []
    if note.why:
        blocks.append(Paragraph(speech(f"raise.error.{note.why}", n=TEXT)))
        blocks.append(Paragraph(speech("raise.not_kept")))
    else:
        blocks.append(Paragraph(speech(f"raise.lead.{note.kind}")))
    row = [open_button(note.kind, speech, primary=True)]
    if note.kind == "blocker":
        row.append(Button(speech.line("raise.help_me"), Tap("use.stops")))
    return Card(
        speech.line(f"raise.title.{note.kind}"),
        (*blocks, Row(tuple(row)), Paragraph(speech("raise.who"), muted=True)),
    )


def draw_form(note: RaiseForm, reader: Reader) -> Form:
    """Draw the form: the words, of what sort an obstacle is, and whether with a name."""
    speech = reader.speech
    text = TextField(
        "text",
        speech.line(f"raise.label.{note.kind}"),
        lines="many",
        required=True,
        hint=speech.line("raise.hint"),
        longest=TEXT,
    )
    names = (
        Option("without", speech.line("raise.without")),
        Option("with", speech.line("raise.with")),
    )
    fields: list[Field] = [text]
    if note.kind == "blocker":
        fields.append(sort_field(note.sort, speech))
    fields += [
        ChoiceField("named", speech.line("raise.named"), names, required=True, value=("without",)),
        _sure_field(speech),
    ]
    return Form(
        speech.line(f"raise.form.{note.kind}"),
        tuple(fields),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("raise.sent", f"{note.kind}:{note.sort}" if note.sort else note.kind),
    )


def _sure_field(speech: Speech) -> ChoiceField:
    """Return the second step for words that somebody is warned of."""
    yes = Option("sure", speech.line("raise.sure.yes"))
    return ChoiceField("sure", speech.line("raise.sure"), (yes,), several=True)


def sort_field(chosen: Sort, speech: Speech) -> ChoiceField:
    """Return the field for what sort of thing it is."""
    options = tuple(Option(one, speech.line(f"voice.sort.{one}")) for one in SORTS if one)
    return ChoiceField(
        "sort", speech.line("voice.sort"), options, value=(chosen,) if chosen else ()
    )


def draw_raised(note: RaisedNote, reader: Reader) -> Card:
    """Draw the thanks: who reads it, with or without a name, and that there will be news."""
    speech = reader.speech
    how = "with" if note.named else "without"
    return Card(
        speech.line(f"raised.title.{note.kind}"),
        (
            Paragraph(speech(f"raised.{how}")),
            Row((Button(speech.line("button.raised"), Tap(COMMAND, "raised")),)),
        ),
    )


def draw_mine(reader: Reader, context: Context) -> Card:
    """Draw what somebody raised, newest first, each with where it is."""
    speech = reader.speech
    found = context.voices.mine[:LISTED]
    blocks: list[Block] = [Paragraph(speech("mine_raised.lead" if found else "mine_raised.none"))]
    for item in found:
        blocks += [Divider(), Paragraph(_yours(item, speech)), Paragraph(_state(item, speech))]
    row = (command(speech, "blocker"), command(speech, "wish"), command(speech, "feedback"))
    return Card(speech.line("mine_raised.title"), (*blocks, Divider(), Row(row)))


def _yours(item: Item, speech: Speech) -> Rich:
    text = masked(" ".join(item.text.split()))
    short = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    return speech("voice.yours", kind=speech.line(f"voice.kind.{item.kind}"), text=short)


def _state(item: Item, speech: Speech) -> Rich:
    day = speech.day(item.due) if item.due else ""
    return speech(f"voice.told.{item.state}", words=item.words, day=day)


def draw_news(note: NewsNote, reader: Reader, context: Context) -> Card:
    """Draw what became of something, and ask whether it is solved once it is done."""
    speech, item = reader.speech, context.voices.own(note.number)
    title = speech.line(f"voice.news.{note.state}")
    if item is None:
        return Card(title, (Paragraph(speech("voice.gone")),))
    blocks: list[Block] = [Paragraph(_yours(item, speech)), Paragraph(_state(item, speech))]
    if note.state == "done":
        blocks.append(Paragraph(speech(f"voice.solved.{note.said or 'ask'}")))
        yes = Button(speech.line("voice.solved.button.yes"), Tap("raise.solved"))
        no = Button(speech.line("voice.solved.button.no"), Tap("raise.unsolved"))
        left = tuple(
            one
            for one, said in ((yes, "yes"), (no, "no"))
            if note.said in {"", *({"yes", "no"} - {said})}
        )
        blocks.append(Row(left))
    blocks.append(Paragraph(speech("voice.news.why"), muted=True))
    return Card(title, tuple(blocks), notice=speech.line("voice.notice"))


def draw_asked_back(note: AskedBackNote, reader: Reader, context: Context) -> Card:
    """Draw a question of people who do not know whom they ask."""
    speech, item = reader.speech, context.voices.own(note.number)
    title = speech.line("voice.asked.title")
    if item is None:
        return Card(title, (Paragraph(speech("voice.gone")),))
    blocks: list[Block] = [Paragraph(_yours(item, speech))]
    for one in item.talk:
        key = "voice.asked.they" if one.place == 0 else "voice.asked.you"
        blocks.append(Paragraph(speech(key, text=masked(one.text))))
    label = speech.line("voice.asked.more" if note.told else "voice.asked.answer")
    look = "plain" if note.told else "primary"
    blocks += [
        Row((Button(label, Tap("raise.answer"), look),)),
        Paragraph(speech("voice.asked.unknown"), muted=True),
    ]
    return Card(title, tuple(blocks), notice=speech.line("voice.notice"))


def draw_answer_back_form(note: AnswerBackForm, reader: Reader) -> Form:
    """Draw the form for an answer."""
    speech = reader.speech
    field = TextField(
        "text", speech.line("voice.asked.label"), lines="many", required=True, longest=TEXT
    )
    return Form(
        speech.line("voice.asked.form"),
        (field, _sure_field(speech)),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("raise.answered", str(note.number)),
        speech.line("voice.asked.unknown"),
    )

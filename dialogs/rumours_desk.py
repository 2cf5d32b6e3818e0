"""The rumours that wait for facts: the CRM team says which are the same, and writes what is true.

An answer is a draft of a message to where the rumour lives, and to everyone unless all of that may
be told. Its author hands it in like any other.
"""

from collections.abc import Mapping

from dialogs.authoring import DRAFTS
from dialogs.authoring_notes import DraftNote
from dialogs.card import (
    BUTTONS_A_ROW,
    Block,
    Button,
    Card,
    ChoiceField,
    Facts,
    Form,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.for_team import ForTeamNote
from dialogs.manners import StaleNote
from dialogs.reader import Reader, speech
from dialogs.rich import Rich
from dialogs.rumour import asked as invite
from dialogs.rumour_notes import (
    OneRumourNote,
    RumourDeskCard,
    RumourDeskForm,
    RumourFactsForm,
    RumoursNote,
    SameRumourForm,
)
from dialogs.speech import Speech, languages
from dialogs.turns import Context, Filled, Mistake, Step, Tapped, Turn
from nudges.broadcast import Draft, DraftKept, Message
from nudges.group import band
from nudges.release import FLOOR
from nudges.roles import Act
from nudges.rumours import Rumour, RumourClosed, SameRumour
from nudges.wording import BODY

A_PAGE = BUTTONS_A_ROW
LINE, TEXTS, CHOICES, OPTION = 160, 5, 90, 75
"""Characters of a rumour in the list, texts of one on its card, and what a choice can hold."""


def asked(turn: Turn, context: Context) -> Step:
    """Show what waits to the CRM team; anybody else may want to tell a rumour."""
    if context.may(Act.WORK_QUEUE):
        return Step(show=(RumoursNote(),))
    return invite(turn, context)


def read(turn: Turn, context: Context) -> Step:
    """Take a press on the list or on a rumour, or a form of one."""
    if not context.may(Act.WORK_QUEUE):
        return Step(show=(ForTeamNote("crm_team"),))
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="rumours.list"), RumoursNote() | OneRumourNote():
            return Step(instead=RumoursNote())
        case Tapped(verb="rumours.page", choice=page), RumoursNote() if page.isdecimal():
            return Step(instead=RumoursNote(int(page)))
        case Tapped(verb="rumours.one", choice=key), RumoursNote() | OneRumourNote():
            return _on(key, context) or Step(instead=OneRumourNote(key))
        case _, OneRumourNote(key):
            return _on(key, context) or _with(turn, context.rumours.open[key], context)
        case _:
            return Step(show=(StaleNote(),))


def _on(key: str, context: Context) -> Step | None:
    """Show the list where somebody else has just done with a rumour."""
    return None if key in context.rumours.open else Step(instead=RumoursNote())


def _with(turn: Turn, rumour: Rumour, context: Context) -> Step:
    key = rumour.key
    match turn:
        case Tapped(verb="rumours.same") if len(context.rumours.open) > 1:
            return Step(form=SameRumourForm(key))
        case Tapped(verb="rumours.facts"):
            return Step(form=RumourFactsForm(key))
        case Tapped(verb="rumours.aside"):
            return Step(instead=OneRumourNote(key, sure=True))
        case Tapped(verb="rumours.sure"):
            done = RumoursNote(done="aside")
            return Step(instead=done, facts=(RumourClosed(key, answered=False),))
        case Filled(verb="rumours.merged", values=values):
            into = values.get("into", "")
            if into == key or into not in context.rumours.open:
                return Step(form=SameRumourForm(key), errors=(("into", "rumours.error.same"),))
            return Step(instead=RumoursNote(done="same"), facts=(SameRumour(key, into),))
        case Filled(verb="rumours.answered", values=values):
            return _answered(values, rumour, context)
        case _:
            return Step(show=(StaleNote(),))


def _answered(values: Mapping[str, str], rumour: Rumour, context: Context) -> Step:
    """Keep the facts as a draft for where the rumour lives, and open it."""
    facts = {code: values.get(f"facts_{code}", "").strip() for code in languages()}
    errors: list[Mistake] = []
    for code, said in facts.items():
        if not said:
            errors.append((f"facts_{code}", "rumours.error.facts"))
        elif len(said) > BODY:
            filled = {"length": len(said), "most": BODY}
            errors.append((f"facts_{code}", "rumours.error.long", filled))
    drafts = [one for one in context.authoring.drafts.values() if not one.template]
    if not errors and len(drafts) >= DRAFTS:
        errors.append((f"facts_{languages()[0]}", "rumours.error.room"))
    if errors:
        return Step(form=RumourFactsForm(rumour.key), errors=tuple(errors))
    voices = {code: speech(code, context.programme) for code in languages()}
    title = {code: voice.line("rumours.draft") for code, voice in voices.items()}
    draft = Draft(Message(title, facts), rumour.rule, 0)
    return Step(
        show=(DraftNote(context.key),),
        instead=RumoursNote(done="answered"),
        facts=(DraftKept(context.key, draft), RumourClosed(rumour.key, answered=True)),
    )


def draw(note: RumourDeskCard, reader: Reader, context: Context) -> Card:
    """Draw the list, or one rumour; what is not there any more is not shown to anybody."""
    if not context.may(Act.WORK_QUEUE):
        return Card(
            reader.speech.line("rumours.title"), (Paragraph(reader.speech("rumours.none")),)
        )
    found = context.rumours.open.get(note.rumour) if isinstance(note, OneRumourNote) else None
    if isinstance(note, OneRumourNote) and found:
        return _one(note, found, reader, context)
    return _list(note if isinstance(note, RumoursNote) else RumoursNote(), reader, context)


def _list(note: RumoursNote, reader: Reader, context: Context) -> Card:
    speech, waiting = reader.speech, list(context.rumours.open.values())
    last = max(0, (len(waiting) - 1) // A_PAGE)
    page = min(note.page, last)
    blocks: list[Block] = []
    if note.done:
        blocks.append(Paragraph(speech(f"rumours.done.{note.done}")))
    blocks.append(Paragraph(speech("rumours.lead" if waiting else "rumours.none")))
    buttons: list[Button] = []
    for n, one in enumerate(waiting[page * A_PAGE : (page + 1) * A_PAGE], page * A_PAGE + 1):
        where = speech("rumours.where", week=_weeks(one, speech), where=_where(one, reader))
        blocks += [
            Paragraph(speech("rumours.one", n=n, text=_cut(one.texts[0], LINE))),
            Paragraph(where, muted=True),
        ]
        buttons.append(Button(speech.line("rumours.open", n=n), Tap("rumours.one", one.key)))
    if buttons:
        blocks.append(Row(tuple(buttons)))
    turns: list[Button] = []
    if page:
        turns.append(Button(speech.line("rumours.newer"), Tap("rumours.page", str(page - 1))))
    if page < last:
        turns.append(Button(speech.line("rumours.older"), Tap("rumours.page", str(page + 1))))
    if turns:
        blocks.append(Row(tuple(turns)))
    return Card(
        speech.line("rumours.title"),
        (*blocks, Paragraph(_volume(context.rumours.this_week, speech), muted=True)),
    )


def _volume(many: int, speech: Speech) -> Rich:
    if many < FLOOR:
        return speech("rumours.week.few")
    return speech("rumours.week", many=band(many))


def _one(note: OneRumourNote, rumour: Rumour, reader: Reader, context: Context) -> Card:
    speech = reader.speech
    said = [Paragraph(speech("rumours.text", text=text)) for text in rumour.texts[:TEXTS]]
    more = (Paragraph(speech("rumours.more")),) if len(rumour.texts) > TEXTS else ()
    rows = (
        (speech.line("rumours.row.week"), _weeks(rumour, speech)),
        (speech.line("rumours.row.where"), _where(rumour, reader)),
        (speech.line("rumours.row.whom"), _whom(rumour, reader)),
    )
    return Card(
        speech.line("rumours.heard"),
        (
            *said,
            *more,
            Facts(rows),
            *_buttons(note, speech, several=len(context.rumours.open) > 1),
            Paragraph(speech("rumours.quote"), muted=True),
        ),
    )


def _buttons(note: OneRumourNote, speech: Speech, *, several: bool) -> tuple[Block, ...]:
    every = Button(speech.line("rumours.list"), Tap("rumours.list"))
    if note.sure:
        sure = Button(speech.line("rumours.sure"), Tap("rumours.sure"), "danger")
        keep = Button(speech.line("rumours.keep"), Tap("rumours.one", note.rumour))
        return (Paragraph(speech("rumours.asks")), Row((sure, keep)))
    row = [Button(speech.line("rumours.facts"), Tap("rumours.facts"), "primary")]
    if several:
        row.append(Button(speech.line("rumours.same"), Tap("rumours.same")))
    row += [Button(speech.line("rumours.aside"), Tap("rumours.aside")), every]
    return (Row(tuple(row)),)


def draw_form(note: RumourDeskForm, reader: Reader, context: Context) -> Form:
    """Draw a form about one rumour."""
    speech, waiting = reader.speech, context.rumours.open
    cancel = speech.line("button.cancel")
    found = waiting.get(note.rumour)
    if isinstance(note, SameRumourForm):
        others = [one for one in waiting.values() if one.key != note.rumour][:CHOICES]
        options = tuple(Option(one.key, _cut(one.texts[0], OPTION)) for one in others)
        field = ChoiceField("into", speech.line("rumours.field.into"), options, required=True)
        title, submit = speech.line("rumours.same"), speech.line("button.save")
        lead = speech.line("rumours.same.lead", text=_cut(found.texts[0], LINE)) if found else ""
        return Form(title, (field,), submit, cancel, Tap("rumours.merged"), lead)
    fields = tuple(
        TextField(
            f"facts_{code}",
            speech.line("rumours.field.facts", language=speech.line(f"language.{code}")),
            lines="many",
            required=True,
            hint=speech.line("rumours.hint"),
            longest=BODY,
        )
        for code in languages()
    )
    lead = speech.line("rumours.facts.lead", whom=_whom(found, reader)) if found else ""
    title, submit = speech.line("rumours.facts"), speech.line("rumours.submit")
    return Form(title, fields, submit, cancel, Tap("rumours.answered"), lead)


def _weeks(rumour: Rumour, speech: Speech) -> str:
    weeks = [speech.full_day(one) for one in rumour.weeks]
    key = "rumours.weeks" if len(weeks) > 1 else "rumours.week_of"
    return speech.line(key, first=weeks[0], last=weeks[-1])


def _where(rumour: Rumour, reader: Reader) -> str:
    """Name the groups that may be named, and say so where there are others."""
    speech = reader.speech
    names = [_name(one, reader) for one in rumour.segments]
    if rumour.nowhere:
        names.append(speech.line("rumours.untold" if names else "rumours.somewhere"))
    return ", ".join(names)


def _whom(rumour: Rumour, reader: Reader) -> str:
    if rumour.nowhere or not rumour.segments:
        return reader.speech.line("merit.everybody")
    return ", ".join(_name(one, reader) for one in rumour.segments)


def _name(segment: str, reader: Reader) -> str:
    return reader.speech.own_line(reader.programme.segment(segment).name) or segment


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"

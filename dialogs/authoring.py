"""An author's desk: write a message, see it as its people will, hand it in, and use it again.

A draft is its author's alone. What can be wrong is said while it is written; what is still missing
stands on the draft's card, and nothing can be handed in before it is there.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

from dialogs.authoring_forms import EMPTY, Written, audience_from, check_from, words_from
from dialogs.authoring_notes import (
    AudienceForm,
    BroadcastsNote,
    CheckForm,
    DraftNote,
    DropNote,
    HandedInNote,
    NotAuthorNote,
    OverviewNote,
    PreviewNote,
    TestNote,
    WordsForm,
)
from dialogs.authoring_ready import todo
from dialogs.manners import StaleNote
from dialogs.panel import ask as ask_panel
from dialogs.reader import speech
from dialogs.speech import languages
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from nudges.authoring import Reach
from nudges.broadcast import (
    Broadcast,
    Draft,
    DraftDropped,
    Drafted,
    DraftKept,
    HandedIn,
    Stage,
    alone,
)
from nudges.broadcast_notes import ProgressNote
from nudges.broadcast_replies import RepliesNote
from nudges.delivery import Note
from nudges.roles import Act
from nudges.steering import Followed

How = Literal["agreeing", "waiting", "released", "later"]
HANDED_IN: tuple[How, ...] = get_args(How)
"""What may happen next with what was handed in."""
DRAFTS, TEMPLATES = 20, 10
"""At most so many of each: a desk that nobody can look over helps nobody."""
STALE = Step(show=(StaleNote(),))


def open_desk(_turn: Turn, context: Context) -> Step:
    """Show someone's drafts and messages to those who may write any."""
    note = BroadcastsNote() if context.may(Act.DRAFT) else NotAuthorNote()
    return Step(show=(note,))


def read(turn: Turn, context: Context) -> Step:
    """Take a press on the desk, or a form of it."""
    if not context.may(Act.DRAFT):
        return Step(show=(NotAuthorNote(),))
    note = context.message.note if context.message else None
    match turn, note:
        case Filled(verb="draft.words", values=values), BroadcastsNote():
            return _begun(values, context)
        case _, BroadcastsNote():
            return _listed(turn, context)
        case _, DraftNote(key) | PreviewNote(key) | TestNote(key) | DropNote(key):
            found = context.authoring.drafts.get(key)
            return _with(turn, note, found, context) if found else Step(instead=BroadcastsNote())
        case Tapped(verb=verb), OverviewNote(number):
            found = context.broadcasts.get(number)
            return _used(verb, found, context) if found and mine(found, context) else STALE
        case _:
            return STALE


def mine(found: Broadcast, context: Context) -> bool:
    """Say whether someone looks after a message: its author, and the CRM team after all."""
    return found.author == context.person.id or context.may(Act.WORK_QUEUE)


def _listed(turn: Turn, context: Context) -> Step:
    drafts = context.authoring.drafts
    match turn:
        case Tapped(verb="draft.new") if _room(context, template=False):
            return Step(form=WordsForm())
        case Tapped(verb="draft.open", choice=key) if key in drafts:
            return Step(instead=DraftNote(key))
        case Tapped(verb="draft.use", choice=key) if key in drafts:
            return _copied(drafts[key].draft, context)
        case Tapped(verb="message.open", choice=choice) if choice.isdecimal():
            return Step(instead=OverviewNote(int(choice)))
        case _:
            return Step(instead=BroadcastsNote())


def _room(context: Context, *, template: bool) -> bool:
    kept = sum(one.template is template for one in context.authoring.drafts.values())
    return kept < (TEMPLATES if template else DRAFTS)


def _begun(values: Mapping[str, str], context: Context) -> Step:
    found = words_from(values, EMPTY)
    if found.errors:
        return Step(form=WordsForm(), errors=found.errors)
    return _kept(context.key, found.draft)


def _kept(key: str, draft: Draft) -> Step:
    return Step(instead=DraftNote(key, saved=True), facts=(DraftKept(key, draft),))


def _copied(draft: Draft, context: Context) -> Step:
    """Begin a draft with the words of another; when it leaves is to be chosen anew."""
    if not _room(context, template=False):
        return Step(instead=BroadcastsNote())
    return _kept(context.key, replace(draft, begins=None, size=0))


def _with(turn: Turn, note: Note | None, found: Drafted, context: Context) -> Step:
    """Do something with a draft."""
    match turn:
        case Filled(verb="draft.words", values=values):
            return _changed(found, words_from(values, found.draft), WordsForm(found.key))
        case Filled(verb="draft.audience", values=values):
            written = audience_from(values, found.draft, context)
            return _changed(found, written, AudienceForm(found.key))
        case Filled(verb="draft.check", values=values):
            return _changed(found, check_from(values, found.draft), CheckForm(found.key))
        case Tapped(verb=verb, choice=choice):
            return _pressed(verb, choice, note, found, context)
        case _:
            return STALE


def _changed(found: Drafted, written: Written, form: Note) -> Step:
    if written.errors:
        return Step(form=form, errors=written.errors)
    return Step(
        instead=DraftNote(found.key, saved=True),
        facts=(DraftKept(found.key, written.draft, found.template),),
    )


def _pressed(verb: str, choice: str, note: Note | None, found: Drafted, context: Context) -> Step:
    key = found.key
    match verb:
        case "draft.write":
            return Step(form=WordsForm(key))
        case "draft.whom" if not found.draft.corrects:
            return Step(form=AudienceForm(key))
        case "draft.asks":
            return Step(form=CheckForm(key))
        case "draft.preview" if choice in languages():
            return Step(instead=PreviewNote(key, choice))
        case "draft.test":
            return Step(show=tuple(TestNote(key, code) for code in _written(found.draft)))
        case "draft.back":
            return Step(instead=DraftNote(key))
        case "broadcast.got" if isinstance(note, TestNote):
            return Step(instead=replace(note, got=True))
        case "draft.panel":
            return ask_panel(found, context)
        case "draft.hand_in":
            return _handed_in(found, context)
        case _:
            return _put_away(verb, found, context)


def _written(draft: Draft) -> tuple[str, ...]:
    """Return the languages in which a draft can be shown."""
    said = draft.message
    return tuple(code for code in languages() if said.title.get(code) or said.body.get(code))


def _put_away(verb: str, found: Drafted, context: Context) -> Step:
    match verb:
        case "draft.template" if _room(context, template=True):
            kept = replace(found.draft, begins=None, series=0, corrects=0)
            return Step(
                instead=BroadcastsNote(), facts=(DraftKept(found.key, kept, template=True),)
            )
        case "draft.drop":
            return Step(instead=DropNote(found.key))
        case "draft.drop_it":
            return Step(instead=BroadcastsNote(), facts=(DraftDropped(found.key),))
        case "draft.list":
            return Step(instead=BroadcastsNote())
        case "draft.use":
            return _copied(found.draft, context)
        case _:
            return STALE


def _handed_in(found: Drafted, context: Context) -> Step:
    """Hand a draft in, unless something is missing: its card says what."""
    reach = context.authoring.reaches.get(found.key, Reach())
    voice = speech(context.person.language, context.programme)
    if found.template or todo(found, reach, context, voice):
        return Step(instead=DraftNote(found.key))
    sender = found.draft.message.sender
    message = replace(found.draft.message, sender="" if sender == context.person.id else sender)
    draft = replace(found.draft, message=message, rule=reach.rule, size=reach.size)
    second = not alone(draft, context.person)
    stage = Stage.WAITING if second else Stage.RELEASED
    stage = Stage.AGREEING if message.sender else stage
    fact = HandedIn(draft, stage, found.key, second)
    return Step(instead=HandedInNote(_how(stage, draft)), facts=(fact,))


def _how(stage: Stage, draft: Draft) -> How:
    match stage:
        case Stage.AGREEING:
            return "agreeing"
        case Stage.WAITING:
            return "waiting"
        case _:
            return "later" if draft.begins else "released"


def _followed(found: Broadcast, context: Context) -> Step:
    """Show how far it is, on a card that keeps up from now on."""
    here = (Followed(found.number, context.message.root),) if context.message else ()
    return Step(instead=ProgressNote(found.number), facts=here)


def _used(verb: str, found: Broadcast, context: Context) -> Step:
    """Do something with a message that was handed in."""
    match verb:
        case "message.follow" if found.stage in {Stage.BEGUN, Stage.RECALLED}:
            return _followed(found, context)
        case "message.replies":
            return Step(instead=RepliesNote(found.number))
        case "message.copy":
            return _copied(replace(found.draft, series=0, corrects=0), context)
        case "message.again":
            series = found.draft.series or found.number
            return _copied(replace(found.draft, series=series, corrects=0), context)
        case "message.correct" if found.stage is Stage.BEGUN:
            return _copied(replace(found.draft, series=0, corrects=found.number), context)
        case "draft.list":
            return Step(instead=BroadcastsNote())
        case _:
            return STALE

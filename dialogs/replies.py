"""What people wrote back, in the author's chat: read it, answer it, or put it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from dialogs.authoring import mine
from dialogs.authoring_notes import BroadcastsNote
from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Divider, Form, Paragraph, Row, Tap, TextField
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import plain
from dialogs.speech import Speech
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from nudges.authoring import Waiting
from nudges.broadcast import Broadcast, ReplyDone, WrittenBack
from nudges.broadcast_replies import ANSWER, AnsweredNote, RepliesNote
from nudges.delivery import Delivery, Note, Priority


@dataclass(frozen=True, slots=True)
class AnswerForm(Note):
    """An answer to what someone wrote back."""

    reply: int
    card: Literal["answer_form"] = "answer_form"

    @property
    def replies(self) -> tuple[int, ...]:
        """Return what was written back."""
        return (self.reply,)


def read(turn: Turn, context: Context) -> Step:
    """Answer what someone wrote back, or put it away."""
    note = context.message.note if context.message else None
    if not isinstance(note, RepliesNote):
        return Step(show=(StaleNote(),))
    found = context.broadcasts.get(note.broadcast)
    if found is None or not mine(found, context):
        return Step(show=(StaleNote(),))
    waiting = context.authoring.waiting.get(note.broadcast, Waiting())
    match turn:
        case Tapped(verb="reply.list"):
            return Step(instead=BroadcastsNote())
        case Tapped(verb=verb, choice=choice):
            reply = _chosen(choice, waiting)
            return _pressed(verb, reply, note) if reply else Step(instead=RepliesNote(found.number))
        case Filled(choice=choice, values=values):
            reply = _chosen(choice, waiting)
            if reply is None:
                return Step(instead=RepliesNote(found.number))
            return _answered(reply, values, found, context)
        case _:
            return Step(show=(StaleNote(),))


def _chosen(choice: str, waiting: Waiting) -> WrittenBack | None:
    return next((one for one in waiting.oldest if str(one.number) == choice), None)


def _pressed(verb: str, reply: WrittenBack, note: RepliesNote) -> Step:
    match verb:
        case "reply.answer":
            return Step(form=AnswerForm(reply.number))
        case "reply.done":
            again = RepliesNote(note.broadcast)
            return Step(instead=again, facts=(ReplyDone(reply.number),))
        case _:
            return Step(show=(StaleNote(),))


def _answered(
    reply: WrittenBack, values: Mapping[str, str], found: Broadcast, context: Context
) -> Step:
    """Keep an answer, and send it to whoever wrote; the words stand in one place."""
    text = values.get("text", "").strip()[:ANSWER]
    if not text:
        return Step(form=AnswerForm(reply.number), errors=(("text", "replies.error.empty"),))
    told = Delivery(
        f"reply_answered:{reply.number}",
        reply.person,
        AnsweredNote(found.number, reply.number),
        Priority.INTERACTIVE,
        context.now,
    )
    return Step(
        instead=RepliesNote(found.number), facts=(ReplyDone(reply.number, text),), queue=(told,)
    )


def draw_replies(note: RepliesNote, reader: Reader, context: Context) -> Card:
    """Draw what waits for an answer, the oldest first; no name where that would tell on people."""
    speech = reader.speech
    found = reader.broadcasts.get(note.broadcast)
    waiting = context.authoring.waiting.get(note.broadcast, Waiting())
    if found is None or not waiting.count:
        body = Paragraph(speech("replies.none"))
        return Card(
            speech.line("replies.title.none"), (body, Row((command(speech, "broadcasts"),)))
        )
    title = speech.own_line(found.draft.message.title)
    blocks: list[Block] = [Paragraph(speech("replies.body", n=waiting.count, title=title))]
    for place, one in enumerate(waiting.oldest, 1):
        blocks += _one(place, one, found, speech, context.person.zone)
    if waiting.count > len(waiting.oldest):
        rest = waiting.count - len(waiting.oldest)
        blocks += [Divider(), Paragraph(speech("replies.more", n=rest), muted=True)]
    blocks += [Divider(), Row((Button(speech.line("draft.list"), Tap("reply.list")),))]
    return Card(speech.line("replies.title"), tuple(blocks))


def _one(place: int, one: WrittenBack, found: Broadcast, speech: Speech, zone: str) -> list[Block]:
    name = speech.line("replies.someone") if found.draft.exposes else one.name or one.person
    at = speech.day(one.at.astimezone(ZoneInfo(zone)).date())
    choice = str(one.number)
    return [
        Divider(),
        Paragraph(speech("replies.one", n=place, name=name, day=at)),
        *(Paragraph(plain(line)) for line in one.text.splitlines() if line.strip()),
        Row(
            (
                Button(speech.line("replies.answer.n", n=place), Tap("reply.answer", choice)),
                Button(speech.line("replies.done.n", n=place), Tap("reply.done", choice)),
            )
        ),
    ]


def draw_answer_form(note: AnswerForm, reader: Reader) -> Form:
    """Draw the form for an answer."""
    speech = reader.speech
    field = TextField(
        "text", speech.line("replies.your_answer"), lines="many", required=True, longest=ANSWER
    )
    return Form(
        speech.line("replies.answer"),
        (field,),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("reply.answered", str(note.reply)),
        speech.line("replies.lead"),
    )


def draw_answered(note: AnsweredNote, reader: Reader, context: Context) -> Card:
    """Draw the answer to what somebody wrote back, with their own words."""
    speech = reader.speech
    reply, found = context.replies.get(note.reply), reader.broadcasts.get(note.broadcast)
    author = found.name if found and found.name else speech.line("broadcast.team")
    if reply is None:
        return Card(speech.line("reply_answered.title", author=author))
    return Card(
        speech.line("reply_answered.title", author=author),
        (
            Paragraph(plain(reply.answer)),
            Divider(),
            Paragraph(speech("reply_answered.yours", text=reply.text), muted=True),
        ),
    )

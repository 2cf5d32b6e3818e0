"""How an author's desk looks: the list, a draft with what it needs, a message that was sent."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dialogs.authoring_notes import (
    BroadcastsNote,
    DraftNote,
    DropNote,
    HandedInNote,
    OverviewNote,
    PreviewNote,
    TestNote,
)
from dialogs.authoring_ready import advice, todo
from dialogs.believing import told, why
from dialogs.broadcasting import draw_message, people_in, rule_in, when
from dialogs.buttons import command
from dialogs.card import (
    BUTTONS_A_ROW,
    Block,
    Button,
    Card,
    Divider,
    Facts,
    Link,
    Paragraph,
    Row,
    Tap,
)
from dialogs.panel import said_by
from dialogs.reader import Reader
from dialogs.rich import Span, plain
from dialogs.speech import Speech, languages
from dialogs.turns import Context
from nudges.audience import segment_of
from nudges.audience_language import parse
from nudges.authoring import Reach, Waiting
from nudges.belief import may_send, sender_of, suggested
from nudges.broadcast import Broadcast, Draft, Drafted, Signed, Stage, alone, sign

SHORT, OPENING = 24, 280
"""Characters of a title on a button, and of a body that are enough to know it by."""
SHOWN = 5
OFTEN = 5
"""A key message is said five to seven times before people have heard it."""


def draw(
    note: BroadcastsNote | DraftNote | DropNote | OverviewNote | PreviewNote | TestNote,
    reader: Reader,
    context: Context,
) -> Card:
    """Draw any card of the desk that shows what its author has at hand."""
    match note:
        case BroadcastsNote():
            return draw_broadcasts(reader, context)
        case DraftNote():
            return draw_draft(note, reader, context)
        case PreviewNote():
            return draw_preview(note, reader, context)
        case TestNote():
            return draw_test(note, reader, context)
        case DropNote(key):
            return draw_drop(reader, context.authoring.drafts.get(key))
        case OverviewNote():
            return draw_overview(note, reader, context)


def draw_broadcasts(reader: Reader, context: Context) -> Card:
    """Draw drafts, templates and what was handed in, each with the way to it."""
    speech, desk = reader.speech, context.authoring
    drafts = [one for one in desk.drafts.values() if not one.template]
    templates = [one for one in desk.drafts.values() if one.template]
    blocks: list[Block] = [
        Paragraph(speech("broadcasts.body")),
        Row((Button(speech.line("broadcasts.new"), Tap("draft.new"), "primary"),)),
    ]
    blocks += _section(speech, "drafts", drafts, "draft.open")
    blocks += _section(speech, "templates", templates, "draft.use")
    if desk.handed_in:
        blocks += [Divider(), Paragraph(speech("broadcasts.handed_in"))]
        rows = tuple(
            (f"{b.number} · {_title(b.draft, speech)}", _stage(b, speech, context))
            for b in desk.handed_in
        )
        blocks.append(Facts(rows))
        blocks += _rows(
            Button(f"{b.number} · {_short(b.draft, speech)}", Tap("message.open", str(b.number)))
            for b in desk.handed_in
        )
    return Card(speech.line("broadcasts.title"), tuple(blocks))


def _section(speech: Speech, name: str, found: list[Drafted], verb: str) -> Iterator[Block]:
    if found:
        yield Divider()
        yield Paragraph(speech(f"broadcasts.{name}"))
        yield from _rows(
            Button(_short(one.draft, speech), Tap(verb, one.key)) for one in found[: 2 * SHOWN]
        )


def _rows(buttons: Iterable[Button]) -> Iterator[Row]:
    every = list(buttons)
    size = BUTTONS_A_ROW - 2
    return (Row(tuple(every[at : at + size])) for at in range(0, len(every), size))


def _title(draft: Draft, speech: Speech) -> str:
    return speech.own_line(draft.message.title) or speech.line("broadcasts.untitled")


def _short(draft: Draft, speech: Speech) -> str:
    title = _title(draft, speech)
    return title if len(title) <= SHORT else f"{title[: SHORT - 1].rstrip()}…"


def _stage(found: Broadcast, speech: Speech, context: Context) -> str:
    said = speech.line(f"stage.{found.stage}", sender=found.sender.name)
    by = found.name if found.author != context.person.id else ""
    return speech.line("stage.by", name=by, stage=said) if by else said


def draw_not_author(reader: Reader) -> Card:
    """Draw that only authors write to many, and who makes someone one."""
    speech = reader.speech
    return Card(
        speech.line("not_author.title"),
        (Paragraph(speech("not_author.body")), Row((command(speech, "help"),))),
    )


def draw_draft(note: DraftNote, reader: Reader, context: Context) -> Card:
    """Draw a draft: what it says and for whom, what it still needs, and what it leaves out."""
    speech = reader.speech
    found = context.authoring.drafts.get(note.key)
    if found is None:
        return draw_gone(reader)
    draft, reach = found.draft, context.authoring.reaches.get(note.key, Reach())
    title = _title(draft, speech)
    needs = todo(found, reach, context, speech)
    blocks: list[Block] = []
    if opening := speech.own_line(draft.message.body):
        text = " ".join(opening.split())
        text = text if len(text) <= OPENING else f"{text[:OPENING].rstrip()}…"
        blocks.append(Paragraph(plain(text)))
    blocks.append(Facts(tuple(_facts(draft, reach, speech, context))))
    if needs:
        blocks.append(Paragraph(speech("draft.needs")))
        blocks += [Paragraph(plain(f"• {line}")) for line in needs]
    if voices := context.authoring.panels.get(note.key, ()):
        blocks += [Paragraph(speech("draft.panel.said")), *said_by(voices, reader)]
    for code, lines in advice(draft, reader.library, speech).items():
        if lines:
            language = speech.line(f"language.{code}")
            blocks.append(Paragraph(speech("draft.advice", language=language)))
            blocks += [Paragraph(plain(f"• {line}"), muted=True) for line in lines]
    blocks += _buttons(found, reach, speech, context, ready=not needs)
    return Card(speech.line("draft.saved", title=title) if note.saved else title, tuple(blocks))


def _facts(
    draft: Draft, reach: Reach, speech: Speech, context: Context
) -> Iterator[tuple[str, str]]:
    said = draft.message
    yield speech.line("write.kind"), speech.line(f"write.kind.{said.kind}")
    if said.goal:
        yield speech.line("write.goal"), said.goal
    if said.link:
        yield speech.line("approve.link"), urlsplit(said.link.url).hostname or said.link.url
    if draft.rule:
        yield speech.line("approve.for"), rule_in(reach.rule or draft.rule, speech)
    if reach.size:
        yield speech.line("approve.people"), people_in(reach.size, speech, exposes=draft.exposes)
    if reach.some:
        yield speech.line("draft.some"), ", ".join(reach.some)
    if draft.rule:
        zone = context.person.zone
        yield speech.line("approve.when"), when(draft, speech, zone)
    yield from _sender(draft, speech, context)
    receipt = "yes" if said.acknowledge else "no"
    yield speech.line("write.acknowledge"), speech.line(f"write.acknowledge.{receipt}")
    if said.check:
        yield speech.line("write.check"), speech.own_line(said.check.question)
    if draft.corrects:
        yield speech.line("draft.corrects"), str(draft.corrects)
    if draft.series:
        earlier = context.authoring.series.get(draft.series, ())
        yield speech.line("draft.series"), speech.line("draft.series.nth", n=len(earlier) + 1)


def _sender(draft: Draft, speech: Speech, context: Context) -> Iterator[tuple[str, str]]:
    """Say in whose name it goes and who believes them; said again, who might be next."""
    senders, mine = context.authoring.senders, context.person.id
    results = senders.of(segment_of(parse(draft.rule)) if draft.rule else "")
    sender = next((p for p in senders.people if p.id == draft.message.sender), None)
    if sender and sender.id != mine:
        name = sender.name or sender.id
        how = told(results.get(sender.id), speech)
        yield speech.line("write.sender"), speech.line("draft.sender", name=name, how=how)
    elif draft.series:
        earlier = context.authoring.series.get(draft.series, ())
        used = [sender_of(one)[0] for one in earlier]
        able = [one for one in senders.people if may_send(one, mine)]
        if found := suggested(able, results, used)[:1]:
            name = next(one.name or one.id for one in able if one.id == found[0].sender)
            reason = why(found[0], speech)
            yield speech.line("draft.next"), speech.line("draft.next.why", name=name, why=reason)


def _buttons(
    found: Drafted, reach: Reach, speech: Speech, context: Context, *, ready: bool
) -> Iterator[Block]:
    draft = found.draft
    written = [c for c in languages() if draft.message.title.get(c) or draft.message.body.get(c)]
    yield Divider()
    first = "primary" if not draft.rule else "plain"
    yield Row(
        (
            Button(speech.line("write.words"), Tap("draft.write")),
            *(
                ()
                if draft.corrects
                else (
                    Button(speech.line("write.audience"), Tap("draft.whom"), first),
                    Button(speech.line("write.check"), Tap("draft.asks")),
                )
            ),
        )
    )
    look = [
        Button(
            speech.line("draft.preview", language=speech.line(f"language.{code}")),
            Tap("draft.preview", code),
        )
        for code in written
    ]
    if written:
        yield Row((*look, Button(speech.line("draft.test"), Tap("draft.test"))))
    if reach.size and not draft.exposes and not found.template:
        yield Row((Button(speech.line("draft.panel"), Tap("draft.panel")),))
    last: list[Button] = []
    if found.template:
        last.append(Button(speech.line("draft.use"), Tap("draft.use"), "primary"))
    elif ready:
        last.append(Button(_send(draft, reach, speech, context), Tap("draft.hand_in"), "primary"))
    if not found.template:
        last.append(Button(speech.line("draft.template"), Tap("draft.template")))
    last += [
        Button(speech.line("draft.drop"), Tap("draft.drop")),
        Button(speech.line("draft.list"), Tap("draft.list")),
    ]
    yield Row(tuple(last))


def _send(draft: Draft, reach: Reach, speech: Speech, context: Context) -> str:
    """Say what handing in does: ask somebody, or send it to so many people."""
    size = reach.size
    if draft.message.sender or not alone(_sized(draft, size), context.person):
        return speech.line("draft.hand_in")
    return speech.line("draft.send", people=people_in(size, speech, exposes=draft.exposes))


def _sized(draft: Draft, size: int) -> Draft:
    return Draft(draft.message, draft.rule, size)


def draw_preview(note: PreviewNote, reader: Reader, context: Context) -> Card:
    """Draw a draft as its people would see it, and below that the way back."""
    found = context.authoring.drafts.get(note.key)
    if found is None:
        return draw_gone(reader)
    card = draw_message(
        found.draft,
        _spoken(note.language, reader),
        signed(found.draft, context),
        context.person.name,
        got=False,
    )
    speech = reader.speech
    others = (
        Button(
            speech.line("draft.preview", language=speech.line(f"language.{code}")),
            Tap("draft.preview", code),
        )
        for code in languages()
        if code != note.language
    )
    inert = tuple(block for block in card.body if not isinstance(block, Row))
    shown = tuple(
        Paragraph((Span(f"[ {button.label} ]", bold=True),))
        for row in card.body
        if isinstance(row, Row)
        for button in row.buttons
        if isinstance(button, Button)
    )
    links = tuple(
        Row((button,))
        for row in card.body
        if isinstance(row, Row)
        for button in row.buttons
        if isinstance(button, Link)
    )
    back = Button(speech.line("draft.back"), Tap("draft.back"), "primary")
    return Card(card.title, (*inert, *links, *shown, Divider(), Row((back, *others))))


def draw_test(note: TestNote, reader: Reader, context: Context) -> Card:
    """Draw a draft exactly as its people would get it."""
    found = context.authoring.drafts.get(note.key)
    if found is None:
        return draw_gone(reader)
    spoken = _spoken(note.language, reader)
    author = context.person.name
    return draw_message(found.draft, spoken, signed(found.draft, context), author, got=note.got)


def _spoken(language: str, reader: Reader) -> Reader:
    voice = Speech(language, reader.speech.names)
    return Reader(voice, reader.library, reader.programme, reader.segment)


def signed(draft: Draft, context: Context) -> Signed:
    """Return in whose name a draft goes."""
    mine = context.person.id
    sender = next(
        (p for p in context.authoring.senders.people if p.id == draft.message.sender), None
    )
    return (
        Signed(context.person.name)
        if sender is None or sender.id == mine
        else sign(sender.name, sender.roles)
    )


def draw_gone(reader: Reader) -> Card:
    """Draw that a draft is not there any more."""
    speech = reader.speech
    return Card(
        speech.line("draft.gone.title"),
        (Paragraph(speech("draft.gone.body")), Row((command(speech, "broadcasts"),))),
    )


def draw_drop(reader: Reader, found: Drafted | None) -> Card:
    """Draw the question whether a draft is really to be thrown away."""
    speech = reader.speech
    if found is None:
        return draw_gone(reader)
    return Card(
        speech.line("drop.title"),
        (
            Paragraph(speech("drop.body", title=_title(found.draft, speech))),
            Row(
                (
                    Button(speech.line("drop.yes"), Tap("draft.drop_it"), "danger"),
                    Button(speech.line("draft.back"), Tap("draft.back")),
                )
            ),
        ),
    )


def draw_handed_in(note: HandedInNote, reader: Reader) -> Card:
    """Draw what happens next with a draft that was handed in."""
    speech = reader.speech
    return Card(
        speech.line("handed_in.title"),
        (Paragraph(speech(f"handed_in.{note.how}")), Row((command(speech, "broadcasts"),))),
    )


def draw_overview(note: OverviewNote, reader: Reader, context: Context) -> Card:
    """Draw a message that was handed in: where it is, and what can be done with it."""
    speech = reader.speech
    found = reader.broadcasts.get(note.number)
    if found is None:
        return draw_gone(reader)
    draft = found.draft
    at = found.at.astimezone(ZoneInfo(context.person.zone))
    rows = (
        (speech.line("overview.stage"), _stage(found, speech, context)),
        (speech.line("approve.for"), rule_in(draft.rule, speech)),
        (speech.line("approve.people"), people_in(draft.size, speech, exposes=draft.exposes)),
        (speech.line("overview.at"), speech.moment(at)),
    )
    buttons = [
        Button(speech.line("overview.copy"), Tap("message.copy")),
        Button(speech.line("overview.again"), Tap("message.again")),
    ]
    if waiting := context.authoring.waiting.get(note.number, Waiting()).count:
        label = speech.line("overview.replies", n=waiting)
        buttons.insert(0, Button(label, Tap("message.replies"), "primary"))
    if found.stage in {Stage.BEGUN, Stage.RECALLED}:
        buttons.insert(0, Button(speech.line("overview.follow"), Tap("message.follow")))
    if found.stage is Stage.BEGUN and not draft.corrects:
        buttons.append(Button(speech.line("overview.correct"), Tap("message.correct")))
    buttons.append(Button(speech.line("draft.list"), Tap("draft.list")))
    return Card(
        speech.line("overview.title", title=_title(draft, speech), number=found.number),
        (Facts(rows), *_in_rows(buttons), Paragraph(speech("overview.often"), muted=True)),
    )


def _in_rows(buttons: Sequence[Button]) -> Iterator[Row]:
    """Divide buttons over rows that every platform shows."""
    for start in range(0, len(buttons), BUTTONS_A_ROW):
        yield Row(tuple(buttons[start : start + BUTTONS_A_ROW]))

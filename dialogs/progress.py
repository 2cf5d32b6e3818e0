"""The card on which an author follows a broadcast: how far it got, and buttons to hold it."""

from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from dialogs.card import Block, Button, Card, Facts, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Span
from dialogs.speech import Speech
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.authoring import shown
from nudges.broadcast import Broadcast
from nudges.broadcast_notes import ProgressNote, TakenBackNote
from nudges.delivery import RunState
from nudges.progress import Ends, Phase, Tally, ends, phase, tenths
from nudges.steering import Switched, TakenBack, may_steer, returnable

ALWAYS = ("sent", "queued", "acknowledged", "replied")
SOMETIMES = ("failed", "unknown", "unreachable", "left_out")
"""What is counted: always, or only where there is somebody."""
STATES = {
    "progress.pause": RunState.PAUSED,
    "progress.resume": RunState.RUNNING,
    "progress.stop_yes": RunState.STOPPED,
}
"""What a button does at once."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FEW, ROUGH, ROUGHLY = 2, 10, 5
"""The fewest minutes that are told, and from how many on in which steps."""
TENTHS = 10


def presses(turn: Turn, context: Context) -> bool:
    """Tell a button on such a card, also on one that was replaced meanwhile: it does the same."""
    note = context.message.note if context.message else None
    pressed = isinstance(turn, Tapped) and turn.verb.startswith("progress.")
    return pressed and context.genuine and isinstance(note, ProgressNote)


def read(turn: Turn, context: Context) -> Step:
    """Hold, go on, stop or take back; the last two only when asked once more."""
    note = context.message.note if context.message else None
    if not isinstance(turn, Tapped) or not isinstance(note, ProgressNote):
        return Step(show=(StaleNote(),))
    number, verb = note.broadcast, turn.verb
    found = context.broadcasts.get(number)
    if found is None or not may_steer(context.person, found):
        return Step(show=(StaleNote(),))
    plain = ProgressNote(number)
    if verb in STATES:
        return Step(instead=plain, facts=(Switched(number, STATES[verb]),))
    match verb:
        case "progress.stop":
            return Step(instead=ProgressNote(number, "stop"))
        case "progress.recall":
            return Step(instead=ProgressNote(number, "recall"))
        case "progress.recall_yes":
            return Step(instead=plain, facts=(TakenBack(number),))
        case _:
            return Step(instead=plain)


def draw_progress(note: ProgressNote, reader: Reader, context: Context) -> Card:
    """Draw how far a broadcast got, how long it will take, and what can be done with it."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    tally = context.tallies.get(note.broadcast, Tally())
    where = phase(found, tally)
    blocks: list[Block] = [
        Paragraph((Span(speech.own_line(found.draft.message.title), bold=True),))
    ]
    if not found.draft.exposes:
        blocks.append(Paragraph((Span(_bar(tally, where, speech)),)))
    blocks.append(Facts(tuple(_counts(found, tally, where, speech))))
    end = None if found.draft.exposes else ends(found, tally, context.now)
    if end is not None:
        blocks.append(Paragraph(_ends(end, context.now, context.person.zone, speech)))
    elif where == "sending":
        blocks.append(Paragraph(speech("progress.first")))
    asks = _asked(note, found, tally, where)
    if asks:
        blocks.append(Paragraph(_question(asks, found, tally, speech)))
    if buttons := _buttons(asks, found, where, speech):
        blocks.append(Row(buttons))
    small = "corrects" if found.draft.corrects else "message"
    blocks.append(
        Paragraph(
            speech(f"progress.{small}", number=found.number, of=found.draft.corrects), muted=True
        )
    )
    return Card(speech.line(f"progress.title.{where}"), tuple(blocks))


def _bar(tally: Tally, where: Phase, speech: Speech) -> str:
    """Draw a bar of ten blocks, and say beside it what it shows."""
    if where in {"recalling", "recalled"}:
        done, whole = tally.returned, tally.returned + tally.returning
        full = TENTHS * done // whole if whole else TENTHS
    else:
        done, whole, full = tally.people - tally.queued, tally.people, tenths(tally)
    beside = speech.line("progress.of", n=_number(done, speech), all=_number(whole, speech))
    return f"{'■' * full}{'□' * (TENTHS - full)} {beside}"


def _counts(found: Broadcast, tally: Tally, where: Phase, speech: Speech) -> list[tuple[str, str]]:
    """Count, in pairs; where being meant tells on people, no number is shown."""
    exposes = found.draft.exposes
    if exposes:
        return [(speech.line("approve.people"), speech.line("approve.untold"))]
    counts = {name: getattr(tally, name) for name in (*ALWAYS, *SOMETIMES)}
    if where in {"recalling", "recalled"}:
        counts = {"returned": tally.returned, "returning": tally.returning} | {
            name: counts[name] for name in ("acknowledged", "replied")
        }
    elif found.draft.corrects:
        counts = {"returned": tally.sent, "returning": tally.queued} | {
            name: counts[name] for name in SOMETIMES
        }
    told = {n: c for n, c in counts.items() if c or n not in SOMETIMES}
    return [(speech.line(f"progress.count.{name}"), _number(n, speech)) for name, n in told.items()]


def counted(n: int, speech: Speech, *, exposes: bool) -> str:
    """Write a number of people; none is told where it would tell on them."""
    told = shown(n, exposes=exposes)
    return speech.line("approve.untold") if told is None else _number(told, speech)


def _number(n: int, speech: Speech) -> str:
    return speech.number(n, "#,##0")


def _ends(end: Ends, now: datetime, zone: str, speech: Speech) -> tuple[Span, ...]:
    """Say how long it will take: in minutes, or until when."""
    left = end.at - now
    if left < MINUTE:
        return speech("progress.soon")
    if left < HOUR:
        minutes = max(FEW, ceil(left / MINUTE))
        if minutes > ROUGH:
            minutes = ceil(minutes / ROUGHLY) * ROUGHLY
        return speech("progress.minutes", n=minutes)
    how = "later" if end.later else "until"
    return speech(f"progress.{how}", at=speech.moment(end.at.astimezone(ZoneInfo(zone))))


def _asked(note: ProgressNote, found: Broadcast, tally: Tally, where: Phase) -> str:
    """Return what is asked once more, as long as it can still be done."""
    if note.asks == "stop" and (where in {"sending", "paused"} or tally.state is None):
        return "stop"
    return "recall" if note.asks == "recall" and returnable(found) else ""


def _question(asks: str, found: Broadcast, tally: Tally, speech: Speech) -> tuple[Span, ...]:
    if asks == "stop":
        return speech("progress.ask.stop")
    exposes = found.draft.exposes
    told = {
        name: counted(getattr(tally, name), speech, exposes=exposes)
        for name in ("sent", "acknowledged", "replied")
    }
    return speech("progress.ask.recall", **told)


def _buttons(asks: str, found: Broadcast, where: Phase, speech: Speech) -> tuple[Button, ...]:
    if asks:
        return (
            Button(speech.line(f"progress.yes.{asks}"), Tap(f"progress.{asks}_yes"), "danger"),
            Button(speech.line("progress.back"), Tap("progress.back")),
        )
    verbs: list[str] = []
    if where == "sending":
        verbs += ["pause", "stop"]
    elif where == "paused":
        verbs += ["resume", "stop"]
    if returnable(found):
        verbs.append("recall")
    first = "resume" if where == "paused" else ""
    return tuple(
        Button(
            speech.line(f"progress.button.{verb}"),
            Tap(f"progress.{verb}"),
            "primary" if verb == first else "plain",
        )
        for verb in verbs
    )


def draw_taken_back(note: TakenBackNote, reader: Reader) -> Card:
    """Draw what its people see of a broadcast that was taken back."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    title = speech.own_line(found.draft.message.title)
    return Card(
        speech.line("taken_back.title"), (Paragraph(speech("taken_back.text", title=title)),)
    )

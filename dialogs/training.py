"""Training sessions for everybody: what is to come, a seat or a place in line, and how it was.

Who comes is known to those who prepare it, and the card on which one signs up says so. A link to
join stands on the cards of those who have a seat.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Facts, Link, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Rich
from dialogs.speech import Speech
from dialogs.training_notes import RosterNote, SessionNote, TrainedNote, TrainingsNote
from dialogs.turns import Coming, Context, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.roles import Act
from nudges.training import (
    USEFUL,
    Declined,
    FoundUseful,
    SignedUp,
    Signup,
    SignupState,
    State,
    Training,
    Useful,
    WasThere,
    Withdrew,
)
from nudges.training_notes import (
    AfterTrainingNote,
    InviteToTrainingNote,
    TrainingChangedNote,
    TrainingReminderNote,
    TrainingSeatNote,
)

SHOWN, A_ROW = 6, 2
"""How many sessions a list shows, and how many of their buttons stand side by side."""
OPENING = 24
"""Characters of a title that are enough to know its button by."""
_OF_ONE = (
    SessionNote,
    TrainedNote,
    InviteToTrainingNote,
    TrainingReminderNote,
    TrainingChangedNote,
    TrainingSeatNote,
    AfterTrainingNote,
)


def coming(context: Context) -> Step:
    """Show somebody the sessions to come that are for them."""
    if context.coming is None:
        return Step(look=Coming())
    more = len(context.coming) > SHOWN
    return Step(show=(TrainingsNote(context.coming[:SHOWN], more=more),))


def read(turn: Turn, context: Context) -> Step:
    """Take what somebody pressed on a session, or on the list of them."""
    note = context.message.note if context.message else None
    if not isinstance(turn, Tapped):
        return _stale()
    if isinstance(note, TrainingsNote):
        number = int(turn.choice) if turn.choice.isdecimal() else 0
        known = turn.verb == "training.open" and number in note.sessions
        return Step(instead=SessionNote(number)) if known else _stale()
    if not isinstance(note, _OF_ONE):
        return _stale()
    if isinstance(note, AfterTrainingNote):
        return _said_after(turn, note.session)
    return _pressed(turn, note.session, context)


def _pressed(turn: Tapped, number: int, context: Context) -> Step:
    match turn.verb:
        case "training.sign_up":
            return Step(instead=SessionNote(number), facts=(SignedUp(number),))
        case "training.withdraw":
            return Step(instead=SessionNote(number), facts=(Withdrew(number),))
        case "training.decline":
            return Step(instead=TrainedNote(number, "declined"), facts=(Declined(number),))
        case "training.roster" if sees(context, number):
            return Step(instead=RosterNote(number))
        case _:
            return _stale()


def _said_after(turn: Tapped, number: int) -> Step:
    useful: Useful | None = next((one for one in USEFUL if one == turn.choice), None)
    match turn.verb, turn.choice:
        case "training.there", "yes":
            there = WasThere(number, there=True)
            return Step(instead=AfterTrainingNote(number), facts=(there,))
        case "training.there", "no":
            missed = WasThere(number, there=False)
            return Step(instead=TrainedNote(number, "missed"), facts=(missed,))
        case "training.useful", _ if useful is not None:
            return Step(instead=TrainedNote(number, "useful"), facts=(FoundUseful(number, useful),))
        case _:
            return _stale()


def sees(context: Context, number: int) -> bool:
    """Say whether somebody may see who comes: the CRM team, and who gives it."""
    found = context.trainings.get(number)
    mine = found is not None and found.given_by(context.person.id)
    return mine or context.may(Act.EDIT_PROGRAMME)


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def draw(note: Note, reader: Reader, context: Context) -> Card:
    """Draw a card about sessions for somebody who may come."""
    if isinstance(note, TrainingsNote):
        return draw_list(note, reader, context)
    found = context.trainings.get(note.session) if isinstance(note, _OF_ONE) else None
    if found is None:
        speech = reader.speech
        return Card(
            speech.line("training.title"), (Paragraph(speech("training.gone")), _all(speech))
        )
    match note:
        case InviteToTrainingNote():
            return _invitation(found, reader, context)
        case TrainingReminderNote():
            return _reminder(found, reader, context)
        case TrainingChangedNote(_, how):
            return _changed(found, how, reader, context)
        case TrainingSeatNote():
            return _seat(found, reader, context)
        case AfterTrainingNote():
            return _after(found, reader, context)
        case TrainedNote(_, how):
            return _trained(found, how, reader)
        case _:
            return _session(found, reader, context)


def draw_list(note: TrainingsNote, reader: Reader, context: Context) -> Card:
    """Draw what is to come, the soonest first."""
    speech, now = reader.speech, context.now
    known = [one for n in note.sessions if (one := context.trainings.get(n))]
    blocks: list[Block] = [Paragraph(speech("training.list" if known else "training.none"))]
    buttons: list[Button] = []
    for n, one in enumerate(known, 1):
        title = speech.own_line(one.session.title)
        when = moments(one, context.person.zone, speech)
        line = speech(
            "training.one", n=n, title=title, when=when, state=_mark(one, context, speech)
        )
        blocks.append(Paragraph(line))
        buttons.append(Button(numbered(n, title), Tap("training.open", str(one.number))))
    blocks += [Row(tuple(buttons[at : at + A_ROW])) for at in range(0, len(buttons), A_ROW)]
    if note.more:
        blocks.append(Paragraph(speech("training.more"), muted=True))
    if not known:
        blocks.append(Row((command(speech, "help"), command(speech, "pulse"))))
    elif any(one.bookable(now) for one in known):
        blocks.append(Paragraph(speech("training.zone", zone=context.person.zone), muted=True))
    return Card(speech.line("training.title"), tuple(blocks))


def numbered(n: int, title: str) -> str:
    """Return the label of a session's button, which tells it from the others."""
    short = title if len(title) <= OPENING else f"{title[:OPENING].rstrip()}…"
    return f"{n}. {short}"


def moments(training: Training, zone: str, speech: Speech) -> str:
    """Say when a session is, where its reader is."""
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in _span(training))
    return speech.line(
        "training.when", day=speech.day(starts.date()), start=f"{starts:%H:%M}", end=f"{ends:%H:%M}"
    )


def _span(training: Training) -> tuple[datetime, datetime]:
    return training.session.starts, training.session.ends


def place(training: Training, speech: Speech) -> str:
    """Say where a session is."""
    session = training.session
    if session.place and session.link:
        return speech.line("training.both", place=session.place)
    return session.place or speech.line("training.online")


def facts(training: Training, zone: str, speech: Speech) -> Facts:
    """Draw when, where and with whom a session is."""
    session = training.session
    rows = [
        (speech.line("training.row.when"), moments(training, zone, speech)),
        (speech.line("training.row.where"), place(training, speech)),
    ]
    if training.by_name:
        rows.append((speech.line("training.row.with"), training.by_name))
    if session.about:
        rows.append((speech.line("training.row.about"), speech.line(f"area.{session.about}")))
    return Facts(tuple(rows))


def _mark(training: Training, context: Context, speech: Speech) -> str:
    """Say in a word what somebody has to do with a session."""
    mine = None if training.cancelled else training.of(context.person.id)
    if mine is not None and mine.state is SignupState.SEAT:
        return speech.line("training.mark.seat")
    if mine is not None and mine.state is SignupState.WAITING:
        return speech.line("training.mark.waiting")
    return speech.line(f"training.mark.{training.state(context.now)}")


def _why(training: Training, speech: Speech) -> tuple[Paragraph, ...]:
    text = speech.own(training.session.why)
    return (Paragraph(text),) if text else ()


def _session(training: Training, reader: Reader, context: Context) -> Card:
    speech, now = reader.speech, context.now
    mine = training.of(context.person.id)
    buttons: list[Button | Link] = []
    if mine is None and training.bookable(now):
        buttons.append(_sign_up(training, now, speech))
    elif mine is not None and now < training.session.starts and not training.cancelled:
        buttons += _of_mine(training, mine, speech)
    if sees(context, training.number):
        buttons.append(Button(speech.line("training.roster"), Tap("training.roster")))
    blocks: list[Block] = [
        *_why(training, speech),
        facts(training, context.person.zone, speech),
        Paragraph(_stands(training, mine, context, speech)),
    ]
    if buttons:
        blocks.append(Row(tuple(buttons)))
    blocks.append(_all(speech))
    if training.bookable(now):
        blocks.append(Paragraph(speech("training.names"), muted=True))
    return Card(speech.own_line(training.session.title), tuple(blocks))


def _sign_up(training: Training, now: datetime, speech: Speech) -> Button:
    full = training.state(now) is State.FULL or bool(training.waiting)
    label = speech.line("training.wait" if full else "training.sign_up")
    return Button(label, Tap("training.sign_up"), "primary")


def _of_mine(training: Training, mine: Signup, speech: Speech) -> list[Button | Link]:
    """Return what somebody who signed up can do: open the page, or not come."""
    link = training.session.link
    out: list[Button | Link] = []
    if link and mine.state is SignupState.SEAT:
        out.append(Link(speech.line("training.link"), link))
    return [*out, Button(speech.line("training.withdraw"), Tap("training.withdraw"))]


def _stands(training: Training, mine: Signup | None, context: Context, speech: Speech) -> Rich:
    """Say what somebody has to do with a session, or how full it is."""
    now = context.now
    state = training.state(now)
    if state is State.CANCELLED:
        return speech("training.state.cancelled")
    if mine is not None and mine.state is SignupState.WAITING and now < training.session.starts:
        return speech("training.waiting", n=training.ahead(context.person.id))
    if mine is not None and mine.state is SignupState.SEAT and now < training.session.starts:
        return speech("training.seat.quiet" if context.person.stopped else "training.seat")
    if state in {State.OPEN, State.FULL} and now >= training.session.starts:
        return speech("training.state.now")
    return speech(f"training.state.{state}")


def _all(speech: Speech) -> Row:
    return Row((command(speech, "training"),))


def _invitation(training: Training, reader: Reader, context: Context) -> Card:
    speech = reader.speech
    return Card(
        speech.line("training.invite.title"),
        (
            Paragraph(speech("training.invite", title=speech.own_line(training.session.title))),
            *_why(training, speech),
            facts(training, context.person.zone, speech),
            Row(
                (
                    _sign_up(training, context.now, speech),
                    Button(speech.line("training.decline"), Tap("training.decline")),
                    command(speech, "training"),
                )
            ),
            Paragraph(speech("training.names"), muted=True),
            Paragraph(speech("training.invite.why"), muted=True),
        ),
    )


def _reminder(training: Training, reader: Reader, context: Context) -> Card:
    speech, mine = reader.speech, training.of(context.person.id)
    starts = training.session.starts.astimezone(ZoneInfo(context.person.zone))
    title = speech.own_line(training.session.title)
    return Card(
        speech.line("training.reminder.title", day=speech.day(starts.date())),
        (
            Paragraph(speech("training.reminder", title=title)),
            facts(training, context.person.zone, speech),
            *((Row(tuple(_of_mine(training, mine, speech))),) if mine else ()),
            Paragraph(speech("training.reminder.pass_on"), muted=True),
        ),
    )


def _changed(training: Training, how: str, reader: Reader, context: Context) -> Card:
    speech, mine = reader.speech, training.of(context.person.id)
    title = speech.own_line(training.session.title)
    if how == "cancelled" or training.cancelled:
        return Card(
            speech.line("training.cancelled.title"),
            (
                Paragraph(
                    speech(
                        "training.cancelled",
                        title=title,
                        when=moments(training, context.person.zone, speech),
                    )
                ),
                _all(speech),
            ),
        )
    return Card(
        speech.line("training.moved.title"),
        (
            Paragraph(speech("training.moved", title=title)),
            facts(training, context.person.zone, speech),
            *((Row(tuple(_of_mine(training, mine, speech))),) if mine else ()),
            Paragraph(speech("training.moved.keep"), muted=True),
        ),
    )


def _seat(training: Training, reader: Reader, context: Context) -> Card:
    speech, mine = reader.speech, training.of(context.person.id)
    title = speech.own_line(training.session.title)
    return Card(
        speech.line("training.free.title"),
        (
            Paragraph(speech("training.free", title=title)),
            facts(training, context.person.zone, speech),
            *((Row(tuple(_of_mine(training, mine, speech))),) if mine else ()),
            Paragraph(speech("training.reminder.pass_on"), muted=True),
        ),
    )


def _after(training: Training, reader: Reader, context: Context) -> Card:
    """Draw the question how it was; of somebody who was there, only whether it was useful."""
    speech, mine = reader.speech, training.of(context.person.id)
    title = speech.own_line(training.session.title)
    state = mine.state if mine else SignupState.SEAT
    if state is SignupState.MISSED:
        return _trained(training, "missed", reader)
    if state is SignupState.ATTENDED:
        said = Paragraph(speech("training.useful", title=title))
        buttons = tuple(
            Button(speech.line(f"training.useful.{one}"), Tap("training.useful", one))
            for one in USEFUL
        )
    else:
        said = Paragraph(speech("training.there", title=title))
        buttons = tuple(
            Button(speech.line(f"training.there.{one}"), Tap("training.there", one))
            for one in ("yes", "no")
        )
    return Card(
        speech.line("training.after.title"),
        (said, Row(buttons), Paragraph(speech("training.after.who"), muted=True)),
    )


def _trained(training: Training, how: str, reader: Reader) -> Card:
    speech = reader.speech
    title = speech.own_line(training.session.title)
    return Card(
        speech.line(f"trained.{how}.title"),
        (Paragraph(speech(f"trained.{how}", title=title)), _all(speech)),
    )

"""The training desk: where the CRM team makes and changes sessions, and ticks who was there.

Who comes is shown to the CRM team and to who gives a session, because they have to prepare it.
"""

from dialogs.card import Block, Button, Card, Divider, Facts, Form, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import Speech
from dialogs.training import A_ROW, coming, facts, moments, numbered, sees
from dialogs.training import draw as draw_for_everybody
from dialogs.training_forms import attendance, kept
from dialogs.training_forms import draw as draw_session_form
from dialogs.training_notes import (
    AttendanceForm,
    RosterNote,
    SessionForm,
    TrainingDeskNote,
)
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.roles import Act
from nudges.training import (
    TAKING,
    Attendance,
    SessionCancelled,
    SessionKept,
    Signup,
    SignupState,
    Training,
)

LISTED = 10
"""How many sessions the desk shows: those to come first, then those held lately."""
NAMED = 40
"""How many names stand on a card."""


def asked(_turn: Turn, context: Context) -> Step:
    """Show the desk to the CRM team, and to everybody else what is to come for them."""
    if context.may(Act.EDIT_PROGRAMME):
        return Step(show=(TrainingDeskNote(),))
    return coming(context)


def read(turn: Turn, context: Context) -> Step:
    """Take a press on the desk, or a form of it."""
    note = context.message.note if context.message else None
    match note:
        case TrainingDeskNote() if context.may(Act.EDIT_PROGRAMME):
            return _on_desk(turn, context)
        case RosterNote(number) if sees(context, number) and number in context.trainings:
            return _on_roster(turn, context.trainings[number], context)
        case _:
            return _stale()


def _on_desk(turn: Turn, context: Context) -> Step:
    match turn:
        case Tapped(verb="training_desk.new"):
            return Step(form=SessionForm())
        case Tapped(verb="training_desk.mine"):
            return coming(context)
        case Tapped(verb="training_desk.open", choice=choice) if choice.isdecimal():
            known = int(choice) in context.trainings
            return Step(instead=RosterNote(int(choice))) if known else _stale()
        case Filled(verb="training_desk.save", values=values):
            written = kept(values, None, context)
            if written.errors:
                return Step(form=SessionForm(), errors=written.errors)
            fact = SessionKept(written.session)
            return Step(instead=TrainingDeskNote(saved=True), facts=(fact,))
        case _:
            return _stale()


def _on_roster(turn: Turn, training: Training, context: Context) -> Step:
    number, team = training.number, context.may(Act.EDIT_PROGRAMME)
    match turn:
        case Tapped(verb="training_desk.all") if team:
            return Step(instead=TrainingDeskNote())
        case Tapped(verb="training_desk.edit") if team and _editable(training, context):
            return Step(form=SessionForm(number))
        case Tapped(verb="training_desk.cancel") if team and _editable(training, context):
            return Step(instead=RosterNote(number, sure=True))
        case Tapped(verb="training_desk.keep"):
            return Step(instead=RosterNote(number))
        case Tapped(verb="training_desk.sure") if team and _editable(training, context):
            return Step(instead=RosterNote(number), facts=(SessionCancelled(number),))
        case Tapped(verb="training_desk.attendance") if training.begun(context.now):
            return Step(form=AttendanceForm(number))
        case _ if isinstance(turn, Filled):
            return _filled(turn, training, context)
        case _:
            return _stale()


def _filled(turn: Filled, training: Training, context: Context) -> Step:
    number = training.number
    if turn.verb == "training_desk.attended" and training.begun(context.now):
        there = attendance(turn.values)
        return Step(instead=RosterNote(number, saved=True), facts=(Attendance(number, there),))
    if (
        turn.verb == "training_desk.save"
        and context.may(Act.EDIT_PROGRAMME)
        and _editable(training, context)
    ):
        written = kept(turn.values, training, context)
        if written.errors:
            return Step(form=SessionForm(number), errors=written.errors)
        fact = SessionKept(written.session, number)
        return Step(instead=RosterNote(number, saved=True), facts=(fact,))
    return _stale()


def _editable(training: Training, context: Context) -> bool:
    return not training.cancelled and context.now < training.session.starts


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def draw(note: Note, reader: Reader, context: Context) -> Card:
    """Draw any card about training sessions."""
    match note:
        case TrainingDeskNote():
            return draw_desk(note, reader, context)
        case RosterNote():
            return draw_roster(note, reader, context)
        case _:
            return draw_for_everybody(note, reader, context)


def draw_form(note: Note, reader: Reader, context: Context) -> Form:
    """Draw a form of the desk.

    Raises:
        TypeError: the note is no form of it.

    """
    if not isinstance(note, SessionForm | AttendanceForm):
        message = f"{type(note).__name__} is no form of the training desk"
        raise TypeError(message)
    return draw_session_form(note, reader, context)


def draw_desk(note: TrainingDeskNote, reader: Reader, context: Context) -> Card:
    """Draw all sessions, with how many seats are taken."""
    speech = reader.speech
    known = sorted(context.trainings.values(), key=lambda one: one.session.starts)
    ahead = [one for one in known if context.now < one.session.ends]
    lately = [one for one in reversed(known) if context.now >= one.session.ends]
    shown = [*ahead, *lately][:LISTED]
    blocks: list[Block] = [
        Paragraph(speech("training_desk.lead" if shown else "training_desk.none"))
    ]
    buttons: list[Button] = []
    for n, one in enumerate(shown, 1):
        title = speech.own_line(one.session.title)
        when = moments(one, context.person.zone, speech)
        state = seats(one, context, speech)
        blocks.append(Paragraph(speech("training.one", n=n, title=title, when=when, state=state)))
        buttons.append(Button(numbered(n, title), Tap("training_desk.open", str(one.number))))
    blocks += [Row(tuple(buttons[at : at + A_ROW])) for at in range(0, len(buttons), A_ROW)]
    new = Button(speech.line("training_desk.new"), Tap("training_desk.new"), "primary")
    mine = Button(speech.line("training_desk.mine"), Tap("training_desk.mine"))
    title = "training_desk.saved" if note.saved else "training_desk.title"
    return Card(speech.line(title), (*blocks, Divider(), Row((new, mine))))


def seats(training: Training, context: Context, speech: Speech) -> str:
    """Say where a session is, and how many of its seats are taken."""
    state = speech.line(f"training_desk.state.{training.state(context.now)}")
    return speech.line(
        "training_desk.seats", state=state, taken=training.taken, seats=training.session.seats
    )


def draw_roster(note: RosterNote, reader: Reader, context: Context) -> Card:
    """Draw who comes, and what can be done with a session."""
    speech, found = reader.speech, context.trainings.get(note.session)
    if found is None or not sees(context, note.session):
        return Card(speech.line("training.title"), (Paragraph(speech("training.gone")),))
    rows = [
        *facts(found, context.person.zone, speech).rows,
        (speech.line("training_desk.row.seats"), seats(found, context, speech)),
        (speech.line("training_desk.row.rule"), found.session.rule),
    ]
    title = speech.own_line(found.session.title)
    return Card(
        speech.line("training_desk.saved") if note.saved else title,
        (
            *((Paragraph(speech("training_desk.about", title=title)),) if note.saved else ()),
            Facts(tuple(rows)),
            *_names(found, context, speech),
            *((Paragraph(speech("training_desk.cancel.ask")),) if note.sure else ()),
            *_roster_rows(found, note, context, speech),
            Paragraph(speech("training_desk.names"), muted=True),
        ),
    )


def _names(training: Training, context: Context, speech: Speech) -> list[Paragraph]:
    begun = training.begun(context.now)
    has = [one for one in training.signups if one.state in TAKING]
    there = [one for one in has if one.state is SignupState.ATTENDED]
    missed = [one for one in has if one.state is SignupState.MISSED]
    rest = [one for one in has if one.state is SignupState.SEAT]
    found: list[Paragraph] = []
    if rest or not has:
        said = _listed(rest, speech)
        found.append(
            Paragraph(speech("training_desk.unsaid" if begun else "training_desk.come", names=said))
        )
    if there:
        found.append(Paragraph(speech("training_desk.there", names=_listed(there, speech))))
    if missed:
        found.append(Paragraph(speech("training_desk.missed", names=_listed(missed, speech))))
    if training.waiting and not begun:
        names = _listed(training.waiting, speech)
        found.append(Paragraph(speech("training_desk.waiting", names=names)))
    return found


def _listed(signups: tuple[Signup, ...] | list[Signup], speech: Speech) -> str:
    names = [one.name or one.person for one in signups[:NAMED]]
    if len(signups) > NAMED:
        names.append(speech.line("training_desk.others", n=len(signups) - NAMED))
    return ", ".join(names) or speech.line("training_desk.nobody")


def _roster_rows(
    training: Training, note: RosterNote, context: Context, speech: Speech
) -> list[Row]:
    team, editable = context.may(Act.EDIT_PROGRAMME), _editable(training, context)

    def button(name: str, look: str = "plain") -> Button:
        label = speech.line(f"training_desk.{name}")
        return Button(
            label, Tap(f"training_desk.{name}"), "danger" if look == "danger" else "plain"
        )

    if note.sure and editable and team:
        return [Row((button("sure", "danger"), button("keep")))]
    first: list[Button] = []
    if team and editable:
        first += [button("edit"), button("cancel")]
    if training.begun(context.now) and any(one.state in TAKING for one in training.signups):
        first.append(button("attendance"))
    rows = [Row(tuple(first))] if first else []
    return [*rows, Row((button("all"),))] if team else rows

"""The competition desk: where the CRM team writes competitions, announces and cancels them.

It shows no number of those who take part and no points: the ledger is a file that is asked for on
the command line, and the log says who asked.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from dialogs.card import Block, Button, Card, Divider, Field, Form, Paragraph, Row, Tap, TextField
from dialogs.competition import awards, facts
from dialogs.competition_notes import (
    CompetitionDeskNote,
    CompetitionDraftNote,
    CompetitionForm,
    CompetitionsNote,
)
from dialogs.for_team import ForTeamNote
from dialogs.manners import StaleNote
from dialogs.merit_fields import (
    chosen_segments,
    day_field,
    days,
    each,
    mistakes,
    segments_field,
    span,
    words_fields,
)
from dialogs.reader import Reader
from dialogs.speech import Speech, languages
from dialogs.turns import Context, Filled, Mistake, Step, Tapped, Turn
from nudges.adoption import Metric
from nudges.competition import (
    NAME,
    NEW,
    PRIZE,
    RULE,
    Award,
    Competition,
    CompetitionCancelled,
    CompetitionKept,
    CompetitionReleased,
    Contest,
    State,
    refusals,
    today,
)
from nudges.roles import Act

LISTED = 10
OPENING = 30
A_ROW = 2
USUAL_WEEKS = 4
GOING = frozenset({State.ANNOUNCED, State.RUNNING, State.ENDED})
DeskCard: TypeAlias = CompetitionDeskNote | CompetitionDraftNote


def read(turn: Turn, context: Context) -> Step:
    """Take a press on the desk, or its form."""
    if not context.may(Act.EDIT_PROGRAMME):
        return Step(show=(ForTeamNote("crm_team"),))
    note = context.message.note if context.message else None
    match note:
        case CompetitionDeskNote():
            return _on_desk(turn, context)
        case CompetitionDraftNote(number) if number in context.merits.contests:
            return _on_draft(turn, context.merits.contests[number], context)
        case _:
            return _stale()


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def _on_desk(turn: Turn, context: Context) -> Step:
    match turn:
        case Tapped(verb="competition_desk.new"):
            return Step(form=CompetitionForm())
        case Tapped(verb="competition_desk.mine"):
            return Step(show=(CompetitionsNote(),))
        case Tapped(verb="competition_desk.open", choice=choice) if choice.isdecimal():
            known = int(choice) in context.merits.contests
            return Step(instead=CompetitionDraftNote(int(choice))) if known else _stale()
        case Filled(verb="competition_desk.save", values=values):
            return _save(values, None, context)
        case _:
            return _stale()


def _on_draft(turn: Turn, found: Contest, context: Context) -> Step:
    number, state = found.number, found.state(today(context.now))
    match turn:
        case Tapped(verb="competition_desk.all"):
            return Step(instead=CompetitionDeskNote())
        case Tapped(verb="competition_desk.edit") if state in GOING | {State.DRAFT}:
            return Step(form=CompetitionForm(number))
        case Tapped(verb="competition_desk.announce") if state is State.DRAFT:
            fact = CompetitionReleased(number)
            return Step(instead=CompetitionDraftNote(number, saved=True), facts=(fact,))
        case Tapped(verb="competition_desk.cancel") if state in GOING | {State.DRAFT}:
            return Step(instead=CompetitionDraftNote(number, sure=True))
        case Tapped(verb="competition_desk.keep"):
            return Step(instead=CompetitionDraftNote(number))
        case Tapped(verb="competition_desk.sure") if state in GOING | {State.DRAFT}:
            fact = CompetitionCancelled(number)
            return Step(instead=CompetitionDraftNote(number), facts=(fact,))
        case Filled(verb="competition_desk.save", values=values) if state in GOING | {State.DRAFT}:
            return _save(values, found, context)
        case _:
            return _stale()


def _save(values: Mapping[str, str], found: Contest | None, context: Context) -> Step:
    """Keep what was written, or show it again with what is wrong; begun it can only be longer."""
    before = found.competition if found else None
    day = today(context.now)
    begun = found is not None and found.state(day) in {State.RUNNING, State.ENDED}
    starts, ends, errors = days(values, context)
    if before is not None and begun:
        errors = [one for one in errors if one[0] != "starts"]
        wanted = Competition(
            before.key,
            before.name,
            before.rule,
            before.prize,
            before.starts,
            ends,
            before.segments,
            before.awards,
        )
    else:
        given, wrong = _awards(values)
        errors += wrong
        wanted = Competition(
            before.key if before else f"chat:{context.key}",
            each("name", values),
            each("rule", values),
            each("prize", values),
            starts,
            ends,
            chosen_segments(values, context),
            given,
        )
    played = before if begun else None
    refused = refusals(wanted, languages(), context.programme.segments, day, played)
    known = _names() if not begun else ("ends",)
    said = mistakes(refused, errors, known)
    number = found.number if found else NEW
    if said:
        return Step(form=CompetitionForm(number), errors=said)
    fact = CompetitionKept(wanted, number)
    after = CompetitionDraftNote(number, saved=True) if found else CompetitionDeskNote(saved=True)
    return Step(instead=after, facts=(fact,))


def _names() -> tuple[str, ...]:
    words = (f"{name}_{code}" for name in ("name", "rule", "prize") for code in languages())
    return (*words, "starts", "ends", "segments", *(metric.value for metric in Metric))


def _awards(values: Mapping[str, str]) -> tuple[dict[Metric, Award], list[Mistake]]:
    """Read "2 / 20" for each metric: the points, and the most of a week; empty gives none."""
    found: dict[Metric, Award] = {}
    errors: list[Mistake] = []
    for metric in Metric:
        said = values.get(metric, "").strip()
        if not said:
            continue
        each_, _, most = (part.strip() for part in said.partition("/"))
        if not (_whole(each_) and _whole(most)):
            errors.append((metric, "merit.error.award"))
            continue
        found[metric] = Award(int(each_), int(most))
    if errors and not found:  # or it would be said, too, that nothing gives points
        found[Metric.RECORDS] = Award(1, 1)
    return found, errors


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4  # noqa: PLR2004


def draw(note: DeskCard, reader: Reader, context: Context) -> Card:
    """Draw the desk, or one competition on it."""
    if isinstance(note, CompetitionDeskNote):
        return _desk(note, reader, context)
    return _draft(note, reader, context)


def _desk(note: CompetitionDeskNote, reader: Reader, context: Context) -> Card:
    speech, day = reader.speech, today(context.now)
    found = sorted(context.merits.contests.values(), key=lambda one: one.number, reverse=True)
    blocks: list[Block] = [
        Paragraph(speech("competition_desk.lead" if found else "competition_desk.none"))
    ]
    buttons: list[Button] = []
    for n, one in enumerate(found[:LISTED], 1):
        name = speech.own_line(one.competition.name)
        days_ = span(one.competition.starts, one.competition.ends, speech)
        state = speech.line(f"merit.state.{one.state(day)}")
        blocks.append(Paragraph(speech("merit.one", n=n, name=name, days=days_, state=state)))
        label = f"{n}. {name}"
        label = label if len(label) <= OPENING else f"{label[: OPENING - 1].rstrip()}…"
        buttons.append(Button(label, Tap("competition_desk.open", str(one.number))))
    blocks += [Row(tuple(buttons[at : at + A_ROW])) for at in range(0, len(buttons), A_ROW)]
    new = Button(speech.line("competition_desk.new"), Tap("competition_desk.new"), "primary")
    mine = Button(speech.line("competition_desk.mine"), Tap("competition_desk.mine"))
    title = "merit.saved" if note.saved else "competition_desk.title"
    return Card(speech.line(title), (*blocks, Divider(), Row((new, mine))))


def _draft(note: CompetitionDraftNote, reader: Reader, context: Context) -> Card:
    speech, found = reader.speech, context.merits.contests.get(note.competition)
    if found is None:
        return Card(
            speech.line("competition_desk.title"), (Paragraph(speech("competition_desk.none")),)
        )
    state = found.state(today(context.now))
    name = speech.own_line(found.competition.name)
    return Card(
        speech.line("merit.saved") if note.saved else name,
        (
            *((Paragraph(speech("merit.about", name=name)),) if note.saved else ()),
            Paragraph(speech.own(found.competition.rule)),
            facts(found, reader),
            *awards(found, speech),
            Paragraph(speech(f"competition_desk.state.{state}")),
            *_rows(note, state, speech),
            Paragraph(speech("competition_desk.ledger", n=found.number), muted=True),
        ),
    )


def _rows(note: CompetitionDraftNote, state: State, speech: Speech) -> tuple[Block, ...]:
    def button(name: str, verb: str = "") -> Button:
        return Button(
            speech.line(f"competition_desk.{name}"), Tap(f"competition_desk.{verb or name}")
        )

    if note.sure and state in GOING | {State.DRAFT}:
        sure = Button(speech.line("competition_desk.sure"), Tap("competition_desk.sure"), "danger")
        return (Paragraph(speech("competition_desk.asks")), Row((sure, button("keep"))))
    row: list[Button] = []
    if state is State.DRAFT:
        row.append(
            Button(
                speech.line("competition_desk.announce"),
                Tap("competition_desk.announce"),
                "primary",
            )
        )
    if state in {State.DRAFT, State.ANNOUNCED}:
        row.append(button("edit"))
    elif state in GOING:
        row.append(button("prolong", "edit"))
    if state in GOING | {State.DRAFT}:
        row.append(button("cancel"))
    return (Row((*row, button("all"))),)


def draw_form(note: CompetitionForm, reader: Reader, context: Context) -> Form:
    """Draw the form, filled in as it is now; of what has begun only the last day."""
    speech, found = reader.speech, context.merits.contests.get(note.competition)
    wanted = found.competition if found else None
    begun = found is not None and found.state(today(context.now)) in {State.RUNNING, State.ENDED}
    if wanted is not None and begun:
        fields: tuple[Field, ...] = (day_field("ends", wanted.ends, speech),)
        lead = "competition_form.prolong"
    else:
        first = today(context.now)
        starts = wanted.starts if wanted else first + timedelta(days=7 - first.weekday())
        ends = wanted.ends if wanted else starts + timedelta(days=7 * USUAL_WEEKS - 1)
        fields = (
            *words_fields("name", wanted.name if wanted else {}, NAME, speech),
            *words_fields("rule", wanted.rule if wanted else {}, RULE, speech),
            *words_fields("prize", wanted.prize if wanted else {}, PRIZE, speech),
            day_field("starts", starts, speech),
            day_field("ends", ends, speech),
            *(
                (segments_field(wanted.segments if wanted else (), reader),)
                if _some(reader)
                else ()
            ),
            *(_award_field(metric, wanted, speech) for metric in Metric),
        )
        lead = "competition_form.lead"
    return Form(
        speech.line("competition_form.edit" if found else "competition_form.new"),
        fields,
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("competition_desk.save"),
        speech.line(lead),
    )


def _some(reader: Reader) -> bool:
    return bool(reader.programme.segments)


def _award_field(metric: Metric, wanted: Competition | None, speech: Speech) -> TextField:
    award = wanted.awards.get(metric) if wanted else None
    return TextField(
        metric.value,
        speech.line(f"merit.award.{metric}"),
        value=f"{award.points} / {award.most}" if award else "",
        hint="2 / 20",
        longest=11,
    )

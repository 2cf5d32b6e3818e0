"""A competition for who joins it: what joining means, one's own points, the first three.

Nobody is shown a rank below three, a bottom, who takes part or how many do.
"""

from datetime import date, timedelta
from typing import TypeAlias

from dialogs.buttons import COMMAND, command
from dialogs.card import Block, Button, Card, Facts, Paragraph, Row, Tap
from dialogs.competition_notes import CompetitionDeskNote, CompetitionsNote
from dialogs.manners import StaleNote
from dialogs.merit_fields import span, whom
from dialogs.reader import Reader
from dialogs.rich import Rich
from dialogs.speech import Speech
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.adoption import SHARES
from nudges.competition import (
    CompetitionJoined,
    CompetitionLeft,
    Contest,
    Place,
    State,
    by_metric,
    closes,
    today,
)
from nudges.merits import CompetitionNote
from nudges.roles import Act

SHOWN, OPENING = 4, 30
SHOWN_AFTER = timedelta(days=35)
"""So long after its end a competition is still shown to those who took part."""
CompetitionCard: TypeAlias = CompetitionNote | CompetitionsNote


def asked(_turn: Turn, context: Context) -> Step:
    """Show the desk to the CRM team, and to everybody else what there is for them."""
    if context.may(Act.EDIT_PROGRAMME):
        return Step(show=(CompetitionDeskNote(),))
    return Step(show=(CompetitionsNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Take a press on a competition: join it, or leave it."""
    note = context.message.note if context.message else None
    if not isinstance(turn, Tapped) or not isinstance(note, CompetitionNote | CompetitionsNote):
        return _stale()
    found = _meant(turn, note, context)
    if found is None:
        return _stale()
    number, here = found.number, CompetitionNote(found.number)
    match turn.verb:
        case "competition.open":
            return Step(instead=here)
        case "competition.join" if not found.joined and _for_them(found, context):
            if not found.open(today(context.now)):
                return Step(instead=here)
            return Step(instead=here, facts=(CompetitionJoined(number),))
        case "competition.leave" if found.joined:
            return Step(instead=CompetitionNote(number, sure=True))
        case "competition.stay":
            return Step(instead=here)
        case "competition.sure" if found.joined:
            return Step(instead=here, facts=(CompetitionLeft(number),))
        case _:
            return _stale()


def _meant(
    turn: Tapped, note: CompetitionNote | CompetitionsNote, context: Context
) -> Contest | None:
    """Return the competition that a press is about, as far as the reader may see it."""
    if isinstance(note, CompetitionNote):
        return context.merits.contests.get(note.competition)
    number = int(turn.choice) if turn.choice.isascii() and turn.choice.isdecimal() else 0
    return next((one for one in shown(context) if one.number == number), None)


def _for_them(found: Contest, context: Context) -> bool:
    return found.competition.concerns(context.person.segment)


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def shown(context: Context) -> list[Contest]:
    """Return the competitions that somebody takes part in, or can."""
    day = today(context.now)
    return [
        one
        for one in context.merits.contests.values()
        if (
            one.joined
            and one.state(day) is not State.CANCELLED
            and day <= one.competition.ends + SHOWN_AFTER
        )
        or (one.open(day) and _for_them(one, context))
    ][:SHOWN]


def draw(note: CompetitionCard, reader: Reader, context: Context) -> Card:
    """Draw a competition, or the list of them."""
    if isinstance(note, CompetitionNote):
        found = context.merits.contests.get(note.competition)
        return _one(found, note, reader, context) if found else _none(reader)
    found_all = shown(context)
    if not found_all:
        return _none(reader)
    speech = reader.speech
    blocks: list[Block] = []
    for n, one in enumerate(found_all, 1):
        name = speech.own_line(one.competition.name)
        days = span(one.competition.starts, one.competition.ends, speech)
        blocks.append(Paragraph(speech("competition.one", n=n, name=name, days=days)))
    buttons = tuple(
        Button(_label(n, one, speech), Tap("competition.open", str(one.number)))
        for n, one in enumerate(found_all, 1)
    )
    return Card(speech.line("competitions.title"), (*blocks, Row(buttons)))


def _label(n: int, one: Contest, speech: Speech) -> str:
    label = f"{n}. {speech.own_line(one.competition.name)}"
    return label if len(label) <= OPENING else f"{label[: OPENING - 1].rstrip()}…"


def _none(reader: Reader) -> Card:
    speech = reader.speech
    return Card(
        speech.line("competitions.none.title"),
        (
            Paragraph(speech("competitions.none")),
            Row((command(speech, "score"), command(speech, "tip"))),
        ),
    )


def _one(found: Contest, note: CompetitionNote, reader: Reader, context: Context) -> Card:
    day = today(context.now)
    state = found.state(day)
    if state is State.CANCELLED:
        return _over(found, "cancelled", reader)
    if not found.joined:
        if not found.open(day) or not _for_them(found, context):
            return _over(found, "over", reader)
        return _invitation(found, note, reader)
    if state is State.CLOSED:
        return _closed(found, reader)
    return _running(found, note, reader, context)


def _over(found: Contest, how: str, reader: Reader) -> Card:
    speech = reader.speech
    return Card(
        speech.own_line(found.competition.name),
        (
            Paragraph(speech(f"competition.{how}")),
            Row((command(speech, "score"), command(speech, "tip"))),
        ),
    )


def _invitation(found: Contest, note: CompetitionNote, reader: Reader) -> Card:
    speech, wanted = reader.speech, found.competition
    row = [Button(speech.line("competition.join"), Tap("competition.join"), "primary")]
    if note.how:
        row.append(Button(speech.line("tip.why_this"), Tap(COMMAND, "why_this")))
    return Card(
        speech.own_line(wanted.name),
        (
            Paragraph(speech.own(wanted.rule)),
            facts(found, reader),
            *awards(found, speech),
            Paragraph(speech("competition.means")),
            Row(tuple(row)),
            Paragraph(speech("competition.free"), muted=True),
        ),
    )


def facts(found: Contest, reader: Reader) -> Facts:
    """Return when it is, for whom, and what there is to win."""
    speech, wanted = reader.speech, found.competition
    return Facts(
        (
            (speech.line("competition.row.days"), span(wanted.starts, wanted.ends, speech)),
            (speech.line("competition.row.whom"), whom(wanted.segments, reader)),
            (speech.line("competition.row.prize"), speech.own_line(wanted.prize)),
        )
    )


def awards(found: Contest, speech: Speech) -> tuple[Paragraph, ...]:
    """Say what gives points, a line each."""
    return tuple(
        Paragraph(speech(f"award.{metric}", points=points(award.points, speech), most=award.most))
        for metric, award in found.competition.awards.items()
    )


def points(many: int, speech: Speech) -> str:
    """Say how many points."""
    return speech.line("points.one") if many == 1 else speech.line("points", n=many)


def _mine(found: Contest, speech: Speech) -> tuple[Paragraph, ...]:
    """Say somebody's own points, with the sums behind them."""
    said = [Paragraph(speech("competition.mine", points=points(found.points, speech)))]
    for metric, (many, gives) in by_metric(found.rows).items():
        much = speech.line("competition.tenths", n=many) if metric in SHARES else str(many)
        what = speech.line(f"metric.{metric}")
        line = speech("competition.sum", what=what, much=much, points=points(gives, speech))
        said.append(Paragraph(line))
    return tuple(said)


def _first(places: tuple[Place, ...], speech: Speech) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(
            speech(
                "competition.place.more" if one.more else "competition.place",
                rank=one.rank,
                names=", ".join(one.names),
            )
            if one.names
            else speech("competition.place.many", rank=one.rank)
        )
        for one in places
    )


def _running(found: Contest, note: CompetitionNote, reader: Reader, context: Context) -> Card:
    speech, wanted, day = reader.speech, found.competition, today(context.now)
    blocks: list[Block] = []
    if note.how == "changed":
        blocks.append(Paragraph(speech("competition.changed")))
    blocks += [Paragraph(speech.own(wanted.rule)), facts(found, reader), *awards(found, speech)]
    if day < wanted.starts:
        blocks.append(Paragraph(speech("competition.begins", day=speech.full_day(wanted.starts))))
    else:
        blocks += [*_mine(found, speech)]
        first = _first(found.first, speech)
        blocks.append(Paragraph(speech("competition.first" if first else "competition.first.none")))
        blocks += first
        blocks.append(Paragraph(_left(found, day, speech)))
    if note.sure:
        row = (
            Button(speech.line("competition.sure"), Tap("competition.sure"), "danger"),
            Button(speech.line("competition.stay"), Tap("competition.stay")),
        )
        blocks.append(Paragraph(speech("competition.asks")))
    else:
        row = (
            Button(speech.line("competition.refresh"), Tap("competition.stay")),
            Button(speech.line("competition.leave"), Tap("competition.leave")),
        )
    blocks += [Row(row), Paragraph(speech("competition.counts"), muted=True)]
    return Card(speech.own_line(wanted.name), tuple(blocks))


def _left(found: Contest, day: date, speech: Speech) -> Rich:
    """Say how long it still is, or when the points are final."""
    wanted = found.competition
    left = (wanted.ends - day).days + 1
    if left <= 0:
        return speech("competition.settles", day=speech.day(closes(wanted)))
    return speech("competition.left.one") if left == 1 else speech("competition.left", n=left)


def _closed(found: Contest, reader: Reader) -> Card:
    speech, wanted = reader.speech, found.competition
    first = _first(found.first, speech)
    return Card(
        speech.own_line(wanted.name),
        (
            Paragraph(speech("competition.closed")),
            *((Paragraph(speech("competition.winners")), *first) if first else ()),
            *_mine(found, speech),
            Paragraph(speech("competition.prize", prize=speech.own_line(wanted.prize))),
            Row((command(speech, "score"), command(speech, "tip"))),
            Paragraph(speech("competition.thanks"), muted=True),
        ),
    )

"""The roadmap: where someone's part of the organisation is in the change, and what comes next."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Block, Card, Divider, Paragraph, Row
from dialogs.reader import Reader
from dialogs.rich import Rich
from dialogs.speech import Speech
from dialogs.turns import Context, Step, Turn
from nudges.delivery import Note
from nudges.hours import local_day
from nudges.phases import Phase, calm_until, phase
from nudges.programme import Milestone, Segment

PAST, COMING = 5, 15
"""How many milestones are shown that have passed, and that are to come."""


@dataclass(frozen=True, slots=True)
class RoadmapNote(Note):
    """A segment's roadmap, as it is on a day."""

    segment: str
    day: str
    card: Literal["roadmap"] = "roadmap"


def read(_turn: Turn, context: Context) -> Step:
    """Show someone the roadmap of their own part."""
    day = local_day(context.person, context.now)
    return Step(show=(RoadmapNote(context.person.segment, day.isoformat()),))


def draw_roadmap(note: RoadmapNote, reader: Reader) -> Card:
    """Draw the phase in words, then each milestone: past, next, later."""
    speech, today = reader.speech, date.fromisoformat(note.day)
    segment = reader.programme.segment(note.segment)
    blocks: list[Block] = [Paragraph(_phase(segment, today, speech))]
    ordered = sorted(segment.roadmap, key=lambda m: m.date)
    past = [m for m in ordered if m.date < today][-PAST:]
    coming = [m for m in ordered if m.date >= today][:COMING]
    if past or coming:
        blocks.append(Divider())
    else:
        blocks.append(Paragraph(speech("roadmap.empty")))
    blocks += [Paragraph(speech("roadmap.past", **_said(m, speech)), muted=True) for m in past]
    for place, milestone in enumerate(coming):
        key = "roadmap.later" if place else "roadmap.next"
        blocks.append(Paragraph(speech(key, **_said(milestone, speech))))
    blocks.append(Row((command(speech, "why"), command(speech, "wish"))))
    return Card(speech.line("roadmap.title"), tuple(blocks))


def _said(milestone: Milestone, speech: Speech) -> dict[str, str]:
    return {"day": speech.full_day(milestone.date), "what": speech.own_line(milestone.words)}


def _phase(segment: Segment, today: date, speech: Speech) -> Rich:
    if segment.go_live is None:
        return speech("phase.planned")
    day, calm = speech.full_day(segment.go_live), calm_until(segment)
    match phase(segment, today):
        case Phase.BEFORE:
            return speech("phase.before", day=day)
        case Phase.GO_LIVE:
            return speech("phase.go_live")
        case Phase.CALM:
            return speech("phase.calm", day=day, until=speech.full_day(calm) if calm else "")
        case Phase.AFTER:
            return speech("phase.after", day=day)

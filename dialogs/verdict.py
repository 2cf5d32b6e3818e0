"""Ninety days on: what was wanted, what came of it, and what to do next; for the CRM team."""

from datetime import date

from dialogs.card import Block, Card, Divider, Facts, Paragraph
from dialogs.digest_lines import share_of
from dialogs.reader import Reader
from dialogs.reasons import measured, wanted
from dialogs.rich import Span
from dialogs.speech import Speech
from nudges.moments import VerdictNote
from nudges.phases import CALM
from nudges.programme import LEVELS, Segment
from nudges.verdict import Judged, Reached, judge_all, verdict


def draw_verdict(note: VerdictNote, reader: Reader) -> Card:
    """Draw the verdict: all in a word, each result, the goals, and the next step for each case."""
    speech, segment = reader.speech, reader.programme.segment(note.segment)
    until = date.fromisoformat(note.day)
    since = until - CALM
    judged = judge_all(reader.programme, since, until)
    name = speech.own_line(segment.name) or segment.id
    blocks: list[Block] = [
        Paragraph(speech("verdict.lead", segment=name, day=speech.full_day(since))),
        Paragraph(speech(f"verdict.all.{verdict(judged)}")),
        *(Paragraph(_result(one, speech)) for one in judged),
    ]
    if note.wishes:
        blocks.append(Paragraph(speech("verdict.wishes", n=note.wishes)))
    blocks += [Divider(), *_goals(segment, reader), *_measured(note, reader)]
    cases = [how for how in Reached if any(one.how is how for one in judged)]
    if cases:
        blocks += [Divider(), Paragraph(speech("verdict.next"))]
        blocks += [Paragraph(speech(f"verdict.next.{how}")) for how in cases]
    blocks.append(Paragraph(speech("verdict.from"), muted=True))
    return Card(speech.line("verdict.title"), tuple(blocks))


def _result(one: Judged, speech: Speech) -> tuple[Span, ...]:
    outcome = one.outcome
    said = speech(
        f"verdict.one.{one.how}",
        wanted=wanted(outcome, speech),
        month=speech.month(date.fromisoformat(f"{one.month}-01")) if one.month else "",
        value=measured(outcome, one.value, speech),
    )
    return (Span(f"{speech.own_line(outcome.name)} ", bold=True), *said)


def _measured(note: VerdictNote, reader: Reader) -> list[Block]:
    """Tell what everybody's use came to, where it may be told, at each level or further."""
    speech, names = reader.speech, reader.programme.levels
    rows: list[tuple[str, str]] = []
    if note.active is not None:
        rows.append((speech.line("verdict.active"), share_of(note.active, speech)))
    held = {int(level): share for level, share in note.levels}
    for level in sorted(LEVELS) if held else ():
        further = sum(share for other, share in held.items() if other >= level)
        name = speech.own_line(names.get(level, {})) or speech.line("verdict.level", n=level)
        rows.append((speech.line("verdict.held", level=name), share_of(further, speech)))
    return [Paragraph(speech("verdict.measured")), Facts(tuple(rows))] if rows else []


def _goals(segment: Segment, reader: Reader) -> list[Block]:
    speech = reader.speech
    rows = tuple(
        (
            speech.own_line(reader.programme.levels.get(level, {}))
            or speech.line("verdict.level", n=level),
            speech.own_line(words),
        )
        for level, words in sorted(segment.goals.items())
    )
    if not rows:
        return [Paragraph(speech("verdict.no_goals"))]
    return [Paragraph(speech("verdict.goals")), Facts(rows)]

"""The monthly health check, as a card: six principles with evidence and a next step, and who is on.

The names of the coalition are drawn from who holds the roles when the card is drawn, and are kept
nowhere else.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from dialogs.activities import month_name, sums
from dialogs.buttons import command
from dialogs.card import Block, Card, Divider, Facts, Paragraph, Row
from dialogs.for_team import ForTeamNote
from dialogs.reader import Reader
from dialogs.rich import Rich, Span
from dialogs.speech import Speech
from dialogs.turns import Checkup, Context, Step, Turn
from nudges.activities import month
from nudges.health import (
    DISCIPLINES,
    Discipline,
    HealthFacts,
    HealthNote,
    Principle,
    discipline,
    judge,
)
from nudges.hours import local_day
from nudges.people import Person
from nudges.roles import Act, Role

COALITION = (Role.SPONSOR, Role.CRM_TEAM, Role.CHAMPION)
NAMED = 5
"""How many names a role has in the roster; the others are counted."""


def read(_turn: Turn, context: Context) -> Step:
    """Show the CRM team how healthy the programme is now."""
    if not context.may(Act.EDIT_PROGRAMME):
        return Step(show=(ForTeamNote("crm_team"),))
    if context.health is None:
        return Step(look=Checkup())
    first = local_day(context.person, context.now).replace(day=1)
    return Step(show=(HealthNote(month(first - timedelta(days=1)), context.health),))


def draw_health(note: HealthNote, reader: Reader, context: Context) -> Card:
    """Draw the check."""
    speech = reader.speech
    body: list[Block] = [
        Paragraph(speech("health.lead", month=month_name(note.month, speech))),
        *(Paragraph(text) for text in _principles(note.facts, speech)),
    ]
    if note.facts.sums:
        body += [Paragraph(speech("health.sums")), *sums(note.facts.sums, speech)]
    body += [
        Divider(),
        Paragraph(speech("health.coalition")),
        Facts(tuple(_discipline(d, context.roster, speech) for d in DISCIPLINES)),
        *(Paragraph(text) for text in _gaps(context.roster, speech)),
        Row((command(speech, "champions"), command(speech, "nominate"))),
        Paragraph(speech("health.private"), muted=True),
    ]
    return Card(speech.line("health.title"), tuple(body))


def _principles(known: HealthFacts, speech: Speech) -> Iterator[Rich]:
    states = judge(known)
    for principle in Principle:
        state = states[principle]
        heading = speech.line(
            "health.heading",
            principle=speech.line(f"health.{principle}"),
            state=speech.line(f"health.state.{state}"),
        )
        yield (
            Span(heading + " ", bold=True),
            *_after(_evidence(principle, known, speech), speech(f"health.{principle}.{state}")),
        )


def _evidence(principle: Principle, known: HealthFacts, speech: Speech) -> Rich:
    key = f"health.{principle}.evidence"
    match principle:
        case Principle.SPONSORSHIP:
            return speech(key, n=known.sponsors, some=known.celebrated, all=known.segments)
        case Principle.OBJECTIVES:
            return speech(key, n=known.outcomes, some=known.measured, reached=known.reached)
        case Principle.INVOLVEMENT:
            told = speech(key, n=known.champions, some=known.teams_with_champion, all=known.teams)
            if known.tenths is not None:
                told = _after(told, speech("health.involvement.tenths", n=known.tenths))
            if known.quiet:
                told = _after(told, speech("health.involvement.quiet", n=known.quiet))
            return told
        case Principle.INCENTIVES:
            return speech(key, some=known.wiifm, all=known.segments, answered=known.answered)
        case Principle.ITERATION:
            return speech(key, some=known.ahead, all=known.segments, n=known.edits)
        case Principle.TRAINING:
            return speech(key, n=known.help, some=known.goals, all=known.segments)


def _after(one: Rich, other: Rich) -> Rich:
    """Say one sentence after another; Teams takes no piece that is only a space."""
    *first, last = one
    return (*first, replace(last, text=f"{last.text} "), *other)


def _discipline(of: Discipline, roster: tuple[Person, ...], speech: Speech) -> tuple[str, str]:
    members = [p for p in roster if discipline(p) == of]
    parts: list[str] = []
    for role in COALITION:
        names = sorted(p.name for p in members if role in p.roles)
        if names:
            more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
            parts.append(f"{speech.line(f'doers.{role}')}: {', '.join(names[:NAMED])}{more}")
    return (speech.line(f"discipline.{of}"), "; ".join(parts) or speech.line("health.nobody"))


def _gaps(roster: tuple[Person, ...], speech: Speech) -> Iterator[Rich]:
    inside = [p for p in roster if not p.roles.isdisjoint(COALITION)]
    missing = [d for d in DISCIPLINES if all(discipline(p) != d for p in inside)]
    if missing:
        names = ", ".join(speech.line(f"discipline.{d}") for d in missing)
        yield speech("health.gap.disciplines", names=names)
    bare = [role for role in COALITION if all(role not in p.roles for p in inside)]
    if bare:
        yield speech("health.gap.roles", names=", ".join(speech.line(f"doers.{r}") for r in bare))

"""What we know about you: shown to the person themselves, and to nobody else."""

from dataclasses import dataclass
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Card, Facts, Paragraph, Row
from dialogs.reader import Reader
from dialogs.turns import Context, Step, Turn
from nudges.adkar import applicable, is_live
from nudges.delivery import Note


@dataclass(frozen=True, slots=True)
class MineNote(Note):
    """Where I stand, by my own answers."""

    card: Literal["mine"] = "mine"


def mine(_turn: Turn, _context: Context) -> Step:
    """Show someone their own standing; the score is only ever shown when asked for."""
    return Step(show=(MineNote(),))


def draw_mine(reader: Reader, context: Context) -> Card:
    """Draw the score per element with how many answers it rests on and how old they are."""
    speech, standing = reader.speech, context.standing
    rows: list[tuple[str, str]] = []
    for element in applicable(live=is_live(context.go_live, context.now)):
        score, name = standing.scores[element], speech.line(f"element.{element}")
        if score is None:
            rows.append((name, speech.line("mine.unknown")))
            continue
        age = (context.now - standing.latest[element]).days
        rows.append(
            (
                name,
                speech.line(
                    "mine.score", score=speech.number(score, "0.0"), n=standing.n[element], days=age
                ),
            )
        )
    known = standing.barrier != "unknown"
    return Card(
        speech.line("mine.title"),
        (
            Paragraph(speech("mine.body" if known else "mine.nothing")),
            *((Facts(tuple(rows)),) if known else ()),
            Paragraph(speech("mine.who"), muted=True),
            Row(
                (
                    command(speech, "pulse"),
                    command(speech, "settings"),
                    command(speech, "kept"),
                )
            ),
        ),
    )

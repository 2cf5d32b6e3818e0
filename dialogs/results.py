"""How a measured result is told: to the person themselves, and of them to others."""

from datetime import date
from typing import Literal, TypeAlias

from dialogs.rich import Rich
from dialogs.speech import Speech
from nudges.adoption import SHARES, Metric
from nudges.recognition import Deed, Result

PERCENT = 100
IN_WORDS = 7
"""Numbers up to this one are written in words."""
Voice: TypeAlias = Literal["you", "they"]


def told(result: Result, speech: Speech, name: str = "") -> tuple[Rich, ...]:
    """Say a result in a sentence for each thing that was measured.

    Args:
        result: what was measured.
        speech: in whose language.
        name: whose result it is, for others; without it the person is spoken to.

    """
    voice: Voice = "they" if name else "you"
    said = [_deed(one, result, voice, speech, name) for one in result.deeds]
    gain = result.gain
    if gain is not None:
        said.append(
            speech(
                f"gain.{voice}.{gain.metric}",
                now=_much(gain.metric, gain.now, speech),
                before=_much(gain.metric, gain.before, speech),
                name=name,
            )
        )
    return tuple(said)


def _deed(one: Deed, result: Result, voice: Voice, speech: Speech, name: str) -> Rich:
    return speech(
        f"deed.{voice}.{one.metric}",
        when=_when(one, result, speech),
        much=_enough(one, speech),
        name=name,
    )


def _when(one: Deed, result: Result, speech: Speech) -> str:
    month = speech.month(date.fromisoformat(result.week))
    if one.weeks > 1:
        return speech.line("when.mean", of=in_words(one.weeks, speech))
    if result.kind == "month" and one.met == one.of:
        return speech.line("when.month.every", month=month)
    met, of = in_words(one.met, speech), in_words(one.of, speech)
    if result.kind == "month":
        return speech.line("when.month", n=met, of=of, month=month)
    if one.met == one.of:
        return speech.line("when.weeks.every", of=of)
    return speech.line("when.weeks", n=met, of=of)


def in_words(number: int, speech: Speech) -> str:
    """Write a small number in words."""
    return speech.line(f"number.{number}") if 1 <= number <= IN_WORDS else str(number)


def _enough(one: Deed, speech: Speech) -> str:
    """Say how much it was at least, with what was counted."""
    if one.metric in SHARES:
        return _much(one.metric, one.target, speech)
    counted = "days" if one.metric is Metric.ACTIVE_DAYS else "records"
    if one.target == 1:
        return speech.line(f"counted.{counted}.one")
    whole = one.target.is_integer() if isinstance(one.target, float) else True
    n = in_words(int(one.target), speech) if whole else _much(one.metric, one.target, speech)
    return speech.line(f"counted.{counted}", n=n)


def _much(metric: Metric, value: float, speech: Speech) -> str:
    if metric in SHARES:
        return f"{speech.number(PERCENT * value, '0')}%"
    return speech.number(value, "0.#")

"""The numbers of a digest in words: how many in ten, which way it went, and as of when."""

from datetime import date

from dialogs.picture import Bar, Picture
from dialogs.reader import Reader
from dialogs.rich import Rich
from dialogs.speech import Speech
from nudges.adkar import ELEMENTS
from nudges.digest import (
    SAYS,
    TENTHS,
    DigestNote,
    Line,
    Number,
    View,
    people,
    tenths,
)
from nudges.programme import LEVELS

CATEGORIES = (*map(str, ELEMENTS), "none")
"""What may hold somebody up, in order, and that nothing does."""
STEPS = ("0", *map(str, LEVELS))


def week_of(day: str) -> int:
    """Return the number of the week that a Monday begins."""
    return date.fromisoformat(day).isocalendar().week


def people_of(number: Number, view: View, speech: Speech) -> Rich:
    """Say whom the numbers are about: the own team, or that together with others."""
    found = people(number.band)
    if found is None:
        return speech("digest.people.unknown")
    low, high = found
    if view == "organisation":
        return speech("digest.people.organisation", low=low, high=high)
    if number.scope == "together":
        return speech("digest.people.together", low=low, high=high)
    return speech("digest.people.own", low=low, high=high)


def what(one: Line, reader: Reader) -> str:
    """Name what a number is about."""
    return reader.speech.line(f"digest.kind.{one.number.kind}")


def line(one: Line, note: DigestNote, reader: Reader) -> str:
    """Say a number, which way it went, and as of when it is if it is not of this week."""
    speech, number = reader.speech, one.number
    said = _levels(number, reader) if number.kind == "level" else _said(number, speech)
    way = None if number.kind == "level" else one.moved()
    if way:
        said = speech.line(f"digest.moved.{way}", now=said)
    if number.kind == "shadow" and tenths(number.share("partly")):
        said = speech.line(
            "digest.partly", said=said, part=share_of(number.share("partly"), speech)
        )
    return _aged(_of(said, number, note, speech), one, note, speech)


def barriers(one: Line, note: DigestNote, reader: Reader) -> Picture:
    """Return what holds people up as a picture, with the same in words."""
    speech = reader.speech
    number, before = one.number, one.before
    there = [
        category
        for category in CATEGORIES
        if number.share(category) or (before and before.share(category))
    ]
    bars: list[Bar] = []
    told: list[str] = []
    for category in there:
        said, way = share_of(number.share(category), speech), one.moved(category)
        label = _barrier(category, speech)
        short = speech.line(f"digest.bar.{way}", now=said) if way else said
        long = speech.line(f"digest.moved.{way}", now=said) if way else said
        bars.append(Bar(label, number.share(category), short))
        told.append(f"{label}: {long}")
    caption = _of(speech.line(f"digest.barriers.{note.view}"), number, note, speech)
    caption = _aged(caption, one, note, speech)
    alt = speech.line("digest.barriers.alt", caption=caption, told="; ".join(told))
    return Picture(caption, tuple(bars), alt)


def _of(said: str, number: Number, note: DigestNote, speech: Speech) -> str:
    """Say whom a number is about, where that is not whom the first one is about."""
    first, found = note.lines[0].number, people(number.band)
    if found is None or (number.band, number.scope) == (first.band, first.scope):
        return said
    return speech.line(f"digest.of.{number.scope}", said=said, low=found[0], high=found[1])


def _barrier(category: str, speech: Speech) -> str:
    return speech.line("digest.clear" if category == "none" else f"element.{category}")


def _said(number: Number, speech: Speech) -> str:
    if number.kind == "records":
        return speech.line("digest.records", mean=speech.number(number.mean or 0.0, "0.#"))
    if number.kind == "leads_in_time":
        return _leads(number.mean or 0.0, speech)
    return share_of(number.share(SAYS.get(number.kind, "")), speech)


def share_of(share: float, speech: Speech) -> str:
    """Say a share of people; neither nobody nor everybody, because that tells of each."""
    n = tenths(share)
    if n in {0, TENTHS}:
        return speech.line("digest.nearly.all" if n else "digest.nearly.none")
    return speech.line("digest.tenths", n=n)


def _leads(share: float, speech: Speech) -> str:
    n = tenths(share)
    if n in {0, TENTHS}:
        return speech.line("digest.leads.all" if n else "digest.leads.none")
    return speech.line("digest.tenths", n=n)


def _levels(number: Number, reader: Reader) -> str:
    speech = reader.speech
    return "; ".join(
        speech.line(
            "digest.level",
            level=_level(step, reader),
            said=share_of(number.share(step), speech),
        )
        for step in STEPS
        if number.share(step)
    )


def _level(step: str, reader: Reader) -> str:
    if step == "0":
        return reader.speech.line("digest.level.none")
    own = reader.speech.own_line(reader.programme.levels.get(int(step), {}))
    return own or reader.speech.line(f"level.{step}")


def _aged(said: str, one: Line, note: DigestNote, speech: Speech) -> str:
    """Say as of which week an older number is."""
    if one.number.week == note.week:
        return said
    return speech.line("digest.as_of", said=said, week=week_of(one.number.week))

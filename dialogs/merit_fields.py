"""Fields that the forms of competitions and sprints share, and how what was written is read."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from dialogs.card import ChoiceField, DateField, Field, Option, TextField
from dialogs.reader import Reader
from dialogs.speech import Speech, languages
from dialogs.turns import Context, Mistake
from nudges.programme import Words

SOME, LABEL = 90, 75
WRONG: Mapping[str, str] = {
    "empty": "merit.error.empty",
    "text": "merit.error.text",
    "past": "merit.error.past",
    "ends": "merit.error.ends",
    "short": "merit.error.short",
    "long": "merit.error.long",
    "length": "merit.error.length",
    "shorter": "merit.error.shorter",
    "begun": "merit.error.begun",
    "segments": "merit.error.segments",
    "awards": "merit.error.awards",
    "award": "merit.error.award",
    "goal": "merit.error.goal",
}
"""The sentence for each thing that may be wrong."""


def each(name: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return what was written in each language."""
    said = {code: " ".join(values.get(f"{name}_{code}", "").split()) for code in languages()}
    return {code: text for code, text in said.items() if text}


def day(name: str, values: Mapping[str, str]) -> date | None:
    """Return the day that was chosen; None if it is none."""
    try:
        return date.fromisoformat(values.get(name, "").strip())
    except ValueError:
        return None


def days(values: Mapping[str, str], context: Context) -> tuple[date, date, list[Mistake]]:
    """Return the first and the last day, and what is wrong with them."""
    starts, ends = day("starts", values), day("ends", values)
    errors: list[Mistake] = [
        (name, "write.error.day")
        for name, found in (("starts", starts), ("ends", ends))
        if found is None
    ]
    today = context.now.date()
    first = starts or today
    return first, ends or first + timedelta(days=27), errors


def chosen_segments(values: Mapping[str, str], context: Context) -> tuple[str, ...]:
    """Return for whom it is; nothing chosen means everybody."""
    said = {one for one in values.get("segments", "").split(",") if one}
    return tuple(sorted(said & set(context.programme.segments)))


def mistakes(
    wrong: Iterable[tuple[str, str]], before: Iterable[Mistake], fields: Iterable[str]
) -> tuple[Mistake, ...]:
    """Return what is wrong, with each field once; what has no field stands at the last day."""
    known, found = set(fields), list(before)
    for name, why in wrong:
        field = name if name in known else "ends"
        if all(field != one[0] for one in found):
            found.append((field, WRONG[why]))
    return tuple(found)


def words_fields(
    name: str, said: Words, longest: int, speech: Speech, *, line: int = 60
) -> Iterator[TextField]:
    """Yield a field for each language."""
    for code in languages():
        label = speech.line(
            "desk.field.in",
            what=speech.line(f"merit.field.{name}"),
            language=speech.line(f"language.{code}"),
        )
        yield TextField(
            f"{name}_{code}",
            label,
            "many" if longest > line else "one",
            required=True,
            value=said.get(code, ""),
            longest=longest,
        )


def day_field(name: str, value: date | None, speech: Speech) -> DateField:
    """Return the field for a day."""
    return DateField(
        name,
        speech.line(f"merit.field.{name}"),
        required=True,
        value=value.isoformat() if value else "",
    )


def segments_field(chosen: tuple[str, ...], reader: Reader) -> Field:
    """Return the field for whom it is."""
    segments = list(reader.programme.segments.values())[:SOME]
    options = tuple(
        Option(one.id, (reader.speech.own_line(one.name) or one.id)[:LABEL]) for one in segments
    )
    known = {one.value for one in options}
    return ChoiceField(
        "segments",
        reader.speech.line("merit.field.segments"),
        options,
        several=True,
        value=tuple(one for one in chosen if one in known),
    )


def whom(segments: tuple[str, ...], reader: Reader) -> str:
    """Say for whom it is."""
    if not segments:
        return reader.speech.line("merit.everybody")
    names = (reader.speech.own_line(reader.programme.segment(one).name) or one for one in segments)
    return ", ".join(names)


def span(starts: date, ends: date, speech: Speech) -> str:
    """Say from when until when."""
    return speech.line("merit.span", starts=speech.full_day(starts), ends=speech.full_day(ends))

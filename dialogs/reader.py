"""For whom a card is drawn: a language, and the organisation's words for a segment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.library import Library
from dialogs.speech import Speech, best
from nudges.broadcast import Broadcast
from nudges.people import Person
from nudges.programme import Programme, Segment
from nudges.stories import Told


@dataclass(frozen=True, eq=False)
class Reader:
    """All that a card which is the same for many may depend on.

    ``stories`` and ``broadcasts`` are those that the card names, by number, as far as they are
    still there.
    """

    speech: Speech
    library: Library
    programme: Programme
    segment: Segment
    stories: Mapping[int, Told] = field(default_factory=dict[int, Told])
    broadcasts: Mapping[int, Broadcast] = field(default_factory=dict[int, Broadcast])


def reader(
    person: Person,
    programme: Programme,
    library: Library,
    stories: Mapping[int, Told] | None = None,
    broadcasts: Mapping[int, Broadcast] | None = None,
) -> Reader:
    """Return the reader a person is, in their language."""
    said = speech(person.language, programme)
    segment = programme.segment(person.segment)
    return Reader(said, library, programme, segment, stories or {}, broadcasts or {})


def speech(language: str, programme: Programme) -> Speech:
    """Return the voice for a language, with the organisation's own names for things."""
    language = best(language)
    plain = Speech(language, {"crm": programme.crm})
    goal = plain.own_line(programme.outcomes[0].name) if programme.outcomes else ""
    names = {
        "crm": programme.crm,
        "programme": plain.own_line(programme.name),
        "goal": goal or programme.crm,
    }
    return Speech(language, names)

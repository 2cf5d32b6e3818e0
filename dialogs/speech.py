"""What Wayfinder says, in the reader's language: sentences by key from the gettext catalogues.

Keys, not English sentences, name a message: English and Dutch are equal, and an editor changes
either without touching code. A third language is one more folder under ``locale``.
"""

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from dialogs.rich import Rich, rich, words
from nudges.people import Language
from nudges.programme import Words

FALLBACK = "en"
LOCALES = files("dialogs") / "locale"


@cache
def languages() -> tuple[Language, ...]:
    """Return the languages there is a catalogue for."""
    return tuple(sorted(place.name for place in LOCALES.iterdir() if place.is_dir()))


@cache
def catalogue(language: Language) -> gettext.GNUTranslations:
    """Read one language's catalogue; the .po file is the only copy, nothing is compiled ahead."""
    place = LOCALES / language / "LC_MESSAGES" / "wayfinder.po"
    with as_file(place) as path, path.open("rb") as source:
        read = read_po(source, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def gaps() -> dict[Language, list[str]]:
    """Return what each language has no words for and another one has, by key."""
    said: dict[Language, set[str]] = {}
    for language in languages():
        place = LOCALES / language / "LC_MESSAGES" / "wayfinder.po"
        with as_file(place) as path, path.open("rb") as source:
            read = read_po(source, locale=language, abort_invalid=True)
        said[language] = {
            str(one.id[0] if isinstance(one.id, (list, tuple)) else one.id)
            for one in read
            if one.id and not one.fuzzy and _whole(one.string)
        }
    every = {key for keys in said.values() for key in keys}
    return {language: sorted(every - keys) for language, keys in said.items()}


def _whole(words: object) -> bool:
    """Say whether a sentence has words, in each of its forms."""
    forms = words if isinstance(words, (list, tuple)) else (words,)  # pyright: ignore[reportUnknownVariableType] - babel leaves it open
    return all(str(form).strip() for form in forms)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def best(wanted: str) -> Language:
    """Return the language to speak with someone whose client asks for ``wanted`` (``nl-BE``)."""
    code = re.split(r"[-_]", wanted.strip().lower())[0]
    return code if code in languages() else FALLBACK


def chosen(text: Words, language: Language) -> str:
    """Return words in a language; where the organisation wrote only another, that one."""
    return text.get(language) or text.get(FALLBACK) or next(iter(text.values()), "")


@dataclass(frozen=True, eq=False)
class Speech:
    """One language's voice; ``names`` fills the organisation's own slots ({crm}, {programme})."""

    language: Language
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def __call__(self, key: str, /, **values: object) -> Rich:
        """Say a sentence; values are inert.

        Raises:
            KeyError: no catalogue has this key, or a slot got no value.

        """
        return rich(self._template(key), {**self.names, **values})

    def line(self, key: str, /, **values: object) -> str:
        """Say a sentence as characters alone, for a label or a title."""
        return words(self(key, **values))

    def count(self, key: str, n: int, /, **values: object) -> Rich:
        """Say a sentence about a number of things."""
        template = catalogue(self.language).ngettext(key, f"{key}.many", n)
        return rich(template, {**self.names, "n": n, **values})

    def own(self, text: Words) -> Rich:
        """Say the organisation's own words; a slot that is not ours stays as written."""
        return rich(chosen(text, self.language), _AsWritten(self.names))

    def own_line(self, text: Words) -> str:
        """Say the organisation's own words as characters alone."""
        return words(self.own(text))

    def number(self, number: float, pattern: str = "0.##") -> str:
        """Write a number as it is written in this language: 2.5, or 2,5."""
        return format_decimal(number, pattern, locale=self.language)

    def day(self, day: date) -> str:
        """Name a day: "Tuesday 3 November"."""
        return format_date(day, "EEEE d MMMM", locale=self.language)

    def full_day(self, day: date) -> str:
        """Name a day that may be in another year: "Tuesday 3 November 2026"."""
        return format_date(day, "EEEE d MMMM y", locale=self.language)

    def month(self, day: date) -> str:
        """Name the month of a day: "November 2026"."""
        return format_date(day, "MMMM y", locale=self.language)

    def moment(self, at: datetime) -> str:
        """Name a moment in the zone it is given in."""
        return format_datetime(at, "EEEE d MMMM HH:mm", locale=self.language)

    def _template(self, key: str) -> str:
        found = catalogue(self.language).gettext(key)
        if found == key:
            raise KeyError(key)
        return found


class _AsWritten(dict[str, object]):
    """Slots of the organisation's own words; one we do not know stays as it was written."""

    def __missing__(self, slot: str) -> str:
        return f"{{{slot}}}"

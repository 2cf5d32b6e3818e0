"""Read what is written about what is kept: each table about people, why, and its fields."""

from adapters.content.files import OURS
from adapters.content.reading import Strict, parsed, text_of, toml_of
from dialogs.works_council import KeptWords
from nudges.programme import Words

FILE = "kept.toml"


class _Table(Strict):
    name: Words
    why: Words


class _Kept(Strict):
    fields: dict[str, Words]
    tables: dict[str, _Table]


def load_kept() -> KeptWords:
    """Read it.

    Raises:
        ContentError: the file is broken.

    """
    path = OURS / FILE
    found = parsed(_Kept, toml_of(path, text_of(path)), path)
    return KeptWords(
        found.fields, {name: (one.name, one.why) for name, one in found.tables.items()}
    )

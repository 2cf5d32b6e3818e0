"""What the program goes by, gathered for the works-council pack from where it is declared."""

from importlib import import_module

from adapters.content.kept import load_kept
from adapters.store.retention import KEPT
from adapters.store.schema import metadata
from dialogs.library import Library
from dialogs.speech import Speech
from dialogs.works_council import House, KeptWords, Pack, pack
from nudges.people import Language
from nudges.release import FLOOR


def house(library: Library, floor: int = FLOOR) -> House:
    """Return what the program goes by, with these questions and this floor."""
    import_module("adapters.store.database")  # where every table has declared itself
    tables = {
        table.name: tuple(column.name for column in table.c)
        for table in metadata.sorted_tables
        if "erased_by" in table.info
    }
    questions = {key: library.wordings[key].text for key in library.bank}
    return House(tables, KEPT, library.bank, questions, floor)


def council_pack(library: Library, language: Language, floor: int) -> Pack:
    """Put the pack together in one language.

    Raises:
        ContentError: what is written about what is kept is broken.

    """
    goal = Speech(language).line("council.goal")
    speech = Speech(language, {"crm": "CRM", "goal": goal, "programme": goal})
    return pack(house(library, floor), written(), speech)


def written() -> KeptWords:
    """Return what is written about what is kept."""
    return load_kept()

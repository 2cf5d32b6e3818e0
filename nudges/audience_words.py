"""The words that rules about audiences are written with, in English and in Dutch.

Either language may be read in any rule; a rule is written back in one of them. Both are complete:
a word that is missing in one of them fails a test.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from nudges.adkar import Element
from nudges.audience import Field, GroupKind
from nudges.people import Language
from nudges.phases import Phase
from nudges.roles import Role


class Word(StrEnum):
    """What joins a rule's parts."""

    AND = "and"
    OR = "or"
    NOT = "not"
    IS = "is"
    IN = "in"
    PERSON = "person"
    EVERYONE = "everyone"


Spelling: TypeAlias = tuple[str, str]
"""The same in English and in Dutch, in the order of :data:`LANGUAGES`."""
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nl")
WORDS: Mapping[Word, Spelling] = MappingProxyType(
    {
        Word.AND: ("and", "en"),
        Word.OR: ("or", "of"),
        Word.NOT: ("not", "niet"),
        Word.IS: ("is", "is"),
        Word.IN: ("in", "in"),
        Word.PERSON: ("person", "persoon"),
        Word.EVERYONE: ("everyone", "iedereen"),
    }
)
FIELDS: Mapping[Field, Spelling] = MappingProxyType(
    {
        Field.ROLE: ("role", "rol"),
        Field.JOB: ("job", "functie"),
        Field.TEAM: ("team", "team"),
        Field.REGION: ("region", "regio"),
        Field.LANGUAGE: ("language", "taal"),
        Field.SEGMENT: ("segment", "segment"),
        Field.PHASE: ("phase", "fase"),
        Field.BARRIER: ("barrier", "drempel"),
        Field.LEVEL: ("level", "niveau"),
        Field.RECEIVED: ("received", "ontvangen"),
    }
)
GROUPS: Mapping[GroupKind, Spelling] = MappingProxyType(
    {
        GroupKind.LIST: ("list", "lijst"),
        GroupKind.SLACK_GROUP: ("slack group", "slack groep"),
        GroupKind.SLACK_CHANNEL: ("slack channel", "slack kanaal"),
        GroupKind.ENTRA_GROUP: ("entra group", "entra groep"),
    }
)
LEVELS = ("0", "1", "2", "3")
"""No level yet, Compliant, Efficient, Effective, whatever an organisation calls them."""
VALUES: Mapping[Field, Mapping[str, Spelling]] = MappingProxyType(
    {
        Field.ROLE: {
            Role.USER: ("user", "gebruiker"),
            Role.MANAGER: ("manager", "leidinggevende"),
            Role.SPONSOR: ("sponsor", "sponsor"),
            Role.CHAMPION: ("champion", "champion"),
            Role.AUTHOR: ("author", "auteur"),
            Role.LIMITED_AUTHOR: ("limited_author", "beperkte_auteur"),
            Role.APPROVER: ("approver", "goedkeurder"),
            Role.DEPUTY: ("deputy", "plaatsvervanger"),
            Role.CRM_TEAM: ("crm_team", "crm_team"),
            Role.PRIVACY_OFFICER: ("privacy_officer", "privacyfunctionaris"),
            Role.ADMIN: ("admin", "beheerder"),
        },
        Field.PHASE: {
            Phase.BEFORE: ("before", "voor"),
            Phase.GO_LIVE: ("go-live", "livegang"),
            Phase.CALM: ("calm", "rust"),
            Phase.AFTER: ("after", "na"),
        },
        Field.BARRIER: {
            Element.AWARENESS: ("awareness", "weten-waarom"),
            Element.DESIRE: ("desire", "willen"),
            Element.KNOWLEDGE: ("knowledge", "weten-hoe"),
            Element.ABILITY: ("ability", "kunnen"),
            Element.REINFORCEMENT: ("reinforcement", "volhouden"),
            "none": ("none", "geen"),
            "unknown": ("unknown", "onbekend"),
        },
        Field.LEVEL: {level: (level, level) for level in LEVELS},
    }
)
"""The fields whose values are ours; all others have the organisation's own."""

READ_WORDS = {s: word for word, both in WORDS.items() for s in both}
READ_FIELDS = {s: field for field, both in FIELDS.items() for s in both}
READ_GROUPS = {tuple(s.split()): kind for kind, both in GROUPS.items() for s in both}
READ_VALUES = {
    field: {s: value for value, both in values.items() for s in both}
    for field, values in VALUES.items()
}
CODES: Mapping[Field, frozenset[str]] = MappingProxyType(
    {Field.REGION: frozenset({"in", "is"}), Field.LANGUAGE: frozenset({"is"})}
)
"""India, Iceland and Icelandic, which may stand without quotes where nothing else fits."""
RESERVED = frozenset({*READ_WORDS, *READ_FIELDS, *(s for words in READ_GROUPS for s in words)})
"""Words that have to stand in quotes where they are a value; ``en`` is a language as well."""

"""What the organisation knows: how something is done, and which system a thing is in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nudges.people import Language
from nudges.programme import Words


@dataclass(frozen=True, slots=True)
class Article:
    """How something is done in the CRM: where it lives, why, and the steps.

    Attributes:
        nav: where it is, as the app shows it, its parts joined by `` > ``.
        body: paragraphs separated by an empty line; without any markup but ``**bold**``.
        why: one line on what it is good for; may be missing in an organisation's own articles.
        steps: what to do, in order; may be empty.
        asked: what people say who look for this, per language.
        area: what part of the work it belongs to; a champion helps with areas.
        jobs: whose work it is; everyone's if empty.
        link: a page that opens it; may be empty.
        reviewed: when somebody last checked that it is still so.
        owner: who keeps it up to date, as the CRM team calls them.

    """

    id: str
    nav: Words
    title: Words
    body: Words
    why: Words = field(default_factory=dict[Language, str])
    steps: Mapping[Language, tuple[str, ...]] = field(
        default_factory=dict[Language, tuple[str, ...]]
    )
    asked: Mapping[Language, tuple[str, ...]] = field(
        default_factory=dict[Language, tuple[str, ...]]
    )
    area: str = ""
    jobs: frozenset[str] = frozenset()
    link: str = ""
    reviewed: date | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """Where one kind of thing belongs: in the CRM or in another system, and why.

    ``also`` are other names for the thing; ``crm`` tells whether it belongs in the CRM, and
    ``system`` names the place in each language.
    """

    id: str
    thing: Words
    system: Words
    why: Words
    crm: bool
    also: Mapping[Language, tuple[str, ...]] = field(
        default_factory=dict[Language, tuple[str, ...]]
    )
    link: str = ""

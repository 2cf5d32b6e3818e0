"""Read content files into a library; the organisation's own folder is layered over ours.

A file of the same name replaces ours whole, so that what is in force can be read in one place.
A file that is broken is refused with its name and what to mend; nothing is left out silently.
"""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from adapters.content.articles import load_findable
from adapters.content.levels import load_levels
from adapters.content.reading import (
    OURS,
    ContentError,
    Strict,
    check_slots,
    layered,
    parsed,
    sections_of,
    text_of,
    toml_of,
)
from adapters.content.tables import load_tables
from dialogs.library import Deed, Library, Story, Wording
from nudges.activities import Activity, Rhythm, When
from nudges.adkar import Element, Question
from nudges.adkar import Kind as QuestionKind
from nudges.broadcast import Check, Link, Message
from nudges.follow_up import FollowUp, Sender
from nudges.people import Motivator
from nudges.phases import Kind
from nudges.programme import LEVELS, Milestone, Outcome, Programme, Reason, Segment
from nudges.roles import Role

DEMO = Path(__file__).parent / "demo"
"""The made-up company's own files."""


class _Question(Strict):
    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,39}$")
    element: Element
    reversed: bool = False
    not_applicable: bool = False
    kind: QuestionKind = "scale"
    area: str = ""
    about: dict[str, str] = Field(min_length=1)
    en: str | None = None
    nl: str | None = None
    text: dict[str, str] = Field(default_factory=dict)

    def words(self) -> dict[str, str]:
        """Return the question in each language; ``en`` and ``nl`` have a short form."""
        short = {"en": self.en, "nl": self.nl}
        return {k: v for k, v in short.items() if v} | self.text


class _Questions(Strict):
    question: list[_Question]


class _FollowUp(Strict):
    element: Element
    motivators: frozenset[Motivator] = frozenset()
    roles: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()
    sender: Sender = "coach"


_Level: TypeAlias = Annotated[int, Field(ge=LEVELS[0], le=LEVELS[-1])]


class _Activity(Strict):
    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")
    role: Literal[Role.SPONSOR, Role.MANAGER, Role.CHAMPION, Role.CRM_TEAM]
    element: Element
    rhythm: Rhythm
    phase: When = "any"
    text: dict[str, str] = Field(min_length=1)
    why: dict[str, str] = Field(min_length=1)


class _Activities(Strict):
    activity: list[_Activity]


class _Link(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    url: str

    def words(self) -> dict[str, str]:
        """Return what its button says, by language."""
        return {key: str(value) for key, value in (self.model_extra or {}).items()}


class _Check(Strict):
    question: dict[str, str] = Field(min_length=1)
    right: dict[str, str] = Field(default_factory=dict[str, str])
    wrong: tuple[dict[str, str], ...] = ()


class _Broadcast(Strict):
    kind: Kind = "change"
    goal: str = Field(default="", max_length=200)
    link: _Link | None = None
    check: _Check | None = None
    acknowledge: bool = True
    begins: AwareDatetime | None = None
    own_morning: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """A broadcast as somebody wrote it: its words, and when it is to go out."""

    message: Message
    begins: datetime | None
    own_morning: bool


class _Outcome(Strict):
    name: dict[str, str]
    unit: str
    baseline: float
    target: float
    months: dict[str, float] = Field(default_factory=dict)


class _Milestone(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    date: date

    def words(self) -> dict[str, str]:
        """Return what is promised, by language."""
        return {key: str(value) for key, value in (self.model_extra or {}).items()}


class _Segment(Strict):
    id: str
    name: dict[str, str]
    go_live: date | None = None
    why: dict[str, str] = Field(default_factory=dict)
    why_now: dict[str, str] = Field(default_factory=dict)
    wrong_today: dict[str, str] = Field(default_factory=dict)
    what_if_not: dict[str, str] = Field(default_factory=dict)
    wiifm: dict[str, str] = Field(default_factory=dict)
    roadmap: list[_Milestone] = Field(default_factory=list[_Milestone])
    goals: dict[_Level, dict[str, str]] = Field(default_factory=dict)
    sponsor: str = ""
    celebration: dict[str, str] = Field(default_factory=dict)


class _Programme(Strict):
    name: dict[str, str]
    crm: str
    kind: Literal["introduce", "optimise", "extend"] = "introduce"
    purpose: dict[str, str] = Field(default_factory=dict)
    levels: dict[_Level, dict[str, str]] = Field(default_factory=dict)
    outcome: list[_Outcome] = Field(default_factory=list[_Outcome], max_length=3)
    segment: list[_Segment]


def load_library(own: Path | None = None) -> Library:
    """Read all content: ours, and over it the organisation's own folder.

    Raises:
        ContentError: a file is broken.

    """
    from adapters.content.tips import load_tips  # noqa: PLC0415 - it reads with what stands here

    folders = [OURS, *([own] if own else [])]
    if own and not own.is_dir():
        message = f"The content folder {own} does not exist."
        raise ContentError(message)
    version = blake2b(digest_size=8)
    bank: dict[str, Question] = {}
    wordings: dict[str, Wording] = {}
    for path in layered(folders, "pulses", "*.toml"):
        text = text_of(path)
        version.update(text.encode())
        for asked in parsed(_Questions, toml_of(path, text), path).question:
            if asked.id in bank:
                message = f"{path}: question {asked.id} stands in another file, too."
                raise ContentError(message)
            check_slots(path, asked.id, [*asked.words().values(), *asked.about.values()])
            if not asked.words():
                message = f'{path}: question {asked.id} has no words; write en = "…".'
                raise ContentError(message)
            bank[asked.id] = Question(
                asked.id,
                asked.element,
                asked.reversed,
                asked.not_applicable,
                asked.kind,
                asked.area,
            )
            wordings[asked.id] = Wording(asked.words(), asked.about)
    follow_ups: list[FollowUp] = []
    stories: dict[str, Story] = {}
    for path in layered(folders, "follow_ups", "*.md"):
        text = text_of(path)
        version.update(text.encode())
        facts, story = _story(path, text)
        follow_ups.append(
            FollowUp(
                path.stem,
                facts.element,
                facts.motivators,
                facts.roles,
                facts.levels,
                facts.sender,
            )
        )
        stories[path.stem] = story
    activities: dict[str, Activity] = {}
    deeds: dict[str, Deed] = {}
    for path in layered(folders, ".", "activities*.toml"):
        text = text_of(path)
        version.update(text.encode())
        for told in parsed(_Activities, toml_of(path, text), path).activity:
            if told.id in activities:
                message = f"{path}: activity {told.id} stands there twice, or in another file, too."
                raise ContentError(message)
            check_slots(path, told.id, [*told.text.values(), *told.why.values()])
            activities[told.id] = Activity(
                told.id, Role(told.role), told.element, told.rhythm, told.phase
            )
            deeds[told.id] = Deed(told.text, told.why)
    findable = load_findable(folders, version)
    tables = load_tables(own, lambda text: version.update(text.encode()))
    tips, tip_words = load_tips(folders, version.update)
    levels, level_words = load_levels(folders, version.update, tips)
    return Library(
        version.hexdigest(),
        bank,
        wordings,
        tuple(follow_ups),
        stories,
        tuple(activities.values()),
        deeds,
        articles=findable.articles,
        systems=findable.systems,
        kin=findable.kin,
        elsewhere=findable.elsewhere,
        tables=tables,
        tips=tips,
        tip_words=tip_words,
        levels=levels,
        level_words=level_words,
    )


def load_programme(path: Path) -> Programme:
    """Read the programme an organisation wrote as a file.

    Raises:
        ContentError: the file is broken.

    """
    read = parsed(_Programme, toml_of(path, text_of(path)), path)
    return Programme(
        name=read.name,
        crm=read.crm,
        kind=read.kind,
        purpose=read.purpose,
        outcomes=tuple(
            Outcome(o.name, o.unit, o.baseline, o.target, o.months) for o in read.outcome
        ),
        segments={s.id: _segment(s) for s in read.segment},
        levels=read.levels,
    )


def _segment(read: _Segment) -> Segment:
    return Segment(
        id=read.id,
        name=read.name,
        go_live=read.go_live,
        reasons={r: words for r in Reason if (words := getattr(read, r.value))},
        roadmap=tuple(Milestone(m.date, m.words()) for m in read.roadmap),
        goals=read.goals,
        sponsor=read.sponsor,
        celebration=read.celebration,
    )


def load_message(path: Path) -> Written:
    """Read a broadcast that somebody wrote as a file.

    Raises:
        ContentError: the file is broken.

    """
    facts, said = sections_of(path, text_of(path), _Broadcast)
    link = Link(facts.link.url, facts.link.words()) if facts.link else None
    asked = facts.check
    message = Message(
        said.title,
        said.body,
        facts.kind,
        facts.goal,
        link,
        facts.acknowledge,
        check=Check(asked.question, asked.right, asked.wrong) if asked else None,
    )
    return Written(message, facts.begins, facts.own_morning)


def _story(path: Path, text: str) -> tuple[_FollowUp, Story]:
    facts, said = sections_of(path, text, _FollowUp)
    check_slots(path, path.stem, [*said.title.values(), *said.body.values()])
    return facts, said

"""What programs ask and what they get, as shapes that are checked; the description is made of them.

A shape takes nothing that it does not know: a filter with a slip of the pen would else bring all
numbers, and nobody would see it.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dialogs.speech import Speech, languages
from nudges.group import Figure, rows
from nudges.open_numbers import DRAWN, MOST, NAMES, USUAL, Page, Place, Wanted
from nudges.people import Language

MEASURE: Final = Field(description="A measure, as `/measures` names it.", examples=["active"])
WEEK: Final = Field(description="A week, by its Monday.", examples=["2026-11-09"])
_FORMAT: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
Week = Annotated[str, Field(pattern=_FORMAT, json_schema_extra={"format": "date"})]


class Shape(BaseModel):
    """What all shapes share."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(Shape):
    """Filters of an address; each may be given once."""

    @classmethod
    def read(cls, given: dict[str, str]) -> Self:
        """Read what stands behind the question mark."""
        return cls.model_validate(given)


class NothingAsked(Asked):
    """No filter."""


class NumbersAsked(Asked):
    """Which numbers are wanted."""

    measure: Annotated[
        str,
        Field(
            max_length=200,
            description="Only these measures, with commas between them.",
            examples=["active,records"],
        ),
    ] = ""
    week: Annotated[Week | None, Field(description="Only this week, by its Monday.")] = None
    since: Annotated[Week | None, Field(description="From this week on, by its Monday.")] = None
    until: Annotated[Week | None, Field(description="Up to this week, by its Monday.")] = None
    limit: Annotated[
        str,
        Field(
            pattern=r"^[1-9][0-9]{0,2}$",
            description=f"How many numbers a page has, up to {MOST}.",
        ),
    ] = str(USUAL)
    after: Annotated[
        str,
        Field(
            pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}\.[a-z_]{1,40})?$",
            description="Where a page begins: `next` of the page before.",
        ),
    ] = ""

    @field_validator("measure")
    @classmethod
    def _known(cls, value: str) -> str:
        unknown = sorted(set(value.split(",")) - set(NAMES)) if value else []
        if unknown:
            message = f"has to be of {', '.join(NAMES)}"
            raise ValueError(message)
        return value

    @field_validator("week", "since", "until")
    @classmethod
    def _monday(cls, value: str | None) -> str | None:
        if value is not None and date.fromisoformat(value).weekday():
            message = "has to be a Monday"
            raise ValueError(message)
        return value

    @field_validator("limit")
    @classmethod
    def _some(cls, value: str) -> str:
        if int(value) > MOST:
            message = f"has to be {MOST} or less"
            raise ValueError(message)
        return value

    @field_validator("after")
    @classmethod
    def _a_place(cls, value: str) -> str:
        if value:
            date.fromisoformat(value.partition(".")[0])
        return value

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.week and (self.since or self.until):
            message = "week goes without since and until"
            raise ValueError(message)
        return self

    def wanted(self) -> Wanted:
        """Return what is asked, as the program knows it."""
        week, _, measure = self.after.partition(".")
        return Wanted(
            tuple(self.measure.split(",")) if self.measure else (),
            _day(self.week or self.since),
            _day(self.week or self.until),
            (date.fromisoformat(week), measure) if week else None,
            int(self.limit),
        )


class Value(Shape):
    """One value of a number."""

    category: Annotated[
        str | None,
        Field(description="Which part of the people; none where the value is a mean of all."),
    ]
    value: Annotated[
        float, Field(description="A share from 0 to 1, rounded as it was told, or a mean.")
    ]


class Number(Shape):
    """A number about the organisation, as it was frozen; it never changes."""

    measure: Annotated[str, MEASURE]
    week: Annotated[Week, WEEK]
    people: Annotated[
        str,
        Field(
            pattern=r"^[0-9]+-[0-9]+$",
            description="Of how many people, roughly; the exact count is told to nobody.",
            examples=["20-49"],
        ),
    ]
    scope: Annotated[
        Literal["own", "together"],
        Field(description="`own`: of these people alone; `together`: with others besides."),
    ]
    values: list[Value]


class Numbers(Shape):
    """A page of numbers, by week and measure."""

    numbers: list[Number]
    next: Annotated[
        str | None, Field(description="Give this as `after` for the next page; none at the end.")
    ]


class MeasureTold(Shape):
    """What a measure means."""

    measure: Annotated[str, MEASURE]
    form: Annotated[
        Literal["shares", "mean"],
        Field(description="`shares` add up to one; a `mean` has no category."),
    ]
    every_weeks: Annotated[int, Field(description="After so many weeks there is a new number.")]
    meaning: Annotated[dict[Language, str], Field(description="What it means, in each language.")]
    categories: list[str]


class Measures(Shape):
    """All measures."""

    measures: list[MeasureTold]


class WeekTold(Shape):
    """A week of which there are numbers."""

    week: Annotated[Week, WEEK]
    measures: list[str]


class Weeks(Shape):
    """All weeks of which there are numbers, oldest first."""

    weeks: list[WeekTold]


class Problem(Shape):
    """What went wrong, and what to do (RFC 9457)."""

    type: Annotated[str, Field(examples=["urn:wayfinder:problem:bad-filter"])]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str


def as_numbers(page: Page) -> Numbers:
    """Write a page of numbers."""
    return Numbers(numbers=[_number(one) for one in page.figures], next=_place(page.last))


def as_weeks(found: list[tuple[date, tuple[str, ...]]]) -> Weeks:
    """Write the weeks of which there are numbers."""
    return Weeks(
        weeks=[WeekTold(week=week.isoformat(), measures=list(names)) for week, names in found]
    )


def as_measures() -> Measures:
    """Write what every measure means."""
    return Measures(
        measures=[
            MeasureTold(
                measure=one.measure.name,
                form=one.form,
                every_weeks=one.measure.every_weeks,
                meaning={
                    of: Speech(of).line(f"api.measure.{one.measure.name}") for of in languages()
                },
                categories=list(one.categories),
            )
            for one in DRAWN
        ]
    )


def _number(figure: Figure) -> Number:
    found = rows(figure)
    return Number(
        measure=figure.measure,
        week=figure.week.isoformat(),
        people=found[0][2],
        scope="own" if figure.exact else "together",
        values=[Value(category=name or None, value=float(value)) for name, value, _ in found],
    )


def _place(place: Place | None) -> str | None:
    return f"{place[0].isoformat()}.{place[1]}" if place else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def schema_of(shape: type[Shape]) -> dict[str, Any]:
    """Return a shape as JSON Schema, with what it is made of named where the description has it."""
    return shape.model_json_schema(ref_template="#/components/schemas/{model}")

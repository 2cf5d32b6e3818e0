"""An organisation's own words for departments and jobs, and what they mean to Wayfinder.

A directory in the cloud says "Account Manager Benelux"; which team, job and segment that is only
the organisation knows. It says so in ``directory.toml`` in its content folder. What is not in
there stays empty: nothing is guessed.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dialogs.speech import languages
from nudges.calendar import zone_of

FILE = "directory.toml"
Meaning = TypeVar("Meaning")


class CustomsError(ValueError):
    """The file cannot be used; the message says what to mend."""


def key(text: str) -> str:
    """Return how words are compared: neither capitals nor spaces matter."""
    return " ".join(text.casefold().split())


def is_zone(name: str) -> bool:
    """Say whether a text names a time zone."""
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _zone(name: str) -> str:
    if not is_zone(name):
        message = f"{name!r} is not a time zone such as Europe/Amsterdam"
        raise ValueError(message)
    return name


def _language(code: str) -> str:
    if code not in languages():
        message = f"{code!r} is not one of {', '.join(languages())}"
        raise ValueError(message)
    return code


def _alike(found: Mapping[str, Meaning]) -> dict[str, Meaning]:
    kept = {key(name): meaning for name, meaning in found.items()}
    if len(kept) < len(found):
        message = "a name stands there twice, but for capitals or spaces"
        raise ValueError(message)
    return kept


Zone = Annotated[str, AfterValidator(_zone)]
Short = Annotated[str, Field(max_length=100, pattern=r"^([^\x00-\x1f=+@-][^\x00-\x1f]*)?$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Department(BaseModel):
    """What a department is here: a team (a path from large to small), a segment, a job."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    team: Short = ""
    segment: Short = ""
    job: Short = ""


class Customs(BaseModel):
    """What the organisation's own words mean; without a file every word means nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Annotated[str, AfterValidator(_language)] = "en"
    zone: Zone = "Europe/Amsterdam"
    only_these_departments: bool = False
    zones: dict[Country, Zone] = Field(default_factory=dict[str, str])
    jobs: Annotated[dict[str, Short], AfterValidator(_alike)] = Field(
        default_factory=dict[str, str]
    )
    departments: Annotated[dict[str, Department], AfterValidator(_alike)] = Field(
        default_factory=dict[str, Department]
    )

    def department(self, name: str) -> Department | None:
        """Return what a department is; None for one that is not in the file."""
        return self.departments.get(key(name))

    def job(self, title: str) -> str:
        """Return the job behind a title; nothing for one that is not in the file."""
        return self.jobs.get(key(title), "")

    def zone_in(self, country: str) -> str:
        """Return the zone of a country; nothing where it has several and none was chosen."""
        return self.zones.get(country) or zone_of(country)


def read_customs(content: Path | None) -> Customs:
    """Read what the organisation's own words mean, from its content folder if it has one.

    Raises:
        CustomsError: the file is broken.

    """
    path = content / FILE if content else None
    if path is None or not path.is_file():
        return Customs()
    try:
        return Customs.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: cannot be read: {error}."
        raise CustomsError(message) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}."
        raise CustomsError(message) from error

"""What of a CRM is measured, and how: the organisation's own tables, fields and days."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """A table whose records are measured.

    ``entered`` tells that its new records count; ``wanted`` are the columns that have to be filled
    for a record to be of quality, of those for which ``where`` holds.
    """

    collection: str
    entered: bool = True
    wanted: tuple[str, ...] = ()
    where: str = "statecode eq 0"


@dataclass(frozen=True, slots=True)
class Measures:
    """All that is measured.

    ``audit`` and ``records`` tell what makes a day one with work in the CRM: that the CRM's own
    log saw somebody, and that they made or changed a record. ``lead_days`` are the working days in
    which a lead is to be followed up; ``next_step`` whether an opportunity needs a next activity.
    """

    tables: tuple[Counted, ...]
    audit: bool = True
    records: bool = True
    lead_days: int = 2
    next_step: bool = True

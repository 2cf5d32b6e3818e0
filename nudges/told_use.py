"""Use as a file or another system tells it: every line is checked, and nothing counts twice.

All of it is taken or none: a wrong unit, a week that is not over or two lines that contradict each
other refuse the whole. Who is nobody here is left out and reported; nobody comes into being.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from nudges.adoption import RANGES, SHARES, WEEK, Metric, Use, week_of
from nudges.cells import Remark

FIRST = date(2000, 1, 1)
"""Weeks before this are slips."""
CERTAINLY_PERCENT = 2
"""From this on somebody wrote a percentage where a share was asked for."""
SHOWN = 40
"""Characters of what stands there that are repeated to whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says, its numbers read and nothing else; ``person`` goes before ``email``."""

    line: int
    person: str
    email: str
    week: str
    values: Mapping[Metric, float]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a telling comes to: with ``problems``, nothing of it may be kept."""

    uses: tuple[Use, ...] = ()
    problems: tuple[Remark, ...] = ()
    repeated: tuple[Remark, ...] = ()
    unknown: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """Who can be told about, by id and by e-mail address.

    An address that was given to somebody else since is theirs who are here.
    """

    ids: frozenset[str] = frozenset()
    emails: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, identities: Iterable[tuple[str, str]], left: Iterable[str]) -> "Roster":
        """Make it of everybody's id and address, and the ids of those who left."""
        gone, found = frozenset(left), list(identities)
        emails: dict[str, list[str]] = {}
        for who, email in sorted(found, key=lambda one: one[0] in gone):
            if email and not (who in gone and email.casefold() in emails):
                emails.setdefault(email.casefold(), []).append(who)
        single = {email: whose[0] for email, whose in emails.items() if len(whose) == 1}
        return cls(frozenset(who for who, _ in found), single)

    def find(self, line: Line) -> str | None:
        """Return whom a line is about, if that is exactly one."""
        if line.person:
            return line.person if line.person in self.ids else None
        return self.emails.get(line.email.casefold())


def check(lines: Iterable[Line], roster: Roster, today: date) -> Checked:
    """Check what was told.

    Args:
        lines: what was told, in its order.
        roster: who is here.
        today: a week is taken from the Monday after it on.

    """
    problems: list[Remark] = []
    unknown: list[Remark] = []
    repeated: list[Remark] = []
    kept: dict[tuple[str, date], dict[Metric, tuple[float, int]]] = {}
    for line in lines:
        week, why = _week(line.week, today)
        wrong = [*([why] if why else []), *_wrong(line)]
        problems += [Remark(line.line, "", one) for one in wrong]
        who = roster.find(line)
        if who is None and (line.person or line.email):
            unknown.append(Remark(line.line, "", "this is nobody we know"))
        if wrong or week is None or who is None:
            continue
        known = kept.setdefault((who, week), {})
        same = [known[metric][1] for metric in line.values if metric in known]
        against = [
            Remark(line.line, "", _against(m, value, *known[m]))
            for m, value in line.values.items()
            if m in known and known[m][0] != value
        ]
        problems += against
        if same and not against:
            said = f"this person and week stand on line {same[0]}, too, and count once"
            repeated.append(Remark(line.line, "", said))
        for metric, value in line.values.items():
            known.setdefault(metric, (value, line.line))
    uses = [
        Use(who, week, {metric: value for metric, (value, _) in values.items()})
        for (who, week), values in kept.items()
        if values
    ]
    return Checked(
        () if problems else tuple(uses), tuple(problems), tuple(repeated), tuple(unknown)
    )


def _week(text: str, today: date) -> tuple[date | None, str]:
    """Read which week is meant, by any of its days; or say what is wrong with it."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-16") else None
    except ValueError:
        day = None
    if day is None or day < FIRST:
        return None, f"week {text[:SHOWN]!r} is no day such as 2026-11-16"
    week = week_of(day)
    if today - week < WEEK:
        begun = "is not over yet" if today >= week else "is still to come"
        return None, f"the week of {week.isoformat()} {begun}; it can be told once it is over"
    return week, ""


def _wrong(line: Line) -> Iterator[str]:
    """Say which values cannot be."""
    if not line.person and not line.email:
        yield "it says of nobody whose week this is"
    for metric, value in line.values.items():
        if not RANGES[metric].fits(value):
            yield f"{metric}: {_why(metric, value)}"


def _against(metric: Metric, value: float, before: float, line: int) -> str:
    return f"{metric} is {_said(value)}, and {_said(before)} on line {line}"


def _said(value: float) -> str:
    return f"{value:.9g}"


def _why(metric: Metric, value: float) -> str:
    """Say why a value is none of this metric, and what may have been meant."""
    if value < 0:
        return f"{_said(value)} is below 0"
    if metric in SHARES:
        if CERTAINLY_PERCENT <= value <= 100:  # noqa: PLR2004 - per cent
            return f"{_said(value)} is no share: write {_said(value / 100)}"
        return f"{_said(value)} is no share: it goes from 0 to 1"
    if value > RANGES[metric].most:
        return f"{_said(value)} is too many: it goes from 0 to {RANGES[metric].most:.0f}"
    return f"{_said(value)} is no whole number"

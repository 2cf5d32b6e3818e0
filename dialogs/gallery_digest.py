"""The digests of the gallery: full, the first one, a small team, hardly anything, one level up."""

from collections.abc import Mapping

from dialogs.digest import NoDigestNote, NormsForm, NotOnePersonNote
from dialogs.for_team import ForTeamNote
from dialogs.library import Deed
from nudges.activities import Activity, Rhythm
from nudges.adkar import Element
from nudges.delivery import Note
from nudges.digest import (
    DigestNote,
    Gone,
    Line,
    Missing,
    Number,
    Organisation,
    Result,
)
from nudges.roles import Role

WEEK, BEFORE, EARLIER = "2026-11-09", "2026-11-02", "2026-10-19"
BAND = "10-19"
NORMS: Mapping[str, tuple[str, ...]] = {
    "p1": (
        "Every visit is in the system by Friday noon.",
        "Who is asked for a customer answers with the link.",
    )
}
ACTIVITY = Activity("sponsor-listen-on-the-floor", Role.SPONSOR, Element.DESIRE, Rhythm.MONTHLY)
DEED = Deed(
    {
        "en": "Sit for half an hour with people who use {crm}. Ask what stands in their way.",
        "nl": "Schuif een half uur aan bij mensen die met {crm} werken. Vraag wat in de weg zit.",
    },
    {
        "en": "People get behind a change when somebody with influence knows their objections.",
        "nl": "Mensen gaan erachter staan als iemand met invloed hun bezwaren kent.",
    },
)


def _yes(kind: str, share: float, before: float | None = None, **how: str) -> Line:
    category = {"response": "answered", "managers": "agree"}.get(kind, "yes")
    now = _number(kind, ((category, share),), None, **how)
    then = _number(kind, ((category, before),), week=BEFORE) if before is not None else None
    return Line(now, then)


def _number(
    kind: str,
    shares: tuple[tuple[str, float], ...] = (),
    mean: float | None = None,
    **how: str,
) -> Number:
    told: dict[str, str] = {"week": WEEK, "band": BAND, "scope": "own", **how}
    return Number(kind=kind, shares=shares, mean=mean, **told)  # pyright: ignore[reportArgumentType] - made up


BARRIERS = _number(
    "barrier",
    (("awareness", 0.1), ("desire", 0.1), ("knowledge", 0.1), ("ability", 0.4), ("none", 0.3)),
)
BARRIERS_BEFORE = _number(
    "barrier",
    (("awareness", 0.1), ("desire", 0.3), ("knowledge", 0.2), ("ability", 0.4)),
    week=EARLIER,
)
LEVELS = _number("level", (("0", 0.3), ("1", 0.5), ("2", 0.2)))
FULL = (
    _yes("active", 0.7, 0.6),
    Line(_number("records", mean=12.4), _number("records", mean=13.0, week=BEFORE)),
    Line(_number("leads_in_time", mean=0.82), _number("leads_in_time", mean=0.84, week=BEFORE)),
    _yes("decided", 0.8, 0.6),
    _yes("response", 0.6),
    Line(BARRIERS, BARRIERS_BEFORE),
    Line(LEVELS),
)
TOGETHER = (
    _yes("active", 0.98, scope="together"),
    _yes("decided", 0.7, scope="together", week=EARLIER),
    Line(_number("barrier", BARRIERS.shares, scope="together", week=EARLIER)),
)
UPWARDS = (
    _yes("active", 0.64, 0.6, band="200-499"),
    _yes("decided", 0.71, 0.71, band="200-499"),
    _yes("reach", 0.58, band="200-499"),
    Line(
        _number("shadow", (("crm", 0.52), ("elsewhere", 0.3), ("partly", 0.18)), band="200-499"),
        _number("shadow", (("crm", 0.4), ("elsewhere", 0.42), ("partly", 0.18)), week=EARLIER),
    ),
    _yes("came_back", 0.4, band="50-99"),
    _yes("managers", 0.02, band="50-99"),
    Line(_number("leads_in_time", mean=0.99, band="100-199")),
    Line(_number("barrier", BARRIERS.shares, band="200-499")),
)
ORGANISATION = Organisation(
    (Result(0, "2026-11", 72.0),),
    (("sales", 31),),
    unanswered=2,
    blockers=12,
    decay=(0.83, 0.64),
    gone=(Gone("sponsor"), Gone("champion", "Sales/Netherlands"), Gone("champion")),
)
ACTION = "manager-sit-beside"
DIGESTS: Mapping[str, Note] = {
    "digest": DigestNote(WEEK, lines=FULL, action=ACTION, whose="p1"),
    "digest-first": DigestNote(WEEK, lines=FULL, action=ACTION, first=True, whose="p2"),
    "digest-done": DigestNote(WEEK, lines=FULL, action=ACTION, answered="done", whose="p1"),
    "digest-later": DigestNote(WEEK, lines=FULL[:4], action=ACTION, answered="later", whose="p1"),
    "digest-small-team": DigestNote(
        WEEK,
        lines=TOGETHER,
        missing=(Missing("level", "few"), Missing("response", "alike"), Missing("records", "gap")),
        action=ACTION,
        whose="p2",
    ),
    "digest-hardly-anything": DigestNote(
        WEEK,
        lines=(_yes("active", 0.5, band="odd"),),
        missing=(Missing("barrier", "unchanged"), Missing("level", "few")),
        whose="p2",
    ),
    "digest-nothing": DigestNote(WEEK, missing=(Missing("barrier", "few"),), whose="p2"),
    "digest-organisation": DigestNote(
        WEEK, "organisation", UPWARDS, action=ACTIVITY.id, organisation=ORGANISATION
    ),
    "digest-organisation-first": DigestNote(
        WEEK, "organisation", UPWARDS[:2], first=True, organisation=Organisation()
    ),
    "no-digest": NoDigestNote(),
    "not-one-person": NotOnePersonNote(),
    "for-team-digests": ForTeamNote("digests"),
}
DIGEST_FORMS: Mapping[str, Note] = {
    "norms-form": NormsForm("p1"),
    "norms-form-new": NormsForm("p2"),
}

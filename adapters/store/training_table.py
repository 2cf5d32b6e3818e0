"""The tables of training sessions, and how their rows are read and written."""

from typing import Any

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Row, String, Table

from adapters.store.schema import Moment, Number, erased_by, metadata, numbered
from nudges.training import Session, Signup, SignupState, Training

trainings = Table(
    "trainings",
    metadata,
    numbered(),
    Column("key", String, nullable=False, unique=True),
    Column("title", JSON, nullable=False),
    Column("why", JSON, nullable=False),
    Column("about", String, nullable=False),
    Column("starts", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("place", String, nullable=False),
    Column("link", String, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("rule", String, nullable=False),
    Column("trainer", String, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("cancelled", Boolean, nullable=False, default=False),
    Column("revision", Integer, nullable=False, default=0),
    Index("ix_trainings_starts", "starts"),
    info=erased_by(cleared={"trainer": ""}),
    sqlite_autoincrement=True,
)
signups = Table(
    "training_signups",
    metadata,
    Column("session", Number, ForeignKey("trainings.id"), primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("state", String, nullable=False),
    Column("place", Integer, nullable=False),
    Column("told", String, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("knows", Integer, nullable=False),
    Column("reported", Boolean, nullable=False, default=False),
    Column("useful", String),
    Column("reminded", String, nullable=False, default=""),
    Column("asked", Boolean, nullable=False, default=False),
    Column("before", String, nullable=False, default=""),
    Column("after", String, nullable=False, default=""),
    Index("ix_training_signups_person", "person"),
    info=erased_by("person"),
)
invitations = Table(
    "training_invitations",
    metadata,
    Column("session", Number, ForeignKey("trainings.id"), primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("invited", Boolean, nullable=False),
    Column("reacted", Boolean, nullable=False, default=False),
    Column("at", Moment, nullable=False),
    Index("ix_training_invitations_person", "person"),
    info=erased_by("person"),
)
NAMES = (
    *("key", "title", "why", "about", "starts", "minutes"),
    *("place", "link", "seats", "rule", "trainer", "open"),
)
KEPT = (
    *("place", "told", "told_at", "knows", "reported", "useful"),
    *("reminded", "asked", "before", "after"),
)


def signup_columns(signup: Signup) -> dict[str, Any]:
    """Return a sign-up as its row has it, without whose it is."""
    return {"state": signup.state.value} | {name: getattr(signup, name) for name in KEPT}


def training_of(row: Row[Any], of: tuple[Signup, ...]) -> Training:
    """Read a session with its sign-ups."""
    values: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
    session = Session(**values)
    return Training(row.id, session, of, row.cancelled, row.revision, row.by_name or "")


def signup_of(row: Row[Any]) -> Signup:
    """Read a sign-up, with the name of whose it is."""
    kept: dict[str, Any] = {name: getattr(row, name) for name in KEPT}
    return Signup(person=row.person, state=SignupState(row.state), name=row.name, **kept)

"""What the database is told for every message on its way: made once, for that costs most.

Ready, claim, mark, settle: each statement is fenced, so that a late sleeper changes nothing.
"""

from sqlalchemy import (
    JSON,
    ColumnElement,
    Executable,
    Integer,
    String,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    true,
    update,
)

from adapters.store.delivery_table import HELD, QUEUED, deliveries
from adapters.store.each import Each, Given
from adapters.store.lanes import lanes
from adapters.store.runs import runs
from adapters.store.schema import Moment, Number
from adapters.store.sealed import Private
from nudges.delivery import RunState, State

ROW = [cast(c, Text).label("note") if c.name == "note" else c for c in deliveries.c]
"""A delivery, with what it says as it is written: of a thousand that say the same one is read."""
_UNDER_WAY = (State.CLAIMED, State.SENDING)
_OTHER = deliveries.alias("other")
_ANOTHER_UNDER_WAY = (
    select(_OTHER.c.id)
    .where(_OTHER.c.target == deliveries.c.target, _OTHER.c.state.in_(_UNDER_WAY))
    .exists()
)
"""A message is being replaced already: the newest words have to come last."""
_DUE = deliveries.c.due <= bindparam("now", type_=Moment)
READY = (
    select(runs.c.name.label("run"), runs.c.priority, *lanes.c)
    .select_from(runs.join(lanes, true()))
    .where(
        runs.c.state == RunState.RUNNING,
        select(deliveries.c.id)
        .where(
            QUEUED,
            deliveries.c.run == runs.c.name,
            deliveries.c.lane == lanes.c.name,
            _DUE,
        )
        .exists(),
    )
    .order_by(runs.c.priority, runs.c.name, lanes.c.name)
)
CLAIM = (
    update(deliveries)
    .where(
        deliveries.c.id.in_(
            select(deliveries.c.id)
            .where(
                QUEUED,
                deliveries.c.run == bindparam("of_run"),
                deliveries.c.lane == bindparam("of_lane"),
                _DUE,
                or_(deliveries.c.target.is_(None), ~_ANOTHER_UNDER_WAY),
            )
            .order_by(deliveries.c.due, deliveries.c.id)
            .limit(bindparam("most", type_=Integer))
            .with_for_update(skip_locked=True)
        )
    )
    .values(
        state=State.CLAIMED,
        owner=bindparam("by"),
        fence=deliveries.c.fence + 1,
        lease_until=bindparam("until", type_=Moment),
    )
    .returning(*ROW)
)


def _mark(given: Given) -> Executable:
    return (
        update(deliveries)
        .where(*_mine(given), deliveries.c.state == State.CLAIMED)
        .values(
            state=State.SENDING,
            note=given["says"],
            subject=given["about"],
            platform=given["on"],
            tenant=given["of"],
            user=given["to"],
            attempt=deliveries.c.attempt + 1,
            lease_until=given["until"],
        )
    )


def _settle(given: Given) -> Executable:
    return (
        update(deliveries)
        .where(*_mine(given), HELD)
        .values(
            state=given["to_state"],
            due=func.coalesce(given["to_due"], deliveries.c.due),
            lane=func.coalesce(given["to_lane"], deliveries.c.lane),
            ref=given["to_ref"],
            why=given["to_why"],
            sent_at=given["to_sent"],
            owner=None,
            lease_until=None,
        )
    )


def _mine(given: Given) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Say which rows are still ours: those whose fence nobody has raised since."""
    return deliveries.c.id == given["number"], deliveries.c.fence == given["held"]


_WHICH = {"number": Number, "held": Integer()}
MARK = Each(
    {
        **_WHICH,
        "says": JSON(),
        **dict.fromkeys(("about", "on", "of"), String()),
        "to": Private(),
        "until": Moment(),
    },
    _mark,
)
MARKED = select(deliveries.c.id, deliveries.c.fence).where(
    deliveries.c.id.in_(bindparam("numbers", expanding=True)),
    deliveries.c.state == State.SENDING,
)
SETTLE = Each(
    {
        **_WHICH,
        **dict.fromkeys(("to_state", "to_lane", "to_ref", "to_why"), String()),
        **dict.fromkeys(("to_due", "to_sent"), Moment()),
    },
    _settle,
)

"""Broadcasts steered and followed from the command line, and what is refused."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from bot.cli import following
from nudges.audience import EVERYONE
from nudges.broadcast import Draft, HandedIn, Message, Stage
from nudges.broadcast_notes import BroadcastNote
from nudges.roles import Role
from tests.cli.test_broadcast import Author

NOW = datetime.now(UTC)


@pytest.fixture
def crm(tmp_path: Path) -> Author:
    author = Author(tmp_path)
    author.grant("p1", Role.APPROVER)
    return author


def begun(crm: Author, sent: int = 0) -> None:
    """Hand a broadcast in, and let it begin; the first of its people have it."""
    assert crm.send().exit_code == 0

    async def begin() -> None:
        store = await Store.open(crm.database[1])
        async with store.write() as work:
            await work.begin_spread(
                "broadcast:1", BroadcastNote(1), EVERYONE, NOW, own_morning=False, now=NOW
            )
            await work.spread(NOW, 100)
            await work.note_begun(1)
            first = select(deliveries.c.id).order_by(deliveries.c.id).limit(sent)
            await work.connection.execute(
                update(deliveries).where(deliveries.c.id.in_(first)).values(state="sent")
            )
        await store.close()

    asyncio.run(begin())


def test_it_is_held_let_go_on_stopped_and_taken_back(crm: Author) -> None:
    begun(crm, sent=3)
    for command, who, state in (
        ("pause", "p0", "paused"),
        ("resume", "p1", "sending"),
        ("stop", "p0", "stopped"),
        ("recall", "p1", "recalling"),
    ):
        result = crm.run("broadcast", command, "1", "--as", who)
        assert (result.exit_code, result.stderr) == (0, f"Broadcast 1 is {state}.\n")
        assert crm.status()["state"] == state
    assert crm.status() | {"sent": 3, "returned": 0} == crm.status()


@pytest.mark.parametrize(
    ("command", "number", "who", "why"),
    [
        ("pause", "9", "p0", "There is no broadcast 9"),
        ("pause", "1", "p2", "not its author, of the CRM team, or an approver"),
        ("stop", "1", "nobody", "nobody we know"),
        ("pause", "2", "p0", "Broadcast 2 is waiting: it does not leave"),
        ("recall", "2", "p0", "there is nothing to take back"),
        ("recall", "3", "p0", "is a correction; take back 1"),
    ],
)
def test_what_cannot_be_done_is_refused(
    crm: Author, command: str, number: str, who: str, why: str
) -> None:
    begun(crm)
    said = Message({"en": "Offers"}, {"en": "One place."})
    correction = Draft(said, "everyone", 3, corrects=1)
    crm.keeps("p0", HandedIn(Draft(said, "everyone", 3), Stage.WAITING))
    crm.keeps("p0", HandedIn(correction, Stage.BEGUN))
    result = crm.run("broadcast", command, number, "--as", who)
    assert (result.exit_code, result.stdout) == (2, "")
    assert why in result.stderr


def test_it_is_followed_until_it_is_through(crm: Author) -> None:
    begun(crm, sent=8)
    result = crm.run("broadcast", "follow", "1")
    assert result.exit_code == 0
    assert result.stdout.split("\t")[:3] == ["done", "queued 0", "sent 8"]
    assert "See `python -m bot broadcast status 1`" in result.stderr
    assert crm.run("broadcast", "follow", "9").exit_code == 2


def test_nobody_follows_for_ever_and_ctrl_c_does_no_harm(
    crm: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(crm, sent=2)
    monkeypatch.setattr(following, "LONGEST", timedelta())
    result = crm.run("broadcast", "follow", "1")
    assert (result.exit_code, result.stdout.split("\t")[0]) == (0, "sending")

    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(following.using, "run", interrupted)
    assert crm.run("broadcast", "follow", "1").exit_code == 0


def test_a_bar_is_drawn_on_a_terminal(crm: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(crm, sent=8)
    monkeypatch.setattr(following, "on_terminal", lambda: True)
    result = crm.run("broadcast", "follow", "1")
    assert result.exit_code == 0
    assert result.stdout

"""Doctor: everything it looks at, well and not well, on a made-up Slack and Entra."""

import asyncio
import json
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import web

from bot.doctor import Finding, examine
from bot.redaction import Redaction
from bot.settings import Settings, read_settings
from bot.wiring.parts import real_clock
from bot.wiring.serve import build_serve
from dialogs import speech
from tests.adapters.crm.dataverse import Dataverse, Trouble
from tests.adapters.slack.fake import Cuts, Fails, FakeSlack, Hangs
from tests.adapters.teams.fakes import FakeEntra
from tests.adapters.teams.genuine import APP
from tests.cli.lines import run
from tests.cli.platforms import platforms
from tests.desk import SECRET

TODAY = date.today()  # noqa: DTZ011 - as a person would read it off the wall


@dataclass
class House:
    """A running program, the platforms around it, and its settings."""

    folder: Path
    slack: FakeSlack
    entra: FakeEntra
    crm: Dataverse
    runner: web.AppRunner
    patch: pytest.MonkeyPatch

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.patch.setenv(f"WAYFINDER_{name}", value)

    async def examined(self) -> tuple[int, dict[str, tuple[bool, str]]]:
        result = await asyncio.to_thread(run, "doctor", "--json")
        found = json.loads(result.stdout)
        assert [set(one) for one in found] == [{"check", "ok", "say"}] * len(found)
        return result.exit_code, {one["check"]: (one["ok"], one["say"]) for one in found}


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with platforms(tmp_path) as around:
        given = around.settings
        app = await build_serve(read_settings(Settings, **given), local=False)
        runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        given["public_url"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
        # A busy machine may read content for longer than a person would wait.
        monkeypatch.setattr("bot.cli.doctor.LONGEST", 40.0)
        here = House(tmp_path, around.slack, around.entra, around.crm, runner, monkeypatch)
        here.set(**{name.upper(): value for name, value in given.items()})
        yield here
        await runner.cleanup()
        for close in reversed(app.closers):
            await close()


async def test_all_is_well(house: House) -> None:
    code, found = await house.examined()
    assert (code, [name for name, (ok, _) in found.items() if not ok]) == (0, [])
    assert set(found) == {
        "settings",
        "secrets",
        "slack",
        "teams",
        "crm",
        "address",
        "clock",
        "database",
        "room",
        "languages",
        "content",
        "webhooks",
    }
    asked = {(one["client_id"], one["scope"]) for one in house.entra.asked}
    assert asked == {(APP, "https://api.botframework.com/.default")}
    assert house.crm.heard("WhoAmI")
    shown = await asyncio.to_thread(run, "doctor")
    assert len(shown.stdout.splitlines()) == len(found)
    assert shown.stdout.startswith("ok  settings ")


async def refuses(house: House) -> None:
    house.slack.tokens.clear()


async def misses_a_right(house: House) -> None:
    house.slack.scopes.remove("im:write")


async def is_elsewhere(house: House) -> None:
    house.slack.tokens["xoxb-1"] = "T2"


async def breaks(house: House) -> None:
    house.slack.next("auth.test", Fails(500, b"<html>", kind="text/html"))


async def cuts(house: House) -> None:
    house.slack.next("auth.test", Cuts())


async def hangs(house: House) -> None:
    house.patch.setattr("bot.cli.doctor.LONGEST", 8.0)
    house.slack.next("auth.test", Hangs(60))


async def has_no_socket(house: House) -> None:
    house.set(SLACK_APP_TOKEN="xapp-1-A1-22")  # noqa: S106 - made up
    house.slack.next("apps.connections.open", Fails(200, b'{"ok": false}'))


async def lost_its_id(house: House) -> None:
    house.set(SLACK_APP_ID="")


async def has_no_workspace(house: House) -> None:
    key = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="
    house.set(SLACK_BOT_TOKEN="", VAULT_KEYS=key)


async def gives_no_pass(house: House) -> None:
    house.entra.status = 401


async def takes_no_pass(house: House) -> None:
    house.crm.always["get"] = Trouble(403)


async def lets_nobody_in(house: House) -> None:
    house.crm.always["token"] = Trouble(401)


async def is_another(house: House) -> None:
    house.crm.always["get"] = Trouble(404)


async def is_slow(house: House) -> None:
    house.patch.setattr("bot.cli.doctor.LONGEST", 8.0)
    house.entra.delay = 60


async def has_no_secret(house: House) -> None:
    house.set(TEAMS_SECRET="")


async def has_no_crm_app(house: House) -> None:
    house.set(CRM_APP="")


async def has_ended(house: House) -> None:
    house.set(TEAMS_SECRET_ENDS=str(TODAY - timedelta(days=2)))


async def ends_soon(house: House) -> None:
    house.set(CRM_CLIENT_SECRET_ENDS=str(TODAY + timedelta(days=5)))


async def is_stopped(house: House) -> None:
    await house.runner.cleanup()


async def is_somebody_else(house: House) -> None:
    house.set(PUBLIC_URL=house.slack.origin)


async def has_no_address(house: House) -> None:
    house.set(PUBLIC_URL="")


async def is_ahead(house: House) -> None:
    house.patch.setattr("bot.cli.doctor.real_clock", lambda: real_clock() + timedelta(minutes=10))


async def is_behind(house: House) -> None:
    house.patch.setattr("bot.cli.doctor.real_clock", lambda: real_clock() - timedelta(minutes=10))


async def is_not_there(house: House) -> None:
    house.set(DATABASE=f"sqlite:///{house.folder / 'nowhere' / 'x.db'}")


async def is_empty(house: House) -> None:
    house.set(DATABASE=f"sqlite:///{house.folder / 'other.db'}")


async def is_out_of_reach(house: House) -> None:
    house.set(DATABASE="postgresql://ann:h4nter2k@127.0.0.1:9/x")


async def is_newer(house: House) -> None:
    with sqlite3.connect(house.folder / "x.db") as held:
        held.execute("UPDATE alembic_version SET version_num = '9999'")
    held.close()


async def is_full(house: House) -> None:

    def left(_folder: Path) -> SimpleNamespace:
        return SimpleNamespace(free=7 * 2**20)

    house.patch.setattr(shutil, "disk_usage", left)


async def misses_a_sentence(house: House) -> None:
    """Take a Dutch sentence away, as a slip of an editor would."""
    place = house.folder / "locale"
    shutil.copytree(str(speech.LOCALES), place)
    path = place / "nl" / "LC_MESSAGES" / "wayfinder.po"
    text = path.read_text(encoding="utf-8")
    start = text.index('msgid "done.short"')
    end = text.index("msgid", start + 5)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    house.patch.setattr(speech, "LOCALES", place)


async def is_broken(house: House) -> None:
    (house.folder / "own" / "levels.toml").write_text("[[level]\n")


async def is_no_folder(house: House) -> None:
    house.set(CONTENT=str(house.folder / "gone"))


async def has_nobody(house: House) -> None:
    house.set(SLACK_APP_ID="", SLACK_SIGNING_SECRETS="", SLACK_BOT_TOKEN="")
    house.set(TEAMS_APP_ID="", TEAMS_SECRET="")


TROUBLE: list[tuple[str, Callable[[House], Awaitable[None]], str]] = [
    ("slack", refuses, "install the app there again"),
    ("slack", misses_a_right, "may not im:write in T1"),
    ("slack", is_elsewhere, "another workspace's"),
    ("slack", breaks, "no answer that is one"),
    ("slack", cuts, "no answer that is one"),
    ("slack", hangs, "No answer within"),
    ("slack", has_no_socket, "connections:write"),
    ("slack", has_no_workspace, "set WAYFINDER_SLACK_BOT_TOKEN"),
    ("teams", gives_no_pass, "answered 401"),
    ("crm", lets_nobody_in, "to the CRM: it answered 401"),
    ("crm", takes_no_pass, "make it an application user there"),
    ("crm", is_another, "look at WAYFINDER_CRM_URL"),
    ("teams", is_slow, "No answer within"),
    ("teams", has_no_secret, "set the client secret"),
    ("crm", has_no_crm_app, "WAYFINDER_CRM_APP is not set"),
    ("secrets", has_ended, "WAYFINDER_TEAMS_SECRET ended on"),
    ("secrets", ends_soon, "WAYFINDER_CRM_CLIENT_SECRET ends on"),
    ("address", is_stopped, "does not answer"),
    ("address", is_somebody_else, "is not Wayfinder"),
    ("address", has_no_address, "WAYFINDER_PUBLIC_URL is not set"),
    ("clock", is_ahead, "seconds ahead"),
    ("clock", is_behind, "seconds behind"),
    ("database", is_not_there, "make it first"),
    ("database", is_empty, "run `python -m bot migrate` first"),
    ("database", is_out_of_reach, "cannot be opened"),
    ("database", is_newer, "install the newer program"),
    ("room", is_full, "make room"),
    ("languages", misses_a_sentence, "nl has no words for done.short"),
    ("content", is_broken, "levels.toml"),
    ("content", is_no_folder, "no folder"),
    ("settings", has_nobody, "No platform is connected"),
    ("settings", lost_its_id, "WAYFINDER_SLACK_APP_ID is not set"),
]


@pytest.mark.parametrize(
    ("check", "trouble", "said"), TROUBLE, ids=[f"{c} {t.__name__}" for c, t, _ in TROUBLE]
)
async def test_what_is_not_well_is_said(
    house: House, check: str, trouble: Callable[[House], Awaitable[None]], said: str
) -> None:
    await trouble(house)
    code, found = await house.examined()
    ok, say = found[check]
    assert (code, ok) == (1, False)
    assert said in say
    assert say.endswith(".")
    assert "h4nter2k" not in str(found)
    untouched = {"languages", "content"} - {check}
    assert all(found[name][0] for name in untouched)


async def test_settings_that_cannot_be_used_are_bad_input(house: House) -> None:
    house.set(SECRET="short", PORT="http")  # noqa: S106 - too short to be one
    code, found = await house.examined()
    assert code == 2
    assert set(found) == {
        "settings",
        "database",
        "room",
        "languages",
        "content",
        "webhooks",
    }
    for name in ("WAYFINDER_SECRET", "WAYFINDER_PORT"):
        assert name in found["settings"][1]
    assert [name for name, (ok, _) in found.items() if not ok] == ["settings"]


def test_one_that_blocks_holds_up_no_other() -> None:
    """A check that stands still without waiting cannot be cancelled; it is left behind."""
    gate, stop = threading.Event(), asyncio.Event()

    async def hangs() -> Finding:
        await stop.wait()
        return Finding(ok=True, say="late.")

    async def blocks() -> Finding:
        gate.wait(60)
        return Finding(ok=True, say="late.")

    async def breaks() -> Finding:
        raise LookupError(SECRET)

    async def well() -> Finding:
        return Finding(ok=True, say=f"all of ann@acme.example is well with {SECRET}.")

    checks = {"hangs": hangs, "blocks": blocks, "breaks": breaks, "well": well}
    found = {one.check: one for one in examine(checks, Redaction([SECRET]), 0.2)}
    gate.set()
    assert list(found) == list(checks)
    assert [name for name, one in found.items() if one.ok] == ["well"]
    assert SECRET not in str(found)
    assert "ann@" not in str(found)
    assert "LookupError" in found["breaks"].say
    assert "0.2 seconds" in found["blocks"].say

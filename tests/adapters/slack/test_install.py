"""Adding Wayfinder to a workspace: from our page to Slack and back, and how it goes wrong."""

import json
import logging
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from adapters.slack.api import Api
from adapters.slack.install import Install, OAuth
from adapters.slack.manifest import BACK_PATH, INSTALL_PATH, SCOPES
from adapters.slack.marks import MemoryMarks
from adapters.slack.workspaces import Installed, MemoryWorkspaces, Workspace
from tests.adapters.slack.desk import Clock
from tests.adapters.slack.fake import FakeSlack


class Pages:
    """The two pages, and a browser that keeps its cookie."""

    def __init__(self, slack: FakeSlack, session: ClientSession) -> None:
        self.clock = Clock()
        self.workspaces = MemoryWorkspaces()
        self.installed = Installed(self.workspaces, self.clock)
        self._session = session
        oauth = OAuth(
            "123.456",
            "a-client-secret",
            "https://wayfinder.example.org/",
            frozenset({"T1"}),
            "https://slack.com/oauth/v2/authorize",
        )
        marks, api = MemoryMarks(self.clock), Api(session, f"{slack.origin}/api/")
        self._install = Install(oauth, api, self.installed, marks, self.clock)
        self.url = ""

    async def open(self) -> web.AppRunner:
        app = web.Application()
        app.add_routes(
            [
                web.get(INSTALL_PATH, self._install.start),
                web.get(BACK_PATH, self._install.back),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def leave(self) -> tuple[dict[str, list[str]], str]:
        """Go to Slack; return what it is asked, and the browser's cookie."""
        async with self._session.get(self.url + INSTALL_PATH, allow_redirects=False) as page:
            assert page.status == 302
            to = urlsplit(page.headers["Location"])
            assert f"{to.scheme}://{to.netloc}{to.path}" == "https://slack.com/oauth/v2/authorize"
            cookie: SimpleCookie = SimpleCookie(page.headers["Set-Cookie"])
            assert "HttpOnly" in page.headers["Set-Cookie"]
            assert "Secure" in page.headers["Set-Cookie"]
            asked = parse_qs(to.query)
            return asked, cookie["slack-app-oauth-state"].value

    async def come_back(self, cookie: str, query: str) -> tuple[int, str]:
        headers = {"Cookie": f"slack-app-oauth-state={cookie}"} if cookie else {}
        url = f"{self.url}{BACK_PATH}?{query}"
        async with self._session.get(url, headers=headers, allow_redirects=False) as page:
            assert "Location" not in page.headers
            return page.status, await page.text()


@pytest.fixture
async def pages(slack: FakeSlack, session: ClientSession) -> AsyncIterator[Pages]:
    opened = Pages(slack, session)
    runner = await opened.open()
    yield opened
    await runner.cleanup()


async def test_a_workspace_is_added(pages: Pages) -> None:
    asked, state = await pages.leave()
    assert asked["redirect_uri"] == ["https://wayfinder.example.org/slack/oauth_redirect"]
    assert asked["scope"] == [",".join(SCOPES)]
    assert asked["state"] == [state]
    with capture_logs() as logs:
        status, page = await pages.come_back(state, f"code=code-1&state={state}")
    assert status == 200
    assert "is installed" in page
    assert await pages.installed.find("T1") == Workspace(
        "T1", "xoxb-T1", "UBOT", "Acme", ",".join(SCOPES)
    )
    assert [line["event"] for line in logs] == ["slack.installed"]
    assert "xoxb" not in json.dumps(logs)


async def test_a_state_counts_once(pages: Pages, slack: FakeSlack) -> None:
    _, state = await pages.leave()
    assert (await pages.come_back(state, f"code=code-1&state={state}"))[0] == 200
    slack.codes["code-2"] = "T1"
    assert (await pages.come_back(state, f"code=code-2&state={state}"))[0] == 401
    assert "code-2" in slack.codes


async def test_a_state_is_good_for_ten_minutes(pages: Pages, slack: FakeSlack) -> None:
    _, state = await pages.leave()
    pages.clock.pass_(minutes=10, seconds=1)
    assert (await pages.come_back(state, f"code=code-1&state={state}"))[0] == 401
    assert slack.calls == []


async def test_another_workspace_is_not_added(pages: Pages, slack: FakeSlack) -> None:
    slack.codes["code-9"] = "T9"
    _, state = await pages.leave()
    with capture_logs() as logs:
        status, page = await pages.come_back(state, f"code=code-9&state={state}")
    assert status == 403
    assert "not one that this Wayfinder serves" in page
    assert pages.workspaces.kept == {}
    assert logs[0]["team"] == "T9"


BACK = {
    "no state": (400, "code=code-1"),
    "another state": (400, "code=code-1&state=other"),
    "a state twice": (400, "code=code-1&state=x&state={state}"),
    "no code": (401, "state={state}"),
    "a code nobody knows": (401, "code=canary-code&state={state}"),
    "no consent": (200, "error=access_denied&state={state}"),
    "an error of markup": (200, "error=<script>alert(1)</script>&state={state}"),
    "far too long": (400, "code=" + "x" * 3_000 + "&state={state}"),
    "nothing": (400, ""),
}


@pytest.mark.parametrize("name", BACK)
async def test_the_way_back_goes_wrong(
    name: str, pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    wanted, query = BACK[name]
    _, state = await pages.leave()
    with caplog.at_level(logging.DEBUG):
        status, page = await pages.come_back(state, query.replace("{state}", state))
    assert status == wanted
    assert "<script>" not in page
    assert pages.workspaces.kept == {}
    for secret in ("canary-code", "a-client-secret", state):
        assert secret not in caplog.text


async def test_another_browser_cannot_bring_the_state_back(pages: Pages) -> None:
    _, state = await pages.leave()
    assert (await pages.come_back("", f"code=code-1&state={state}"))[0] == 400
    assert (await pages.come_back("other", f"code=code-1&state={state}"))[0] == 400
    assert pages.workspaces.kept == {}


def test_secrets_are_not_shown() -> None:
    oauth = OAuth("1.2", "a-client-secret", "https://x.nl", frozenset())
    assert "a-client-secret" not in repr(oauth)
    assert "xoxb" not in repr(Workspace("T1", "xoxb-1"))


async def test_a_workspace_is_held_half_a_minute_and_forgotten_at_once() -> None:
    clock, kept = Clock(), MemoryWorkspaces(Workspace("T1", "xoxb-1"))
    installed = Installed(kept, clock)
    assert await installed.find("T1") is not None
    await kept.delete("T1")
    assert await installed.find("T1") is not None
    clock.pass_(seconds=31)
    assert await installed.find("T1") is None
    await installed.add(Workspace("T1", "xoxb-2"))
    found = await installed.find("T1")
    assert found is not None
    assert found.token == "xoxb-2"  # noqa: S105 - made up
    await installed.forget("T1")
    assert await installed.find("T1") is None


async def test_made_up_workspaces_fill_no_memory() -> None:
    installed = Installed(MemoryWorkspaces(), Clock())
    for n in range(2_500):
        assert await installed.find(f"T{n}") is None
    assert len(installed._held) <= 1_000  # pyright: ignore[reportPrivateUsage] - its size


async def test_marks_count_once_and_do_not_pile_up() -> None:
    clock = Clock()
    marks = MemoryMarks(clock)
    soon = clock()
    clock.pass_(seconds=-1)
    await marks.keep("a", soon)
    assert await marks.seen("a")
    assert await marks.take("a")
    assert not await marks.take("a")
    await marks.keep("b", soon)
    clock.pass_(seconds=2)
    assert not await marks.seen("b")
    assert not await marks.take("b")
    clock.pass_(hours=-1)
    for n in range(50_001):
        await marks.keep(str(n), soon)
    assert len(marks.kept) <= 25_000
    assert await marks.seen("50000")

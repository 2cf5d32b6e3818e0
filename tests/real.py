"""What journeys on real clients share: a browser, a running demo, and pictures to look at.

They run with REAL=1 and then skip nothing: a missing tool is a failure that says what to install.
"""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from secrets import randbelow

import aiohttp
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "build" / "pictures"
NODE = ROOT / "tests" / "node"
REASON = "needs Node, Chromium and promtool; make test REAL=1 runs it"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
STARTED = 20
LOWEST, HIGHEST = 12_000, 32_000
"""Linux lends the ports from 32,768 on; Chromium opens some of those up to 10,080 for nobody."""
SLOW = 60_000
"""Milliseconds that a client gets to draw what it was sent, on a machine that is busy."""
PHONE: ViewportSize = {"width": 375, "height": 780}
DESK: ViewportSize = {"width": 1280, "height": 860}


def wanted() -> bool:
    return bool(os.environ.get("REAL"))


def tool(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is not installed; .ci/run shows how"
    return found


def free_port(after: int = 0) -> int:
    """Return a port that is free, as so many are that come after it.

    None of those that the system lends to whoever calls out: they may be gone before we listen.
    """
    for _ in range(1000):
        port = LOWEST + randbelow(HIGHEST - LOWEST - after)
        with ExitStack() as held, suppress(OSError):
            for each in range(port, port + after + 1):
                held.enter_context(socket.socket()).bind(("127.0.0.1", each))
            return port
    message = "no port is free"
    raise OSError(message)


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=tool("chromium"), args=list(FLAGS)
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def program(*words: str, port: int, env: dict[str, str] | None = None) -> AsyncGenerator[str]:
    """Run ``python -m bot`` until the block ends; yields its address once it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stderr=asyncio.subprocess.PIPE,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        await _ready(f"{url}/readyz", process)
        yield url
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        _, said = await process.communicate()
        assert b"Traceback" not in said, said.decode()


async def _ready(url: str, process: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(STARTED):
        while True:
            assert process.returncode is None, (await process.communicate())[1].decode()
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


async def picture(page: Page, name: str) -> None:
    """Keep a picture of the page; a card that nobody has looked at is not done."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png")


async def accessible(page: Page) -> None:
    """Ask axe-core whether anyone is kept from using the page."""
    script = NODE / "browser" / "node_modules" / "axe-core" / "axe.min.js"
    assert script.is_file(), "axe-core is not installed; .ci/run shows how"
    await page.evaluate(script.read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    said = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"]]
    assert not said, said

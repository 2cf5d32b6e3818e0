"""The whole program in a process of its own, with Slack connected to a fake one."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

import aiohttp

from adapters.slack.manifest import EVENTS_PATH
from tests.adapters.slack.desk import APP, SECRET, TEAM
from tests.adapters.slack.fake import FakeSlack
from tests.desk import SECRET as OURS

ROOT = Path(__file__).parents[3]
STARTED = 30
PAUSE = 0.05


def surroundings(slack: FakeSlack, database: str, port: int) -> dict[str, str]:
    """Return the settings of a program that knows one workspace, the fake one."""
    given = {
        "DATABASE": database,
        "SECRET": OURS,
        "PORT": str(port),
        "LOG_LEVEL": "warning",
        "SLACK_APP_ID": APP,
        "SLACK_SIGNING_SECRETS": SECRET,
        "SLACK_TEAMS": TEAM,
        "SLACK_BOT_TOKEN": next(iter(slack.tokens)),
        "SLACK_API": f"{slack.origin}/api/",
    }
    return {**os.environ, **{f"WAYFINDER_{name}": value for name, value in given.items()}}


async def migrate(env: dict[str, str]) -> None:
    words = (sys.executable, "-m", "bot", "migrate")
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=env, stderr=DEVNULL)
    assert await process.wait() == 0


async def serve(env: dict[str, str]) -> Process:
    """Start the program; it is ready when this returns."""
    words = (sys.executable, "-m", "bot", "serve")
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=env)
    await ready(f"http://127.0.0.1:{env['WAYFINDER_PORT']}/readyz", process)
    return process


async def ready(url: str, process: Process) -> None:
    """Wait until a page answers."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(STARTED):
        while True:
            assert process.returncode is None, "it stopped"
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(PAUSE)


async def kill(process: Process) -> None:
    """End a process that may be in the middle of anything."""
    if process.returncode is None:
        process.kill()
    await process.wait()


def door(port: int) -> str:
    return f"http://127.0.0.1:{port}{EVENTS_PATH}"

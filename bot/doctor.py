"""Look at everything the program stands on, side by side, and say what to do about each.

A check runs in a thread with a loop of its own, and is left behind when it takes too long: a name
server, a disk or a lock that hangs then costs one line and not the others.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.redaction import Redaction, kind

LONGEST = 3.0
"""Seconds for each check; all begin at once, and a second or two goes to the start of Python."""
THREAD = "doctor "
"""How the name of a check's thread begins."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in a sentence that says what to do if it is not well."""

    ok: bool
    say: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found, by its name."""

    check: str
    ok: bool
    say: str


Check: TypeAlias = Callable[[], Awaitable[Finding]]


def examine(checks: Mapping[str, Check], redaction: Redaction, longest: float) -> list[Verdict]:
    """Run every check side by side, none for longer than ``longest`` seconds."""
    found: dict[str, Finding] = {}
    over = {name: threading.Event() for name in checks}

    def run(name: str, check: Check) -> None:
        try:
            found[name] = asyncio.run(_bounded(check, longest))
        except TimeoutError:
            pass
        except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, too
            found[name] = Finding(
                ok=False, say=f"This check broke ({kind(error)}); tell who runs Wayfinder."
            )
        finally:
            over[name].set()

    for name, check in checks.items():
        threading.Thread(target=run, args=(name, check), name=THREAD + name, daemon=True).start()
    loop = asyncio.new_event_loop()
    end = loop.time() + longest
    for event in over.values():
        event.wait(max(0.0, end - loop.time()))
    loop.close()
    late = Finding(ok=False, say=f"No answer within {longest:g} seconds; look what holds it up.")
    return [
        Verdict(name, one.ok, redaction.text(one.say))
        for name in checks
        for one in (found.get(name, late),)
    ]


async def _bounded(check: Check, longest: float) -> Finding:
    async with asyncio.timeout(longest):
        return await check()

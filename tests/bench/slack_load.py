"""Slack, knocking: signed events from distinct people, over many connections, in its own process.

Run with: port, first person's number, how many events, over how many connections, seconds between
two on a connection. Prints seconds in all, and what each waited, as JSON.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from adapters.slack.manifest import EVENTS_PATH
from tests.adapters.slack.desk import callback, said, sign

LONGEST = 10.0
"""Seconds that one answer may take."""


def event(n: int) -> bytes:
    """Return a whole request: person ``n`` asks for help."""
    told = said("help", user=f"U{n}", channel=f"DU{n}")
    body = json.dumps(callback(told, event_id=f"Ev{n}")).encode()
    head = {
        "Host": "127.0.0.1",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept": "*/*",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **sign(body, datetime.now(UTC)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST {EVENTS_PATH} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def knock(port: int, events: Iterator[bytes], pause: float, waits: list[float]) -> None:
    """Send events over one connection, each when the one before is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in events:
        began = perf_counter()
        writer.write(request)
        async with asyncio.timeout(LONGEST):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
            await reader.readexactly(int(length or b"0"))
        waits.append(perf_counter() - began)
        if pause:
            await asyncio.sleep(pause)
    writer.close()


async def main(port: int, first: int, count: int, connections: int, pause: float) -> None:
    events = iter([event(n) for n in range(first, first + count)])
    waits: list[float] = []
    began = perf_counter()
    await asyncio.gather(*(knock(port, events, pause, waits) for _ in range(connections)))
    print(json.dumps({"seconds": perf_counter() - began, "waits": waits}))  # noqa: T201 - its answer


if __name__ == "__main__":
    port, first, count, connections = map(int, sys.argv[1:5])
    asyncio.run(main(port, first, count, connections, float(sys.argv[5])))

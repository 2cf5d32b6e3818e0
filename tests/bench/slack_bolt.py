"""What we are compared with: Slack's own framework, with a listener that does nothing.

Run with: port, and where Slack's API is. It answers an event when its listener has run, which is
the only way it has of not losing one; nothing is stored.
"""

import sys

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import EVENTS_PATH
from tests.adapters.slack.desk import SECRET


async def listen(event: dict[str, str]) -> None:
    assert event["text"]


def bolt(api: str) -> web.Application:
    app = AsyncApp(
        client=AsyncWebClient("xoxb-1", base_url=api),
        signing_secret=SECRET,
        process_before_response=True,
    )
    app.event("message")(listen)  # pyright: ignore[reportUnknownMemberType] - Bolt's own
    served = app.web_app(EVENTS_PATH)

    async def ready(_request: web.Request) -> web.Response:
        return web.Response()

    served.router.add_get("/readyz", ready)
    return served


if __name__ == "__main__":
    web.run_app(bolt(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), print=None)

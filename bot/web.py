"""The web application: health for whoever watches, and the doors that the platforms knock on."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.about import PATH, about
from bot.pictures import NoPictures, Pictures, attach

LARGEST = 256 * 1024
"""Bytes of a request body; no platform sends more."""


def make_web(
    ready: Callable[[], Awaitable[str | None]],
    measure: Callable[[], Awaitable[bytes]],
    pictures: Pictures | None = None,
) -> web.Application:
    """Return the application with its pages and pictures; adapters add their own routes.

    ``ready`` returns what is wrong, or nothing; ``measure`` returns the metrics as text.
    """

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readyz(_request: web.Request) -> web.Response:
        trouble = await ready()
        return web.Response(text=trouble or "ok", status=503 if trouble else 200)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await measure(), content_type="text/plain", charset="utf-8")

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=about(), content_type="text/html")

    app = web.Application(client_max_size=LARGEST)
    app.add_routes(
        [
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.get("/metrics", metrics),
            web.get(PATH, page),
        ]
    )
    attach(app, pictures or NoPictures())
    return app

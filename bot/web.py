"""The web application: health for whoever watches, and the doors that the platforms knock on."""

import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from pydantic import SecretStr

from bot.about import PATH, about
from bot.figures import OTHER, REASONS, door_of
from bot.lookout import Lookout
from bot.pictures import NoPictures, Pictures, attach

LARGEST = 256 * 1024
"""Bytes of a request body; no platform sends more."""
WITH_KEY: Final = "The metrics are for who sends WAYFINDER_METRICS_KEY as a bearer token."
FROM_HERE: Final = (
    "The metrics are for this machine alone. Set WAYFINDER_METRICS_KEY, and let Prometheus send it "
    "as a bearer token."
)
UNHEARD: Final = {"slack", "teams"}
"""Doors where whoever is turned away is not heard out: what they still send is not read.

Platforms send small bodies, which are here with their heads. People, who may send a file that is
too large, are: a connection that closes while they send would take our reason with it.
"""
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What a proxy adds: whoever asks through one is not on this machine."""


def make_web(
    ready: Callable[[], Awaitable[str | None]],
    measure: Callable[[], Awaitable[bytes]],
    pictures: Pictures | None = None,
    lookout: Lookout | None = None,
    metrics_key: SecretStr | None = None,
) -> web.Application:
    """Return the application with its pages and pictures; adapters add their own routes.

    ``ready`` returns what is wrong, or nothing; ``measure`` returns the metrics as text. With a
    ``metrics_key`` they are for who sends it as a bearer token, else for this machine alone.
    """

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readyz(_request: web.Request) -> web.Response:
        trouble = await ready()
        return web.Response(text=trouble or "ok", status=503 if trouble else 200)

    async def metrics(request: web.Request) -> web.Response:
        if metrics_key and not _has(request, metrics_key):
            return web.Response(status=401, text=WITH_KEY, headers={"WWW-Authenticate": "Bearer"})
        if not metrics_key and not _from_here(request):
            return web.Response(status=403, text=FROM_HERE)
        return web.Response(body=await measure(), content_type="text/plain", charset="utf-8")

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=about(), content_type="text/html")

    watched = _watched(lookout or Lookout())
    app = web.Application(client_max_size=LARGEST, middlewares=[watched, _hung_up])
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


def _has(request: web.Request, key: SecretStr) -> bool:
    """Say whether the key was sent, in a time that tells nothing about it."""
    sent = request.headers.get("Authorization", "").encode(errors="surrogateescape")
    return hmac.compare_digest(sent, f"Bearer {key.get_secret_value()}".encode())


def _from_here(request: web.Request) -> bool:
    """Say whether somebody on this machine asks, and not for somebody else."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


@web.middleware
async def _hung_up(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Close on whoever a platform's door turns away before the rest of their body has come."""
    answer = await handler(request)
    refused = answer.status >= web.HTTPBadRequest.status_code
    if refused and door_of(request.path) in UNHEARD and not request.content.is_eof():
        with suppress(ConnectionError):  # they hung up first
            await answer.prepare(request)
            await answer.write_eof()
        request.protocol.force_close()
    return answer


def _watched(lookout: Lookout) -> Middleware:
    """Return what counts requests by door, and what was refused by reason; nothing of them."""

    @web.middleware
    async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
        door = door_of(request.path)
        with lookout.spans.span("request", door=door) as span:
            status = 500
            try:
                answer = await handler(request)
                status = answer.status
            except web.HTTPException as refused:
                status = refused.status
                raise
            finally:
                span.note(status=status)
                if status < web.HTTPBadRequest.status_code:
                    lookout.figures.count("wayfinder_requests_total", door=door)
                else:
                    reason = REASONS.get(status, OTHER)
                    lookout.figures.count("wayfinder_refused_total", door=door, reason=reason)
            return answer

    return watched

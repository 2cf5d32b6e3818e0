"""What other systems get, joined: the door for programs that read, and the post to webhooks."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Collection

from adapters.api.door import NumbersDoor
from adapters.links.way_out import RefusedError, WayOut
from adapters.links.webhook import WebhookPost
from adapters.store.database import Store
from adapters.store.secrets import Vault
from bot.app import App
from bot.open_numbers import Reading
from bot.settings import Settings
from bot.webhooks import Webhooks
from bot.wiring.parts import Clock


class Places:
    """Where receivers are: sealed, because an address may hold a password."""

    def __init__(self, secret: bytes) -> None:
        self._vault = Vault((hmac.digest(secret, b"webhook places", "sha256"),))

    def seal(self, name: str, url: str) -> str:
        """Seal where a receiver is."""
        return b64encode(self._vault.seal(url.encode(), f"webhook:{name}")).decode()

    def open(self, name: str, sealed: str) -> str:
        """Open where a receiver is.

        Raises:
            ValueError: it was sealed with another secret, or for another receiver.

        """
        return self._vault.open(b64decode(sealed), f"webhook:{name}").decode()


def open_numbers(app: App, store: Store, clock: Clock) -> None:
    """Let programs read that have a key."""
    if "web" in app.roles:
        NumbersDoor(Reading(store, clock), clock).attach(app.web)


def tell_others(
    app: App, settings: Settings, store: Store, clock: Clock, way: WayOut | None = None
) -> None:
    """Tell other systems what is new, by the clock; ``way`` leads to them, if not the usual one."""
    secret = settings.secret.get_secret_value().encode()
    post = WebhookPost(way or WayOut(settings.links_inside), clock)
    webhooks = Webhooks(store, clock, post, secret, Places(secret).open)
    app.rounds["webhooks"] = webhooks.round, app.patience.tick
    app.rounds["webhooks tidied"] = webhooks.tidy, app.patience.hour
    app.closers.append(post.close)


def trouble_with(url: str, named: Collection[str]) -> str:
    """Return why nothing is posted to an address, as far as it tells by itself; else nothing."""
    try:
        WayOut(named).check(url)
    except RefusedError as refused:
        return {
            "unsafe": "has to begin with https:// and hold no user and no password before its host",
            "inside": "is in a private network; name its host in WAYFINDER_LINKS_INSIDE",
        }.get(refused.why, "cannot be used")
    except ValueError:
        return "is no address"
    return ""

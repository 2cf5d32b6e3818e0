"""Who we are to Teams: an app registered in one organisation's cloud, or a local try-out.

The two are different types, so a bot with cloud credentials cannot also be one that lets
everybody in: only a :class:`Local` account skips authentication, and it holds no secret to lose.
"""

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel

GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORLD: Final = "https://smba.trafficmanager.net/teams/"
"""Where to write to someone who has never written to us."""
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_HOSTS: Final = re.compile(
    r"smba\.trafficmanager\.net|(?:[a-z0-9-]+\.)+(?:botframework\.com|teams\.microsoft\.(?:com|us))"
)
_PLACEHOLDER: Final = re.compile(
    r"change[-_ ]?me|your[-_ ]|placeholder|example|secret|password|x{4,}|<.*>|\$\{", re.IGNORECASE
)
_SHORTEST: Final = 16


@dataclass(frozen=True, slots=True)
class Cloud:
    """The bot as it is registered: single-tenant, so tokens come from ``tenant``.

    Args:
        app_id: the application's id, a GUID.
        secret: its client secret.
        tenant: the organisation's Entra tenant, a GUID.
        guests: other tenants whose people may talk with the bot.

    Raises:
        ValueError: something is missing, a placeholder or used twice; says what to set.

    """

    app_id: str
    secret: str = field(repr=False)
    tenant: str = ""
    guests: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name, value in (("app id", self.app_id), ("tenant", self.tenant)):
            if not GUID.fullmatch(value.lower()) or not value.strip("0-"):
                message = f"Teams: set the {name} to the GUID from the app registration."
                raise ValueError(message)
        if self.app_id.lower() == self.tenant.lower() or self.secret in {self.app_id, self.tenant}:
            message = "Teams: app id, tenant and client secret are three different values."
            raise ValueError(message)
        if len(self.secret) < _SHORTEST or _PLACEHOLDER.search(self.secret):
            message = "Teams: set the client secret to a real one; without it nobody is checked."
            raise ValueError(message)
        if not all(GUID.fullmatch(guest.lower()) for guest in self.guests):
            message = "Teams: every other tenant is named by its GUID."
            raise ValueError(message)

    def lets_in(self, tenant: str) -> bool:
        """Say whether people of a tenant may talk with the bot."""
        return tenant.lower() in {t.lower() for t in (self.tenant, *self.guests)}

    def trusts(self, service_url: str) -> bool:
        """Say whether a service URL is Microsoft's: whatever is sent there carries our token."""
        parts = _split(service_url)
        return (
            parts is not None
            and parts.scheme == "https"
            # Neither a port nor a name and password: the host, the whole host and nothing else.
            and _HOSTS.fullmatch(parts.netloc.lower()) is not None
        )


@dataclass(frozen=True, slots=True)
class Local:
    """A try-out on one machine: the Agents Playground, no authentication, nothing but loopback."""

    def lets_in(self, tenant: str) -> bool:
        """Let every tenant in; the Playground makes its own up."""
        return bool(tenant)

    def trusts(self, service_url: str) -> bool:
        """Say whether a service URL is on this machine."""
        parts = _split(service_url)
        return (
            parts is not None
            and parts.scheme in {"http", "https"}
            and parts.username is None
            and parts.hostname in LOOPBACK
        )


Account: TypeAlias = Cloud | Local


def account(
    *, local: bool, app_id: str = "", secret: str = "", tenant: str = "", guests: str = ""
) -> Account:
    """Decide who we are from the settings; ``guests`` are tenants with commas between.

    Raises:
        ValueError: local and cloud were asked for at once, or the credentials are no good.

    """
    if not local:
        others = frozenset(g.strip() for g in guests.split(",") if g.strip())
        return Cloud(app_id, secret, tenant, others)
    if app_id or secret or tenant or guests:
        message = "Teams: a local try-out has no credentials; unset them, or start without --local."
        raise ValueError(message)
    return Local()


def _split(url: str) -> SplitResult | None:
    """Take a URL apart; None for one with anything in it that two readers could read apart."""
    if not url.isascii() or not url.isprintable() or set(url) & set(" \\@?#"):
        return None
    try:
        parts = urlsplit(url)
        odd = not parts.hostname or parts.port == 0
    except ValueError:
        return None
    return None if odd else parts


class Reference(BaseModel, frozen=True):
    """What is needed to write to someone first, kept with their address as JSON.

    Botbuilder's own reference loses the tenant when it is written down, so this is ours.

    Attributes:
        service: the service URL, checked again before every send.
        chat: the one-to-one conversation, or nothing if there is none yet.
        bot: the bot's id in Teams (``28:…``).
        user: the person's id in Teams (``29:…``).
        tenant: the person's tenant.

    """

    service: str = WORLD
    chat: str = ""
    bot: str = ""
    user: str = ""
    tenant: str = ""

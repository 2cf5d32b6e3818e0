"""What an app may do in Slack with which right, from Slack's pages of methods, events and scopes.

Read at docs.slack.dev, method by method. The made-up Slacks refuse by it what the real one would;
and because it lists every call that we make, a right that nothing needs shows, too.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

NONE: Final[frozenset[str]] = frozenset()
CHANNEL, PRIVATE = "channels:read", "groups:read"
EMAIL: Final = "users:read.email"
"""Without it users are told of as well, but without their addresses."""
METHODS: Final[Mapping[str, frozenset[str]]] = {
    "api.test": NONE,
    "apps.connections.open": NONE,  # an app-level token with connections:write opens it
    "auth.test": NONE,
    "chat.delete": frozenset({"chat:write"}),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"im:history"}),  # of a chat with one person, as we ask it
    "conversations.members": frozenset({CHANNEL, PRIVATE}),  # by what kind of channel it is
    "conversations.open": frozenset({"im:write"}),  # with one person
    "oauth.v2.access": NONE,
    "usergroups.users.list": frozenset({"usergroups:read"}),
    "users.list": frozenset({"users:read", EMAIL}),
    "views.open": NONE,
    "views.publish": NONE,
}
EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "app_home_opened": NONE,
    "app_mention": frozenset({"app_mentions:read"}),
    "app_uninstalled": NONE,
    "message.im": frozenset({"im:history"}),
    "tokens_revoked": NONE,
}
FEATURES: Final[Mapping[str, frozenset[str]]] = {
    "app_home": NONE,
    "bot_user": NONE,
    "shortcuts": frozenset({"commands"}),
    "slash_commands": frozenset({"commands"}),
}


def wanted(manifest: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return what each feature and event of a manifest needs, as Slack checks it."""
    heard = manifest["settings"]["event_subscriptions"]["bot_events"]
    return {name: FEATURES[name] for name in manifest["features"]} | {e: EVENTS[e] for e in heard}


def refused(
    method: str, held: Iterable[str], needed: AbstractSet[str] | None = None
) -> dict[str, Any]:
    """Return what Slack answers where a right is missing; nothing where none is."""
    missing = (METHODS[method] if needed is None else needed) - set(held)
    if not missing:
        return {}
    told = {"needed": ",".join(sorted(missing)), "provided": ",".join(sorted(held))}
    return {"ok": False, "error": "missing_scope", **told}

"""What Wayfinder is to Slack: its rights, what it hears, and how it can be called.

One description for both ways in. Over HTTP Slack sends to our address; in Socket Mode it needs
none. The rights are the fewest that work: ``im:history`` is there to look whether a message
arrived after a sending in doubt, ``users:read.email`` to know who is who, ``channels:read``,
``groups:read`` and ``usergroups:read`` for the groups that a message is meant for. Slack shows one
language to everybody, so whoever builds it chooses.
"""

from adapters.slack.blocks import Json
from adapters.slack.payloads import SEARCH, SHORTCUT
from dialogs.introduction import COLOUR, Introduction

SCOPES = (
    "app_mentions:read",
    "channels:read",
    "chat:write",
    "commands",
    "groups:read",
    "im:history",
    "im:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
)
EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")
COMMAND = "/wayfinder"
EVENTS_PATH, INSTALL_PATH, BACK_PATH = "/slack/events", "/slack/install", "/slack/oauth_redirect"


def manifest(public: str, us: Introduction, *, socket: bool = False) -> Json:
    """Describe the app as Slack reads it.

    Args:
        public: our own address, ``https://wayfinder.example.org``; unused in Socket Mode.
        us: what we say of ourselves, in the language of the workspace.
        socket: whether Slack reaches us over a connection that we make.

    """
    origin = public.rstrip("/")
    here = {} if socket else {"url": f"{origin}{EVENTS_PATH}"}
    there = {} if socket else {"request_url": f"{origin}{EVENTS_PATH}"}
    back = {} if socket else {"redirect_urls": [f"{origin}{BACK_PATH}"]}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": us.name,
            "description": us.short,
            "long_description": us.full,
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": us.name, "always_online": True},
            "shortcuts": [
                {
                    "name": us.shortcut,
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": us.shortcut_does,
                },
                {
                    "name": us.search,
                    "type": "global",
                    "callback_id": SEARCH,
                    "description": us.search_does,
                },
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": us.command,
                    "usage_hint": " | ".join(listed.title for listed in us.listed),
                    "should_escape": False,
                    **here,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}, **back},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **there},
            "interactivity": {"is_enabled": True, **there},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,  # nosec B105 - a switch of the manifest
        },
    }

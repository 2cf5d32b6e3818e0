"""What Wayfinder is to Teams: an app with one bot in it, for a chat with one person.

Only that chat is asked for. An answer may be about the person who asked, and Teams has no message
in a channel that one person sees; what is said to the bot in a group, where somebody added it by
other means, is answered in private (see ``inbox``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from adapters.teams.activity import FIND, POINTED_AT
from adapters.teams.icons import color, outline
from dialogs.introduction import COLOUR, Introduction, Listed
from nudges.people import Language

Json: TypeAlias = dict[str, Any]
SCHEMA: Final = "1.30"
SCOPES: Final = ("personal",)
_PLACE: Final = "https://developer.microsoft.com/json-schemas/teams"
_COMMANDS: Final = "bots[0].commandLists[0].commands"
_ACTION: Final = "composeExtensions[0].commands[0]"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one organisation's app has of its own.

    Attributes:
        host: our own address's host name.
        app_id: the bot's application id, a GUID; it names the app too.
        about: the address of the page about us, privacy and terms included.
        developer: who offers the app.
        version: of the package; Teams takes an update only with a higher one.

    """

    host: str
    app_id: str
    about: str
    developer: str
    version: str


def package(offer: Offer, spoken: Mapping[Language, Introduction]) -> dict[str, bytes]:
    """Return the files of the app package, by name; the first language is the app's own."""
    described = {
        "manifest.json": manifest(offer, spoken),
        **{f"{language}.json": translation(us) for language, us in spoken.items()},
    }
    return {
        **{name: _written(one) for name, one in described.items()},
        "color.png": color(),
        "outline.png": outline(),
    }


def manifest(offer: Offer, spoken: Mapping[Language, Introduction]) -> Json:
    """Describe the app as Teams reads it."""
    first, *more = spoken
    us = spoken[first]
    return {
        "$schema": f"{_PLACE}/v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": offer.version,
        "id": offer.app_id,
        "developer": {
            "name": offer.developer,
            "websiteUrl": offer.about,
            "privacyUrl": offer.about,
            "termsOfUseUrl": offer.about,
        },
        "name": {"short": us.name, "full": us.name},
        "description": {"short": us.short, "full": us.full},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": COLOUR,
        "localizationInfo": {
            "defaultLanguageTag": first,
            "defaultLanguageFile": f"{first}.json",
            "additionalLanguages": [
                {"languageTag": language, "file": f"{language}.json"} for language in more
            ],
        },
        "bots": [
            {
                "botId": offer.app_id,
                "scopes": list(SCOPES),
                "isNotificationOnly": False,
                "supportsFiles": False,
                "supportsCalling": False,
                "supportsVideo": False,
                "commandLists": [{"scopes": list(SCOPES), "commands": commands(us)}],
            }
        ],
        "composeExtensions": [
            {
                "botId": offer.app_id,
                "canUpdateConfiguration": False,
                "commands": [
                    {
                        "id": FIND,
                        "type": "action",
                        "title": us.shortcut,
                        "description": us.shortcut_does,
                        "context": [POINTED_AT],
                        "fetchTask": True,
                    }
                ],
            }
        ],
        "defaultInstallScope": "personal",
        "permissions": ["identity"],
        "validDomains": [offer.host],
    }


def translation(us: Introduction) -> Json:
    """Describe the app in one language."""
    told: Json = {
        "$schema": f"{_PLACE}/v{SCHEMA}/MicrosoftTeams.Localization.schema.json",
        "name.short": us.name,
        "name.full": us.name,
        "description.short": us.short,
        "description.full": us.full,
    }
    for place, command in enumerate(commands(us)):
        for part in ("title", "description", "prompt"):
            if part in command:
                told[f"{_COMMANDS}[{place}].{part}"] = command[part]
    told[f"{_ACTION}.title"] = us.shortcut
    told[f"{_ACTION}.description"] = us.shortcut_does
    return told


def commands(us: Introduction) -> list[Json]:
    """List what can be typed; a starter is offered as a sentence before anything was said."""
    return [_command(listed) for listed in us.listed]


def _command(listed: Listed) -> Json:
    if not listed.starter:
        return {"title": listed.title, "description": listed.does}
    return {
        "title": listed.starter,
        "description": listed.does,
        "type": "prompt",
        "prompt": listed.starter,
    }


def _written(described: Json) -> bytes:
    return f"{json.dumps(described, ensure_ascii=False, indent=2)}\n".encode()

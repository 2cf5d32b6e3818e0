"""Activities as Teams sends them, to be changed at will."""

import copy
from typing import Any

from tests.adapters.teams.genuine import APP, PERSON, SERVICE, TENANT

TOKEN = "T" * 32
_MESSAGE: dict[str, Any] = {
    "type": "message",
    "id": "1700000000001",
    "timestamp": "2026-11-16T08:00:00.123Z",
    "localTimestamp": "2026-11-16T09:00:00.123+01:00",
    "serviceUrl": SERVICE,
    "channelId": "msteams",
    "from": {"id": "29:person", "name": "Zoë van den Berg", "aadObjectId": PERSON},
    "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
    "recipient": {"id": f"28:{APP}", "name": "Wayfinder"},
    "channelData": {"tenant": {"id": TENANT}},
    "entities": [{"type": "clientInfo", "locale": "nl-NL", "platform": "Web"}],
    "locale": "nl-NL",
    "text": "help",
}


def changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a copy with fields set by path (``from.id``); None takes one away."""
    made = copy.deepcopy(base)
    for path, value in changes.items():
        *boxes, last = path.split(".")
        box = made
        for name in boxes:
            box = box[name]
        if value is None:
            box.pop(last, None)
        else:
            box[last] = value
    return made


def message(**fields: object) -> dict[str, Any]:
    return changed(_MESSAGE, fields)


def invoke(
    verb: str = "pulse.answer",
    choice: str = "4",
    token: str = TOKEN,
    fields: list[str] | None = None,
    typed: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a pressed button, or with ``fields`` a sent form."""
    ours: dict[str, Any] = {"verb": verb, "choice": choice, "token": token}
    if fields is not None:
        ours["fields"] = fields
    data = {"wayfinder": ours, **(typed or {})}
    pressed = {"type": "Action.Execute", "verb": verb, "data": data}
    return changed(
        _MESSAGE,
        {
            "type": "invoke",
            "id": "f:1234",
            "name": "adaptiveCard/action",
            "replyToId": "1699999999999",
            "value": {"action": pressed, "trigger": "manual"},
            "text": None,
        },
    )


def submit(**data: object) -> dict[str, Any]:
    """Return a pressed button from a client that knows no Action.Execute."""
    ours = {"verb": "pulse.answer", "choice": "4", "token": TOKEN}
    return changed(
        _MESSAGE,
        {"text": None, "replyToId": "1699999999999", "value": {"wayfinder": ours, **data}},
    )


def installed(action: str = "add") -> dict[str, Any]:
    return changed(_MESSAGE, {"type": "installationUpdate", "action": action, "text": None})


def members(**lists: list[dict[str, Any]]) -> dict[str, Any]:
    return changed(_MESSAGE, {"type": "conversationUpdate", "text": None, **lists})

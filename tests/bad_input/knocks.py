"""Genuine requests at each of the doors, to be spoiled at will."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from adapters.slack.manifest import EVENTS_PATH
from adapters.teams.inbox import PATH as TEAMS_PATH
from adapters.usage.door import PATH as USAGE_PATH
from adapters.usage.door import SIGNATURE, TIMESTAMP
from tests.adapters.slack.desk import callback, said, sign
from tests.adapters.teams.activities import message
from tests.adapters.teams.genuine import claims
from tests.bad_input.house import TELLTALE, USAGE_SECRET, House, Json

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Knock:
    """One request at a door."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def raw(self, port: int, *more: str | bytes, length: int | None = -1, **changed: str) -> bytes:
        """Write the request as it goes over the line.

        Args:
            port: where the house is.
            more: header lines to add.
            length: what it says its length is; -1 for the right one, None for none.
            changed: ``method``, ``path``, ``version``, ``host``, or a header to take away (with
                ``_`` for ``-``) by giving it nothing.

        """
        what = {"method": "POST", "path": self.path, "version": "1.1", "host": f"127.0.0.1:{port}"}
        what |= changed
        lines = [f"{what['method']} {what['path']} HTTP/{what['version']}".encode()]
        lines += [f"Host: {what['host']}".encode()]
        gone = {name.replace("_", "-").lower() for name in changed}
        lines += [f"{k}: {v}".encode() for k, v in self.headers.items() if k.lower() not in gone]
        lines += [one if isinstance(one, bytes) else one.encode() for one in more]
        if length is not None:
            said = len(self.body) if length == -1 else length
            lines.append(b"Content-Length: %d" % said)
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


def slack(house: House, payload: Json, *, form: bool = False) -> Knock:
    """Return a payload as Slack sends it; as a form, the payload stands in a field of one."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    body = urlencode({"payload": text}).encode() if form else text.encode()
    return slack_bytes(house, body, FORM if form else JSON)


def slack_bytes(house: House, body: bytes, kind: str = JSON) -> Knock:
    return Knock(EVENTS_PATH, {"Content-Type": kind, **sign(body, house.clock())}, body)


def teams(house: House, activity: Json, **told: object) -> Knock:
    """Return an activity as Teams sends it, with a token of its own."""
    text = activity if isinstance(activity, str) else json.dumps(activity)
    named = {"serviceurl": house.connector.service, **told}
    bearer = house.signer.sign(claims(house.clock(), **named))
    headers = {"Content-Type": JSON, "Authorization": f"Bearer {bearer}"}
    return Knock(TEAMS_PATH, headers, text.encode("utf-8", "surrogatepass"))


def usage(house: House, body: bytes) -> Knock:
    at = str(int(house.clock().timestamp()))
    mark = hmac.new(USAGE_SECRET.encode(), at.encode() + b"." + body, sha256).hexdigest()
    headers = {"Content-Type": JSON, TIMESTAMP: at, SIGNATURE: f"sha256={mark}"}
    return Knock(USAGE_PATH, headers, body)


def page(house: House, path: str, number: int, **told: Json) -> Knock:
    """Return what the page sends; ``number`` makes its id."""
    post = {"id": str(UUID(int=number, version=4)), "who": "eve", **told}
    return page_bytes(house, path, json.dumps(post).encode())


def page_bytes(house: House, path: str, body: bytes) -> Knock:
    return Knock(path, {"Content-Type": JSON, "Origin": house.origin}, body)


def genuine(house: House) -> dict[str, Knock]:
    """Return something that would be let in at each door."""
    here = house.connector.service
    line = {"person": "ann", "week": "2026-11-12", "records": 3, "note": TELLTALE}
    return {
        "slack": slack(house, callback(said(TELLTALE))),
        "teams": teams(house, message(serviceUrl=here, text=TELLTALE)),
        "usage": usage(house, json.dumps([line]).encode()),
        "browser": page(house, "/say", 1, text=TELLTALE),
    }

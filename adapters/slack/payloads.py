"""What Slack sends, and what it means.

A request becomes an arrival in two steps. Before it is stored it is only told apart and reduced
to what matters (``request``): who, where, which button, which words; Slack's copies of our own
message, its response address and its old verification token never reach the database. After it is
stored it is understood (``read``): a button's value becomes a tap, Slack's way of writing text
becomes what was typed.

An arrival's key is the business of the request, never its delivery: an event's own id, the moment
of a press, the id of a command; a form is named by its window and what was filled in, so that the
same form sent twice is one, and the form corrected after a mistake another. A key outlives the
words, so of what was filled in it holds a digest that nobody makes without our secret: whoever
guesses the words cannot look up who sent them.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from pydantic import TypeAdapter

from adapters.slack.blocks import ORIGIN, unpack
from adapters.slack.shapes import (
    Actions,
    Callback,
    Command,
    Kept,
    Message,
    Named,
    Opening,
    Revoked,
    Search,
    Shortcut,
    Submission,
    User,
    What,
)
from adapters.slack.text import typed
from dialogs.doorway import Arrival
from dialogs.turns import Filled, Joined, Pointed, Said, Tapped, Turn
from nudges.address import Address

SHORTCUT = "ask_wayfinder"
"""The message shortcut's id in the manifest."""
SEARCH = "search_crm"
"""The id of the shortcut that stands nowhere."""
FIND = "find.open"
"""What that shortcut means, as a tap."""
HOME = "home.open"
"""What opening the home page means, as a tap."""
OURSELVES = "USLACKBOT"
EVERYONE = ""
"""Who removed the app, as far as a person goes: whoever is written to there is gone by itself."""
LONGEST_KEY = 200
_MOMENT = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}", re.ASCII)

_KEPT = TypeAdapter(Kept)


@dataclass(frozen=True, slots=True)
class Request:
    """A request told apart: what is stored, and what only its answer needs.

    Attributes:
        what: what kind it is.
        arrival: what is stored.
        trigger: opens a window, within three seconds.
        url: where a passing reply can be put.
        place: where a button stood or a form was opened: ``home``, ``passing`` or nothing.
        thread: the thread in which the app was mentioned, or a message was pointed at.
        origin: the message that was pointed at, as the head of its own thread if it had none.
        message: the message on which a button stood.
        fields: the form's fields, beside which a mistake can be shown.

    """

    what: What
    team: str
    user: str
    arrival: Arrival
    trigger: str = ""
    url: str = ""
    place: Literal["", "home", "passing"] = ""
    channel: str = ""
    thread: str = ""
    origin: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()


def request(payload: Mapping[str, Any], secret: bytes) -> Request | None:
    """Tell a payload apart; None for one that asks nothing of us.

    Args:
        payload: what Slack sent.
        secret: what the names of forms are made with.

    Raises:
        pydantic.ValidationError: it is of a known kind, and not as Slack sends it.

    """
    match payload:
        case {"type": "event_callback"}:
            return _event(Callback.model_validate(payload))
        case {"type": "block_actions"}:
            return _tap(Actions.model_validate(payload))
        case {"type": "view_submission"}:
            return _form(Submission.model_validate(payload), secret)
        case {"type": "message_action", "callback_id": callback} if callback == SHORTCUT:
            return _shortcut(Shortcut.model_validate(payload))
        case {"type": "shortcut", "callback_id": callback} if callback == SEARCH:
            return _search(Search.model_validate(payload))
        case {"command": _}:
            return _command(Command.model_validate(payload))
        case _:
            return None


def read(body: str) -> Turn | None:
    """Understand a stored request as a turn; None where it turns out to ask nothing."""
    kept = _KEPT.validate_json(body)
    chat = kept.channel if kept.channel.startswith("D") else ""
    address = Address("slack", kept.team, kept.user, chat)
    match kept.what:
        case "message" | "mention" | "command":
            private = kept.what == "message"
            return Said(address, typed(kept.text), private=private, attached=kept.attached)
        case "shortcut":
            return Pointed(address, typed(kept.text))
        case "search":
            return Tapped(address, FIND)
        case "home":
            return Tapped(address, HOME)
        case "opened":
            return Joined(address)
        case "tap":
            told = unpack(kept.told)
            return Tapped(address, *_tapped(told)) if told else None
        case "form":
            told = unpack(kept.told)
            return Filled(address, *_tapped(told), kept.values) if told else None
        case "removed":
            return None


def _tapped(told: Mapping[str, str]) -> tuple[str, str, str]:
    return told["v"], told.get("c", ""), told.get("t", "")


def _arrival(kept: Kept, *business: str) -> Arrival:
    key = ":".join(("slack", kept.team, kept.what, *business))
    if len(key) > LONGEST_KEY:
        key = f"slack:{kept.team[:40]}:{kept.what}:{sha256(key.encode()).hexdigest()}"
    sender = Address("slack", kept.team, kept.user).sender
    return Arrival(key, "slack", kept.model_dump_json(exclude_defaults=True), sender)


def _event(callback: Callback) -> Request | None:
    team, event = callback.team_id, callback.event
    match event:
        case {"type": "message", "channel_type": "im"} if _from_a_person(event):
            said = Message.model_validate(event)
            return _said("message", callback, said)
        case {"type": "app_mention"} if _from_a_person(event):
            said = Message.model_validate(event)
            return _said("mention", callback, said)
        case {"type": "app_home_opened"}:
            opening = Opening.model_validate(event)
            if opening.tab == "home":
                kept = Kept(what="home", team=team, user=opening.user)
                arrival = _arrival(kept, callback.event_id)
            else:
                kept = Kept(what="opened", team=team, user=opening.user)
                arrival = _arrival(kept, opening.user)
            return Request(kept.what, team, opening.user, arrival)
        case {"type": "app_uninstalled"}:
            kept = Kept(what="removed", team=team, user=EVERYONE)
        case {"type": "tokens_revoked"} if Revoked.model_validate(event).tokens.get("bot"):
            kept = Kept(what="removed", team=team, user=EVERYONE)
        case _:
            return None
    return Request("removed", team, EVERYONE, _arrival(kept, callback.event_id))


def _from_a_person(event: Mapping[str, Any]) -> bool:
    """Tell what a person said from edits, joins, files shared by apps, and our own messages."""
    kind = event.get("subtype")
    return kind in {None, "file_share", "thread_broadcast"} and not event.get("bot_id")


def _said(what: Literal["message", "mention"], callback: Callback, said: Message) -> Request | None:
    if said.user == OURSELVES or (said.user_team or callback.team_id) != callback.team_id:
        return None
    kept = Kept(
        what=what,
        team=callback.team_id,
        user=said.user,
        channel=said.channel,
        text=said.text,
        attached=bool(said.files),
    )
    arrival = _arrival(kept, callback.event_id)
    return Request(
        what, kept.team, said.user, arrival, channel=said.channel, thread=said.thread_ts or ""
    )


def _tap(sent: Actions) -> Request | None:
    pressed = next((a for a in sent.actions if unpack(a.value)), None)
    if pressed is None or _foreign(sent.user, sent.team):
        return None
    channel = (sent.channel.id if sent.channel else None) or ""
    kept = Kept(
        what="tap", team=sent.team.id, user=sent.user.id, channel=channel, told=pressed.value
    )
    business = (sent.user.id, pressed.action_ts or "", sent.trigger_id)
    at_home = not channel and (sent.view or {}).get("type", "home") == "home"
    passing = sent.container.is_ephemeral
    return Request(
        "tap",
        kept.team,
        kept.user,
        _arrival(kept, *business),
        trigger=sent.trigger_id,
        url=sent.response_url,
        place="home" if at_home else "passing" if passing else "",
        channel=channel,
        origin=_moment(unpack(pressed.value).get(ORIGIN, "")),
        message=sent.container.message_ts or "",
    )


def _form(sent: Submission, secret: bytes) -> Request | None:
    told = unpack(sent.view.private_metadata)
    if not told or _foreign(sent.user, sent.team):
        return None
    values = {
        name: next(iter(elements.values())).text()
        for name, elements in sent.view.state.values.items()
        if elements
    }
    kept = Kept(
        what="form",
        team=sent.team.id,
        user=sent.user.id,
        told=sent.view.private_metadata,
        values=values,
    )
    contents = "\0".join(f"{k}={v}" for k, v in sorted(values.items()))
    digest = hmac.new(secret, contents.encode(), sha256).hexdigest()
    origin = told.get(ORIGIN, "")
    return Request(
        "form",
        kept.team,
        kept.user,
        _arrival(kept, sent.user.id, sent.view.id, digest[:32]),
        url="" if origin == "home" else origin,
        place="home" if origin == "home" else "passing" if origin else "",
        fields=tuple(sent.view.state.values),
    )


def _shortcut(sent: Shortcut) -> Request | None:
    if _foreign(sent.user, sent.team):
        return None
    kept = Kept(what="shortcut", team=sent.team.id, user=sent.user.id, text=sent.message.text)
    arrival = _arrival(kept, sent.user.id, sent.trigger_id)
    said = sent.message
    return Request(
        "shortcut",
        kept.team,
        kept.user,
        arrival,
        url=sent.response_url,
        channel=(sent.channel.id if sent.channel else None) or "",
        thread=said.thread_ts or "",
        origin=_moment(said.thread_ts or said.ts or ""),
    )


def _search(sent: Search) -> Request | None:
    if _foreign(sent.user, sent.team):
        return None
    kept = Kept(what="search", team=sent.team.id, user=sent.user.id)
    arrival = _arrival(kept, sent.user.id, sent.trigger_id)
    return Request("search", kept.team, kept.user, arrival, trigger=sent.trigger_id)


def _moment(found: str) -> str:
    """Return a message's moment, if it is one."""
    return found if _MOMENT.fullmatch(found) else ""


def _command(sent: Command) -> Request:
    kept = Kept(
        what="command",
        team=sent.team_id,
        user=sent.user_id,
        channel=sent.channel_id,
        text=sent.text,
    )
    arrival = _arrival(kept, sent.user_id, sent.trigger_id)
    return Request("command", kept.team, kept.user, arrival, url=sent.response_url)


def _foreign(user: User, team: Named) -> bool:
    """Tell a guest from another workspace in a shared channel; they are not ours to talk with."""
    return user.team_id is not None and user.team_id != team.id

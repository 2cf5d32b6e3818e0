"""What Teams tells us, understood as a turn.

Teams calls everything an activity. Six kinds of it are turns; whatever else there is or will be
is none, and is answered kindly without a look. Only the fields below are read, so a field we do
not know cannot break anything.
"""

import hmac
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from html import unescape
from typing import Annotated, Any, Final, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from adapters.teams.account import Reference
from adapters.teams.adaptive import OURS
from dialogs.turns import Filled, Joined, Left, Pointed, Said, Tapped, Turn
from nudges.people import Address

ACTION: Final = "adaptiveCard/action"
FIND: Final = "findInCrm"
"""The message action's id in the manifest."""
POINTED_AT: Final = "message"
"""Where the message action stands: on somebody's message, and nowhere else."""
POINT: Final = "composeExtension/fetchTask"
"""The message action was chosen on somebody's message."""
WINDOW: Final = "composeExtension/submitAction"
"""A button was pressed in the window that the message action opened."""
LONGEST_HTML: Final = 64 * 1024
"""Characters of somebody's message that are looked at."""
LONGEST_DRAWN: Final = 200
"""Characters of what stands in a button of ours; the longest that we draw have 50."""
_AT: Final = re.compile(r"<at(?: [^<>]{0,200})?>[^<>]{0,200}</at>")
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_ANY_TAG: Final = re.compile(r"<[^<>]{0,4000}>")
_UNPRINTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _or(empty: str) -> BeforeValidator:
    return BeforeValidator(lambda value: empty if value is None else value)


Text = Annotated[str, _or("")]


_OURS = frozenset({"text/html", "application/vnd.microsoft.card.adaptive"})


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True, strict=True)


class Party(_Part):
    """Someone in a conversation: a person, or a bot."""

    id: Text = ""
    name: Text = ""
    aad: Text = Field(default="", alias="aadObjectId")
    role: Text = ""


class Conversation(_Part):
    """Where it was said."""

    id: Text = ""
    conversation_type: Text = ""
    tenant_id: Text = ""
    is_group: bool | None = None


class _Body(_Part):
    content_type: Text = ""
    content: Text = ""


class _Payload(_Part):
    """The message that was pointed at; of whose it is nothing is read."""

    id: Text = ""
    body: _Body


class _Pointing(_Part):
    """The value of a message action."""

    command_id: Text = ""
    command_context: str
    message_payload: _Payload


class _Tenant(_Part):
    id: Text = ""


class Surroundings(_Part):
    """What Teams adds to an activity."""

    tenant: _Tenant | None = None


class Attached(_Part):
    """Something that came along with a message."""

    content_type: Text = ""


class Activity(_Part):
    """One thing that Teams tells us; the names are Microsoft's, see the Activity schema 3.2."""

    type: str
    id: Text = ""
    timestamp: Text = ""
    local_timestamp: Text = ""
    locale: Text = ""
    service_url: Text = ""
    channel_id: Text = ""
    sender: Party = Field(default=Party(), alias="from")
    recipient: Party = Party()
    conversation: Conversation = Conversation()
    channel_data: Surroundings | None = None
    text: Text = ""
    text_format: Text = ""
    reply_to_id: Text = ""
    name: Text = ""
    action: Text = ""
    value: Any = None
    members_added: list[Party] | None = None
    members_removed: list[Party] | None = None
    entities: Any = None
    attachments: list[Attached] | None = None

    @property
    def tenants(self) -> set[str]:
        """Return every tenant it names; more than one is a lie."""
        told = self.channel_data.tenant.id if self.channel_data and self.channel_data.tenant else ""
        return {tenant for tenant in (self.conversation.tenant_id, told) if tenant}

    @property
    def private(self) -> bool:
        """Tell a chat with the bot alone from a group or a channel."""
        kind = self.conversation.conversation_type
        return kind == "personal" if kind else not self.conversation.is_group

    @property
    def in_window(self) -> bool:
        """Tell the message action and its window from everything that is on a card."""
        return self.type == "invoke" and self.name.startswith("composeExtension/")

    @property
    def waits(self) -> bool:
        """Tell whether Teams waits for a card on this same request."""
        return self.type == "invoke"


def parse(body: str) -> Activity:
    """Read an activity.

    Raises:
        ValueError: a field we use is of another type than Microsoft says.

    """
    return Activity.model_validate_json(body)


def read(body: str) -> Turn | None:
    """Understand a stored activity as a turn; None if it is none."""
    try:
        return understand(parse(body))
    except ValidationError:
        return None


def understand(activity: Activity) -> Turn | None:
    """Understand an activity as a turn; None if it is none."""
    if activity.sender.role == "bot" or activity.sender.id.startswith("28:"):
        return None
    match activity.type:
        case "message":
            sent = pressed(activity)
            if sent is None and activity.value is not None and not activity.text:
                return None
            text, files = _said(activity), _files(activity)
            return sent or Said(address(activity), text, activity.private, attached=files)
        case "invoke" if activity.name in {ACTION, WINDOW}:
            return pressed(activity)
        case "invoke" if activity.name == POINT:
            return _pointed(activity)
        case "conversationUpdate" if _is_bot_in(activity.members_added, activity):
            return _joined(activity)
        case "conversationUpdate" if _is_bot_in(activity.members_removed, activity):
            return Left(address(activity))
        case "installationUpdate" if activity.action == "add":
            return _joined(activity)
        case "installationUpdate" if activity.action == "remove":
            return Left(address(activity))
        case _:
            return None


def address(activity: Activity) -> Address:
    """Return where the sender can be written to: always in the chat with the bot alone."""
    tenant = next(iter(sorted(activity.tenants)), "")
    ours = activity.private and not activity.in_window
    reference = Reference(
        service=activity.service_url,
        chat=activity.conversation.id if ours else "",
        bot=activity.recipient.id,
        user=activity.sender.id,
        tenant=tenant,
    )
    return Address("teams", tenant, activity.sender.aad, reference.model_dump_json())


def pressed(activity: Activity) -> Tapped | Filled | None:
    """Understand a pressed button: on an Execute's invoke, or on a Submit's message."""
    data = _data(activity)
    ours = data.get(OURS)
    if not isinstance(ours, dict):
        return None
    told = cast("dict[str, object]", ours)
    verb, choice, token = (_drawn(told.get(name, "")) for name in ("verb", "choice", "token"))
    if not verb or choice is None or token is None:
        return None
    fields = told.get("fields")
    if not isinstance(fields, list):
        return Tapped(address(activity), verb, choice, token)
    values = {name: _typed(data.get(name)) for name in _names(cast("list[object]", fields))}
    return Filled(address(activity), verb, choice, token, values)


def key(activity: Activity, what: Turn, secret: bytes) -> str:
    """Name an activity, so that a repeat of it is known although it has a new id.

    Teams may deliver again under another activity id, so what counts is who did what, where and
    at which instant; the id counts only where no instant was given. Adding the bot is told in
    two ways at once: both have the same name within the minute. The name outlives the words, and
    is made with our secret: whoever guesses the words cannot look up who said them.
    """
    instant = f"{activity.local_timestamp}|{activity.timestamp}".strip("|")
    told: list[object] = [
        activity.conversation.id,
        activity.sender.aad,
        sorted(activity.tenants),
        type(what).__name__,
    ]
    if isinstance(what, Joined | Left):
        told.append(activity.timestamp[:16] or activity.id)
    else:
        text = what.text if isinstance(what, Pointed) else activity.text
        did = {"text": text, "value": _data(activity)}
        told += [instant or activity.id, activity.reply_to_id, did]
    words = json.dumps(told, sort_keys=True).encode()
    digest = hmac.new(secret, words, sha256).hexdigest()
    return f"teams:{activity.type[:20]}:{digest}" if activity.waits else f"teams:{digest}"


def _joined(activity: Activity) -> Joined:
    return Joined(address(activity), _shown(activity.sender.name), activity.locale)


def _is_bot_in(members: list[Party] | None, activity: Activity) -> bool:
    return any(m.id and m.id == activity.recipient.id for m in members or ())


def _data(activity: Activity) -> Mapping[str, object]:
    value = activity.value
    if activity.in_window:
        value = _box(value).get("data")
    elif activity.type == "invoke":
        value = _box(_box(value).get("action")).get("data")
    return _box(value)


def _box(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _names(fields: list[object]) -> list[str]:
    return [name for name in fields if isinstance(name, str)]


def _drawn(value: object) -> str | None:
    """Return what we may have drawn into a button; None for what we never do."""
    if not isinstance(value, str) or len(value) > LONGEST_DRAWN or "\0" in value:
        return None
    return value


def _typed(value: object) -> str:
    return _shown(value) if isinstance(value, str) else ""


def _said(activity: Activity) -> str:
    """Return what someone typed, without the mention that called the bot."""
    text = activity.text
    for mention in _mentions(activity):
        text = text.replace(mention, " ")
    if activity.text_format == "xml" or not activity.private:
        text = _AT.sub(" ", text)
    if activity.text_format == "xml":
        text = unescape(_TAG.sub(" ", text))
    return _shown(text.replace("&nbsp;", " ")).strip()


def _files(activity: Activity) -> bool:
    """Say whether a file or a picture came along; the words themselves come along as HTML, too."""
    return any(one.content_type not in _OURS for one in activity.attachments or ())


def _pointed(activity: Activity) -> Pointed | None:
    """Understand what was pointed at; None where it is not as Teams sends it."""
    try:
        pointing = _Pointing.model_validate(activity.value)
    except ValidationError:
        return None
    if (pointing.command_id, pointing.command_context) != (FIND, POINTED_AT):
        return None
    body = pointing.message_payload.body
    text = body.content[:LONGEST_HTML]
    if body.content_type != "text":
        text = unescape(_ANY_TAG.sub(" ", _AT.sub(" ", text)))
    return Pointed(address(activity), " ".join(_shown(text).split()))


def _mentions(activity: Activity) -> list[str]:
    """Return the marks in the text that name the bot; a malformed entity names nobody."""
    listed: object = activity.entities
    if not isinstance(listed, list):
        return []
    entities = [_box(entity) for entity in cast("list[object]", listed)]
    return [
        str(entity["text"])
        for entity in entities
        if entity.get("type") == "mention"
        and entity.get("text")
        and _box(entity.get("mentioned")).get("id") == activity.recipient.id
    ]


def _shown(text: str) -> str:
    return _UNPRINTED.sub("", text)

"""What Teams means by its answers: one table, from status and error code to an outcome.

Microsoft names its errors in several ways (``error.code``, ``subCode``, plain words), so a code
counts wherever it stands in the answer.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeAlias

from nudges.delivery import Gone, Outcome, Refused, Sent, Unknown, Wait

PAUSE: Final = timedelta(seconds=5)
"""How long to wait where Teams names no time."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Teams answered; ``after`` is its Retry-After as it was written."""

    status: int
    body: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Unsent:
    """Nothing left this machine: no connection, no token, no host to trust."""

    why: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """The message went out, and no answer came back."""

    why: str


Reached: TypeAlias = Answered | Unsent | Lost
_Make: TypeAlias = Callable[[str, datetime], Outcome]


def _wait(why: str, until: datetime) -> Outcome:
    return Wait(until, why)


def _gone(why: str, _until: datetime) -> Outcome:
    return Gone(why)


def _refused(why: str, _until: datetime) -> Outcome:
    return Refused(why)


def _hold(why: str, until: datetime) -> Outcome:
    return Wait(until, why, everyone=True)


def _unknown(why: str, _until: datetime) -> Outcome:
    return Unknown(why)


TABLE: Final[tuple[tuple[int, str, _Make, str], ...]] = (
    # The first row that fits: the status (0 is any), a code somewhere in the answer, what it means.
    (403, "MessageWritesBlocked", _gone, "blocked: the person blocked the bot"),
    (403, "ConversationBlockedByUser", _gone, "blocked: the person blocked the bot"),
    (403, "BotDisabledByUser", _gone, "blocked: the person blocked the bot"),
    (403, "BotNotInConversationRoster", _gone, "uninstalled: the app is not in the chat"),
    (403, "BotDisabledByAdmin", _gone, "disabled: the administrator switched the app off"),
    (403, "ForbiddenOperation", _gone, "uninstalled: the bot may not write there"),
    (403, "NotEnoughPermissions", _gone, "uninstalled: the bot may not write there"),
    (403, "InvalidBotApiHost", _refused, "the service URL is not this chat's"),
    (403, "", _gone, "forbidden: the bot may not write there"),
    (404, "ActivityNotFoundInConversation", _refused, "the message is not there any more"),
    (404, "ConversationNotFound", _gone, "gone: the chat is not there any more"),
    (404, "", _gone, "gone: Teams does not know this chat"),
    (400, "BotNotInConversationRoster", _gone, "uninstalled: the app is not in the chat"),
    (400, "ConversationNotFound", _gone, "gone: the chat is not there any more"),
    (0, "MessageSizeTooBig", _refused, "the message is too large"),
    (413, "", _refused, "the message is too large"),
    (401, "BotNotRegistered", _refused, "the bot is not registered for Teams"),
    (401, "", _wait, "Teams did not take our token"),
    (400, "", _refused, "Teams did not take the message"),
    (405, "", _refused, "Teams cannot do this here"),
    (408, "", _unknown, "Teams gave up waiting"),
    (409, "", _wait, "two changes at once"),
    (412, "", _wait, "two changes at once"),
    (425, "", _wait, "too early"),
    (429, "", _hold, "too many at once"),
    (500, "", _unknown, "Teams failed, perhaps after sending"),
    (502, "", _unknown, "no answer from behind the gateway"),
    (503, "", _hold, "Teams is not available"),
    (504, "", _unknown, "no answer from behind the gateway"),
)


def outcome(reached: Reached, now: datetime) -> Outcome:
    """Say what became of a new message."""
    match reached:
        case Unsent(why, refused):
            return Refused(why) if refused else Wait(now + PAUSE, why, everyone=True)
        case Lost(why):
            return Unknown(why)
        case Answered(status, body) if 200 <= status < 300:  # noqa: PLR2004 - HTTP's successes
            ref = resource(body)
            return Sent(ref) if ref else Unknown("Teams took it and did not name it")
        case Answered(status, body, after):
            until = max(retry_after(after, now), now + PAUSE) if after else now + PAUSE
            for code, word, make, why in TABLE:
                if code in {0, status} and named(word, body):
                    return make(f"{status}: {why}", until)
            make = _unknown if status >= 500 else _refused  # noqa: PLR2004 - HTTP's failures
            return make(f"{status}: an answer we do not know", until)


def changed(reached: Reached, now: datetime, *, removal: bool = False) -> Outcome:
    """Say what became of a replacement or a removal.

    Doing either once more does no harm, so where a new message would be in doubt this is tried
    again; a message that is not there any more counts as removed.
    """
    if isinstance(reached, Answered):
        if 200 <= reached.status < 300:  # noqa: PLR2004 - HTTP's successes
            return Sent()
        if removal and reached.status in {404, 410}:
            return Sent()
    told = outcome(reached, now)
    return Wait(now + PAUSE, told.why) if isinstance(told, Unknown) else told


def is_missing(reached: Reached) -> bool:
    """Tell whether the chat is gone, so that a new one may be opened."""
    return (
        isinstance(reached, Answered)
        and reached.status in {400, 404}
        and (reached.status == 404 or named("ConversationNotFound", reached.body))  # noqa: PLR2004
        and not named("ActivityNotFoundInConversation", reached.body)
    )


def named(word: str, body: str) -> bool:
    """Tell whether an error code stands in an answer; no word stands everywhere."""
    return not word or re.search(rf"\b{word}", body) is not None


def resource(body: str) -> str:
    """Return the id that Teams gave to what was made, or nothing."""
    try:
        told: Any = json.loads(body)
        made = told.get("id")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return made if isinstance(made, str) else ""


def retry_after(text: str, now: datetime) -> datetime:
    """Read a Retry-After, in seconds or as a date; one that cannot be read means a pause."""
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", text.strip()):
        return now + timedelta(seconds=float(text))
    try:
        until = parsedate_to_datetime(text.strip())
    except ValueError:
        return now + PAUSE
    return until if until.tzinfo else until.replace(tzinfo=UTC)

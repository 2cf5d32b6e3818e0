"""The window that the message action opens: an answer for whoever chose it, and what to say aloud.

What stands in a window is sent back by Action.Submit. What everyone is to read is put into the
box where one writes, as a card of the person who sends it: so nothing is said in their name before
they send it, and the app needs no place in any team. A card like that cannot reach us, as we are
not in that chat; so its buttons open the chat with us, with the question typed already.
"""

from typing import Any, Final, cast
from urllib.parse import urlencode

from adapters.teams.adaptive import CARD_TYPE, OURS, Json, adaptive
from adapters.teams.form import adaptive_form
from adapters.teams.inert import clean
from dialogs.doorway import DrawnCard, Reply
from dialogs.turns import Filled, Turn

CHAT: Final = "https://teams.microsoft.com/l/chat/0/0"
PREVIEW_TYPE: Final = "application/vnd.microsoft.card.thumbnail"
LONGEST_TITLE: Final = 100
LONGEST_SENTENCE: Final = 1000


def opened(reply: Reply | None, turn: Turn, otherwise: str, bot: str) -> Json:
    """Draw a reply in a window; ``otherwise`` is said where there is nothing to show.

    ``bot`` is our own id in Teams, which buttons for everyone lead to.
    """
    if reply is None:
        return _sentence(otherwise)
    if reply.public:
        return _aloud(reply.public, bot)
    if reply.form:
        typed = turn.values if isinstance(turn, Filled) and reply.errors else None
        form = reply.form.form
        return _window(form.title, adaptive_form(form, reply.form.token, reply.errors, typed))
    shown = reply.instead or next(iter(reply.shown), None)
    if shown:
        return _window(shown.card.title, adaptive(shown.card, shown.token))
    return _sentence(otherwise)


def _window(title: str, card: Json) -> Json:
    attachment = {"contentType": CARD_TYPE, "content": _submitting(card)}
    value = {"title": clean(title, LONGEST_TITLE), "width": "medium", "card": attachment}
    return {"task": {"type": "continue", "value": value}}


def _sentence(text: str) -> Json:
    return {"task": {"type": "message", "value": clean(text, LONGEST_SENTENCE)}}


def _aloud(said: DrawnCard, bot: str) -> Json:
    """Draw what everyone is to read, for the box where one writes."""
    card = adaptive(said.card, said.token)
    shown = {"title": clean(said.card.title, LONGEST_TITLE)}
    attachment = {
        "contentType": CARD_TYPE,
        "content": _leading(card, bot),
        "preview": {"contentType": PREVIEW_TYPE, "content": shown},
    }
    result = {"type": "result", "attachmentLayout": "list", "attachments": [attachment]}
    return {"composeExtension": result}


def _submitting(element: Any) -> Any:  # noqa: ANN401 - any part of a card
    """Let every button that answers be an Action.Submit, the only one that a window sends."""
    match element:
        case {"type": "Action.Execute", "fallback": {"type": "Action.Submit"} as submit}:
            return submit
        case dict():
            parts = cast("Json", element)
            return {name: _submitting(part) for name, part in parts.items()}
        case list():
            return [_submitting(part) for part in cast("list[Any]", element)]
        case _:
            return element


def _leading(element: Any, bot: str) -> Any:  # noqa: ANN401 - any part of a card
    """Let every button that answers open the chat with us, with what it asks typed already."""
    match element:
        case {"type": "Action.Execute", "title": str(title), "data": {**data}}:
            asks = cast("Json", data)[OURS]["choice"]
            url = f"{CHAT}?{urlencode({'users': bot, 'message': asks})}"
            return {"type": "Action.OpenUrl", "title": title, "url": url}
        case dict():
            parts = cast("Json", element)
            return {name: _leading(part, bot) for name, part in parts.items()}
        case list():
            return [_leading(part, bot) for part in cast("list[Any]", element)]
        case _:
            return element

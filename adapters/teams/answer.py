"""What goes back on an invoke: the card in its place, the form, or a sentence.

Teams waits some ten seconds for it and shows it to the client that clicked; the other devices
get the replaced message by a delivery.
"""

from typing import Final

from adapters.teams.adaptive import CARD_TYPE, Json, adaptive
from adapters.teams.form import adaptive_form
from adapters.teams.inert import clean
from dialogs.doorway import Reply
from dialogs.turns import Filled, Turn

SENTENCE_TYPE: Final = "application/vnd.microsoft.activity.message"
ERROR_TYPE: Final = "application/vnd.microsoft.error"
LONGEST_SENTENCE: Final = 1000


def answered(reply: Reply | None, turn: Turn, otherwise: str) -> Json:
    """Draw a reply; ``otherwise`` is said where there is nothing to show."""
    if reply is None:
        return sentence(otherwise)
    if reply.form:
        typed = turn.values if isinstance(turn, Filled) and reply.errors else None
        return _card(adaptive_form(reply.form.form, reply.form.token, reply.errors, typed))
    if reply.errors:
        # Without a new card the client leaves the form as it stands, with what was typed.
        return sentence(" ".join(reply.errors.values()))
    if reply.instead:
        return _card(adaptive(reply.instead.card, reply.instead.token))
    if reply.shown:
        return _card(adaptive(reply.shown[0].card, reply.shown[0].token))
    return sentence(otherwise)


def sentence(text: str) -> Json:
    """Say something beside the card, which stays as it is."""
    return {
        "statusCode": 200,
        "type": SENTENCE_TYPE,
        "value": clean(text, LONGEST_SENTENCE),
    }


def not_understood() -> Json:
    """Say that this was no button of ours."""
    problem = {"code": "BadRequest", "message": "not a button of this bot"}
    return {"statusCode": 400, "type": ERROR_TYPE, "value": problem}


def _card(drawn: Json) -> Json:
    return {"statusCode": 200, "type": CARD_TYPE, "value": drawn}

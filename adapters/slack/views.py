"""Draw forms as Slack modals.

A field's name is its block's id, so that a mistake is shown beside its field. The modal carries
which form it is and on whose message it was opened; ``origin`` also carries where the answer
must be shown when no message stands behind it (the home page, or a passing reply).
"""

import json
from collections.abc import Iterator
from typing import assert_never

from adapters.slack import limits
from adapters.slack.blocks import ORIGIN, Json, pack, plain
from adapters.slack.text import fit, size
from dialogs.card import ChoiceField, DateField, Field, Form, Option, TextField

OPEN = 5
"""A required choice between at most this many stands open as radio buttons."""


def draw(form: Form, token: str) -> str:
    """Draw a form as the text of a modal."""
    return json.dumps(modal(form, token), ensure_ascii=False, indent=1)


def modal(form: Form, token: str, origin: str = "") -> Json:
    """Draw a form as a modal.

    Raises:
        ValueError: the form is more than a modal takes.

    """
    carried = pack(form.tap, token, **({ORIGIN: origin} if origin else {}))
    drawn = [block for field in form.fields for block in _field(field)]
    if form.lead.strip():
        drawn.insert(0, {"type": "section", "text": plain(form.lead, limits.TEXT)})
    if len(drawn) > limits.BLOCKS["modal"] or size(carried) > limits.METADATA:
        problem = f"the form “{form.title}” is more than a modal takes"
        raise ValueError(problem)
    return {
        "type": "modal",
        "callback_id": fit(form.tap.verb, limits.NAME),
        "private_metadata": carried,
        "title": plain(form.title, limits.WINDOW),
        "submit": plain(form.submit, limits.WINDOW),
        "close": plain(form.cancel, limits.WINDOW),
        "blocks": drawn,
    }


def _field(field: Field) -> Iterator[Json]:
    match field:
        case TextField(hint=hint):
            yield _input(field, _text(field), hint)
        case ChoiceField(options=()):
            return
        case ChoiceField():
            yield _input(field, _choice(field))
        case DateField(value=value):
            chosen = {"initial_date": value} if value else {}
            yield _input(field, {"type": "datepicker"} | chosen)
        case _:
            assert_never(field)


def _input(field: Field, element: Json, hint: str = "") -> Json:
    drawn: Json = {
        "type": "input",
        "block_id": field.name,
        "optional": not field.required,
        "label": plain(field.label, limits.FIELD),
        "element": element | {"action_id": field.name},
    }
    return drawn | {"hint": plain(hint, limits.FIELD)} if hint else drawn


def _text(field: TextField) -> Json:
    longest = min(field.longest, limits.TYPED)
    drawn: Json = {
        "type": "plain_text_input",
        "multiline": field.lines == "many",
        "max_length": longest,
    }
    return drawn | {"initial_value": fit(field.value, longest)} if field.value else drawn


def _choice(field: ChoiceField) -> Json:
    if len(field.options) > limits.OPTIONS:
        problem = f"the field {field.name} has more options than a menu takes"
        raise ValueError(problem)
    options = [_option(option) for option in field.options]
    drawn: Json = {"type": _menu(field), "options": options}
    chosen = [
        o for o, option in zip(options, field.options, strict=True) if option.value in field.value
    ]
    if chosen and field.several:
        return drawn | {"initial_options": chosen}
    return drawn | {"initial_option": chosen[0]} if chosen else drawn


def _menu(field: ChoiceField) -> str:
    """Choose the plainest menu; radio buttons cannot be emptied, so only for what is required."""
    match field.several, len(field.options):
        case True, some if some <= limits.SHOWN:
            return "checkboxes"
        case True, _:
            return "multi_static_select"
        case False, few if few <= OPEN and field.required:
            return "radio_buttons"
        case _:
            return "static_select"


def _option(option: Option) -> Json:
    if size(option.value) > limits.OPTION:
        problem = f"the option {option.value[:20]} carries more than an option can"
        raise ValueError(problem)
    return {"text": plain(option.label, limits.LABEL), "value": option.value}

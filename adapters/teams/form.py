"""How a form looks in Teams: a card with inputs, in place of the card whose button opened it.

A form that comes back with errors shows them under the fields they are about, and keeps what was
typed.
"""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, assert_never

from adapters.teams.adaptive import CANCEL, LIMITS, Json, execute, framed, paragraphs
from adapters.teams.inert import clean, disguised
from dialogs.card import ChoiceField, DateField, Field, Form, Tap, TextField
from dialogs.rich import plain

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_WRONG: Final = {"color": "Attention", "weight": "Bolder"}
_TYPE: Final = {TextField: "Input.Text", ChoiceField: "Input.ChoiceSet", DateField: "Input.Date"}


def draw(form: Form, token: str) -> str:
    """Draw a form as text that people can read, for a preview."""
    return json.dumps(adaptive_form(form, token), ensure_ascii=False, indent=1)


def adaptive_form(
    form: Form,
    token: str,
    errors: Mapping[str, str] = NOTHING,
    typed: Mapping[str, str] | None = None,
) -> Json:
    """Draw a form; ``typed`` is what was sent before, by field, and takes the place of values."""
    body = [*paragraphs(plain(form.lead))] if form.lead else []
    names = tuple(field.name for field in form.fields)
    for name, error in errors.items():
        if name not in names:
            body += _wrong(error)
    for field in form.fields:
        body.append(_input(field, typed))
        if error := errors.get(field.name):
            body += _wrong(error)
    send = {"title": clean(form.submit, LIMITS.label), "style": "positive"}
    back = {"title": clean(form.cancel, LIMITS.label)}
    buttons = [
        execute(send, form.tap, token, names),
        execute(back, Tap(CANCEL, form.tap.verb), token),
    ]
    body.append({"type": "ActionSet", "actions": buttons})
    return framed(form.title, body, form.lead or form.title)


def _wrong(error: str) -> Iterator[Json]:
    yield from paragraphs(plain(error), _WRONG)


def _input(field: Field, typed: Mapping[str, str] | None) -> Json:
    label = disguised(clean(field.label, LIMITS.text))
    drawn: Json = {"type": _TYPE[type(field)], "id": field.name, "label": label}
    if field.required:
        # Teams checks this before it sends anything, and needs words to say so.
        drawn |= {"isRequired": True, "errorMessage": label}
    value = _value(field) if typed is None else typed.get(field.name, "")
    if value:
        drawn["value"] = clean(value, LIMITS.text)
    return drawn | _particulars(field)


def _value(field: Field) -> str:
    return ",".join(field.value) if isinstance(field, ChoiceField) else field.value


def _particulars(field: Field) -> Json:
    match field:
        case TextField(lines=lines, hint=hint, longest=longest):
            shown: Json = {"placeholder": clean(hint, LIMITS.hint)} if hint else {}
            return {"isMultiline": lines == "many", "maxLength": longest, **shown}
        case ChoiceField(options=options, several=several):
            choices = [
                {"title": disguised(clean(o.label, LIMITS.label)), "value": o.value}
                for o in options
            ]
            return {
                "style": "expanded" if several else "compact",
                "isMultiSelect": several,
                "wrap": True,
                "choices": choices,
            }
        case DateField():
            return {}
        case _:
            assert_never(field)

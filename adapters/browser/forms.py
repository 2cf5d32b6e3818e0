"""Draw forms as HTML, to be shown in a dialog.

Each field has its label, its hint and the place of its error tied to it, so that who cannot see
the page hears what is asked and what is wrong. An error's place is drawn even while it is empty:
the page fills it when the form comes back.
"""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import assert_never

from adapters.browser.html import attributes, cut
from dialogs.card import ChoiceField, DateField, Field, Form, TextField

NO_ERRORS: Mapping[str, str] = MappingProxyType({})
RADIOS = 4
"""A choice with more options than this is a list that folds out."""


def draw_form(form: Form, token: str, errors: Mapping[str, str] = NO_ERRORS) -> str:
    """Draw a form with what is wrong with it; its fields keep their order."""
    what = attributes(data_verb=form.tap.verb, data_choice=str(form.tap.choice), data_token=token)
    lead = f'<p class="lead">{escape(cut(form.lead, "text"))}</p>' if form.lead else ""
    fields = "".join(
        _field(field, f"field-{place}", errors.get(field.name, ""))
        for place, field in enumerate(form.fields)
    )
    return (
        f'<form class="form" novalidate autocomplete="off"{what}>'
        f'<h2 id="form-title" class="form-title" tabindex="-1">{escape(cut(form.title, "title"))}'
        f"</h2>{lead}{fields}"
        f'<div class="form-actions">'
        f'<button type="submit" class="button primary">{escape(cut(form.submit, "label"))}</button>'
        f'<button type="button" class="button plain" data-cancel>'
        f"{escape(cut(form.cancel, 'label'))}</button></div></form>"
    )


def _field(field: Field, at: str, error: str) -> str:
    match field:
        case TextField():
            return _labelled(field, at, error, _text(field, at, error), field.hint)
        case DateField(name, _, required, value):
            drawn = (
                f'<input type="date"{attributes(id=at, name=name, value=value)}'
                f"{_state(at, error, required=required)}>"
            )
            return _labelled(field, at, error, drawn)
        case ChoiceField(several=True):
            return _boxes(field, at, error, "checkbox")
        case ChoiceField(options=options, required=True) if len(options) <= RADIOS:
            return _boxes(field, at, error, "radio")
        case ChoiceField():
            return _labelled(field, at, error, _select(field, at, error))
        case _:
            assert_never(field)


def _text(field: TextField, at: str, error: str) -> str:
    named = attributes(id=at, name=field.name, maxlength=str(field.longest))
    state = _state(at, error, required=field.required, hint=bool(field.hint))
    match field.lines:
        case "one":
            return f'<input type="text"{named}{attributes(value=field.value)}{state}>'
        case "many":
            # The parser drops the first line break of a textarea; this one is for it.
            return f'<textarea rows="4"{named}{state}>\n{escape(field.value)}</textarea>'
        case _:
            assert_never(field.lines)


def _select(field: ChoiceField, at: str, error: str) -> str:
    empty = "" if field.required and field.value else '<option value=""></option>'
    options = "".join(
        f"<option{attributes(value=str(option.value))}"
        f"{' selected' if option.value in field.value else ''}>"
        f"{escape(cut(option.label, 'label'))}</option>"
        for option in field.options
    )
    state = _state(at, error, required=field.required)
    return f"<select{attributes(id=at, name=field.name)}{state}>{empty}{options}</select>"


def _boxes(field: ChoiceField, at: str, error: str, kind: str) -> str:
    """Draw options side by side; the group carries the label and the error."""
    options = "".join(
        f'<label class="option"><input type="{kind}"'
        f"{attributes(name=field.name, value=str(option.value))}"
        f"{' checked' if option.value in field.value else ''}>"
        f"<span>{escape(cut(option.label, 'label'))}</span></label>"
        for option in field.options
    )
    role = ' role="radiogroup"' if kind == "radio" else ""
    must = ' aria-required="true"' if field.required and kind == "radio" else ""
    needed = " data-required" if field.required else ""
    return (
        f'<fieldset class="field boxes"{attributes(id=at, data_field=field.name)}'
        f'{role}{must}{needed} aria-describedby="{at}-error">'
        f'<legend class="label">{escape(cut(field.label, "text"))}{_mark(field)}</legend>'
        f'<div class="options">{options}</div>{_error(at, error)}</fieldset>'
    )


def _labelled(field: Field, at: str, error: str, drawn: str, hint: str = "") -> str:
    told = f'<p class="hint" id="{at}-hint">{escape(cut(hint, "text"))}</p>' if hint else ""
    return (
        f'<div class="field"{attributes(data_field=field.name)}>'
        f'<label class="label" for="{at}">{escape(cut(field.label, "text"))}{_mark(field)}</label>'
        f"{told}{drawn}{_error(at, error)}</div>"
    )


def _state(at: str, error: str, *, required: bool, hint: bool = False) -> str:
    told = f"{at}-hint {at}-error" if hint else f"{at}-error"
    wrong = ' aria-invalid="true"' if error else ""
    return f"{attributes(aria_describedby=told)}{' required' if required else ''}{wrong}"


def _mark(field: Field) -> str:
    return '<span class="required" aria-hidden="true"> *</span>' if field.required else ""


def _error(at: str, error: str) -> str:
    hidden = "" if error else " hidden"
    return f'<p class="error" id="{at}-error"{hidden}>{escape(error)}</p>'

"""The question about a message as a form: what its author wrote comes back, or what is wrong."""

import pytest

from dialogs.reception import check_fields, read_check
from dialogs.speech import Speech, languages
from nudges.broadcast import Check

CHECK = Check(
    {"en": "Where?", "nl": "Waar?"},
    {"en": "Here", "nl": "Hier"},
    ({"en": "There", "nl": "Daar"}, {"en": "Nowhere", "nl": "Nergens"}),
)
OWN = Check(CHECK.question)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("check", [CHECK, OWN, None])
def test_it_comes_back_as_it_was(check: Check | None, language: str) -> None:
    fields = check_fields(check, Speech(language), languages())
    assert len({f.name for f in fields}) == 3 * len(languages())
    assert all(0 < len(f.label) <= 75 for f in fields)
    assert read_check({f.name: f.value for f in fields}, languages()) == (check, ())


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"question.nl": " "}, [("question.nl", "broadcast.error.question")]),
        ({"wrong.nl": "Daar"}, [("wrong.nl", "broadcast.error.answer")]),
        ({"wrong.en": "Here\nThere"}, [("wrong.en", "broadcast.error.same")]),
        (
            {"right.en": "", "right.nl": ""},
            [("wrong.en", "broadcast.error.wrongs"), ("wrong.nl", "broadcast.error.wrongs")],
        ),
    ],
)
def test_what_does_not_fit_is_said_by_field(
    changed: dict[str, str], wrong: list[tuple[str, str]]
) -> None:
    fields = check_fields(CHECK, Speech("en"), languages())
    values = {f.name: f.value for f in fields} | changed
    check, errors = read_check(values, languages())
    assert check is not None
    assert list(errors) == wrong

"""Whose daily words are no jargon in a draft follows from whom it is for."""

import pytest

from dialogs.authoring_ready import readers
from nudges.broadcast import Draft, Message


@pytest.mark.parametrize(
    ("rule", "whose"),
    [
        ("", "everyone"),
        ("everyone", "everyone"),
        ("segment is sales", "sales"),
        ("job is service", "service"),
        ("segment is north", "everyone"),
        ("segment is sales or service", "everyone"),
        ("segment is sales and language is nl", "everyone"),
        ("role is sponsor or manager", "leadership"),
        ("role is sponsor or champion", "everyone"),
    ],
)
def test_whose_words(rule: str, whose: str) -> None:
    assert readers(Draft(Message({}, {}), rule, 0)) == whose

"""A few made-up inputs everywhere, each time; ``make long`` tries a hundred thousand."""

import pytest

from tests.bad_input.house import House, Json
from tests.bad_input.run import tried
from tests.bad_input.sinks import SINKS, Sink, slack_body, slack_payload

FEW = 12
"""Inputs for each share of a sink."""
MOST = 120


@pytest.mark.parametrize("name", SINKS)
def test_nothing_goes_wrong(name: str) -> None:
    found = tried(SINKS[name], min(FEW * SINKS[name].share, MOST), 4711)
    assert found.finding == ""
    assert found.inputs >= FEW


def test_what_goes_wrong_would_be_found() -> None:
    """Plant a door that lets anything in, a failure of ours, and a mention."""

    async def lets_in(house: House, given: Json) -> None:
        del given
        await slack_body(house, b'{"type": "url_verification", "challenge": "x"}')

    async def breaks(house: House, given: Json) -> None:
        house.app.inbox.accept = None  # pyright: ignore[reportAttributeAccessIssue] - a bug
        await slack_payload(house, (0, [], False))
        del given

    for check in (lets_in, breaks):
        found = tried(Sink(1, SINKS["cells"].inputs, check), 3, 1)
        assert found.finding

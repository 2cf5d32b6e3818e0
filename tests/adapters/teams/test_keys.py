"""Microsoft's keys: which are taken, from where, how often they are asked for, and what is told."""

from typing import Any

import pytest

from adapters.teams import keys
from tests.adapters.teams.activities import message
from tests.adapters.teams.conftest import Teams
from tests.adapters.teams.fakes import FakeOpenId
from tests.adapters.teams.genuine import Signer, claims


async def _gets_in(teams: Teams, signer: Signer | None = None) -> bool:
    token = (signer or teams.signer).sign(claims(teams.clock()))
    return (await teams.send(message(), token))[0] == 200


@pytest.mark.parametrize(
    ("more", "good"),
    [
        ({}, True),
        ({"use": None}, False),
        ({"use": "enc"}, False),
        ({"kid": 7}, False),
        ({"endorsements": None}, False),
        ({"endorsements": [7, "msteams"]}, True),
        ({"n": "x"}, False),
    ],
)
async def test_a_key_is_for_signatures_and_for_teams(
    teams: Teams, openid: FakeOpenId, more: dict[str, Any], *, good: bool
) -> None:
    openid.entries = [teams.signer.entry(**more)]
    assert await _gets_in(teams) is good


async def test_a_key_that_does_not_say_what_for_is_for_signatures(
    teams: Teams, openid: FakeOpenId
) -> None:
    entry = teams.signer.entry()
    del entry["use"]
    openid.entries = [entry]
    assert await _gets_in(teams)


async def test_one_that_is_none_hides_no_other(teams: Teams, openid: FakeOpenId) -> None:
    openid.entries = [{"kty": "RSA", "kid": "broken", "n": "x", "e": "y"}, teams.signer.entry()]
    assert await _gets_in(teams)


@pytest.mark.parametrize(("filling", "good"), [(400_000, True), (keys.LARGEST, False)])
async def test_a_key_set_has_an_end(
    teams: Teams, openid: FakeOpenId, filling: int, *, good: bool
) -> None:
    openid.entries = [teams.signer.entry(), {"kty": "odd", "filling": "x" * filling}]
    assert await _gets_in(teams) is good


@pytest.mark.parametrize("what", ["configuration", "keys"])
async def test_nobody_sends_us_elsewhere_for_keys(
    teams: Teams, openid: FakeOpenId, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    openid.moved = what
    assert not await _gets_in(teams)
    assert not [path for path in openid.asked if path.startswith("/moved/")]
    assert caplog.messages[0].startswith("teams keys: not fetched, the 0 known go on: ")


async def test_a_key_server_that_hangs_is_not_waited_for(
    teams: Teams,
    openid: FakeOpenId,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(keys, "LONGEST_FETCH", 0.05)
    openid.delay = 30
    assert not await _gets_in(teams)
    assert "teams keys: not fetched, the 0 known go on: TimeoutError" in caplog.messages


async def test_keys_are_asked_for_once_a_day_and_for_a_new_name_every_five_minutes(
    teams: Teams, openid: FakeOpenId, other_signer: Signer
) -> None:
    asked: list[int] = []
    for minutes, signer in (
        (0, teams.signer),
        (1, other_signer),
        (3, other_signer),
        (1, other_signer),
        (10, teams.signer),
        (24 * 60 - 11, teams.signer),
        (1, teams.signer),
    ):
        teams.clock.pass_(minutes=minutes)
        assert await _gets_in(teams, signer) is (signer is teams.signer)
        if fetching := teams.keys._fetching:  # pyright: ignore[reportPrivateUsage] - what goes on beside
            await fetching
        asked.append(len(openid.asked) // 2)
    assert asked == [1, 1, 1, 2, 2, 2, 3]


async def test_who_stops_lets_nothing_run_on(teams: Teams, openid: FakeOpenId) -> None:
    assert await _gets_in(teams)
    openid.delay = 30
    teams.clock.pass_(hours=25)
    assert await _gets_in(teams), "it is fetched beside"
    fetching = teams.keys._fetching  # pyright: ignore[reportPrivateUsage] - what runs on
    assert fetching
    assert not fetching.done()
    await teams.keys.close()
    assert fetching.cancelled()

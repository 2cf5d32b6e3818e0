"""How often other systems are told, and how long is waited."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook as Standard
from standardwebhooks.webhooks import WebhookVerificationError

from nudges.access import Access, digest, make_key, named
from nudges.broadcast import Broadcast, Draft, Message, Stage
from nudges.delivery import RunState
from nudges.digest_numbers import KINDS
from nudges.open_numbers import DRAWN
from nudges.progress import Tally, finished
from nudges.webhooks import (
    GIVEN_UP,
    LONGEST_PAUSE,
    Answer,
    Parcel,
    Webhook,
    after,
    shown,
    signatures,
    signing_key,
)
from tests.clock import MONDAY

BI = Webhook("bi", "x.example", "", ("numbers.released",), MONDAY)
SECRET = b"s" * 32


def parcel(tries: int = 1) -> Parcel:
    return Parcel(1, BI, "evt_1", "{}", MONDAY, tries)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(200), "delivered"),
        (Answer(204), "delivered"),
        (Answer(302), "waiting"),
        (Answer(400), "waiting"),
        (Answer(404), "waiting"),
        (Answer(410), "gone"),
        (Answer(429), "waiting"),
        (Answer(500), "waiting"),
        (Answer(why="slow"), "waiting"),
    ],
)
def test_what_comes_of_an_answer(answer: Answer, state: str) -> None:
    assert after(answer, parcel(), MONDAY, 1.0).state == state


def test_pauses_double_up_to_six_hours_and_are_spread() -> None:
    def pause(tries: int, chance: float) -> timedelta:
        due = after(Answer(500), parcel(tries), MONDAY, chance).due
        assert due is not None
        return due - MONDAY

    assert [pause(n, 1.0).total_seconds() for n in (1, 2, 3, 4)] == [10, 20, 40, 80]
    assert pause(3, 0.0) == pause(3, 1.0) / 2
    assert pause(99, 1.0) == LONGEST_PAUSE


def test_what_a_receiver_asks_is_never_cut_short() -> None:
    hour = timedelta(hours=1)
    for chance in (0.0, 1.0):
        found = after(Answer(429, wait=hour), parcel(), MONDAY, chance)
        assert (found.state, found.due) == ("waiting", MONDAY + hour)


def test_after_three_days_it_is_given_up() -> None:
    late = MONDAY + GIVEN_UP - timedelta(hours=1)
    assert after(Answer(500), parcel(1), late, 1.0).state == "waiting"
    assert after(Answer(500), parcel(99), late, 1.0).state == "given_up"
    long = Answer(503, wait=GIVEN_UP + timedelta(seconds=1))
    assert after(long, parcel(), MONDAY, 1.0).state == "given_up"


class TestSignatures:
    def test_a_stock_receiver_takes_them_and_nothing_else(self) -> None:
        new, old = (signing_key(SECRET, "bi", turn) for turn in (1, 0))
        # theirs looks at the real clock
        seconds = int(datetime.now(UTC).timestamp())
        body = '{"type": "test"}'
        stamps = {
            "webhook-id": "evt_1",
            "webhook-timestamp": str(seconds),
            "webhook-signature": signatures("evt_1", seconds, body, (new, old)),
        }
        for key in (new, old):
            assert Standard(shown(key)).verify(body, stamps) == {"type": "test"}
        for wrong in (
            (shown(signing_key(SECRET, "other", 1)), body, stamps),
            (shown(new), body + " ", stamps),
            (shown(new), body, stamps | {"webhook-id": "evt_2"}),
            (shown(new), body, stamps | {"webhook-timestamp": str(seconds - 1)}),
        ):
            with pytest.raises(WebhookVerificationError):
                Standard(wrong[0]).verify(wrong[1], wrong[2])

    def test_each_receiver_and_each_turn_has_its_own(self) -> None:
        keys = {signing_key(s, n, t) for s in (SECRET, b"o" * 32) for n in "ab" for t in (0, 1)}
        assert len(keys) == 8


class TestBroadcasts:
    def told(self, rule: str, people: int) -> object:
        draft = Draft(Message({"en": "Why"}, {"en": "Because."}), rule, people)
        found = Broadcast(7, "ann", draft, Stage.RELEASED, MONDAY)
        return finished(found, Tally(sent=people, state=RunState.RUNNING), MONDAY).told

    @pytest.mark.parametrize(
        ("rule", "people", "told"),
        [
            ("everyone", 4, None),
            ("everyone", 5, "5-9"),
            ("everyone", 12, "10-19"),
            ("barrier is desire", 12, None),
            ("level is 2", 12, None),
        ],
    )
    def test_people_are_told_roughly_or_not_at_all(
        self, rule: str, people: int, told: str | None
    ) -> None:
        wanted = {"broadcast": 7, "ended": "done", "people": told}
        assert self.told(rule, people) == wanted


class TestKeys:
    def test_a_key_names_its_program_and_opens_that_alone(self) -> None:
        key = make_key("power-bi", lambda _: "k" * 43)
        one = Access("power-bi", digest(key), MONDAY, MONDAY + timedelta(days=1))
        assert named(key) == "power-bi"
        assert one.opened_by(key)
        assert not one.opened_by(make_key("power-bi", lambda _: "l" * 43))
        assert one.live(MONDAY)
        assert not one.live(MONDAY + timedelta(days=1))

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "wf",
            "wf.a.b",
            "wf.power-bi." + "k" * 42,
            "wf.power-bi." + "k" * 44,
            "wf.Bi." + "k" * 43,
        ],
    )
    def test_what_is_no_key_is_looked_up_nowhere(self, key: str) -> None:
        assert named(key) is None


def test_every_measure_that_a_digest_tells_is_explained_and_no_other() -> None:
    assert [one.measure for one in DRAWN] == list(KINDS)

"""The verdict on day 90: each result alone, and all of them together."""

from datetime import date

import pytest

from nudges.programme import Outcome
from nudges.verdict import Judged, Reached, Verdict, judge, verdict

SINCE, UNTIL = date(2026, 11, 2), date(2027, 1, 31)


@pytest.mark.parametrize(
    ("baseline", "target", "months", "how", "month"),
    [
        (60, 90, {}, Reached.UNMEASURED, ""),
        (60, 90, {"2026-10": 95}, Reached.UNMEASURED, ""),
        (60, 90, {"2027-02": 95}, Reached.UNMEASURED, ""),
        (60, 90, {"2026-11": 90}, Reached.REACHED, "2026-11"),
        (60, 90, {"2026-11": 95, "2027-01": 89.9}, Reached.CLOSER, "2027-01"),
        (60, 90, {"2027-01": 60}, Reached.NO_CLOSER, "2027-01"),
        (60, 90, {"2027-01": 12}, Reached.NO_CLOSER, "2027-01"),
        (12, 4, {"2027-01": 4}, Reached.REACHED, "2027-01"),
        (12, 4, {"2027-01": 11}, Reached.CLOSER, "2027-01"),
        (12, 4, {"2027-01": 13}, Reached.NO_CLOSER, "2027-01"),
        (5, 5, {"2027-01": 5}, Reached.REACHED, "2027-01"),
        (5, 5, {"2027-01": 4}, Reached.NO_CLOSER, "2027-01"),
    ],
)
def test_one(
    baseline: float, target: float, months: dict[str, float], how: Reached, month: str
) -> None:
    found = judge(Outcome({}, "%", baseline, target, months), SINCE, UNTIL)
    assert (found.how, found.month) == (how, month)


@pytest.mark.parametrize(
    ("hows", "expected"),
    [
        ("", Verdict.UNWRITTEN),
        ("unmeasured unmeasured", Verdict.UNKNOWN),
        ("reached", Verdict.USED),
        ("reached reached", Verdict.USED),
        ("reached unmeasured", Verdict.PARTLY),
        ("closer", Verdict.PARTLY),
        ("reached no_closer", Verdict.PARTLY),
        ("no_closer", Verdict.NOT_USED),
        ("no_closer unmeasured", Verdict.NOT_USED),
    ],
)
def test_all(hows: str, expected: Verdict) -> None:
    outcome = Outcome({}, "%", 1, 2)
    assert verdict(tuple(Judged(outcome, Reached(how)) for how in hows.split())) is expected

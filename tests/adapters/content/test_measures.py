"""What is measured: ours is whole, the organisation's replaces it, and nothing odd gets through."""

from pathlib import Path

import pytest

from adapters.content.measures import load_measures
from adapters.content.reading import ContentError
from nudges.measures import Counted, Measures

WHOLE = """
activity = ["records"]
lead_days = 3
next_step = false
[[table]]
collection = "acme_visits"
wanted = ["acme_result", "_acme_customer_value"]
where = "statecode eq 0 and acme_kind ne 3"
"""


def write(folder: Path, text: str) -> Path:
    (folder / "usage.toml").write_text(text)
    return folder


def test_ours_is_whole() -> None:
    found = load_measures()
    assert found.audit
    assert found.records
    assert {"accounts", "leads", "opportunities"} <= {t.collection for t in found.tables}


def test_the_organisations_own_replaces_it(tmp_path: Path) -> None:
    assert load_measures(write(tmp_path, WHOLE)) == Measures(
        (
            Counted(
                "acme_visits",
                wanted=("acme_result", "_acme_customer_value"),
                where="statecode eq 0 and acme_kind ne 3",
            ),
        ),
        audit=False,
        records=True,
        lead_days=3,
        next_step=False,
    )
    assert load_measures(tmp_path / "nothing") == load_measures()


WRONG = {
    "no table": WHOLE.split("[[", maxsplit=1)[0],
    "nothing counts": WHOLE.replace('["records"]', "[]"),
    "something else counts": WHOLE.replace('"records"', '"logins"'),
    "an address": WHOLE.replace("acme_visits", "../users"),
    "a query": WHOLE.replace("acme_visits", "leads?$top=1"),
    "a column that is none": WHOLE.replace("acme_result", "x eq 1"),
    "a condition with an end": WHOLE.replace("acme_kind ne 3", "a eq 1)/groupby((b))"),
    "no days": WHOLE.replace("lead_days = 3", "lead_days = 0"),
    "a word too many": WHOLE + 'colour = "red"',
    "the same table twice": WHOLE + '[[table]]\ncollection = "acme_visits"',
    "no TOML": "activity =",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_refused_with_the_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError, match=r"usage\.toml"):
        load_measures(write(tmp_path, text))

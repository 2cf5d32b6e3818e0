"""What the paper on measured use shows is what the program takes."""

import re
from pathlib import Path

from adapters.content.measures import load_measures
from adapters.usage.door import PATH, SIGNATURE, TIMESTAMP
from adapters.usage.message import read_message
from adapters.usage.table import KNOWN, read_usage
from nudges.adoption import Metric
from tests.house.source import tracked

PAPER = tracked()["docs/adoption.md"]


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", PAPER, re.DOTALL)
    assert found, kind
    return found[1]


def test_the_table_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "use.csv"
    path.write_text(block("csv"))
    told = read_usage(path)
    assert len(told.lines) == 2
    assert told.ignored == ()
    assert {"week", *Metric} < set(block("csv").splitlines()[0].split(";")) < KNOWN


def test_what_is_measured_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "usage.toml").write_text(block("toml"))
    assert load_measures(tmp_path).tables[0].wanted == ("telephone1", "_primarycontactid_value")


def test_the_message_is_taken_and_signed_as_the_door_wants_it() -> None:
    shell = block("sh")
    body = re.search(r"BODY='(.*)'", shell)
    assert body
    (line,) = read_message(body[1].encode())
    assert line.values == {Metric.ACTIVE_DAYS: 4, Metric.QUALITY: 0.9}
    for said in (SIGNATURE, TIMESTAMP, f"wayfinder.example{PATH} "):
        assert said in shell


def test_every_metric_is_explained() -> None:
    assert [m for m in Metric if f"| `{m}` |" not in PAPER] == []

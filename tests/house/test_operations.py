"""What whoever is on call reads agrees with the program: log lines, figures, alerts, dashboard."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import promql_parser as promql
import pytest
import yaml

from bot.figures import FAMILIES, Figures
from tests.cases import case
from tests.house.source import ROOT, dotted, modules

PAPER = (ROOT / "docs" / "operations.md").read_text()
RULES = yaml.safe_load((ROOT / "infra" / "alerts" / "wayfinder.rules.yaml").read_text())
ALERTS: list[dict[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "infra/dashboards/wayfinder.json").read_text())
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
SCRAPED = {"instance", "job", "le"}
"""Labels that Prometheus adds, and the one that a histogram has."""
WIDTH = 24


def rows(heading: str) -> Iterator[list[str]]:
    """Yield the rows of the table under a heading, without its own."""
    part = PAPER.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [re.split(r" \| ", line.strip("| ")) for line in part.splitlines() if line[:1] == "|"]
    yield from cells[2:]


def logged(tree: ast.Module) -> Iterator[str]:
    """Yield what each line of the log is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func) in {f"log.{one}" for one in LEVELS}:
            what = node.args[0]
            assert isinstance(what, ast.Constant), "a line is called what stands there"
            yield str(what.value)


def events() -> set[str]:
    paths = [path for path in modules("bot", "adapters") if not path.startswith("bot/rehearsal/")]
    return {event for path in paths for event in logged(modules("bot", "adapters")[path])}


def test_every_line_of_the_log_is_explained_and_no_other() -> None:
    explained = [cells[0].strip("`") for cells in rows("The log")]
    assert len(explained) == len(set(explained)) > 50
    assert set(explained) ^ events() == set()


def test_a_line_of_the_log_would_be_found() -> None:
    assert list(logged(ast.parse("log.info('a.b', x=1)\nmath.log(3)"))) == ["a.b"]


def test_every_figure_is_explained_with_its_labels_and_no_other() -> None:
    explained = {
        cells[0].strip("`"): tuple(re.findall(r"`(\w+)`", cells[1])) for cells in rows("Figures")
    }
    assert explained == {name: family.labels for name, family in FAMILIES.items()}


def misnamed(query: str) -> list[str]:
    """Return what a query asks for that the program does not tell."""
    found: list[str] = []
    names = set(re.findall(r"\b(?:wayfinder|process)_\w+", query))
    inside: set[str] = set()
    for name in names:
        family = FAMILIES.get(re.sub(r"_(bucket|sum|count)$", "", name)) or FAMILIES.get(name)
        if family is None and not name.startswith("process_"):
            found.append(name)
        elif family is not None:
            inside |= set(family.labels)
            if (family.kind == "histogram") is not name.endswith("_bucket"):
                found.append(name)
    used = re.findall(r"(?:\bby|\bon) \(([^)]*)\)", query)
    used += [",".join(re.findall(r"(\w+)(?:=|!=|=~|!~)\"", query))]
    labels = {one.strip() for part in used for one in part.split(",") if one.strip()}
    words = Figures()
    for label, value in re.findall(r"(\w+)(?:=~|!=|=)\"([^\"$]*)\"", query):
        found += [
            w for w in value.split("|") if label not in SCRAPED and w not in words.words(label)
        ]
    return found + sorted(labels - inside - SCRAPED)


def queries() -> Iterator[tuple[str, str]]:
    yield from ((rule["alert"], rule["expr"]) for rule in ALERTS)
    for panel in PANELS:
        yield from ((panel["title"], one["expr"]) for one in panel.get("targets", ()))


def test_every_query_asks_for_what_there_is() -> None:
    asked = list(queries())
    assert len(asked) > 40
    for where, query in asked:
        with case(where):
            promql.parse(query.replace("$__rate_interval", "5m"))
            assert misnamed(query) == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("max(wayfinder_databse_up)", ["wayfinder_databse_up"]),
        ("sum by (person) (wayfinder_deliveries)", ["person"]),
        ('rate(wayfinder_calls_total{outcome="lost"}[5m])', ["lost"]),
        ("rate(wayfinder_answer_seconds[5m])", ["wayfinder_answer_seconds"]),
        ('wayfinder_calls_total{outcome="sent"}', []),
    ],
)
def test_what_there_is_not_would_be_found(query: str, wrong: list[str]) -> None:
    assert misnamed(query) == wrong


def test_a_query_that_is_none_would_be_found() -> None:
    with pytest.raises(ValueError, match="unclosed"):
        promql.parse("sum(rate(wayfinder_calls_total[5m])")


def test_every_figure_is_drawn() -> None:
    drawn = " ".join(one["expr"] for panel in PANELS for one in panel.get("targets", ()))
    undrawn = {name for name in FAMILIES if name not in drawn}
    assert undrawn == {"wayfinder_inbox_waiting", "wayfinder_round_every_seconds"}


def test_every_alert_says_what_to_do() -> None:
    names = [rule["alert"] for rule in ALERTS]
    assert len(names) == len(set(names)) > 15
    written = re.findall(r"^### (\w+)\n(Page|Ticket)\. ", PAPER, re.MULTILINE)
    told = [(rule["alert"], rule["labels"]["severity"].title()) for rule in ALERTS]
    assert written == told, "docs/operations.md has a heading for each, in their order"
    for rule in ALERTS:
        with case(rule["alert"]):
            notes = rule["annotations"]
            assert notes["runbook_url"] == f"docs/operations.md#{rule['alert'].lower()}"
            assert notes["summary"].endswith(".")


def overlapping(panels: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return panels that lie on each other."""

    def apart(a: dict[str, int], b: dict[str, int]) -> bool:
        return (
            a["x"] + a["w"] <= b["x"]
            or b["x"] + b["w"] <= a["x"]
            or a["y"] + a["h"] <= b["y"]
            or b["y"] + b["h"] <= a["y"]
        )

    pairs = combinations(panels, 2)
    return [(a["title"], b["title"]) for a, b in pairs if not apart(a["gridPos"], b["gridPos"])]


def test_the_dashboard_is_laid_out() -> None:
    assert overlapping(PANELS) == []
    assert len({panel["id"] for panel in PANELS}) == len(PANELS) > 20
    for panel in PANELS:
        with case(panel["title"]):
            place = panel["gridPos"]
            assert min(place.values()) >= 0
            assert place["x"] + place["w"] <= WIDTH
            assert panel["type"] in {"row", "stat", "timeseries"}
            assert panel["type"] == "row" or (panel["description"] and panel["targets"])


def test_panels_that_lie_on_each_other_would_be_found() -> None:
    one = {"title": "a", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}}
    two = {"title": "b", "gridPos": {"x": 11, "y": 7, "w": 12, "h": 8}}
    three = {"title": "c", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 7}}
    assert overlapping([one, two, three]) == [("a", "b")]

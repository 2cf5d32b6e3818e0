"""Who asks the time and who reads the environment: one place each, so that tests own both."""

import ast

import pytest

from tests.cases import case
from tests.house.source import dotted, imported, modules

ASKED = {
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.localtime",
    "time.gmtime",
}
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb", "os.putenv", "os.getenvb"}


def asks_the_time(tree: ast.Module) -> list[str]:
    calls = (dotted(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call))
    asked = [call for call in calls if ".".join(call.split(".")[-2:]) in ASKED]
    return asked + [name for name in imported(tree) if name in {"time", "time.time", *ASKED}]


def reads_the_environment(tree: ast.Module) -> list[str]:
    read = (dotted(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute))
    return [name for name in [*read, *imported(tree)] if name in ENVIRONMENT]


def test_the_inside_never_asks_the_time() -> None:
    for path in modules("dialogs", "nudges"):
        with case(path):
            assert asks_the_time(modules("dialogs", "nudges")[path]) == []


def test_only_the_settings_read_the_environment() -> None:
    for path in (path for path in modules() if path != "bot/settings.py"):
        with case(path):
            assert reads_the_environment(modules()[path]) == []


@pytest.mark.parametrize(
    "line",
    [
        "import datetime\nx = datetime.datetime.now()",
        "from datetime import datetime\nx = datetime.now(UTC)",
        "from datetime import date\nx = date.today()",
        "import time\nx = 1",
        "from time import time\nx = time()",
    ],
)
def test_asking_the_time_would_be_found(line: str) -> None:
    assert asks_the_time(ast.parse(line))


@pytest.mark.parametrize(
    "line",
    ["import os\nx = os.environ['A']", "import os\nos.getenv('A')", "from os import environ"],
)
def test_reading_the_environment_would_be_found(line: str) -> None:
    assert reads_the_environment(ast.parse(line))


def test_telling_a_moment_is_not_asking_the_time() -> None:
    line = "from datetime import datetime, time\nx = datetime.combine(day, time(9))\nnow.time()"
    assert asks_the_time(ast.parse(line)) == []

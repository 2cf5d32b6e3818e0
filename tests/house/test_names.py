"""Names say what a thing is: no Manager, no utils, no twin of each function for each colour."""

import ast
import re
from collections.abc import Iterator

from tests.cases import case
from tests.house.source import modules

EMPTY = ("Manager", "Handler", "Helper", "Processor", "Util", "Utils", "Service", "Data", "Info")
PLACES = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base"}
CODE = ("bot", "adapters", "dialogs", "nudges", "tests")


def classes(tree: ast.Module) -> Iterator[str]:
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def functions(node: ast.Module | ast.ClassDef) -> set[str]:
    return {n.name for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


def empty_names(tree: ast.Module) -> list[str]:
    return [name for name in classes(tree) if name.endswith(EMPTY)]


def twins(tree: ast.Module) -> list[str]:
    """Return functions that exist twice in one place, once for each way of waiting."""
    places = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    found: list[str] = []
    for place in places:
        names = functions(place)
        for name in names:
            plain = re.sub(r"^async_|^a(?=[a-z]+$)|_async$|_sync$", "", name)
            if plain != name and plain in names:
                found.append(name)
    return found


def test_a_module_names_what_it_has() -> None:
    for path in modules(*CODE):
        with case(path):
            tree = modules(*CODE)[path]
            assert empty_names(tree) == []
            assert twins(tree) == []
            stem = path.rsplit("/", 1)[-1].removesuffix(".py")
            assert stem not in PLACES
            assert not stem.endswith(("_sync", "_async", "_utils", "_helpers"))


def test_an_empty_name_and_a_twin_would_be_found() -> None:
    tree = ast.parse("class CardManager: ...\nclass UserData: ...\nclass Card: ...\n")
    assert empty_names(tree) == ["CardManager", "UserData"]
    pair = "def send(): ...\nasync def send_async(): ...\nasync def asend(): ...\ndef ask(): ...\n"
    assert sorted(twins(ast.parse(pair))) == ["asend", "send_async"]
    inside = "class Channel:\n    def post(self): ...\n    def post_sync(self): ...\n"
    assert twins(ast.parse(inside)) == ["post_sync"]


def test_a_module_says_what_it_is_for() -> None:
    for path in modules():
        with case(path):
            text = ast.get_docstring(modules()[path])
            assert text, "every module begins with a docstring"
            first = text.splitlines()[0]
            assert first.endswith((".", "!", "?")), first

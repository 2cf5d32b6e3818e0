"""JSON without mercy: what two readers could understand differently is refused."""

import json

import pytest

from adapters.teams.strict import DEEPEST, AmbiguousError, loads

READ: list[tuple[str, object]] = [
    ("{}", {}),
    ('{"a": 1, "b": [true, null, 1.5]}', {"a": 1, "b": [True, None, 1.5]}),
    ('{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
    ('"[[[["', "[[[["),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_plain_json_is_read(text: str, value: object) -> None:
    assert loads(text) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"x": [{"a": 1, "b": 2, "a": 3}]}',
        "[NaN]",
        "Infinity",
        '{"a": -Infinity}',
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - what is refused is the case
        loads(text)
    assert isinstance(refused.value, AmbiguousError | json.JSONDecodeError)


def test_the_name_of_what_is_no_number_is_told() -> None:
    with pytest.raises(AmbiguousError, match=r"^-Infinity$"):
        loads("[-Infinity]")


@pytest.mark.parametrize("opens", ["[", '{"a":'])
def test_depth_is_counted_in_lists_and_objects_alike(opens: str) -> None:
    closes = {"[": "]", '{"a":': "}"}[opens]

    def deep(n: int) -> str:
        return opens * (n - 1) + ("[]" if opens == "[" else "{}") + closes * (n - 1)

    assert loads(deep(DEEPEST)) is not None
    with pytest.raises(AmbiguousError):
        loads(deep(DEEPEST + 1))


def test_as_deep_as_may_be_stays_so_beside_something_wide() -> None:
    deepest = "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)
    assert loads(f"[{deepest}, [], {{}}]") is not None
    with pytest.raises(AmbiguousError):
        loads(f"[[{deepest}], [], {{}}]")


def test_wide_is_not_deep() -> None:
    assert loads(f"[{','.join(['[]'] * 500)}]") == [[]] * 500
    assert loads(json.dumps({"says": "[{" * 500})) == {"says": "[{" * 500}


def test_depth_behind_something_shallow_is_found() -> None:
    with pytest.raises(AmbiguousError):
        loads(f'[1, "x", {{"a": {"[" * DEEPEST}{"]" * DEEPEST}}}]')


@pytest.mark.parametrize("text", ["", "{", "[1,]", "{'a': 1}", '{"a" 1}', "nope"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own
        loads(text)

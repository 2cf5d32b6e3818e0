"""What a directory in the cloud tells is fit to keep, and nothing odd makes somebody leave."""

from dataclasses import replace

import pytest

from adapters.directory.mended import LONGEST, SOME, mail, plain, settled, spoken, team
from nudges.directory import Entry

ANN = Entry("ann", email="ann@acme.example")
BOB = Entry("bob", email="bob@acme.example", manager="ann")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (None, ""),
        ("", ""),
        ("  Ann \t\n van  Dam ", "Ann van Dam"),
        ("=HYPERLINK()", "HYPERLINK()"),
        ("+ - @ = ann", "ann"),
        ("\uff1d\uff0b\uff0d\uff20ann", "ann"),
        ("\u200b=ann", "ann"),
        ("\u202eann\x00\x07", "ann"),
        ("a=b - c", "a=b - c"),
        ("Zoë 李", "Zoë 李"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * LONGEST),
        ("x" * (LONGEST - 1) + " y", "x" * (LONGEST - 1)),
    ],
)
def test_a_text_is_kept_without_what_harms(told: str | None, kept: str) -> None:
    assert plain(told) == kept


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (None, ""),
        ("", ""),
        (" Ann@acme.example ", "Ann@acme.example"),
        ("ann", ""),
        ("@acme.example", ""),
        ("ann@", ""),
        ("ann@acme@example", ""),
        ("ann dam@acme.example", ""),
        ("+ann@acme.example", ""),
        ("=ann@acme.example", ""),
        ("ann\u200b@acme.example", ""),
        (f"{'a' * 150}@{'b' * 49}", f"{'a' * 150}@{'b' * 49}"),
        (f"{'a' * 151}@acme.example", ""),
        (f"{'a' * 100}@{'b' * 149}", ""),
    ],
)
def test_an_address_is_kept_as_it_is_or_not_at_all(told: str | None, kept: str) -> None:
    assert mail(told) == kept


@pytest.mark.parametrize(
    ("department", "name"),
    [
        ("", ""),
        ("Sales", "Sales"),
        ("Sales/North", "Sales - North"),
        ("Sales / North\\Coast", "Sales - North - Coast"),
        ("/Sales", "Sales"),
        ("=Sales", "Sales"),
    ],
)
def test_a_department_is_one_team(department: str, name: str) -> None:
    assert team(department) == name


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("nl-BE", "nl"),
        ("nl_NL", "nl"),
        (" EN ", "en"),
        ("en-GB-oxendict", "en"),
        ("de-DE", ""),
        ("-nl", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_locale_is_a_language_that_we_speak(locale: str | None, language: str) -> None:
    assert spoken(locale) == language


def test_what_is_right_stays_as_it_is() -> None:
    found = settled(iter([ANN, BOB]), ["One page."])
    assert (found.entries, found.remarks, found.joins) == ([ANN, BOB], ("One page.",), True)
    assert not settled([ANN], [], joins=False).joins


def test_an_address_of_two_is_neithers() -> None:
    cas = Entry("cas", email="ANN@acme.example", manager="ann", job="rep")
    found = settled([ANN, BOB, cas], [])
    assert found.entries == [replace(ANN, email=""), BOB, replace(cas, email="")]
    assert found.remarks == (
        "2 share an e-mail with somebody, and are not known by it (ann, cas).",
    )


def test_no_address_is_not_shared() -> None:
    people = [Entry("ann"), Entry("bob")]
    found = settled(people, [])
    assert (found.entries, found.remarks) == (people, ())


@pytest.mark.parametrize("manager", ["gone", "bob"])
def test_a_manager_who_is_not_there_or_oneself_is_left_empty(manager: str) -> None:
    found = settled([ANN, replace(BOB, manager=manager)], [])
    assert found.entries == [ANN, replace(BOB, manager="")]
    assert found.remarks == ("1 have a manager who is not among these people: left empty (bob).",)


def test_a_circle_is_opened_in_one_place() -> None:
    cas = Entry("cas", manager="bob")
    found = settled([replace(ANN, manager="cas"), BOB, cas], [])
    assert found.entries == [ANN, BOB, cas]
    (said,) = found.remarks
    assert said.startswith("ann is their own manager: ann → cas → bob → ann")
    assert said.endswith("; their manager is left empty.")


@pytest.mark.parametrize(("many", "end"), [(SOME, ")."), (SOME + 1, ", …).")])
def test_some_are_named_and_all_are_counted(many: int, end: str) -> None:
    ids = [f"p{n}" for n in range(many)]
    found = settled([Entry(one, manager="gone") for one in reversed(ids)], ["One page."])
    assert found.remarks[0] == "One page."
    what = "have a manager who is not among these people: left empty"
    assert found.remarks[1] == f"{many} {what} ({', '.join(ids[:SOME])}{end}"

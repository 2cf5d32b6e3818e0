"""The tables of the CRM: ours are whole in every language, and a broken file says what to mend."""

from pathlib import Path

import pytest

from adapters.content.files import ContentError, load_library
from adapters.content.tables import load_tables
from dialogs.speech import languages

ONE = """
[[table]]
id = "acme_site"
collection = "acme_sites"
key = "acme_siteid"
name = "acme_name"
thing = { en = "site" }
search = ["acme_name"]
[[table.fact]]
id = "owner"
column = "_ownerid_value"
kind = "lookup"
asked.en = ["owner"]
"""
BROKEN = {
    "no table": ("[[tabel]]\n", "table: Field required"),
    "a lookup that is none": (ONE.replace("_ownerid_value", "ownerid"), "a lookup"),
    "a choice of a lookup": (ONE.replace('"lookup"', '"choice"'), "a lookup"),
    "a column with a query": (ONE.replace("_ownerid_value", "_a_value&$expand=x"), "pattern"),
    "a table with a path": (ONE.replace("acme_sites", "accounts(1)/x"), "pattern"),
    "a count of nothing": (ONE.replace('"lookup"', '"count"'), "related is missing"),
    "a count without need": (f'{ONE}\nrelated = "quotes"', "related is only for"),
    "a condition with more": (
        f"{ONE}".replace('"lookup"', '"count"').replace("_ownerid_value", "name")
        + 'related = "quotes"\nkey = "quoteid"\nby = "_customerid_value"\nwhere = "x/y eq 1"',
        "where",
    ),
    "a fact twice": (ONE + ONE[ONE.index("[[table.fact]]") :], "owner stands there twice"),
    "a kind nobody knows": (ONE.replace('"lookup"', '"picture"'), "kind"),
}


@pytest.mark.parametrize("language", languages())
def test_ours_are_whole_in_every_language(language: str) -> None:
    tables = load_tables()
    assert set(tables) == {"account", "contact", "opportunity", "lead", "incident"}
    for table in tables.values():
        assert table.thing[language]
        assert table.called[language]
        for fact in table.facts:
            assert fact.asked[language], (table.id, fact.id)
            assert not fact.label or fact.label[language]
            assert len(set(fact.asked[language])) == len(fact.asked[language])


def test_the_library_has_them() -> None:
    assert load_library().tables == load_tables()


def test_one_of_your_own_is_added(tmp_path: Path) -> None:
    (tmp_path / "crm-sites.toml").write_text(ONE)
    assert [*load_tables(tmp_path)][-1] == "acme_site"
    before = load_library()
    assert load_library(tmp_path).version != before.version


def test_yours_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "crm.toml").write_text(ONE)
    assert [*load_tables(tmp_path)] == ["acme_site"]


def test_a_table_stands_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "crm-a.toml").write_text(ONE)
    (tmp_path / "crm-b.toml").write_text(ONE)
    with pytest.raises(ContentError, match="acme_site stands"):
        load_tables(tmp_path)


@pytest.mark.parametrize(("text", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_says_what_to_mend(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "crm-own.toml").write_text(text)
    with pytest.raises(ContentError) as error:
        load_tables(tmp_path)
    assert "crm-own.toml" in str(error.value)
    assert said in str(error.value)

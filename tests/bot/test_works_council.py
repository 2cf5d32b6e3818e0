"""The works-council pack says what the program does: every table, field, role and threshold."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters.content.files import load_library
from adapters.store.retention import KEPT
from adapters.store.schema import metadata
from bot.cli import main
from bot.wiring.council import council_pack, house, written
from bot.works_council import markdown, page
from dialogs.speech import Speech, languages
from dialogs.works_council import THRESHOLDS, House, Pack, long, pack
from nudges import reception, release, retention
from nudges.retention import Keep
from nudges.roles import TABLE, Act, Role

LIBRARY = load_library()
NAMES = {"crm": "CRM", "goal": "the goal", "programme": "Customer First"}
PAPER = Path(__file__).parents[2] / "docs" / "retention.md"


def made(language: str, like: House | None = None) -> Pack:
    return pack(like or house(LIBRARY), written(), Speech(language, NAMES))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("how", [".md", ".html"])
def test_everything_the_program_goes_by_is_in_it(language: str, how: str, tmp_path: Path) -> None:
    out = tmp_path / f"pack{how}"
    done = CliRunner().invoke(main, ["works-council", "--lang", language, "--out", str(out)])
    assert done.exit_code == 0, done.output
    text, speech = out.read_text(encoding="utf-8"), Speech(language, NAMES)
    words = written()
    personal = {t.name: t for t in metadata.sorted_tables if "erased_by" in t.info}
    for name, table in personal.items():
        title, why = (
            one[language].replace("'", "&#x27;").replace('"', "&quot;")
            if how == ".html"
            else one[language]
            for one in words.tables[name]
        )
        assert title in text, name
        assert why in text, name
        for column in table.c:
            assert f"{column.name}: " in text, f"{name}.{column.name}"
    assert all(f" {key} " in text or f">{key}<" in text for key in LIBRARY.bank)
    assert all(speech.line(f"role.{role}") in text for role in Role)
    for act in Act:
        said = speech.line(f"council.act.{act}")
        assert said.replace("'", "&#x27;") in text or said in text, act
    assert all(speech.line(f"council.limit.{name}") in text for name in THRESHOLDS)


def test_what_is_written_is_about_what_there_is() -> None:
    words = written()
    personal = {t.name: t for t in metadata.sorted_tables if "erased_by" in t.info}
    fields = {c.name for table in personal.values() for c in table.c}
    assert set(words.tables) == set(personal), "kept.toml explains each table about people"
    assert set(words.fields) == fields, "kept.toml explains each field"
    for said in (*words.fields.values(), *(one for two in words.tables.values() for one in two)):
        assert set(said) == set(languages())
        assert all(one.strip() for one in said.values())


def test_a_table_a_field_or_a_threshold_that_nobody_explained_stops_it() -> None:
    real = house(LIBRARY)
    table = replace(
        real,
        tables={**real.tables, "moods": ("person",)},
        kept={**real.kept, "moods": Keep("here")},
    )
    field = replace(real, tables={**real.tables, "people": (*real.tables["people"], "mood")})
    limit = replace(real, thresholds={**real.thresholds, "mood": 3})
    for like, named in ((table, "moods"), (field, "mood"), (limit, "mood")):
        with pytest.raises(KeyError, match=named):
            made("en", like)


def test_a_new_role_and_a_raised_floor_are_in_it() -> None:
    real = house(LIBRARY)
    more = {**TABLE, Role.CHAMPION: frozenset({Act.ANSWER, Act.GRANT})}
    text = markdown(made("en", replace(real, roles=more)))
    line = next(one for one in text.splitlines() if one.lower().startswith("| champion"))
    assert "gives and takes roles" in line
    assert "| No number is about fewer people than | 12 |" in markdown(
        council_pack(LIBRARY, "en", 12)
    )
    assert "| No number is about fewer people than | 5 |" in markdown(
        council_pack(LIBRARY, "en", 2)
    )


def test_every_threshold_of_the_auditor_is_told() -> None:
    numbers = {
        (module.__name__, name): value
        for module in (release, retention)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int | float)
    }
    told = set(THRESHOLDS.values())
    spans = {retention.TOUCHES, retention.TOLD_DAYS, retention.YEAR, retention.ARRIVALS}
    assert {k for k, v in numbers.items() if v not in told | spans} == set()
    assert reception.COMMENTS in told
    assert spans <= {k.days for k in KEPT.values()} | {k.longer for k in KEPT.values()}


def test_what_people_write_begins_no_tag_and_no_column() -> None:
    real = house(LIBRARY)
    nasty = {key: {"en": "a <b>|c & d", "nl": "x"} for key in real.questions}
    one = made("en", replace(real, questions=nasty))
    assert "<b>" not in markdown(one)
    assert "&lt;b>\\|c &amp; d" in markdown(one)
    assert "a &lt;b&gt;|c &amp; d" in page(one)


def test_bad_input_is_refused_with_what_to_do(tmp_path: Path) -> None:
    run = CliRunner().invoke
    odd = run(main, ["works-council", "--lang", "en", "--out", str(tmp_path / "pack.docx")])
    assert (odd.exit_code, ".html" in odd.output) == (2, True)
    nowhere = str(tmp_path / "no" / "pack.md")
    assert run(main, ["works-council", "--lang", "nl", "--out", nowhere]).exit_code == 2


def test_the_paper_on_retention_says_the_same() -> None:
    words, speech = written(), Speech("en")
    rows = [
        f"| `{name}` | {words.tables[name][0]['en']} | {long(KEPT[name], speech)} |"
        for name in sorted(KEPT)
    ]
    there = [one for one in PAPER.read_text(encoding="utf-8").splitlines() if one[:3] == "| `"]
    assert there == rows, "docs/retention.md has this table, made from KEPT and kept.toml"

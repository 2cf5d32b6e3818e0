"""Content files: ours are whole, yours are layered over them, and broken ones are named."""

from pathlib import Path

import pytest

from adapters.content.files import ContentError, load_library, load_programme
from dialogs.speech import languages
from nudges.adkar import ELEMENTS
from nudges.programme import Reason

DEMO = Path("adapters/content/demo")
QUESTION = """
[[question]]
id = "X1"
element = "awareness"
en = "I see it."
about.en = "seeing it"
"""
FOLLOW_UP = """+++
element = "desire"
motivators = ["time"]
+++

# en: A title

Words about {crm}.
"""
BROKEN = {
    "no TOML": ("pulses/a.toml", "[[question]\nid=", "a.toml"),
    "unknown element": (
        "pulses/a.toml",
        QUESTION.replace("awareness", "hope"),
        "question.0.element",
    ),
    "misspelt key": ("pulses/a.toml", QUESTION + "revrsed = true\n", "revrsed"),
    "unknown slot": ("pulses/a.toml", QUESTION.replace("it.", "{nobody}."), "{nobody}"),
    "no words": ("pulses/a.toml", QUESTION.replace('en = "I see it."\n', ""), "has no words"),
    "id twice": ("pulses/a.toml", QUESTION.replace("X1", "A1"), "A1 stands in another file"),
    "id of a hostile shape": ("pulses/a.toml", QUESTION.replace("X1", "../x"), "question.0.id"),
    "no fences": ("follow_ups/a.md", "# en: A title\n\nWords.", "between two lines of +++"),
    "no title": ("follow_ups/a.md", FOLLOW_UP.replace("# en: A title", ""), "has no words"),
    "unknown motivator": ("follow_ups/a.md", FOLLOW_UP.replace("time", "fame"), "motivators"),
    "empty words": ("follow_ups/a.md", FOLLOW_UP.replace("Words about {crm}.", ""), "empty text"),
}


def test_our_own_content_speaks_every_language() -> None:
    library = load_library()
    for key, wording in library.wordings.items():
        assert set(wording.text) == set(wording.about) == set(languages()), key
    for key, story in library.stories.items():
        assert set(story.title) == set(story.body) == set(languages()), key
    assert {q.element for q in library.bank.values()} == set(ELEMENTS)


def test_the_demo_programme_says_why_in_every_language() -> None:
    programme = load_programme(DEMO / "programme.toml")
    for segment in programme.segments.values():
        assert set(segment.reasons) == set(Reason), segment.id
        for reason, words in segment.reasons.items():
            assert set(words) == set(languages()), (segment.id, reason)


def test_a_file_of_the_same_name_replaces_ours_and_others_are_added(tmp_path: Path) -> None:
    write(tmp_path, "follow_ups/desire-time.md", FOLLOW_UP)
    write(tmp_path, "pulses/own.toml", QUESTION)
    ours, layered = load_library(), load_library(tmp_path)
    assert layered.stories["desire-time"].title == {"en": "A title"}
    assert layered.stories.keys() == ours.stories.keys()
    assert layered.bank.keys() == ours.bank.keys() | {"X1"}
    assert layered.version != ours.version


@pytest.mark.parametrize(("name", "text", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_by_name(tmp_path: Path, name: str, text: str, said: str) -> None:
    write(tmp_path, name, text)
    with pytest.raises(ContentError) as refused:
        load_library(tmp_path)
    assert said in str(refused.value)
    assert Path(name).name in str(refused.value)


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path, "pulses/own.toml", "")
    (tmp_path / "pulses/own.toml").write_bytes(QUESTION.replace("see", "zie één").encode("cp1252"))
    with pytest.raises(ContentError, match="not UTF-8"):
        load_library(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="does not exist"):
        load_library(tmp_path / "nowhere")


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")

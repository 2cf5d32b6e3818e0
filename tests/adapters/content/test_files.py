"""Content files: ours are whole, yours are layered over them, and broken ones are named."""

from collections import Counter
from pathlib import Path

import pytest

from adapters.content.files import ContentError, load_library, load_programme
from dialogs.speech import languages
from nudges.activities import DOERS
from nudges.adkar import ELEMENTS, Element
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
ACTIVITY = """
[[activity]]
id = "x1"
role = "manager"
element = "desire"
rhythm = "weekly"
text.en = "Ask them about {crm}."
why.en = "They know."
"""
BROKEN = {
    "no role with activities": (
        "activities-own.toml",
        ACTIVITY.replace("manager", "author"),
        "activity.0.role",
    ),
    "unknown rhythm": (
        "activities-own.toml",
        ACTIVITY.replace("weekly", "daily"),
        "activity.0.rhythm",
    ),
    "unknown phase": ("activities.toml", ACTIVITY + 'phase = "never"\n', "activity.0.phase"),
    "activity twice": (
        "activities-own.toml",
        ACTIVITY.replace("x1", "manager-one-to-one"),
        "manager-one-to-one stands there twice",
    ),
    "activity with an unknown slot": (
        "activities.toml",
        ACTIVITY.replace("{crm}", "{boss}"),
        "{boss}",
    ),
    "activity without a why": (
        "activities.toml",
        ACTIVITY.replace('why.en = "They know."\n', ""),
        "activity.0.why",
    ),
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


def test_every_role_has_three_activities_for_every_element_in_every_phase_it_has() -> None:
    library = load_library()
    for deed in library.deeds.values():
        assert set(deed.text) == set(deed.why) == set(languages())
        for text in (*deed.text.values(), *deed.why.values()):
            assert 20 <= len(text) <= 240, text
    cells = Counter((a.role, a.element) for a in library.activities)
    assert set(cells) == {(role, element) for role in DOERS for element in ELEMENTS}
    assert min(cells.values()) >= 3
    assert len({w for d in library.deeds.values() for w in d.text.values()}) == 2 * len(
        library.deeds
    )
    early = [a for a in library.activities if a.element is Element.REINFORCEMENT]
    assert all(a.phase != "before" for a in early), "there is nothing to keep up yet"
    for role in DOERS:
        for phase in ("before", "calm", "after"):
            own = [a for a in library.activities if a.role is role and a.phase in {"any", phase}]
            assert len(own) >= 5, (role, phase)


def test_your_own_activities_are_added_or_replace_ours(tmp_path: Path) -> None:
    write(tmp_path, "activities-own.toml", ACTIVITY)
    ours, layered = load_library(), load_library(tmp_path)
    assert layered.deeds.keys() == ours.deeds.keys() | {"x1"}
    write(tmp_path, "activities.toml", ACTIVITY.replace("x1", "x2"))
    assert load_library(tmp_path).deeds.keys() == {"x1", "x2"}


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

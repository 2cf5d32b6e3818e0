"""The tips: ours are whole and short in every language, and a broken one is refused by name."""

from collections import Counter
from pathlib import Path

import pytest

from adapters.content import tips
from adapters.content.files import ContentError, load_library
from dialogs.rich import slots
from dialogs.speech import languages
from nudges.adkar import ELEMENTS, Element
from nudges.tips import ANSWERS, Tip
from tests.adapters.content.tips import tip, write

WHOLE = tip("one", "ability", jobs='"sales"', levels="1, 2", area="leads")
LONG = "x" * 401
BROKEN = {
    "unknown element": (WHOLE.replace('"ability"', '"hope"'), "element"),
    "misspelt key": (WHOLE.replace("jobs =", "job ="), "job"),
    "level that is none": (WHOLE.replace("1, 2", "1, 4"), "levels"),
    "no area": (WHOLE.replace('area = "leads"\n', ""), "area"),
    "area of a hostile shape": (WHOLE.replace('"leads"', '"../leads"'), "area"),
    "no why": (WHOLE.replace('[why]\nen = "Why one."\nnl = "Waarom one."\n', ""), "why"),
    "why in one language": (WHOLE.replace('nl = "Waarom one."\n', ""), "why is not written in nl"),
    "empty why": (WHOLE.replace("Waarom one.", " "), "empty text"),
    "one wrong answer": (WHOLE.replace(', "Wrong two one"', ""), "quiz.wrong.en"),
    "wrong answers in one language": (
        WHOLE.replace('nl = ["Fout een one", "Fout twee one"]\n', ""),
        "quiz.wrong is not written in nl",
    ),
    "question in a third": (
        WHOLE.replace('nl = "Vraag one?"', 'nl = "Vraag?"\nde = "Frage?"'),
        "quiz.question is written, and the title not, in de",
    ),
    "the same answer twice": (
        WHOLE.replace("Wrong one one", "RIGHT one "),
        "two answers of quiz are the same in en",
    ),
    "unknown slot": (WHOLE.replace("Why one.", "Why {boss}."), "{boss}"),
    "long title": (
        WHOLE.replace("Tip over one", "x" * 61),
        "title in nl has 61",
    ),
    "long text": (WHOLE.replace("Do one in", LONG), "text in en has"),
    "long answer": (WHOLE.replace("Right one", "x" * 76), "quiz.right in en has 76"),
    "no fence": (WHOLE.replace("+++", ""), "+++"),
    "no words": (WHOLE.split("# en")[0], "has no words"),
}


def test_a_tip_is_read(tmp_path: Path) -> None:
    library = load_library(write(tmp_path, one=WHOLE))
    jobs, levels = frozenset({"sales"}), frozenset({1, 2})
    assert library.tips["one"] == Tip("one", Element.ABILITY, jobs, levels, "leads")
    said = library.tip_words["one"]
    assert said.title == {"en": "Tip one", "nl": "Tip over one"}
    assert said.body == {"en": "Do one in {crm}.", "nl": "Doe one in {crm}."}
    assert [words["nl"] for words in (said.right, *said.wrong)] == [
        "Goed one",
        "Fout een one",
        "Fout twee one",
    ]


def test_a_tip_of_the_same_name_replaces_ours_and_changes_the_version(tmp_path: Path) -> None:
    first = load_library(write(tmp_path, one=WHOLE))
    again = load_library(write(tmp_path, one=WHOLE.replace("Why one", "Because"), two=WHOLE))
    assert again.tips.keys() == first.tips.keys() | {"two"}
    assert again.tip_words["one"].why["en"] == "Because."
    assert again.version != first.version


def test_an_organisation_may_write_in_its_own_language_alone(tmp_path: Path) -> None:
    head, _, dutch = WHOLE.partition("# en: Tip one\n\nDo one in {crm}.\n\n")
    only = "\n".join(line for line in head.splitlines() if not line.startswith("en ="))
    library = load_library(write(tmp_path, one=f"{only}\n{dutch}"))
    assert set(library.tip_words["one"].title) == {"nl"}


@pytest.mark.parametrize(("text", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_tip_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        load_library(write(tmp_path, one=text))
    assert said in str(refused.value)
    assert "one.md" in str(refused.value)


def test_our_own_tips_are_whole_short_and_many() -> None:
    library = load_library()
    assert len(library.tips) >= 60
    for key, said in library.tip_words.items():
        parts = (
            (said.title, tips.TITLE),
            (said.body, tips.BODY),
            (said.why, tips.WHY),
            (said.question, tips.QUESTION),
            *((words, tips.ANSWER) for words in (said.right, *said.wrong)),
        )
        assert len((said.right, *said.wrong)) == ANSWERS
        for words, most in parts:
            assert set(words) == set(languages()), key
            assert all(0 < len(text) <= most for text in words.values()), key
            assert not {s for t in words.values() for s in slots(t)} - {"crm", "programme", "goal"}
    assert {t.element for t in library.tips.values()} == set(ELEMENTS)
    assert min(Counter(t.element for t in library.tips.values()).values()) >= 5
    for language in languages():
        titles = [said.title[language] for said in library.tip_words.values()]
        assert len(titles) == len(set(titles)), "no two tips are called the same"

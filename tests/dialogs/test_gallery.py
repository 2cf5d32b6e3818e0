"""The gallery shows every card and form there is, and none of them is too long for a phone."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from pydantic import ValidationError

from dialogs import gallery, notes
from dialogs.card import (
    BUTTONS_A_ROW,
    Button,
    Card,
    ChoiceField,
    Facts,
    Form,
    Link,
    Paragraph,
    Row,
    TextField,
)
from dialogs.picture import Picture, written
from dialogs.rich import Span, words
from dialogs.speech import languages
from nudges.delivery import Note
from tests.cases import case

LONGEST_TITLE, LONGEST_LABEL = 60, 30
LONGEST_OPTION, LONGEST_FIELD = 75, 75
"""Beyond these Slack cuts an option's or a field's words off."""
ALL = gallery.CARDS | gallery.FORMS
CARD_CLASSES = get_args(notes.SharedNote) + get_args(notes.PersonalNote)
FORM_CLASSES = get_args(notes.FormNote)
MARKS = re.compile(r"\{[a-z_]*\}|\*\*|\bNone\b|<[a-z!@]")
"""What should have been filled in or read; the made-up name is left out before looking."""


def card(name: str, language: str) -> Card:
    return notes.draw(gallery.CARDS[name], gallery.sample(language))


def form(name: str, language: str) -> Form:
    return notes.draw_form(gallery.FORMS[name], gallery.sample(language))


def texts(of: Card | Form) -> Iterator[str]:
    """Yield everything a card or form says."""
    yield of.title
    if isinstance(of, Form):
        yield from (of.lead, of.submit, of.cancel, *(f.label for f in of.fields))
        for field in of.fields:
            if isinstance(field, ChoiceField):
                yield from (o.label for o in field.options)
            if isinstance(field, TextField):
                yield field.hint  # what stands in it is somebody's own, marks included
        return
    for block in of.body:
        match block:
            case Paragraph(text):
                yield words(text)
            case Facts(rows):
                yield from (part for row in rows for part in row)
            case Row(buttons):
                yield from (b.label for b in buttons)
                yield from (b.hint for b in buttons if isinstance(b, Button))
            case Picture():
                yield from (block.alt, words(written(block)))
            case _:
                pass


def rows(of: Card) -> list[tuple[Button | Link, ...]]:
    return [block.buttons for block in of.body if isinstance(block, Row)]


class TestCompleteness:
    @pytest.mark.parametrize("kind", CARD_CLASSES, ids=lambda c: c.__name__)
    def test_every_card_has_an_example(self, kind: type[Note]) -> None:
        assert any(type(note) is kind for note in gallery.CARDS.values())

    @pytest.mark.parametrize("kind", FORM_CLASSES, ids=lambda c: c.__name__)
    def test_every_form_has_an_example(self, kind: type[Note]) -> None:
        assert any(type(note) is kind for note in gallery.FORMS.values())

    def test_every_note_there_is_stands_in_a_union(self) -> None:
        assert set(_all_notes(Note)) == {*CARD_CLASSES, *FORM_CLASSES}

    @pytest.mark.parametrize("kind", CARD_CLASSES, ids=lambda c: c.__name__)
    def test_every_choice_of_words_has_an_example(self, kind: type[Note]) -> None:
        """Show each value of a note's Literal fields, for each has a sentence of its own."""
        for name, hint in get_type_hints(kind).items():
            wanted = set(_literals(hint))
            shown = {getattr(n, name) for n in gallery.CARDS.values() if type(n) is kind}
            assert wanted <= shown, name

    def test_card_names_are_each_used_by_one_class(self) -> None:
        names = Counter(_card_name(kind) for kind in (*CARD_CLASSES, *FORM_CLASSES))
        assert set(names.values()) == {1}

    @pytest.mark.parametrize("language", languages())
    def test_the_gallery_yields_them_all(self, language: str) -> None:
        assert [name for name, _ in gallery.cards(language)] == list(gallery.CARDS)
        assert [name for name, _ in gallery.forms(language)] == list(gallery.FORMS)


def _all_notes(kind: type[Note]) -> Iterator[type[Note]]:
    for sub in kind.__subclasses__():
        if sub.__module__.startswith(("dialogs.", "nudges.")) and sub.__slots__:
            yield sub
        yield from _all_notes(sub)


def _literals(hint: object) -> tuple[Any, ...]:
    if get_origin(hint) in {Union, UnionType}:
        return tuple(v for part in get_args(hint) for v in _literals(part))
    values = get_args(hint)
    return values if values and all(isinstance(v, str) for v in values) else ()


def _card_name(kind: type[Note]) -> str:
    return get_args(get_type_hints(kind)["card"])[0]


class TestKeeping:
    def test_a_note_survives_the_store(self) -> None:
        for name in ALL:
            with case(name):
                note = ALL[name]
                again = notes.load(json.loads(json.dumps(notes.dump(note))))
                assert again == note
                assert type(again) is type(note)
                assert hash(again) == hash(note)

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"card": "no such card"},
            {"card": "pulse"},
            {"card": "quiet", "how": "loudly"},
            {"card": "thanks", "pulse": "p", "questions": [], "then": "party"},
        ],
        ids=["empty", "unknown", "incomplete", "unknown word", "unknown choice"],
    )
    def test_what_we_do_not_know_is_refused(self, data: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            notes.load(data)

    def test_a_card_is_no_form_and_a_form_no_card(self) -> None:
        context = gallery.sample("en")
        with pytest.raises(TypeError, match="is a form"):
            notes.draw(gallery.FORMS["tell-form"], context)
        with pytest.raises(TypeError, match="is a card"):
            notes.draw_form(gallery.CARDS["help"], context)


@pytest.mark.parametrize("language", languages())
class TestCards:
    def test_title(self, language: str) -> None:
        for name in gallery.CARDS:
            with case(name):
                assert 1 <= len(card(name, language).title) <= LONGEST_TITLE

    def test_rows_of_short_buttons(self, language: str) -> None:
        for name in gallery.CARDS:
            with case(name):
                for row in rows(card(name, language)):
                    assert 1 <= len(row) <= BUTTONS_A_ROW
                    assert all(1 <= len(button.label) <= LONGEST_LABEL for button in row)

    def test_no_two_buttons_do_or_say_the_same(self, language: str) -> None:
        for name in gallery.CARDS:
            with case(name):
                buttons = [
                    b for row in rows(card(name, language)) for b in row if isinstance(b, Button)
                ]
                assert len({b.tap for b in buttons}) == len(buttons)
                assert len({b.label for b in buttons}) == len(buttons)
                assert sum(b.look == "primary" for b in buttons) <= 1

    def test_everything_is_filled_in(self, language: str) -> None:
        for name in gallery.CARDS:
            with case(name):
                _filled_in(texts(card(name, language)), language)

    def test_says_something_in_one_line(self, language: str) -> None:
        for name in gallery.CARDS:
            with case(name):
                shown = card(name, language)
                assert shown.summary.startswith(shown.notice or shown.title)
                assert shown.notice or len(shown.summary) > len(shown.title)

    def test_draws_the_same_again(self, language: str) -> None:
        for name in gallery.CARDS:
            with case(name):
                assert card(name, language) == card(name, language)


@pytest.mark.parametrize("language", languages())
class TestForms:
    def test_short_enough(self, language: str) -> None:
        for name in gallery.FORMS:
            with case(name):
                shown = form(name, language)
                assert 1 <= len(shown.title) <= 24, "Slack shows no more of a modal's title"
                assert all(1 <= len(b) <= 24 for b in (shown.submit, shown.cancel))
                for field in shown.fields:
                    assert 1 <= len(field.label) <= LONGEST_FIELD
                    if isinstance(field, ChoiceField):
                        assert all(1 <= len(o.label) <= LONGEST_OPTION for o in field.options)

    def test_fields_have_names_of_their_own_and_choices_that_exist(self, language: str) -> None:
        for name in gallery.FORMS:
            with case(name):
                shown = form(name, language)
                assert len({f.name for f in shown.fields}) == len(shown.fields)
                for field in shown.fields:
                    if isinstance(field, ChoiceField):
                        values = [o.value for o in field.options]
                        assert len(set(values)) == len(values)
                        assert set(field.value) <= set(values)
                        assert field.several or len(field.value) <= 1

    def test_everything_is_filled_in(self, language: str) -> None:
        for name in gallery.FORMS:
            with case(name):
                _filled_in(texts(form(name, language)), language)


def _filled_in(said: Iterable[str], language: str) -> None:
    made_up = gallery.sample(language).person.name
    for text in said:
        left = text.replace(made_up, "").replace(made_up.split(" ", maxsplit=1)[0], "")
        assert not MARKS.search(left), text


@pytest.mark.parametrize("language", languages())
class TestPromises:
    def test_confidential_stands_before_the_first_question(self, language: str) -> None:
        opening = card("welcome", language)
        bold = [s for b in opening.body if isinstance(b, Paragraph) for s in b.text if s.bold]
        assert bold == [
            Span(
                {
                    "en": "Confidential, not anonymous.",
                    "nl": "Vertrouwelijk, niet anoniem.",
                }[language],
                bold=True,
            )
        ]

    def test_only_what_someone_asks_for_themselves_shows_a_score(self, language: str) -> None:
        score = re.compile(r"\b[1-5][.,]\d\b")
        shown = {
            name
            for name in gallery.CARDS
            if any(score.search(text) for text in texts(card(name, language)))
        }
        assert shown == {"mine"}

    def test_a_follow_up_says_why_and_how_to_be_left_alone(self, language: str) -> None:
        because = {"en": "getting time for it", "nl": "de tijd die je ervoor krijgt"}[language]
        for name in ("follow-up", "why-this"):
            assert any(because in text for text in texts(card(name, language))), name
        verbs = {
            b.tap.verb
            for r in rows(card("follow-up", language))
            for b in r
            if isinstance(b, Button)
        }
        assert {"follow_up.snooze", "follow_up.wrong"} <= verbs
        outs = {
            b.tap.choice
            for r in rows(card("why-this", language))
            for b in r
            if isinstance(b, Button)
        }
        assert {"settings", "pause", "stop"} <= outs

    def test_the_languages_differ(self, language: str) -> None:
        other = next(code for code in languages() if code != language)
        same = [n for n in gallery.CARDS if card(n, language) == card(n, other)]
        assert same == ["test"], "which is in the language that its author asks for"

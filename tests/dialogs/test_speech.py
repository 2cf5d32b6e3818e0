"""Every sentence in every language: none missing, none left over, the same slots in each."""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from babel.messages.pofile import read_po

import dialogs
from bot import about
from dialogs import (
    commands,
    guide,
    introduction,
    permissions,
    preferences,
    progress,
    pulse,
    reasons,
    welcome,
)
from dialogs.authoring import HANDED_IN
from dialogs.broadcasting import OUTCOMES
from dialogs.champions import ChampionNote, PutForwardNote
from dialogs.find_notes import NoRecord
from dialogs.follow_up import NotedNote, WhyThisNote
from dialogs.for_team import ForTeamNote
from dialogs.judging import JudgedNote
from dialogs.linter import Part
from dialogs.reader import speech
from dialogs.rich import Span, slots, words
from dialogs.speech import FALLBACK, LOCALES, Speech, best, catalogue, chosen, languages
from dialogs.stories import StoryGoneNote, StoryKeptNote
from dialogs.tips import TipResultNote
from dialogs.training_notes import TrainedNote
from nudges import health
from nudges.activities import DOERS, Sum, TickState
from nudges.adkar import ELEMENTS, HIGHEST, LOWEST, Kind
from nudges.authoring import Obstacle
from nudges.belief import BELIEFS, Why
from nudges.broadcast import Stage
from nudges.champions import AREAS, ChampionKind
from nudges.digest import Kind as KindOfNumber
from nudges.digest import Movement, View
from nudges.health import Principle
from nudges.people import Motivator, Recognition
from nudges.phases import KINDS as KINDS_OF_BROADCAST
from nudges.programme import KINDS, LEVELS, Outcome, Programme, Reason
from nudges.progress import Phase
from nudges.question_report import LinkTrouble
from nudges.reception import How
from nudges.reception import Verdict as ReceptionVerdict
from nudges.stories import Consent
from nudges.tips import Why as WhyTip
from nudges.training import USEFUL, State
from nudges.verdict import Reached, Verdict
from nudges.wording import WRONGS
from tests.cases import case
from tests.dialogs.families_of_privacy import PRIVACY_FAMILIES
from tests.dialogs.families_of_use import USE_FAMILIES
from tests.dialogs.families_of_voice import VOICE_FAMILIES

HOUSE = Path(dialogs.__file__).parents[1]
PLACES = ("dialogs", "bot", "adapters/api")
CODE = [path for place in PLACES for path in sorted((HOUSE / place).rglob("*.py"))]
NAMES = frozenset({"crm", "programme", "goal"})
"""Slots that are filled with the organisation's own names wherever they stand."""
ANSWERS = (*map(str, range(LOWEST, HIGHEST + 1)), *pulse.STANCES, pulse.SKIP, pulse.NOT_APPLICABLE)
SHARED = {
    *("sender.other", "draft.todo.in", "draft.sender", "draft.next.why", "replies.one", "stage.by"),
    *("overview.title", "write.kind.training", "article.step", "choices.one", "record.open"),
    *("overview.title", "write.kind.training", "training.when", "training.one"),
    "training_desk.state.open",
    *("counted.records", "competition.one", "competition.place", "merit.one"),
    *("measure.line", "use_linked.who", "use_linked.document"),
    *("log.line", "log.line.whom", "log.about.champion", "button.privacy"),
    "in_crm.place",
    *("digest.barriers.alt", "digest.level"),
    "system.name",
    *("voice.open.n", "voice.yours", "voice.listed", "voice.kind.feedback", "voice.said_by"),
    "button.feedback",
    *("about.privacy.title", "language.en", "language.nl", "noted.snooze.title"),
    *("role.sponsor", "role.champion", "role.privacy_officer", "desk.field.in"),
    *("area.marketing", "area.service", "discipline.business", "health.heading"),
    *("doers.champion", "doers.sponsor", "succession.team"),
    *("questions.one", "questions.proposal", "question_report.link"),
}
"""Sentences that happen to be the same in another language."""
SCALES = [kind for kind in get_args(Kind) if kind != "stance"]
ERROR = re.compile(r"[a-z_]+\.error\.[a-z_]+")
"""What is wrong with a form is passed on as a key and said later."""
COMMAND_BUTTONS = "command"
"""The function that draws the button of a command; its second argument ends the key."""


def _values(note: type, name: str) -> tuple[str, ...]:
    return get_args(get_type_hints(note)[name])


DESK_FORMS = {"purpose", "labels", "outcome", "month", "basics", "reasons", "goals", "roadmap"}
REFERRALS = {"looking", "champion", "passed", "team", "answered", "withdrawn"}
HANDED = {"waits", "late", "team", "again", "passed", "thanks", "faster", "withdrawn", "over"}
FAMILIES: Mapping[str, set[str]] = {
    "approve.deputy.*": {"away", "silent"},
    "approve.from.*": {"mornings", "at_once"},
    "approve.soon.*": {"mornings", "at_once"},
    "broadcasts.*": {"drafts", "templates"},
    "draft.todo.*": set(get_args(Obstacle)),
    "handed_in.*": set(HANDED_IN),
    "stage.*": set(Stage),
    "write.kind.*": set(KINDS_OF_BROADCAST),
    "write.acknowledge.*": {"yes", "no"},
    "write.how.*": {"mornings", "at_once"},
    "write.*": {"title", "body", "label"},
    "agreed.*": {"yes", "no"},
    "agreed.*.title": {"yes.title", "no.title"},
    "panel_thanks.*": {"said", "not"},
    "panel_thanks.*.title": {"said.title", "not.title"},
    "broadcast.back.*": {"named", "nameless"},
    "belief.*": set(BELIEFS),
    "sender.why.*": set(get_args(Why)),
    "silence.title.*": {"amber", "red"},
    "silence.why.*": {"amber", "red"},
    "silence.proposal.*": {"amber", "red"},
    "broadcast.error.*": set(WRONGS),
    "outcome.*.*": {f"{how}.{whom}" for how in OUTCOMES for whom in ("asked", "author")},
    "outcome.*.title": {f"{how}.title" for how in OUTCOMES},
    "progress.*": {"later", "until", "message", "corrects"},
    "progress.button.*": {"pause", "resume", "stop", "recall"},
    "progress.count.*": {*progress.ALWAYS, *progress.SOMETIMES, "returned", "returning"},
    "progress.title.*": set(get_args(Phase)),
    "progress.yes.*": {"stop", "recall"},
    "wrote_back.*": {"named", "nameless"},
    "reception.why.*": {"choice", "words"},
    "referral.*": REFERRALS,
    "referral.*.title": {f"{where}.title" for where in REFERRALS},
    "handed.*": HANDED,
    "handed.*.title": {f"{how}.title" for how in HANDED},
    "question_report.*": {"stale", "doubted"},
    "link.*": set(get_args(LinkTrouble)),
    "no_record.*": set(get_args(NoRecord)),
    "checked.*": set(get_args(How)),
    "checked.*.title": {f"{how}.title" for how in get_args(How)},
    "received.*": set(get_args(ReceptionVerdict)),
    "received.nearly.*": {"all", "none"},
    "lint.label.*": set(Part),
    "lint.missing.*": set(Part),
    "language.*": set(languages()),
    "typed.*": {*commands.COMMANDS, *ANSWERS},
    "motivator.*": set(Motivator),
    "recognition.*": set(Recognition),
    "element.*": set(ELEMENTS),
    "day.*": {str(day) for day in preferences.DAY_NAMES},
    "pause.*": set(preferences.PAUSES),
    "stance.*": set(pulse.STANCES),
    "scale.*": set(SCALES),
    "scale.*.*": {f"{kind}.{n}" for kind in SCALES for n in range(LOWEST, HIGHEST + 1)},
    "thanks.*": set(_values(pulse.ThanksNote, "then")),
    "noted.*": set(_values(NotedNote, "how")),
    "noted.*.title": {f"{how}.title" for how in _values(NotedNote, "how")},
    "quiet.*": set(_values(preferences.QuietNote, "how")),
    "quiet.*.title": {f"{how}.title" for how in _values(preferences.QuietNote, "how")},
    "role.*": {str(role) for role in permissions.GIVEN},
    "roles.*": {"give", "take"},
    "roles.lead.*": {"give", "take"},
    "level.*": {*(str(n) for n in LEVELS), "warning", "lost"},
    "desk.*": {"keep", "remove"},
    "training.mark.*": set(State),
    "training.state.*": set(State),
    "training.useful.*": set(USEFUL),
    "training.there.*": {"yes", "no"},
    "training.open.*": {"yes", "no"},
    "training.field.*": {"title", "why"},
    "trained.*": set(_values(TrainedNote, "how")),
    "trained.*.title": {f"{how}.title" for how in _values(TrainedNote, "how")},
    "training_desk.state.*": set(State),
    "training_desk.*": {"edit", "cancel", "sure", "keep", "attendance", "all"},
    "desk.kind.*": set(KINDS),
    "desk.reason.*": set(Reason),
    "desk.form.*": DESK_FORMS,
    "desk.lead.*": DESK_FORMS,
    "desk.field.*": {
        *("name", "purpose", "celebration", "baseline", "target"),
        *(f"{what}{n}" for what in ("level", "goal") for n in LEVELS),
    },
    "button.*": set(guide.FOR_A_ROLE),
    "help.*": {*guide.HELPED, *guide.FOR_A_ROLE},
    "as.*": set(DOERS),
    "doers.*": set(DOERS),
    "for_team.*": set(_values(ForTeamNote, "whom")),
    "ticked.*": set(get_args(TickState)),
    "ticked.*.title": {f"{how}.title" for how in get_args(TickState)},
    "activity_sum.*": set(_values(Sum, "how")),
    "health.*": set(Principle),
    "health.state.*": set(get_args(health.State)),
    "health.*.evidence": {f"{p}.evidence" for p in Principle},
    "health.*.*": {f"{p}.{s}" for p in Principle for s in get_args(health.State)},
    "discipline.*": set(health.DISCIPLINES),
    "digest.title.*": set(get_args(View)),
    "digest.never.*": set(get_args(View)),
    "digest.never.*.title": {f"{view}.title" for view in get_args(View)},
    "digest.barriers.*": set(get_args(View)),
    "digest.kind.*": set(get_args(KindOfNumber)),
    "digest.moved.*": set(get_args(Movement)),
    "digest.bar.*": set(get_args(Movement)),
    "digest.of.*": {"own", "together"},
    "digest.action.*": set(ELEMENTS),
    "digest.missing.*": {"few", "unchanged", "gap"},
    "digest.said.*": {"done", "later"},
    "put_forward.*": set(_values(PutForwardNote, "how")),
    "put_forward.*.title": {f"{how}.title" for how in _values(PutForwardNote, "how")},
    "champion.*": set(_values(ChampionNote, "how")),
    "champion.*.title": {f"{how}.title" for how in _values(ChampionNote, "how")},
    "champion.kind.*": set(ChampionKind),
    "area.*": set(AREAS),
    "succession.*": {"champion", "sponsor"},
    "succession.*.title": {"champion.title", "sponsor.title"},
    "succession.*.others": {"champion.others", "sponsor.others"},
    "tell.*": set(welcome.TOLD),
    "why.*": set(reasons.SHOWN),
    "settings.*": {
        *("language", "start", "end", "pace", "motivator", "recognition", "preferred"),
        *("away", "paused"),
    },
    "settings.pace.*": {"normal", "fewer"},
    "does.*": {name for name in commands.COMMANDS if name not in introduction.UNLISTED},
    "why_this.*": set(_values(WhyThisNote, "moment")) - {""},
    "tip.because.*": set(get_args(WhyTip)) - {"read"},
    "tip.said.*": {"yes", "no"},
    "tip.topic.*": set(ELEMENTS),
    "tip_result.*": set(_values(TipResultNote, "how")),
    "tip_result.*.title": {f"{how}.title" for how in _values(TipResultNote, "how")},
    "story.consent.*": set(Consent),
    "story.kept.*": set(_values(StoryKeptNote, "consent")),
    "story.gone.*": set(_values(StoryGoneNote, "how")),
    "judged.*": set(_values(JudgedNote, "how")),
    "verdict.all.*": set(Verdict),
    "verdict.one.*": set(Reached),
    "verdict.next.*": set(Reached),
    **USE_FAMILIES,
    **PRIVACY_FAMILIES,
    **VOICE_FAMILIES,
    "about.*": set(about.PARTS),
    "about.*.title": {f"{part}.title" for part in about.PARTS},
}
"""Keys that are built while the program runs: the pattern in the code, and all it may become."""


@cache
def messages(language: str) -> dict[str, str]:
    """Read a catalogue as it is written."""
    with (LOCALES / language / "LC_MESSAGES" / "wayfinder.po").open("rb") as source:
        read = read_po(source, locale=language, abort_invalid=True)
    return {str(m.id): str(m.string) for m in read if m.id}


def _speaks(call: ast.Call) -> ast.expr | None:
    """Return the key that a call asks the catalogue for."""
    match call.func:
        case ast.Name("speech" | "voice") | ast.Attribute(attr="speech"):
            found = call.args[0] if len(call.args) == 1 else None
        case ast.Attribute(
            ast.Name("figures") | ast.Attribute(attr="figures" | "_figures"), "count"
        ):
            found = None  # a figure for whoever watches
        case ast.Attribute(attr="line" | "count" | "gettext"):
            found = call.args[0] if call.args else None
        case _:
            found = None
    return found


def _written(node: ast.expr, scope: ast.AST) -> Iterator[str]:
    """Yield the keys an expression may become; what is filled in later is a star."""
    match node:
        case ast.Constant(str(key)):
            yield key
        case ast.JoinedStr(parts):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from _written(one, scope)
            yield from _written(other, scope)
        case ast.Name(name):
            for found in ast.walk(scope):
                if isinstance(found, ast.Assign) and any(
                    isinstance(t, ast.Name) and t.id == name for t in found.targets
                ):
                    yield from _written(found.value, scope)
        case _:
            pass


def _asked_by(call: ast.Call, scope: ast.AST) -> Iterator[str]:
    if isinstance(call.func, ast.Name) and call.func.id == COMMAND_BUTTONS:
        yield from (f"button.{key}" for key in _written(call.args[1], scope))
    elif key := _speaks(call):
        yield from _written(key, scope)


def asked_for() -> Iterator[tuple[str, str]]:
    """Yield every key that the code asks for, with where it does."""
    for path in CODE:
        where = path.relative_to(HOUSE)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and ERROR.fullmatch(str(node.value)):
                yield str(node.value), f"{where}:{node.lineno}"
        for scope in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            for call in (n for n in ast.walk(scope) if isinstance(n, ast.Call)):
                yield from ((key, f"{where}:{call.lineno}") for key in _asked_by(call, scope))


ASKED = dict(asked_for())
EXPANDED = {
    key: f"{where} ({pattern})"
    for pattern, where in ASKED.items()
    for key in (
        {f"{pattern.split('*', maxsplit=1)[0]}{end}" for end in FAMILIES.get(pattern, ())}
        if "*" in pattern
        else {pattern}
    )
}


class TestKeys:
    def test_the_code_asks_for_many(self) -> None:
        assert len(EXPANDED) > 150, "the reading of the code has become blind"

    def test_every_pattern_in_the_code_is_declared_and_every_declared_one_is_in_the_code(
        self,
    ) -> None:
        patterns = {key for key in ASKED if "*" in key}
        assert patterns == set(FAMILIES)

    @pytest.mark.parametrize("language", languages())
    def test_none_is_missing(self, language: str) -> None:
        there = messages(language)
        assert {k: where for k, where in EXPANDED.items() if k not in there} == {}

    @pytest.mark.parametrize("language", languages())
    def test_none_is_left_over(self, language: str) -> None:
        assert sorted(set(messages(language)) - set(EXPANDED)) == []


class TestLanguages:
    def test_both_are_here(self) -> None:
        assert {"en", "nl"} <= set(languages())
        assert FALLBACK in languages()

    @pytest.mark.parametrize("language", languages())
    def test_same_keys_in_the_same_order(self, language: str) -> None:
        assert list(messages(language)) == list(messages(FALLBACK))

    @pytest.mark.parametrize("language", languages())
    def test_said_with_the_same_slots_and_emphasis(self, language: str) -> None:
        for key in messages(FALLBACK):
            with case(key):
                text, ours = messages(language)[key], messages(FALLBACK)[key]
                assert text.strip() == text
                assert text
                assert "  " not in text
                assert slots(text) == slots(ours)
                assert text.count("**") == ours.count("**")
                assert text.count("**") % 2 == 0
                assert re.sub(r"\{[a-z_]+\}", "", text).count("{") == 0, "a slot that is none"

    @pytest.mark.parametrize("language", languages())
    def test_hardly_anything_is_the_same_in_two(self, language: str) -> None:
        if language == FALLBACK:
            return
        here, ours = messages(language), messages(FALLBACK)
        same = {key for key in here if here[key] == ours[key] and re.search(r"[a-z]{3}", here[key])}
        assert same <= SHARED


class TestTypedAnswers:
    """What is typed to an open question must not be taken for a command, nor for another answer."""

    def _words(self, of: str) -> set[str]:
        return {
            commands.simple(word)
            for language in languages()
            for word in catalogue(language).gettext(f"typed.{of}").split(", ")
        }

    @pytest.mark.parametrize("answer", ANSWERS)
    def test_no_answer_hides_a_command(self, answer: str) -> None:
        assert self._words(answer).isdisjoint(commands.names())

    @pytest.mark.parametrize(
        "offered",
        [(*"12345", "skip", "na"), (*pulse.STANCES, "skip", "na")],
        ids=["scale", "stance"],
    )
    def test_no_word_means_two_answers(self, offered: tuple[str, ...]) -> None:
        said = [word for answer in offered for word in self._words(answer)]
        assert len(said) == len(set(said))


PROGRAMME = Programme(
    {"en": "Customer First", "nl": "Klant Centraal"},
    crm="Dynamics",
    outcomes=(Outcome({"en": "Quotes sent from {crm}"}, "%", 60, 90),),
)


class TestSpeaking:
    def test_a_key_that_is_not_there_is_a_fault_of_ours(self) -> None:
        with pytest.raises(KeyError, match=r"no\.such\.key"):
            Speech("en").line("no.such.key")

    def test_a_slot_without_a_value_is_a_fault_of_ours(self) -> None:
        with pytest.raises(KeyError, match="name"):
            Speech("en", {"crm": "Dynamics"}).line("welcome.hello")

    @pytest.mark.parametrize("language", languages())
    def test_values_are_inert(self, language: str) -> None:
        evil = "**x** {crm} <!channel>"
        said = Speech(language, {"crm": "Dynamics"})("welcome.hello", name=evil)
        assert evil in words(said)
        assert all(not span.bold for span in said)

    def test_the_organisations_names_are_inert_too(self) -> None:
        said = Speech("en", {"crm": "*C* **R** {m}"})("tell.expect")
        assert said == (Span("What do you expect of "), Span("*C* **R** {m}"), Span("?"))

    def test_our_names_are_in_the_voice(self) -> None:
        voice = speech("nl-BE", PROGRAMME)
        assert voice.language == "nl"
        assert dict(voice.names) == {
            "crm": "Dynamics",
            "programme": "Klant Centraal",
            "goal": "Quotes sent from Dynamics",
        }
        plain = speech("en", Programme({"en": "P"}, crm="C"))
        assert plain.names["goal"] == "C", "without an outcome the goal is the CRM itself"

    def test_the_name_of_a_programme_may_name_the_crm(self) -> None:
        assert speech("en", Programme({"en": "All in {crm}"}, crm="C")).names == {
            "crm": "C",
            "programme": "All in C",
            "goal": "C",
        }

    def test_own_words_keep_what_we_cannot_fill(self) -> None:
        voice = Speech("en", {"crm": "C"})
        assert voice.own({"en": "a {crm} **b** {other}"}) == (
            Span("a "),
            Span("C "),
            Span("b ", bold=True),
            Span("{other}"),
        )

    @pytest.mark.parametrize(
        ("text", "language", "said"),
        [
            ({"en": "a", "nl": "b"}, "nl", "b"),
            ({"en": "a"}, "nl", "a"),
            ({"de": "c"}, "nl", "c"),
            ({"nl": "", "en": "a"}, "nl", "a"),
            ({}, "nl", ""),
        ],
    )
    def test_where_only_another_language_was_written(
        self, text: dict[str, str], language: str, said: str
    ) -> None:
        assert chosen(text, language) == said

    @pytest.mark.parametrize(
        ("wanted", "spoken"),
        [
            ("nl", "nl"),
            ("nl-BE", "nl"),
            ("NL_nl", "nl"),
            (" nl ", "nl"),
            ("en-GB", "en"),
            ("de-DE", "en"),
            ("", "en"),
            ("nld", "en"),
            ("../nl", "en"),
        ],
    )
    def test_the_best_language_for_what_a_client_asks(self, wanted: str, spoken: str) -> None:
        assert best(wanted) == spoken

    def test_days_and_moments(self) -> None:
        assert Speech("en").day(date(2026, 11, 3)) == "Tuesday 3 November"
        assert Speech("nl").day(date(2026, 11, 3)) == "dinsdag 3 november"
        at = datetime(2026, 11, 3, 9, 5, tzinfo=UTC)
        assert Speech("en").moment(at) == "Tuesday 3 November 09:05"
        assert Speech("nl").moment(at) == "dinsdag 3 november 09:05"

    @pytest.mark.parametrize("language", languages())
    def test_every_reason_has_a_heading(self, language: str) -> None:
        assert {Speech(language).line(f"why.{reason}") for reason in Reason}

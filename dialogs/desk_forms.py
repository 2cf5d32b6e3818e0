"""The forms of the programme desk: what each asks, and what becomes of what was written.

A group of people gets no day to start while nobody has written what is in it for them: then the
honest advice is to stop.
"""

import re
from collections.abc import Mapping
from datetime import date

from dialogs.card import ChoiceField, DateField, Field, Form, Option, Tap, TextField
from dialogs.desk_notes import (
    DeskNote,
    DeskOutcomesNote,
    DeskSegmentNote,
    GoalsForm,
    LabelsForm,
    MonthForm,
    OutcomeForm,
    PurposeForm,
    ReasonsForm,
    RoadmapForm,
    SegmentForm,
)
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import Speech, languages
from dialogs.turns import Step
from nudges.delivery import Note
from nudges.edits import (
    OUTCOMES,
    Edit,
    GoalsEdit,
    LabelsEdit,
    MonthEdit,
    OutcomeEdit,
    PurposeEdit,
    ReasonsEdit,
    RoadmapEdit,
    SegmentEdit,
)
from nudges.programme import (
    KINDS,
    LEVELS,
    Kind,
    Milestone,
    Outcome,
    Programme,
    Reason,
    Segment,
    Words,
    launchable,
)

SHORT, LONG = 80, 600
_SLUG = re.compile(r"[^a-z0-9]+")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def form_behind(verb: str, choice: str, programme: Programme) -> Note | None:
    """Return the form behind a button, if what it is about is still there."""
    match verb:
        case "desk.purpose":
            return PurposeForm()
        case "desk.labels":
            return LabelsForm()
        case "desk.outcome" | "desk.month":
            place = _place(choice)
            there = len(programme.outcomes) + (verb == "desk.outcome")
            if place is None or place >= min(there, OUTCOMES):
                return None
            return OutcomeForm(place) if verb == "desk.outcome" else MonthForm(place)
        case _:
            return _segment_form(verb, choice, programme)


def _segment_form(verb: str, choice: str, programme: Programme) -> Note | None:
    segment, _, language = choice.partition(":")
    if segment not in programme.segments:
        return None
    match verb:
        case "desk.basics":
            return SegmentForm(segment)
        case "desk.goals":
            return GoalsForm(segment)
        case "desk.roadmap":
            return RoadmapForm(segment)
        case "desk.reasons" if language in languages():
            return ReasonsForm(segment, language)
        case _:
            return None


def filled(verb: str, choice: str, values: Mapping[str, str], programme: Programme) -> Step:
    """Keep what a form says, or show it again with what is wrong."""
    match verb:
        case "desk.purpose":
            return _purpose(values)
        case "desk.labels":
            levels = {n: words for n in LEVELS if (words := _words(values, f"level{n}"))}
            return _kept(DeskNote(saved=True), LabelsEdit(levels))
        case "desk.outcome" if (place := _place(choice)) is not None and place < OUTCOMES:
            return _outcome(place, values)
        case "desk.month" if (place := _place(choice)) is not None:
            return _month(place, values)
        case "desk.basics":
            return _segment(choice, values, programme)
        case _:
            form = _segment_form(verb, choice, programme)
            return _written(form, values, programme) if form else Step(show=(StaleNote(),))


def _written(form: Note, values: Mapping[str, str], programme: Programme) -> Step:
    match form:
        case ReasonsForm(segment, language):
            said = {reason: values.get(reason, "").strip() for reason in Reason}
            edit = ReasonsEdit(segment, language, said)
            after = edit.apply(programme).segment(segment)
            if after.go_live and not launchable(after, languages()):
                return Step(form=form, errors=((Reason.WIIFM, "desk.error.wiifm"),))
            return _kept(DeskSegmentNote(segment, saved=True), edit)
        case GoalsForm(segment):
            goals = {n: words for n in LEVELS if (words := _words(values, f"goal{n}"))}
            return _kept(DeskSegmentNote(segment, saved=True), GoalsEdit(segment, goals))
        case RoadmapForm(segment):
            milestones = _milestones(values.get("roadmap", ""))
            if milestones is None:
                return Step(form=form, errors=(("roadmap", "desk.error.roadmap"),))
            return _kept(DeskSegmentNote(segment, saved=True), RoadmapEdit(segment, milestones))
        case _:
            return Step(show=(StaleNote(),))


def _kept(after: Note, edit: Edit) -> Step:
    return Step(instead=after, facts=(edit,))


def _purpose(values: Mapping[str, str]) -> Step:
    name, crm = _words(values, "name"), values.get("crm", "").strip()
    errors = [] if len(name) == len(languages()) else [_missing("name", name)]
    if not crm:
        errors.append(("crm", "desk.error.empty"))
    if errors:
        return Step(form=PurposeForm(), errors=tuple(errors))
    kinds: Mapping[str, Kind] = {k: k for k in KINDS}
    kind = kinds.get(values.get("kind", ""), KINDS[0])
    edit = PurposeEdit(name, crm, kind, _words(values, "purpose"))
    return _kept(DeskNote(saved=True), edit)


def _outcome(place: int, values: Mapping[str, str]) -> Step:
    if values.get("keep") == "remove":
        return _kept(DeskOutcomesNote(saved=True), OutcomeEdit(place, None))
    name, unit = _words(values, "name"), values.get("unit", "").strip()
    baseline, target = _number(values.get("baseline", "")), _number(values.get("target", ""))
    errors = [] if len(name) == len(languages()) else [_missing("name", name)]
    if baseline is None:
        errors.append(("baseline", "desk.error.number"))
    if target is None:
        errors.append(("target", "desk.error.number"))
    elif target == baseline:
        errors.append(("target", "desk.error.target"))
    if errors or baseline is None or target is None:
        return Step(form=OutcomeForm(place), errors=tuple(errors))
    edit = OutcomeEdit(place, Outcome(name, unit, baseline, target))
    return _kept(DeskOutcomesNote(saved=True), edit)


def _month(place: int, values: Mapping[str, str]) -> Step:
    month, value = values.get("month", "").strip(), _number(values.get("value", ""))
    errors: list[tuple[str, str]] = []
    if not _MONTH.fullmatch(month):
        errors.append(("month", "desk.error.month"))
    if value is None:
        errors.append(("value", "desk.error.number"))
    if errors or value is None:
        return Step(form=MonthForm(place), errors=tuple(errors))
    return _kept(DeskOutcomesNote(saved=True), MonthEdit(place, month, value))


def _segment(choice: str, values: Mapping[str, str], programme: Programme) -> Step:
    name = _words(values, "name")
    new = not choice
    key = choice or _slug(next(iter(name.values()), ""), programme)
    go_live = _day(values.get("go_live", ""))
    errors = [] if len(name) == len(languages()) else [_missing("name", name)]
    if values.get("go_live") and go_live is None:
        errors.append(("go_live", "desk.error.day"))
    before = programme.segment(key)
    if go_live and not launchable(before, languages()):
        errors.append(("go_live", "desk.error.wiifm"))
    if (not new and choice not in programme.segments) or (new and not key and not errors):
        return Step(show=(StaleNote(),))
    if errors:
        return Step(form=SegmentForm(choice), errors=tuple(errors))
    celebration = _words(values, "celebration")
    edit = SegmentEdit(key, name, go_live, values.get("sponsor", "").strip(), celebration)
    return _kept(DeskSegmentNote(key, saved=True), edit)


def _missing(field: str, words: Words) -> tuple[str, str]:
    """Point at the first language in which something is not written."""
    return f"{field}_{min(set(languages()) - set(words))}", "desk.error.empty"


def _words(values: Mapping[str, str], field: str) -> dict[str, str]:
    said = {code: values.get(f"{field}_{code}", "").strip() for code in languages()}
    return {code: text for code, text in said.items() if text}


def _number(text: str) -> float | None:
    """Read a number as people write it, with a comma or a point."""
    try:
        number = float(text.strip().removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None  # noqa: PLR2004 - no one's result is larger


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _place(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 1 else None


def _slug(name: str, programme: Programme) -> str:
    """Return an id for a new group, made from its name, that no other group has."""
    slug = _SLUG.sub("-", name.casefold()).strip("-")[:40]
    taken = programme.segments
    numbered = (f"{slug or 'group'}{end}" for end in ("", *(f"-{n}" for n in range(2, 99))))
    return next((key for key in numbered if key not in taken), "")


def _milestones(text: str) -> tuple[Milestone, ...] | None:
    """Read a line for each milestone: its day, and the words in each language, apart by ``|``."""
    found: list[Milestone] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        day, *said = (part.strip() for part in line.split("|"))
        on = _day(day)
        if on is None or len(said) != len(languages()) or not all(said):
            return None
        found.append(Milestone(on, dict(zip(languages(), said, strict=True))))
    return tuple(found)


def draw_form(note: Note, reader: Reader) -> Form:
    """Draw a form of the desk, filled in as it is now."""
    speech, programme = reader.speech, reader.programme
    match note:
        case PurposeForm():
            return _drawn(speech, "purpose", "", _purpose_fields(programme, speech))
        case LabelsForm():
            fields = tuple(
                field
                for n in LEVELS
                for field in _worded(f"level{n}", programme.levels.get(n, {}), speech, SHORT)
            )
            return _drawn(speech, "labels", "", fields)
        case OutcomeForm(place):
            return _drawn(speech, "outcome", str(place), _outcome_fields(place, programme, speech))
        case MonthForm(place):
            name = speech.own_line(programme.outcomes[place].name)
            month = TextField("month", speech.line("desk.field.month"), required=True, longest=7)
            value = TextField("value", speech.line("desk.field.value"), required=True, longest=20)
            return _drawn(speech, "month", str(place), (month, value), name)
        case SegmentForm(key):
            fields = _segment_fields(programme.segment(key) if key else Segment(""), speech)
            return _drawn(speech, "basics", key, fields)
        case ReasonsForm(key, language):
            written = programme.segment(key).reasons
            voice = Speech(language, speech.names)
            fields = tuple(
                TextField(
                    reason,
                    voice.line(f"why.{reason}"),
                    lines="many",
                    value=written.get(reason, {}).get(language, ""),
                    longest=LONG,
                )
                for reason in Reason
            )
            return _drawn(speech, "reasons", f"{key}:{language}", fields)
        case GoalsForm(key):
            goals = programme.segment(key).goals
            fields = tuple(
                field
                for n in LEVELS
                for field in _worded(f"goal{n}", goals.get(n, {}), speech, LONG)
            )
            return _drawn(speech, "goals", key, fields)
        case RoadmapForm(key):
            text = "\n".join(
                " | ".join([m.date.isoformat(), *(m.words.get(c, "") for c in languages())])
                for m in programme.segment(key).roadmap
            )
            label = speech.line("desk.field.roadmap")
            lines = TextField("roadmap", label, lines="many", value=text, longest=3000)
            return _drawn(speech, "roadmap", key, (lines,))
        case _:
            message = f"{type(note).__name__} is no form of the desk"
            raise TypeError(message)


def _drawn(
    speech: Speech, what: str, choice: str, fields: tuple[Field, ...], name: str = ""
) -> Form:
    return Form(
        speech.line(f"desk.form.{what}"),
        fields,
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap(f"desk.{what}", choice),
        name or speech.line(f"desk.lead.{what}"),
    )


def _worded(field: str, words: Words, speech: Speech, longest: int) -> tuple[TextField, ...]:
    """Return a field for each language."""
    return tuple(
        TextField(
            f"{field}_{code}",
            speech.line(
                "desk.field.in",
                what=speech.line(f"desk.field.{field}"),
                language=speech.line(f"language.{code}"),
            ),
            lines="one" if longest == SHORT else "many",
            value=words.get(code, ""),
            longest=longest,
        )
        for code in languages()
    )


def _purpose_fields(programme: Programme, speech: Speech) -> tuple[Field, ...]:
    kinds = tuple(Option(k, speech.line(f"desk.kind.{k}")) for k in KINDS)
    return (
        *_worded("name", programme.name, speech, SHORT),
        TextField(
            "crm", speech.line("desk.crm"), required=True, value=programme.crm, longest=SHORT
        ),
        ChoiceField(
            "kind", speech.line("desk.kind"), kinds, required=True, value=(programme.kind,)
        ),
        *_worded("purpose", programme.purpose, speech, LONG),
    )


def _outcome_fields(place: int, programme: Programme, speech: Speech) -> tuple[Field, ...]:
    there = place < len(programme.outcomes)
    now = programme.outcomes[place] if there else Outcome({}, "", 0, 0)
    numbers = (now.baseline, now.target) if there else ("", "")
    keep = tuple(Option(k, speech.line(f"desk.{k}")) for k in ("keep", "remove"))
    return (
        *_worded("name", now.name, speech, SHORT),
        TextField(
            "unit",
            speech.line("desk.field.unit"),
            value=now.unit,
            hint=speech.line("desk.hint.unit"),
            longest=20,
        ),
        *(
            TextField(
                name,
                speech.line(f"desk.field.{name}"),
                required=True,
                value=speech.number(value) if isinstance(value, int | float) else "",
                longest=20,
            )
            for name, value in zip(("baseline", "target"), numbers, strict=True)
        ),
        *(
            (ChoiceField("keep", speech.line("desk.field.keep"), keep, value=("keep",)),)
            if there
            else ()
        ),
    )


def _segment_fields(segment: Segment, speech: Speech) -> tuple[Field, ...]:
    day = segment.go_live.isoformat() if segment.go_live else ""
    return (
        *_worded("name", segment.name, speech, SHORT),
        DateField("go_live", speech.line("desk.go_live"), value=day),
        TextField(
            "sponsor",
            speech.line("desk.field.sponsor"),
            value=segment.sponsor,
            hint=speech.line("desk.hint.sponsor"),
            longest=SHORT,
        ),
        *_worded("celebration", segment.celebration, speech, LONG),
    )

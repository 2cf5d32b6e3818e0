"""The forms of the training desk: a session as it is to be, and who was there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from dialogs.card import ChoiceField, DateField, Field, Form, Option, Tap, TextField
from dialogs.reader import Reader
from dialogs.speech import Speech, languages
from dialogs.training_notes import AttendanceForm, SessionForm
from dialogs.turns import Context, Mistake
from nudges.audience import Everyone, Is, Rule, segment_of
from nudges.audience import Field as Ask
from nudges.audience_language import RuleError, parse, written
from nudges.audience_words import LANGUAGES
from nudges.champions import AREAS
from nudges.training import PLACE, TAKING, TITLE, WHY, Session, SignupState, Training, refusals
from nudges.wording import URL

OWN, EVERYONE, NONE = "own", "everyone", "none"
RULE, SOME, LABEL = 600, 90, 75
USUAL_MINUTES, USUAL_SEATS = 60, 12
WRONG: Mapping[str, str] = {
    "title": "training.error.title",
    "text": "training.error.text",
    "minutes": "training.error.minutes",
    "seats": "training.error.seats",
    "place": "training.error.place",
    "about": "training.error.about",
    "exposes": "training.error.exposes",
    "rule": "training.error.whom",
    "link": "broadcast.error.link",
    "https": "broadcast.error.https",
    "password": "broadcast.error.password",  # nosec B105 - a sentence's key
    "inside": "broadcast.error.inside",
    "look_alike": "broadcast.error.look_alike",
}
"""The sentence for each thing that may be wrong."""


@dataclass(frozen=True, slots=True)
class Written:
    """A session as a form says it, and what is wrong with that."""

    session: Session
    errors: tuple[Mistake, ...] = ()


def attendance(values: Mapping[str, str]) -> frozenset[int]:
    """Read who was there, by their places."""
    return frozenset(int(one) for one in values.get("there", "").split(",") if one.isdecimal())


def kept(values: Mapping[str, str], before: Training | None, context: Context) -> Written:
    """Read a session from its form."""
    errors: list[Mistake] = []
    starts = _starts(values, context, errors)
    rule = _rule(values, context, errors)
    about = values.get("about", NONE)
    trainers = {value for value, _ in _trainers(before, context)}
    session = Session(
        key=before.session.key if before else f"chat:{context.key}",
        title=_each("title", values),
        starts=starts or context.now,
        minutes=_whole(values.get("minutes", "")),
        seats=_whole(values.get("seats", "")),
        place=" ".join(values.get("place", "").split()),
        link=values.get("link", "").strip(),
        why=_each("why", values),
        about=about if about in AREAS else "",
        rule=rule,
        trainer=trainer if (trainer := values.get("trainer", "")) in trainers else "",
        open=values.get("open", "yes") != "no",
    )
    errors += [
        (field, WRONG[why])
        for field, why in refusals(session, languages())
        if not (field == "rule" and errors and any(e[0] == "rule" for e in errors))
    ]
    return Written(session, tuple(errors))


def _each(field: str, values: Mapping[str, str]) -> dict[str, str]:
    said = {code: " ".join(values.get(f"{field}_{code}", "").split()) for code in languages()}
    return {code: text for code, text in said.items() if text}


def _whole(text: str) -> int:
    """Read a whole number; what is none is refused as too small."""
    said = text.strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 5 else 0  # noqa: PLR2004


def _starts(values: Mapping[str, str], context: Context, errors: list[Mistake]) -> datetime | None:
    """Read a moment in the zone of who writes; one that the clocks skip is refused."""
    zone = ZoneInfo(context.person.zone)
    try:
        on = date.fromisoformat(values.get("day", "").strip())
    except ValueError:
        errors.append(("day", "write.error.day"))
        return None
    try:
        at = time.fromisoformat(values.get("time", "").strip().replace(".", ":").zfill(5))
    except ValueError:
        errors.append(("time", "write.error.time"))
        return None
    wall = datetime.combine(on, at.replace(tzinfo=None))
    starts = wall.replace(tzinfo=zone).astimezone(UTC)
    if starts.astimezone(zone).replace(tzinfo=None) != wall:
        errors.append(("time", "training.error.skipped"))
    elif starts <= context.now:
        errors.append(("day", "write.error.past"))
    return starts


def _rule(values: Mapping[str, str], context: Context, errors: list[Mistake]) -> str:
    who, text = values.get("who", EVERYONE), values.get("rule", "").strip()
    meant: Rule = Everyone()
    if who in context.programme.segments:
        meant = Is(Ask.SEGMENT, (who,))
    elif who == OWN:
        try:
            meant = parse(text)
        except RuleError as error:
            said = {"at": error.at, "meant": error.meant}
            key = "write.error.rule_meant" if error.meant else "write.error.rule"
            errors.append(("rule", key, said))
    return written(meant)


def draw(note: SessionForm | AttendanceForm, reader: Reader, context: Context) -> Form:
    """Draw a form of the desk, filled in as it is now."""
    found = context.trainings.get(note.session)
    if isinstance(note, SessionForm):
        return _session_form(found, reader.speech, context)
    return _attendance_form(found, reader.speech)


def _attendance_form(found: Training | None, speech: Speech) -> Form:
    had = [one for one in found.signups if one.state in TAKING] if found else []
    options = tuple(Option(str(one.place), (one.name or one.person)[:LABEL]) for one in had)
    there = tuple(str(one.place) for one in had if one.state is SignupState.ATTENDED)
    field = ChoiceField(
        "there", speech.line("training.field.there"), options, several=True, value=there
    )
    return Form(
        speech.line("training.form.there"),
        (field,),
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("training_desk.attended"),
        speech.line("training.form.there.lead"),
    )


def _session_form(found: Training | None, speech: Speech, context: Context) -> Form:
    session = found.session if found else None
    starts = session.starts.astimezone(ZoneInfo(context.person.zone)) if session else None
    areas = (
        Option(NONE, speech.line("training.about.none")),
        *(Option(area, speech.line(f"area.{area}")) for area in AREAS),
    )
    minutes = str(session.minutes if session else USUAL_MINUTES)
    count = str(session.seats if session else USUAL_SEATS)
    fields: list[Field] = [
        *(
            _words("title", code, session.title if session else {}, TITLE, speech)
            for code in languages()
        ),
        *(_words("why", code, session.why if session else {}, WHY, speech) for code in languages()),
        ChoiceField(
            "about",
            speech.line("training.field.about"),
            areas,
            value=(session.about or NONE if session else NONE,),
        ),
        DateField(
            "day",
            speech.line("training.field.day"),
            required=True,
            value=starts.date().isoformat() if starts else "",
        ),
        TextField(
            "time",
            speech.line("training.field.time", zone=context.person.zone),
            required=True,
            value=f"{starts:%H:%M}" if starts else "",
            hint="10:00",
            longest=5,
        ),
        TextField("minutes", speech.line("training.field.minutes"), value=minutes, longest=4),
        TextField(
            "place",
            speech.line("training.field.place"),
            value=session.place if session else "",
            longest=PLACE,
        ),
        TextField(
            "link",
            speech.line("training.field.link"),
            value=session.link if session else "",
            hint="https://",
            longest=URL,
        ),
        TextField("seats", speech.line("training.field.seats"), value=count, longest=3),
        *_who(session, speech, context),
        ChoiceField(
            "trainer",
            speech.line("training.field.trainer"),
            tuple(Option(value, label) for value, label in _options(found, speech, context)),
            value=((session.trainer if session else "") or NONE,),
        ),
        ChoiceField(
            "open",
            speech.line("training.field.open"),
            tuple(Option(one, speech.line(f"training.open.{one}")) for one in ("yes", "no")),
            required=True,
            value=("no" if session and not session.open else "yes",),
        ),
    ]
    return Form(
        speech.line("training.form.edit" if session else "training.form.new"),
        tuple(fields),
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("training_desk.save"),
        speech.line("training.form.lead"),
    )


def _words(
    name: str, code: str, said: Mapping[str, str], longest: int, speech: Speech
) -> TextField:
    label = speech.line(
        "desk.field.in",
        what=speech.line(f"training.field.{name}"),
        language=speech.line(f"language.{code}"),
    )
    lines = "many" if longest > TITLE else "one"
    return TextField(f"{name}_{code}", label, lines, value=said.get(code, ""), longest=longest)


def _who(session: Session | None, speech: Speech, context: Context) -> tuple[Field, ...]:
    """Return the fields for whom it is; a rule that is no choice of ours is written out."""
    rule = parse(session.rule) if session else Everyone()
    segment = segment_of(rule)
    chosen = segment if segment in context.programme.segments else OWN
    chosen = EVERYONE if rule == Everyone() else chosen
    language = speech.language if speech.language in LANGUAGES else "en"
    options = (
        Option(EVERYONE, speech.line("write.everyone")),
        *(
            Option(one.id, (speech.own_line(one.name) or one.id)[:LABEL])
            for one in list(context.programme.segments.values())[:SOME]
        ),
        Option(OWN, speech.line("write.own_rule")),
    )
    return (
        ChoiceField("who", speech.line("write.who"), options, required=True, value=(chosen,)),
        TextField(
            "rule",
            speech.line("write.rule"),
            value=written(rule, language) if chosen == OWN else "",
            hint=speech.line("write.rule.hint"),
            longest=RULE,
        ),
    )


def _trainers(found: Training | None, context: Context) -> list[tuple[str, str]]:
    """Return who can give a session: those with a part in the change, and who gives it now."""
    known = {one.id: one.name or one.id for one in context.roster}
    if found and found.session.trainer:
        known.setdefault(found.session.trainer, found.by_name or found.session.trainer)
    return sorted(known.items(), key=lambda one: one[1].casefold())[:SOME]


def _options(found: Training | None, speech: Speech, context: Context) -> list[tuple[str, str]]:
    named = [(value, label[:LABEL]) for value, label in _trainers(found, context)]
    return [(NONE, speech.line("training.trainer.none")), *named]

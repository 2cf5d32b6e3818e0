"""The forms of an author's desk: what is asked, and what becomes of what was filled in.

What is missing may be written later; what no platform could show, or what leads elsewhere than it
says, is refused at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dialogs.authoring_notes import AudienceForm, CheckForm, WordsForm
from dialogs.authoring_ready import advice
from dialogs.believing import options
from dialogs.card import ChoiceField, DateField, Field, Form, Option, Tap, TextField
from dialogs.reception import check_fields, read_check
from dialogs.speech import Speech, languages
from dialogs.turns import Context, Mistake
from nudges.audience import Everyone, Is, Rule, segment_of
from nudges.audience import Field as Ask
from nudges.audience_language import RuleError, parse, written
from nudges.audience_words import LANGUAGES
from nudges.broadcast import Draft, Link, Message
from nudges.phases import KINDS, Kind
from nudges.programme import Programme, Words
from nudges.wording import BODY, LABEL, TITLE, URL, refusals

OWN, EVERYONE = "own", "everyone"
MISSING = frozenset({"title", "body", "label"})
"""What may still be written later."""
GOAL, RULE, SOME, MOST = 120, 600, 90, 4
ORDER: tuple[Kind, ...] = ("change", "roadmap", "release_note", "story", "new_function", "training")
EMPTY = Draft(Message({}, {}), "", 0)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft as a form says it, or what is wrong with that."""

    draft: Draft
    errors: tuple[Mistake, ...] = ()


def words_from(values: Mapping[str, str], before: Draft) -> Written:
    """Read the words of a draft from a form."""
    said = before.message
    label, url = _each("label", values), values.get("link", "").strip()
    kinds: Mapping[str, Kind] = {kind: kind for kind in KINDS}
    message = replace(
        said,
        title={code: " ".join(text.split()) for code, text in _each("title", values).items()},
        body=_each("body", values),
        kind=kinds.get(values.get("kind", ""), said.kind),
        goal=" ".join(values.get("goal", "").split()),
        link=Link(url, label) if url else None,
        acknowledge=values.get("acknowledge", "yes") != "no",
    )
    errors: list[Mistake] = list(_wrong(message))
    if not any(message.title.values()):
        errors.insert(0, (f"title_{languages()[0]}", "broadcast.error.title"))
    if label and not url:
        errors.append(("link", "broadcast.error.link"))
    if len(message.goal) > GOAL:
        errors.append(("goal", "write.error.goal"))
    return Written(replace(before, message=message), tuple(errors))


def _wrong(message: Message) -> Iterator[Mistake]:
    for field, why in refusals(message, languages()):
        name, _, code = field.partition(".")
        texts = {"title": message.title, "body": message.body}.get(name, {})
        if name == "label" and message.link:
            texts = message.link.label
        if why in MISSING and not texts.get(code):
            continue
        yield field.replace(".", "_"), f"broadcast.error.{why}"


def _each(field: str, values: Mapping[str, str]) -> dict[str, str]:
    said = {code: values.get(f"{field}_{code}", "").strip() for code in languages()}
    return {code: text for code, text in said.items() if text}


def check_from(values: Mapping[str, str], before: Draft) -> Written:
    """Read the question that tells whether a message was received; left empty there is none."""
    check, errors = read_check(values, languages())
    return Written(replace(before, message=replace(before.message, check=check)), errors)


def audience_from(values: Mapping[str, str], before: Draft, context: Context) -> Written:
    """Read for whom a draft is, when it leaves and in whose name."""
    errors: list[Mistake] = []
    rule = _rule(values, context.programme, errors)
    begins = _begins(values, context, errors)
    senders = {one.id for one in context.authoring.senders.people} - {context.person.id}
    sender = values.get("sender", "")
    return Written(
        replace(
            before,
            rule=written(rule) if rule else before.rule,
            begins=begins,
            own_morning=values.get("how", "mornings") != "at_once",
            message=replace(before.message, sender=sender if sender in senders else ""),
        ),
        tuple(errors),
    )


def _rule(values: Mapping[str, str], programme: Programme, errors: list[Mistake]) -> Rule | None:
    who, text = values.get("who", ""), values.get("rule", "").strip()
    if who == EVERYONE:
        return Everyone()
    if who in programme.segments:
        return Is(Ask.SEGMENT, (who,))
    if not text:
        errors.append(("rule", "write.error.whom"))
        return None
    try:
        return parse(text)
    except RuleError as error:
        said = {"at": error.at, "meant": error.meant}
        key = "write.error.rule_meant" if error.meant else "write.error.rule"
        errors.append(("rule", key, said))
        return None


def _begins(values: Mapping[str, str], context: Context, errors: list[Mistake]) -> datetime | None:
    """Read a moment in the author's own zone; without a day it leaves as soon as it may."""
    day, hour = values.get("day", "").strip(), values.get("time", "").strip()
    if not day:
        if hour:
            errors.append(("day", "write.error.day"))
        return None
    try:
        on = date.fromisoformat(day)
    except ValueError:
        errors.append(("day", "write.error.day"))
        return None
    try:
        at = time.fromisoformat(hour.replace(".", ":").zfill(5)) if hour else time(8)
    except ValueError:
        errors.append(("time", "write.error.time"))
        return None
    begins = datetime.combine(on, at, ZoneInfo(context.person.zone))
    if begins <= context.now:
        errors.append(("day", "write.error.past"))
        return None
    return begins


def draw(note: WordsForm | AudienceForm | CheckForm, context: Context, speech: Speech) -> Form:
    """Draw a form of the desk, filled in as the draft is now."""
    match note:
        case WordsForm():
            return draw_words_form(note, context, speech)
        case AudienceForm():
            return draw_audience_form(note, context, speech)
        case CheckForm(key):
            return Form(
                speech.line("write.check"),
                check_fields(_draft(key, context).message.check, speech, languages()),
                speech.line("button.save"),
                speech.line("button.cancel"),
                Tap("draft.check"),
                speech.line("write.check.lead"),
            )


def draw_words_form(note: WordsForm, context: Context, speech: Speech) -> Form:
    """Draw the form for the words as they are now, with the advice about them."""
    draft = _draft(note.key, context)
    said = draft.message
    label: Words = said.link.label if said.link else {}
    kinds = tuple(Option(kind, speech.line(f"write.kind.{kind}")) for kind in ORDER)
    yes_no = tuple(Option(one, speech.line(f"write.acknowledge.{one}")) for one in ("yes", "no"))
    fields: list[Field] = []
    for code in languages():
        fields += [
            _text("title", code, said.title, speech, TITLE),
            _text("body", code, said.body, speech, BODY, lines="many"),
        ]
    fields += [
        ChoiceField("kind", speech.line("write.kind"), kinds, required=True, value=(said.kind,)),
        TextField("goal", speech.line("write.goal"), value=said.goal, longest=GOAL),
        TextField(
            "link",
            speech.line("write.link"),
            value=said.link.url if said.link else "",
            hint="https://",
            longest=URL,
        ),
        *(_text("label", code, label, speech, LABEL) for code in languages()),
        ChoiceField(
            "acknowledge",
            speech.line("write.acknowledge"),
            yes_no,
            required=True,
            value=("yes" if said.acknowledge else "no",),
        ),
    ]
    return Form(
        speech.line("write.words"),
        tuple(fields),
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("draft.words"),
        _lead(draft, context, speech),
    )


def _lead(draft: Draft, context: Context, speech: Speech) -> str:
    """Say what the words leave out; before there are any, what a good message says."""
    found = advice(draft, context.library, speech)
    lines = dict.fromkeys(line for every in found.values() for line in every)
    said = [f"• {line}" for line in lines][:MOST]
    return (
        "\n".join((speech.line("write.words.advice"), *said))
        if said
        else speech.line("write.words.lead")
    )


def _text(  # noqa: PLR0913, PLR0917 - what a field is
    name: str,
    code: str,
    said: Mapping[str, str],
    speech: Speech,
    longest: int,
    lines: str = "one",
) -> TextField:
    label = speech.line(
        "desk.field.in",
        what=speech.line(f"write.{name}"),
        language=speech.line(f"language.{code}"),
    )
    return TextField(
        f"{name}_{code}",
        label,
        lines="many" if lines == "many" else "one",
        value=said.get(code, ""),
        longest=longest,
    )


def draw_audience_form(note: AudienceForm, context: Context, speech: Speech) -> Form:
    """Draw the form for whom, when and in whose name, as it is now."""
    draft = _draft(note.key, context)
    who = (
        Option(EVERYONE, speech.line("write.everyone")),
        *(
            Option(one.id, speech.own_line(one.name) or one.id)
            for one in list(context.programme.segments.values())[:SOME]
        ),
        Option(OWN, speech.line("write.own_rule")),
    )
    chosen = _chosen(draft.rule, context.programme)
    own = draft.rule and chosen == OWN
    language = speech.language if speech.language in LANGUAGES else "en"
    begins = draft.begins.astimezone(ZoneInfo(context.person.zone)) if draft.begins else None
    how = tuple(Option(one, speech.line(f"write.how.{one}")) for one in ("mornings", "at_once"))
    return Form(
        speech.line("write.audience"),
        (
            ChoiceField(
                "who",
                speech.line("write.who"),
                who,
                required=True,
                value=(chosen,) if chosen else (),
            ),
            TextField(
                "rule",
                speech.line("write.rule"),
                value=written(parse(draft.rule), language) if own else "",
                hint=speech.line("write.rule.hint"),
                longest=RULE,
            ),
            DateField(
                "day", speech.line("write.day"), value=begins.date().isoformat() if begins else ""
            ),
            TextField(
                "time",
                speech.line("write.time", zone=context.person.zone),
                value=f"{begins:%H:%M}" if begins else "",
                hint="08:00",
                longest=5,
            ),
            ChoiceField(
                "how",
                speech.line("write.how"),
                how,
                required=True,
                value=("mornings" if draft.own_morning else "at_once",),
            ),
            *_senders(draft, context, speech),
        ),
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("draft.audience"),
        speech.line("write.audience.lead"),
    )


def _senders(draft: Draft, context: Context, speech: Speech) -> tuple[Field, ...]:
    """Return the choice in whose name it goes, where there is somebody else."""
    found = options(context.authoring.senders.people, context.person.id, speech)[:SOME]
    if len(found) <= 1:
        return ()
    chosen = draft.message.sender or context.person.id
    label = speech.line("write.sender")
    return (ChoiceField("sender", label, found, required=True, value=(chosen,)),)


def _chosen(rule: str, programme: Programme) -> str:
    """Return the choice that a rule is; one of the author's own is written out."""
    if not rule:
        return ""
    read = parse(rule)
    if read == Everyone():
        return EVERYONE
    segment = segment_of(read)
    return segment if segment in programme.segments else OWN


def _draft(key: str, context: Context) -> Draft:
    found = context.authoring.drafts.get(key)
    return found.draft if found else EMPTY

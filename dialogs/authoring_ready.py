"""What a draft still needs before it can be handed in, and what its words leave out."""

from collections.abc import Iterator

from dialogs.library import Library
from dialogs.linter import AUDIENCES, EVERYONE, lint
from dialogs.speech import Speech
from dialogs.turns import Context
from nudges.audience import Field, Is
from nudges.audience_language import parse
from nudges.authoring import Reach
from nudges.broadcast import Draft, Drafted
from nudges.roles import Role
from nudges.wording import refusals

LEADERS = frozenset({Role.MANAGER, Role.SPONSOR})
ADVICE = 3
"""Lines of advice for each language; more than that nobody reads."""


def todo(found: Drafted, reach: Reach, context: Context, speech: Speech) -> list[str]:
    """Return what is missing or wrong, in words; nothing if it can be handed in."""
    return list(_todo(found.draft, reach, context, speech))


def _todo(draft: Draft, reach: Reach, context: Context, speech: Speech) -> Iterator[str]:
    if not draft.rule:
        yield speech.line("draft.todo.audience")
    elif reach.obstacle:
        yield speech.line(f"draft.todo.{reach.obstacle}", about=reach.about)
    for field, why in refusals(draft.message, reach.languages):
        _, _, code = field.partition(".")
        said = speech.line(f"broadcast.error.{why}")
        if code:
            language = speech.line(f"language.{code}")
            said = speech.line("draft.todo.in", language=language, what=said)
        yield said
    if draft.message.check and not draft.message.check.right and draft.exposes:
        yield speech.line("draft.todo.own_words")
    if draft.begins and draft.begins <= context.now:
        yield speech.line("draft.todo.past")
    if said_before(draft, context):
        yield speech.line("draft.todo.same")


def said_before(draft: Draft, context: Context) -> bool:
    """Say whether a message of this series used these very words already."""
    earlier = context.authoring.series.get(draft.series, ())
    return any(
        draft.message.body.get(code) == text and text
        for one in earlier
        for code, text in one.draft.message.body.items()
    )


def advice(draft: Draft, library: Library, speech: Speech) -> dict[str, list[str]]:
    """Return what the words leave out, for each language they are written in."""
    found: dict[str, list[str]] = {}
    for code, rules in library.rules.items():
        body = draft.message.body.get(code, "")
        if body.strip():
            text = f"# {draft.message.title.get(code, '')}\n\n{body}"
            found[code] = list(lint(text, rules, speech, readers(draft)).advice[:ADVICE])
    return found


def readers(draft: Draft) -> str:
    """Say whose daily words are no jargon in a draft: theirs alone, if it is for them alone."""
    if not draft.rule:
        return EVERYONE
    match parse(draft.rule):
        case Is(Field.SEGMENT | Field.JOB, (one,)) if one in AUDIENCES:
            return one
        case Is(Field.ROLE, values) if set(values) <= LEADERS:
            return "leadership"
        case _:
            return EVERYONE

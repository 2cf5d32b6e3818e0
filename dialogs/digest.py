"""The weekly digest as a card: short lines, one picture, and one thing to do.

Whoever asks for it gets the numbers that were told, never new ones. Nobody is told anything about
one person, however they ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal, TypeAlias

from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Divider, Facts, Form, Paragraph, Row, Tap, TextField
from dialogs.commands import simple
from dialogs.digest_lines import barriers, line, people_of, share_of, week_of, what
from dialogs.for_team import ForTeamNote
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.reasons import measured, wanted
from dialogs.rich import Rich, Span, plain
from dialogs.speech import Speech, catalogue, languages
from dialogs.turns import Context, Filled, Said, Someone, Step, Tapped, Turn
from nudges.activities import Tick, period
from nudges.adkar import ELEMENTS
from nudges.delivery import Note
from nudges.digest import (
    LONGEST_NORM,
    NORMS,
    SEVERAL,
    DigestNote,
    Gone,
    Missing,
    NormsAgreed,
    Organisation,
)
from nudges.hours import local_day
from nudges.programme import Programme
from nudges.roles import Act

SEES = (Act.SEE_TEAM, Act.SEE_ORGANISATION)
"""Whoever may do one of these gets a digest."""
NAME = "…"
"""What stands for a name in a question about somebody."""
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class NoDigestNote(Note):
    """There is no digest yet."""

    card: Literal["no_digest"] = "no_digest"


@dataclass(frozen=True, slots=True)
class NotOnePersonNote(Note):
    """A kind no to whoever asks how somebody is doing."""

    card: Literal["not_one_person"] = "not_one_person"


@dataclass(frozen=True, slots=True)
class NormsForm(Note):
    """The form with what a team agreed; ``whose`` is its manager."""

    whose: str
    card: Literal["norms_form"] = "norms_form"

    @property
    def normed(self) -> str:
        """Return the manager whose team's norms stand in it."""
        return self.whose


AnyDigest: TypeAlias = DigestNote | NoDigestNote | NotOnePersonNote


def asked(_turn: Turn, context: Context) -> Step:
    """Show the last digest again to whom it is for, with the numbers as they were told."""
    if not any(context.may(act) for act in SEES):
        return Step(show=(ForTeamNote("digests"),))
    mine = [one for one in context.digests if not one.roles.isdisjoint(context.person.roles)]
    return Step(show=tuple(replace(one, first=False) for one in mine) or (NoDigestNote(),))


def about_someone(turn: Turn, context: Context) -> bool:
    """Tell a question about how somebody is doing, by whoever gets digests."""
    if not isinstance(turn, Said) or not any(context.may(act) for act in SEES):
        return False
    name = _someone(turn.text)
    return name is not None and (name == "" or context.someone is not False)


def no_one(turn: Turn, context: Context) -> Step:
    """Say kindly that nothing is told about one person; look first whether it is one."""
    name = _someone(turn.text) if isinstance(turn, Said) else None
    if name and context.someone is None:
        return Step(look=Someone(name))
    return Step(show=(NotOnePersonNote(),))


def _someone(text: str) -> str | None:
    """Return whom a question is about; empty where it asks who it was, None if it is another."""
    said = simple(text)
    if said in _whos():
        return ""
    for before, after in _patterns():
        name = said.removeprefix(before).removesuffix(after).strip()
        framed = said.startswith(before) and said.endswith(after)
        if framed and name and len(before) + len(name) + len(after) <= len(said):
            return name if len(name) <= LONGEST_NAME else None
    return None


@cache
def _whos() -> frozenset[str]:
    """Return the questions after who said something, and who did not."""
    told = (catalogue(language).gettext("digest.ask.who") for language in languages())
    return frozenset(simple(one) for some in told for one in some.split(", "))


@cache
def _patterns() -> tuple[tuple[str, str], ...]:
    """Return what stands before and after a name in a question about somebody, longest first."""
    told = (catalogue(language).gettext("digest.ask.someone") for language in languages())
    found = (one.partition(NAME) for some in told for one in some.split(", "))
    framed = {
        (
            simple(before) + " " * before.endswith(" "),
            " " * after.startswith(" ") + simple(after) if after else "",
        )
        for before, _, after in found
    }
    return tuple(sorted(framed, key=lambda pair: (-len(pair[0]) - len(pair[1]), pair)))


def read(turn: Turn, context: Context) -> Step:
    """Take what somebody says to what a digest suggests, and what their team agreed."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="digest.done"), DigestNote(answered="open") if note.action:
            return _ticked(note, "done", context)
        case Tapped(verb="digest.later"), DigestNote(answered="open") if note.action:
            return _ticked(note, "later", context)
        case Tapped(verb="digest.norms"), DigestNote(whose=whose) if _own(whose, context):
            return Step(form=NormsForm(whose))
        case Filled(verb="digest.agreed", values=values), DigestNote(whose=whose) if _own(
            whose, context
        ):
            written = (values.get(f"norm{n}", "") for n in range(NORMS))
            norms = tuple(" ".join(one.split()) for one in written if one.strip())
            for place in range(NORMS):
                if len(values.get(f"norm{place}", "")) > LONGEST_NORM:
                    wrong = (f"norm{place}", "norms.error.long")
                    return Step(form=NormsForm(whose), errors=(wrong,))
            return Step(instead=note, facts=(NormsAgreed(norms),))
        case _:
            return Step(show=(StaleNote(),))


def _own(whose: str, context: Context) -> bool:
    return whose == context.person.id and context.may(Act.SEE_TEAM)


def _ticked(note: DigestNote, state: Literal["done", "later"], context: Context) -> Step:
    """Keep a tick on what was suggested, like one on the list of activities."""
    found = next((a for a in context.library.activities if a.id == note.action), None)
    told = replace(note, answered=state)
    if found is None:
        return Step(instead=told)
    day = local_day(context.person, context.now)
    tick = Tick(context.person.id, found.id, period(found.rhythm, day), state, context.now)
    return Step(instead=told, facts=(tick,))


def draw(note: AnyDigest, reader: Reader, context: Context) -> Card:
    """Draw whichever card of a digest it is."""
    match note:
        case DigestNote():
            return draw_digest(note, reader, context)
        case NoDigestNote():
            return draw_none(reader)
        case NotOnePersonNote():
            return draw_not_one(reader)


def draw_digest(note: DigestNote, reader: Reader, context: Context) -> Card:
    """Draw a digest; what stands in it was decided when it was queued."""
    speech = reader.speech
    blocks: list[Block] = [*_opening(note, speech)]
    if note.organisation:
        blocks += _alarm(note.organisation, speech)
        blocks += _results(note.organisation, reader)
    others = tuple(one for one in note.lines if one.number.kind != "barrier")
    if others:
        rows = ((what(one, reader), line(one, note, reader)) for one in others)
        blocks.append(Facts(tuple(rows)))
    if held := note.told("barrier"):
        blocks.append(barriers(held, note, reader))
    blocks += [Paragraph(text) for text in _missing(note.missing, speech)]
    if note.organisation:
        blocks += _waiting(note.organisation, reader)
    blocks += _action(note, reader)
    if note.whose:
        blocks += _norms(context.norms.get(note.whose, ()), speech)
    blocks.append(Paragraph(speech("digest.small"), muted=True))
    title = speech.line(f"digest.title.{note.view}", week=week_of(note.week))
    return Card(title, tuple(blocks), speech.line("digest.notice"))


def _opening(note: DigestNote, speech: Speech) -> Iterator[Block]:
    """Say first what is never seen, and then whom the numbers are about."""
    if note.first:
        never = Span(speech.line(f"digest.never.{note.view}.title") + " ", bold=True)
        yield Paragraph((never, *speech(f"digest.never.{note.view}")))
        yield Divider()
    if not note.lines:
        yield Paragraph(speech("digest.nothing"))
        return
    first = note.lines[0].number
    yield Paragraph(people_of(first, note.view, speech))


def _missing(missing: tuple[Missing, ...], speech: Speech) -> Iterator[Rich]:
    """Say once for each reason which numbers are not there, and why.

    Too few people and too much of one mind are told in the same words.
    """
    for why, reasons in (("few", {"few", "alike"}), ("unchanged", {"unchanged"}), ("gap", {"gap"})):
        kinds = [one.kind for one in missing if one.why in reasons]
        if kinds:
            named = ", ".join(speech.line(f"digest.kind.{kind}") for kind in kinds)
            yield (Span(f"{named}: ", bold=True), *speech(f"digest.missing.{why}"))


def _alarm(organisation: Organisation, speech: Speech) -> Iterator[Block]:
    """Tell first of all that fewer and fewer people come."""
    if organisation.decay:
        before, now = (share_of(one, speech) for one in organisation.decay)
        yield Paragraph(speech("digest.decay", before=before, now=now))
        yield Divider()


def _results(organisation: Organisation, reader: Reader) -> Iterator[Block]:
    """Tell the business results against what was wanted."""
    speech, programme = reader.speech, reader.programme
    rows = tuple(
        (
            speech.own_line(outcome.name),
            speech.line(
                "digest.result",
                value=measured(outcome, one.value, speech),
                month=speech.month(date.fromisoformat(f"{one.month}-01")),
                wanted=wanted(outcome, speech),
            ),
        )
        for one in organisation.results
        if one.place < len(programme.outcomes)
        for outcome in (programme.outcomes[one.place],)
    )
    if rows:
        yield Facts(rows)
        yield Divider()


def _waiting(organisation: Organisation, reader: Reader) -> Iterator[Block]:
    """Tell what is quiet, what waits, and whose part is open."""
    speech, programme = reader.speech, reader.programme
    yield Divider()
    rows = [(speech.line("digest.quiet"), _quiet(organisation, programme, speech))]
    rows.append((speech.line("digest.unanswered"), _several(organisation.unanswered, speech)))
    rows.append((speech.line("digest.blockers"), _several(organisation.blockers, speech)))
    yield Facts(tuple(rows))
    for one in organisation.gone:
        yield Paragraph(_open_part(one, speech))


def _quiet(organisation: Organisation, programme: Programme, speech: Speech) -> str:
    if not organisation.quiet:
        return speech.line("digest.quiet.none")
    return ", ".join(
        speech.line(
            "digest.quiet.one",
            segment=speech.own_line(programme.segment(segment).name) or segment,
            n=days,
        )
        for segment, days in organisation.quiet
    )


def _several(many: int, speech: Speech) -> str:
    """Say how many there are; of a few only that."""
    return str(many) if many >= SEVERAL else speech.line("digest.few", n=SEVERAL)


def _open_part(one: Gone, speech: Speech) -> Rich:
    if one.role == "sponsor":
        return speech("digest.gone.sponsor")
    if not one.team:
        return speech("digest.gone.champion")
    return speech("digest.gone.champion.team", team=one.team)


def _action(note: DigestNote, reader: Reader) -> Iterator[Block]:
    """Suggest one thing to do, with its why; or say what became of it."""
    speech, deed = reader.speech, reader.library.deeds.get(note.action)
    if deed is None:
        if note.lines:
            yield Divider()
            yield Paragraph(speech("digest.ask"))
        return
    yield Divider()
    about = next((a.element for a in reader.library.activities if a.id == note.action), ELEMENTS[0])
    heading = speech.line(f"digest.action.{about}")
    yield Paragraph((Span(f"{heading} ", bold=True), *speech.own(deed.text)))
    yield Paragraph((Span(speech.line("activity.why") + " ", bold=True), *speech.own(deed.why)))
    if note.answered == "open":
        yield Row(
            (
                Button(speech.line("activity.done"), Tap("digest.done"), "primary"),
                Button(speech.line("activity.later"), Tap("digest.later")),
                command(speech, "activities"),
            )
        )
    else:
        yield Paragraph(speech(f"digest.said.{note.answered}"))
        yield Row((command(speech, "activities"),))


def _norms(norms: tuple[str, ...], speech: Speech) -> Iterator[Block]:
    """Tell what the team agreed, and let its manager write it down."""
    yield Divider()
    if norms:
        yield Paragraph(speech("digest.norms"))
        yield from (Paragraph(plain(f"• {norm}")) for norm in norms)
    else:
        yield Paragraph(speech("digest.norms.none"))
    label = speech.line("digest.norms.change" if norms else "digest.norms.agree")
    yield Row((Button(label, Tap("digest.norms")),))


def draw_none(reader: Reader) -> Card:
    """Draw that there is no digest yet."""
    speech = reader.speech
    return Card(
        speech.line("no_digest.title"),
        (
            Paragraph(speech("no_digest.body")),
            Row((command(speech, "activities"), command(speech, "help"))),
        ),
    )


def draw_not_one(reader: Reader) -> Card:
    """Draw the kind no; it says nothing of whoever was asked about."""
    speech = reader.speech
    return Card(
        speech.line("not_one_person.title"),
        (
            Paragraph(speech("not_one_person.body")),
            Paragraph(speech("not_one_person.instead")),
            Row((command(speech, "digest"), command(speech, "activities"))),
        ),
    )


def draw_norms_form(note: NormsForm, reader: Reader, context: Context) -> Form:
    """Draw the form, with what was agreed before."""
    speech, norms = reader.speech, context.norms.get(note.whose, ())
    return Form(
        speech.line("norms.form"),
        tuple(
            TextField(
                f"norm{place}",
                speech.line("norms.label", n=place + 1),
                lines="many",
                value=norms[place] if place < len(norms) else "",
                hint=speech.line("norms.hint") if not place else "",
                longest=LONGEST_NORM,
            )
            for place in range(NORMS)
        ),
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("digest.agreed"),
        speech.line("norms.lead"),
    )

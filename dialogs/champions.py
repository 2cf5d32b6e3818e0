"""Champions, in the chat: put forward, invited, what they offer, and who they are.

Somebody is put forward by the CRM team, by their own manager or by themselves, and is invited in
their own morning. A no is told to nobody and is final for ninety days; who put them forward sees
no more than that there is no yes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dialogs.buttons import command
from dialogs.card import (
    Block,
    Button,
    Card,
    ChoiceField,
    Facts,
    Form,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.for_team import ForTeamNote
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Rich
from dialogs.speech import Speech
from dialogs.turns import Checkup, Context, Filled, Step, Tapped, Turn, Whom
from nudges.champions import (
    AREAS,
    KINDS,
    LEAST,
    MOST,
    USUAL,
    Champion,
    ChampionStep,
    InviteNote,
    MayINote,
    Nomination,
    Offer,
    SuccessionNote,
    areas_of,
    gaps,
)
from nudges.delivery import Note
from nudges.people import Person
from nudges.roles import Act, Grant, Role

NAMED = 20
"""How many a list names; beyond that it counts."""
TEAMS = 8


@dataclass(frozen=True, slots=True)
class MayIBeNote(Note):
    """What a champion is, for someone who asks whether they may be one."""

    card: Literal["champion_may_be"] = "champion_may_be"


@dataclass(frozen=True, slots=True)
class ChampionNote(Note):
    """What a champion offers now: the areas and how many questions a week."""

    areas: tuple[str, ...] = ()
    limit: int = USUAL
    how: Literal["shown", "new", "saved"] = "shown"
    card: Literal["champion"] = "champion"


@dataclass(frozen=True, slots=True)
class ChampionForm(Note):
    """The form with the areas and the weekly limit."""

    areas: tuple[str, ...] = ()
    limit: int = USUAL
    card: Literal["champion_form"] = "champion_form"


@dataclass(frozen=True, slots=True)
class ChampionsNote(Note):
    """All champions, the mix and the gaps; ``without`` are some of the teams that have none."""

    without: tuple[str, ...] = ()
    teams: int = 0
    card: Literal["champions"] = "champions"

    @property
    def roles(self) -> frozenset[str]:
        """Only the CRM team gets it."""
        return frozenset({Role.CRM_TEAM})


@dataclass(frozen=True, slots=True)
class NominateNote(Note):
    """An invitation to put somebody forward, in a form."""

    card: Literal["nominate"] = "nominate"


@dataclass(frozen=True, slots=True)
class NominateForm(Note):
    """The form: who, and why."""

    card: Literal["nominate_form"] = "nominate_form"


@dataclass(frozen=True, slots=True)
class PutForwardNote(Note):
    """What was agreed: somebody put forward, oneself, later, no, or stepped down."""

    how: Literal["other", "self", "later", "no", "down"]
    card: Literal["put_forward"] = "put_forward"


def champions(_turn: Turn, context: Context) -> Step:
    """Show the CRM team who the champions are."""
    if not context.may(Act.EDIT_PROGRAMME):
        return Step(show=(ForTeamNote("crm_team"),))
    if context.health is None:
        return Step(look=Checkup())
    known = context.health
    bare = known.teams - known.teams_with_champion
    return Step(show=(ChampionsNote(known.without[:TEAMS], bare),))


def champion(_turn: Turn, context: Context) -> Step:
    """Show a champion what they offer; tell anyone else how to become one."""
    if Role.CHAMPION in context.person.roles:
        return Step(show=(_offered(context),))
    return Step(show=(MayIBeNote(),))


def nominate(_turn: Turn, context: Context) -> Step:
    """Begin to put somebody forward."""
    able = context.may(Act.NOMINATE)
    return Step(show=(NominateNote() if able else ForTeamNote("nominators"),))


def read(turn: Turn, context: Context) -> Step:
    """Take what someone says on one of the champions' cards."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="champion.may_i", choice=choice), MayINote() | MayIBeNote():
            return _may_i(choice, note, context)
        case Tapped(verb="champion.invite", choice=choice), InviteNote():
            return _invited(choice, context)
        case Tapped(verb="champion.change"), ChampionNote(areas, limit):
            return Step(form=ChampionForm(areas, limit))
        case Tapped(verb="champion.down"), ChampionNote():
            who = context.person.id
            facts = (ChampionStep(who, "stepped_down"), Grant(who, Role.CHAMPION, given=False))
            return Step(instead=PutForwardNote("down"), facts=facts)
        case Filled(verb="champion.saved", values=values), ChampionNote(areas, limit):
            return _saved(values, ChampionForm(areas, limit), context)
        case Tapped(verb="champion.nominate"), NominateNote():
            return Step(form=NominateForm())
        case Filled(verb="champion.nominated", values=values), NominateNote():
            return _nominated(values, context)
        case _:
            return Step(show=(StaleNote(),))


def _may_i(choice: str, note: MayINote | MayIBeNote, context: Context) -> Step:
    who = context.person.id
    if choice == "yes":
        return Step(instead=PutForwardNote("self"), facts=(Nomination(who),))
    if isinstance(note, MayINote):
        return Step(instead=PutForwardNote("no"), facts=(ChampionStep(who, "declined"),))
    return Step(instead=PutForwardNote("no"))


def _invited(choice: str, context: Context) -> Step:
    who = context.person.id
    match choice:
        case "accept":
            facts = (ChampionStep(who, "accepted"), Grant(who, Role.CHAMPION))
            return Step(instead=ChampionNote(how="new"), facts=facts)
        case "decline":
            return Step(instead=PutForwardNote("no"), facts=(ChampionStep(who, "declined"),))
        case "later":
            return Step(instead=PutForwardNote("later"), facts=(ChampionStep(who, "later"),))
        case _:
            return Step(show=(StaleNote(),))


def _offered(context: Context) -> ChampionNote:
    offered = context.champion
    return ChampionNote(offered.areas, offered.limit) if offered else ChampionNote()


def _saved(values: Mapping[str, str], form: ChampionForm, context: Context) -> Step:
    if Role.CHAMPION not in context.person.roles:
        return Step(show=(StaleNote(),))
    wanted = values.get("areas", "").split(",")
    areas = tuple(a for a in areas_of(context.library.bank) if a in wanted)
    limit = values.get("limit", "")
    errors: list[tuple[str, str]] = []
    if not areas:
        errors.append(("areas", "champion.error.areas"))
    if not limit.isdecimal() or not LEAST <= int(limit) <= MOST:
        errors.append(("limit", "champion.error.limit"))
    if errors:
        return Step(form=form, errors=tuple(errors))
    who, number = context.person.id, int(limit)
    return Step(
        instead=ChampionNote(areas, number, "saved"),
        facts=(ChampionStep(who, "accepted"), Offer(who, areas, number)),
    )


def _nominated(values: Mapping[str, str], context: Context) -> Step:
    """Put somebody forward; a manager does so for the people of their own alone."""
    if not context.may(Act.NOMINATE):
        return Step(instead=ForTeamNote("nominators"))
    who, kind = values.get("who", "").strip(), values.get("kind", "")
    if not who or kind not in KINDS:
        wrong = (("who", "nominate.error.nobody"),) if not who else ()
        wrong += (("kind", "nominate.error.kind"),) if kind not in KINDS else ()
        return Step(form=NominateForm(), errors=wrong)
    if context.found is None:
        return Step(look=Whom(who))
    found = [p for p in context.found if _theirs(p, context)]
    if len(found) != 1:
        key = "nominate.error.several" if found else "nominate.error.nobody"
        return Step(form=NominateForm(), errors=(("who", key),))
    return Step(instead=PutForwardNote("other"), facts=(Nomination(found[0].id, kind),))


def _theirs(person: Person, context: Context) -> bool:
    me = context.person
    return context.may(Act.EDIT_PROGRAMME) or me.id in {person.manager, person.id}


def draw_invite(reader: Reader) -> Card:
    """Draw the invitation."""
    speech = reader.speech
    return Card(
        speech.line("champion_invite.title"),
        (
            Paragraph(speech("champion_invite.body")),
            Paragraph(speech("champion_invite.means", usual=USUAL)),
            Row(
                (
                    Button(
                        speech.line("champion_invite.accept"),
                        Tap("champion.invite", "accept"),
                        "primary",
                    ),
                    Button(speech.line("champion_invite.later"), Tap("champion.invite", "later")),
                    Button(
                        speech.line("champion_invite.decline"), Tap("champion.invite", "decline")
                    ),
                )
            ),
            Paragraph(speech("champion_invite.free"), muted=True),
        ),
    )


def draw_may_i(note: MayINote | MayIBeNote, reader: Reader) -> Card:
    """Draw the question whether a name may be put forward; both begin with the same words."""
    speech = reader.speech
    asked = isinstance(note, MayINote)
    title = "champion_may_i.title" if asked else "champion_may_be.title"
    body = "champion_may_i.body" if asked else "champion_may_be.body"
    private = "champion_may_i.private" if asked else "champion_may_be.private"
    return Card(
        speech.line(title),
        (
            Paragraph(speech(body)),
            Paragraph(speech("champion_invite.means", usual=USUAL)),
            Row(
                (
                    Button(
                        speech.line("champion_may_i.yes"), Tap("champion.may_i", "yes"), "primary"
                    ),
                    Button(speech.line("champion_may_i.no"), Tap("champion.may_i", "no")),
                )
            ),
            Paragraph(speech(private), muted=True),
        ),
    )


def draw_put_forward(note: PutForwardNote, reader: Reader) -> Card:
    """Draw what was agreed."""
    speech = reader.speech
    return Card(
        speech.line(f"put_forward.{note.how}.title"),
        (
            Paragraph(speech(f"put_forward.{note.how}")),
            Row((command(speech, "nominate" if note.how == "other" else "help"),)),
        ),
    )


def draw_champion(note: ChampionNote, reader: Reader) -> Card:
    """Draw what a champion offers, and how to change it."""
    speech = reader.speech
    none = speech.line("champion.none")
    rows = (
        (speech.line("champion.areas"), _areas(note.areas, reader) or none),
        (speech.line("champion.limit"), str(note.limit)),
    )
    return Card(
        speech.line(f"champion.{note.how}.title"),
        (
            Paragraph(speech(f"champion.{note.how}")),
            Facts(rows),
            Row(
                (
                    Button(speech.line("champion.change"), Tap("champion.change"), "primary"),
                    command(speech, "pause"),
                    Button(speech.line("champion.down"), Tap("champion.down")),
                )
            ),
            Paragraph(speech("champion.away"), muted=True),
        ),
    )


def draw_champion_form(note: ChampionForm, reader: Reader) -> Form:
    """Draw the form with the areas and the weekly limit."""
    speech = reader.speech
    bank = reader.library.bank
    areas = tuple(Option(a, area_name(a, reader)) for a in areas_of(bank))
    known = tuple(a for a in note.areas if a in areas_of(bank))
    limits = tuple(Option(str(n), str(n)) for n in range(LEAST, MOST + 1))
    return Form(
        speech.line("champion.form"),
        (
            ChoiceField(
                "areas",
                speech.line("champion.areas.label"),
                areas,
                several=True,
                required=True,
                value=known,
            ),
            ChoiceField(
                "limit",
                speech.line("champion.limit.label"),
                limits,
                required=True,
                value=(str(note.limit),),
            ),
        ),
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("champion.saved"),
    )


def draw_nominate(reader: Reader) -> Card:
    """Draw the invitation to put somebody forward: whom to think of."""
    speech = reader.speech
    return Card(
        speech.line("nominate.title"),
        (
            Paragraph(speech("nominate.body")),
            Paragraph(speech("nominate.mix")),
            Row(
                (
                    Button(speech.line("nominate.open"), Tap("champion.nominate"), "primary"),
                    command(speech, "champions"),
                )
            ),
        ),
    )


def draw_nominate_form(reader: Reader) -> Form:
    """Draw the form: who, and why."""
    speech = reader.speech
    kinds = tuple(Option(k, speech.line(f"champion.kind.{k}")) for k in KINDS)
    return Form(
        speech.line("nominate.form"),
        (
            TextField("who", speech.line("nominate.who"), required=True, longest=200),
            ChoiceField("kind", speech.line("nominate.kind"), kinds, required=True),
        ),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("champion.nominated"),
        speech.line("nominate.lead"),
    )


def draw_champions(note: ChampionsNote, reader: Reader, context: Context) -> Card:
    """Draw the champions per team, the mix and the gaps, with the names as they are now."""
    speech = reader.speech
    found = context.champions
    ours = [c for c in found if c.state == "accepted"]
    body: list[Block] = [Paragraph(speech("champions.lead" if ours else "champions.nobody"))]
    if ours:
        body += [Paragraph(_row(c, reader)) for c in ours[:NAMED]]
    if len(ours) > NAMED:
        body.append(Paragraph(speech("champions.more", n=len(ours) - NAMED)))
    if ours:
        body.append(Paragraph(_mix(ours, speech)))
    bare = gaps(ours, areas_of(reader.library.bank))
    if bare:
        body.append(Paragraph(speech("champions.areas", areas=_areas(bare, reader))))
    if note.teams:
        names = ", ".join(note.without)
        body.append(Paragraph(speech("champions.teams", n=note.teams, teams=names)))
    waiting = [c.person.name for c in found if c.state not in {"accepted", "stepped_down"}]
    if waiting:
        names = ", ".join(sorted(waiting)[:NAMED])
        body.append(Paragraph(speech("champions.waiting", names=names)))
    body.append(Row((command(speech, "nominate", primary=True), command(speech, "health"))))
    body.append(Paragraph(speech("champions.private"), muted=True))
    return Card(speech.line("champions.title"), tuple(body))


def _row(champion: Champion, reader: Reader) -> Rich:
    speech, person = reader.speech, champion.person
    return speech(
        "champions.offer",
        name=f"{person.name} ({person.team})" if person.team else person.name,
        areas=_areas(champion.areas, reader) or speech.line("champion.none"),
        n=champion.limit,
    )


def _mix(ours: list[Champion], speech: Speech) -> Rich:
    often = {k: sum(c.kind == k for c in ours) for k in KINDS}
    return speech("champions.mix", **{k.value: often[k] for k in KINDS})


def _areas(areas: tuple[str, ...], reader: Reader) -> str:
    return ", ".join(area_name(a, reader) for a in areas)


def area_name(area: str, reader: Reader) -> str:
    """Name an area: in our own words, or as the question about it does."""
    if area in AREAS:
        return reader.speech.line(f"area.{area}")
    asked = next((q.id for q in reader.library.bank.values() if q.area == area), "")
    wording = reader.library.wordings.get(asked)
    return reader.speech.own_line(wording.about) if wording else area


def draw_succession(note: SuccessionNote, reader: Reader) -> Card:
    """Draw the alarm that a role is without someone, and what to do."""
    speech = reader.speech
    role = "champion" if note.role == Role.CHAMPION else "sponsor"
    segment = reader.programme.segments.get(note.segment)
    group = speech.own_line(segment.name) if segment else note.segment
    rows = [(speech.line(f"succession.{role}.others"), str(note.others))]
    if group:
        rows.insert(0, (speech.line("succession.segment"), group))
    if note.team:
        rows.insert(0, (speech.line("succession.team"), note.team))
    first = "nominate" if role == "champion" else "health"
    return Card(
        speech.line(f"succession.{role}.title"),
        (
            Paragraph(speech(f"succession.{role}")),
            Facts(tuple(rows)),
            Row((command(speech, first, primary=True), command(speech, "champions"))),
        ),
    )

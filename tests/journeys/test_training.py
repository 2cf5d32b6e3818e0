"""A training session from its invitation to the week after it, with people in both languages.

Who is held up by Awareness or Desire is left in peace, whoever's Awareness nobody knows is asked
first; seats go round by themselves, and a session that is moved takes its reminder with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.store.database import Store
from bot.wiring.parts import Connection, build
from dialogs.card import ChoiceField, Link, Row
from dialogs.turns import Filled
from nudges.adkar import Answer, Element
from nudges.people import Person
from nudges.training import SessionKept, SignedUp, SignupState, Training
from tests import desk as desks
from tests.clock import Clock
from tests.desk import LIBRARY, Desk, open_desk, read, settings

PEOPLE = (
    Person("ann", "Ann Field", zone="Europe/London", job="sales", segment="sales"),
    Person("bob", "Bob van Dam", language="nl", job="sales", segment="sales"),
    Person("kai", "Kai Ngata", zone="Pacific/Auckland", job="sales", segment="sales"),
    Person("dan", "Dan Moor", segment="sales"),
    Person("una", "Una Smit", language="nl", segment="sales"),
    Person("eve", "Eve Moss", segment="service"),
    Person("cor", "Cor Team", language="nl", segment="service", roles=frozenset({"crm_team"})),
    Person("tim", "Tim Trainer", segment="service", roles=frozenset({"champion"})),
)
ZONES = {one.id: ZoneInfo(one.zone) for one in PEOPLE}
FORM = {
    "title_en": "An offer in three steps",
    "title_nl": "Een offerte in drie stappen",
    "why_en": "Same day, no Excel.",
    "why_nl": "Dezelfde dag, zonder Excel.",
    "about": "sales",
    "day": "2026-12-01",
    "time": "10.00",
    "minutes": "90",
    "seats": "2",
    "place": "Room 2.14",
    "link": "https://example.com/join",
    "who": "sales",
    "trainer": "tim",
    "open": "yes",
}
HOURS = {7, 8, 9, 11, 12, 16, 20}
"""In UTC: nine o'clock in each of the zones, summer and winter, and some of the day."""
INVITED = {"en": "A training that fits your work", "nl": "Een training die bij je werk past"}
REMINDED, MOVED, CANCELLED = "Your training on", "A training has changed", "A training is not held"
HOW = {"en": "How was the training?", "nl": "Hoe was de training?"}


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 16, 9, 30, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "PEOPLE", tuple(replace(p, welcomed=True) for p in PEOPLE))
    desks.only_own_tips(monkeypatch)


@pytest.fixture
async def desk(memory: Store, clock: Clock) -> Desk:
    return await begun(memory, clock)


async def begun(store: Store, clock: Clock) -> Desk:
    desk = await open_desk(store, clock)
    for who in ("ann", "bob", "kai"):
        await knows(desk, who, knowledge=2)
    await knows(desk, "dan", desire=2)
    return desk


async def knows(desk: Desk, who: str, **low: int) -> None:
    """Let somebody have answered about everything a fortnight ago; all well but ``low``."""
    at = desk.clock() - timedelta(days=14)
    items = {
        e: next(q for q in LIBRARY.bank.values() if q.scored and q.element is e) for e in Element
    }
    given: list[Answer] = []
    for element, question in items.items():
        wanted = low.get(element, 5)
        given.append(Answer(who, question.id, question.value(wanted), at))
    async with desk.store.write() as work:
        await work.keep_answers(given)


async def make(desk: Desk, **other: str) -> int:
    """Let the CRM team make a session with the form."""
    await desk.says("cor", "trainingen")
    form = await desk.taps("cor", "Nieuwe training")
    assert form is not None
    assert form.form is not None
    await desk.fills("cor", "training_desk.save", FORM | other, form.form.token)
    async with desk.store.read() as work:
        return max(await work.trainings([0], desk.clock()))


async def session(desk: Desk, number: int) -> Training:
    async with desk.store.read() as work:
        return (await work.trainings([number], desk.clock()))[number]


async def stands(desk: Desk, number: int) -> dict[str, str]:
    return {one.person: one.state for one in (await session(desk, number)).signups}


def titles(desk: Desk, who: str) -> list[str]:
    return [seen.card.title for seen in desk.chat(who)]


def links(desk: Desk, who: str) -> list[str]:
    rows = [block for block in desk.last(who).card.body if isinstance(block, Row)]
    return [b.url for row in rows for b in row.buttons if isinstance(b, Link)]


class Days:
    """Hours pass, and whatever wakes wakes; what came is noted with its local time."""

    def __init__(self, desk: Desk, wake: Callable[[], Awaitable[object]] | None = None) -> None:
        self.desk, self.wake = desk, wake or desk.plan
        self.came: list[tuple[str, str, str]] = []

    async def until(self, moment: str) -> list[tuple[str, str, str]]:
        """Go on until a moment in UTC; returns what came on the way."""
        end = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        start = len(self.came)
        while self.desk.clock.now < end:
            self.desk.clock.now = min(_next(self.desk.clock.now), end)
            before = {who: len(self.desk.chat(who)) for who in ZONES}
            await self.wake()
            for who, zone in ZONES.items():
                local = self.desk.clock.now.astimezone(zone)
                new = self.desk.chat(who)[before[who] :]
                self.came += [(who, f"{local:%a %d %b %H}", s.card.title) for s in new]
        return self.came[start:]


def _next(now: datetime) -> datetime:
    """Return the next hour at which somebody's day begins, or is well under way."""
    later = (now + timedelta(hours=n) for n in range(1, 25))
    return next(hour for hour in later if hour.hour in HOURS)


def other(desk: Desk) -> Desk:
    """Return a second process on the same database."""
    browser = Connection("browser", read, desk.notebook)
    return replace(desk, app=build(settings(), desk.store, [browser], desk.clock))


def two(desk: Desk) -> Callable[[], Awaitable[object]]:
    second = other(desk)

    async def both() -> None:
        rounds = ("training news", "training", "training invitations")
        for name in rounds:
            await asyncio.gather(*(app.rounds[name][0]() for app in (desk.app, second.app)))
        await desk.plan()

    return both


def restarted(desk: Desk) -> Callable[[], Awaitable[object]]:
    async def again() -> None:
        await other(desk).plan()

    return again


WAYS: Mapping[str, Callable[[Desk], Callable[[], Awaitable[object]]]] = {
    "one": lambda desk: desk.plan,
    "two": two,
    "restarted": restarted,
}


@pytest.mark.parametrize("way", WAYS)
async def test_from_the_invitation_to_the_week_after(desk: Desk, way: str) -> None:
    number = await make(desk)
    days = Days(desk, WAYS[way](desk))
    came = await days.until("2026-11-17 06:00")
    asked = [(who, title) for who, _, title in came if who != "cor"]
    assert sorted(asked) == [
        ("ann", INVITED["en"]),
        ("bob", INVITED["nl"]),
        ("kai", INVITED["en"]),
        ("una", "Een vraag voor jou"),
    ], "dan is held up by Desire, una is asked about Awareness first, eve is no part of it"
    assert {when for who, when, _ in came if who == "kai"} == {"Tue 17 Nov 09"}
    invitation = desk.last("bob")
    assert "dinsdag 1 december, 10:00\u201311:30" in invitation.text
    assert "zien de trainer en het CRM-team" in invitation.text
    assert "Tuesday 1 December, 22:00\u201323:30" in desk.last("kai").text, "in their own zone"
    assert links(desk, "bob") == [], "the link is for those who have a seat"

    await desk.taps("ann", "Sign me up")
    assert "You have a seat." in desk.last("ann").text
    assert links(desk, "ann") == ["https://example.com/join"]
    await desk.taps("bob", "Meld me aan")
    await desk.says("dan", "trainigns")
    await desk.taps("dan", "1. An offer in three steps")
    await desk.taps("dan", "Put me on the waiting list")
    assert "You are number 1 on the waiting list" in desk.last("dan").text, "it was theirs to find"
    assert await stands(desk, number) == {"ann": "seat", "bob": "seat", "dan": "waiting"}

    await desk.taps("ann", "I can't come")
    assert await stands(desk, number) == {"ann": "withdrawn", "bob": "seat", "dan": "seat"}
    await days.until("2026-11-17 09:00")
    assert titles(desk, "dan")[-1] == "A seat came free: it is yours"
    assert links(desk, "dan") == ["https://example.com/join"]

    await held(desk, number, days)


async def held(desk: Desk, number: int, days: Days) -> None:
    """Go on from the last sign-up to a fortnight after the session."""
    came = await days.until("2026-12-01 08:30")
    assert [c for c in came if "training" in c[2].lower()] == [
        ("bob", "Mon 30 Nov 09", "Je training op dinsdag 1 december"),
        ("dan", "Mon 30 Nov 09", "Your training on Tuesday 1 December"),
    ], "ann withdrew"
    before = [
        (who, when) for who, when, t in came if t in {"Een vraag voor jou", "A question for you"}
    ]
    assert {who for who, _ in before} >= {"bob", "dan"}
    marked = {one.person: one.before for one in (await session(desk, number)).signups}
    assert marked["bob"].startswith("pulse:2026-W4")
    assert marked["ann"] == ""

    await days.until("2026-12-01 12:00")
    await desk.says("tim", "training")
    assert "Nothing is planned" in desk.last("tim").text
    await desk.says("cor", "trainingen")
    await desk.taps("cor", "1. Een offerte in drie stap…")
    form = await desk.taps("cor", "Wie er was")
    assert form is not None
    assert form.form is not None
    asks = form.form.form.fields[0]
    assert isinstance(asks, ChoiceField)
    place = next(one.value for one in asks.options if one.label == "Dan Moor")
    await desk.fills("cor", "training_desk.attended", {"there": place}, form.form.token)
    assert await stands(desk, number) == {"ann": "withdrawn", "bob": "missed", "dan": "attended"}
    assert "Zij waren erbij: Dan Moor" in desk.last("cor").text

    came = await days.until("2026-12-04 18:00")
    after = [(who, title) for who, _, title in came if title in HOW.values()]
    assert ("dan", HOW["en"]) in after
    assert "No harm done" not in titles(desk, "dan")
    assert "Geeft niets" in titles(desk, "bob"), "nobody is blamed"
    assert "ann" not in {who for who, _ in after}
    await desk.taps("dan", "Partly", desk.having("dan", "Partly"))
    found = next(o for o in (await session(desk, number)).signups if o.person == "dan")
    assert (found.useful, found.reported) == ("partly", True)

    await days.until("2026-12-18 18:00")
    found = next(o for o in (await session(desk, number)).signups if o.person == "dan")
    assert found.after.startswith("pulse:2026-W5"), "a week after it"
    said = [(who, title) for who, _, title in days.came if "training" in title.lower()]
    assert len(said) == len(set(said)), "nothing is said twice"
    for who in ZONES:
        pulses = [when for w, when, t in days.came if w == who and "question for you" in t]
        weeks = [datetime.strptime(f"2026 {w}", "%Y %a %d %b %H").isocalendar()[1] for w in pulses]  # noqa: DTZ007
        assert len(weeks) == len(set(weeks)), "one pulse a week"


async def test_who_answers_that_they_know_why_is_invited_after_all(desk: Desk) -> None:
    await make(desk)
    days = Days(desk)
    await days.until("2026-11-16 12:00")
    assert titles(desk, "una") == ["Een vraag voor jou"]
    await desk.taps("una", "5")
    if "5" in desk.last("una").buttons:
        await desk.taps("una", "5")
    came = await days.until("2026-11-18 12:00")
    assert ("una", "Tue 17 Nov 09", INVITED["nl"]) in came
    assert INVITED["en"] not in titles(desk, "dan")


async def test_who_does_not_know_why_is_not_invited(desk: Desk) -> None:
    await make(desk)
    days = Days(desk)
    await days.until("2026-11-16 12:00")
    await desk.taps("una", "1")
    if "1" in desk.last("una").buttons:
        await desk.taps("una", "1")
    await days.until("2026-11-27 12:00")
    assert INVITED["nl"] not in titles(desk, "una")
    await desk.says("una", "trainingen")
    assert "Een offerte in drie stappen" in desk.last("una").text, "but given when asked for"


async def test_a_barrier_that_comes_in_between_holds_an_invitation_back(desk: Desk) -> None:
    async with desk.store.write() as work:
        kai = (await work.people(["kai"]))["kai"]
        await work.save([replace(kai, away_until=desk.clock() + timedelta(days=2))], desk.clock())
    await make(desk)
    days = Days(desk)
    await days.until("2026-11-17 06:00")
    assert titles(desk, "kai") == []
    a = next(q for q in LIBRARY.bank.values() if q.scored and q.element is Element.AWARENESS)
    async with desk.store.write() as work:
        await work.keep_answers([Answer("kai", a.id, a.value(1), desk.clock())])
    await days.until("2026-11-27 06:00")
    assert titles(desk, "kai") == []


async def test_a_cancelled_session_is_told_to_everybody_who_signed_up_and_to_nobody_else(
    desk: Desk,
) -> None:
    number = await make(desk, seats="1")
    await sign_up(desk, number, "ann", "bob")
    async with desk.store.write() as work:
        ann = (await work.people(["ann"]))["ann"]
        await work.save([replace(ann, stopped=True)], desk.clock())
    await desk.says("cor", "trainingen")
    await desk.taps("cor", "1. Een offerte in drie stap…")
    assert "Ann Field" in desk.last("cor").text
    assert "Wachtlijst, op volgorde: Bob van Dam" in desk.last("cor").text
    await desk.taps("cor", "Afzeggen")
    await desk.taps("cor", "Ja, zeg af")
    assert "Gaat niet door" in desk.last("cor").text
    days = Days(desk)
    came = await days.until("2026-12-12 12:00")
    assert [(who, title) for who, _, title in came if "training" in title] == [
        ("ann", CANCELLED),
        ("bob", "Een training gaat niet door"),
    ]


async def sign_up(desk: Desk, number: int, *who: str) -> None:
    for one in who:
        async with desk.store.write() as work:
            await work.keep([SignedUp(number)], one, desk.clock())


async def test_a_session_moved_over_the_change_of_the_clocks(memory: Store) -> None:
    desk = await begun(memory, Clock(datetime(2026, 10, 12, 7, 30, tzinfo=UTC)))
    number = await make(desk, day="2026-10-23", seats="9")
    assert (await session(desk, number)).session.starts == datetime(2026, 10, 23, 8, tzinfo=UTC)
    await sign_up(desk, number, "ann", "bob")
    days = Days(desk)
    await days.until("2026-10-19 10:00")
    await desk.says("cor", "trainingen")
    await desk.taps("cor", "1. Een offerte in drie stap…")
    form = await desk.taps("cor", "Veranderen")
    assert form is not None
    assert form.form is not None
    moved = FORM | {"day": "2026-10-26", "seats": "9"}
    await desk.fills("cor", "training_desk.save", moved, form.form.token)
    assert (await session(desk, number)).session.starts == datetime(2026, 10, 26, 9, tzinfo=UTC)
    came = await days.until("2026-10-26 08:00")
    said = [c for c in came if "training" in c[2] and c[0] in {"ann", "bob"}]
    assert said == [
        ("ann", "Mon 19 Oct 12", MOVED),
        ("bob", "Mon 19 Oct 13", "Een training is veranderd"),
        ("bob", "Fri 23 Oct 09", "Je training op maandag 26 oktober"),
        ("ann", "Fri 23 Oct 09", "Your training on Monday 26 October"),
    ]
    text = next(s.text for s in desk.chat("ann") if s.card.title.startswith(REMINDED))
    assert "Monday 26 October, 09:00\u201310:30" in text
    text = next(s.text for s in desk.chat("bob") if s.card.title.startswith("Je training op"))
    assert "maandag 26 oktober, 10:00\u201311:30" in text
    assert "Room 2.14" in text


async def test_a_reminder_on_its_way_does_not_outlive_a_move(desk: Desk) -> None:
    number = await make(desk)
    await sign_up(desk, number, "ann")
    kept = await session(desk, number)
    desk.clock.now = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert await desk.app.rounds["training"][0]()
    later = replace(kept.session, starts=kept.session.starts + timedelta(days=7))
    async with desk.store.write() as work:
        await work.keep([SessionKept(later, number)], "cor", desk.clock())
    days = Days(desk)
    came = await days.until("2026-12-08 08:00")
    mine = [(when, title) for who, when, title in came if who == "ann" and "training" in title]
    assert mine == [
        ("Mon 30 Nov 11", MOVED),
        ("Mon 07 Dec 09", "Your training on Tuesday 8 December"),
    ]


async def test_who_leaves_gives_their_seat_to_the_next(desk: Desk) -> None:
    number = await make(desk, seats="1")
    await sign_up(desk, number, "ann", "bob")
    async with desk.store.write() as work:
        ann = (await work.people(["ann"]))["ann"]
        await work.save([replace(ann, left=True)], desk.clock())
    await desk.plan()
    assert await stands(desk, number) == {"ann": "withdrawn", "bob": "seat"}
    assert titles(desk, "bob")[-1] == "Er kwam een plek vrij: die is voor jou"


async def test_the_trainer_sees_who_comes_and_others_do_not(desk: Desk) -> None:
    number = await make(desk)
    await sign_up(desk, number, "ann")
    await desk.says("tim", "training")
    await desk.taps("tim", "1. An offer in three steps")
    await desk.taps("tim", "Who comes")
    assert "These people come: Ann Field" in desk.last("tim").text
    assert "Change" not in desk.last("tim").buttons
    await desk.says("bob", "trainingen")
    await desk.taps("bob", "1. Een offerte in drie stap…")
    assert "Wie er komt" not in desk.last("bob").buttons
    assert "Ann" not in desk.last("bob").text


async def test_who_let_two_invitations_pass_gets_no_third(desk: Desk) -> None:
    for day in ("2026-11-30", "2026-12-01", "2026-12-02"):
        await make(desk, day=day)
        await Days(desk).until((desk.clock() + timedelta(days=1)).isoformat()[:16])
    await Days(desk).until("2026-11-27 12:00")
    assert titles(desk, "ann").count(INVITED["en"]) == 2
    await desk.says("ann", "training")
    assert len([b for b in desk.last("ann").buttons if b.startswith(("1.", "2.", "3."))]) == 3


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title_nl", "", "Schrijf een titel."),
        ("seats", "0", "Een training heeft 1 tot 90 plekken."),
        ("seats", "many", "Een training heeft 1 tot 90 plekken."),
        ("minutes", "5", "Een training duurt 10 tot 600 minuten."),
        ("link", "http://example.com", "Een link moet met https:// beginnen."),
        ("link", "javascript:alert(1)", "Een link moet met https:// beginnen."),
        ("time", "25:00", "Schrijf de tijd als 08:30."),
        ("day", "soon", "Kies een dag."),
        ("day", "2026-11-02", "Dat moment is al voorbij; kies een later moment."),
        ("rule", "barrier is desire", "Een training kan niet zijn voor mensen"),
        ("rule", "nobody reads this", "Vanaf teken 1 kan ik dit niet lezen"),
    ],
)
async def test_what_cannot_be_kept_is_refused(
    desk: Desk, field: str, value: str, said: str
) -> None:
    await desk.says("cor", "trainingen")
    form = await desk.taps("cor", "Nieuwe training")
    assert form is not None
    assert form.form is not None
    values = FORM | {field: value} | ({"who": "own"} if field == "rule" else {})
    reply = await desk.arrive(
        Filled(desks.at("cor"), "training_desk.save", "", form.form.token, values)
    )
    assert reply is not None
    assert said in reply.errors[field]
    async with desk.store.read() as work:
        assert await work.trainings([0], desk.clock()) == {}


async def test_a_time_that_the_clocks_skip_is_refused(memory: Store) -> None:
    desk = await begun(memory, Clock(datetime(2027, 3, 1, 9, tzinfo=UTC)))
    await desk.says("cor", "trainingen")
    form = await desk.taps("cor", "Nieuwe training")
    assert form is not None
    assert form.form is not None
    values = FORM | {"day": "2027-03-28", "time": "02:30"}
    await desk.fills("cor", "training_desk.save", values, form.form.token)
    async with desk.store.read() as work:
        assert await work.trainings([0], desk.clock()) == {}


async def test_on_every_kind_of_store(store: Store, clock: Clock) -> None:
    desk = await begun(store, clock)
    number = await make(desk, seats="1")
    await desk.plan()
    await desk.taps("bob", "Meld me aan")
    await desk.taps("ann", "Sign me up", desk.last("ann"))
    assert await stands(desk, number) == {"bob": "seat", "ann": "waiting"}
    await desk.taps("bob", "Ik kan niet")
    desk.clock.pass_(minutes=1)
    await desk.plan()
    assert titles(desk, "ann")[-1] == "A seat came free: it is yours"
    assert SignupState.SEAT in (await stands(desk, number)).values()

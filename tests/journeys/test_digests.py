"""Mondays of two managers and the one above them: what they read, and what they never do."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from adapters.store.releases import Release
from adapters.store.schema import erasers
from nudges.adkar import Answer
from nudges.adoption import Metric, Use
from nudges.broadcast import Draft, HandedIn, Message, Received, Stage, occasion
from nudges.broadcast_notes import BroadcastNote
from nudges.delivery import Delivery, Priority, State
from nudges.digest import DigestNote
from nudges.people import Person
from nudges.programme import Outcome
from nudges.roles import Grant, Role
from tests import desk as house
from tests.clock import Clock
from tests.desk import PROGRAMME, Desk, Seen, at, open_desk

EARLY = datetime(2026, 11, 16, 3, 30, tzinfo=UTC)
"""A Monday, half an hour before last week is over; half past four in Amsterdam."""
W46 = date(2026, 11, 9)
WEEK = timedelta(weeks=1)
LEADERS = ("abe", "bea", "dora")
CROWD = tuple(f"{head}{n}" for head in ("abe", "bea") for n in range(9))
TITLE = "Your team in week 46"
UPWARDS = "The organisation in week 46"


@pytest.fixture
async def desk(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return await company(memory, clock, monkeypatch)


async def company(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a house with a director, two managers, nine people each, and a sponsor."""
    house.only_own_tips(monkeypatch)
    clock.now = EARLY
    opened = await open_desk(memory, clock)
    async with memory.write() as work:
        leaders = [Person(who, who.title(), language="en", zone="Europe/Amsterdam",
                          manager="" if who == "dora" else "dora", addresses=(at(who),))
                   for who in LEADERS]  # fmt: skip
        sponsor = Person("sam", "Sam", language="en", addresses=(at("sam"),))
        crowd = [Person(who, who, manager=who[:3], welcomed=False) for who in CROWD]
        await work.save([*leaders, sponsor, *crowd], EARLY)
        roles = [Grant(who, Role.MANAGER) for who in LEADERS] + [Grant("sam", Role.SPONSOR)]
        await work.keep(roles, "settings", EARLY)
        result = Outcome({"en": "Offers the same day"}, "%", 40, 80, {"2026-10": 55})
        await work.keep_programme(replace(PROGRAMME, outcomes=(result,)))
    await say(opened, {who: 2 if n % 3 else 5 for n, who in enumerate((*CROWD, "abe", "bea"))})
    await use(opened, W46)
    return opened


async def say(desk: Desk, scores: Mapping[str, int]) -> None:
    """Let people answer something about Desire and something about Awareness."""
    at_ = desk.clock() - timedelta(hours=1)
    async with desk.store.write() as work:
        await work.keep_answers(
            [Answer(who, "A1", 5, at_) for who in scores]
            + [Answer(who, "D1", score, at_) for who, score in scores.items()]
        )
        await work.outlook_due(list(scores))
    await desk.app.rounds["outlooks"][0]()


async def use(desk: Desk, week: date) -> None:
    async with desk.store.write() as work:
        told = [
            Use(who, week, {Metric.ACTIVE_DAYS: n % 2, Metric.RECORDS: 3 + n % 4})
            for n, who in enumerate(CROWD)
        ]
        await work.keep_usage(told, "file", desk.clock())


async def hours(desk: Desk, many: int, step: int = 1) -> None:
    """Let hours go by, with two tickers at once."""
    for _ in range(many // step):
        desk.clock.pass_(hours=step)
        for name in ("closings", "digests"):
            what, _ = desk.app.rounds[name]
            await asyncio.gather(what(), what())
        await desk.app.settle()


def cards(desk: Desk, who: str, title: str = TITLE) -> list[Seen]:
    return [seen for seen in desk.chat(who) if seen.card.title == title]


async def released(desk: Desk) -> list[Release]:
    async with desk.store.read() as work:
        return await work.released(1000)


async def told(desk: Desk, who: str, view: str = "team") -> DigestNote:
    async with desk.store.read() as work:
        had = (await work.history([who], EARLY - timedelta(days=1)))[who]
    notes = [m.note for m in had if isinstance(m.note, DigestNote) and m.note.view == view]
    return notes[-1]


class TestMonday:
    async def test_each_gets_their_own_in_their_own_morning(self, desk: Desk) -> None:
        await hours(desk, 4)
        assert not any(cards(desk, who) for who in LEADERS), "it is half past eight in Amsterdam"
        await hours(desk, 1)
        assert {who: len(cards(desk, who)) for who in LEADERS} == dict.fromkeys(LEADERS, 1)
        assert len(cards(desk, "sam", UPWARDS)) == 1
        assert not cards(desk, "sam")
        assert not cards(desk, "dora", UPWARDS)
        assert not {who for who in desk.notebook.chats if who in CROWD}
        await hours(desk, 24, 4)
        assert {who: len(cards(desk, who)) for who in LEADERS} == dict.fromkeys(LEADERS, 1)

    async def test_who_leads_more_is_told_of_all_and_nobody_of_another_team(
        self, desk: Desk
    ) -> None:
        await hours(desk, 6)
        bands = {who: (await told(desk, who)).lines[0].number.band for who in LEADERS}
        assert bands["dora"] in {"10-19", "20-49"}
        assert {"abe", "bea"} & {who for who, band in bands.items() if band in {"5-9", "10-19"}}
        units = {(r.viewer, r.unit) for r in await released(desk)}
        assert units == {("abe", "abe"), ("bea", "bea"), ("dora", "dora"), ("sam", "")}

    async def test_the_first_one_says_what_they_never_see(self, desk: Desk) -> None:
        await hours(desk, 6)
        assert "never" in cards(desk, "bea")[0].text
        await use(desk, W46 + timedelta(weeks=1))
        await hours(desk, 7 * 24, 4)
        (next_one,) = cards(desk, "bea", "Your team in week 47")
        assert "never" not in next_one.text

    async def test_nobody_and_no_exact_number_of_people_stands_in_it(self, desk: Desk) -> None:
        await hours(desk, 6)
        for who in LEADERS:
            text = cards(desk, who)[0].text
            assert not any(re.search(rf"\b{one}\b", text) for one in (*CROWD, *LEADERS))

    async def test_one_up_hears_of_results_too(self, desk: Desk) -> None:
        await hours(desk, 6)
        assert "Offers the same day" in cards(desk, "sam", UPWARDS)[0].text
        assert "Offers the same day" not in cards(desk, "dora")[0].text

    async def test_one_up_hears_who_was_reached_and_who_left(self, desk: Desk) -> None:
        draft = Draft(Message({"en": "Why"}, {"en": "Because."}), "everyone", 18)
        sent = datetime(2026, 11, 10, 9, tzinfo=UTC)
        async with desk.store.write() as work:
            await work.keep([HandedIn(draft, Stage.BEGUN)], "sam", sent)
            number = max(await work.broadcasts())
            due = [
                Delivery(occasion(number), who, BroadcastNote(number), Priority.BROADCAST, sent)
                for who in CROWD
            ]
            await work.queue(due)
            done = deliveries.update().where(deliveries.c.run == occasion(number))
            await work.connection.execute(done.values(state=State.SENT.value, sent_at=sent))
            for who in CROWD[:6]:
                await work.keep([Received(number)], who, sent)
            await work.save([Person("cyd", "Cyd", team="North")], EARLY)
            await work.keep([Grant("cyd", Role.CHAMPION)], "settings", EARLY)
            await work.save([Person("cyd", "Cyd", team="North", left=True)], EARLY)
            assert await work.departed(EARLY)
        await hours(desk, 6)
        text = cards(desk, "sam", UPWARDS)[0].text
        assert re.search(r"Confirmed the last message: 3 (in|out of|of) 10", text)
        assert "North" in text
        assert "Confirmed" not in cards(desk, "abe")[0].text

    async def test_fewer_and_fewer_active_people_are_an_alarm(self, desk: Desk) -> None:
        async with desk.store.write() as work:
            programme = await work.programme()
            sales = replace(programme.segment("sales"), go_live=date(2026, 11, 2))
            live = replace(programme, segments={**programme.segments, "sales": sales})
            await work.keep_programme(live)
        for nth in range(5):
            active = 14 - 3 * nth // 2
            async with desk.store.write() as work:
                await work.keep_usage(
                    [
                        Use(who, W46 + nth * WEEK, {Metric.ACTIVE_DAYS: int(n < active)})
                        for n, who in enumerate(CROWD)
                    ],
                    "file",
                    desk.clock(),
                )
            desk.clock.now = EARLY + nth * WEEK
            await hours(desk, 6)
            seen = cards(desk, "sam", f"The organisation in week {46 + nth}")
            assert ("Fewer people come" in seen[0].text) is (nth == 4)
        assert "Fewer people come" not in cards(desk, "dora", "Your team in week 50")[0].text

    async def test_who_stopped_left_or_leads_nobody_gets_none(self, desk: Desk) -> None:
        async with desk.store.write() as work:
            found = await work.people(["abe", "bea", *CROWD])
            changed = [replace(found["abe"], stopped=True)]
            changed += [replace(found[w], manager="abe") for w in CROWD if w.startswith("bea")]
            await work.save(changed, EARLY)
        await hours(desk, 6)
        assert [who for who in LEADERS if cards(desk, who)] == ["dora"]

    async def test_after_a_long_sleep_the_last_week_is_told_once(self, desk: Desk) -> None:
        desk.clock.pass_(days=9)
        await use(desk, W46 + timedelta(weeks=1))
        await hours(desk, 6)
        assert not cards(desk, "abe")
        assert len(cards(desk, "abe", "Your team in week 47")) == 1

    async def test_what_would_come_a_week_late_does_not_come(self, desk: Desk) -> None:
        desk.clock.pass_(days=5)
        await hours(desk, 72, 4)
        assert not cards(desk, "abe")
        assert len(cards(desk, "abe", "Your team in week 47")) == 1

    async def test_use_that_comes_in_the_morning_is_in_it(self, desk: Desk) -> None:
        async with desk.store.write() as work:
            await work.try_usage("crm", W46, EARLY, again=False, tries=0)
        await hours(desk, 3)
        async with desk.store.write() as work:
            whole = [Metric.ACTIVE_DAYS, Metric.RECORDS]
            await work.week_told("crm", W46, whole, again=False)
        await hours(desk, 3)
        kinds = {line.number.kind for line in (await told(desk, "dora")).lines}
        assert {"active", "records"} <= kinds

    async def test_too_few_get_a_friendly_card_without_numbers(self, desk: Desk) -> None:
        async with desk.store.write() as work:
            found = await work.people(CROWD)
            gone = [replace(p, left=True) for w, p in found.items() if w not in {"abe0", "bea0"}]
            await work.save(gone, EARLY)
        await hours(desk, 6)
        (card,) = cards(desk, "abe")
        assert not (await told(desk, "abe")).lines
        assert not re.search(r"\d (in|of) \d|%", card.text)
        assert await released(desk) == []


class TestFrozen:
    async def test_asked_for_it_is_the_same_whatever_came_since(self, desk: Desk) -> None:
        await hours(desk, 6)
        before = (await told(desk, "abe")).lines
        ledger = await released(desk)
        await say(desk, dict.fromkeys(CROWD, 5))
        await hours(desk, 30, 6)
        await desk.says("abe", "digest")
        assert (await told(desk, "abe")).lines == before
        assert cards(desk, "abe")[0].text.splitlines()[3:] != []
        assert len(cards(desk, "abe")) == 2
        assert await released(desk) == ledger

    async def test_who_is_forgotten_changes_nothing_that_was_told(self, desk: Desk) -> None:
        await hours(desk, 6)
        before = (await told(desk, "bea")).lines
        async with desk.store.write() as work:
            for statement in erasers("bea4"):
                await work.connection.execute(statement)
        await hours(desk, 3)
        await desk.says("bea", "digest")
        assert (await told(desk, "bea")).lines == before

    async def test_a_team_that_was_given_away_is_not_told_to_who_had_it(self, desk: Desk) -> None:
        await hours(desk, 4)
        desk.clock.pass_(hours=1)
        await desk.app.rounds["digests"][0]()
        async with desk.store.write() as work:
            found = await work.people([who for who in CROWD if who.startswith("abe")])
            await work.save([replace(p, manager="bea") for p in found.values()], desk.clock())
        await desk.app.settle()
        assert not cards(desk, "abe")
        assert len(cards(desk, "bea")) == 1

    async def test_who_lost_the_role_is_not_told(self, desk: Desk) -> None:
        await hours(desk, 4)
        desk.clock.pass_(hours=1)
        await desk.app.rounds["digests"][0]()
        async with desk.store.write() as work:
            gone = Grant("abe", Role.MANAGER, given=False)
            await work.keep([gone], "settings", desk.clock())
        await desk.app.settle()
        assert not cards(desk, "abe")
        await desk.says("abe", "digest")
        assert not cards(desk, "abe")

    async def test_each_number_is_in_the_ledger_and_no_other(self, desk: Desk) -> None:
        await hours(desk, 6)
        for who in LEADERS:
            note = await told(desk, who)
            kinds = {str(line.number.kind) for line in note.lines} - {"decided"}
            mine = [r for r in await released(desk) if r.viewer == who]
            assert {r.measure for r in mine} == kinds
            assert {r.channel for r in mine} == {"digest"}
            assert all(r.told is not None for r in mine)

    async def test_killed_before_it_was_kept_it_is_told_once(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await hours(desk, 4)
        desk.clock.pass_(hours=1)

        async def dies(*_: object) -> None:
            message = "killed"
            raise RuntimeError(message)

        async with desk.store.read() as work:
            whole = type(work).note_shown
            monkeypatch.setattr(type(work), "note_shown", dies)
        with pytest.raises(RuntimeError, match="killed"):
            await desk.app.rounds["digests"][0]()
        assert await released(desk) == []
        monkeypatch.setattr(type(work), "note_shown", whole)
        await hours(desk, 2)
        assert {who: len(cards(desk, who)) for who in LEADERS} == dict.fromkeys(LEADERS, 1)


class TestMovement:
    async def test_what_moved_is_told_from_what_was_told(self, desk: Desk) -> None:
        await hours(desk, 6)
        for week in (1, 2):
            async with desk.store.write() as work:
                values = {Metric.ACTIVE_DAYS: 1.0}
                none = {Metric.ACTIVE_DAYS: 0.0}
                await work.keep_usage(
                    [Use(w, W46 + week * timedelta(weeks=1), none if n % 5 == 0 else values)
                     for n, w in enumerate(CROWD)], "file", desk.clock(),
                )  # fmt: skip
            await hours(desk, 7 * 24, 4)
        lines = (await told(desk, "dora")).lines
        line = next(one for one in lines if one.number.kind == "active")
        assert line.before
        assert line.moved() == "same"
        assert line.number.share("yes") == line.before.share("yes") == 0.8

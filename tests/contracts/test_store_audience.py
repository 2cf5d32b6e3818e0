"""Whom a rule means: the database says what the rule says, for everybody, at any moment."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from adapters.store.database import Store, Work
from adapters.store.schema import erasers
from adapters.store.standings import standings
from bot.outlooks import work_out
from nudges.address import Address
from nudges.adkar import Answer, Element, Question, stand
from nudges.audience import (
    EVERYONE,
    And,
    Facts,
    Field,
    Group,
    GroupKind,
    In,
    Is,
    Not,
    Or,
    Rule,
    matches,
)
from nudges.audience_language import parse, written
from nudges.audience_words import VALUES
from nudges.directory import Entry, Telling
from nudges.hours import local_day
from nudges.outlook import outlook
from nudges.people import Person
from nudges.phases import Phase, phase
from nudges.programme import Programme, Segment
from nudges.roles import Grant, Role
from tests.clock import MONDAY

DAY = timedelta(days=1)
BANK = {f"{e}{n}": Question(f"{e}{n}", e, reversed=n == 2) for e in Element for n in (1, 2)}
TODAY = MONDAY.date()
SEGMENTS = {
    "sales": Segment("sales", go_live=TODAY),
    "service": Segment("service", go_live=TODAY - 89 * DAY),
    "field": Segment("field", go_live=TODAY + 40 * DAY),
    "later": Segment("later"),
}
MOMENTS = (
    MONDAY,
    datetime(2026, 11, 16, 0, 30, tzinfo=MONDAY.tzinfo),
    datetime(2026, 11, 16, 23, 30, tzinfo=MONDAY.tzinfo),
    MONDAY + 20 * DAY,
    MONDAY + 41 * DAY,
    MONDAY + 70 * DAY,
)
"""Moments at which the world has several dates, phases change, and answers grow old."""
ODD = (
    "%",
    "_",
    "a%b_c",
    "x' OR '1'='1",
    '"; DROP TABLE people; --',
    "\\",
    "Zoë",
    "ZOË",
    ":x",
    "$1",
    "y" * 1900,
)
TEAMS = (
    "",
    "Sales",
    "Sales/North",
    "Sales/North/Inside",
    "Salesforce",
    "sales/north",
    "S%",
    "S_les/x",
)
ZONES = ("Europe/Amsterdam", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "UTC")
COUNTRIES = ("", "", "NL", "DE", "DE-BY", "D", "nl")
GROUPS = (
    Group(GroupKind.LIST, "pilot"),
    Group(GroupKind.LIST, "Pilot"),
    Group(GroupKind.SLACK_GROUP, "S012"),
    Group(GroupKind.ENTRA_GROUP, "pilot"),
)

NUMBERS = (7, 8, 70)
"""Broadcasts of which some people said that they got them."""


class Crowd:
    """People with everything a rule can ask about, the same each time."""

    def __init__(self, seed: int, size: int = 120) -> None:
        self.dice = dice = random.Random(seed)  # noqa: S311 - the same dice each time
        self.people = [
            Person(
                f"p{n}",
                team=dice.choice(TEAMS),
                job=dice.choice(("sales", "", *ODD)),
                segment=dice.choice((*SEGMENTS, "", "gone", *ODD)),
                language=dice.choice(("en", "nl")),
                zone=dice.choice(ZONES),
                country=dice.choice(COUNTRIES),
                level=dice.randrange(4),
                left=dice.random() < 0.1,
                roles=frozenset(dice.sample(("manager", "sponsor", "author"), dice.randrange(3))),
                addresses=(Address("slack", "T1", f"U{n}"),),
            )
            for n in range(size)
        ]
        self.answers = {p.id: self._answers(p.id) for p in self.people}
        self.groups = {
            group: frozenset(p.id for p in self.people if dice.random() < 0.4) for group in GROUPS
        }
        self.got = {n: frozenset(p.id for p in self.people if dice.random() < 0.5) for n in NUMBERS}

    def _answers(self, who: str) -> list[Answer]:
        return [
            Answer(
                who,
                self.dice.choice([*BANK]),
                self.dice.choice((None, 1, 2, 3, 3, 4, 5)),
                MONDAY - timedelta(hours=self.dice.randrange(1, 24 * 70), microseconds=n),
                not_applicable=self.dice.random() < 0.1,
            )
            for n in range(self.dice.randrange(9))
        ]

    async def move_in(self, store: Store) -> None:
        async with store.write() as work:
            await work.keep_programme(Programme({}, segments=SEGMENTS))
            await work.save(self.people, MONDAY)
            await work.keep_answers([a for given in self.answers.values() for a in given])
            for group, whom in self.groups.items():
                if group.kind is GroupKind.LIST:
                    await work.keep_list(group, whom, "pilot.csv", MONDAY)
                else:
                    homes = [Address("slack", "T1", f"U{who[1:]}") for who in whom]
                    await work.keep_group(group, homes, "Slack", MONDAY)
            for number, whom in self.got.items():
                for who in sorted(whom):
                    await work.receive(number, who, MONDAY)
        await work_out(store, BANK, lambda: min(MOMENTS), part=50)

    def meant(self, rule: Rule, now: datetime) -> list[str]:
        return sorted(p.id for p in self.people if matches(rule, self.facts(p, now)))

    def facts(self, person: Person, now: datetime) -> Facts:
        segment = SEGMENTS.get(person.segment, Segment(person.segment))
        go_live = segment.live_from(person.zone)
        standing = stand(self.answers[person.id], BANK, now, go_live)
        groups = frozenset(group for group, whom in self.groups.items() if person.id in whom)
        got = frozenset(number for number, whom in self.got.items() if person.id in whom)
        return Facts(person, phase(segment, local_day(person, now)), standing.barrier, groups, got)

    def rule(self, depth: int = 3) -> Rule:
        dice = self.dice
        kind = dice.randrange(6 if depth else 3)
        if kind == 0:
            return dice.choice([EVERYONE, *(In(group) for group in GROUPS)])
        if kind <= 2:
            return self.leaf(dice.choice(list(Field)))
        if kind == 3:
            return Not(self.rule(depth - 1))
        return dice.choice((And, Or))(
            tuple(self.rule(depth - 1) for _ in range(dice.randrange(2, 4)))
        )

    def leaf(self, field: Field) -> Rule:
        own: dict[Field, tuple[str, ...]] = {
            Field.JOB: ("sales", "none", *ODD),
            Field.TEAM: (*TEAMS[1:], "%", "_ales"),
            Field.REGION: ("NL", "DE", "DE-BY", "D", "KI", "%"),
            Field.LANGUAGE: ("en", "nl", "fr"),
            Field.SEGMENT: (*SEGMENTS, "gone", *ODD),
            Field.RECEIVED: (*map(str, NUMBERS), "3", "999999999"),
        }
        values = own.get(field) or tuple(str(value) for value in VALUES[field])
        return Is(field, tuple(self.dice.sample(values, self.dice.randrange(1, 3))))


@pytest.mark.parametrize("seed", range(2))
async def test_the_database_says_what_the_rule_says(store: Store, seed: int) -> None:
    crowd = Crowd(seed)
    await crowd.move_in(store)
    leaves = [crowd.leaf(field) for field in Field for _ in range(3)]
    rules = [*leaves, *map(Not, leaves), *(crowd.rule() for _ in range(40))]
    async with store.read() as work:
        for nth, rule in enumerate(rules):
            now = MOMENTS[nth % len(MOMENTS)]
            found = await work.members(rule, now, "", 1000)
            assert sorted(found) == crowd.meant(rule, now), (written(rule), now)
            assert await work.count(rule, now) == len(found)


@pytest.mark.parametrize("now", MOMENTS, ids=str)
async def test_barriers_and_phases_are_right_at_every_moment(store: Store, now: datetime) -> None:
    crowd = Crowd(7)
    await crowd.move_in(store)
    async with store.read() as work:
        for field in (Field.BARRIER, Field.PHASE):
            for value in VALUES[field]:
                rule = Is(field, (str(value),))
                assert sorted(await work.members(rule, now, "", 1000)) == crowd.meant(rule, now)


@pytest.mark.parametrize("value", ODD)
async def test_a_value_is_only_ever_a_value(store: Store, value: str) -> None:
    people = [Person("p1", job=value), Person("p2", team=value), Person("p3", segment=value)]
    async with store.write() as work:
        await work.save([*people, Person("p4", job="axbyc", team="x", segment="zoë")], MONDAY)
        await work.keep_list(Group(GroupKind.LIST, value), ["p2"], "", MONDAY)
    for field, whom in ((Field.JOB, "p1"), (Field.TEAM, "p2"), (Field.SEGMENT, "p3")):
        rule = parse(written(Is(field, (value,))))
        async with store.read() as work:
            assert await work.members(rule, MONDAY, "", 10) == [whom]
            assert await work.count(Not(rule), MONDAY) == 3
    async with store.read() as work:
        assert await work.members(In(Group(GroupKind.LIST, value)), MONDAY, "", 10) == ["p2"]


async def test_members_come_part_by_part(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person(f"p{n}") for n in range(7)], MONDAY)
    got: list[str] = []
    async with store.read() as work:
        while part := await work.members(EVERYONE, MONDAY, got[-1] if got else "", 3):
            got += part
    assert got == [f"p{n}" for n in range(7)]


async def test_a_sample_is_some_of_those_meant_and_never_tells_on_anyone(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person(f"p{n}", job=("a", "b")[n % 2]) for n in range(20)], MONDAY)
    async with store.read() as work:
        found = await work.sample(parse("job is a"), MONDAY, 4)
        assert len(set(found)) == 4
        assert {int(who[1:]) % 2 for who in found} == {0}
        assert len(await work.sample(parse("job is a"), MONDAY, 99)) == 10
        with pytest.raises(ValueError, match="no sample"):
            await work.sample(parse("job is a and level is not 3"), MONDAY, 4)


async def test_a_list_that_comes_again_is_what_it_says_now(store: Store) -> None:
    pilot = Group(GroupKind.LIST, "pilot")
    async with store.write() as work:
        await work.save([Person(f"p{n}") for n in range(1200)], MONDAY)
        first = await work.keep_list(pilot, [f"p{n}" for n in range(1100)], "one.csv", MONDAY, 3)
        assert (first.size, first.unknown) == (1100, 3)
        again = await work.keep_list(pilot, ["p1", "p1199"], "two.csv", MONDAY + DAY)
        assert await work.members(In(pilot), MONDAY, "", 10) == ["p1", "p1199"]
        assert await work.groups() == [again]
        assert (again.source, again.unknown, again.fetched_at) == ("two.csv", 0, MONDAY + DAY)


async def test_of_a_platforms_group_only_those_we_know_are_kept(store: Store) -> None:
    group = Group(GroupKind.SLACK_CHANNEL, "C1")
    mine = (Address("slack", "T1", "U1"), Address("teams", "T9", "U1"))
    async with store.write() as work:
        await work.save([Person("ann", addresses=mine)], MONDAY)
        homes = [*mine, Address("slack", "T2", "U1"), Address("slack", "T1", "U2")]
        kept = await work.keep_group(group, homes, "Slack", MONDAY)
        assert (kept.size, kept.unknown) == (1, 2)
        assert await work.count(In(group), MONDAY) == 1


async def outlooks(work: Work) -> list[tuple[str, str]]:
    rows = await work.connection.execute(select(standings).order_by(*standings.primary_key))
    return [(row.person, row.barrier) for row in rows]


async def test_two_who_become_one_are_worked_out_again(store: Store) -> None:
    ann, stranger = Person("ann"), Person("stranger")
    given = [Answer("ann", "desire1", 1, MONDAY), Answer("stranger", "awareness1", 1, MONDAY)]
    async with store.write() as work:
        await work.save([ann, stranger], MONDAY)
        await work.keep_answers(given)
        for one in given:
            await work.keep_outlooks({one.person: outlook([one], BANK, MONDAY)})
        await work.unite("stranger", "ann")
    assert await work_out(store, BANK, lambda: MONDAY) == 1
    async with store.read() as work:
        assert await outlooks(work) == [("ann", "awareness")]


async def test_other_questions_put_everybody_in_line(store: Store) -> None:
    people = [Person(f"p{n}") for n in range(7)]
    async with store.write() as work:
        await work.save(people, MONDAY)
        await work.keep_answers([Answer(p.id, "desire1", 1, MONDAY) for p in people])
    assert await work_out(store, BANK, lambda: MONDAY, part=3) == 7
    assert await work_out(store, BANK, lambda: MONDAY) == 0
    turned = {**BANK, "desire1": replace(BANK["desire1"], reversed=True)}
    assert await work_out(store, turned, lambda: MONDAY, part=3) == 7
    async with store.read() as work:
        assert await outlooks(work) == [(p.id, "none") for p in people]


async def test_what_has_ended_is_dropped(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person("ann"), Person("bob")], MONDAY)
        for who, days in (("ann", 0), ("bob", 9)):
            given = [Answer(who, "desire1", 1, MONDAY + days * DAY)]
            await work.keep_outlooks({who: outlook(given, BANK, MONDAY + 10 * DAY)})
        assert await work.forget_outlooks(MONDAY + 60 * DAY - timedelta(microseconds=1)) == 0
        assert await work.forget_outlooks(MONDAY + 60 * DAY) == 1
        assert [who for who, _ in await outlooks(work)] == ["bob"]


async def test_forgetting_someone_leaves_no_trace_in_a_count(store: Store) -> None:
    crowd = Crowd(3, 20)
    await crowd.move_in(store)
    before = {str(r): crowd.meant(r, MONDAY) for r in map(In, GROUPS)}
    async with store.write() as work:
        for statement in erasers("p5"):
            await work.connection.execute(statement)
        for rule, (words, group) in product([EVERYONE], zip(before, GROUPS, strict=True)):
            whom = [who for who in before[words] if who != "p5"]
            assert sorted(await work.members(And((rule, In(group))), MONDAY, "", 99)) == whom


async def test_a_guest_is_meant_only_where_no_directory_says_who_is_here(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person("ann", team="Sales"), Person("bob", left=True)], MONDAY)
        guest = (await work.meet([Address("teams", "T9", "guest")], MONDAY)).popitem()[1]
        assert guest.stranger
        for directory in (False, True):
            facts = [
                Facts(one, Phase.BEFORE, "unknown", directory=directory)
                for one in await work.everyone()
            ]
            for text in ("everyone", "not (team is Sales)", "language is en"):
                rule = parse(text)
                wanted = sorted(f.person.id for f in facts if matches(rule, f))
                assert await work.members(rule, MONDAY, "", 9) == wanted, text
                assert (guest.id in wanted) is not directory
            entry = Entry("ann")
            await work.keep_tellings([Telling("table", "ann", entry)])


async def test_who_received_it_twice_over_is_counted_once(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person(f"p{n}") for n in range(6)], MONDAY)
        for number, whom in ((7, "012"), (8, "123"), (9, "")):
            for n in whom:
                await work.receive(number, f"p{n}", MONDAY)
                await work.receive(number, f"p{n}", MONDAY + DAY)
        for text, whom in (
            ("received is 7", "012"),
            ("received is 7 or 8", "0123"),
            ("received is 7 and received is 8", "12"),
            ("everyone and received is not 7", "345"),
            ("received is not 7 or 8", "45"),
            ("received is 9 or received is 8", "123"),
            ("not (received is 7 and received is 8) and received is not 9", "0345"),
        ):
            rule = parse(text)
            assert await work.members(rule, MONDAY, "", 99) == [f"p{n}" for n in whom], text
            assert await work.count(rule, MONDAY) == len(whom)
            assert sum((await work.speakers(rule, MONDAY)).values()) == len(whom)


async def test_what_two_received_who_are_one_is_received_once(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person("ann"), Person("stranger")], MONDAY)
        for who in ("ann", "stranger"):
            await work.receive(7, who, MONDAY)
        await work.unite("stranger", "ann")
        assert await work.members(parse("received is 7"), MONDAY, "", 9) == ["ann"]


async def test_a_role_that_was_taken_counts_no_more(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person("ann"), Person("bob")], MONDAY)
        for who in ("ann", "bob"):
            await work.keep([Grant(who, Role.APPROVER)], "test", MONDAY)
        assert await work.count(parse("role is approver"), MONDAY) == 2
        await work.keep([Grant("bob", Role.APPROVER, given=False)], "test", MONDAY)
        assert await work.count(parse("role is approver"), MONDAY) == 1
        assert await work.count(parse("not (role is approver)"), MONDAY) == 1

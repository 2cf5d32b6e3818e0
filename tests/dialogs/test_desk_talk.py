"""Who looks after the change: the programme desk and the roles, in every language."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from dialogs.card import Row
from dialogs.speech import languages
from nudges.programme import Programme, Reason
from nudges.roles import Act, Grant, Role, may
from tests.desk import Desk, at
from tests.dialogs.talk import MEET, Fills, Holds, Says, Table, Talk, Taps

TEAM: Table = (*MEET, (Holds(Role.CRM_TEAM), ()), (Says("typed.programme"), "desk.groups"))
ADMIN: Table = (*MEET, (Holds(Role.ADMIN), ()), (Says("typed.roles"), "roles.audited"))
GROUP = {"name_en": "Field service", "name_nl": "Buitendienst"}
ANSWERS = {reason.value: f"Because of 7 things: {reason}" for reason in Reason}
NEW_GROUP: Table = (
    *TEAM,
    (Taps("desk.new_segment"), "form:desk.form.basics"),
    (Fills(GROUP), "desk.stop"),
)
OUTCOME = {
    "name_en": "On time",
    "name_nl": "Op tijd",
    "unit": "%",
    "baseline": "58,5",
    "target": "85",
}


async def programme(talk: Talk) -> Programme:
    async with talk.desk.store.read() as work:
        return await work.programme()


async def audited(desk: Desk) -> list[tuple[str, str, str, str]]:
    async with desk.store.read() as work:
        return [(a.who, a.act, a.about, a.whom) for a in await work.audited()]


async def answer_all(talk: Talk, values: Mapping[str, str] = ANSWERS) -> None:
    for code in languages():
        on = talk.desk.last(talk.who)
        label = next(n for n, b in on.buttons.items() if b.tap.choice == f"field-service:{code}")
        talk.reply = talk.form = await talk.desk.taps(talk.who, label)
        await talk.does(Fills(dict(values)))


async def test_only_the_crm_team_writes(talk: Talk) -> None:
    await talk.goes((*MEET, (Says("typed.programme"), "desk.closed.title")))


async def test_a_button_of_the_desk_does_nothing_for_anyone_else(talk: Talk) -> None:
    await talk.goes(TEAM)
    async with talk.desk.store.write() as work:
        taken = Grant(talk.who, Role.CRM_TEAM, given=False)
        await work.keep([taken], "test", talk.desk.clock())
    await talk.goes(((Taps("desk.purpose"), "desk.closed.title"),))


async def test_name_and_purpose(talk: Talk) -> None:
    words = {"name_en": "North", "name_nl": "Noord", "crm": "Dyna", "kind": "extend"}
    words |= {"purpose_en": "One picture", "purpose_nl": "Eén beeld"}
    await talk.goes(
        (
            *TEAM,
            (Taps("desk.purpose"), "form:desk.form.purpose"),
            (Fills({**words, "name_nl": "", "crm": " "}), "error:desk.error.empty"),
            (Fills(words), "desk.saved"),
            (Says("typed.why"), words[f"purpose_{talk.language}"]),
        )
    )
    now = await programme(talk)
    assert (now.crm, now.kind, now.name) == ("Dyna", "extend", {"en": "North", "nl": "Noord"})
    assert (talk.who, "edit", "purpose", "") in await audited(talk.desk)


async def test_results_and_their_months(talk: Talk) -> None:
    await talk.goes(
        (
            *TEAM,
            (Taps("desk.outcomes"), "desk.outcomes.body"),
            (Taps("desk.outcome.new"), "form:desk.form.outcome"),
            (Fills({**OUTCOME, "target": "many"}), "error:desk.error.number"),
            (Fills({**OUTCOME, "target": "58.5"}), "error:desk.error.target"),
            (Fills(OUTCOME), ("desk.saved", "desk.unmeasured")),
        )
    )
    first = talk.desk.last(talk.who)
    month = next(label for label, b in first.buttons.items() if b.tap.verb == "desk.month")
    talk.form = await talk.desk.taps(talk.who, month)
    await talk.goes(
        (
            (Fills({"month": "November", "value": "71"}), "error:desk.error.month"),
            (Fills({"month": "2026-11", "value": "71"}), "desk.measured"),
        )
    )
    (outcome,) = (await programme(talk)).outcomes
    assert (outcome.baseline, outcome.target, outcome.latest) == (58.5, 85, ("2026-11", 71))
    assert outcome.reached is False
    change = next(n for n, b in first.buttons.items() if b.tap.verb == "desk.outcome")
    talk.form = await talk.desk.taps(talk.who, change)
    await talk.does(Fills({"keep": "remove"}))
    assert (await programme(talk)).outcomes == ()


async def test_no_first_day_without_what_is_in_it_for_them(talk: Talk) -> None:
    await talk.goes(
        (
            *NEW_GROUP,
            (Taps("desk.basics"), "form:desk.form.basics"),
            (Fills({**GROUP, "go_live": "2027-03-01"}), "error:desk.error.wiifm"),
        )
    )
    assert (await programme(talk)).segment("field-service").go_live is None
    await answer_all(talk)
    await talk.goes(
        (
            (Taps("desk.basics"), "form:desk.form.basics"),
            (Fills({**GROUP, "go_live": "2027-03-01", "sponsor": "Ada"}), "desk.saved"),
        )
    )
    group = (await programme(talk)).segment("field-service")
    assert (group.go_live, group.sponsor) == (date(2027, 3, 1), "Ada")


async def test_what_is_in_it_cannot_be_taken_from_a_group_that_starts(talk: Talk) -> None:
    await talk.goes(NEW_GROUP)
    await answer_all(talk)
    dated = {**GROUP, "go_live": "2027-03-01"}
    await talk.goes(((Taps("desk.basics"), "form:desk.form.basics"), (Fills(dated), "desk.saved")))
    await answer_all(talk, {**ANSWERS, Reason.WIIFM: ""})
    reasons = (await programme(talk)).segment("field-service").reasons
    assert set(reasons[Reason.WIIFM]) == set(languages())


async def test_goals_roadmap_and_names_of_levels(talk: Talk) -> None:
    line = "2027-02-01 | Looking back | Terugkijken"
    await talk.goes(
        (
            *NEW_GROUP,
            (Taps("desk.goals"), "form:desk.form.goals"),
            (Fills({"goal1_en": "Notes", "goal1_nl": "Notities"}), "desk.saved"),
            (Taps("desk.roadmap"), "form:desk.form.roadmap"),
            (Fills({"roadmap": "soon | x | y"}), "error:desk.error.roadmap"),
            (Fills({"roadmap": f"{line}\n\n2027-01-05 | First | Eerst"}), "desk.saved"),
            (Taps("desk.back"), "desk.groups"),
            (Taps("desk.labels"), "form:desk.form.labels"),
            (Fills({"level1_en": "Crawl", "level1_nl": "Kruipen"}), "desk.saved"),
        )
    )
    now = await programme(talk)
    group = now.segment("field-service")
    assert [m.date for m in group.roadmap] == [date(2027, 1, 5), date(2027, 2, 1)]
    assert group.goals == {1: {"en": "Notes", "nl": "Notities"}}
    assert now.levels == {1: {"en": "Crawl", "nl": "Kruipen"}}


@pytest.mark.parametrize(
    ("verb", "choice"),
    [
        *(("desk.outcome", c) for c in ("9", "-1", "x", "²", "")),
        *(("desk.month", c) for c in ("0", "7", "")),
        *((f"desk.{what}", "nowhere") for what in ("segment", "basics", "goals", "roadmap")),
        *(("desk.reasons", c) for c in ("sales:xx", "nowhere:en", "sales")),
        ("desk.what", ""),
    ],
)
async def test_what_is_not_there_is_said_kindly(english: Talk, verb: str, choice: str) -> None:
    await english.goes(TEAM)
    card = english.desk.last(english.who)
    button = next(iter(card.buttons.values()))
    tap = replace(button.tap, verb=verb, choice=choice)
    card.card = replace(card.card, body=(Row((replace(button, tap=tap),)),))
    await english.desk.taps(english.who, button.label, card)
    assert english.desk.last(english.who).card.title


class TestRoles:
    async def test_everyone_sees_their_own(self, talk: Talk) -> None:
        await talk.goes((*MEET, (Says("typed.roles"), ("roles.mine", "roles.ask"))))

    async def test_given_and_taken(self, talk: Talk) -> None:
        await talk.goes(
            (
                *ADMIN,
                (Taps("roles.give"), "form:roles.give"),
                (Fills({"whom": "nobody@x", "role": "approver"}), "error:roles.error.nobody"),
                (Fills({"whom": "eve moss", "role": "boss"}), "error:roles.error.empty"),
                (
                    Fills({"whom": "eve moss", "role": "approver"}),
                    ("roles.title.saved", "Eve Moss"),
                ),
            )
        )
        assert may((await talk.desk.person("eve")).roles, Act.APPROVE)
        assert (talk.who, "grant", "role:approver", "eve") in await audited(talk.desk)
        await talk.goes(
            (
                (Taps("roles.take"), "form:roles.take"),
                (Fills({"whom": "eve", "role": "author"}), "error:roles.error.not_theirs"),
                (Fills({"whom": "eve", "role": "approver"}), "roles.title.saved"),
            )
        )
        assert not (await talk.desk.person("eve")).roles
        assert (talk.who, "revoke", "role:approver", "eve") in await audited(talk.desk)

    async def test_an_author_for_some_groups_needs_a_rule(self, talk: Talk) -> None:
        eve = {"whom": "eve", "role": "limited_author"}
        await talk.goes(
            (
                *ADMIN,
                (Taps("roles.give"), "form:roles.give"),
                (Fills(eve), "error:roles.error.rule"),
                (Fills({**eve, "within": "segment of sales"}), "error:roles.error.rule"),
                (Fills({**eve, "within": "segment is sales"}), "roles.title.saved"),
            )
        )
        async with talk.desk.store.read() as work:
            assert await work.limits() == {"eve": "segment is sales"}

    async def test_the_last_administrator_stays(self, talk: Talk) -> None:
        last = {"whom": talk.who, "role": "admin"}
        await talk.goes(
            (
                *ADMIN,
                (Taps("roles.take"), "form:roles.take"),
                (Fills(last), "error:roles.error.last"),
            )
        )

    async def test_two_of_a_name_are_not_guessed(self, talk: Talk) -> None:
        async with talk.desk.store.write() as work:
            eve = (await work.people(["eve"]))["eve"]
            other = replace(eve, id="eve2", addresses=(at("eve2"),))
            await work.save([other], talk.desk.clock())
        await talk.goes(
            (
                *ADMIN,
                (Taps("roles.give"), "form:roles.give"),
                (Fills({"whom": "Eve Moss", "role": "author"}), "error:roles.error.several"),
            )
        )

    async def test_nobody_else_gives(self, talk: Talk) -> None:
        await talk.goes(ADMIN)
        async with talk.desk.store.write() as work:
            taken = Grant(talk.who, Role.ADMIN, given=False)
            await work.keep([taken], "test", talk.desk.clock())
        await talk.goes(((Taps("roles.give"), "roles.ask"),))

    async def test_a_role_that_was_taken_stays_taken(self, english: Talk) -> None:
        async with english.desk.store.write() as work:
            now = english.desk.clock()
            await work.keep([Grant("eve", Role.CRM_TEAM, given=False)], "test", now)
            eve = (await work.people(["eve"]))["eve"]
            await work.save([replace(eve, roles=frozenset({"crm_team"}))], now)
        assert not (await english.desk.person("eve")).roles

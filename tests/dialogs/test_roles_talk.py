"""What those with a role can say and tap: activities, the health check, champions."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from dialogs.turns import Tapped
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.desk import Desk, at
from tests.dialogs.talk import MEET, NOTHING, Fills, Says, Table, Talk, Taps, Waits, said

DOERS = ["sponsor", "manager", "champion", "crm_team"]
CRM_ONLY = ["health", "champions"]
Named = Callable[..., Awaitable[Talk]]


@pytest.fixture
def named(talk: Talk) -> Named:
    """Talk with someone of these roles, whom we have met."""

    async def make(*roles: str) -> Talk:
        async with talk.desk.store.write() as work:
            await work.keep(
                [Grant(talk.who, Role(role)) for role in roles], "settings", talk.desk.clock()
            )
        await talk.goes(MEET)
        return talk

    return make


ASK_NOMINATE: Table = (
    (Says("typed.nominate"), "nominate.title"),
    (Taps("nominate.open"), "form:nominate.form"),
)
PUT_FORWARD: Table = (
    *ASK_NOMINATE,
    (Fills({"who": "eve", "kind": "critic"}), "put_forward.other"),
)
ACCEPT: Table = (
    (Says("typed.champion"), "champion_may_be.title"),
    (Taps("champion_may_i.yes"), "put_forward.self"),
    (Waits(0), NOTHING),
    (Waits(24), ("champion_invite.title", "pulse.title")),
    (Taps("champion_invite.accept"), ("champion.new.title", "champion.none")),
)
TABLES: dict[str, tuple[tuple[str, ...], Table]] = {
    "activities, ticked from the list": (
        ("manager",),
        (
            (Says("typed.activities"), ("activities.title", "activities.lead")),
            (Taps("1 done"), "activities.title"),
            (Says("button.activities"), "activities.title"),
        ),
    ),
    "this week's activity is done": (
        ("manager",),
        (
            (Waits(0), NOTHING),
            (Waits(24), ("activity.title", "pulse.title")),
            (Taps("activity.done"), "ticked.done"),
        ),
    ),
    "this week's activity does not suit": (
        ("champion",),
        (
            (Waits(0), NOTHING),
            (Waits(24), ("activity.title", "pulse.title")),
            (Taps("activity.later"), "ticked.later"),
        ),
    ),
    "this week's activity is not mine": (
        ("sponsor",),
        (
            (Waits(0), NOTHING),
            (Waits(24), ("activity.title", "pulse.title")),
            (Taps("activity.not_mine"), "ticked.not_mine"),
            (Taps("button.activities"), "activities.title"),
        ),
    ),
    "a health check on asking": (
        ("crm_team",),
        (
            (Says("typed.health"), ("health.title", "health.coalition", "health.sponsorship")),
            (Taps("button.champions"), ("champions.title", "champions.nobody")),
            (Taps("button.nominate"), "nominate.title"),
        ),
    ),
    "someone is put forward": (("crm_team",), PUT_FORWARD),
    "someone nobody knows is put forward": (
        ("crm_team",),
        (
            *ASK_NOMINATE,
            (Fills({"who": "nobody", "kind": "critic"}), "error:nominate.error.nobody"),
            (Fills({"who": " ", "kind": ""}), ("error:nominate.error.nobody",)),
            (Fills({"who": "eve", "kind": "x"}), "error:nominate.error.kind"),
            (Fills({"who": "Eve Moss", "kind": "critic"}), "put_forward.other"),
        ),
    ),
    "a manager puts forward from the own team alone": (
        ("manager",),
        (
            *ASK_NOMINATE,
            (Fills({"who": "eve", "kind": "critic"}), "error:nominate.error.nobody"),
        ),
    ),
    "becoming a champion": (
        (),
        (
            *ACCEPT,
            (Taps("champion.change"), "form:champion.form"),
            (Fills({"areas": "", "limit": "11"}), "error:champion.error.areas"),
            (Fills({"areas": "sales,nonsense", "limit": "5"}), "champion.saved.title"),
            (Says("typed.champion"), ("champion.shown.title", "champion.areas")),
            (Taps("champion.down"), "put_forward.down"),
            (Says("typed.champion"), "champion_may_be.title"),
        ),
    ),
    "an invitation is declined": (
        (),
        (*ACCEPT[:4], (Taps("champion_invite.decline"), "put_forward.no"), (Waits(1), NOTHING)),
    ),
    "an invitation comes again in four weeks": (
        (),
        (*ACCEPT[:4], (Taps("champion_invite.later"), "put_forward.later")),
    ),
    "who asks may still say no": (
        (),
        (
            (Says("typed.champion"), "champion_may_be.title"),
            (Taps("champion_may_i.no"), "put_forward.no"),
        ),
    ),
    "help tells of what a role has": (
        ("crm_team",),
        ((Says("typed.help"), ("help.title", "help.health", "help.nominate")),),
    ),
}


@pytest.fixture(autouse=True)
def _room_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the budget out: what is said is the point here."""
    from tests import desk  # noqa: PLC0415

    roomy = desk.settings().model_copy(update={"touches_a_day": 5, "touches_a_week": 15})
    monkeypatch.setattr(desk, "settings", lambda: roomy)


@pytest.mark.parametrize(("roles", "table"), TABLES.values(), ids=TABLES)
async def test_conversation(named: Named, roles: tuple[str, ...], table: Table) -> None:
    talk = await named(*roles)
    label = "1 gedaan" if talk.language == "nl" else "1 done"
    await talk.goes([(Taps(label) if they == Taps("1 done") else they, we) for they, we in table])


class TestForOthers:
    @pytest.mark.parametrize("command", CRM_ONLY)
    @pytest.mark.parametrize("roles", [(), ("manager",), ("sponsor",), ("champion",), ("admin",)])
    async def test_what_is_the_crm_teams(
        self, named: Named, command: str, roles: tuple[str, ...]
    ) -> None:
        talk = await named(*roles)
        await talk.goes([(Says(f"typed.{command}"), ("for_team.title", "for_team.crm_team"))])

    @pytest.mark.parametrize("roles", [(), ("sponsor",), ("champion",), ("author",)])
    async def test_who_may_not_nominate(self, named: Named, roles: tuple[str, ...]) -> None:
        talk = await named(*roles)
        await talk.goes(
            [
                (Says("typed.nominate"), "for_team.nominators"),
                (
                    Taps("button.champion"),
                    "champion.shown.title" if roles == ("champion",) else "champion_may_be.title",
                ),
            ]
        )

    @pytest.mark.parametrize("roles", [(), ("author",), ("admin",)])
    async def test_who_has_no_activities(self, named: Named, roles: tuple[str, ...]) -> None:
        talk = await named(*roles)
        await talk.goes([(Says("typed.activities"), "for_team.doers")])

    @pytest.mark.parametrize(
        ("verb", "choice"),
        [
            ("activity.tick", "done"),
            ("activity.listed", "manager-one-to-one"),
            ("champion.invite", "accept"),
            ("champion.may_i", "yes"),
            ("champion.change", ""),
            ("champion.down", ""),
            ("champion.nominate", ""),
            ("champion.whatever", "x"),
        ],
    )
    async def test_a_button_that_was_on_no_card(self, named: Named, verb: str, choice: str) -> None:
        talk = await named()
        await talk.desk.says(talk.who, said(talk.language, "typed.help").split(", ")[0])
        token = talk.desk.last(talk.who).token
        await talk.desk.arrive(Tapped(at(talk.who), verb, choice, token))
        assert said(talk.language, "stale.title") in talk.desk.last(talk.who).text
        assert await roles_of(talk.desk, talk.who) == frozenset()

    async def test_a_role_lost_since_the_form_was_opened(self, named: Named) -> None:
        talk = await named("crm_team")
        await talk.goes(ASK_NOMINATE)
        async with talk.desk.store.write() as work:
            gone = [Grant(talk.who, Role.CRM_TEAM, given=False)]
            await work.keep(gone, "settings", talk.desk.clock())
        await talk.goes([(Fills({"who": "eve", "kind": "critic"}), "for_team.nominators")])


async def roles_of(desk: Desk, who: str) -> frozenset[str]:
    return (await desk.person(who)).roles


class TestPrivacy:
    async def test_a_no_looks_like_silence_to_who_asked(self, named: Named) -> None:
        talk = await named("crm_team")
        desk = talk.desk
        await met(desk, "eve")
        await talk.goes(PUT_FORWARD)
        before = await shown(talk)
        await desk.plan()
        desk.clock.pass_(hours=24)
        await desk.plan()
        assert await shown(talk) == before
        await desk.taps("eve", said("en", "champion_invite.decline"))
        assert await shown(talk) == before
        assert "Eve Moss" in before
        await talk.goes(PUT_FORWARD)
        await desk.plan()
        desk.clock.pass_(hours=48)
        await desk.plan()
        titles = [s.card.title for s in desk.chat("eve")]
        assert titles.count(said("en", "champion_invite.title")) == 0, "it became a thank-you"
        assert await shown(talk) == before

    async def test_a_private_question_that_was_declined_shows_nowhere(self, named: Named) -> None:
        talk = await named("crm_team")
        async with talk.desk.store.write() as work:
            await work.ask(["eve"], talk.desk.clock())
        assert "Eve Moss" not in await shown(talk)

    async def test_no_name_is_kept_in_what_was_sent(self, named: Named) -> None:
        talk = await named("crm_team")
        await talk.goes(PUT_FORWARD)
        await talk.goes([(Says("typed.champions"), "champions.title")])
        await talk.goes([(Says("typed.health"), "health.title")])
        async with talk.desk.store.read() as work:
            from adapters.store.delivery_table import deliveries  # noqa: PLC0415

            notes = await work.connection.execute(deliveries.select())
            kept = [str((row.note, row.occasion)) for row in notes if row.person != "eve"]
        assert kept
        assert not [text for text in kept if "Eve" in text or "'eve'" in text]


async def met(desk: Desk, who: str) -> Person:
    person = replace(await desk.person(who), welcomed=True, stopped=False)
    async with desk.store.write() as work:
        await work.save([person], desk.clock())
    return person


async def shown(talk: Talk) -> str:
    """Return what the CRM team sees of the champions."""
    talk.desk.clock.pass_(seconds=1)
    await talk.desk.says(talk.who, said(talk.language, "typed.champions").split(", ")[0])
    return talk.desk.last(talk.who).text


async def test_put_forward_by_a_manager_for_the_own_team(named: Named) -> None:
    talk = await named("manager")
    async with talk.desk.store.write() as work:
        eve = replace((await work.people(["eve"]))["eve"], manager=talk.who)
        await work.save([eve], talk.desk.clock())
    await talk.goes(PUT_FORWARD)
    async with talk.desk.store.read() as work:
        (found,) = await work.champions()
    assert (found.person.id, found.state, found.kind) == ("eve", "nominated", "critic")

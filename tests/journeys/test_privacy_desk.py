"""The privacy officer at the desk: both logs, how long answers stay, and who gets a no."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, insert, select

from adapters.store.answers import answers
from adapters.store.audit import Audited
from adapters.store.database import Store
from adapters.store.releases import cells, closings, shown
from bot.views import VIEWS
from dialogs import gallery
from dialogs.speech import catalogue
from nudges.adkar import Answer
from nudges.oversight import A_PAGE
from nudges.people import Person
from nudges.retention import MOST
from nudges.roles import Grant, Role
from tests.clock import Clock
from tests.desk import Desk, at, open_desk

LANGUAGES = ("en", "nl")


def word(key: str, language: str = "en", **values: object) -> str:
    values = {"crm": "Dynamics", **values}
    return catalogue(language).gettext(key).replace("**", "").format(**values)


@pytest.fixture(params=LANGUAGES)
async def desk(memory: Store, clock: Clock, request: pytest.FixtureRequest) -> Desk:
    """Return a house with Pia, a privacy officer of one language or the other."""
    desk = await open_desk(memory, clock)
    pia = Person("pia", "Pia Vos", language=request.param, welcomed=True, addresses=(at("pia"),))
    async with desk.store.write() as work:
        await work.save([pia], clock())
        await work.keep([Grant("pia", Role.PRIVACY_OFFICER)], "settings", clock())
    return desk


async def spoken(desk: Desk) -> partial[str]:
    async with desk.store.read() as work:
        return partial(word, language=(await work.people(["pia"]))["pia"].language)


async def views(desk: Desk) -> list[tuple[str, str]]:
    """Return who looked at what, oldest first."""
    async with desk.store.read() as work:
        return [(one.who, one.about) for one in await work.audited(500) if one.act == "view"][::-1]


async def test_it_turns_the_pages_of_the_log_and_looking_is_in_the_log(desk: Desk) -> None:
    says = await spoken(desk)
    async with desk.store.write() as work:
        for n in range(2 * A_PAGE):
            await work.audit(Audited(desk.clock(), "ann", "edit", f"outcome:{n}"))
        await work.audit(Audited(desk.clock(), "command line", "export", "data", "eve"))
    await desk.says("pia", says("typed.privacy").split(", ")[0])
    await desk.taps("pia", says("privacy.log"))
    newest = desk.last("pia")
    assert says("log.by.command_line") in newest.text
    assert f"({'Eve Moss'})" in newest.text
    assert f"{says('log.about.outcome')} 15" in newest.text
    await desk.taps("pia", says("log.older"))
    older = desk.last("pia")
    assert f"{says('log.about.outcome')} 3\n" in f"{older.text}\n"
    assert f"{says('log.about.outcome')} 15" not in older.text
    await desk.taps("pia", says("log.sort.files"))
    files = desk.last("pia")
    assert says("log.act.export") in files.text
    assert says("log.act.edit") not in files.text
    await desk.taps("pia", says("log.sort.roles"))
    assert says("role.privacy_officer") in desk.last("pia").text
    assert await views(desk) == [("pia", "privacy"), *[("pia", "audit")] * 4]
    await desk.taps("pia", says("log.sort.views"))
    assert f"Pia Vos: {says('log.act.view')} {says('log.about.audit')}" in desk.last("pia").text


async def test_the_ledger_says_who_was_shown_what_and_never_how_much(desk: Desk) -> None:
    says = await spoken(desk)
    async with desk.store.write() as work:
        for number, measure in enumerate(("barrier", "reach"), start=1):
            week = desk.clock().date()
            row = {"id": number, "measure": measure, "week": week, "floor": 5}
            await work.connection.execute(
                insert(closings).values(row | {"closed_at": desk.clock()})
            )
            told = {"band": "5-9", "shares": {"desire": 0.7319}, "mean": None}
            cell = {"id": number, "closing": number, "unit": "ann", "atoms": [0], "scope": "s"}
            await work.connection.execute(
                insert(cells).values(cell | {"told": told, "exact": True, "why": ""})
            )
            line = {"viewer": "bob", "cell": number, "at": desk.clock(), "channel": "digest"}
            await work.connection.execute(insert(shown).values(line))
    await desk.says("pia", "privacy")
    await desk.taps("pia", says("privacy.ledger"))
    text = desk.last("pia").text
    assert f"Bob van Dam: {says('ledger.of.barrier')}" in text
    assert "Ann Field" in text
    assert "73" not in text
    await desk.taps("pia", says("ledger.of.reach"))
    narrowed = desk.last("pia").text
    assert f"Bob van Dam: {says('ledger.of.reach')}" in narrowed
    assert f"Bob van Dam: {says('ledger.of.barrier')}" not in narrowed


async def test_retention_is_asked_twice_audited_and_done_at_the_next_run(desk: Desk) -> None:
    says = await spoken(desk)
    start = desk.clock()
    given = [Answer("ann", "A1", 3, start + timedelta(days=n)) for n in range(170)]
    async with desk.store.write() as work:
        await work.keep_answers(given)
    desk.clock.pass_(days=169)
    what, _ = desk.app.rounds["retention"]

    async def kept() -> int:
        async with desk.store.read() as work:
            found = await work.connection.scalar(select(func.count()).select_from(answers))
        return found or 0

    await desk.says("pia", "privacy")
    assert says("retention.days", n=MOST) in desk.last("pia").text
    await desk.taps("pia", says("privacy.kept"))
    await desk.taps("pia", says("retention.change"))
    for wrong in ("59", "181", "many", "-90", "9" * 30):
        await desk.fills("pia", "privacy.set", {"days": wrong}, desk.last("pia").token)
        assert says("retention.change") in desk.last("pia").buttons, wrong
    await desk.fills("pia", "privacy.set", {"days": "90"}, desk.last("pia").token)
    asks = desk.last("pia")
    assert says("retention.asks.shorter", days=90, now=MOST) in asks.text
    await what()
    assert await kept() == 170, "nothing goes before it is confirmed"
    await desk.taps("pia", says("retention.sure", n=90))
    assert says("retention.days", n=90) in desk.last("pia").text
    assert "Pia Vos" in desk.last("pia").text
    assert await kept() == 170, "the job does it, not the card"
    await what()
    assert await kept() == 91
    async with desk.store.read() as work:
        assert ("pia", "set", "retention:90") in {
            (one.who, one.act, one.about) for one in await work.audited()
        }


async def test_the_switch_is_reached_from_the_desk(desk: Desk) -> None:
    says = await spoken(desk)
    await desk.says("pia", "privacy")
    await desk.taps("pia", says("button.use_linked"))
    assert desk.last("pia").card.title == says("use_linked.title.off")
    assert ("pia", "use-linked") in await views(desk)


@pytest.mark.parametrize("role", [None, *(r for r in Role if r is not Role.PRIVACY_OFFICER)])
async def test_every_other_role_is_told_kindly_no(
    memory: Store, clock: Clock, role: Role | None
) -> None:
    desk = await open_desk(memory, clock)
    if role:
        async with desk.store.write() as work:
            await work.keep([Grant("ann", role)], "settings", clock())
    await desk.says("ann", "audit log")
    assert desk.last("ann").card.title == word("for_team.title")
    assert word("for_team.oversight") in desk.last("ann").text
    assert ("ann", "privacy") not in await views(desk)


async def test_who_lost_the_role_gets_no_page_any_more(desk: Desk) -> None:
    says = await spoken(desk)
    await desk.says("pia", "privacy")
    async with desk.store.write() as work:
        gone = Grant("pia", Role.PRIVACY_OFFICER, given=False)
        await work.keep([gone], "settings", desk.clock())
    await desk.taps("pia", says("privacy.log"))
    assert desk.last("pia").card.title == says("for_team.title")
    assert await views(desk) == [("pia", "privacy")]


async def test_a_card_of_ones_own_is_no_view_and_the_roster_of_others_is(
    memory: Store, clock: Clock
) -> None:
    desk = await open_desk(memory, clock)
    async with desk.store.write() as work:
        await work.keep([Grant("eve", Role.ADMIN)], "settings", clock())
        await work.keep([Grant("bob", Role.CRM_TEAM)], "settings", clock())
    for who, said in (("ann", "roles"), ("ann", "my data"), ("eve", "roles"), ("bob", "wachtrij")):
        await desk.says(who, said)
    assert await views(desk) == [("eve", "roster"), ("bob", "queue")]


OTHERS = ("raised", "replies", "receptions", "reported", "rumoured", "switched", "overseen")
"""What a note says it shows of others; whoever adds a card with one of them decides about it."""
OWN = {
    "NewsNote": "what became of what its reader raised",
    "AskedBackNote": "a question to its reader",
    "SolvedNote": "a question to its reader",
    "AnsweredNote": "the answer to its reader",
    "ReceptionNote": "a question to its reader",
    "CheckedNote": "its reader's own answer",
    "UseLinkedForm": "opened from a card that is noted",
    "RetentionForm": "opened from a card that is noted",
}


def test_every_card_about_others_is_noted_or_says_why_not() -> None:
    shows = {
        type(note)
        for note in (*gallery.CARDS.values(), *gallery.FORMS.values())
        if any(getattr(note, name) for name in OTHERS)
    }
    open_ = {kind.__name__ for kind in shows - VIEWS.keys()} - OWN.keys()
    assert {name for name in open_ if not name.endswith("Form")} == set()
    assert {kind.__name__ for kind in VIEWS} <= {
        type(note).__name__ for note in gallery.CARDS.values()
    }, "what is noted is a card that there is"

"""An author follows a broadcast, holds it, stops it, takes it back and puts its words right."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.carrier import mark_of
from dialogs.notes import draw
from dialogs.turns import Context, Tapped
from nudges.broadcast import Draft, HandedIn, Stage
from nudges.delivery import Claimed, Mark, Settlement, after
from nudges.roles import Grant, Role
from nudges.steering import Switched, TakenBack, may_steer
from tests.desk import LIBRARY, Desk, Seen, at
from tests.journeys.test_broadcasts import (
    AUTHOR,
    EVERYBODY,
    MESSAGE,
    at_work,
    found,
    goes_on,
    hand_in,
    tally,
)

TITLE = "Offers leave from one place"
RIGHT = replace(MESSAGE, title={"en": "Offers leave from two places", "nl": "Vanaf twee plekken"})
STATES = {"On its way", "Paused", "Stopped", "Done", "Being taken back", "Taken back"}


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    async with desk.store.write() as work:
        await work.keep([Grant(AUTHOR, Role.CRM_TEAM)], "settings", desk.clock())
    return await at_work(desk)


async def keeps(desk: Desk, *facts: Switched | TakenBack, by: str = AUTHOR) -> None:
    async with desk.store.write() as work:
        await work.keep(facts, by, desk.clock())


async def acts(desk: Desk) -> list[str]:
    async with desk.store.read() as work:
        return [one.act for one in reversed(await work.audited())]


def card(desk: Desk) -> Seen:
    """Return the card on which the author follows what was handed in last."""
    return next(seen for seen in reversed(desk.chat(AUTHOR)) if seen.card.title in STATES)


async def looks(desk: Desk, seconds: float = 11) -> None:
    """Let everything happen again that has to do with broadcasts, and no question take a touch."""
    desk.clock.pass_(seconds=seconds)
    for name in ("broadcasts", "progress"):
        await desk.app.rounds[name][0]()
    await desk.app.ticker.spread()
    await desk.app.settle()


async def begin(desk: Desk) -> int:
    """Begin a broadcast, whose messages another courier has claimed: none has left yet."""
    async with desk.store.write() as work:
        draft = Draft(MESSAGE, "everyone", 3)
        await work.keep([HandedIn(draft, Stage.RELEASED)], AUTHOR, desk.clock())
        number = max(await work.broadcasts())
    await desk.app.rounds["broadcasts"][0]()
    await desk.app.ticker.spread()
    return number


async def hold(desk: Desk, number: int, most: int = 3) -> list[Claimed]:
    async with desk.store.write() as work:
        now, run = desk.clock(), f"broadcast:{number}"
        until = now + timedelta(days=1)
        return await work.claim(run, "browser:demo", "another", now, until, most)


async def let_go(desk: Desk, held: list[Claimed]) -> None:
    async with desk.store.write() as work:
        await work.release([(one.number, one.fence) for one in held])


async def arrives(desk: Desk, held: list[Claimed], number: int) -> None:
    """Let another courier bring what it had claimed, with the words as it read them."""
    async with desk.store.read() as work:
        people = await work.people([one.delivery.person for one in held])
        words = await work.broadcasts([number])
        programme = await work.programme()
    for one in held:
        who = one.delivery.person
        context = Context("", desk.clock(), people[who], programme, LIBRARY, broadcasts=words)
        payload = desk.notebook.draw(draw(one.delivery.note, context), "a token")
        sent = await desk.notebook.post(at(who), payload, mark_of(one.number))
        mark = Mark(one.number, one.fence, one.delivery.note, at(who), who)
        async with desk.store.write() as work:
            await work.mark_sending([mark], desk.clock() + timedelta(hours=1))
            settled = after(sent, 1, desk.clock(), 0)
            await work.settle([Settlement(one.number, one.fence, settled)], desk.clock())


async def test_the_card_begins_follows_along_and_ends_with_the_counts(crm: Desk) -> None:
    number = await begin(crm)
    held = await hold(crm, number)
    await crm.app.settle()
    assert (card(crm).card.title, TITLE in card(crm).text) == ("On its way", True)
    assert "□□□□□□□□□□ 0 of 3" in card(crm).text
    assert "The first ones leave now." in card(crm).text
    await let_go(crm, held[1:])
    await looks(crm)
    await looks(crm)
    assert "■■■■■■□□□□ 2 of 3" in card(crm).text
    await let_go(crm, held[:1])
    await looks(crm)
    await looks(crm)
    seen = card(crm)
    assert seen.card.title == "Done"
    assert "■■■■■■■■■■ 3 of 3" in seen.text
    assert "Sent: 3\nWaiting: 0\nSaid “Got it”: 0\nWrote back: 0" in seen.text
    assert list(seen.buttons) == ["Take back"]
    assert seen.history == ["On its way"] * 3
    async with crm.store.read() as work:
        assert await work.looks(crm.clock() + timedelta(days=9)) == []


async def test_it_is_held_goes_on_and_is_stopped_for_good(crm: Desk) -> None:
    number = await begin(crm)
    held = await hold(crm, number)
    await crm.app.settle()
    older = card(crm)
    reply = await crm.taps(AUTHOR, "Pause")
    assert reply
    assert reply.instead
    assert reply.instead.card.title == "Paused", "on the same request"
    assert list(card(crm).buttons) == ["Go on", "Stop", "Take back"]
    await let_go(crm, held)
    await looks(crm)
    assert await tally(crm, number) == {"queued": 3}
    await crm.taps(AUTHOR, "Pause", on=older)
    assert card(crm).card.title == "Paused", "an older card does the same, and twice is once"

    await crm.taps(AUTHOR, "Go on")
    assert await tally(crm, number) == {"sent": 3}
    assert card(crm).card.title == "On its way"
    await crm.taps(AUTHOR, "Stop", on=older)
    assert "Stop for good?" not in card(crm).text, "there is nothing left to stop"
    assert await acts(crm) == ["grant", "hand_in", "pause", "resume"]


async def test_stop_asks_once_more_and_reaches_nobody_else(crm: Desk) -> None:
    number = await begin(crm)
    held = await hold(crm, number)
    await crm.app.settle()
    await crm.taps(AUTHOR, "Stop")
    assert "Stop for good? Who has it keeps it" in card(crm).text
    await looks(crm)
    await let_go(crm, held[:1])
    await looks(crm)
    assert "Stop for good?" in card(crm).text, "a question is left alone"
    await crm.taps(AUTHOR, "No, leave it")
    await crm.taps(AUTHOR, "Stop")
    await crm.taps(AUTHOR, "Stop for good")
    assert card(crm).card.title == "Stopped"
    await let_go(crm, held[1:])
    await looks(crm, 120)
    await looks(crm, 120)
    assert await tally(crm, number) == {"sent": 1, "left_out": 2}
    assert "Left out: 2" in card(crm).text
    assert (await acts(crm))[-1] == "stop"


async def test_only_who_may_steers_it(crm: Desk) -> None:
    number = await begin(crm)
    await hold(crm, number)
    await crm.app.settle()
    tap, seen = card(crm).buttons["Pause"].tap, card(crm)
    await crm.arrive(Tapped(at("ann"), tap.verb, tap.choice, seen.token))
    assert card(crm).card.title == "On its way"
    broadcast = await found(crm, number)
    people = {who: await crm.person(who) for who in EVERYBODY}
    assert {who for who, person in people.items() if may_steer(person, broadcast)} == {AUTHOR}
    approver = replace(people["bob"], roles=frozenset({Role.APPROVER}))
    team = replace(people["ann"], roles=frozenset({Role.CRM_TEAM}))
    assert may_steer(approver, broadcast)
    assert may_steer(team, broadcast)


async def test_two_tickers_replace_the_card_once(crm: Desk) -> None:
    number = await begin(crm)
    held = await hold(crm, number)
    await crm.app.settle()
    await let_go(crm, held)
    await crm.app.settle()
    crm.clock.pass_(seconds=11)
    look = crm.app.rounds["progress"][0]
    looked = await asyncio.gather(look(), look(), look())
    assert sorted(map(str, looked)) == ["0", "0", "1"]
    await crm.app.settle()
    assert card(crm).history == ["On its way"]


async def test_a_card_of_somebody_who_is_not_there_is_not_followed(crm: Desk) -> None:
    crm.notebook.gone.add(AUTHOR)
    await begin(crm)
    await crm.app.settle()
    await looks(crm)
    async with crm.store.read() as work:
        assert await work.looks(crm.clock() + timedelta(days=9)) == []


async def test_taken_back_when_half_has_arrived(crm: Desk) -> None:
    number = await begin(crm)
    ann, bob, eve = await hold(crm, number)
    await crm.app.settle()
    await let_go(crm, [ann])
    await crm.app.settle()
    await crm.taps("ann", "Got it")
    older = next(seen for seen in crm.chat("ann") if TITLE in seen.card.title)
    await crm.says("ann", "Does it hold for renewals?")
    await looks(crm)

    await crm.taps(AUTHOR, "Take back")
    text = card(crm).text
    assert "People who have it: 1. Said “Got it”: 1. Wrote back: 1." in text
    await crm.taps(AUTHOR, "Take it back")
    assert card(crm).card.title == "Being taken back"
    await let_go(crm, [bob])
    await looks(crm)
    assert older.ref == (back := crm.chat("ann")[-2]).ref
    assert back.text == (
        f"This message was taken back\n“{TITLE}” does not count any more. You need not do anything."
    )
    await arrives(crm, [eve], number)
    await looks(crm)
    await looks(crm, 60)
    titles = {who: [seen.card.title for seen in crm.chat(who)] for who in EVERYBODY}
    assert [who for who in EVERYBODY if "This message was taken back" in titles[who]] == [
        "ann",
        AUTHOR,
    ]
    assert TITLE not in str(titles)
    counts = await tally(crm, number)
    assert counts == {"sent": 2, "left_out": 1, "acknowledged": 1, "replied": 1}
    assert card(crm).card.title == "Taken back"
    assert "■■■■■■■■■■ 2 of 2" in card(crm).text
    assert (await found(crm, number)).stage is Stage.RECALLED
    await crm.says("ann", "And now?")
    async with crm.store.read() as work:
        assert [one.text for one in await work.written_back(number)] == [
            "Does it hold for renewals?",
            "And now?",
        ]
    assert [act for act in await acts(crm) if act != "view"][-1] == "take_back"
    await keeps(crm, TakenBack(number))
    assert (await acts(crm)).count("take_back") == 1


async def test_a_receipt_after_it_was_taken_back_brings_nothing_back(crm: Desk) -> None:
    number = await hand_in(crm, Stage.RELEASED)
    got = crm.having("ann", "Got it")
    older = replace(got)
    await keeps(crm, TakenBack(number))
    await crm.taps("ann", "Got it", on=older)
    await goes_on(crm)
    assert crm.last("ann").card.title == "This message was taken back"
    assert "acknowledged" not in await tally(crm, number)


async def correct(desk: Desk, number: int) -> int:
    draft = Draft(RIGHT, "everyone", 3, corrects=number)
    async with desk.store.write() as work:
        await work.keep([HandedIn(draft, Stage.RELEASED)], AUTHOR, desk.clock())
        correction = max(await work.broadcasts())
    await desk.app.rounds["broadcasts"][0]()
    return correction


async def test_its_words_are_put_right_wherever_they_are(crm: Desk) -> None:
    number = await begin(crm)
    held = {one.delivery.person: one for one in await hold(crm, number)}
    await crm.app.settle()
    await let_go(crm, [held["ann"]])
    await crm.app.settle()
    await crm.taps("ann", "Got it")
    eve_reads = [held[AUTHOR]]
    await let_go(crm, [held["bob"]])
    correction = await correct(crm, number)
    await crm.app.settle()
    await arrives(crm, eve_reads, number)
    for _ in range(3):
        await looks(crm)
    titles = {who: [seen.card.title for seen in crm.chat(who)] for who in EVERYBODY}
    assert "Offers leave from two places" in titles["ann"]
    assert "Vanaf twee plekken" in titles["bob"]
    assert "Offers leave from two places" in titles[AUTHOR]
    assert TITLE not in str(titles)
    ann = next(s for s in crm.chat("ann") if "two places" in s.card.title)
    assert "Corrected on Monday 16 November." in ann.text
    assert "Got it" not in ann.buttons
    async with crm.store.read() as work:
        reached = {one.person: one.state for one in await work.recipients(correction)}
        assert await work.arrived(number) == 3
    assert reached == {"ann": "sent", AUTHOR: "sent"}
    assert await tally(crm, correction) == {"sent": 2}
    assert (await tally(crm, number))["sent"] == 3
    assert (await found(crm, number)).revision == 1
    assert "a correction of message 1" in card(crm).text
    assert "Take back" not in card(crm).buttons


async def test_a_correction_of_what_was_taken_back_changes_nothing(crm: Desk) -> None:
    number = await hand_in(crm, Stage.RELEASED)
    await keeps(crm, TakenBack(number))
    await goes_on(crm)
    correction = await correct(crm, number)
    await goes_on(crm)
    await goes_on(crm)
    assert crm.last("ann").card.title == "This message was taken back"
    assert await tally(crm, correction) == {}
    assert (await found(crm, number)).revision == 0


async def test_a_correction_is_corrected(crm: Desk) -> None:
    number = await hand_in(crm, Stage.RELEASED)
    first = await correct(crm, number)
    await goes_on(crm)
    last = replace(RIGHT, title={"en": "Three places", "nl": "Drie plekken"})
    draft = Draft(last, "everyone", 3, corrects=first)
    async with crm.store.write() as work:
        await work.keep([HandedIn(draft, Stage.RELEASED)], AUTHOR, crm.clock())
    await goes_on(crm)
    await goes_on(crm)
    assert "Three places" in {seen.card.title for seen in crm.chat("ann")}
    assert (await found(crm, number)).revision == 2


async def test_who_asked_for_quiet_reads_that_it_was_taken_back(crm: Desk) -> None:
    number = await hand_in(crm, Stage.RELEASED)
    await crm.says("ann", "stop")
    await keeps(crm, TakenBack(number))
    await goes_on(crm)
    assert "This message was taken back" in {seen.card.title for seen in crm.chat("ann")}


async def test_words_after_a_correction_answer_what_came_last(crm: Desk) -> None:
    number = await hand_in(crm, Stage.RELEASED)
    crm.clock.pass_(days=8)
    await correct(crm, number)
    await goes_on(crm)
    await crm.says("ann", "Where do offers live?")
    assert "replied" not in await tally(crm, number), "a change starts nothing"

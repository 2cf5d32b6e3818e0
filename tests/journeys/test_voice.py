"""Something is raised, taken, asked about, solved and closed, by three people who never meet in it.

Ann raises it, Bob raises the same, Eve works on it; a sponsor decides where many say the same.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from dialogs.turns import Filled, Said, Tapped
from nudges.people import Person
from nudges.roles import Grant, Role
from nudges.voice import Wanted
from tests.desk import Desk, Seen, at

WORDS = "There is no field for the dealer"
RAISED = "The CRM team has it"
SENT: Mapping[str, str] = {"text": WORDS, "sort": "tool", "named": "without"}


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    """Return a Tuesday at eleven, with Eve of the CRM team and a sponsor."""
    desk.clock.pass_(days=1, hours=2)
    async with desk.store.write() as work:
        known = await work.people(["ann", "bob", "eve"])
        people = [replace(one, language="en", segment="sales") for one in known.values()]
        sam = Person("sam", "Sam Vos", language="en", addresses=(at("sam"),))
        await work.save([*people, sam], desk.clock())
        given = [Grant("eve", Role.CRM_TEAM), Grant("sam", Role.SPONSOR)]
        await work.keep(given, "settings", desk.clock())
    for who in ("ann", "bob", "eve", "sam"):
        await desk.joins(who)
    return desk


async def tells(desk: Desk, who: str, **values: str) -> None:
    """Raise something the long way: its name, the button, a sentence."""
    await desk.says(who, "blocker")
    card = desk.last(who)
    await desk.taps(who, "Tell the CRM team", on=card)
    sent = {**SENT, **values}
    await desk.arrive(Filled(at(who), "raise.sent", "blocker", card.token, sent))


async def look(desk: Desk) -> None:
    """Let what there is to tell be told."""
    desk.clock.pass_(seconds=30)
    await desk.app.rounds["voices"][0]()
    await desk.app.settle()


async def opens(desk: Desk, who: str = "eve", place: int = 1) -> Seen:
    await desk.says(who, "queue")
    await desk.taps(who, f"Open {place}", on=desk.last(who))
    return desk.last(who)


async def steps(desk: Desk, step: str, **values: str) -> Seen:
    """Take a step with the card of one thing that is open."""
    card = desk.last("eve")
    await desk.taps("eve", LABELS[step], on=card)
    await desk.arrive(Filled(at("eve"), "voice.stepped", step, card.token, values))
    return desk.last("eve")


LABELS = {
    "take": "Take it",
    "done": "Done",
    "decline": "Will not be done",
    "sort": "Name and sort",
    "merge": "Same as another",
    "ask": "Ask back",
}


def news(desk: Desk, who: str, title: str) -> list[Seen]:
    return [seen for seen in desk.chat(who) if seen.card.title == title]


async def kept(desk: Desk, **wanted: object) -> list[tuple[str, str, str]]:
    async with desk.store.read() as work:
        found = await work.voice_queue(replace(Wanted(), **wanted), 99)
    return [(one.kind, one.state, one.text) for one in found]


async def test_raised_taken_asked_solved_and_closed(crm: Desk) -> None:  # noqa: PLR0915 - a walk
    await tells(crm, "ann")
    assert crm.last("ann").card.title == RAISED
    assert "Nobody is told that it is from you" in crm.last("ann").text
    await crm.says("bob", "blocker: the dealer has no place anywhere")
    assert crm.last("bob").card.title == RAISED

    card = await opens(crm)
    assert WORDS in card.text
    assert "Ann" not in card.text
    assert "somebody" in card.text, "four people are too few to be a group"
    await steps(crm, "take", due="2026-11-30")
    assert "taken by Eve Moss, due Monday 30 November" in crm.last("eve").text
    assert news(crm, "ann", "The CRM team has taken it up") == []
    await look(crm)
    [told] = news(crm, "ann", "The CRM team has taken it up")
    assert WORDS in told.text
    assert "by Monday 30 November" in told.text
    assert told.card.summary == "News about what you raised", "a locked screen tells nothing"

    await steps(crm, "ask", words="Which dealer do you mean?")
    await look(crm)
    asked = crm.last("ann")
    assert "The CRM team asks: Which dealer do you mean?" in asked.text
    await crm.taps("ann", "Answer", on=asked)
    await crm.fills(
        "ann", "raise.answered", {"text": "The one who sends the customer"}, asked.token
    )
    await look(crm)
    assert "There is an answer about The tool" in crm.last("eve").text
    await crm.taps("eve", "Open", on=crm.last("eve"))
    assert "Somebody (1): The one who sends the customer" in crm.last("eve").text
    assert "Ann" not in crm.last("eve").text

    await crm.says("eve", "queue")
    await crm.taps("eve", "Open 2", on=crm.last("eve"))
    card = await steps(crm, "merge", into="1")
    assert "Joined." in card.text
    assert await kept(crm) == [("blocker", "taken", WORDS)]
    await look(crm)
    assert len(news(crm, "bob", "The CRM team has taken it up")) == 1
    assert len(news(crm, "ann", "The CRM team has taken it up")) == 1, "she had heard"

    await opens(crm)
    await steps(crm, "done", words="There is a field for the dealer on each offer.")
    await look(crm)
    for who in ("ann", "bob"):
        [done] = news(crm, who, "You said it, and it was done")
        assert "There is a field for the dealer on each offer." in done.text
        assert "Is it solved for you?" in done.text
        assert "Ann" not in done.text
    await crm.taps("ann", "Yes, solved")
    assert "You said that it is solved for you" in crm.last("ann").text
    await crm.taps("bob", "Yes, solved")
    await look(crm)
    assert await kept(crm, states=("done",)) == [("blocker", "done", WORDS)]
    assert len(news(crm, "ann", "You said it, and it was done")) == 1

    await crm.says("eve", "queue")
    await crm.taps("eve", "What is settled", on=crm.last("eve"))
    await crm.taps("eve", "Open 1", on=crm.last("eve"))
    await crm.taps("eve", "You said, we did", on=crm.last("eve"))
    draft = crm.last("eve")
    assert "You said, we did: The tool" in draft.text
    async with crm.store.read() as work:
        [drafted] = await work.drafts(["eve"])
    assert "field for the dealer" in drafted.draft.message.body["en"]


async def test_not_solved_for_most_opens_it_again(crm: Desk) -> None:
    await tells(crm, "ann")
    await opens(crm)
    await steps(crm, "done", words="Restart your phone.")
    await look(crm)
    await crm.taps("ann", "No, not for me")
    assert await kept(crm) == [("blocker", "new", WORDS)]
    await look(crm)
    assert len(crm.chat("ann")) == len({seen.ref for seen in crm.chat("ann")})
    assert "not solved" in crm.last("ann").text
    await opens(crm)
    await steps(crm, "decline", words="The maker ended that phone.")
    await look(crm)
    assert "It will not be done, because: The maker ended that phone." in crm.last("ann").text


async def test_with_a_name_the_team_sees_it_and_nobody_else(crm: Desk) -> None:
    await tells(crm, "ann", named="with")
    card = await opens(crm)
    assert "Ann Field" in card.text
    for who in ("ann", "bob", "sam"):
        await crm.says(who, "queue")
        assert WORDS not in crm.last(who).text, "the queue is the CRM team's"
    await crm.arrive(Tapped(at("bob"), "voice.step", "done", card.token))
    await crm.arrive(Filled(at("bob"), "voice.stepped", "done", card.token, {"words": "x"}))
    assert await kept(crm) == [("blocker", "new", WORDS)]


@pytest.mark.parametrize(
    ("text", "said", "many"),
    [
        ("blocker: my password is Welkom01!", "seems to hold a password", 0),
        ("feedback transfer it to NL91ABNA0417164300 please", "account or citizen number", 0),
        ("wish: call me at piet@example.com", "somebody's address or number", 0),
        (f"wish: {'long ' * 300}", "longer than 1000 characters", 0),
        ("wish: one screen less", "Your wish is with the CRM team", 1),
        ("wish I could do it by phone", "Your wish is with the CRM team", 1),
        ("feedback the search is great", "Thank you, it is with the CRM team", 1),
        ("wens: een scherm minder", "Your wish is with the CRM team", 1),
        ("belemmering: geen veld", RAISED, 1),
        ("blocker", "What stands in your way?", 0),
        ("obstakel: de prijslijst ontbreekt", RAISED, 1),
        ("obstakel course dates in the crm", "", 0),
        ("feedback form where do i find it?", "", 0),
        ("reports", "", 0),
    ],
)
async def test_what_is_typed(crm: Desk, text: str, said: str, many: int) -> None:
    await crm.says("ann", text)
    assert said in crm.last("ann").text
    assert len(await kept(crm)) == many


async def test_the_form_warns_before_it_sends(crm: Desk) -> None:
    await crm.says("ann", "feedback")
    card = crm.last("ann")
    await crm.taps("ann", "Say it", on=card)
    empty = {"text": " \n", "named": "without"}
    reply = await crm.arrive(Filled(at("ann"), "raise.sent", "feedback", card.token, empty))
    assert "Write a sentence" in getattr(reply, "errors", {})["text"]
    words = {"text": "Ask jan@example.com about it", "named": "without"}
    reply = await crm.arrive(Filled(at("ann"), "raise.sent", "feedback", card.token, words))
    assert "somebody's address" in getattr(reply, "errors", {})["text"]
    assert await kept(crm) == []
    sure = words | {"sure": "sure"}
    await crm.arrive(Filled(at("ann"), "raise.sent", "feedback", card.token, sure))
    assert len(await kept(crm)) == 1
    assert "jan@example.com" not in (await opens(crm)).text, "masked for who reads it"
    never = {"text": "my password is Welkom01!", "named": "without", "sure": "sure"}
    await crm.says("ann", "feedback")
    card = crm.last("ann")
    reply = await crm.arrive(Filled(at("ann"), "raise.sent", "feedback", card.token, never))
    assert "password" in getattr(reply, "errors", {})["text"]
    assert len(await kept(crm)) == 1


async def many_say(desk: Desk, many: int = 5) -> int:
    """Let so many people raise the same, and Eve join it and name it; returns its number."""
    crowd = [f"p{n}" for n in range(many)]
    for who in crowd:
        async with desk.store.write() as work:
            person = Person(who, who.upper(), language="en", segment="field", addresses=(at(who),))
            await work.save([person], desk.clock())
        await desk.says(who, f"blocker: my bonus counts calls, says {who}")
    for _ in range(2, many + 1):
        await opens(desk, place=2)
        await steps(desk, "merge", into="1")
    await opens(desk)
    await steps(desk, "sort", title="The bonus counts calls", sort="incentive", area="sales")
    return 1


async def test_what_five_raised_goes_to_the_sponsor_who_answers(crm: Desk) -> None:
    await many_say(crm, 4)
    await look(crm)
    assert news(crm, "sam", "Many people need your decision") == [], "four are too few"
    await crm.says("bob", "blocker: my bonus counts calls")
    await opens(crm, place=2)
    await steps(crm, "merge", into="1")
    await look(crm)
    [card] = news(crm, "sam", "Many people need your decision")
    assert "The bonus counts calls was raised by 5-9 people" in card.text
    assert "says p" not in card.text, "nobody's own words"
    await crm.taps("sam", "Answer", on=card)
    await crm.fills("sam", "above.answered", {"words": "From January it counts offers"}, card.token)
    assert "Answered: From January it counts offers" in crm.last("sam").text
    await look(crm)
    assert "About The bonus counts calls: From January it counts offers" in crm.last("eve").text
    await look(crm)
    assert len(news(crm, "eve", "A sponsor has answered")) == 1


async def test_unanswered_for_ten_working_days_it_comes_back(crm: Desk) -> None:
    await many_say(crm)
    await look(crm)
    assert len(news(crm, "sam", "Many people need your decision")) == 1
    crm.clock.pass_(days=13)
    await look(crm)
    assert news(crm, "eve", "A sponsor did not answer") == []
    crm.clock.pass_(days=2)
    await look(crm)
    [back] = news(crm, "eve", "A sponsor did not answer")
    assert "The bonus counts calls" in back.text
    await look(crm)
    assert len(news(crm, "eve", "A sponsor did not answer")) == 1
    card = news(crm, "sam", "Many people need your decision")[0]
    await crm.taps("sam", "Answer", on=card)
    await crm.fills("sam", "above.answered", {"words": "It changes"}, card.token)
    await look(crm)
    assert len(news(crm, "eve", "A sponsor has answered")) == 1, "late is better than never"


async def test_a_group_is_shown_from_five_people_on(crm: Desk) -> None:
    await many_say(crm)
    card = await opens(crm)
    assert "\nfield\n" in card.text
    await crm.says("eve", "queue")
    assert "5-9 people" in crm.last("eve").text


async def test_four_tickers_tell_it_once(crm: Desk) -> None:
    await tells(crm, "ann")
    await opens(crm)
    await steps(crm, "take", due="2026-11-30")
    round_ = crm.app.rounds["voices"][0]
    told = await asyncio.gather(*(round_() for _ in range(4)))
    assert sorted(map(str, told)) == ["0", "0", "0", "1"]
    await crm.app.settle()
    assert len(news(crm, "ann", "The CRM team has taken it up")) == 1


@pytest.mark.parametrize(
    ("step", "values", "field"),
    [
        ("take", {"due": "2020-01-01"}, "due"),
        ("take", {"due": "soon"}, "due"),
        ("done", {"words": " "}, "words"),
        ("ask", {"words": "my password is Welkom01!"}, "words"),
        ("merge", {"into": "#"}, "into"),
        ("merge", {"into": "1"}, "into"),
        ("merge", {"into": "9" * 40}, "into"),
        ("merge", {"into": "\u0662"}, "into"),
        ("done", {"words": "long " * 200}, "words"),
    ],
)
async def test_a_form_that_cannot_be_right_stays(
    crm: Desk, step: str, values: dict[str, str], field: str
) -> None:
    await tells(crm, "ann")
    card = await opens(crm)
    reply = await crm.arrive(Filled(at("eve"), "voice.stepped", step, card.token, values))
    assert field in getattr(reply, "errors", {})
    assert await kept(crm) == [("blocker", "new", WORDS)]


async def test_joined_with_nothing_it_stays_and_says_so(crm: Desk) -> None:
    await tells(crm, "ann")
    await opens(crm)
    card = await steps(crm, "merge", into="99")
    assert "Not joined: there is nothing open with that number." in card.text
    assert len(await kept(crm)) == 1


async def test_the_queue_is_narrowed_and_paged(crm: Desk) -> None:
    for n in range(7):
        await crm.says("ann", f"wish: number {n}")
    await crm.says("bob", "blocker: the one that stops me")
    await crm.says("eve", "queue")
    card = crm.last("eve")
    assert "New: 8" in card.text
    assert "number 4" in card.text
    assert "number 5" not in card.text
    await crm.taps("eve", "Next", on=card)
    assert "number 6" in crm.last("eve").text
    await crm.taps("eve", "From the first", on=crm.last("eve"))
    card = crm.last("eve")
    await crm.taps("eve", "Filter", on=card)
    await crm.fills("eve", "voice.filtered", {"kind": "blocker"}, card.token)
    assert "the one that stops me" in crm.last("eve").text
    assert "number" not in crm.last("eve").text
    card = crm.last("eve")
    await crm.fills("eve", "voice.filtered", {"segment": "sales"}, card.token)
    assert "Nothing waits here." in crm.last("eve").text, "of four people nobody is found by group"


async def test_from_what_stops_you_it_goes_on_to_the_team(crm: Desk) -> None:
    await crm.says("ann", "blocker")
    await crm.taps("ann", "Help me first", on=crm.last("ann"))
    await crm.taps("ann", "Time", on=crm.last("ann"))
    card = crm.last("ann")
    await crm.taps("ann", "Tell the CRM team", on=card)
    values = {"text": WORDS, "named": "without"}
    await crm.arrive(Filled(at("ann"), "raise.sent", "blocker:time", card.token, values))
    async with crm.store.read() as work:
        [item] = await work.voice_queue(Wanted(sort="time"), 9)
    assert item.text == WORDS


async def test_a_number_that_nothing_has_opens_nothing(crm: Desk) -> None:
    await tells(crm, "ann")
    await crm.says("eve", "queue")
    card = crm.last("eve")
    for choice in ("9" * 40, "-1", "0", "\u0662", "x", ""):
        await crm.arrive(Tapped(at("eve"), "voice.open", choice, card.token))
        assert "finished" in crm.last("eve").card.title, choice


async def test_a_sponsors_answer_that_is_too_long_is_refused_whole(crm: Desk) -> None:
    await many_say(crm)
    await look(crm)
    [card] = news(crm, "sam", "Many people need your decision")
    long = {"words": "long " * 200}
    reply = await crm.arrive(Filled(at("sam"), "above.answered", "", card.token, long))
    assert "longer than 500 characters" in getattr(reply, "errors", {})["words"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("wish: one screen less", "Your wish is with the CRM team", "I took your words"),
        ("", "", "The file was not kept"),
    ],
)
async def test_who_sends_a_file_hears_that_it_was_not_taken(
    crm: Desk, text: str, first: str, last: str
) -> None:
    before = len(crm.chat("ann"))
    await crm.arrive(Said(at("ann"), text, attached=True))
    said = [seen.text for seen in crm.chat("ann")[before:]]
    assert len(said) == (2 if first else 1)
    assert first in said[0]
    assert last in said[-1]
    assert len(await kept(crm)) == bool(first)

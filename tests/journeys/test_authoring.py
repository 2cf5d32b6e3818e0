"""An author's desk with two people: written, looked at, tried out, handed in, used again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from adapters.store.progress import progress
from dialogs.turns import Filled, Tapped
from nudges.broadcast import Drafted, Stage
from nudges.roles import Grant, Role
from nudges.steering import Followed
from tests.desk import Desk, at
from tests.journeys.test_broadcasts import at_work, goes_on

AUTHOR, APPROVER, SPONSOR = "eve", "bob", "ann"
WORDS = {
    "title_en": "Offers leave from one place",
    "title_nl": "Offertes vanaf één plek",
    "body_en": "Make yours in {crm}.\n\nIt saves an hour.",
    "body_nl": "Maak de jouwe in {crm}.",
    "kind": "change",
    "goal": "Answered within a day",
    "link": "https://example.com/offers",
    "label_en": "Show me",
    "label_nl": "Laat zien",
    "acknowledge": "yes",
}
ALL = {"who": "everyone", "how": "mornings", "sender": AUTHOR}


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    async with desk.store.write() as work:
        grants = [
            Grant(AUTHOR, Role.AUTHOR),
            Grant(APPROVER, Role.APPROVER),
            Grant(SPONSOR, Role.SPONSOR),
        ]
        await work.keep(grants, "settings", desk.clock())
    return await at_work(desk)


async def fills(desk: Desk, who: str, verb: str, values: Mapping[str, str], label: str) -> object:
    """Fill in the form behind a button."""
    seen = desk.having(who, label)
    await desk.taps(who, label, on=seen)
    return await desk.arrive(Filled(at(who), verb, "", seen.token, values))


async def drafted(desk: Desk) -> list[Drafted]:
    async with desk.store.read() as work:
        return await work.drafts([AUTHOR])


async def writes(desk: Desk, audience: Mapping[str, str] = ALL, **words: str) -> None:
    """Write a draft that can be handed in."""
    await desk.says(AUTHOR, "messages")
    await fills(desk, AUTHOR, "draft.words", WORDS | words, "Write a message")
    await fills(desk, AUTHOR, "draft.audience", audience, "For whom, and when")


async def test_written_looked_at_tried_out_and_handed_in(crm: Desk) -> None:
    await crm.says(AUTHOR, "messages")
    await fills(crm, AUTHOR, "draft.words", WORDS, "Write a message")
    card = crm.last(AUTHOR)
    assert card.card.title == "Offers leave from one place: saved"
    assert "Choose for whom it is." in card.text
    assert "Advice: Nederlands" in card.text
    assert "Hand in" not in card.buttons

    await fills(crm, AUTHOR, "draft.audience", ALL, "For whom, and when")
    card = crm.last(AUTHOR)
    assert "People: 3" in card.text
    assert "Such as: " in card.text

    await crm.taps(AUTHOR, "See it: Nederlands")
    preview = crm.last(AUTHOR)
    assert preview.card.title == "Offertes vanaf één plek"
    assert "Maak de jouwe in Dynamics." in preview.text
    order = [preview.text.index(said) for said in ("[ Begrepen ]", "[Laat zien]", "terugschrijft")]
    assert order == sorted(order), "as its people see it"
    await crm.taps(AUTHOR, "Back to the draft")

    before = len(crm.chat(AUTHOR))
    await crm.taps(AUTHOR, "Send me a test")
    assert [s.card.title for s in crm.chat(AUTHOR)[before:]] == [
        "Offers leave from one place",
        "Offertes vanaf één plek",
    ]
    await crm.taps(AUTHOR, "Got it")
    assert any("You said you got this" in s.text for s in crm.chat(AUTHOR)[before:])

    # An author, who only drafts, needs a second person also for three people.
    await crm.taps(AUTHOR, "Hand in")
    assert crm.chat(AUTHOR)[before - 1].card.title == "Handed in"
    assert await drafted(crm) == []
    await goes_on(crm)
    await crm.taps(APPROVER, "Akkoord")
    await goes_on(crm)
    assert "Make yours in Dynamics." in crm.having("ann", "Got it").text


async def test_a_second_press_hands_in_once(crm: Desk) -> None:
    await writes(crm)
    card = crm.having(AUTHOR, "Hand in")
    await crm.taps(AUTHOR, "Hand in", on=card)
    await crm.taps(AUTHOR, "Hand in", on=card)
    async with crm.store.read() as work:
        assert len(await work.broadcasts()) == 1


async def test_a_sender_is_asked_before_the_approver_and_stands_below(crm: Desk) -> None:
    await writes(crm, ALL | {"sender": SPONSOR})
    await crm.taps(AUTHOR, "Hand in")
    await goes_on(crm)
    asked = crm.having(SPONSOR, "Yes, in my name")
    assert "3" not in asked.text, "a sender does not hear to how many it goes"
    assert not any("Akkoord" in seen.buttons for seen in crm.chat(APPROVER))
    await crm.taps(SPONSOR, "Yes, in my name")
    await goes_on(crm)
    await crm.taps(APPROVER, "Akkoord")
    await goes_on(crm)
    got = crm.having("ann", "Got it")
    assert "Ann Field, sponsor" in got.text
    assert "Eve Moss can read it" in got.text


async def test_whoever_would_rather_not_lend_their_name(crm: Desk) -> None:
    await writes(crm, ALL | {"sender": SPONSOR})
    await crm.taps(AUTHOR, "Hand in")
    await goes_on(crm)
    await crm.taps(SPONSOR, "Rather not")
    await goes_on(crm)
    async with crm.store.read() as work:
        (found,) = (await work.broadcasts()).values()
    assert found.stage is Stage.DECLINED
    assert "Ann Field would rather not" in crm.last(AUTHOR).text


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        ({"title_en": "x" * 121}, "title_en", "at most 120 characters"),
        ({"body_nl": "x" * 2501}, "body_nl", "hoogstens 2.500"),
        ({"link": "javascript:alert(1)"}, "link", "https://"),
        ({"link": "https://10.0.0.8/x"}, "link", "public name"),
        ({"link": "https://\u0435x\u0430mple.com"}, "link", "letters that look like"),
        ({"title_en": "", "title_nl": ""}, "title_en", "Write a title"),
        ({"link": "", "label_en": "Go"}, "link", "web address"),
        ({"goal": "x" * 121}, "goal", "at most 120"),
        ({"body_en": "sneaky\u202etext"}, "body_en", "cannot be seen"),
    ],
)
async def test_what_cannot_be_shown_is_refused_while_it_is_written(
    crm: Desk, words: dict[str, str], field: str, said: str
) -> None:
    await crm.says(AUTHOR, "messages")
    reply = await fills(crm, AUTHOR, "draft.words", WORDS | words, "Write a message")
    errors = getattr(reply, "errors", {})
    assert field in errors, errors
    assert said in errors[field] or field == "body_nl"
    assert await drafted(crm) == []


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"who": "own", "rule": "segmnt is sales"}, "rule", "Did you mean “segment”?"),
        ({"who": "own", "rule": ""}, "rule", "Choose for whom"),
        ({"time": "09:00"}, "day", "Choose a day"),
        ({"day": "2026-12-01", "time": "25:00"}, "time", "like 08:30"),
        ({"day": "2020-01-01"}, "day", "has passed"),
    ],
)
async def test_whom_and_when_are_checked_too(
    crm: Desk, values: dict[str, str], field: str, said: str
) -> None:
    await crm.says(AUTHOR, "messages")
    await fills(crm, AUTHOR, "draft.words", WORDS, "Write a message")
    reply = await fills(crm, AUTHOR, "draft.audience", ALL | values, "For whom, and when")
    assert said in getattr(reply, "errors", {})[field]


async def test_a_moment_is_the_authors_own(crm: Desk) -> None:
    await writes(crm, ALL | {"day": "2026-12-01", "time": "9:30"})
    (one,) = await drafted(crm)
    assert one.draft.begins == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


async def test_what_is_missing_keeps_it_back(crm: Desk) -> None:
    await writes(crm, body_nl="")
    card = crm.last(AUTHOR)
    assert "Nederlands: Write what you want to say." in card.text
    assert "Hand in" not in card.buttons


async def test_where_it_would_tell_on_people_no_name_stands_on_the_draft(crm: Desk) -> None:
    await writes(crm, ALL | {"who": "own", "rule": "barrier is unknown"})
    card = crm.last(AUTHOR)
    assert "not told" in card.text
    assert "Such as" not in card.text
    assert "Ann" not in card.text


async def test_templates_copies_and_throwing_away(crm: Desk) -> None:
    await writes(crm)
    await crm.taps(AUTHOR, "Keep as template")
    (kept,) = await drafted(crm)
    assert kept.template
    await crm.taps(AUTHOR, "Offers leave from one p…")
    assert sorted(one.template for one in await drafted(crm)) == [False, True]
    await crm.taps(AUTHOR, "Throw away")
    await crm.taps(AUTHOR, "Throw it away")
    assert [one.template for one in await drafted(crm)] == [True]


async def test_said_again_it_needs_other_words(crm: Desk) -> None:
    await writes(crm)
    await crm.taps(AUTHOR, "Hand in")
    await crm.says(AUTHOR, "messages")
    await crm.taps(AUTHOR, "1 · Offers leave from one p…")
    await crm.taps(AUTHOR, "Say it again, differently")
    card = crm.last(AUTHOR)
    assert "number 2 of five to seven" in card.text
    assert "Say it in other words." in card.text
    other = WORDS | {"body_en": "One place for offers.", "body_nl": "Eén plek voor offertes."}
    await fills(crm, AUTHOR, "draft.words", other, "Words")
    assert "Hand in" in crm.last(AUTHOR).buttons


async def test_a_draft_is_its_authors_alone(crm: Desk) -> None:
    await writes(crm)
    await crm.says("ann", "messages")
    assert crm.last("ann").card.title == "Messages to many are for authors"
    async with crm.store.write() as work:
        await work.keep([Grant("ann", Role.AUTHOR)], "settings", crm.clock())
    await crm.says("ann", "messages")
    assert "Offers" not in crm.last("ann").text


async def test_whoever_is_no_author_any_more_writes_nothing(crm: Desk) -> None:
    await writes(crm)
    async with crm.store.write() as work:
        await work.keep([Grant(AUTHOR, Role.AUTHOR, given=False)], "settings", crm.clock())
    await crm.taps(AUTHOR, "Hand in")
    async with crm.store.read() as work:
        assert await work.broadcasts() == {}


async def sent(desk: Desk) -> None:
    """Send a message to everybody."""
    await writes(desk)
    await desk.taps(AUTHOR, "Hand in")
    await goes_on(desk)
    await desk.taps(APPROVER, "Akkoord")
    await goes_on(desk)


async def reported(desk: Desk) -> None:
    await desk.app.rounds["replies"][0]()
    await desk.app.settle()


async def test_replies_come_to_the_author_and_the_answer_goes_back(crm: Desk) -> None:
    await sent(crm)
    await crm.says("ann", "Does that hold for renewals, too?")
    await crm.says("bob", "Goed idee!")
    await reported(crm)
    await reported(crm)
    queue = [seen for seen in crm.chat(AUTHOR) if seen.card.title == "What people wrote back"]
    assert len(queue) == 1
    assert "that wait for you: 2" in queue[0].text
    assert "Ann Field" in queue[0].text
    answer = next(b for b in queue[0].buttons.values() if b.label == "Answer 1").tap
    rows = [b.tap.choice for b in queue[0].buttons.values()]
    assert answer.choice in rows
    first = next(
        b.tap
        for row in queue[0].card.body
        for b in getattr(row, "buttons", ())
        if b.label == "Answer 1"
    )
    await crm.arrive(Tapped(at(AUTHOR), first.verb, first.choice, queue[0].token))
    said = Filled(at(AUTHOR), "reply.answered", first.choice, queue[0].token, {"text": "Yes."})
    await crm.arrive(said)
    assert crm.last("ann").card.title == "Eve Moss answered you"
    assert "You wrote: Does that hold for renewals, too?" in crm.last("ann").text
    await crm.arrive(said)
    titles = [seen.card.title for seen in crm.chat("ann")]
    assert titles.count("Eve Moss answered you") == 1
    await crm.taps(AUTHOR, "Put away 1")
    assert crm.having(AUTHOR, "My messages").card.title == "Everything is answered"


async def test_an_author_is_not_told_of_each_reply(crm: Desk) -> None:
    await sent(crm)
    await crm.says("ann", "One.")
    await reported(crm)
    before = len(crm.chat(AUTHOR))
    await crm.says("bob", "Twee.")
    await reported(crm)
    assert len(crm.chat(AUTHOR)) == before
    crm.clock.pass_(hours=5)
    await reported(crm)
    assert len(crm.chat(AUTHOR)) == before + 1


async def test_where_it_would_tell_on_people_replies_have_no_name(crm: Desk) -> None:
    await writes(crm, ALL | {"who": "own", "rule": "barrier is unknown"})
    await crm.taps(AUTHOR, "Hand in")
    await goes_on(crm)
    await crm.taps(APPROVER, "Akkoord")
    await goes_on(crm)
    await crm.says("ann", "That helps.")
    await reported(crm)
    card = next(s for s in crm.chat(AUTHOR) if s.card.title == "What people wrote back")
    assert "Somebody" in card.text
    assert "Ann" not in card.text


async def test_when_the_author_has_left_the_crm_team_reads_replies(crm: Desk) -> None:
    await sent(crm)
    await crm.says("ann", "Whom do I ask about this?")
    async with crm.store.write() as work:
        (author,) = (await work.people([AUTHOR])).values()
        await work.save([replace(author, left=True)], crm.clock())
        await work.keep([Grant("bob", Role.CRM_TEAM)], "settings", crm.clock())
    await reported(crm)
    assert [s.card.title for s in crm.chat("bob")][-1] == "Wat mensen terugschreven"


async def test_a_panel_reads_it_first_and_its_words_reach_the_author(crm: Desk) -> None:
    await writes(crm)
    await crm.taps(AUTHOR, "Ask a panel first")
    assert "Asked, and not answered yet: 2." in crm.last(AUTHOR).text
    await goes_on(crm)
    asked = crm.having("ann", "Say what should change")
    assert "the most conservative of your colleagues" in asked.text
    assert "Eve Moss reads it with your name" in asked.text
    await crm.taps("ann", "Say what should change")
    said = {"text": "Say what it costs me."}
    await crm.arrive(Filled(at("ann"), "panel.said", "", asked.token, said))
    heard = crm.last(AUTHOR)
    assert heard.card.title == "Your panel has spoken"
    assert "Ann Field, sales" in heard.text
    assert "Say what it costs me." in heard.text
    await crm.taps(AUTHOR, "Open the draft")
    await crm.taps(AUTHOR, "Hand in")
    await crm.taps("bob", "Zeg wat er anders moet")
    assert crm.last("bob").card.title == "Prima"


async def test_nobody_is_asked_twice_and_no_panel_tells_on_people(crm: Desk) -> None:
    await writes(crm)
    await crm.taps(AUTHOR, "Ask a panel first")
    await crm.taps(AUTHOR, "Ask a panel first")
    await goes_on(crm)
    titles = [seen.card.title for seen in crm.chat("ann")]
    assert titles.count("What should change before this goes out?") == 1
    await fills(
        crm,
        AUTHOR,
        "draft.audience",
        ALL | {"who": "own", "rule": "barrier is unknown"},
        "For whom, and when",
    )
    assert "Ask a panel first" not in crm.last(AUTHOR).buttons


async def test_what_was_sent_is_put_right_after_somebody_approved_that(crm: Desk) -> None:
    await sent(crm)
    await crm.says(AUTHOR, "messages")
    await crm.taps(AUTHOR, "1 · Offers leave from one p…")
    await crm.taps(AUTHOR, "Correct it")
    card = crm.last(AUTHOR)
    assert "Corrects message: 1" in card.text
    assert "People: 3" in card.text
    assert "For whom, and when" not in card.buttons
    right = WORDS | {"body_en": "Make yours in {crm}, from Monday.", "body_nl": "Vanaf maandag."}
    await fills(crm, AUTHOR, "draft.words", right, "Words")
    await crm.taps(AUTHOR, "Hand in")
    await goes_on(crm)
    await crm.taps(APPROVER, "Akkoord")
    for _ in range(3):
        await goes_on(crm)
        await crm.app.settle()
    texts = [seen.text for seen in crm.chat("ann")]
    assert any("from Monday" in text and "Corrected on" in text for text in texts)
    assert not any("It saves an hour." in text for text in texts)


async def test_an_author_finds_how_far_it_is_again(crm: Desk) -> None:
    await sent(crm)
    await crm.says(AUTHOR, "messages")
    await crm.taps(AUTHOR, "1 · Offers leave from one p…")
    await crm.taps(AUTHOR, "How far it is")
    seen = crm.last(AUTHOR)
    assert "Sent: 3" in seen.text
    await crm.taps(AUTHOR, "Take back")
    await crm.taps(AUTHOR, "Take it back")
    for _ in range(3):
        await goes_on(crm, 0.1)
    (found,) = [one for one in crm.chat(AUTHOR) if one.ref == seen.ref]
    assert found.card.title == "Taken back", "the card that was found again keeps up"
    assert "3 of 3" in found.text


async def test_who_looks_in_from_the_team_takes_no_authors_card(crm: Desk) -> None:
    await sent(crm)
    async with crm.store.write() as work:
        await work.keep([Grant("bob", Role.CRM_TEAM)], "settings", crm.clock())
        before = await work.connection.scalar(select(progress.c.root))
        await work.keep([Followed(1, 4711)], "bob", crm.clock())
        assert await work.connection.scalar(select(progress.c.root)) == before
        await work.keep([Followed(1, 4711)], AUTHOR, crm.clock())
        assert await work.connection.scalar(select(progress.c.root)) == 4711

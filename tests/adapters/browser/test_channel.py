"""The browser as a channel: what was posted is there, once, also after a restart."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.browser.channel import PAUSE, BrowserChannel
from adapters.browser.conversation import HISTORY, Conversation
from dialogs.card import Button, Card, Paragraph, Row, Tap
from dialogs.rich import plain
from nudges.delivery import Refused, Sent, Unknown, Wait
from nudges.people import Address

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
ANNA, JAN = Address("browser", "demo", "anna"), Address("browser", "demo", "jan")
CARD = Card("Hello", (Paragraph(plain("Anna")), Row((Button("Yes", Tap("yes")),))))


@pytest.fixture
def conversation(tmp_path: Path) -> Iterator[Conversation]:
    opened = Conversation(tmp_path / "chat.db", lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture
def channel(conversation: Conversation) -> BrowserChannel:
    return BrowserChannel(conversation, lambda: NOW)


def shown(conversation: Conversation, to: Address = ANNA) -> list[str]:
    return [json.loads(line.payload)["html"] for line in conversation.lines(to.user)]


def on_disk(place: Path) -> bytes:
    return b"".join(file.read_bytes() for file in place.iterdir())


def payload(html: str) -> str:
    return json.dumps({"html": html, "summary": html})


def test_a_drawn_card_holds_its_html_and_one_line(channel: BrowserChannel) -> None:
    drawn = json.loads(channel.draw(CARD, "tok"))
    assert drawn["summary"] == "Hello: Anna"
    assert 'data-token="tok"' in drawn["html"]


async def test_post_replace_and_remove(channel: BrowserChannel, conversation: Conversation) -> None:
    sent = await channel.post(ANNA, payload("one"), "d1")
    assert isinstance(sent, Sent)
    await channel.post(ANNA, payload("two"), "d2")
    assert shown(conversation) == ["one", "two"]
    assert await channel.replace(ANNA, sent.ref, payload("changed")) == sent
    assert shown(conversation) == ["changed", "two"]
    assert await channel.remove(ANNA, sent.ref) == sent
    assert await channel.remove(ANNA, sent.ref) == sent
    assert shown(conversation) == ["two"]
    assert isinstance(await channel.replace(ANNA, sent.ref, payload("late")), Refused)
    assert shown(conversation, JAN) == []


async def test_the_same_mark_is_posted_once(
    channel: BrowserChannel, conversation: Conversation
) -> None:
    first = await channel.post(ANNA, payload("one"), "d1")
    assert await channel.post(ANNA, payload("one"), "d1") == first
    assert await channel.post(JAN, payload("one"), "d1") != first
    assert len(shown(conversation)) == 1


async def test_messages_without_a_mark_are_each_their_own(
    channel: BrowserChannel, conversation: Conversation
) -> None:
    await channel.post(ANNA, payload("one"), "")
    await channel.post(ANNA, payload("one"), "")
    assert len(shown(conversation)) == 2
    assert await channel.find(ANNA, "") is None


async def test_find_really_answers(channel: BrowserChannel) -> None:
    sent = await channel.post(ANNA, payload("one"), "d1")
    assert isinstance(sent, Sent)
    assert await channel.find(ANNA, "d1") == sent
    assert await channel.find(ANNA, "d2") is None
    assert await channel.find(JAN, "d1") is None
    await channel.remove(ANNA, sent.ref)
    assert await channel.find(ANNA, "d1") == sent


@pytest.mark.parametrize("ref", ["", "0", "-1", "x", "1e9", "٣", "9" * 30, "7", "1; DROP TABLE x"])
async def test_a_message_that_is_not_there_is_refused(channel: BrowserChannel, ref: str) -> None:
    assert isinstance(await channel.replace(ANNA, ref, payload("x")), Refused)
    assert isinstance(await channel.remove(ANNA, ref), Refused)


async def test_a_message_belongs_to_one_person(
    channel: BrowserChannel, conversation: Conversation
) -> None:
    sent = await channel.post(ANNA, payload("one"), "d1")
    assert isinstance(sent, Sent)
    assert isinstance(await channel.replace(JAN, sent.ref, payload("x")), Refused)
    assert isinstance(await channel.remove(JAN, sent.ref), Refused)
    assert shown(conversation) == ["one"]


async def test_what_a_person_typed_is_not_ours_to_change(
    channel: BrowserChannel, conversation: Conversation
) -> None:
    number, new = conversation.add("anna", "me", json.dumps({"text": "hi"}), "browser:anna:1")
    assert new
    assert isinstance(await channel.replace(ANNA, str(number), payload("x")), Refused)
    assert isinstance(await channel.remove(ANNA, str(number)), Refused)


async def test_a_restart_shows_the_conversation_again(tmp_path: Path) -> None:
    first = Conversation(tmp_path / "chat.db", lambda: NOW)
    sent = await BrowserChannel(first, lambda: NOW).post(ANNA, payload("one"), "d1")
    first.close()
    again = Conversation(tmp_path / "chat.db", lambda: NOW)
    channel = BrowserChannel(again, lambda: NOW)
    assert shown(again) == ["one"]
    assert await channel.find(ANNA, "d1") == sent
    assert await channel.post(ANNA, payload("one"), "d1") == sent
    again.close()


async def test_a_file_that_fails_is_an_outcome_and_no_exception(
    channel: BrowserChannel, conversation: Conversation
) -> None:
    conversation.close()
    later = await channel.post(ANNA, payload("one"), "d1")
    assert isinstance(later, Wait)
    assert later.until == NOW + PAUSE
    assert isinstance(await channel.replace(ANNA, "1", payload("x")), Wait)
    assert isinstance(await channel.remove(ANNA, "1"), Wait)
    assert isinstance(await channel.find(ANNA, "d1"), Unknown)


async def test_an_open_page_is_told_of_each_change_and_of_news_elsewhere(
    channel: BrowserChannel, conversation: Conversation
) -> None:
    with conversation.listening("anna") as ear:
        sent = await channel.post(ANNA, payload("one"), "d1")
        assert isinstance(sent, Sent)
        await channel.replace(ANNA, sent.ref, payload("two"))
        await channel.post(JAN, payload("for Jan"), "d2")
        conversation.add("jan", "me", json.dumps({"text": "hi"}), "browser:jan:1")
        conversation.chime()
        assert await ear.listen(1) == ([int(sent.ref)], ["jan"], True)
        assert await ear.listen(0) == ([], [], False)
        conversation.hang_up()
        assert await ear.listen(1) == ([], [], False)
        assert not ear.open


async def test_only_the_latest_messages_are_shown(
    channel: BrowserChannel, conversation: Conversation
) -> None:
    for n in range(HISTORY + 5):
        await channel.post(ANNA, payload(str(n)), f"d{n}")
    seen = shown(conversation)
    assert (len(seen), seen[0], seen[-1]) == (HISTORY, "5", str(HISTORY + 4))


async def test_erasing_leaves_no_word_in_the_file(
    channel: BrowserChannel, conversation: Conversation, tmp_path: Path
) -> None:
    conversation.add("anna", "me", json.dumps({"text": "a secret wish"}), "browser:anna:1")
    await channel.post(ANNA, payload("a secret answer"), "d1")
    await channel.post(JAN, payload("still here"), "d1")
    assert b"secret" in on_disk(tmp_path)
    with conversation.listening("anna") as ear:
        conversation.erase("anna")
        assert len((await ear.listen(1))[0]) == 2
    assert conversation.lines("anna") == []
    assert conversation.line("anna", 1).removed
    assert b"secret" not in on_disk(tmp_path)
    assert shown(conversation, JAN) == ["still here"]

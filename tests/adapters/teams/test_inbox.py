"""What comes in from Teams becomes a stored turn, and what is waited for goes back."""

from typing import Any
from urllib.parse import quote

import pytest

from adapters.teams.account import Reference
from adapters.teams.adaptive import CARD_TYPE, OURS
from adapters.teams.inbox import read
from dialogs.card import Card, Form, Paragraph, Tap, TextField
from dialogs.doorway import DrawnCard, DrawnForm, Reply
from dialogs.rich import plain
from dialogs.turns import Filled, Joined, Left, Said, Tapped, Turn
from tests.adapters.teams.activities import TOKEN, installed, invoke, members, message, submit
from tests.adapters.teams.conftest import Teams
from tests.adapters.teams.fakes import FakeConnector, FakeEntra
from tests.adapters.teams.genuine import APP, PERSON, TENANT, claims

CARD = Card("Thank you", (Paragraph(plain("Noted *as is*.")),))
FORM = Form(
    "Comment",
    (TextField("comment", "Your words", "many", required=True),),
    "Send",
    "Cancel",
    Tap("pulse.commented"),
)
BOT = {"id": f"28:{APP}"}
ACTED = [
    (message(), Said),
    (message(text="<at>Wayfinder</at> help"), Said),
    (invoke(), Tapped),
    (submit(), Tapped),
    (invoke(fields=["comment"], typed={"comment": "too slow"}), Filled),
    (installed(), Joined),
    (members(membersAdded=[BOT]), Joined),
    (installed("remove"), Left),
    (members(membersRemoved=[BOT]), Left),
]
IGNORED: list[dict[str, Any]] = [
    {"type": "typing"},
    {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
    {"type": "hologram"},
    {"type": ""},
    {"type": "conversationUpdate", "membersAdded": [{"id": "29:other"}]},
    {"type": "conversationUpdate"},
    {"type": "installationUpdate", "action": "add-upgrade"},
    {"type": "messageUpdate"},
    {"type": "message", "text": None, "value": {"unknown": 1}},
    {"type": "message", "from.id": "28:another-bot"},
]


def turn_of(teams: Teams) -> Turn:
    [arrival] = teams.inbox.arrivals.values()
    turn = read(arrival.body)
    assert turn
    return turn


@pytest.mark.parametrize(("activity", "kind"), ACTED)
async def test_is_stored_before_it_is_acknowledged(
    teams: Teams, activity: dict[str, Any], kind: type
) -> None:
    status, _ = await teams.send(activity)
    assert status == 200
    turn = turn_of(teams)
    assert isinstance(turn, kind)
    assert turn.address.key == ("teams", TENANT, PERSON)
    [arrival] = teams.inbox.arrivals.values()
    assert arrival.key.startswith("teams:")
    assert len(arrival.key) <= 200


@pytest.mark.parametrize("changes", IGNORED)
async def test_what_is_no_turn_is_acknowledged_and_left(
    teams: Teams, changes: dict[str, Any]
) -> None:
    status, _ = await teams.send(message(**changes))
    assert status == 200
    assert not teams.inbox.knocks


@pytest.mark.parametrize("entity", [{"type": "hologram"}, {"type": "mention"}, 7, None, "x", [[]]])
async def test_an_entity_we_do_not_know_changes_nothing(teams: Teams, entity: object) -> None:
    status, _ = await teams.send(message(entities=[entity]))
    assert status == 200
    assert isinstance(turn_of(teams), Said)


async def test_the_address_holds_what_is_needed_to_write_first(teams: Teams) -> None:
    await teams.send(message())
    reference = Reference.model_validate_json(turn_of(teams).address.reference)
    assert (reference.chat, reference.user, reference.tenant) == ("a:1", "29:person", TENANT)
    assert (reference.bot, reference.service) == (f"28:{APP}", message()["serviceUrl"])


async def test_a_mention_of_the_bot_is_not_part_of_the_words(teams: Teams) -> None:
    mention = {"type": "mention", "mentioned": BOT, "text": "<at>Way &amp; finder</at>"}
    await teams.send(message(text="<at>Way &amp; finder</at>&nbsp;3 < 4", entities=[mention]))
    turn = turn_of(teams)
    assert isinstance(turn, Said)
    assert turn.text == "3 < 4"


async def test_words_in_a_channel_are_answered_in_the_chat_with_the_bot(
    teams: Teams, connector: FakeConnector
) -> None:
    teams.inbox.answer = Reply("en", shown=(DrawnCard(CARD, TOKEN),))
    where = {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel"}
    token = teams.signer.sign(claims(serviceurl=connector.service))
    said = message(conversation=where, serviceUrl=connector.service)
    assert (await teams.send(said, token))[0] == 200
    turn = turn_of(teams)
    assert isinstance(turn, Said)
    assert not turn.private
    assert Reference.model_validate_json(turn.address.reference).chat == ""
    opened, posted = connector.calls
    assert opened.body["members"] == [{"id": "29:person"}]
    assert posted.path.endswith(f"{quote(connector.people['29:person'])}/activities")


async def test_a_pressed_button_gets_its_card_on_the_same_request(teams: Teams) -> None:
    teams.inbox.answer = Reply("en", instead=DrawnCard(CARD, TOKEN))
    status, told = await teams.send(invoke())
    assert status == 200
    assert (told["statusCode"], told["type"]) == (200, CARD_TYPE)
    assert told["value"]["body"][1]["inlines"][0]["text"] == "Noted *as is*."
    assert turn_of(teams) == Tapped(turn_of(teams).address, "pulse.answer", "4", TOKEN)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("odd", ["4" * 201, "4\0", 4, None, ["4"]])
async def test_what_we_never_draw_into_a_button_is_no_button_of_ours(
    teams: Teams, place: int, odd: object
) -> None:
    told: list[Any] = ["pulse.answer", "4", TOKEN]
    told[place] = odd
    status, answer = await teams.send(invoke(*told))
    assert (status, answer["statusCode"]) == (200, 400)
    assert not teams.inbox.knocks


async def test_a_form_comes_in_place_of_the_card_and_back_with_its_errors(teams: Teams) -> None:
    teams.inbox.answer = Reply("en", form=DrawnForm(FORM, TOKEN))
    _, told = await teams.send(invoke("pulse.comment"))
    field, buttons = told["value"]["body"][1:]
    assert (field["type"], field["id"]) == ("Input.Text", "comment")
    sent = buttons["actions"][0]["data"]
    assert sent[OURS]["fields"] == ["comment"]

    teams.inbox.answer = Reply("en", form=DrawnForm(FORM, TOKEN), errors={"comment": "Too short"})
    typed = {"comment": "x", "other": "dropped"}
    _, told = await teams.send(invoke("pulse.commented", "", fields=["comment"], typed=typed))
    field, wrong, _ = told["value"]["body"][1:]
    assert field["value"] == "x"
    assert wrong["inlines"][0] | {"color": "Attention"} == wrong["inlines"][0]
    assert wrong["inlines"][0]["text"] == "Too short"


async def test_errors_without_a_form_leave_the_form_as_it_stands(teams: Teams) -> None:
    teams.inbox.answer = Reply("en", errors={"comment": "Too short"})
    _, told = await teams.send(invoke("pulse.commented", "", fields=["comment"], typed={}))
    assert (told["type"], told["value"]) == (
        "application/vnd.microsoft.activity.message",
        "Too short",
    )


@pytest.mark.parametrize("answer", [None, Reply("nl")])
async def test_where_there_is_no_card_in_time_a_sentence_is_said(
    teams: Teams, answer: Reply | None
) -> None:
    teams.inbox.answer = answer
    status, told = await teams.send(invoke())
    assert (status, told["statusCode"], told["value"]) == (200, 200, "done (nl)")


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        [],
        {},
        {"action": 1},
        {"action": {"data": []}},
        {"action": {"data": {OURS: 1}}},
        {"action": {"data": {OURS: {"verb": 1}}}},
        {"action": {"data": {OURS: {"verb": ""}}}},
    ],
)
async def test_a_button_that_is_not_ours_gets_a_plain_no(teams: Teams, value: object) -> None:
    status, told = await teams.send(invoke() | {"value": value})
    assert (status, told["statusCode"]) == (200, 400)
    assert not teams.inbox.knocks


async def test_the_same_again_has_the_same_key_even_under_another_id(teams: Teams) -> None:
    for activity in (message(), invoke(), submit(), installed()):
        teams.inbox.knocks.clear()
        await teams.send(activity)
        await teams.send(activity | {"id": "another"})
        await teams.send(activity)
        assert len(set(teams.inbox.knocks)) == 1


async def test_two_ways_of_hearing_that_the_bot_was_added_are_one(teams: Teams) -> None:
    await teams.send(installed())
    await teams.send(members(membersAdded=[BOT]) | {"timestamp": "2026-11-16T08:00:01Z", "id": "2"})
    assert len(teams.inbox.arrivals) == 1


DIFFERENT = [
    message(),
    message(text="stop"),
    message(timestamp="2026-11-16T08:00:01Z"),
    message(timestamp=None, localTimestamp=None),
    message(timestamp=None, localTimestamp=None, id="2"),
    message(**{"conversation.id": "a:2"}),
    message(**{"from.aadObjectId": APP}),
    invoke(),
    invoke(choice="5"),
    invoke(token="U" * 32),
    invoke() | {"replyToId": "other"},
    invoke() | {"localTimestamp": "2026-11-16T09:00:05+01:00"},
    invoke(fields=["a"], typed={"a": "1"}),
    invoke(fields=["a"], typed={"a": "2"}),
    submit(),
    installed(),
    installed("remove"),
]


async def test_what_differs_has_a_key_of_its_own(teams: Teams) -> None:
    for activity in DIFFERENT:
        await teams.send(activity)
    assert len(teams.inbox.arrivals) == len(DIFFERENT)


async def test_nothing_is_acknowledged_that_could_not_be_stored(
    teams: Teams, caplog: pytest.LogCaptureFixture
) -> None:
    teams.inbox.full = True
    for activity in (message(), invoke()):
        headers = {"Authorization": f"Bearer {teams.signer.sign(claims())}"}
        url = "/api/messages"
        async with teams.client.post(url, json=activity, headers=headers) as answer:
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) > 0
    assert len(caplog.records) == 2
    teams.inbox.full = False
    assert (await teams.send(message()))[0] == 200


async def test_nothing_is_asked_of_entra_to_hear_someone(teams: Teams, entra: FakeEntra) -> None:
    for activity, _ in ACTED:
        await teams.send(activity)
    assert not entra.asked

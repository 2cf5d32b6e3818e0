"""What several conversations share: openings, forms, and looks at what is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from dialogs.turns import Remark
from nudges.adkar import Answer
from nudges.people import Person
from tests.clock import MONDAY
from tests.desk import LIBRARY, Desk, Seen
from tests.dialogs.talk import (
    MEET,
    Fills,
    Says,
    Table,
    Talk,
    Taps,
    Waits,
    holds,
)

NOW = MONDAY + timedelta(hours=1)
WEEK = 7 * 24
ZONES = {"en": ZoneInfo("Europe/London"), "nl": ZoneInfo("Europe/Amsterdam")}
ASKED: Table = ((Says("typed.pulse"), "pulse.title.again"),)
LOW: Table = ((Taps("1"), "pulse.one_more"), (Taps("2"), "thanks.follow_up"))
FOLLOWED: Table = (*MEET, *ASKED, *LOW, (Waits(25), "follow_up.why"))
SNOOZED: Table = ((Taps("follow_up.snooze"), "noted.snooze"),)
STORY: Table = (
    (Says("typed.story"), "stories.body"),
    (Taps("stories.tell"), "form:story.form"),
    (Fills({"text": "Found it at once", "consent": "named"}), "story.kept.named"),
)
FORM = {
    "language": "en",
    "start": "9",
    "end": "17",
    "days": "0,1,2,3,4",
    "pace": "normal",
    "motivator": "",
    "recognition": "",
    "away": "",
}


def chat(talk: Talk) -> list[Seen]:
    return talk.desk.chat(talk.who)


def shows(talk: Talk, key: str) -> bool:
    return any(holds(s.text, talk.language, key) for s in chat(talk))


def asked_now(talk: Talk) -> list[str]:
    text = talk.desk.last(talk.who).text
    return [
        key
        for key, wording in LIBRARY.wordings.items()
        if wording.text[talk.language].replace("{crm}", "Dynamics") in text
    ]


async def answers(talk: Talk) -> tuple[Answer, ...]:
    async with talk.desk.store.read() as work:
        return (await work.answers([talk.who], talk.desk.clock())).get(talk.who, ())


async def remarks(talk: Talk) -> list[tuple[str, str]]:
    async with talk.desk.store.read() as work:
        return [(r.about, r.text) for r in await work.remarks(talk.who)]


async def keep(talk: Talk, scores: Mapping[str, int], occasion: str = "") -> None:
    at_ = talk.desk.clock() - timedelta(days=3)
    given = [Answer(talk.who, q, score, at_, occasion=occasion) for q, score in scores.items()]
    async with talk.desk.store.write() as work:
        await work.keep_answers(given)


async def facts(
    desk: Desk,
) -> tuple[dict[str, Person], dict[str, tuple[Answer, ...]], Iterable[Remark]]:
    """Return everything we know of everyone."""
    ids = ["ann", "bob", "eve"]
    async with desk.store.read() as work:
        people = {k: replace(p, addresses=()) for k, p in (await work.people(ids)).items()}
        given = await work.answers(ids, desk.clock() + timedelta(days=1))
        return people, given, [r for who in ids for r in await work.remarks(who)]

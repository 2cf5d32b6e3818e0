"""Digests in the chat: the same numbers again, one thing to do, norms, nothing of one person."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from nudges.delivery import Delivery, Priority
from nudges.digest import DigestNote, Line, Number
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.desk import Desk
from tests.dialogs.talk import MEET, Fills, Says, Talk, Taps, said

WEEK = "2026-11-09"
LINES = (
    Line(Number("active", WEEK, "5-9", (("yes", 0.7), ("no", 0.3)))),
    Line(Number("barrier", WEEK, "5-9", (("ability", 0.4), ("none", 0.6)))),
)
ACTION = "manager-sit-beside"
Managing = Callable[..., Awaitable[Talk]]


@pytest.fixture
def managing(talk: Talk) -> Managing:
    """Talk with a manager who was sent these digests."""

    async def make(*notes: DigestNote, role: Role = Role.MANAGER) -> Talk:
        desk = talk.desk
        async with desk.store.write() as work:
            await work.keep([Grant(talk.who, role)], "settings", desk.clock())
            await work.save([Person("report", "Rae", manager=talk.who)], desk.clock())
        await talk.goes(MEET)
        await send(talk, *notes)
        return talk

    return make


async def send(talk: Talk, *notes: DigestNote) -> None:
    desk = talk.desk
    async with desk.store.write() as work:
        await work.queue(
            [
                Delivery(f"digest:{n.view}:{n.week}", talk.who, n, Priority.NUDGE, desk.clock())
                for n in notes
            ]
        )
    await desk.app.settle()


def digest(who: str, week: str = WEEK, **more: object) -> DigestNote:
    made = DigestNote(week, lines=LINES, action=ACTION, whose=who)
    return replace(made, **more)


async def test_it_comes_with_one_thing_to_do_which_is_ticked(managing: Managing) -> None:
    talk = await managing()
    await send(talk, digest(talk.who))
    await talk.goes([(Taps("activity.done"), "digest.said.done")])
    async with talk.desk.store.read() as work:
        known = (await work.known([talk.who]))[talk.who]
    assert [(t.activity, t.state) for t in known.ticks] == [(ACTION, "done")]


async def test_not_now_is_kept_and_leaves_the_numbers(managing: Managing) -> None:
    talk = await managing()
    await send(talk, digest(talk.who))
    await talk.goes([(Taps("activity.later"), ("digest.said.later", "digest.kind.active"))])
    async with talk.desk.store.read() as work:
        known = (await work.known([talk.who]))[talk.who]
    assert [t.state for t in known.ticks] == ["later"]


async def test_whoever_asks_gets_the_numbers_that_were_told(managing: Managing) -> None:
    talk = await managing()
    older = digest(talk.who, "2026-11-02", lines=LINES[1:])
    await send(talk, older, digest(talk.who, first=True))
    await talk.goes([(Says("typed.digest"), "digest.title.team")])
    shown = talk.desk.last(talk.who).text
    assert "46" in shown.splitlines()[0]
    assert said(talk.language, "digest.tenths").format(n=7) in shown
    assert said(talk.language, "digest.never.team.title") not in shown
    await talk.goes([(Taps("activity.done"), "digest.said.done")])
    await talk.goes([(Says("typed.digest"), "digest.said.done")])


async def test_before_the_first_one_it_says_when_it_comes(managing: Managing) -> None:
    talk = await managing()
    await talk.goes([(Says("typed.digest"), "no_digest.body")])


async def test_a_digest_is_for_whom_it_is_for(managing: Managing, talk: Talk) -> None:
    await talk.goes([(Says("typed.digest"), "for_team.digests")])
    await managing(digest(talk.who), role=Role.SPONSOR)
    await talk.goes([(Says("typed.digest"), "no_digest.body")])


async def test_a_team_agrees_on_at_most_three_sentences(managing: Managing) -> None:
    talk = await managing()
    await send(talk, digest(talk.who))
    await talk.goes([(Taps("digest.norms.agree"), "form:norms.form")])
    form = talk.form
    assert form
    assert form.form
    names = [field.name for field in form.form.form.fields]
    values = dict(zip(names, ["  Every visit,\nby **Friday** {crm}. ", "", "Two"], strict=True))
    await fills(talk, values)
    shown = talk.desk.last(talk.who).text
    assert "• Every visit, by **Friday** {crm}.\n• Two" in shown
    await talk.goes([(Taps("digest.norms.change"), "form:norms.form")])
    assert talk.form
    assert talk.form.form
    assert [f.value for f in talk.form.form.form.fields] == [
        "Every visit, by **Friday** {crm}.",
        "Two",
        "",
    ]
    await fills(talk, dict.fromkeys(names, ""))
    assert said(talk.language, "digest.norms.agree") in talk.desk.last(talk.who).buttons


async def test_a_norm_that_is_a_story_is_not_kept(managing: Managing) -> None:
    talk = await managing()
    await send(talk, digest(talk.who))
    await talk.goes([(Taps("digest.norms.agree"), "form:norms.form")])
    await fills(talk, {"norm0": "x" * 201, "norm1": "", "norm2": ""})
    assert talk.reply
    assert said(talk.language, "norms.error.long") in talk.reply.errors.values()


async def fills(talk: Talk, values: dict[str, str]) -> None:
    await talk.does(Fills(values))


SOMEBODY = {
    "en": [
        *("How is Jan doing?", "how's jan doing", "how is Jan de Vries doing?!", "Did Jan answer?"),
        *(
            "what is Jan\u2019s score",
            "What did jan say?",
            "has JAN responded",
            "is Jan using the CRM?",
        ),
    ],
    "nl": [
        *("Hoe gaat het met Jan?", "hoe gaat het nu met jan", "hoe doet Jan het?", "Wat zei Jan?"),
        *("wat is de score van Jan de Vries?", "heeft Jan al geantwoord?", "Werkt Jan met het CRM"),
    ],
}
NOBODY = {
    "en": [
        *("how is the pipeline doing?", "how is business doing", "How is Acme doing?"),
        *("how is it going", "what is the status of Acme", "how do I add a contact"),
    ],
    "nl": [
        *("hoe gaat het met de pijplijn?", "hoe doet de verkoop het?", "hoe gaat het"),
        *("hoe staat het met de offerte van Acme?", "hoe voeg ik een contact toe"),
    ],
}
WHO = {
    "en": ["Who answered?", "who hasn't answered?", "who is silent", "Who is against it?"],
    "nl": ["Wie heeft niet geantwoord?", "wie zwijgt", "wie is er tegen?", "Wie zei dat?"],
}


async def jan(desk: Desk) -> None:
    async with desk.store.write() as work:
        await work.save([Person("jan", "Jan de Vries", segment="sales")], desk.clock())


async def test_nothing_is_told_about_one_person(managing: Managing) -> None:
    talk = await managing()
    await jan(talk.desk)
    for text in (*SOMEBODY[talk.language], *WHO[talk.language][:2]):
        await talk.goes([(Says(text), ("not_one_person.title", "not_one_person.body"))])
        assert "Jan" not in talk.desk.last(talk.who).text


async def test_other_questions_are_answered_as_ever(managing: Managing) -> None:
    talk = await managing()
    await jan(talk.desk)
    for text in NOBODY[talk.language]:
        await talk.does(Says(text))
        title = said(talk.language, "not_one_person.title")
        assert talk.desk.last(talk.who).card.title != title, text


async def test_who_did_what_is_told_to_nobody(managing: Managing) -> None:
    talk = await managing(role=Role.SPONSOR)
    for text in WHO[talk.language]:
        await talk.goes([(Says(text), "not_one_person.title")])


async def test_whoever_gets_no_digests_is_not_refused(talk: Talk) -> None:
    await jan(talk.desk)
    await talk.goes(MEET)
    await talk.does(Says(SOMEBODY[talk.language][0]))
    assert talk.desk.last(talk.who).card.title != said(talk.language, "not_one_person.title")

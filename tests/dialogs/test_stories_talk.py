"""Stories and the roadmap in talk: what is kept, who decides, and what nobody else may do."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.card import Paragraph
from dialogs.reader import reader
from dialogs.rich import Span
from dialogs.roadmap import RoadmapNote, draw_roadmap
from nudges.people import Person
from nudges.programme import Milestone, Programme, Segment
from nudges.roles import Grant, Role
from nudges.stories import LONGEST, Consent, Told
from tests.desk import LIBRARY, PROGRAMME, Desk
from tests.dialogs.conversations import TABLES
from tests.dialogs.tables import STORY
from tests.dialogs.talk import Fills, Says, Talk, Taps, holds, said

MARKUP = "<!channel> *x* **y** [z](http://z) <at>all</at> {crm} <script>alert(1)</script>"


async def stories(talk: Talk) -> list[Told]:
    async with talk.desk.store.read() as work:
        return await work.told_by(talk.who)


async def audit(desk: Desk) -> list[tuple[str, str, str]]:
    async with desk.store.read() as work:
        return [(a.who, a.act, a.about) for a in reversed(await work.audited())]


async def joins_the_crm_team(desk: Desk, *who: str) -> None:
    async with desk.store.write() as work:
        await work.keep([Grant(one, Role.CRM_TEAM) for one in who], "settings", desk.clock())


async def test_a_form_that_says_too_little_stays(talk: Talk) -> None:
    await talk.goes(STORY[:2])
    both = ("error:story.error.empty", "error:story.error.consent")
    await talk.goes([(Fills({"text": "", "consent": "perhaps"}), both)])
    await talk.goes([(Fills({"text": "It went well"}), "error:story.error.consent")])
    await talk.goes([(Fills({"text": "It went well", "consent": "kept"}), "story.kept.kept")])


async def test_a_story_is_kept_as_it_was_told(talk: Talk) -> None:
    await talk.goes(STORY)
    (story,) = await stories(talk)
    assert (story.text, story.consent, story.segment) == (
        "Found it at once",
        Consent.NAMED,
        "sales",
    )
    assert story.name == (await talk.desk.person(talk.who)).name
    assert (story.approved, story.shared) == (None, None)
    assert await audit(talk.desk) == [(talk.who, "tell", "story")]


@pytest.mark.parametrize("consent", ["unnamed", "kept"])
async def test_a_name_is_not_even_read_without_consent(english: Talk, consent: str) -> None:
    await english.goes(STORY[:2])
    await english.does(Fills({"text": "x" * 5000, "consent": consent, "result": "no such"}))
    (story,) = await stories(english)
    assert (story.name, story.result, len(story.text)) == ("", "", LONGEST)


async def test_taking_back_deletes(english: Talk) -> None:
    await english.goes(TABLES["a story, taken back"])
    assert await stories(english) == []
    assert await audit(english.desk) == [
        (english.who, "tell", "story"),
        (english.who, "withdraw", "story"),
    ]


async def test_nobody_takes_back_what_somebody_else_told(english: Talk) -> None:
    await english.goes(STORY)
    await english.does(Says("typed.story"))
    seen, desk = english.desk.last(english.who), english.desk
    await desk.taps("eve", "Take it back", seen)
    assert desk.last("eve").card.title == said("en", "stale.title")
    assert len(await stories(english)) == 1


class TestJudging:
    async def told(self, talk: Talk, text: str = "Found it at once") -> Desk:
        await joins_the_crm_team(talk.desk, "eve")
        await talk.goes(STORY[:2])
        await talk.does(Fills({"text": text, "consent": "unnamed"}))
        await talk.desk.plan()
        return talk.desk

    async def test_the_crm_team_reads_it_first_and_without_the_name(self, english: Talk) -> None:
        desk = await self.told(english, MARKUP)
        shown = desk.last("eve").text
        assert MARKUP in shown
        assert "Ann" not in shown
        assert {"Share it", "Not this one"} <= desk.last("eve").buttons.keys()
        spans = [b.text for b in desk.last("eve").card.body if isinstance(b, Paragraph)]
        assert (Span(MARKUP),) in spans, "no mark in it is read"
        await desk.plan()
        assert len(desk.chat("eve")) == 1, "once is enough"

    @pytest.mark.parametrize(
        ("button", "approved", "act", "sees"),
        [
            ("Share it", True, "approve", "stories.approved"),
            ("Not this one", False, "decline", "stories.declined"),
        ],
    )
    async def test_who_decides_is_written_down(
        self,
        english: Talk,
        button: str,
        approved: bool,  # noqa: FBT001 - a table
        act: str,
        sees: str,
    ) -> None:
        desk = await self.told(english)
        await desk.taps("eve", button)
        (story,) = await stories(english)
        assert story.approved is approved
        assert (await audit(desk))[-1] == ("eve", act, f"story:{story.number}")
        await english.does(Says("typed.story"))
        assert holds(desk.last(english.who).text, "en", sees)

    async def test_whoever_is_first_decides(self, english: Talk) -> None:
        await joins_the_crm_team(english.desk, "bob")
        desk = await self.told(english)
        await desk.taps("eve", "Share it")
        await desk.taps("bob", "Deze niet")
        assert holds(desk.last("bob").text, "nl", "judged.decided")
        (story,) = await stories(english)
        assert story.approved is True
        assert [a for _, a, _ in await audit(desk)].count("decline") == 0

    async def test_one_that_was_taken_back_is_not_decided(self, english: Talk) -> None:
        desk = await self.told(english)
        await english.goes(((Says("typed.story"), "stories.one"),))
        await english.does(Taps("stories.take_it_back"))
        await desk.taps("eve", "Share it")
        assert holds(desk.last("eve").text, "en", "judged.gone")

    async def test_who_is_no_longer_of_the_team_decides_nothing(self, english: Talk) -> None:
        desk = await self.told(english)
        async with desk.store.write() as work:
            await work.keep([Grant("eve", Role.CRM_TEAM, given=False)], "settings", desk.clock())
        await desk.taps("eve", "Share it")
        assert (await stories(english))[0].approved is None


SALES = Segment(
    "sales",
    go_live=date(2026, 11, 2),
    roadmap=(
        Milestone(date(2027, 2, 8), {"en": "Mail", "nl": "Mail"}),
        Milestone(date(2026, 11, 2), {"en": "Visits", "nl": "Bezoeken"}),
        Milestone(date(2026, 11, 16), {"en": "Offers", "nl": "Offertes"}),
    ),
)


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        (
            "2026-10-01",
            [
                "Dynamics starts for you on Monday 2 November 2026.",
                "Next, Monday 2 November 2026: Visits",
                "Monday 16 November 2026: Offers",
                "Monday 8 February 2027: Mail",
            ],
        ),
        (
            "2026-11-02",
            [
                "Today is the day: Dynamics starts for you.",
                "Next, Monday 2 November 2026: Visits",
                "Monday 16 November 2026: Offers",
                "Monday 8 February 2027: Mail",
            ],
        ),
        (
            "2026-11-16",
            [
                (
                    "You have worked with Dynamics since Monday 2 November 2026. Until Sunday 31 "
                    "January 2027 I announce nothing new, so that you can get used to it."
                ),
                "✓ Done, Monday 2 November 2026: Visits",
                "Next, Monday 16 November 2026: Offers",
                "Monday 8 February 2027: Mail",
            ],
        ),
        (
            "2027-03-01",
            [
                "You have worked with Dynamics since Monday 2 November 2026.",
                "✓ Done, Monday 2 November 2026: Visits",
                "✓ Done, Monday 16 November 2026: Offers",
                "✓ Done, Monday 8 February 2027: Mail",
            ],
        ),
    ],
)
def test_roadmap(day: str, lines: list[str]) -> None:
    programme = Programme({}, crm="Dynamics", segments={"sales": SALES})
    seen_by = reader(Person("p", segment="sales"), programme, LIBRARY)
    card = draw_roadmap(RoadmapNote("sales", day), seen_by)
    said_ = ["".join(s.text for s in b.text) for b in card.body if isinstance(b, Paragraph)]
    assert said_ == lines


async def test_the_roadmap_is_that_of_ones_own_part(talk: Talk) -> None:
    desk = talk.desk
    changed = replace(
        PROGRAMME, segments={**PROGRAMME.segments, "sales": SALES, "new": Segment("new")}
    )
    eve = replace(await desk.person("eve"), segment="new")
    async with desk.store.write() as work:
        await work.keep_programme(changed)
        await work.save([eve], desk.clock())
    await talk.does(Says("typed.roadmap"))
    assert holds(desk.last(talk.who).text, talk.language, "roadmap.next")
    await desk.says("eve", "roadmap")
    shown = desk.last("eve").text
    assert holds(shown, "en", "phase.planned")
    assert holds(shown, "en", "roadmap.empty")

"""The made-up company of the gallery: its programme, its people's words and its content."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from dialogs.cues import Finder
from dialogs.gallery_colleague import questions, referrals, reports
from dialogs.gallery_digest import ACTIVITY, DEED, NORMS
from dialogs.gallery_find import ARTICLES, SAID, SYSTEMS
from dialogs.gallery_levels import LEVEL_WORDS, LEVELS, own_use, switch
from dialogs.gallery_merits import MANAGER, merits
from dialogs.gallery_privacy import oversight
from dialogs.gallery_progress import followed, tallies
from dialogs.gallery_rumours import rumours
from dialogs.gallery_tips import ARTICLES as TIP_ARTICLES
from dialogs.gallery_tips import TIP_WORDS, TIPS
from dialogs.gallery_training import trainings
from dialogs.gallery_voice import voices
from dialogs.library import Deed, Library, Story, Wording
from dialogs.linter import Cues, Part, Rules
from dialogs.linter import Reason as Why
from dialogs.turns import Context
from nudges.activities import Activity, Rhythm
from nudges.address import Address
from nudges.adkar import Answer, Element, Question
from nudges.authoring import Authoring, Reach, Waiting
from nudges.belief import Senders
from nudges.broadcast import (
    Broadcast,
    Check,
    Draft,
    Drafted,
    Link,
    Message,
    Signed,
    Stage,
    WrittenBack,
)
from nudges.champions import Champion
from nudges.follow_up import FollowUp
from nudges.panel import Voice
from nudges.people import Motivator, Person, Recognition
from nudges.programme import Milestone, Outcome, Programme, Reason, Segment
from nudges.reception import Reception, Unread, received
from nudges.roles import Role
from nudges.silence import Heard, silence
from nudges.stories import Consent, Told

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
AUTHOR = "Joost de Wit"


def sample(language: str) -> Context:
    """Return a made-up person's context; the name tries to be markup on every platform."""
    person = Person(
        id="p1",
        name="Zoë <!channel> *van* [den](http://x) **Berg** & Zn.",
        language=language,
        segment="sales",
        motivator=Motivator.TIME,
        recognition=Recognition.PRIVATE,
        welcomed=True,
        addresses=(Address("teams", "t", "u1"), Address("slack", "w", "u2")),
    )
    answers = (
        Answer("p1", "A1", 4, NOW - timedelta(days=9)),
        Answer("p1", "B4", 2, NOW - timedelta(days=2)),
    )
    roles = frozenset({Role.ADMIN, Role.CRM_TEAM})
    person = replace(person, manager=MANAGER, roles=roles)
    handed_in = _broadcasts()
    return Context(
        "sample:1",
        NOW,
        person,
        _programme(),
        _library(),
        answers,
        roster=(person, *_roster()),
        champions=_champions(person),
        stories={one.number: one for one in _told()},
        authoring=_authoring(),
        drafts={one.key: one for one in _authoring().drafts.values()},
        replies={one.number: one for one in _replies()},
        receptions={one.broadcast: one for one in _receptions()},
        silences={one.segment: silence(one, NOW) for one in _heard()},
        broadcasts={one.number: one for one in (*handed_in, *followed(handed_in[0]))},
        tallies=tallies(NOW),
        questions=questions(language, NOW),
        referrals=referrals(language, NOW),
        reports=reports(language),
        said={key: found[language] for key, found in SAID.items()},
        trainings=trainings(NOW),
        use=own_use(),
        switch=switch(NOW),
        norms=NORMS,
        merits=merits(NOW),
        voices=voices(NOW),
        rumours=rumours(NOW),
        oversight=oversight(NOW),
        file="https://wayfinder.example/mine/made-up",
    )


def _roster() -> tuple[Person, ...]:
    return (
        Person("s1", "Marit Bos", job="board", roles=frozenset({Role.SPONSOR})),
        Person("c1", "Joost de Wit", job="crm", roles=frozenset({Role.CRM_TEAM})),
        Person("h1", "Ann Field", job="sales", roles=frozenset({Role.CHAMPION})),
    )


def _champions(person: Person) -> tuple[Champion, ...]:
    ann = Person("h1", "Ann Field", team="Sales/Netherlands")
    return (
        Champion(ann, "accepted", "critic", ("sales", "leads"), 3),
        Champion(replace(person, team=""), "accepted", "enthusiast", ("mobile",), 5),
        Champion(Person("h3", "Bob van Dam"), "invited", "experienced"),
    )


def also(context: Context, **changes: object) -> Context:
    """Return the sample with another person's facts, for a test of one card."""
    return replace(context, person=replace(context.person, **changes))


def _programme() -> Programme:
    reasons = {
        Reason.WHY: {
            "en": "Every customer tells their story **once**.",
            "nl": "Elke klant vertelt zijn verhaal **één keer**.",
        },
        Reason.WIIFM: {
            "en": "Half an hour a day less searching.",
            "nl": "Een half uur per dag minder zoeken.",
        },
    }
    sales = Segment(
        "sales",
        {"en": "Sales", "nl": "Verkoop"},
        date(2026, 11, 2),
        reasons,
        roadmap=(
            _milestone(date(2026, 11, 2), "Customers and visits", "Klanten en bezoeken"),
            _milestone(date(2026, 11, 30), "Offers in one place", "Offertes op één plek"),
            _milestone(date(2027, 2, 8), "Mail beside the customer", "Mail bij de klant"),
        ),
        goals={
            1: {
                "en": "Every visit is in {crm} the same week.",
                "nl": "Elk bezoek staat dezelfde week in {crm}.",
            },
            2: {
                "en": "Half of the offers leave within a day.",
                "nl": "De helft van de offertes gaat binnen een dag de deur uit.",
            },
        },
        sponsor="Marieke Vos, Commercial Director",
        celebration={
            "en": "From today every customer tells their story **once**. Let's make that true.\n\n"
            "Stuck? Ask. I was stuck myself last week.",
            "nl": "Vanaf vandaag vertelt elke klant zijn verhaal **één keer**. Laten we dat "
            "waarmaken.\n\nLoop je vast? Vraag het. Ik liep vorige week zelf vast.",
        },
    )
    service = Segment("service", {"en": "Service", "nl": "Service"}, date(2027, 1, 4))
    return Programme(
        {"en": "Customer First", "nl": "Klant Centraal"},
        crm="Dynamics",
        purpose={"en": "One place for every customer.", "nl": "Eén plek voor elke klant."},
        outcomes=(
            Outcome(
                {"en": "Answered within a day", "nl": "Binnen een dag antwoord"},
                "%",
                60,
                90,
                {"2026-12": 71, "2027-01": 78},
            ),
        ),
        segments={"sales": sales, "service": service},
    )


def _milestone(day: date, english: str, dutch: str) -> Milestone:
    return Milestone(day, {"en": english, "nl": dutch})


def _told() -> tuple[Told, ...]:
    text = (
        "A customer rang about last year's repair. I had it on my screen before she had finished "
        "her sentence.\nThat used to cost me 20 minutes & two calls."
    )
    return (
        Told(7, "p1", text, Consent.UNNAMED, "sales", NOW, "Answered within a day"),
        Told(8, "p1", text, Consent.NAMED, "sales", NOW, name="Sanne de Wit", approved=True),
        Told(9, "p1", text, Consent.KEPT, "sales", NOW),
        Told(10, "p1", text, Consent.NAMED, "sales", NOW, approved=True, shared=NOW),
    )


def _broadcasts() -> tuple[Broadcast, ...]:
    title = {"en": "Offers leave from one place", "nl": "Offertes vanaf één plek"}
    body = {
        "en": "From Monday 30 November you make every offer in {crm}.\n\nToday four of ten offers "
        "are typed twice; that costs us **six hours a week** each, and customers wait.\n\nWhat "
        "you get: half an hour a day. Make your first one this week, and say what is in the way.",
        "nl": "Vanaf maandag 30 november maak je elke offerte in {crm}.\n\nNu typen we vier van "
        "de tien offertes twee keer; dat kost ieder **zes uur per week**, en klanten wachten."
        "\n\nWat het je oplevert: een half uur per dag. Maak deze week je eerste, en zeg wat er in "
        "de weg zit.",
    }
    link = Link("https://example.com/offers", {"en": "Show me how", "nl": "Laat zien hoe"})
    message = Message(title, body, goal="Answered within a day", link=link)
    plain = Message(title, body, acknowledge=False)
    begins = datetime(2026, 11, 30, 8, tzinfo=UTC)
    everyone, shy = "segment is sales", "barrier is desire"
    question = {"en": "Where do you make an offer?", "nl": "Waar maak je een offerte?"}
    right = {"en": "In {crm}, every one", "nl": "In {crm}, elke offerte"}
    wrong = (
        {"en": "In {crm}, only those above € 1,000", "nl": "In {crm}, alleen die boven € 1.000"},
        {"en": "In Word, as before", "nl": "In Word, zoals altijd"},
    )
    asks = replace(message, check=Check(question, right, wrong))
    in_words = replace(message, check=Check(question))
    plan = Draft(asks, everyone, 1240, begins)
    tested = Broadcast(11, "c1", plan, Stage.BEGUN, NOW, name=AUTHOR)
    return (
        tested,
        *(replace(tested, number=number) for number in range(13, 19)),
        replace(tested, number=12, draft=replace(plan, message=in_words)),
        Broadcast(7, "c1", Draft(message, everyone, 1240, begins), Stage.WAITING, NOW, name=AUTHOR),
        Broadcast(8, "c1", Draft(plain, shy, 3, None, own_morning=False), Stage.WAITING, NOW),
        Broadcast(
            9,
            "p1",
            Draft(message, everyone, 1240),
            Stage.BEGUN,
            NOW,
            name=AUTHOR,
            sender=Signed("Marit Bos", Role.SPONSOR),
        ),
    )


def _authoring() -> Authoring:
    message, begins = _broadcasts()[0].draft.message, datetime(2026, 11, 30, 8, tzinfo=UTC)
    ready = Draft(
        replace(message, sender="s1", check=_broadcasts()[3].draft.message.check),
        "segment is sales",
        0,
        begins,
        series=7,
    )
    begun = Draft(Message({"en": "A first line"}, {"en": "Only in one language."}), "", 0)
    short = Draft(Message({"en": "Tip", "nl": "Tip"}, {"en": "Do.", "nl": "Doe."}), "everyone", 0)
    drafts = (
        Drafted("d1", "p1", ready, template=False, at=NOW),
        Drafted("d2", "p1", begun, template=False, at=NOW),
        Drafted("d3", "p1", short, template=True, at=NOW),
    )
    some = ("Ann Field", "Bob van Dam", "Eve Moss")
    return Authoring(
        {one.key: one for one in drafts},
        {
            "d1": Reach("segment is sales", 1240, some, ("en", "nl")),
            "d2": Reach(),
            "d3": Reach("everyone", 12, some, ("en", "nl")),
        },
        _broadcasts()[:3],
        Senders((Person("s1", "Marit Bos", roles=frozenset({Role.SPONSOR})),)),
        {7: _broadcasts()[:1]},
        {
            "d1": (
                Voice("h1", "Ann Field", "sales", "Say what it costs me the first week.", NOW),
                Voice("h2", "Bob van Dam", "service", "", None),
            )
        },
        {9: Waiting(_replies(), 7)},
    )


def _replies() -> tuple[WrittenBack, ...]:
    question = "Does that hold for renewals, too?\nMine are all in *Excel*."
    return (
        WrittenBack("h1", "Ann Field", question, NOW, 1, 9, "Yes, from Monday on.", NOW),
        WrittenBack("h2", "Bob van Dam", "Good idea!", NOW, 2, 9),
    )


def _rules() -> dict[str, Rules]:
    nothing = Finder((), {})
    cues: dict[Part | Why, Cues] = {key: Cues(nothing, nothing, nothing) for key in (*Part, *Why)}
    return {code: Rules(code, cues) for code in ("en", "nl")}


def _receptions() -> tuple[Reception, ...]:
    asked = Reception(11, 100, NOW, closed_at=NOW)
    sums = {13: (48, 44), 14: (42, 20), 15: (19, 14), 16: (12, 12), 17: (11, 0)}
    told = {n: received(n, {f"{k}": k < got for k in range(of)}) for n, (of, got) in sums.items()}
    text = "That all offers go through the CRM from Monday, & that I should *try* one first."
    unread = tuple(Unread(number, text) for number in range(7))
    return (
        *(replace(asked, broadcast=n, told=one.cells[0].told) for n, one in told.items()),
        replace(asked, broadcast=12, readable=True, unread=unread),
        replace(asked, broadcast=18),
    )


def _heard() -> tuple[Heard, ...]:
    return (
        Heard("sales", 40, NOW - timedelta(days=29)),
        Heard("service", 12, first=NOW - timedelta(days=44)),
    )


def _library() -> Library:
    bank = {
        q.id: q
        for q in (
            Question("A1", Element.AWARENESS),
            Question("B4", Element.ABILITY, not_applicable=True),
            Question("D-stance", Element.DESIRE, kind="stance"),
            Question("K-leads", Element.KNOWLEDGE, not_applicable=True, kind="area", area="leads"),
        )
    }
    wordings = {
        "A1": Wording(
            {
                "en": "I can explain why we work with {crm}.",
                "nl": "Ik kan uitleggen waarom we met {crm} werken.",
            },
            {"en": "why we work with {crm}", "nl": "waarom we met {crm} werken"},
        ),
        "B4": Wording(
            {
                "en": "I get the time I need to become good at this.",
                "nl": "Ik krijg de tijd die ik nodig heb om hier goed in te worden.",
            },
            {"en": "getting time for it", "nl": "de tijd die je ervoor krijgt"},
        ),
        "D-stance": Wording(
            {
                "en": "Where do you stand on working with {crm}?",
                "nl": "Hoe sta je tegenover werken met {crm}?",
            },
            {"en": "where you stand", "nl": "hoe je ertegenover staat"},
        ),
        "K-leads": Wording(
            {
                "en": "How well do you know your way around leads in {crm}?",
                "nl": "Hoe goed ken je de weg bij leads in {crm}?",
            },
            {"en": "leads in {crm}", "nl": "leads in {crm}"},
        ),
    }
    body = {
        "en": "Block **twenty minutes** this week, on a customer of your own.\n\n"
        "What you do on a real case stays with you.",
        "nl": "Reserveer deze week **twintig minuten**, voor een klant van jezelf.\n\n"
        "Wat je aan een echt geval doet, blijft hangen.",
    }
    title = {"en": "Twenty minutes, one customer", "nl": "Twintig minuten, één klant"}
    return Library(
        "sample",
        bank,
        wordings,
        (FollowUp("ability-time", Element.ABILITY, frozenset({Motivator.TIME})),),
        {"ability-time": Story(title, body)},
        (
            Activity("manager-sit-beside", Role.MANAGER, Element.ABILITY, Rhythm.WEEKLY),
            Activity("manager-report-a-quirk", Role.MANAGER, Element.ABILITY, Rhythm.FORTNIGHTLY),
            ACTIVITY,
        ),
        _deeds(),
        _rules(),
        articles={**TIP_ARTICLES, **ARTICLES},
        systems=SYSTEMS,
        tips=TIPS,
        tip_words=TIP_WORDS,
        levels=LEVELS,
        level_words=LEVEL_WORDS,
    )


def _deeds() -> dict[str, Deed]:
    return {
        ACTIVITY.id: DEED,
        "manager-sit-beside": Deed(
            {
                "en": "Sit ten minutes beside one person while they do their own work in {crm}.",
                "nl": "Ga tien minuten naast iemand zitten die zijn eigen werk in {crm} doet.",
            },
            {
                "en": "Between knowing and doing lies practice, with somebody near who has time.",
                "nl": "Tussen weten en doen zit oefenen, met iemand in de buurt die tijd heeft.",
            },
        ),
        "manager-report-a-quirk": Deed(
            {
                "en": "Report the one thing in {crm} that costs your team the most clicks.",
                "nl": "Meld het ene ding in {crm} dat je team de meeste klikken kost.",
            },
            {
                "en": "Who cannot do it is not always the one who lacks skill.",
                "nl": "Als iets niet lukt, ligt dat niet altijd aan de vaardigheid.",
            },
        ),
    }

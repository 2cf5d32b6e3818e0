"""One example of every card and form: for golden files, previews, the docs and the referees."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from dialogs import guide
from dialogs.activities import ActivitiesNote, TickedNote
from dialogs.card import Card, Form
from dialogs.champions import (
    ChampionForm,
    ChampionNote,
    ChampionsNote,
    MayIBeNote,
    NominateForm,
    NominateNote,
    PutForwardNote,
)
from dialogs.desk_notes import (
    DeskClosedNote,
    DeskNote,
    DeskOutcomesNote,
    DeskSegmentNote,
    GoalsForm,
    LabelsForm,
    MonthForm,
    OutcomeForm,
    PurposeForm,
    ReasonsForm,
    RoadmapForm,
    SegmentForm,
)
from dialogs.follow_up import KeptNote, NotedNote, WhyThisNote
from dialogs.for_team import ForTeamNote
from dialogs.guide import HelloNote, HelpNote, ThankedNote
from dialogs.home import HomeNote
from dialogs.judging import JudgedNote
from dialogs.library import Deed, Library, Story, Wording
from dialogs.manners import LostNote, SorryNote, StaleNote
from dialogs.notes import draw, draw_form
from dialogs.permissions import RoleForm, RolesNote
from dialogs.preferences import (
    LanguageNote,
    PauseNote,
    QuietNote,
    SettingsForm,
    SettingsNote,
)
from dialogs.privacy import MineNote
from dialogs.pulse import AnsweredNote, CommentForm, ThanksNote
from dialogs.reasons import WhyNote
from dialogs.reminder import LaterNote
from dialogs.roadmap import RoadmapNote
from dialogs.stories import StoriesNote, StoryForm, StoryGoneNote, StoryKeptNote
from dialogs.turns import Context
from dialogs.welcome import MattersNote, ReadyNote, TellForm, TellNote, WelcomeNote
from dialogs.wish import WishedNote, WishForm
from nudges.activities import Activity, ActivityNote, Rhythm, Sum
from nudges.address import Address
from nudges.adkar import Answer, Element, Question
from nudges.champions import Champion, InviteNote, MayINote, SuccessionNote
from nudges.delivery import Note
from nudges.follow_up import FollowUp, FollowUpNote
from nudges.health import HealthFacts, HealthNote, SumNote
from nudges.moments import (
    CelebrationNote,
    CollectNote,
    JudgeNote,
    StoryNote,
    StoryThanksNote,
    VerdictNote,
    WishNote,
)
from nudges.people import Motivator, Person, Recognition
from nudges.programme import Milestone, Outcome, Programme, Reason, Segment
from nudges.pulse import PulseNote
from nudges.reminders import ReminderNote
from nudges.roles import Role
from nudges.stories import Consent, Told

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
DAY = "2026-11-17"

SUMS = (Sum(Role.MANAGER, 31, 44), Sum(Role.CHAMPION, 0, 0, "nearly"))
HEALTHY = HealthFacts(
    sponsors=1,
    segments=2,
    celebrated=1,
    outcomes=1,
    measured=1,
    reached=0,
    answered=1,
    champions=4,
    teams=8,
    teams_with_champion=3,
    tenths=7,
    wiifm=2,
    goals=1,
    ahead=1,
    edits=5,
    help=34,
    sums=SUMS,
)

CARDS: dict[str, Note] = {
    "welcome": WelcomeNote(),
    "matters": MattersNote(),
    "tell": TellNote(),
    "ready": ReadyNote(DAY, told=True),
    "pulse": PulseNote("pulse:2026-W47", ("B4", "D-stance")),
    "pulse-more": PulseNote("pulse:2026-W47", ("B4", "K-leads"), place=1),
    "pulse-again": PulseNote("asked:1", ("B4",), again=True),
    "pulse-stance": PulseNote("asked:1", ("D-stance",)),
    "thanks-follow-up": ThanksNote("p", ("B4",), "follow_up", DAY, "B4"),
    "thanks-commented": ThanksNote("p", ("B4",), "follow_up", DAY, "B4", commented=True),
    "thanks-clear": ThanksNote("p", ("B4",), "clear"),
    "thanks-ready": ThanksNote("p", ("B4",), "ready"),
    "thanks-next": ThanksNote("p", ("B4",), "next"),
    "thanks-skipped": ThanksNote("p", ("B4",), "skipped"),
    "answered": AnsweredNote(),
    "answered-above": AnsweredNote("above"),
    "reminder": ReminderNote("pulse:2026-W47", ("B4", "D-stance"), DAY),
    "reminder-stance": ReminderNote("pulse:2026-W47", ("D-stance",), DAY),
    "later": LaterNote(),
    "follow-up": FollowUpNote("ability-time", "B4"),
    "noted-useful": NotedNote("useful"),
    "noted-snooze": NotedNote("snooze", DAY),
    "noted-wrong": NotedNote("wrong"),
    "kept": KeptNote(),
    "why-this": WhyThisNote("B4"),
    "why-this-pulse": WhyThisNote(),
    "why-this-celebrate": WhyThisNote(moment="celebrate"),
    "why-this-wish": WhyThisNote(moment="wish"),
    "why-this-story": WhyThisNote(moment="story"),
    "why": WhyNote(last=True),
    "mine": MineNote(),
    "settings": SettingsNote(),
    "settings-saved": SettingsNote(saved=True),
    "home": HomeNote(),
    "language": LanguageNote(),
    "pause": PauseNote(),
    "quiet-paused": QuietNote("paused", DAY),
    "quiet-stopped": QuietNote("stopped"),
    "quiet-resumed": QuietNote("resumed"),
    "quiet-language": QuietNote("language"),
    "activity": ActivityNote("manager-sit-beside", DAY),
    "ticked-done": TickedNote("done"),
    "ticked-later": TickedNote("later"),
    "ticked-not-mine": TickedNote("not_mine"),
    "activities": ActivitiesNote(("manager-sit-beside", "manager-report-a-quirk"), 3),
    "activities-none": ActivitiesNote(),
    "activity-sum": SumNote("2026-10", SUMS),
    "health": HealthNote("2026-10", HEALTHY),
    "health-at-first": HealthNote("2026-10", HealthFacts(segments=2)),
    "succession-champion": SuccessionNote("champion", "Sales/Netherlands", "sales", 1),
    "succession-sponsor": SuccessionNote("sponsor"),
    "champion-invite": InviteNote(),
    "champion-may-i": MayINote(),
    "champion-may-be": MayIBeNote(),
    "champion-new": ChampionNote(how="new"),
    "champion-shown": ChampionNote(("sales", "leads"), 3),
    "champion-saved": ChampionNote(("sales", "leads"), 3, "saved"),
    "champions": ChampionsNote(("Service/Back office", "Sales/Belgium"), 4),
    "nominate": NominateNote(),
    "put-forward-other": PutForwardNote("other"),
    "put-forward-self": PutForwardNote("self"),
    "put-forward-later": PutForwardNote("later"),
    "put-forward-no": PutForwardNote("no"),
    "put-forward-down": PutForwardNote("down"),
    "for-team": ForTeamNote("crm_team"),
    "for-team-doers": ForTeamNote("doers"),
    "for-team-nominators": ForTeamNote("nominators"),
    "help": HelpNote(),
    "help-more": HelpNote(guide.FOR_A_ROLE),
    "desk": DeskNote(),
    "desk-segment": DeskSegmentNote("sales", saved=True),
    "desk-stop": DeskSegmentNote("service"),
    "desk-outcomes": DeskOutcomesNote(saved=True),
    "desk-closed": DeskClosedNote(),
    "roles": RolesNote(),
    "hello": HelloNote(),
    "thanked": ThankedNote(),
    "lost": LostNote(),
    "stale": StaleNote(),
    "sorry": SorryNote(),
    "roadmap": RoadmapNote("sales", DAY),
    "roadmap-before": RoadmapNote("service", DAY),
    "roadmap-empty": RoadmapNote("elsewhere", DAY),
    "celebration": CelebrationNote("sales", "2026-11-02"),
    "celebration-plain": CelebrationNote("service", "2027-01-04"),
    "wish": WishNote(),
    "wish-window": WishNote("sales", "2026-11-03", "2026-12-02"),
    "wished": WishedNote(),
    "stories": StoriesNote(),
    "stories-mine": StoriesNote((7, 8, 9, 10)),
    "stories-one": StoriesNote((7,)),
    "story-kept-named": StoryKeptNote("named"),
    "story-kept-unnamed": StoryKeptNote("unnamed"),
    "story-kept": StoryKeptNote("kept"),
    "story-gone": StoryGoneNote("gone"),
    "story-gone-shared": StoryGoneNote("shared"),
    "story": StoryNote(8, "sales", "2026-11-16"),
    "story-unnamed": StoryNote(7, "sales", "2026-11-30"),
    "story-thanks": StoryThanksNote(8),
    "judge": JudgeNote(7),
    "judged-approved": JudgedNote("approved"),
    "judged-declined": JudgedNote("declined"),
    "judged-decided": JudgedNote("decided"),
    "judged-gone": JudgedNote("gone"),
    "collect": CollectNote("sales", "2026-11-16"),
    "verdict": VerdictNote("sales", "2027-01-31", 41),
    "verdict-unwritten": VerdictNote("service", "2027-04-04"),
}
FORMS: dict[str, Note] = {
    "champion-form": ChampionForm(("sales",), 3),
    "nominate-form": NominateForm(),
    "comment-form": CommentForm("B4"),
    "tell-form": TellForm(),
    "story-form": StoryForm(),
    "wish-form": WishForm(),
    "settings-form": SettingsForm(),
    "purpose-form": PurposeForm(),
    "labels-form": LabelsForm(),
    "outcome-form": OutcomeForm(0),
    "outcome-form-new": OutcomeForm(1),
    "month-form": MonthForm(0),
    "segment-form": SegmentForm("sales"),
    "segment-form-new": SegmentForm(),
    "reasons-form": ReasonsForm("sales", "en"),
    "goals-form": GoalsForm("sales"),
    "roadmap-form": RoadmapForm("sales"),
    "role-form": RoleForm(),
    "role-form-take": RoleForm(give=False),
}


def cards(language: str) -> Iterator[tuple[str, Card]]:
    """Yield the name and an example of every card in one language."""
    context = sample(language)
    for name, note in CARDS.items():
        yield name, draw(note, context)


def forms(language: str) -> Iterator[tuple[str, Form]]:
    """Yield the name and an example of every form in one language."""
    context = sample(language)
    for name, note in FORMS.items():
        yield name, draw_form(note, context)


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
    person = replace(person, roles=frozenset({Role.ADMIN, Role.CRM_TEAM}))
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
        ),
        _deeds(),
    )


def _deeds() -> dict[str, Deed]:
    return {
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

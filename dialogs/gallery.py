"""One example of every card and form: for golden files, previews, the docs and the referees."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs import (
    gallery_levels,
    gallery_merits,
    gallery_privacy,
    gallery_rumours,
    gallery_shadow,
    gallery_training,
    gallery_voice,
    guide,
)
from dialogs.activities import ActivitiesNote, TickedNote
from dialogs.authoring import HANDED_IN
from dialogs.authoring_notes import (
    AudienceForm,
    BroadcastsNote,
    CheckForm,
    DraftNote,
    DropNote,
    HandedInNote,
    NotAuthorNote,
    OverviewNote,
    PreviewNote,
    TestNote,
    WordsForm,
)
from dialogs.broadcasting import OUTCOMES
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
from dialogs.follow_up import NotedNote, WhyThisNote
from dialogs.for_team import ForTeamNote
from dialogs.gallery_colleague import COLLEAGUE_FORMS, COLLEAGUES
from dialogs.gallery_digest import DIGEST_FORMS, DIGESTS
from dialogs.gallery_facts import AUTHOR, sample
from dialogs.gallery_find import FIND_FORMS, FINDS
from dialogs.gallery_progress import FOLLOWED
from dialogs.gallery_tips import TIP_CARDS
from dialogs.guide import HelloNote, HelpNote, ThankedNote
from dialogs.home import HomeNote
from dialogs.judging import JudgedNote
from dialogs.manners import LostNote, NoFilesNote, SorryNote, StaleNote
from dialogs.notes import draw, draw_form
from dialogs.panel import PanelForm, PanelHeardNote, PanelThanksNote
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
from dialogs.reception import ReceptionForm
from dialogs.reminder import LaterNote
from dialogs.replies import AnswerForm
from dialogs.rights import SORTS, ForgetNote, ForgottenNote, KeptNote
from dialogs.roadmap import RoadmapNote
from dialogs.stories import StoriesNote, StoryForm, StoryGoneNote, StoryKeptNote
from dialogs.welcome import MattersNote, ReadyNote, TellForm, TellNote, WelcomeNote
from nudges.activities import ActivityNote, Sum
from nudges.broadcast_notes import (
    AgreedNote,
    AgreeNote,
    ApproveNote,
    BroadcastNote,
    NobodyNote,
    OutcomeNote,
    ProgressNote,
    TakenBackNote,
    WroteBackNote,
)
from nudges.broadcast_replies import AnsweredNote as AnsweredToNote
from nudges.broadcast_replies import RepliesNote
from nudges.champions import InviteNote, MayINote, SuccessionNote
from nudges.delivery import Note
from nudges.follow_up import FollowUpNote
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
from nudges.panel import PanelNote
from nudges.pulse import PulseNote
from nudges.reception import CheckedNote, ReadWordsNote, ReceivedResultNote, ReceptionNote
from nudges.reminders import ReminderNote
from nudges.roles import Role
from nudges.silence import SilenceNote

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
    quiet=1,
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
    "why-this": WhyThisNote("B4"),
    "why-this-pulse": WhyThisNote(),
    "why-this-celebrate": WhyThisNote(moment="celebrate"),
    "why-this-wish": WhyThisNote(moment="wish"),
    "why-this-story": WhyThisNote(moment="story"),
    "why-this-tip": WhyThisNote(moment="tip"),
    "follow-up-by-use": FollowUpNote("ability-time", "B4", by_use=True),
    "why-this-use": WhyThisNote(moment="use"),
    "why-this-recognition": WhyThisNote(moment="recognition"),
    "why-this-spotlight": WhyThisNote(moment="spotlight"),
    "why-this-competition": WhyThisNote(moment="competition"),
    "why-this-sprint": WhyThisNote(moment="sprint"),
    "why-this-training": WhyThisNote(moment="training"),
    "why": WhyNote(last=True),
    "mine": MineNote(),
    "kept": KeptNote(tuple((sort, n) for n, sort in enumerate(SORTS, 3))),
    "forget": ForgetNote(),
    "forgotten": ForgottenNote(),
    "forgotten-not": ForgottenNote(gone=False),
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
    "for-team-privacy": ForTeamNote("privacy_officer"),
    "for-team-doers": ForTeamNote("doers"),
    "for-team-answerers": ForTeamNote("answerers"),
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
    "no-files": NoFilesNote(),
    "no-files-words": NoFilesNote(words=True),
    "sorry": SorryNote(),
    "roadmap": RoadmapNote("sales", DAY),
    "roadmap-before": RoadmapNote("service", DAY),
    "roadmap-empty": RoadmapNote("elsewhere", DAY),
    "celebration": CelebrationNote("sales", "2026-11-02"),
    "celebration-plain": CelebrationNote("service", "2027-01-04"),
    "wish-window": WishNote("sales", "2026-11-03", "2026-12-02"),
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
    "broadcast": BroadcastNote(7),
    "broadcast-got": BroadcastNote(7, got=True),
    "broadcast-plain": BroadcastNote(8),
    "broadcast-signed": BroadcastNote(9),
    "broadcasts": BroadcastsNote(),
    "draft": DraftNote("d1", saved=True),
    "draft-begun": DraftNote("d2"),
    "draft-template": DraftNote("d3"),
    "draft-gone": DraftNote("d9"),
    "preview": PreviewNote("d1", "nl"),
    "test": TestNote("d1", "en"),
    "drop": DropNote("d2"),
    **{f"handed-in-{how}": HandedInNote(how) for how in HANDED_IN},
    "overview": OverviewNote(9),
    "replies": RepliesNote(9),
    "replies-none": RepliesNote(8),
    "reply-answered": AnsweredToNote(9, 1),
    "panel": PanelNote("d1"),
    "panel-thanks": PanelThanksNote(said=True),
    "panel-not": PanelThanksNote(said=False),
    "panel-heard": PanelHeardNote("d1"),
    "not-author": NotAuthorNote(),
    "agree": AgreeNote(9),
    "agreed": AgreedNote(9, agreed=True),
    "agreed-not": AgreedNote(9, agreed=False),
    "belief-open": BroadcastNote(7, got=True, belief="open"),
    "belief-told": BroadcastNote(7, got=True, belief="told"),
    "silence-amber": SilenceNote(("sales",)),
    "silence-red": SilenceNote(("sales", "service")),
    "silence-drafted": SilenceNote(("sales",), drafted=True),
    "silence-over": SilenceNote(("elsewhere",)),
    "approve": ApproveNote(7),
    "approve-few": ApproveNote(8),
    "approve-deputy-away": ApproveNote(7, "away"),
    "approve-deputy-silent": ApproveNote(7, "silent"),
    "nobody-approves": NobodyNote(7),
    **{
        f"outcome-{how}-{'asked' if asked else 'author'}": OutcomeNote(9, how, asked=asked)
        for how in OUTCOMES
        for asked in (False, True)
    },
    "broadcast-corrected": BroadcastNote(FOLLOWED["corrected"], got=True),
    "taken-back": TakenBackNote(FOLLOWED["recalled"]),
    **{f"progress-{name}": ProgressNote(number) for name, number in FOLLOWED.items()},
    "progress-stop": ProgressNote(FOLLOWED["sending"], "stop"),
    "progress-recall": ProgressNote(FOLLOWED["done"], "recall"),
    "wrote-back": WroteBackNote(7),
    "wrote-back-nameless": WroteBackNote(8),
    "reception": ReceptionNote(11, (1, 0, 2), "2026-12-07"),
    "reception-words": ReceptionNote(12, (), "2026-12-07"),
    "checked-right": CheckedNote(11, "right"),
    "checked-wrong": CheckedNote(11, "wrong"),
    "checked-words": CheckedNote(12, "words"),
    "received-reached": ReceivedResultNote(13),
    "received-below": ReceivedResultNote(14),
    "received-unsure": ReceivedResultNote(15),
    "received-all": ReceivedResultNote(16),
    "received-none": ReceivedResultNote(17),
    "received-few": ReceivedResultNote(18),
    "received-again": ReceivedResultNote(14, again=True),
    **TIP_CARDS,
    "read-words": ReadWordsNote(12),
    "read-words-done": ReadWordsNote(18),
    "verdict": VerdictNote(
        "sales", "2027-01-31", 41, 0.64, (("0", 0.21), ("1", 0.4), ("2", 0.3), ("3", 0.09))
    ),
    **FINDS,
    **COLLEAGUES,
    **DIGESTS,
    "verdict-unwritten": VerdictNote("service", "2027-04-04"),
    **gallery_training.CARDS,
    **gallery_levels.CARDS,
    **gallery_shadow.CARDS,
    **gallery_merits.CARDS,
    **gallery_voice.CARDS,
    **gallery_rumours.CARDS,
    **gallery_privacy.CARDS,
}
FORMS: dict[str, Note] = {
    **FIND_FORMS,
    **COLLEAGUE_FORMS,
    **DIGEST_FORMS,
    "champion-form": ChampionForm(("sales",), 3),
    "nominate-form": NominateForm(),
    "comment-form": CommentForm("B4"),
    "reception-form": ReceptionForm(12),
    "tell-form": TellForm(),
    "story-form": StoryForm(),
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
    "words-form": WordsForm("d1"),
    "words-form-new": WordsForm(),
    "audience-form": AudienceForm("d1"),
    "check-form": CheckForm("d1"),
    "answer-form": AnswerForm(1),
    "panel-form": PanelForm(),
    "role-form": RoleForm(),
    "role-form-take": RoleForm(give=False),
    **gallery_training.FORMS,
    **gallery_levels.FORMS,
    **gallery_shadow.FORMS,
    **gallery_merits.FORMS,
    **gallery_voice.FORMS,
    **gallery_rumours.FORMS,
    **gallery_privacy.FORMS,
}


def cards(language: str) -> Iterator[tuple[str, Card]]:
    """Yield the name and an example of every card in one language."""
    context = sample(language)
    author = replace(context, person=replace(context.person, name=AUTHOR))
    for name, note in CARDS.items():
        yield name, draw(note, author if isinstance(note, PreviewNote | TestNote) else context)


def forms(language: str) -> Iterator[tuple[str, Form]]:
    """Yield the name and an example of every form in one language."""
    context = sample(language)
    for name, note in FORMS.items():
        yield name, draw_form(note, context)

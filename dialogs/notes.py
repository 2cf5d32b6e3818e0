"""How a note looks: every card and form Wayfinder can send, drawn from its facts in one place.

A shared note looks the same to everyone with the same language and segment, so that one drawing
serves many; a personal note is drawn from what we know about its reader.
"""

from typing import Annotated, Any, assert_never, get_args

from pydantic import Field, TypeAdapter

from dialogs import (
    activities,
    authoring_cards,
    authoring_forms,
    broadcasting,
    celebration,
    champions,
    colleague_cards,
    digest,
    find_cards,
    follow_up,
    for_team,
    guide,
    health,
    home,
    judging,
    manners,
    merit_cards,
    panel,
    permissions,
    preferences,
    privacy,
    privacy_desk,
    programme_desk,
    progress,
    pulse,
    reasons,
    reception,
    reminder,
    replies,
    rights,
    roadmap,
    rumour,
    rumours_desk,
    score,
    shadow,
    silence,
    stops,
    stories,
    tips,
    training_desk,
    use_cards,
    use_linked,
    verdict,
    voice_cards,
    welcome,
    wish,
)
from dialogs.activities import ActivitiesNote, TickedNote
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
from dialogs.desk_forms import draw_form as draw_desk_form
from dialogs.desk_notes import (
    DeskClosedNote,
    DeskNote,
    DeskOutcomesNote,
    DeskSegmentNote,
)
from dialogs.find_notes import (
    ArticleNote,
    ChoicesNote,
    FindForm,
    FindNote,
    InCrmNote,
    MatchesNote,
    NoRecordNote,
    PrivatelyNote,
    RecordNote,
    SaidAloudNote,
    SystemNote,
    UnknownNote,
    WhichNote,
)
from dialogs.follow_up import NotedNote, WhyThisNote
from dialogs.for_team import ForTeamNote
from dialogs.guide import HelloNote, HelpNote, ThankedNote
from dialogs.home import HomeNote
from dialogs.judging import JudgedNote
from dialogs.manners import LostNote, NoFilesNote, SorryNote, StaleNote
from dialogs.note_kinds import DeskForm, FormNote, PersonalNote, SharedNote
from dialogs.panel import PanelForm, PanelHeardNote, PanelThanksNote
from dialogs.permissions import RoleForm, RolesNote
from dialogs.preferences import LanguageNote, PauseNote, QuietNote, SettingsForm, SettingsNote
from dialogs.privacy import MineNote
from dialogs.pulse import AnsweredNote, CommentForm, ThanksNote
from dialogs.reader import Reader, reader
from dialogs.reasons import WhyNote
from dialogs.reception import ReceptionForm
from dialogs.reminder import LaterNote
from dialogs.replies import AnswerForm
from dialogs.rights import ForgetNote, ForgottenNote, KeptNote
from dialogs.roadmap import RoadmapNote
from dialogs.rumour_notes import (
    OneRumourNote,
    RumourFactsForm,
    RumourForm,
    RumourKeptNote,
    RumourNote,
    RumourRefusedNote,
    RumoursNote,
    SameRumourForm,
)
from dialogs.score import ScoreNote
from dialogs.shadow import ShadowFixNote, ShadowForm, ShadowHeardNote, ShadowReasonNote
from dialogs.stops import StoppedNote, StopsForm
from dialogs.stories import StoriesNote, StoryForm, StoryGoneNote, StoryKeptNote
from dialogs.tips import NoTipNote, TipResultNote
from dialogs.training_notes import TrainingForm, TrainingNote
from dialogs.turns import Context
from dialogs.use_cards import UseHeardNote
from dialogs.use_linked import UseLinkedForm, UseLinkedNote
from dialogs.welcome import MattersNote, ReadyNote, TellForm, TellNote, WelcomeNote
from nudges.activities import ActivityNote
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
from nudges.health import HealthNote, SumNote
from nudges.moments import (
    CelebrationNote,
    CollectNote,
    JudgeNote,
    StoryNote,
    StoryThanksNote,
    VerdictNote,
    WishNote,
)
from nudges.oversight import AuditNote, LedgerNote, PrivacyNote, RetentionForm, RetentionNote
from nudges.panel import PanelNote
from nudges.pulse import PulseNote
from nudges.reception import CheckedNote, ReadWordsNote, ReceivedResultNote, ReceptionNote
from nudges.reminders import ReminderNote
from nudges.shadow import ShadowCheckNote, ShadowNote
from nudges.silence import SilenceNote
from nudges.tips import TipNote, TipQuizNote
from nudges.use_linked import InactiveNote, LevelNote, QualityNote, ResultNote, StopsNote

_NOTES: TypeAdapter[Any] = TypeAdapter(
    Annotated[SharedNote | PersonalNote | FormNote, Field(discriminator="card")]
)
SHARED: tuple[type[Note], ...] = get_args(SharedNote)


def dump(note: Note) -> dict[str, Any]:
    """Write a note as JSON-ready data, as the store keeps it."""
    return _NOTES.dump_python(note, mode="json")


def load(data: dict[str, Any]) -> Note:
    """Read a note back.

    Raises:
        pydantic.ValidationError: this version knows no such note.

    """
    return _NOTES.validate_python(data)


def draw(note: Note, context: Context) -> Card:  # noqa: C901, PLR0912 - a list, read down
    """Draw any card for the person in the context."""
    seen_by = reader(
        context.person, context.programme, context.library, context.stories, context.broadcasts
    )
    if isinstance(note, SHARED):
        return draw_shared(note, seen_by)  # pyright: ignore[reportArgumentType] - narrowed above
    if isinstance(note, colleague_cards.CARDS):
        return colleague_cards.draw(note, seen_by, context)  # pyright: ignore[reportArgumentType] - narrowed above
    if isinstance(note, voice_cards.CARDS):
        return voice_cards.draw(note, seen_by, context)  # pyright: ignore[reportArgumentType] - narrowed above
    if isinstance(note, merit_cards.CARDS):
        return merit_cards.draw(note, seen_by, context)  # pyright: ignore[reportArgumentType] - narrowed above
    match note:
        case ApproveNote():
            return broadcasting.draw_approve(note, seen_by, context.person.zone)
        case (
            BroadcastsNote()
            | DraftNote()
            | DropNote()
            | OverviewNote()
            | PreviewNote()
            | TestNote()
        ):
            return authoring_cards.draw(note, seen_by, context)
        case RepliesNote():
            return replies.draw_replies(note, seen_by, context)
        case AnsweredToNote():
            return replies.draw_answered(note, seen_by, context)
        case PanelNote():
            return panel.draw_panel(note, seen_by, context)
        case PanelHeardNote():
            return panel.draw_heard(note, seen_by, context)
        case ReceivedResultNote():
            return reception.draw_result(note, seen_by, context)
        case ReadWordsNote():
            return reception.draw_words(note, seen_by, context)
        case ProgressNote():
            return progress.draw_progress(note, seen_by, context)
        case RecordNote() | MatchesNote() | WhichNote():
            return find_cards.draw_personal(note, seen_by, context)
        case WelcomeNote():
            return welcome.draw_welcome(seen_by, context.person.name)
        case SettingsNote():
            return preferences.draw_settings(note, seen_by, context.person)
        case RolesNote():
            return permissions.draw_roles(note, seen_by, context)
        case HomeNote():
            return home.draw_home(seen_by, context.person, context.open_pulse)
        case ChampionsNote():
            return champions.draw_champions(note, seen_by, context)
        case HealthNote():
            return health.draw_health(note, seen_by, context)
        case SilenceNote():
            return silence.draw_silence(note, seen_by, context)
        case RumoursNote() | OneRumourNote():
            return rumours_desk.draw(note, seen_by, context)
        case ScoreNote():
            return score.draw_score(seen_by, context)
        case PrivacyNote() | AuditNote() | LedgerNote() | RetentionNote():
            return privacy_desk.draw(note, seen_by, context)
        case UseLinkedNote():
            return use_linked.draw(note, seen_by, context)
        case LevelNote() | InactiveNote() | QualityNote() | ResultNote():
            return use_cards.draw(note, seen_by, context)
        case _ if isinstance(note, get_args(digest.AnyDigest)):
            return digest.draw(note, seen_by, context)  # pyright: ignore[reportArgumentType] - narrowed above
        case MineNote():
            return privacy.draw_mine(seen_by, context)
        case KeptNote():
            return rights.draw_kept(note, seen_by, context.file)
        case ForgetNote():
            return rights.draw_forget(seen_by)
        case ForgottenNote():
            return rights.draw_forgotten(note, seen_by)
        case _ if isinstance(note, get_args(TrainingNote)):
            return training_desk.draw(note, seen_by, context)
        case StoriesNote():
            return stories.draw_stories(note, seen_by, context.person.id, context.person.zone)
        case _:
            message = f"{type(note).__name__} is a form, not a card"
            raise TypeError(message)


def draw_shared(note: SharedNote, seen_by: Reader) -> Card:  # noqa: C901, PLR0912, PLR0915 - a list, read down
    """Draw a card that depends on nothing but the reader's language and segment."""
    match note:
        case PulseNote():
            return pulse.draw_pulse(note, seen_by)
        case ThanksNote():
            return pulse.draw_thanks(note, seen_by)
        case AnsweredNote():
            return pulse.draw_answered(note, seen_by)
        case BroadcastNote():
            return broadcasting.draw_broadcast(note, seen_by)
        case AgreeNote():
            return broadcasting.draw_agree(note, seen_by)
        case AgreedNote():
            return broadcasting.draw_agreed(note, seen_by)
        case HandedInNote():
            return authoring_cards.draw_handed_in(note, seen_by)
        case NotAuthorNote():
            return authoring_cards.draw_not_author(seen_by)
        case PanelThanksNote():
            return panel.draw_thanks(note, seen_by)
        case NobodyNote():
            return broadcasting.draw_nobody(note, seen_by)
        case OutcomeNote():
            return broadcasting.draw_outcome(note, seen_by)
        case TakenBackNote():
            return progress.draw_taken_back(note, seen_by)
        case WroteBackNote():
            return broadcasting.draw_wrote_back(note, seen_by)
        case ReceptionNote():
            return reception.draw_reception(note, seen_by)
        case CheckedNote():
            return reception.draw_checked(note, seen_by)
        case ReminderNote():
            return reminder.draw_reminder(note, seen_by)
        case LaterNote():
            return reminder.draw_later(seen_by)
        case (
            ArticleNote()
            | ChoicesNote()
            | InCrmNote()
            | SaidAloudNote()
            | FindNote()
            | NoRecordNote()
            | PrivatelyNote()
            | SystemNote()
            | UnknownNote()
        ):
            return find_cards.draw_shared(note, seen_by)
        case FollowUpNote():
            return follow_up.draw_follow_up(note, seen_by)
        case NotedNote():
            return follow_up.draw_noted(note, seen_by)
        case WhyThisNote():
            return follow_up.draw_why_this(note, seen_by)
        case WhyNote():
            return reasons.draw_why(note, seen_by)
        case DeskNote():
            return programme_desk.draw_desk(note, seen_by)
        case DeskSegmentNote():
            return programme_desk.draw_segment(note, seen_by)
        case DeskOutcomesNote():
            return programme_desk.draw_outcomes(note, seen_by)
        case DeskClosedNote():
            return programme_desk.draw_closed(seen_by)
        case MattersNote():
            return welcome.draw_matters(seen_by)
        case TellNote():
            return welcome.draw_tell(seen_by)
        case ReadyNote():
            return welcome.draw_ready(note, seen_by)
        case HelpNote():
            return guide.draw_help(note, seen_by)
        case HelloNote():
            return guide.draw_hello(seen_by)
        case ThankedNote():
            return guide.draw_thanked(seen_by)
        case LanguageNote():
            return preferences.draw_language(seen_by)
        case PauseNote():
            return preferences.draw_pause(seen_by)
        case QuietNote():
            return preferences.draw_quiet(note, seen_by)
        case ActivityNote():
            return activities.draw_activity(note, seen_by)
        case TickedNote():
            return activities.draw_ticked(note, seen_by)
        case ActivitiesNote():
            return activities.draw_activities(note, seen_by)
        case SumNote():
            return activities.draw_sum(note, seen_by)
        case InviteNote():
            return champions.draw_invite(seen_by)
        case MayINote() | MayIBeNote():
            return champions.draw_may_i(note, seen_by)
        case ChampionNote():
            return champions.draw_champion(note, seen_by)
        case NominateNote():
            return champions.draw_nominate(seen_by)
        case PutForwardNote():
            return champions.draw_put_forward(note, seen_by)
        case SuccessionNote():
            return champions.draw_succession(note, seen_by)
        case ForTeamNote():
            return for_team.draw_for_team(note, seen_by)
        case StaleNote():
            return manners.draw_stale(seen_by)
        case LostNote():
            return manners.draw_lost(seen_by)
        case NoFilesNote():
            return manners.draw_no_files(note, seen_by)
        case SorryNote():
            return manners.draw_sorry(seen_by)
        case RoadmapNote():
            return roadmap.draw_roadmap(note, seen_by)
        case RumourNote() | RumourKeptNote() | RumourRefusedNote():
            return rumour.draw(note, seen_by)
        case CelebrationNote():
            return celebration.draw_celebration(note, seen_by)
        case WishNote():
            return wish.draw_wish(note, seen_by)
        case StoryNote():
            return stories.draw_story(note, seen_by)
        case StoryKeptNote():
            return stories.draw_story_kept(note, seen_by)
        case StoryGoneNote():
            return stories.draw_story_gone(note, seen_by)
        case StoryThanksNote():
            return stories.draw_story_thanks(seen_by)
        case JudgeNote():
            return judging.draw_judge(note, seen_by)
        case JudgedNote():
            return judging.draw_judged(note, seen_by)
        case CollectNote():
            return judging.draw_collect(note, seen_by)
        case TipNote() | TipQuizNote() | TipResultNote() | NoTipNote():
            return tips.draw(note, seen_by)
        case (
            ShadowNote()
            | ShadowReasonNote()
            | ShadowFixNote()
            | ShadowHeardNote()
            | ShadowCheckNote()
        ):
            return shadow.draw(note, seen_by)
        case StopsNote():
            return stops.draw_stops(note, seen_by)
        case StoppedNote():
            return stops.draw_stopped(note, seen_by)
        case UseHeardNote():
            return use_cards.draw_heard(note, seen_by)
        case VerdictNote():
            return verdict.draw_verdict(note, seen_by)
        case _:
            assert_never(note)


def draw_form(note: Note, context: Context) -> Form:  # noqa: C901, PLR0912 - a list, read down
    """Draw a form for the person in the context."""
    seen_by = reader(
        context.person, context.programme, context.library, broadcasts=context.broadcasts
    )
    if isinstance(note, colleague_cards.FORMS):
        return colleague_cards.draw_form(note, seen_by, context)  # pyright: ignore[reportArgumentType] - narrowed above
    if isinstance(note, voice_cards.FORMS):
        return voice_cards.draw_form(note, seen_by, context)  # pyright: ignore[reportArgumentType] - narrowed above
    if isinstance(note, merit_cards.FORMS):
        return merit_cards.draw_form(note, seen_by, context)  # pyright: ignore[reportArgumentType] - narrowed above
    match note:
        case CommentForm():
            return pulse.draw_comment_form(note, seen_by)
        case FindForm():
            return find_cards.draw_form(seen_by)
        case TellForm():
            return welcome.draw_tell_form(seen_by)
        case ChampionForm():
            return champions.draw_champion_form(note, seen_by)
        case NominateForm():
            return champions.draw_nominate_form(seen_by)
        case digest.NormsForm():
            return digest.draw_norms_form(note, seen_by, context)
        case SettingsForm():
            return preferences.draw_settings_form(seen_by, context.person)
        case ReceptionForm():
            return reception.draw_reception_form(note, seen_by)
        case RoleForm():
            return permissions.draw_role_form(note, seen_by)
        case _ if isinstance(note, get_args(TrainingForm)):
            return training_desk.draw_form(note, seen_by, context)
        case _ if isinstance(note, get_args(DeskForm)):
            return draw_desk_form(note, seen_by)
        case WordsForm() | AudienceForm() | CheckForm():
            return authoring_forms.draw(note, context, seen_by.speech)
        case AnswerForm():
            return replies.draw_answer_form(note, seen_by)
        case PanelForm():
            return panel.draw_form(seen_by)
        case RumourForm():
            return rumour.draw_form(seen_by)
        case SameRumourForm() | RumourFactsForm():
            return rumours_desk.draw_form(note, seen_by, context)
        case StoryForm():
            return stories.draw_story_form(seen_by)
        case ShadowForm():
            return shadow.draw_form(seen_by)
        case StopsForm():
            return stops.draw_form(seen_by)
        case RetentionForm():
            return privacy_desk.draw_form(seen_by, context)
        case UseLinkedForm():
            return use_linked.draw_form(seen_by, context)
        case _:
            message = f"{type(note).__name__} is a card, not a form"
            raise TypeError(message)

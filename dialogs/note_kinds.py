"""Every note there is: those that look the same to many, those drawn for one, and the forms."""

from typing import TypeAlias

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
from dialogs.champions import (
    ChampionForm,
    ChampionNote,
    ChampionsNote,
    MayIBeNote,
    NominateForm,
    NominateNote,
    PutForwardNote,
)
from dialogs.colleague_cards import ColleagueCard, ColleagueForm
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
from dialogs.digest import AnyDigest, NormsForm
from dialogs.find_cards import PersonalFind, SharedFind
from dialogs.find_notes import (
    FindForm,
)
from dialogs.follow_up import NotedNote, WhyThisNote
from dialogs.for_team import ForTeamNote
from dialogs.guide import HelloNote, HelpNote, ThankedNote
from dialogs.home import HomeNote
from dialogs.judging import JudgedNote
from dialogs.manners import LostNote, NoFilesNote, SorryNote, StaleNote
from dialogs.merit_cards import MeritCard, MeritForm
from dialogs.panel import PanelForm, PanelHeardNote, PanelThanksNote
from dialogs.permissions import RoleForm, RolesNote
from dialogs.preferences import LanguageNote, PauseNote, QuietNote, SettingsForm, SettingsNote
from dialogs.privacy import MineNote
from dialogs.pulse import AnsweredNote, CommentForm, ThanksNote
from dialogs.reasons import WhyNote
from dialogs.reception import ReceptionForm
from dialogs.reminder import LaterNote
from dialogs.replies import AnswerForm
from dialogs.rights import ForgetNote, ForgottenNote, KeptNote
from dialogs.roadmap import RoadmapNote
from dialogs.rumour_notes import RumourAnyForm, RumourCard, RumourDeskCard
from dialogs.score import ScoreNote
from dialogs.shadow import ShadowCard, ShadowForm
from dialogs.stops import StoppedNote, StopsForm
from dialogs.stories import StoriesNote, StoryForm, StoryGoneNote, StoryKeptNote
from dialogs.tips import AnyTip
from dialogs.training_notes import TrainingForm, TrainingNote
from dialogs.use_cards import UseHeardNote
from dialogs.use_linked import UseLinkedForm, UseLinkedNote
from dialogs.voice_cards import VoiceCard, VoiceForm
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
from nudges.silence import SilenceNote
from nudges.use_linked import InactiveNote, LevelNote, QualityNote, ResultNote, StopsNote

SharedNote: TypeAlias = (
    AgreedNote
    | AgreeNote
    | AnsweredNote
    | HandedInNote
    | NotAuthorNote
    | BroadcastNote
    | NobodyNote
    | OutcomeNote
    | TakenBackNote
    | WroteBackNote
    | DeskClosedNote
    | DeskNote
    | DeskOutcomesNote
    | DeskSegmentNote
    | ActivitiesNote
    | ActivityNote
    | ChampionNote
    | CelebrationNote
    | CheckedNote
    | CollectNote
    | FollowUpNote
    | SharedFind
    | ForTeamNote
    | HelloNote
    | HelpNote
    | InviteNote
    | JudgedNote
    | JudgeNote
    | LanguageNote
    | LaterNote
    | LostNote
    | MattersNote
    | MayIBeNote
    | MayINote
    | NoFilesNote
    | NominateNote
    | NotedNote
    | PanelThanksNote
    | PauseNote
    | PulseNote
    | PutForwardNote
    | QuietNote
    | ReadyNote
    | ReceptionNote
    | ReminderNote
    | RoadmapNote
    | RumourCard
    | SorryNote
    | StaleNote
    | SuccessionNote
    | SumNote
    | TellNote
    | ThankedNote
    | ThanksNote
    | TickedNote
    | AnyTip
    | StoryGoneNote
    | StoryKeptNote
    | StoryNote
    | StoryThanksNote
    | ShadowCard
    | StopsNote
    | StoppedNote
    | UseHeardNote
    | VerdictNote
    | WhyNote
    | WhyThisNote
    | WishNote
)
DeskForm: TypeAlias = (
    GoalsForm
    | LabelsForm
    | MonthForm
    | OutcomeForm
    | PurposeForm
    | ReasonsForm
    | RoadmapForm
    | SegmentForm
)
PersonalNote: TypeAlias = (
    ApproveNote
    | BroadcastsNote
    | DraftNote
    | DropNote
    | OverviewNote
    | PreviewNote
    | TestNote
    | AnsweredToNote
    | PanelHeardNote
    | PanelNote
    | PersonalFind
    | ColleagueCard
    | AnyDigest
    | RepliesNote
    | PrivacyNote
    | AuditNote
    | LedgerNote
    | RetentionNote
    | ChampionsNote
    | HealthNote
    | HomeNote
    | MineNote
    | KeptNote
    | ForgetNote
    | ForgottenNote
    | ReadWordsNote
    | ReceivedResultNote
    | ProgressNote
    | RolesNote
    | RumourDeskCard
    | SettingsNote
    | SilenceNote
    | StoriesNote
    | TrainingNote
    | MeritCard
    | VoiceCard
    | ScoreNote
    | LevelNote
    | InactiveNote
    | QualityNote
    | ResultNote
    | UseLinkedNote
    | WelcomeNote
)
FormNote: TypeAlias = (
    AnswerForm
    | TrainingForm
    | PanelForm
    | AudienceForm
    | CheckForm
    | ChampionForm
    | ColleagueForm
    | CommentForm
    | DeskForm
    | FindForm
    | NominateForm
    | NormsForm
    | MeritForm
    | VoiceForm
    | ReceptionForm
    | RetentionForm
    | RoleForm
    | RumourAnyForm
    | SettingsForm
    | ShadowForm
    | StopsForm
    | StoryForm
    | TellForm
    | UseLinkedForm
    | WordsForm
)

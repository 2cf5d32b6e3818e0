"""How a note looks: every card and form Wayfinder can send, drawn from its facts in one place.

A shared note looks the same to everyone with the same language and segment, so that one drawing
serves many; a personal note is drawn from what we know about its reader.
"""

from typing import Annotated, Any, TypeAlias, assert_never, get_args

from pydantic import Field, TypeAdapter

from dialogs import (
    celebration,
    follow_up,
    guide,
    home,
    judging,
    manners,
    preferences,
    privacy,
    pulse,
    reasons,
    reminder,
    roadmap,
    stories,
    verdict,
    welcome,
    wish,
)
from dialogs.card import Card, Form
from dialogs.follow_up import KeptNote, NotedNote, WhyThisNote
from dialogs.guide import HelloNote, HelpNote, ThankedNote
from dialogs.home import HomeNote
from dialogs.judging import JudgedNote
from dialogs.manners import LostNote, SorryNote, StaleNote
from dialogs.preferences import LanguageNote, PauseNote, QuietNote, SettingsForm, SettingsNote
from dialogs.privacy import MineNote
from dialogs.pulse import AnsweredNote, CommentForm, ThanksNote
from dialogs.reader import Reader, reader
from dialogs.reasons import WhyNote
from dialogs.reminder import LaterNote
from dialogs.roadmap import RoadmapNote
from dialogs.stories import StoriesNote, StoryForm, StoryGoneNote, StoryKeptNote
from dialogs.turns import Context
from dialogs.welcome import MattersNote, ReadyNote, TellForm, TellNote, WelcomeNote
from dialogs.wish import WishedNote, WishForm
from nudges.delivery import Note
from nudges.follow_up import FollowUpNote
from nudges.moments import (
    CelebrationNote,
    CollectNote,
    JudgeNote,
    StoryNote,
    StoryThanksNote,
    VerdictNote,
    WishNote,
)
from nudges.pulse import PulseNote
from nudges.reminders import ReminderNote

SharedNote: TypeAlias = (
    AnsweredNote
    | CelebrationNote
    | CollectNote
    | FollowUpNote
    | HelloNote
    | HelpNote
    | JudgedNote
    | JudgeNote
    | KeptNote
    | LanguageNote
    | LaterNote
    | LostNote
    | MattersNote
    | NotedNote
    | PauseNote
    | PulseNote
    | QuietNote
    | ReadyNote
    | ReminderNote
    | RoadmapNote
    | SorryNote
    | StaleNote
    | StoryGoneNote
    | StoryKeptNote
    | StoryNote
    | StoryThanksNote
    | TellNote
    | ThankedNote
    | ThanksNote
    | VerdictNote
    | WhyNote
    | WhyThisNote
    | WishedNote
    | WishNote
)
PersonalNote: TypeAlias = HomeNote | MineNote | SettingsNote | StoriesNote | WelcomeNote
FormNote: TypeAlias = CommentForm | SettingsForm | StoryForm | TellForm | WishForm
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


def draw(note: Note, context: Context) -> Card:
    """Draw any card for the person in the context."""
    seen_by = reader(context.person, context.programme, context.library, context.stories)
    if isinstance(note, SHARED):
        return draw_shared(note, seen_by)  # pyright: ignore[reportArgumentType] - narrowed above
    match note:
        case WelcomeNote():
            return welcome.draw_welcome(seen_by, context.person.name)
        case SettingsNote():
            return preferences.draw_settings(note, seen_by, context.person)
        case HomeNote():
            return home.draw_home(seen_by, context.person, context.open_pulse)
        case MineNote():
            return privacy.draw_mine(seen_by, context)
        case StoriesNote():
            return stories.draw_stories(note, seen_by, context.person.id, context.person.zone)
        case _:
            message = f"{type(note).__name__} is a form, not a card"
            raise TypeError(message)


def draw_shared(note: SharedNote, seen_by: Reader) -> Card:  # noqa: C901, PLR0912 - a list, read down
    """Draw a card that depends on nothing but the reader's language and segment."""
    match note:
        case PulseNote():
            return pulse.draw_pulse(note, seen_by)
        case ThanksNote():
            return pulse.draw_thanks(note, seen_by)
        case AnsweredNote():
            return pulse.draw_answered(note, seen_by)
        case ReminderNote():
            return reminder.draw_reminder(note, seen_by)
        case LaterNote():
            return reminder.draw_later(seen_by)
        case FollowUpNote():
            return follow_up.draw_follow_up(note, seen_by)
        case NotedNote():
            return follow_up.draw_noted(note, seen_by)
        case KeptNote():
            return follow_up.draw_kept(seen_by)
        case WhyThisNote():
            return follow_up.draw_why_this(note, seen_by)
        case WhyNote():
            return reasons.draw_why(note, seen_by)
        case MattersNote():
            return welcome.draw_matters(seen_by)
        case TellNote():
            return welcome.draw_tell(seen_by)
        case ReadyNote():
            return welcome.draw_ready(note, seen_by)
        case HelpNote():
            return guide.draw_help(seen_by)
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
        case StaleNote():
            return manners.draw_stale(seen_by)
        case LostNote():
            return manners.draw_lost(seen_by)
        case SorryNote():
            return manners.draw_sorry(seen_by)
        case RoadmapNote():
            return roadmap.draw_roadmap(note, seen_by)
        case CelebrationNote():
            return celebration.draw_celebration(note, seen_by)
        case WishNote():
            return wish.draw_wish(note, seen_by)
        case WishedNote():
            return wish.draw_wished(seen_by)
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
        case VerdictNote():
            return verdict.draw_verdict(note, seen_by)
        case _:
            assert_never(note)


def draw_form(note: Note, context: Context) -> Form:
    """Draw a form for the person in the context."""
    seen_by = reader(context.person, context.programme, context.library)
    match note:
        case CommentForm():
            return pulse.draw_comment_form(note, seen_by)
        case TellForm():
            return welcome.draw_tell_form(seen_by)
        case SettingsForm():
            return preferences.draw_settings_form(seen_by, context.person)
        case StoryForm():
            return stories.draw_story_form(seen_by)
        case WishForm():
            return wish.draw_wish_form(seen_by)
        case _:
            message = f"{type(note).__name__} is a card, not a form"
            raise TypeError(message)

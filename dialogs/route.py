"""Which dialog takes a turn: an ordered list that one can read aloud; the first that fits wins."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from dialogs import (
    activities,
    authoring,
    believing,
    broadcasting,
    champions,
    colleague,
    commands,
    competition,
    competition_desk,
    digest,
    find,
    follow_up,
    guide,
    health,
    home,
    judging,
    manners,
    panel,
    permissions,
    preferences,
    privacy,
    privacy_desk,
    programme_desk,
    progress,
    pulse,
    raising,
    reasons,
    reception,
    recognition,
    reminder,
    replies,
    rights,
    roadmap,
    rumour,
    rumours_desk,
    score,
    shadow,
    silence,
    sprint,
    sprint_desk,
    stories,
    tips,
    training,
    training_desk,
    use_cards,
    use_linked,
    voice_above,
    voice_desk,
    welcome,
)
from dialogs.authoring_notes import TestNote
from dialogs.buttons import COMMAND
from dialogs.turns import Context, Filled, Joined, Left, Said, Step, Tapped, Turn

Read: TypeAlias = Callable[[Turn, Context], Step]
When: TypeAlias = Callable[[Turn, Context], bool]


def route(turn: Turn, context: Context) -> Step:
    """Take one turn; who sent a file hears that it was not taken."""
    if not isinstance(turn, Said) or not turn.attached or not turn.private:
        return _taken(turn, context)
    if not turn.text.strip():
        return Step(show=(manners.NoFilesNote(),))
    step = _taken(turn, context)
    if step.look is not None:
        return step
    return replace(step, show=(*step.show, manners.NoFilesNote(words=True)))


def _taken(turn: Turn, context: Context) -> Step:
    if step := pulse.typed(turn, context):
        return step
    return next(read for fits, read in ROUTES if fits(turn, context))(turn, context)


def _joined(turn: Turn, _context: Context) -> bool:
    return isinstance(turn, Joined)


def _left(turn: Turn, _context: Context) -> bool:
    return isinstance(turn, Left)


def _foreign(_turn: Turn, context: Context) -> bool:
    """Tell a card of someone else's, whatever its button would do: also what anybody may type."""
    return context.foreign


def _not_theirs(turn: Turn, context: Context) -> bool:
    """Tell a tap on a card that is answered already, or was never this person's."""
    if not isinstance(turn, Tapped | Filled):
        return False
    answered = context.message is not None and context.message.answered is not None
    return answered or not context.genuine


def _pressed(start: str) -> When:
    def fits(turn: Turn, _context: Context) -> bool:
        return isinstance(turn, Tapped | Filled) and turn.verb.startswith(f"{start}.")

    return fits


def _asked(command: str) -> When:
    def fits(turn: Turn, _context: Context) -> bool:
        match turn:
            case Said(text=text):
                return commands.read(text) == command
            case Tapped(verb=verb, choice=choice):
                return verb == COMMAND and choice == command
            case _:
                return False

    return fits


def _own_test(turn: Turn, context: Context) -> bool:
    """Tell a press on an author's own test message from one on a real one."""
    message = context.message
    return isinstance(turn, Tapped) and message is not None and isinstance(message.note, TestNote)


def _always(_turn: Turn, _context: Context) -> bool:
    return True


def _pulse_now(_turn: Turn, context: Context) -> Step:
    return pulse.start(context)


def _change(_turn: Turn, context: Context) -> Step:
    return pulse.change(context)


ROUTES: tuple[tuple[When, Read], ...] = (
    (_foreign, manners.stale),
    (_joined, welcome.read),
    (_left, welcome.left),
    (find.points, find.read),
    (_asked("help"), guide.read),
    (_asked("pulse"), _pulse_now),
    (_asked("change"), _change),
    (_asked("why"), reasons.read),
    (_asked("why_this"), reasons.this),
    (_asked("roadmap"), roadmap.read),
    (_asked("story"), stories.mine),
    (_asked("blocker"), raising.asked),
    (_asked("wish"), raising.asked),
    (_asked("feedback"), raising.asked),
    (_asked("raised"), raising.mine),
    (_asked("queue"), voice_desk.asked),
    (_asked("tip"), tips.asked),
    (_asked("mine"), privacy.mine),
    (_asked("kept"), rights.kept),
    (_asked("forget"), rights.forget),
    (_asked("score"), score.asked),
    (_asked("use_linked"), use_linked.asked),
    (_asked("privacy"), privacy_desk.asked),
    (_asked("settings"), preferences.settings),
    (_asked("language"), preferences.language),
    (_asked("pause"), preferences.pause),
    (_asked("stop"), preferences.stop),
    (_asked("resume"), preferences.resume),
    (_asked("programme"), programme_desk.open_desk),
    (_asked("roles"), permissions.roles),
    (_asked("activities"), activities.mine),
    (_asked("health"), health.read),
    (_asked("champions"), champions.champions),
    (_asked("champion"), champions.champion),
    (_asked("nominate"), champions.nominate),
    (_asked("broadcasts"), authoring.open_desk),
    (_asked("find"), find.asked),
    (_asked("training"), training_desk.asked),
    (_asked("questions"), colleague.questions),
    (_asked("digest"), digest.asked),
    (_asked("competition"), competition.asked),
    (_asked("sprint"), sprint.asked),
    (raising.typed, raising.wrote),
    (_asked("rumour"), rumour.asked),
    (_asked("rumours"), rumours_desk.asked),
    (rumour.tells, rumour.read),
    (_asked("hello"), guide.hello),
    (_asked("thanks"), guide.thanked),
    (_pressed("home"), home.read),
    (progress.presses, progress.read),
    (find.for_anyone, find.read),
    (_not_theirs, manners.stale),
    (rumour.leaves, rumour.read),
    (_pressed("form"), manners.back),
    (_pressed("welcome"), welcome.read),
    (_pressed("pulse"), pulse.read),
    (_pressed("reminder"), reminder.read),
    (_pressed("follow_up"), follow_up.read),
    (_pressed("settings"), preferences.read),
    (_pressed("desk"), programme_desk.read),
    (_pressed("roles"), permissions.read),
    (_pressed("activity"), activities.read),
    (_pressed("champion"), champions.read),
    (_pressed("story"), stories.read),
    (_pressed("raise"), raising.read),
    (_pressed("voice"), voice_desk.read),
    (_pressed("above"), voice_above.above),
    (_pressed("tip"), tips.read),
    (_pressed("use"), use_cards.read),
    (_pressed("use_linked"), use_linked.read),
    (_pressed("privacy"), privacy_desk.read),
    (_pressed("shadow"), shadow.read),
    (_pressed("forget"), rights.read),
    (_pressed("judge"), judging.read),
    (_own_test, authoring.read),
    (_pressed("broadcast"), broadcasting.read),
    (_pressed("draft"), authoring.read),
    (_pressed("message"), authoring.read),
    (_pressed("reply"), replies.read),
    (_pressed("panel"), panel.read),
    (_pressed("reception"), reception.read),
    (_pressed("find"), find.read),
    (_pressed("question"), colleague.read),
    (reception.answers_it, reception.wrote_back),
    (tips.answers_it, tips.wrote_back),
    (shadow.answers_it, shadow.wrote_back),
    (digest.about_someone, digest.no_one),
    (find.asks, find.read),
    (_pressed("belief"), believing.read),
    (_pressed("training"), training.read),
    (_pressed("training_desk"), training_desk.read),
    (_pressed("digest"), digest.read),
    (_pressed("silence"), silence.read),
    (_pressed("recognition"), recognition.read),
    (_pressed("competition"), competition.read),
    (_pressed("competition_desk"), competition_desk.read),
    (_pressed("sprint"), sprint.read),
    (_pressed("sprint_desk"), sprint_desk.read),
    (_pressed("rumour"), rumour.read),
    (_pressed("rumours"), rumours_desk.read),
    (broadcasting.answers_it, broadcasting.wrote_back),
    (follow_up.answers_it, follow_up.wrote_back),
    (_always, manners.lost),
)

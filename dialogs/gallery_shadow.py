"""The cards and the form about where people keep things, in the gallery."""

from collections.abc import Mapping

from dialogs.follow_up import WhyThisNote
from dialogs.shadow import ShadowFixNote, ShadowForm, ShadowHeardNote, ShadowReasonNote
from nudges.delivery import Note
from nudges.shadow import REASONS, ShadowCheckNote, ShadowNote

WEEK, DAY = "2026-11-16", "2026-12-03"
CARDS: Mapping[str, Note] = {
    "shadow": ShadowNote(WEEK),
    "shadow-reason": ShadowReasonNote(WEEK, again=True),
    "shadow-reason-late": ShadowReasonNote(WEEK),
    **{f"shadow-fix-{reason}": ShadowFixNote(reason, again=True) for reason in REASONS},
    "shadow-fix-late": ShadowFixNote("habit"),
    "shadow-kept": ShadowHeardNote("kept", WEEK),
    "shadow-back": ShadowHeardNote("back"),
    "shadow-not-yet": ShadowHeardNote("not_yet"),
    "shadow-check": ShadowCheckNote(WEEK, DAY),
    "why-this-shadow": WhyThisNote(moment="shadow"),
}
FORMS: Mapping[str, Note] = {"shadow-form": ShadowForm(WEEK)}

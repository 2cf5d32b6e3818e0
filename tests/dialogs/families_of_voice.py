"""Keys about what people raise that the program builds."""

from collections.abc import Mapping
from typing import get_args, get_type_hints

from dialogs.raising import Why
from dialogs.rights import SORTS as KEPT_SORTS
from dialogs.voice_item import WHATS
from nudges.voice import KINDS, SORTS, State, steps
from nudges.voice_notes import BackNote, ItemNote, NewsNote
from tests.dialogs.voice_items import ITEMS, TODAY

STATES: tuple[str, ...] = get_args(State)
TOLD: tuple[str, ...] = get_args(get_type_hints(NewsNote)["state"])
STEPS = {step for item in ITEMS for step in steps(item, TODAY)}
WORDED = {"done", "decline", "ask"}
_WHY = {one for part in get_args(Why) for one in (get_args(part) or (part,))}
VOICE_FAMILIES: Mapping[str, set[str]] = {
    "no_files.*": {"words", "alone"},
    "raise.title.*": set(KINDS),
    "raise.lead.*": set(KINDS),
    "raise.open.*": set(KINDS),
    "raise.form.*": set(KINDS),
    "raise.label.*": set(KINDS),
    "raised.title.*": set(KINDS),
    "raised.*": {"with", "without"},
    "raise.error.*": {*_WHY, "empty"} - {""},
    "voice.kind.*": set(KINDS),
    "voice.sort.*": {*SORTS} - {""},
    "voice.told.*": set(STATES),
    "voice.news.*": set(TOLD),
    "voice.solved.*": {"ask", "yes", "no"},
    "voice.show.*": {"open", "closed"},
    "voice.waits.*": {"answered", "solved"},
    "voice.state.*": {*STATES, "late"},
    "voice.item.*": {*get_args(get_type_hints(ItemNote)["how"]), "not_merged"} - {""},
    "voice.row.*": {"done", "declined"},
    "voice.step.*": STEPS,
    "voice.field.*": WORDED,
    "voice.form.*": set(WHATS),
    "voice.form.*.lead": {f"{one}.lead" for one in WHATS},
    "voice.back.*": {*get_args(get_type_hints(BackNote)["how"]), "answered"},
    "voice.back.*.title": {
        *(f"{one}.title" for one in get_args(get_type_hints(BackNote)["how"])),
        "answered.title",
    },
    "kept.*": set(KEPT_SORTS),
    "forgotten.*.title": {"gone.title", "kept.title"},
    "forgotten.*.body": {"gone.body", "kept.body"},
}

"""Keys of recognition, competitions and sprints that are built while the program runs."""

from collections.abc import Mapping
from typing import get_args, get_type_hints

from dialogs.recognition_notes import HourSaidNote, RecognitionSaidNote
from nudges.adoption import Metric
from nudges.competition import State as StateOfContest
from nudges.recognition import ASKS as ASKED_FIRST
from nudges.sprint import MOMENTS

SAID: tuple[str, ...] = get_args(get_type_hints(RecognitionSaidNote)["how"])
HOUR: tuple[str, ...] = get_args(get_type_hints(HourSaidNote)["how"])
MERIT_FAMILIES: Mapping[str, set[str]] = {
    "number.*": {str(n) for n in range(1, 8)},
    "counted.*": {"days", "records"},
    "counted.*.one": {"days.one", "records.one"},
    "deed.*.*": {f"{voice}.{m}" for voice in ("you", "they") for m in Metric},
    "gain.*.*": {f"{voice}.{m}" for voice in ("you", "they") for m in Metric},
    "may_i_tell.*": set(ASKED_FIRST.values()),
    "recognition_said.*": set(SAID),
    "recognition_said.*.title": {f"{h}.title" for h in SAID},
    "hour_said.*": set(HOUR),
    "hour_said.*.title": {f"{how}.title" for how in HOUR},
    "merit.state.*": set(StateOfContest),
    "merit.field.*": {
        *("name", "rule", "prize", "reason", "fill", "starts", "ends"),
    },
    "merit.award.*": set(Metric),
    "award.*": set(Metric),
    "competition.*": {"cancelled", "over"},
    "competition_desk.*": {"keep", "edit", "prolong", "cancel", "all"},
    "competition_desk.state.*": set(StateOfContest),
    "sprint.title.*": set(MOMENTS),
    "sprint_desk.state.*": set(StateOfContest),
}

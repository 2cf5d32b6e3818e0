"""Keys about measured use, recognition, competitions and sprints that the program builds."""

from collections.abc import Mapping
from typing import get_args, get_type_hints

from dialogs.recognition_notes import HourSaidNote, RecognitionSaidNote
from dialogs.rumour_notes import RumoursNote
from dialogs.shadow import BACK
from dialogs.stops import STOPS
from dialogs.use_cards import UseHeardNote
from nudges.adoption import Metric
from nudges.competition import State as StateOfContest
from nudges.levels import Verdict as VerdictOfWeek
from nudges.open_numbers import NAMES
from nudges.recognition import ASKS as ASKED_FIRST
from nudges.rumours import Trouble
from nudges.shadow import PLACES, REASONS
from nudges.sprint import MOMENTS
from nudges.use_linked import Days
from nudges.use_linked import How as HowLevel

SAID: tuple[str, ...] = get_args(get_type_hints(RecognitionSaidNote)["how"])
HEARD: tuple[str, ...] = get_args(get_type_hints(UseHeardNote)["how"])
HOUR: tuple[str, ...] = get_args(get_type_hints(HourSaidNote)["how"])
DONE = set(get_args(get_type_hints(RumoursNote)["done"]))
USE_FAMILIES: Mapping[str, set[str]] = {
    "api.measure.*": set(NAMES),
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
    "metric.*": set(Metric),
    "level.*.title": {f"{how}.title" for how in get_args(HowLevel)},
    "level.*.how": {"warning.how", "lost.how"},
    "inactive.*": set(get_args(Days)),
    "inactive.*.title": {f"{days}.title" for days in get_args(Days)},
    "inactive.*.help": {f"{days}.help" for days in get_args(Days)},
    "score.verdict.*": {*get_args(VerdictOfWeek), "none"},
    "shadow.place.*": set(PLACES),
    "shadow.reason.*": set(REASONS),
    "shadow.fix.*": set(REASONS),
    "shadow.typed.*": {*PLACES, *BACK},
    "shadow_heard.*": {"kept", *BACK},
    "shadow_heard.*.title": {f"{how}.title" for how in ("kept", *BACK)},
    "stops.*": set(STOPS),
    "stopped.*": set(STOPS),
    "use_heard.*": set(HEARD),
    "use_heard.*.title": {f"{how}.title" for how in HEARD},
    "use_linked.*": {"on", "off"},
    "rumour.*": {"begins", "heard", "that", "next"},
    "rumour.error.*": set(get_args(Trouble)),
    "rumours.done.*": DONE - {""},
    "use_linked.title.*": {"on", "off"},
}

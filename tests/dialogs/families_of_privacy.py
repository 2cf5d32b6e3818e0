"""Keys about the logs that a privacy officer reads, that the program builds."""

from collections.abc import Mapping
from typing import get_args

from dialogs.log_words import ABOUTS, ACTS, NUMBERS, SOURCES, WAYS
from dialogs.works_council import LINES, THRESHOLDS
from nudges.address import Platform
from nudges.oversight import SORTS
from nudges.retention import Rule
from nudges.roles import Act

PRIVACY_FAMILIES: Mapping[str, set[str]] = {
    "privacy.*": {"on", "off"},
    "handout.*": {"ready", "over"},
    "handout.*.title": {"ready.title", "over.title"},
    "log.lead.*": {one or "all" for one in SORTS},
    "log.sort.*": {one or "all" for one in SORTS},
    "log.by.*": set(SOURCES),
    "log.act.*": set(ACTS),
    "log.about.*": set(ABOUTS),
    "ledger.way.*": set(WAYS),
    "ledger.of.*": set(NUMBERS),
    "retention.asks.*": {"shorter", "longer"},
    "council.*": set(LINES) - {"numbers"},
    "council.*.*": {f"{name}.{nth}" for name, n in LINES.items() for nth in range(1, n + 1)},
    "council.head.*": {"what", "why", "long", "fields"},
    "council.limit.*": set(THRESHOLDS),
    "council.act.*": set(Act),
    "council.platform.*": set(get_args(Platform)),
    "keep.*": set(get_args(Rule)),
}

"""Keys about the logs that a privacy officer reads, that the program builds."""

from collections.abc import Mapping

from dialogs.log_words import ABOUTS, ACTS, NUMBERS, SOURCES, WAYS
from nudges.oversight import SORTS

PRIVACY_FAMILIES: Mapping[str, set[str]] = {
    "privacy.*": {"on", "off"},
    "log.lead.*": {one or "all" for one in SORTS},
    "log.sort.*": {one or "all" for one in SORTS},
    "log.by.*": set(SOURCES),
    "log.act.*": set(ACTS),
    "log.about.*": set(ABOUTS),
    "ledger.way.*": set(WAYS),
    "ledger.of.*": set(NUMBERS),
    "retention.asks.*": {"shorter", "longer"},
}

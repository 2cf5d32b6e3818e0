"""Words as people type them, made safe to keep: nothing that a database or a log would choke on."""

import re

LONGEST = 16_000
"""Characters kept of one text; nobody types more in a chat by hand."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Drop control characters and half characters, and cut what is far too long.

    Directions, accents and emoji stay: they are what people write.
    """
    return _CONTROLS.sub("", text)[:LONGEST]

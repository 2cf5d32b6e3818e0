"""Words as people type them, made safe to keep: nothing that a database or a log would choke on."""

import re

LONGEST = 16_000
"""Characters kept of one text; nobody types more in a chat by hand."""
LONGEST_NAME = 200
"""Characters kept of what somebody is called; a card repeats a name, and has an end."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Drop control characters and half characters, and cut what is far too long.

    Directions, accents and emoji stay: they are what people write.
    """
    return _CONTROLS.sub("", text)[:LONGEST]


def clean_name(name: str) -> str:
    """Clean what somebody is called, and cut what is no name any more."""
    return clean(name)[:LONGEST_NAME]

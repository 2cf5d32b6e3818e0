"""Buttons that stand on more than one card."""

from dialogs.card import Button, Tap
from dialogs.speech import Speech

COMMAND = "command"
"""The verb of a button that does what typing a command does."""


def command(speech: Speech, name: str, *, primary: bool = False) -> Button:
    """Return the button for a command, named as it is typed."""
    look = "primary" if primary else "plain"
    return Button(speech.line(f"button.{name}"), Tap(COMMAND, name), look)

"""The program that joins dialogs, nudges and adapters."""

from typing import Final

VERSION: Final = "0.1.0"
"""The one in pyproject.toml; what runs from a folder has no other way to know it."""

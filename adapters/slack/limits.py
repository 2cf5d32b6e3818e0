"""How much Slack takes: every limit of Block Kit that a card or a form can meet, in one table.

Source: the Block Kit and modal references at docs.slack.dev; where the references name none
(the length of one rich text element), the limit of a section is kept.
"""

from typing import Final

BLOCKS: Final = {"message": 50, "modal": 100, "home": 100}
"""Blocks on one surface."""
TITLE: Final = 150
"""A header's text."""
TEXT: Final = 3_000
"""One text object, and one run of rich text; longer text is divided."""
CONTEXT: Final = 10
"""Elements in one context block."""
LABEL: Final = 75
"""A button's text, an option's text, and the words a screen reader says for a button."""
VALUE: Final = 2_000
"""What a button carries."""
NAME: Final = 255
"""An ``action_id`` or ``block_id``."""
ALT: Final = 2_000
"""The words that say what an image shows."""
URL: Final = 3_000
"""The address of a page or an image."""
FALLBACK: Final = 3_000
"""The line for notifications, before it is escaped; Slack itself takes 40,000."""
WINDOW: Final = 24
"""A modal's title and its two buttons."""
FIELD: Final = 2_000
"""A field's label, and the hint under it."""
TYPED: Final = 3_000
"""The longest that can be asked to be typed."""
OPTIONS: Final = 100
"""Options in a menu."""
OPTION: Final = 150
"""What an option carries."""
SHOWN: Final = 10
"""Options that can stand open, as radio buttons or check boxes."""
METADATA: Final = 3_000
"""What a modal carries."""

"""Text that means nothing but its letters: no markdown, no dates, no hidden direction marks.

Most words on a card are runs, which read no markup. The few places where a client may read
markdown take the meaning out of the marks here.
"""

import re
from typing import Final

_UNPRINTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_DATE: Final = re.compile(r"\{(?=\{)")
_MARKS: Final = re.compile(r"([\\`*_\[\]()#~<>!|]|&(?=#?\w+;))")
_LIST: Final = re.compile(r"^(\s*\d*)([-+.)])(?=\s)")
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")
_LOOKALIKES: Final = str.maketrans(
    # The look-alikes are the point: the marks lose their meaning and keep their shape.
    {"*": "∗", "_": "ˍ", "`": "ˋ", "[": "［", "]": "］", "~": "∼", "#": "＃"}  # noqa: RUF001
)
WORD_JOINER: Final = "\u2060"


def clean(text: str, longest: int) -> str:
    """Drop what no screen shows and break what clients expand; cut at ``longest`` characters."""
    text = _DATE.sub("{" + WORD_JOINER, _UNPRINTED.sub("", text))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def escaped(text: str) -> str:
    r"""Write text for a place that is certain to read markdown: ``*`` becomes ``\*``."""
    return _LIST.sub(r"\1\\\2", _MARKS.sub(r"\\\1", " ".join(text.split())))


def disguised(text: str) -> str:
    """Write text for a place where some clients read markdown and others do not."""
    text = _ENTITY.sub(f"&{WORD_JOINER}", text.translate(_LOOKALIKES))
    return _LIST.sub(rf"\1{WORD_JOINER}\2{WORD_JOINER}", text)

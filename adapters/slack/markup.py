"""Bold text in Slack's own markup, where it is certain that nothing else in it is markup.

Rich text elements show any character as it is, but not every client draws them. So running text
is a plain section; with bold in it, it is written in markup if every character of it is one that
markup has no use for, and as rich text otherwise. A name with a star in it is still a name.

Source: docs.slack.dev, Formatting message text.
"""

import re
from itertools import pairwise

from dialogs.rich import Rich, Span

_MEANS = re.compile(
    r"[*_~`<>&@#|\\]"  # bold, italic, struck, code, links, mentions, quotes, entities
    r"|:[a-z0-9_+'-]+:"  # emoji
    r"|://|\bwww\.|\bmailto:",  # addresses
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:^|[\s(\"'])\Z")
_AFTER = re.compile(r"\A(?:$|[\s.,:;!?)\"'])")


def markup(text: Rich) -> str | None:
    """Write text in markup; None if anything in it could be taken for markup."""
    whole = "".join(span.text for span in text)
    if _MEANS.search(whole):
        return None
    runs = [run for span in text for run in _runs(span)]
    written = ""
    for run, after in pairwise([*runs, Span("")]):
        if run.bold and not (_BEFORE.search(written) and _AFTER.search(after.text)):
            return None
        written += f"*{run.text}*" if run.bold else run.text
    return written


def _runs(span: Span) -> Rich:
    """Divide a bold span so that its stars stand against letters, and never over two lines."""
    if not span.bold:
        return (span,)
    parts = re.split(r"(\s*\n\s*|^\s+|\s+$)", span.text)
    return tuple(Span(part, bold=bool(part.strip())) for part in parts if part)

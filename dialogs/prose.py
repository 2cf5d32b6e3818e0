"""A message as sentences: headings, list items and lines are text, markup and addresses are not.

Read by hand and not by a Markdown parser: authors paste from mail, Word and Teams as well, where a
short line is a heading without a sign, and every step here takes time in proportion to the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.cues import Words

LONGEST_SENTENCE = 60
"""Words; what goes on for longer is cut, so that looking through it stays quick."""
LONGEST_WORD = 60
LONGEST_LABEL = 6
"""Words before a colon that still are a label, such as "Why now:"."""
_SHORT_LINE = 60
_FENCES = ("```", "~~~")
_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\([^()\n]*\)")
_SLACK_LINK = re.compile(r"<[a-z]+:[^<>|\s]*\|([^<>|\n]*)>")
_CODE = re.compile(r"``?[^`\n]*``?")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
_ADDRESS = re.compile(r"(?<!\w)(?:https?://|www\.|mailto:)[^\s<>]*[^\s<>.,;:!?)\]]", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"(?<![\w.,])(?:\+|\(?0)\d[\d ()\-]{6,24}\d(?!\w)")
_SHORTCODE = re.compile(r"(?<!\w):[a-z][a-z0-9_+-]{1,30}:(?!\w)")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]: *\S+.*$", re.MULTILINE)
_EMPHASIS = re.compile(r"\*+|~~|(?<!\w)_+|_+(?!\w)")
_HEADING = re.compile(r"^ {0,3}#{1,6}(?: +|$)")
_BOLD_LINE = re.compile(r"^(?:\*\*|__)[^*_]+(?:\*\*|__)[:.]?$")
_ITEM = re.compile(r"^\s*(?:[-*+•\u2013—·▪◦✅✔➡👉]|\d{1,3}[.)]|[a-z]\))\s+")
_RULE = re.compile(r"^\s*(?:[-=*_]\s*){2,}$|^[\s|:-]+$")
_END = re.compile(r"(?<=[.!?…])[\"'”\u2019)\]]*\s+(?=[^a-z\s])")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|approx|vs|incl|excl|mr|mrs|ms|dr|st|no|tel|bijv|bv|o\.a|d\.w\.z|m\.b\.t"
    r"|i\.v\.m|t\.o\.v|z\.s\.m|nr|ca|dhr|mevr|mw|evt|enz|max|min|resp|\w)\.$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[€$£]?\w+(?:[.,:/'\u2019+&\-]\w+)*%?|[€$£%,;:#]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; a heading, a label and a question ``asks``: what follows answers it."""

    words: Words
    asks: bool = False


def plain(text: str) -> str:
    """Return what a reader sees: without front matter, code, addresses and signs of markup."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _without_front_matter(text)
    text = _without(text, "<!--", "-->")
    text = "\n".join(_outside_fences(text.split("\n")))
    text = _CODE.sub(" ", text)
    text = _LINK.sub(lambda m: " " if m[1] else m[2], text)
    text = _SLACK_LINK.sub(r"\1", text)
    text = _DEFINITION.sub("", text)
    for gone in (_TAG, _ADDRESS, _MAIL, _SHORTCODE, _PHONE):
        text = gone.sub(" ", text)
    return text


def sentences(seen: str) -> list[Sentence]:
    """Cut what ``plain`` returned into sentences, in their order."""
    found: list[Sentence] = []
    for block, heading in _blocks(seen.split("\n")):
        bare = _EMPHASIS.sub("", block)
        for one in _cut(bare):
            words = _words(one)
            if not words:
                continue
            asks = heading or one.rstrip("\"'”\u2019) ").endswith("?")
            label = None if asks else _label(words)
            if label:
                found.append(Sentence(_joined(label), asks=True))
            found.extend(
                Sentence(_joined(words[at : at + LONGEST_SENTENCE]), asks)
                for at in range(0, len(words), LONGEST_SENTENCE)
            )
    return found


def _without_front_matter(text: str) -> str:
    for fence in ("---", "+++"):
        first, _, rest = text.lstrip("\n").partition("\n")
        if first.rstrip() != fence:
            continue
        ended = re.search(rf"^{re.escape(fence)}[ \t]*$", rest, re.MULTILINE)
        # Two rules around a paragraph look the same; facts have a key on their first line.
        facts = re.match(r"\s*(?:#.*\n\s*)*[\w.\"-]+\s*[:=]", rest)
        if ended and (facts or not rest[: ended.start()].strip()):
            return rest[ended.end() :]
    return text


def _without(text: str, begins: str, ends: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find(begins, at)) >= 0 and (end := text.find(ends, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(ends)
    return "".join((*kept, text[at:]))


def _outside_fences(lines: list[str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        mark = line.lstrip()[:3]
        if fence:
            fence = "" if mark == fence else fence
        elif mark in _FENCES:
            fence = mark
        else:
            yield line


def _blocks(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield each paragraph, list item, cell and heading, and whether it is a heading."""
    open_: list[str] = []

    def closed(*, heading: bool = False) -> Iterator[tuple[str, bool]]:
        if open_:
            yield " ".join(open_), heading
            open_.clear()

    for line in lines:
        quoted = line.strip().lstrip("> ").strip()
        if not quoted or _RULE.match(quoted):
            underlined = len(open_) == 1 and quoted[:3] in {"---", "==="}
            yield from closed(heading=underlined)
        elif _HEADING.match(line) or _BOLD_LINE.match(quoted):
            yield from closed()
            yield quoted.strip("# "), True
        elif quoted.startswith("|"):
            yield from closed()
            yield from ((cell.strip(), False) for cell in quoted.split("|") if cell.strip())
        else:
            item = _ITEM.match(line)
            if item or (open_ and _stands_alone(open_[-1]) and not quoted[0].islower()):
                yield from closed()
            open_.append(line[item.end() :].strip() if item else quoted)
    yield from closed()


def _stands_alone(line: str) -> bool:
    """Tell whether a line is too short to have been wrapped: a greeting, a heading without sign."""
    return len(line) <= _SHORT_LINE


def _cut(block: str) -> Iterator[str]:
    held = ""
    for piece in _END.split(block):
        held = f"{held} {piece}" if held else piece
        if not _ABBREVIATED.search(held[-12:]):
            yield held
            held = ""
    if held:
        yield held


def _words(sentence: str) -> list[str]:
    lowered = sentence.lower().replace("\u2019", "'")
    return [word[:LONGEST_WORD] for word in _WORD.findall(lowered)]


def _label(words: list[str]) -> list[str] | None:
    if ":" in words[1 : LONGEST_LABEL + 1]:
        return words[: words.index(":", 1)]
    return None


def _joined(words: list[str]) -> Words:
    return Words("".join(f" {word}" for word in words))

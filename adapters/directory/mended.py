"""What a directory in the cloud tells, made fit to keep: cleaned, and mended where it must be.

A row in a table that cannot be right is refused, as somebody wrote that table for us. An account
with an odd name is still somebody who works there: leaving them out would look as if they had
left. So what is odd is left empty and said in a sentence, and only a broken page refuses all.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from dialogs.speech import languages
from nudges.directory import Entry, Read, troubles

LONGEST: Final = 200
"""Characters of a name that are kept."""
FORMULA: Final = "=+-@\uff1d\uff0b\uff0d\uff20 "
"""What a text may not begin with: a spreadsheet that opens our export would calculate it."""
_MAIL: Final = re.compile(r"[^@\s]{1,150}@[^@\s]{1,150}")
SOME: Final = 5
"""How many are named of those that share a remark."""


def plain(text: str | None) -> str:
    """Return a text without what nobody sees, what a spreadsheet would calculate, or an end."""
    spaced = " ".join((text or "").split())
    seen = "".join(sign for sign in spaced if sign.isprintable())
    return seen.lstrip(FORMULA)[:LONGEST].strip()


def mail(text: str | None) -> str:
    """Return an e-mail address; nothing for what is none, as a mended one may be another's."""
    found = (text or "").strip()
    return found if _MAIL.fullmatch(found) and found == plain(found) else ""


def team(department: str) -> str:
    """Return a department as a team; a slash would be read as a team within a team."""
    return plain(re.sub(r"\s*[/\\]\s*", " - ", department))


def spoken(locale: str | None) -> str:
    """Return the language of a locale such as ``nl-BE``; nothing for one we do not speak."""
    code = re.split(r"[-_]", (locale or "").strip().lower())[0]
    return code if code in languages() else ""


def settled(entries: Iterable[Entry], remarks: Sequence[str], *, joins: bool = True) -> Read:
    """Mend what cannot be right between people: one e-mail of two, managers who are not there."""
    people = list(entries)
    said = list(remarks)
    often = Counter(e.email.casefold() for e in people if e.email)
    shared = {e.id for e in people if often[e.email.casefold()] > 1}
    if shared:
        said.append(_remark(shared, "share an e-mail with somebody, and are not known by it"))
    ids = {e.id for e in people}
    alone = {e.id for e in people if e.manager and (e.manager not in ids or e.manager == e.id)}
    if alone:
        said.append(_remark(alone, "have a manager who is not among these people: left empty"))
    people = [
        replace(
            e,
            email="" if e.id in shared else e.email,
            manager="" if e.id in alone else e.manager,
        )
        if e.id in shared or e.id in alone
        else e
        for e in people
    ]
    circles = dict(troubles(people, ids))
    said += [f"{who} {why}; their manager is left empty." for who, why in circles.items()]
    people = [replace(e, manager="") if e.id in circles else e for e in people]
    return Read(people, tuple(said), joins)


def _remark(who: set[str], what: str) -> str:
    named = ", ".join(sorted(who)[:SOME])
    return f"{len(who)} {what} ({named}{', …' if len(who) > SOME else ''})."

"""What a table and a message of measured use have in common: refusals, and who a line is about."""

from collections.abc import Sequence

from nudges.cells import FORMULA, Remark

LONGEST = 200
"""Characters in a cell; a longer one is a mistake."""
MOST_DIGITS = 9
"""Before and after the point; no number of ours has more."""


class UsageError(ValueError):
    """Nothing of it can be used; ``problems`` say why, in the order of the lines."""

    def __init__(self, problems: Sequence[Remark]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def refused(line: int, why: str) -> UsageError:
    """Return the refusal of all for one reason."""
    return UsageError([Remark(line, "", why)])


def unfit(name: str, text: str) -> str:
    """Say what is wrong with a cell, whatever stands in it."""
    if len(text) > LONGEST:
        return f"{name} is longer than {LONGEST} characters"
    if text.startswith(FORMULA):
        return f"{name} begins with {text[0]!r}, which a spreadsheet would calculate"
    if not text.isprintable():
        return f"{name} has a sign in it that cannot be seen"
    return ""

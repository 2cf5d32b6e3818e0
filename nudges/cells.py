"""Tables that people hand us and get from us: what is wrong with a row, and cells safe to open."""

from dataclasses import dataclass

FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of something to calculate."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A row that is not used: on which line, what stands there if it can be shown, and why."""

    line: int
    who: str
    why: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"line {self.line}: {f'{self.who} ' if self.who else ''}{self.why}"


def safe(text: str) -> str:
    """Return a cell that no spreadsheet calculates; it is shown as it was written."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text

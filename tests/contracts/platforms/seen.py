"""What a person sees, whatever the platform: cards with buttons, and a form in front of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Way: TypeAlias = dict[str, Any]
"""What a client sends for a button, as its platform drew it."""


def squash(text: str) -> str:
    """Leave out how a platform breaks its lines, and the colon after a fact's name."""
    return " ".join(re.sub(r":(?=\s|$)", " ", text).split())


@dataclass(frozen=True)
class Pressed:
    """A button as the client has it; ``ways`` are what clients of each age send for it."""

    label: str
    ways: tuple[Way, ...] = field(repr=False)
    hint: str = ""


@dataclass(frozen=True)
class Seen:
    """One message as a client shows it; ``raw`` is all that the platform was sent for it."""

    ref: str
    title: str
    texts: tuple[str, ...]
    buttons: tuple[Pressed, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    summary: str = ""
    raw: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        return squash(" ".join((self.title, *self.texts)))

    @property
    def labels(self) -> list[str]:
        return [b.label for b in self.buttons]

    @property
    def look(self) -> tuple[str, list[str]]:
        return self.text, self.labels

    def button(self, label: str) -> Pressed:
        return next(b for b in self.buttons if b.label == label)


@dataclass
class Input:
    """One field of a form; ``value`` is what stands in it, several values joined by a comma."""

    name: str
    label: str
    kind: Literal["text", "choice", "several", "date"]
    value: str = ""
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    required: bool = False
    hint: str = ""
    drawn: str = ""
    """What the platform calls such a field."""

    def type_(self, value: str) -> None:
        """Fill the field in, as far as its client lets one."""
        if self.kind in {"choice", "several"}:
            given = value.split(",") if value else []
            assert set(given) <= set(self.options), f"{self.name}: {value} cannot be chosen"
        self.value = value


@dataclass
class Window:
    """A form in front of someone; ``told`` is what the client sends along with what is typed."""

    title: str
    texts: tuple[str, ...]
    fields: dict[str, Input]
    told: Way = field(repr=False)
    submit: str = ""
    cancel: str = ""
    errors: dict[str, str] = field(default_factory=dict[str, str])
    ref: str = ""
    back: Way = field(default_factory=dict[str, Any], repr=False)

    @property
    def values(self) -> dict[str, str]:
        return {name: one.value for name, one in self.fields.items()}

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill in what is given; what is required must be there, as the client insists."""
        for name, value in values.items():
            self.fields[name].type_(value)
        missing = [n for n, one in self.fields.items() if one.required and not one.value.strip()]
        assert not missing, f"the client does not send this without {missing}"

"""How each platform draws cards and forms, connected or not: for previews and golden files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from dialogs.card import Card, Form
from nudges.address import Platform

PENS: Mapping[Platform, tuple[str, str]] = MappingProxyType(
    {
        "slack": ("adapters.slack.blocks:draw", "adapters.slack.views:draw"),
        "teams": ("adapters.teams.adaptive:draw", "adapters.teams.form:draw"),
        "browser": ("adapters.browser.html:draw", "adapters.browser.forms:draw_form"),
    }
)
"""Where each platform's drawing stands; loaded only when it is asked for."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Draw cards and forms as the text a platform is sent."""

    card: Callable[[Card, str], str]
    form: Callable[[Form, str], str]


def pen(platform: Platform) -> Pen:
    """Return a platform's pen."""
    return Pen(*(_find(place) for place in PENS[platform]))


def _find(place: str) -> Callable[..., str]:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)

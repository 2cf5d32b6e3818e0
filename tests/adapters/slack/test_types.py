"""Slack's own types find nothing wrong in any card, form or home page, nor in our manifests."""

import json
import re
import subprocess
from typing import Any

import pytest

from adapters.slack.blocks import home
from adapters.slack.manifest import manifest
from dialogs import gallery
from dialogs.introduction import introduce
from dialogs.speech import languages
from tests.adapters.slack.test_cards import DRAWN, EVERYTHING, TOKEN
from tests.real import NODE, tool

pytestmark = pytest.mark.real
HERE = NODE / "slack"
HEAD = """import type { HomeView, KnownBlock, ModalView } from "@slack/types";
type Card = { text: string; blocks: KnownBlock[] };
"""
# The type lets any other key pass at the top, so those are taken away from it.
DESCRIBES = """import type { AppsManifestValidateArguments } from "@slack/web-api";
type Whole = AppsManifestValidateArguments["manifest"];
type Manifest = { [K in keyof Whole as string extends K ? never : K]: Whole[K] };
"""


def judge(drawn: dict[str, dict[str, Any]]) -> str:
    """Return what the compiler says about drawings, by their names."""
    lines = [HEAD]
    for name, one in drawn.items():
        kind = {"modal": "ModalView", "home": "HomeView"}.get(one.get("type", ""), "Card")
        lines.append(f"/* {name} */ ({json.dumps(one)}) satisfies {kind};")
    return compiled("drawn.ts", lines)


def described(manifests: dict[str, dict[str, Any]]) -> str:
    """Return what the compiler says about manifests, by their names."""
    lines = [
        f"/* {name} */ ({json.dumps(one)}) satisfies Manifest;" for name, one in manifests.items()
    ]
    return compiled("described.ts", [DESCRIBES, *lines])


def compiled(name: str, lines: list[str]) -> str:
    source = HERE / "node_modules" / name
    source.write_text("\n".join(lines), encoding="utf-8")
    compiler = HERE / "node_modules" / "typescript" / "bin" / "tsc"
    assert compiler.is_file(), "Slack's types are not installed; .ci/run shows how"
    flags = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext"]
    command = [tool("node"), str(compiler), *flags, str(source)]
    told = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)  # noqa: S603 - node itself
    assert told.returncode in {0, 1, 2}
    return told.stdout + told.stderr


def test_every_card_and_form_has_the_right_shape() -> None:
    homes = {"home": home(EVERYTHING, TOKEN)}
    for language in languages():
        homes |= {f"home-{n}.{language}": home(c, TOKEN) for n, c in gallery.cards(language)}
    assert len(DRAWN) + len(homes) > 150
    assert judge(DRAWN | homes) == ""


FAULTS: dict[str, dict[str, Any]] = {
    "an unknown key": {"type": "divider", "colour": "red"},
    "an unknown block": {"type": "paragraph", "text": "x"},
    "a missing key": {"type": "image", "image_url": "https://x.nl/a.png"},
    "another kind of text": {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
    "a text that is an object": {
        "type": "actions",
        "elements": [{"type": "button", "text": "x", "action_id": "a"}],
    },
    "another style": {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "x"}, "style": "secondary"}
        ],
    },
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    assert re.search(
        r"error TS(1360|2\d{3})", judge({fault: {"text": "x", "blocks": [FAULTS[fault]]}})
    )


def ours() -> dict[str, dict[str, Any]]:
    return {
        f"{way}.{language}": manifest(
            "https://wayfinder.example.org", introduce(language), socket=way == "socket"
        )
        for way in ("http", "socket")
        for language in languages()
    }


def test_every_manifest_has_the_right_shape() -> None:
    assert described(ours()) == ""


FAULTY: dict[str, tuple[tuple[str, ...], object]] = {
    "an unknown part": (("assistant",), {}),
    "an unknown key": (("settings", "socket_mode"), True),
    "an event that there is not": (
        ("settings", "event_subscriptions", "bot_events"),
        ["message.dm"],
    ),
    "a right that there is not": (("oauth_config", "scopes", "bot"), ["im:send"]),
    "another kind of shortcut": (("features", "shortcuts"), [{"type": "channel"}]),
    "no name": (("display_information",), {"description": "x"}),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_in_a_manifest_is_found(fault: str) -> None:
    (*way, last), planted = FAULTY[fault]
    whole = json.loads(json.dumps(ours()["http.en"]))
    part = whole
    for name in way:
        part = part[name]
    part[last] = planted
    assert re.search(r"error TS(1360|2\d{3})", described({fault: whole}))


def test_the_lock_names_no_address() -> None:
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = [p for name, p in locked["packages"].items() if name]
    assert packages
    assert all("integrity" in p and "resolved" not in p for p in packages)

"""What the platforms are told about us, made for one organisation: files, by their path."""

import io
import json
import zipfile
from pathlib import PurePosixPath

from adapters.slack.manifest import manifest as slack_manifest
from adapters.teams.icons import color
from adapters.teams.manifest import Offer, package
from bot.about import PATH
from dialogs.introduction import introduce
from dialogs.speech import languages
from nudges.people import Language

SLACK_ICON = 512
"""Pixels a side: Slack takes no smaller one, and its manifest has no place for it."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The oldest day a zip file knows: building again gives the same bytes."""


def manifests(
    host: str, app_id: str, *, language: Language, developer: str, version: str
) -> dict[PurePosixPath, bytes]:
    """Return every file a platform is given, in the language an organisation shows first."""
    others = [other for other in languages() if other != language]
    spoken = {spoken: introduce(spoken) for spoken in (language, *others)}
    origin = f"https://{host}"
    teams = package(Offer(host, app_id, f"{origin}{PATH}", developer, version), spoken)
    slack = {
        f"slack.{way}.json": slack_manifest(origin, spoken[language], socket=way == "socket")
        for way in ("http", "socket")
    }
    return {
        **{PurePosixPath("teams", name): content for name, content in teams.items()},
        PurePosixPath("teams.zip"): _zipped(teams),
        **{
            PurePosixPath(name): f"{json.dumps(one, ensure_ascii=False, indent=2)}\n".encode()
            for name, one in slack.items()
        },
        PurePosixPath("slack.png"): color(SLACK_ICON),
    }


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()

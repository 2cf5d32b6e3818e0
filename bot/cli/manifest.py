"""Commands about manifests: what Teams and Slack are given, to know us by."""

import re
from pathlib import Path

import click

from bot.cli.given import refuse
from bot.wiring.manifests import manifests
from dialogs.introduction import NAME
from dialogs.speech import languages

HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERSION = re.compile(r"(?:0|[1-9]\d{0,4})(?:\.(?:0|[1-9]\d{0,4})){2}")
LONGEST = 32


@click.group()
def manifest() -> None:
    """Make what Teams and Slack are given, to know us by."""


@manifest.command()
@click.option("--host", required=True, help="Your own address, such as wayfinder.example.org.")
@click.option("--app-id", required=True, help="The bot's application id at Microsoft, a GUID.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; files of the same name are replaced.",
)
@click.option("--lang", type=click.Choice(languages()), default="en", show_default=True)
@click.option("--developer", default=NAME, show_default=True, help="Who offers the app in Teams.")
@click.option(
    "--release", default="1.0.0", show_default=True, help="Teams updates only to a higher one."
)
def build(  # noqa: PLR0913, PLR0917 - an argument for each option
    host: str, app_id: str, out: Path, lang: str, developer: str, release: str
) -> None:
    """Write teams.zip and its parts, slack.http.json, slack.socket.json and an icon, slack.png."""
    host, app_id = host.lower(), app_id.lower()
    if problems := _problems(host, app_id, developer, release):
        refuse(problems)
    files = manifests(host, app_id, language=lang, developer=developer, version=release)
    try:
        for path, content in files.items():
            place = out / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    except OSError as error:
        refuse([f"{out}: {error.strerror}."])
    for path in files:
        click.echo(out / path)


def _problems(host: str, app_id: str, developer: str, release: str) -> list[str]:
    found: list[str] = []
    if not HOST.fullmatch(host):
        found.append(
            f"--host {host!r} is no host name; write it as wayfinder.example.org, "
            "without https:// and without a path."
        )
    if not GUID.fullmatch(app_id) or not app_id.strip("0-"):
        found.append(
            f"--app-id {app_id!r} is no application id; copy the Application (client) ID, "
            "a GUID, from the app registration."
        )
    if not developer.strip() or len(developer) > LONGEST:
        found.append(f"--developer takes 1 to {LONGEST} characters.")
    if not VERSION.fullmatch(release):
        found.append(f"--release {release!r} is no version; write it as 1.0.1.")
    return found

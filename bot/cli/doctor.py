"""The command that looks whether everything is well, and says what to do where it is not."""

import json
from dataclasses import asdict

import click

from bot import logs
from bot.belonging import ALL, half_filled
from bot.cli.given import BAD
from bot.doctor import LONGEST, Verdict, examine
from bot.redaction import Redaction
from bot.settings import Place, Settings, SettingsError, read_settings, secrets_of
from bot.wiring.doctor import checks, checks_of_place
from bot.wiring.parts import real_clock

NOBODY = "No platform is connected: set WAYFINDER_SLACK_APP_ID or WAYFINDER_TEAMS_APP_ID."


@click.command()
@click.option("--database", help="Address of the database; default is the setting.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def doctor(database: str | None, *, as_json: bool) -> None:
    """Look at settings, secrets, platforms, database, languages and content, within five seconds.

    0: all is well. 1: something is not, and each line says what to do. 2: the settings cannot be
    used; what does not need them is looked at all the same.
    """
    found, code = _examined(database)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(f"{'ok ' if one.ok else 'NO '} {one.check:<10} {one.say}")
    raise SystemExit(code)


def _examined(database: str | None) -> tuple[list[Verdict], int]:
    logs.start("error")
    try:
        settings = read_settings(Settings, database=database)
    except SettingsError as error:
        said = " ".join(str(error).splitlines())
        broken = Verdict("settings", ok=False, say=Redaction().text(said))
        try:
            place = read_settings(Place, database=database)
        except SettingsError:
            return [broken], BAD
        return [broken, *examine(checks_of_place(place), Redaction(), LONGEST)], BAD
    known = secrets_of(settings)
    logs.start("error", known)
    first = _whole(settings)
    found = [first, *examine(checks(settings, real_clock), Redaction(known), LONGEST)]
    return found, 0 if all(one.ok for one in found) else 1


def _whole(settings: Settings) -> Verdict:
    if missing := half_filled(settings, *ALL):
        return Verdict("settings", ok=False, say=" ".join(missing))
    if not (settings.slack_app_id or settings.teams_app_id):
        return Verdict("settings", ok=False, say=NOBODY)
    return Verdict("settings", ok=True, say="They can be used, and a platform is connected.")

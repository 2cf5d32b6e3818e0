"""What doctor looks at, joined: the platforms, the database, the words and the content."""

import shutil
from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from secrets import token_hex

from aiohttp import ClientError, ClientSession, DummyCookieJar

from adapters.content.files import load_library
from adapters.content.measures import load_measures
from adapters.content.rules import load_rules
from adapters.content.tables import load_tables
from adapters.directory.customs import read_customs
from adapters.store.database import parse
from adapters.trouble import Trouble
from bot.doctor import Check, Finding
from bot.settings import Place, Settings
from bot.wiring.asking import ask_crm, ask_slack, ask_teams
from bot.wiring.directories import registration
from bot.wiring.parts import UNUSABLE, Clock, open_store
from dialogs.speech import gaps, languages

ROOM = 500 * 2**20
"""Bytes that have to be free beside an SQLite file."""
SKEW = timedelta(seconds=60)
"""So far off may the clock be; past five minutes Slack's requests are refused."""
SOON = timedelta(days=21)
GONE, NONE = "status 410", "No other system is told anything."
OK, CLIENT, NOT_FOUND, SERVER = 200, 400, 404, 500


def checks_of_place(place: Place) -> dict[str, Check]:
    """Return the checks that talk to nobody outside."""
    return {
        "database": lambda: _database(place),
        "room": lambda: _room(place.database),
        "languages": _languages,
        "content": lambda: _content(place.content),
        "webhooks": lambda: _webhooks(place),
    }


def checks(settings: Settings, clock: Clock) -> dict[str, Check]:
    """Return every check that these settings ask for."""
    found: dict[str, Check] = {"secrets": lambda: _secrets(settings, clock().date())}
    if settings.slack_app_id:
        found["slack"] = lambda: _slack(settings)
    if settings.teams_app_id:
        found["teams"] = lambda: _teams(settings)
    if settings.crm_url:
        found["crm"] = lambda: _crm(settings)
    if settings.slack_app_id or settings.teams_app_id:
        found["address"] = lambda: _address(settings)
        found["clock"] = lambda: _clock(settings, clock)
    return found | checks_of_place(settings)


def _bad(say: str) -> Finding:
    return Finding(ok=False, say=say)


def _good(say: str) -> Finding:
    return Finding(ok=True, say=say)


def _session() -> ClientSession:
    return ClientSession(cookie_jar=DummyCookieJar())


async def _secrets(settings: Settings, today: date) -> Finding:
    """Say which secret ends soon, as far as the settings know."""
    ends = {
        "WAYFINDER_TEAMS_SECRET": (settings.teams_secret, settings.teams_secret_ends),
        "WAYFINDER_CRM_CLIENT_SECRET": (
            settings.crm_client_secret,
            settings.crm_client_secret_ends,
        ),
    }
    held = {name: last for name, (secret, last) in ends.items() if secret}
    for name, last in held.items():
        if last and last < today:
            return _bad(f"{name} ended on {last}; make a new one and set it.")
        if last and last - today <= SOON:
            return _bad(f"{name} ends on {last}; make a new one and set it before.")
    many = sum(map(len, settings.kept_secret().values()))
    unknown = [f"{name}_ENDS" for name, last in held.items() if last is None]
    if unknown:
        return _good(f"{many} are set; set {', '.join(unknown)} to be warned before one ends.")
    return _good(f"{many} are set, each a real one with one job, and none ends soon.")


async def _slack(settings: Settings) -> Finding:
    if not settings.slack_signing_secrets:
        return _bad("WAYFINDER_SLACK_SIGNING_SECRETS is not set; copy it from Basic Information.")
    if not settings.slack_teams:
        return _bad("WAYFINDER_SLACK_TEAMS is not set; name the workspaces that may have it.")
    try:
        store = await open_store(settings)
    except UNUSABLE:
        return _bad("What is kept of Slack cannot be read; mend the database first.")
    well = f"The app has every right it needs in {', '.join(settings.slack_teams)}."
    try:
        return await _asked(ask_slack(settings, store), well)
    finally:
        await store.close()


async def _teams(settings: Settings) -> Finding:
    return await _asked(ask_teams(settings), "Entra gives the bot its pass to Teams.")


async def _crm(settings: Settings) -> Finding:
    return await _asked(ask_crm(settings), "Entra gives us our pass to the CRM, which takes it.")


async def _asked(answer: Awaitable[list[Trouble]], well: str) -> Finding:
    try:
        found = await answer
    except UNUSABLE as error:
        return _bad(" ".join(str(error).splitlines()))
    return _bad(" ".join(one.say for one in found)) if found else _good(well)


async def _address(settings: Settings) -> Finding:
    """Knock at our own doors from outside, without a signature: they have to refuse us."""
    if not settings.public_url:
        if settings.teams_app_id or not settings.slack_app_token:
            return _bad("WAYFINDER_PUBLIC_URL is not set; give the address that platforms call.")
        return _good("None is needed: Socket Mode calls out.")
    base = settings.public_url.rstrip("/")
    doors = {"/slack/events": settings.slack_app_id, "/api/messages": settings.teams_app_id}
    advice = "start `serve`, and look at the proxy and the certificate before it"
    async with _session() as session:
        try:
            async with session.get(f"{base}/healthz", allow_redirects=False) as answer:
                if answer.status != OK or (await answer.content.read(16)).strip() != b"ok":
                    return _bad(f"{base}/healthz is not Wayfinder ({answer.status}); {advice}.")
            for path in (path for path, used in doors.items() if used):
                async with session.post(base + path, data=b"", allow_redirects=False) as answer:
                    status = answer.status
                if not CLIENT <= status < SERVER or status == NOT_FOUND:
                    return _bad(f"{base}{path} answers {status} to a stranger; {advice}.")
        except (ClientError, OSError, ValueError) as error:
            return _bad(f"{base} does not answer ({type(error).__name__}); {advice}.")
    return _good(f"{base} answers, and refuses who does not sign.")


async def _clock(settings: Settings, clock: Clock) -> Finding:
    """Compare our clock with the date a platform gives on any answer."""
    where = f"{settings.slack_api}api.test"
    if not settings.slack_app_id:
        entra = registration(settings)[2]
        where = f"{entra.rstrip('/')}/common/v2.0/.well-known/openid-configuration"
    async with _session() as session:
        try:
            async with session.get(where, allow_redirects=False) as answer:
                theirs = parsedate_to_datetime(answer.headers["Date"])
        except (ClientError, OSError, KeyError, ValueError):
            return _bad("No platform told the time; look at your way out to the internet.")
    off = clock() - theirs
    if abs(off) > SKEW:
        ahead = "ahead" if off > timedelta(0) else "behind"
        seconds = round(abs(off).total_seconds())
        return _bad(f"This machine's clock is {seconds} seconds {ahead}; let it keep time (NTP).")
    return _good("This machine's clock agrees with the platform's.")


async def _database(place: Place) -> Finding:
    try:
        store = await open_store(place)
    except UNUSABLE as error:
        said = str(error)
        return _bad(said if said.endswith(".") else f"{said}; start it, or mend the address.")
    moment = datetime.now().astimezone()
    mark = f"doctor:{token_hex(8)}"
    try:
        async with store.write() as work:
            await work.keep_mark(mark, moment + timedelta(minutes=1), moment)
        async with store.write() as work:
            kept = await work.take_mark(mark, moment)
    except OSError as error:
        return _bad(f"The database cannot be written: {error}; look at its disk and its rights.")
    finally:
        await store.close()
    if not kept:
        return _bad("The database forgot what was just written; restore a backup.")
    return _good("It answers, is of this version, and can be written.")


async def _webhooks(place: Place) -> Finding:
    """Say which other systems could not be told, and which are told nothing more."""
    try:
        store = await open_store(place)
    except UNUSABLE:
        return _bad("Who is told cannot be read; mend the database first.")
    week_ago = datetime.now(UTC) - timedelta(days=7)
    try:
        async with store.read() as work:
            lost = await work.given_up_since(week_ago)
            told = await work.webhooks()
    finally:
        await store.close()
    for name, many in lost.items():
        return _bad(
            f"{name} was not told of {many} events in a week; see that it answers, then "
            f"`webhook try {name}`."
        )
    for one in told:
        if one.ended_at and one.ended_at >= week_ago and one.why == GONE:
            return _bad(f"{one.name} said that it is gone, and is told nothing more; add it anew.")
    live = [one for one in told if not one.ended_at]
    return _good(f"{len(live)} other systems are told, and none was left out." if live else NONE)


async def _room(url: str) -> Finding:
    return _left(url)


def _left(url: str) -> Finding:
    try:
        parsed = parse(url)
    except UNUSABLE as error:
        return _bad(str(error))
    if parsed.get_backend_name() != "sqlite":
        return _good("PostgreSQL does not tell what is left on its disk; watch that where it runs.")
    folder = Path(parsed.database or ".").absolute().parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return _bad(f"The folder {folder} cannot be looked at; make it, or change the setting.")
    said = f"{free // 2**20} MB are free beside the database"
    return _good(f"{said}.") if free >= ROOM else _bad(f"{said}; make room for at least 500.")


async def _languages() -> Finding:
    missing = {language: keys for language, keys in gaps().items() if keys}
    if missing:
        language, keys = next(iter(missing.items()))
        return _bad(f"{language} has no words for {keys[0]} (and {len(keys) - 1} more); add them.")
    return _good(f"Every sentence is there in {' and '.join(languages())}.")


async def _content(own: Path | None) -> Finding:
    return _read(own)


def _read(own: Path | None) -> Finding:
    if own is not None and not own.is_dir():
        return _bad(f"WAYFINDER_CONTENT names {own}, which is no folder; make it, or unset it.")
    try:
        load_library(own)
        load_measures(own)
        load_tables(own)
        read_customs(own)
        for language in languages():
            load_rules(language, own)
    except UNUSABLE as error:
        return _bad(" ".join(str(error).splitlines()))
    return _good("Everything in it can be read.")

"""A backup brought back, and the house that settles it; nothing goes out of it."""

from datetime import datetime
from pathlib import Path

from adapters.store.backup import Backup, back_up, bring_back, look_into
from adapters.store.engines import UnusableError
from bot.belonging import refuse_halves
from bot.restoring import Settled, Then, settle
from bot.settings import Settings
from bot.wiring.parts import Connection, build, open_store
from bot.wiring.serve import connect_platforms

__all__ = ["Backup", "back_up", "bring_back", "look_into", "restore", "settle_since"]


async def restore(settings: Settings, file: Path, found: Backup, now: datetime) -> Settled:
    """Bring a backup back, bring its schema up to this version, and settle what was under way.

    Raises:
        UnusableError: it cannot be brought back; says why.
        SettingsError: a platform is not set up fully.

    """
    if found.taken > now:
        message = f"{file} was made in the future; set this machine's clock first."
        raise UnusableError(message)
    refuse_halves(settings)  # before anything is changed: what is back has to be settled, too
    bring_back(settings.database, file)
    return await settle_since(settings, found.taken, now)


async def settle_since(settings: Settings, taken: datetime, now: datetime) -> Settled:
    """Bring the schema of a database up to this version, and settle what was under way in it.

    Args:
        settings: the settings, which name the database.
        taken: the moment as of which it was brought back, by us or by its server.
        now: now.

    Raises:
        UnusableError: it cannot be used; says why.
        SettingsError: a platform is not set up fully.

    """
    store = await open_store(settings, create=True)
    clock, connections = Then(now), list[Connection]()
    try:
        connect_platforms(settings, store, clock, connections, local=not settings.teams_app_id)
        app = build(settings, store, connections, clock)
    except BaseException:
        for connection in connections:
            for close in connection.closers:
                await close()
        await store.close()
        raise
    try:
        return await settle(store, app, clock, taken, now)
    finally:
        for close in reversed(app.closers):
            await close()

"""Measured use, joined: the door for another system, and the rounds that ask the CRM."""

from aiohttp import web

from adapters.store.database import Store
from adapters.usage.door import PATH, UsageDoor
from bot.app import App
from bot.settings import Settings
from bot.usage import Intake, Measuring, UseOfCrm
from bot.wiring.parts import Clock


def open_usage_door(app: App, settings: Settings, store: Store, clock: Clock) -> None:
    """Let another system tell measured use, if the settings have a secret for it."""
    if not settings.usage_secret or "web" not in app.roles:
        return
    secrets = [secret.get_secret_value() for secret in settings.usage_secret]
    door = UsageDoor(secrets, Intake(store, clock), clock)
    app.web.add_routes([web.route("*", PATH, door.handle)])


def measure(app: App, crm: UseOfCrm, store: Store, clock: Clock) -> None:
    """Ask a CRM for each week that is over."""
    app.rounds["usage"] = Measuring(store, crm, clock).round, app.patience.watch
    app.closers.append(crm.close)

"""The CRM, joined: Dynamics 365 as the settings connect it, or a made-up one for the demo."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from adapters.content.measures import load_measures
from adapters.content.tables import load_tables
from adapters.crm.demo import DemoCrm
from adapters.crm.demo_use import DemoUse
from adapters.crm.dynamics import Dynamics, Place
from adapters.crm.passes import Registration
from adapters.crm.use import DynamicsUse
from bot.belonging import CRM, half_filled
from bot.finding import Tables
from bot.settings import CRM_CLOUDS, LOOPBACK, Settings, SettingsError, not_set
from bot.wiring.parts import Clock, real_clock
from nudges.directory import Entry
from nudges.programme import Programme


def connect(
    settings: Settings, tables: Tables | None = None, clock: Clock = real_clock
) -> Dynamics | None:
    """Connect the CRM, if the settings name one; nothing is asked before the first question.

    Args:
        settings: the settings.
        tables: returns what people ask for as it is now; read once from the content if not given.
        clock: what time it is.

    Raises:
        SettingsError: a setting is missing; says which.
        ContentError: the tables are needed, and their file is broken.

    """
    if not settings.crm_url:
        return None
    place, registration = named_crm(settings)
    return Dynamics(place, registration, tables or _once(settings), clock)


def connect_use(settings: Settings, clock: Clock = real_clock) -> DynamicsUse | None:
    """Connect the use of the CRM, if the settings name one; what is measured is read once.

    Raises:
        SettingsError: a setting is missing; says which.
        ContentError: the file that says what is measured is broken.

    """
    if not settings.crm_url:
        return None
    place, registration = named_crm(settings)
    return DynamicsUse(place, registration, load_measures(settings.content), clock)


def named_crm(settings: Settings) -> tuple[Place, Registration]:
    """Return which CRM the settings name, and as whom it is asked.

    Raises:
        SettingsError: a setting is missing; says which.

    """
    tenant = settings.crm_tenant or settings.teams_tenant
    secret = settings.crm_client_secret
    words = secret.get_secret_value() if secret else ""
    missing = half_filled(settings, CRM)
    if not tenant:
        missing.append(not_set("crm_tenant"))
    if missing:
        raise SettingsError("\n".join(missing))
    place = Place(settings.crm_url, settings.crm_app, _entra(settings.crm_url))
    return place, Registration(tenant, settings.crm_client_id, words)


def demo_crm(people: Sequence[Entry], tables: Tables, clock: Clock) -> DemoCrm:
    """Return the made-up company's CRM; its people own the records."""
    return DemoCrm(people, tables, clock)


def demo_use(people: Sequence[Entry], programme: Programme) -> DemoUse:
    """Return the use of the made-up company's CRM, which begins with the programme's first day."""
    days = [segment.go_live for segment in programme.segments.values() if segment.go_live]
    return DemoUse(people, min(days, default=date(2026, 1, 5)))


def _once(settings: Settings) -> Tables:
    read = load_tables(settings.content)
    return lambda: read


def _entra(url: str) -> str:
    """Return where passes come from; in a try-out from there, too."""
    host = urlsplit(url).hostname or ""
    if host in LOOPBACK:
        return f"{url}/"
    return next(entra for end, entra in CRM_CLOUDS.items() if host.endswith(end))

"""Settings that belong together: whoever sets one of a connection has to set what it needs."""

from dataclasses import dataclass

from bot.settings import PREFIX, Settings, SettingsError, not_set


@dataclass(frozen=True, slots=True)
class Belonging:
    """The settings of one connection: any of ``begins`` asks for all of ``needs``."""

    begins: tuple[str, ...]
    needs: tuple[str, ...]


SLACK = Belonging(
    (
        "slack_app_id",
        "slack_signing_secrets",
        "slack_bot_token",
        "slack_app_token",
        "slack_client_id",
        "slack_client_secret",
    ),
    ("slack_app_id", "slack_signing_secrets", "slack_teams"),
)
SLACK_INSTALL = Belonging(
    ("slack_client_id", "slack_client_secret"),
    ("slack_client_id", "slack_client_secret", "public_url"),
)
# Teams' tenant may be there for the CRM alone.
TEAMS = Belonging(
    ("teams_app_id", "teams_secret", "teams_guests"),
    ("teams_app_id", "teams_tenant", "teams_secret"),
)
CRM = Belonging(
    ("crm_url", "crm_app", "crm_client_id", "crm_client_secret", "crm_tenant"),
    ("crm_url", "crm_app", "crm_client_id", "crm_client_secret"),
)
ALL = (SLACK, SLACK_INSTALL, TEAMS, CRM)


def half_filled(settings: Settings, *belongings: Belonging) -> list[str]:
    """Say in a sentence each which settings are missing beside those that are there."""
    found: dict[str, str] = {}
    for belonging in belongings:
        there = [name for name in belonging.begins if getattr(settings, name)]
        missing = [name for name in belonging.needs if not getattr(settings, name)]
        for name in missing if there else ():
            beside = f"{PREFIX}{there[0].upper()} asks for it"
            found.setdefault(name, f"{not_set(name)} {beside}.")
    return list(found.values())


def refuse_halves(settings: Settings) -> None:
    """Refuse settings of which half of a connection is there.

    Raises:
        SettingsError: says in a sentence each what is missing.

    """
    if missing := half_filled(settings, *ALL):
        raise SettingsError("\n".join(missing))

"""What is kept sealed, joined: everything that the keys of the settings protect."""

from adapters.store.database import Store
from adapters.store.secrets import Vault
from adapters.store.slack import SealedWorkspaces
from bot.settings import Settings, SettingsError
from bot.vault import Reseal


def open_vault(settings: Settings) -> Vault:
    """Return the vault of the settings.

    Raises:
        SettingsError: there are no keys, or they are no good.

    """
    try:
        return Vault.read([k.get_secret_value() for k in settings.vault_keys])
    except ValueError as error:
        message = f"WAYFINDER_VAULT_KEYS: {error}"
        raise SettingsError(message) from error


def resealing(settings: Settings, store: Store) -> Reseal | None:
    """Return what seals everything with the newest key; None where no key is set."""
    if not settings.vault_keys:
        return None
    return SealedWorkspaces(store, open_vault(settings)).reseal

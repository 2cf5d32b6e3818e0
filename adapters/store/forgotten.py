"""The marks by which who wants to stay forgotten is known again: of an id, a mailbox, a home."""

from collections.abc import Mapping

from adapters.store.keyring import Keyring
from nudges.address import Address


def of_person(keyring: Keyring, person: str) -> str:
    """Return the mark of somebody's id."""
    return keyring.mark(f"person:{person}")


def of_mailbox(keyring: Keyring, mailbox: str) -> str:
    """Return the mark of an e-mail address, which is given as its own mark."""
    return keyring.mark(f"mailbox:{mailbox}")


def of_home(keyring: Keyring, platform: str, tenant: str, user: str) -> str:
    """Return the mark of an address on a platform, whose user is given as a mark."""
    return keyring.mark(f"home:{platform}/{tenant}/{user}")


async def come_back(keyring: Keyring, strangers: Mapping[Address, str]) -> None:
    """Take people off the list who write to us again by themselves, as somebody new."""
    marks = {of_person(keyring, who) for who in strangers.values()}
    for home in strangers:
        marks.add(of_home(keyring, home.platform, home.tenant, keyring.mark(home.user)))
    if await keyring.forgotten(marks):
        await keyring.remember(marks)

"""Who in the CRM is asking: the one user, in use, that is this person; or nobody."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from adapters.crm.names import clean
from adapters.crm.reading import NONSENSE, Quiet, guid
from dialogs.records import Asker

KEPT: Final = 600.0
"""Seconds that we remember who somebody is in the CRM."""
UNKNOWN_KEPT: Final = 60.0
"""Seconds that we remember that they are nobody there."""
MOST: Final = 10_000
LONGEST_EMAIL: Final = 254

log = logging.getLogger(__name__)
Rows = list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Caller:
    """A user of the CRM, whose rights count; ``entra`` is their id in Entra, if they have one."""

    user: str
    entra: str | None

    @property
    def headers(self) -> dict[str, str]:
        """Return the header that makes the CRM judge by this user's rights.

        By the id in Entra where there is one, which Microsoft prefers, else by the user's own.
        """
        if self.entra:
            return {"CallerObjectId": self.entra}
        return {"MSCRMCallerID": self.user}


Key = tuple[str, str, str]


class Askers:
    """Remembers for a while who is who; nothing of any record.

    Args:
        find: asks the CRM, as the app, for the users with an id in Entra or an e-mail address.
        seconds: seconds that only go forward.

    """

    def __init__(
        self,
        find: Callable[[str | None, str], Awaitable[Mapping[str, Any]]],
        seconds: Callable[[], float],
    ) -> None:
        self._find = find
        self._seconds = seconds
        self._known: OrderedDict[Key, tuple[float, Caller | None]] = OrderedDict()

    async def caller(self, asker: Asker) -> Caller | None:
        """Return who somebody is in the CRM, or None if it does not know them.

        Raises:
            Quiet: it did not say.

        """
        directory, email = guid(asker.directory), _address(asker.email)
        if directory is None and not email:
            return None
        key = (asker.person, directory or "", email)
        until, caller = self._known.get(key, (0.0, None))
        if self._seconds() < until:
            return caller
        caller = same_user(_rows(await self._find(directory, email)), directory, email)
        kept = KEPT if caller else UNKNOWN_KEPT
        self._known[key] = (self._seconds() + kept, caller)
        self._known.move_to_end(key)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return caller

    def forget(self, asker: Asker) -> None:
        """Forget somebody, as the CRM says they are not in use any more."""
        for key in [key for key in self._known if key[0] == asker.person]:
            del self._known[key]


def _address(email: str) -> str:
    said = clean(email) if len(email) <= LONGEST_EMAIL else ""
    return said if said == email and "@" in said and " " not in said else ""


def _rows(told: Mapping[str, Any]) -> Rows:
    rows = told.get("value")
    if not isinstance(rows, list):
        raise Quiet(NONSENSE)
    return [cast("Mapping[str, Any]", row) for row in rows if isinstance(row, dict)]  # pyright: ignore[reportUnknownVariableType]


def same_user(rows: Rows, directory: str | None, email: str) -> Caller | None:
    """Return the one user that this is; two that may be are none.

    Who is known by an id in Entra is never taken for a user with another one, whatever their
    address: addresses are given to others again, ids are not.
    """
    users = {u: guid(r.get("azureactivedirectoryobjectid")) for r in rows if (u := _user(r))}
    if directory is not None:
        known = [Caller(u, entra) for u, entra in users.items() if entra == directory]
        if known:
            return known[0] if len(known) == 1 else None
    mail = {
        u
        for row in rows
        if (u := _user(row)) and str(row.get("internalemailaddress")).casefold() == email.casefold()
    }
    if len(mail) != 1 or not email:
        return None
    user = mail.pop()
    if directory is not None and users[user] is not None:
        return None
    return Caller(user, users[user])


def _user(row: Mapping[str, Any]) -> str | None:
    return guid(row.get("systemuserid"))

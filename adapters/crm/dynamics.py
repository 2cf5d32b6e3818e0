"""Dynamics 365, asked for one person: the Web API of Dataverse, version 9.2, and its search.

The app asks on behalf of the person (``CallerObjectId``), so that their own rights count; the
privilege it takes is "Act on Behalf of Another User" (the role Delegate). A sign-in of the person
themselves (on-behalf-of in Teams) was weighed and left: it asks everybody for a sign-in first, it
does nothing for Slack, and the CRM's answer is the same.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from adapters.crm import batch, queries
from adapters.crm.askers import Askers, Caller
from adapters.crm.labels import LabelBook
from adapters.crm.looking import Link, Looking
from adapters.crm.names import clean
from adapters.crm.passes import ENTRA, Passes, Registration
from adapters.crm.patience import Breaker, SearchPace
from adapters.crm.reading import (
    BUSY,
    DOWN,
    NONSENSE,
    REFUSED,
    Near,
    One,
    Quiet,
    Row,
    Stranger,
    guid,
)
from adapters.crm.wire import FORBIDDEN, MANY, MISSING, OK, WRONG, Answer, Wire
from dialogs.records import Asker, Looked, Ref, Silent, Table, Unmapped, Wanted

BUDGET: Final = 2.5
"""Seconds for one question, whatever it takes."""
OFF: Final = "0x80048d0b"
"""What Dataverse says where its search is switched off."""
OFF_FOR: Final = 3600.0
BUSY_FOR: Final = 30.0
"""Seconds to leave the search alone after it did not answer, as when it is busy."""
SEARCH_SHARE: Final = 0.4
"""How much of the budget the search may take; what is left is for the other way."""
NO_DELEGATE: Final = "prvActOnBehalfOfAnotherUser"
DISABLED: Final = frozenset({"0x80040225", "0x8004a102"})
"""What Dataverse says of a user who is not in use any more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the CRM is: its address, the app that people work in, and where passes come from."""

    org: str
    app: str
    entra: str = ENTRA


class Dynamics:
    """One organisation's Dynamics 365.

    Args:
        place: where it is.
        registration: as which app it is asked.
        tables: returns what people ask for.
        clock: what time it is.
        seconds: seconds that only go forward; the loop's own if not given.
        sleep: how to wait.
        budget: seconds for one question.

    """

    def __init__(  # noqa: PLR0913 - what a test wants to own
        self,
        place: Place,
        registration: Registration,
        tables: Callable[[], Mapping[str, Table]],
        clock: Callable[[], datetime],
        *,
        seconds: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        budget: float = BUDGET,
    ) -> None:
        self._tables = tables
        self._clock = clock
        self._seconds = seconds or (lambda: asyncio.get_running_loop().time())
        self._budget = budget
        self._link = Link(place.org, place.app)
        self._wire = Wire(place.org.rstrip("/"), clock, self._seconds, sleep)
        self._passes = Passes(
            self._wire.session, registration, self._wire.org, place.entra, self._seconds
        )
        self._wire.passes = self._passes
        self._askers = Askers(self._find_user, self._seconds)
        self._labels = LabelBook(self._find_labels, self._seconds)
        self._breaker = Breaker(self._seconds)
        self._pace = SearchPace(self._seconds)

    async def look_up(self, wanted: Wanted, asker: Asker) -> Looked:
        """Look a record up as this person; it never takes longer than its budget."""
        if not self._breaker.lets_through():
            return Silent("down")
        try:
            async with asyncio.timeout(self._budget):
                found = await self._look_up(wanted, asker)
        except TimeoutError:
            found = Silent("slow")
        except Quiet as quiet:
            found = quiet.value
        except Stranger:
            self._askers.forget(asker)
            found = Unmapped()
        if isinstance(found, Silent):
            log.warning("crm: no answer: %s", found.why)
            if found.why in {"down", "slow", "nonsense"}:
                self._breaker.failed()
                return found
        self._breaker.worked()
        return found

    def rests(self) -> bool:
        """Say whether the CRM is left alone for a while, because it failed."""
        return self._breaker.rests()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._labels.close()
        await self._passes.close()
        await self._wire.close()

    async def _look_up(self, wanted: Wanted, asker: Asker) -> Looked:
        if wanted.ref is None and not clean(wanted.name):
            wanted = Wanted()  # nothing to look for, but a stranger is still told so
        caller = await self._askers.caller(asker)
        if caller is None:
            return Unmapped()
        eyes = _Eyes(self._wire, self._pace, caller, self._seconds(), self._budget)
        looking = Looking(
            eyes, self._labels, self._tables(), asker.language, self._link, self._clock()
        )
        return await looking.look_up(wanted)

    async def _find_user(self, directory: str | None, email: str) -> Mapping[str, Any]:
        return await self._as_app(queries.user(directory, email))

    async def _find_labels(self, table: str, columns: tuple[str, ...]) -> Mapping[str, Any]:
        async with asyncio.timeout(self._budget):
            return await self._as_app(queries.labels(table, columns))

    async def _as_app(self, path: str) -> Mapping[str, Any]:
        """Ask for what is no record: who is who, and what a column is called."""
        until = self._seconds() + self._budget
        answer = await self._wire.ask("GET", path, until=until)
        if answer.status != OK:
            raise Quiet(REFUSED)
        return answer.told()


class _Eyes:
    """Reads as one person; every request says so."""

    def __init__(
        self, wire: Wire, pace: SearchPace, caller: Caller, now: float, budget: float
    ) -> None:
        self._wire = wire
        self._pace = pace
        self._caller = caller
        self._until = now + budget
        self._searching = budget * SEARCH_SHARE

    async def search(self, name: str, tables: Sequence[Table], most: int) -> Sequence[Ref]:
        """Search, unless it is not our turn or switched off: nobody waits for it."""
        body = queries.search(name, tables, most)
        if body is None or not self._pace.take(self._caller.user):
            return ()
        return await self._searched(body)

    async def contain(self, name: str, tables: Sequence[Table], most: int) -> Sequence[Ref]:
        """List where names contain all pieces of this one; wildcards stand for themselves."""
        paths = {t.id: path for t in tables if (path := queries.named(name, t, most))}
        keys = {t.id: t.key for t in tables}
        listed = await self._batch([*paths.values()])
        return [
            Ref(table, str(row.get(keys[table])))
            for table, rows in zip(paths, listed, strict=True)
            for row in rows or ()
        ]

    async def _searched(self, body: Mapping[str, Any]) -> Sequence[Ref]:
        """Search; whatever is wrong with it, there is another way."""
        try:
            async with asyncio.timeout(self._searching):
                answer = await self._wire.ask(
                    "POST",
                    queries.SEARCH,
                    until=self._until,
                    headers=self._caller.headers | {"Content-Type": "application/json"},
                    body=json.dumps(body).encode(),
                    patient=False,
                )
            if answer.status == OK:
                return _hits(answer)
        except (Quiet, TimeoutError):
            self._pace.off(BUSY_FOR)
            return ()
        wait = BUSY_FOR if answer.wait is None else answer.wait
        self._pace.off(OFF_FOR if answer.code == OFF else wait)
        return ()

    async def ask(self, asked: Sequence[One | Near]) -> Sequence[Sequence[Row] | None]:
        """Answer each question, all of them in one trip."""
        paths = [queries.one(a) if isinstance(a, One) else queries.near(a) for a in asked]
        ids = [a.id if isinstance(a, One) else "" for a in asked]
        told = await self._batch(paths)
        return [
            rows if not id_ or rows is None else [row for row in rows if _is(row, id_)]
            for id_, rows in zip(ids, told, strict=True)
        ]

    async def _batch(self, paths: Sequence[str]) -> list[list[Row] | None]:
        found: list[list[Row] | None] = []
        for begin in range(0, len(paths), batch.MOST):
            found += await self._one_batch(paths[begin : begin + batch.MOST])
        return found

    async def _one_batch(self, paths: Sequence[str]) -> list[list[Row] | None]:
        who = self._caller.headers
        kind, body = batch.write(
            paths, {"Accept": "application/json", "Prefer": queries.ANNOTATED, **who}
        )
        answer = await self._wire.ask(
            "POST",
            f"{queries.API}$batch",
            until=self._until,
            headers={**who, "Content-Type": kind, "Prefer": "odata.continue-on-error"},
            body=body,
        )
        if answer.status != OK:
            raise _refusal(answer.body)
        parts = batch.read(answer.kind, answer.body, len(paths))
        return [await self._rows(part) for part in parts]

    async def _rows(self, part: batch.Part) -> list[Row] | None:
        """Return the rows of one answer, with those of its next pages; None if it is refused."""
        if part.status in {FORBIDDEN, MISSING}:
            if part.status == FORBIDDEN and (refusal := _ours(json.dumps(part.told))):
                raise refusal
            return None
        if part.status != OK:
            why = BUSY if part.status == MANY else REFUSED if part.status == WRONG else DOWN
            raise Quiet(why)  # WRONG: a column that the CRM does not have
        told, rows = part.told, list[Row]()
        if "value" not in told:
            return [told]
        while True:
            rows += _listed(told)
            link = told.get("@odata.nextLink")
            if not isinstance(link, str) or len(rows) > batch.MOST:
                return rows
            told = await self._page(self._wire.same(link))

    async def _page(self, path: str) -> Mapping[str, Any]:
        headers = self._caller.headers | {"Prefer": queries.ANNOTATED}
        answer = await self._wire.ask("GET", path, until=self._until, headers=headers)
        if answer.status != OK:
            raise _refusal(answer.body)
        return answer.told()


def _is(row: Row, id_: str) -> bool:
    """Tell whether a row is the one that was asked for; another one is not looked at."""
    return any(guid(value) == id_ for key, value in row.items() if key.endswith("id"))


def _refusal(body: bytes) -> Exception:
    return _ours(body.decode(errors="replace")) or Quiet(REFUSED)


def _ours(error: str) -> Exception | None:
    """Tell a refusal that is about us, or about who asks, from one that is about a record."""
    if NO_DELEGATE in error:
        log.warning("crm: the app may not act on behalf of others; give it the role Delegate")
        return Quiet(REFUSED)
    return Stranger() if any(code in error.lower() for code in DISABLED) else None


def _listed(told: Mapping[str, Any]) -> list[Row]:
    rows = told.get("value")
    if not isinstance(rows, list):
        raise Quiet(NONSENSE)
    return [cast("Row", row) for row in cast("list[Any]", rows) if isinstance(row, dict)]


def _hits(answer: Answer) -> Sequence[Ref]:
    """Return where the search points; its scores, names and highlights are left alone."""
    inner = answer.told().get("response")
    if not isinstance(inner, str):
        raise Quiet(NONSENSE)
    values = batch.whole(inner).get("Value")
    if not isinstance(values, list):
        raise Quiet(NONSENSE)
    found: list[Ref] = []
    for value in cast("list[Any]", values):
        match value:
            case {"Id": str(id_), "EntityName": str(table)}:
                found.append(Ref(table, id_))
            case _:
                continue
    return found

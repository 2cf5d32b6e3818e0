"""Many small writes in one commit: what comes in while a commit is under way shares the next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

GLANCES = 2
"""Turns of the loop before a write: whatever the machine has received by now comes along."""
Item = TypeVar("Item")
Result = TypeVar("Result")


class Grouped(Generic[Item, Result]):
    """Collect items and write them together.

    ``flush`` writes a group and returns a result for each item, in order. A lone item is
    written at once; items that arrive during a write wait for the next one, so that nobody
    waits longer than two commits.
    """

    def __init__(
        self, flush: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], most: int = 64
    ) -> None:
        self._flush = flush
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> Result:
        """Write one item, and return once it is kept.

        Raises:
            OSError: it could not be kept, as ``flush`` said.

        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await future

    async def drained(self) -> None:
        """Wait until everything added so far is written."""
        if self._writer is not None:
            await self._writer

    async def _write(self) -> None:
        while self._waiting:
            for _ in range(GLANCES):
                await asyncio.sleep(0)
            group = self._waiting[: self._most]
            del self._waiting[: self._most]
            futures = [future for _, future in group]
            try:
                results = await self._flush([item for item, _ in group])
            except Exception as error:  # noqa: BLE001 - whoever waits for it decides
                if len(group) > 1 and not isinstance(error, OSError):
                    await self._one_by_one(group)
                    continue
                for future in futures:
                    if not future.done():
                        future.set_exception(error)
                continue
            for future, result in zip(futures, results, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _one_by_one(self, group: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        """Write a group that failed item by item, so that only what is wrong with it fails."""
        for item, future in group:
            try:
                (result,) = await self._flush([item])
            except Exception as error:  # noqa: BLE001 - whoever waits for it decides
                if not future.done():
                    future.set_exception(error)
            else:
                if not future.done():
                    future.set_result(result)

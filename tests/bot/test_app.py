"""The program's own end: what it leaves behind ends, also what lost its first word."""

import asyncio

import pytest

from bot.app import run


async def deaf(times: int, heard: list[int]) -> None:
    """Go on, so many times, after being told to stop."""
    for time in range(times):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            heard.append(time)
    await asyncio.sleep(60)


@pytest.mark.parametrize("times", [0, 1, 3])
@pytest.mark.timeout(20)
def test_whoever_does_not_hear_it_is_told_again(times: int) -> None:
    heard, left = list[int](), list[asyncio.Task[None]]()

    async def main() -> str:
        left.append(asyncio.create_task(deaf(times, heard)))
        await asyncio.sleep(0)
        return "done"

    assert run(main()) == "done"
    assert heard == list(range(times))
    assert left[0].cancelled()


@pytest.mark.timeout(20)
def test_also_after_it_failed() -> None:
    heard = list[int]()
    left = list[asyncio.Task[None]]()

    async def main() -> None:
        left.append(asyncio.create_task(deaf(1, heard)))
        await asyncio.sleep(0)
        message = "the disk is full"
        raise OSError(message)

    with pytest.raises(OSError, match="full"):
        run(main())
    assert heard == [0]
    assert left[0].cancelled()

"""Try made-up inputs at one sink, count them, and tell the smallest that goes wrong."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.bad_input.house import House, Json, open_house
from tests.bad_input.sinks import Sink, forget

PATIENT: Final = (
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
    HealthCheck.filter_too_much,
)
"""What hypothesis need not worry about: inputs of 64 KiB, and a whole program behind each."""


@dataclass(frozen=True)
class Tried:
    """What came of a sink: how many inputs it took, in which time, and what went wrong."""

    inputs: int
    seconds: float
    finding: str = ""


def tried(sink: Sink, inputs: int, number: int) -> Tried:
    """Try so many inputs at a sink; the same number makes up the same inputs."""
    taken, began = 0, perf_counter()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        house = runner.run(_opened(stack))
        try:

            @seed(number)
            @settings(
                max_examples=inputs,
                database=None,
                deadline=None,
                suppress_health_check=PATIENT,
                phases=(Phase.generate, Phase.shrink),
            )
            @given(sink.inputs)
            def each(one: Json) -> None:
                nonlocal taken
                taken += 1
                house.logged.taken()
                runner.run(sink.check(house, one))

            each()
            runner.run(_at_rest(house))
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is what we look for
            notes = "\n".join(getattr(problem, "__notes__", ()))
            return Tried(taken, perf_counter() - began, f"{problem!r}\n{notes}"[:3000])
        finally:
            runner.run(stack.aclose())
    return Tried(taken, perf_counter() - began)


async def _at_rest(house: House) -> None:
    await house.rest()
    forget(house)
    _, loud = house.logged.taken()
    assert not loud, loud[0]


async def _opened(stack: AsyncExitStack) -> House:
    return await stack.enter_async_context(open_house())

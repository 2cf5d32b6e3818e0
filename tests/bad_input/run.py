"""Try made-up inputs at one sink, count them, and tell the smallest that goes wrong."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import perf_counter
from typing import Final, cast

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

LONGEST: Final = 3000
"""Characters that are told of one thing that went wrong."""
_AGAIN: Final = re.compile(r"(.)\1{20,}", re.DOTALL)


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
            return Tried(taken, perf_counter() - began, "\n".join(_told(problem)))
        finally:
            runner.run(stack.aclose())
    return Tried(taken, perf_counter() - began)


def _told(problem: BaseException) -> Iterator[str]:
    """Yield what went wrong, and for which input; what repeats itself in one is counted."""
    for said in (repr(problem), *getattr(problem, "__notes__", ())):
        yield _AGAIN.sub(lambda run: f"{run[1]}… {len(run[0])} times", said)[:LONGEST]
    if isinstance(problem, BaseExceptionGroup):
        for cause in cast("Sequence[BaseException]", problem.exceptions):
            yield from _told(cause)


async def _at_rest(house: House) -> None:
    await house.rest()
    forget(house)
    _, loud = house.logged.taken()
    assert not loud, loud[0]


async def _opened(stack: AsyncExitStack) -> House:
    return await stack.enter_async_context(open_house())

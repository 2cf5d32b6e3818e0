"""Many cases in one test, as cheap as a loop: what broke says which case it was about."""

from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def case(name: str) -> Generator[None]:
    """Name the case in whatever goes wrong while it is looked at."""
    try:
        yield
    except Exception as error:
        error.add_note(f"the case is {name}")
        raise

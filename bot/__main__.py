"""Run Wayfinder from the command line: ``python -m bot COMMAND``."""

import os
import sys
import threading

from bot.cli import main
from bot.doctor import THREAD


def leave(code: int) -> None:
    """End at once if a check of doctor still hangs: a name server may hold its thread for long."""
    if any(one.name.startswith(THREAD) for one in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    try:
        main()
    except SystemExit as end:
        leave(end.code if isinstance(end.code, int) else 1)
        raise

"""Make the site of the papers: ``python -m tests.papers``, or ``make docs``.

The parts that the code writes are written anew first, and cards are drawn where Node and Chromium
are. A link that leads nowhere stops it.
"""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.papers.cards import draw_all, lacking
from tests.papers.reference import write

ROOT: Final = Path(__file__).parents[2]
SITE: Final = ROOT / "build" / "site"


def build(source: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Make the site of a folder of papers; every warning is an error, and all are told."""
    words = ["-W", "--keep-going", "-q", "-E", "-a", "-c", str(source / "docs")]
    return subprocess.run(  # noqa: S603 - Sphinx itself, on our own papers
        [sys.executable, "-m", "sphinx", *words, "-d", str(site.parent / "read"), source, site],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )


def main() -> int:
    """Write, draw and build; returns 1 if anything is to be mended."""
    write(ROOT)
    if missing := lacking():
        sys.stderr.write(f"Cards are described in words: {missing} is not installed.\n")
    else:
        asyncio.run(draw_all(ROOT))
    made = build(ROOT, SITE)
    sys.stderr.write(made.stderr)
    if made.returncode:
        return 1
    sys.stdout.write(f"{SITE / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

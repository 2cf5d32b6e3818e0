"""Keep what texts mean: a file of vectors, each under the fingerprint of its text.

The file is named by the model that made them, so vectors of two models never meet. It is written
aside and then put in its place, so a reader sees the old one or the new one and never half of one.
"""

import os
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

SIZE = 384
_ROW: Any = np.dtype([("key", "V16"), ("vector", "<f2", (SIZE,))])


def fingerprint(text: str) -> bytes:
    """Return what a text is known by, 16 bytes."""
    return blake2b(text.encode(), digest_size=16).digest()


class Vectors:
    """Vectors by text; kept in ``folder``, or only in memory if there is none."""

    def __init__(self, model: str, folder: Path | None) -> None:
        self._path = folder / f"{model[:16]}.vectors" if folder else None
        self._kept: dict[bytes, Any] = {}

    def load(self) -> int:
        """Read the file; one that is damaged is left alone and made again. Returns how many."""
        try:
            rows: Any = np.fromfile(self._path, _ROW) if self._path else ()
        except OSError:
            rows = ()
        for row in rows:
            vector = row["vector"]
            if np.isfinite(vector).all() and vector.any():
                self._kept[row["key"].tobytes()] = vector
        return len(self._kept)

    def get(self, text: str) -> Any | None:  # noqa: ANN401 - an array of SIZE half floats
        """Return the vector of a text, if it was made before."""
        return self._kept.get(fingerprint(text))

    def put(self, made: Mapping[str, Any]) -> None:
        """Remember vectors; they are in the file after :meth:`save`."""
        for text, vector in made.items():
            self._kept[fingerprint(text)] = np.asarray(vector, np.float16)

    def keep_only(self, texts: Iterable[str]) -> None:
        """Forget the vectors of all other texts."""
        keys = {fingerprint(text) for text in texts}
        self._kept = {key: self._kept[key] for key in keys if key in self._kept}

    def save(self) -> None:
        """Write the file aside and put it in its place.

        Raises:
            OSError: the folder cannot be written.

        """
        if self._path is None:
            return
        rows = np.zeros(len(self._kept), _ROW)
        for at, (key, vector) in enumerate(self._kept.items()):
            rows[at]["key"] = np.void(key)
            rows[at]["vector"] = vector
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        rows.tofile(aside)
        aside.replace(self._path)

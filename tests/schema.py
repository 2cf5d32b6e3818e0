"""The schema, brought up once and then repeated: thousands of tests begin with an empty database.

What the migrations say to a database is written down the first time, and said again to the next
empty one. A database with something in it is migrated as always.
"""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from adapters.store import migrations
from adapters.store.migrations import upgrade as upgrading

ASKS = ("SELECT", "PRAGMA", "SHOW")
MIGRATES = upgrading.upgrade
"""The real thing."""


@contextmanager
def said_again() -> Generator[None]:
    """Migrate an empty database by repeating what was said to the first one of its kind."""
    scripts: dict[str, list[tuple[str, Any]]] = {}

    def upgrade(connection: Connection) -> None:
        kind = connection.dialect.name
        if kind == "postgresql":  # two at once stand in line, as with the real thing
            connection.execute(select(func.pg_advisory_xact_lock(upgrading.LINE)))
        if not migrations.empty(connection):
            MIGRATES(connection)
        elif kind in scripts:
            for statement, values in scripts[kind]:
                connection.exec_driver_sql(statement, values or None)
        else:
            scripts[kind] = _heard(connection)

    def _heard(connection: Connection) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []

        def hear(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
            if not statement.lstrip().upper().startswith(ASKS):
                found.append((statement, values))

        event.listen(connection, "before_cursor_execute", hear)
        try:
            MIGRATES(connection)
        finally:
            event.remove(connection, "before_cursor_execute", hear)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upgrading, "upgrade", upgrade)
        yield


def an_older_version(monkeypatch: pytest.MonkeyPatch, place: Path, before: str) -> None:
    """Leave out our newest migrations, as a program of earlier had."""
    versions = place / "migrations" / "versions"
    shutil.copytree(upgrading.HERE, versions.parent)
    for path in versions.glob("[0-9]*.py"):
        if path.name[:4] >= before:
            path.unlink()
    monkeypatch.setattr(upgrading, "HERE", versions.parent)
    monkeypatch.setattr(migrations, "VERSIONS", versions)

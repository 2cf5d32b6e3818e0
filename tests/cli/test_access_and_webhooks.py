"""The commands that let other programs read, and that tell other systems."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from adapters.store.database import Store
from adapters.store.webhooks import webhooks
from bot.settings import Place
from bot.wiring.api import Places
from bot.wiring.doctor import checks_of_place
from nudges.webhooks import GIVEN_UP, LEASE, Next, shown, signing_key
from tests.cli.lines import run

SIGNED_WITH = "A9" + "".join(chr(97 + n * 7 % 26) for n in range(40))
"""Made up here, and real enough for the settings."""
URL = "https://hooks.example/in?sig=pa55"
Found = TypeVar("Found")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WAYFINDER_SECRET", SIGNED_WITH)
    url = f"sqlite:///{tmp_path / 'x.db'}"

    async def make() -> None:
        await (await Store.open(url, create=True)).close()

    asyncio.run(make())
    return url


def inside(database: str, what: Callable[[Any], Coroutine[Any, Any, Found]]) -> Found:
    async def work() -> Found:
        store = await Store.open(database)
        try:
            async with store.write() as opened:
                return await what(opened)
        finally:
            await store.close()

    return asyncio.run(work())


class TestAccess:
    def test_a_key_is_told_once_and_kept_nowhere(self, database: str, tmp_path: Path) -> None:
        made = run("access", "add", "power-bi", "--database", database)
        key = made.stdout.split()[-1]
        assert re.fullmatch(r"wf\.power-bi\.[A-Za-z0-9_-]{43}", key)
        listed = run("access", "list", "--json", "--database", database)
        assert json.loads(listed.stdout)["state"] == "good"
        assert key not in listed.stdout
        raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert key.rpartition(".")[2].encode() not in raw
        access = inside(database, lambda work: work.access("power-bi"))
        assert access.opened_by(key)

    def test_a_name_is_used_once_and_ends(self, database: str) -> None:
        assert run("access", "add", "bi", "--days", "9", "--database", database).exit_code == 0
        again = run("access", "add", "bi", "--database", database)
        assert (again.exit_code, again.stdout) == (2, "")
        assert run("access", "revoke", "bi", "--database", database).exit_code == 0
        assert run("access", "revoke", "bi", "--database", database).exit_code == 2
        listed = run("access", "list", "--database", database)
        assert "\trevoked\t" in listed.stdout

    @pytest.mark.parametrize("name", ["Power BI", "a", "bi\n", "-bi", "x" * 41, "bi.x"])
    def test_a_name_is_plain(self, database: str, name: str) -> None:
        for command in (("access", "add", "--", name), ("webhook", "add", "--", name, URL)):
            refused = run(command[0], command[1], "--database", database, *command[2:])
            assert refused.exit_code == 2
            assert "NAME" in refused.stderr


class TestWebhook:
    def test_a_secret_is_told_and_an_address_is_sealed(self, database: str, tmp_path: Path) -> None:
        made = run("webhook", "add", "bi", URL, "--event", "numbers.released",
                   "--database", database)  # fmt: skip
        assert made.stdout.split() == [
            "bi",
            "hooks.example",
            shown(signing_key(SIGNED_WITH.encode(), "bi", 0)),
        ]
        listed = run("webhook", "list", "--json", "--database", database)
        row = json.loads(listed.stdout)
        assert (row["host"], row["state"], row["events"]) == (
            "hooks.example",
            "told",
            "numbers.released",
        )
        raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert b"pa55" not in raw

        async def place(work: Any) -> str:  # noqa: ANN401 - a transaction
            return (await work.connection.execute(webhooks.select())).one().place

        sealed = inside(database, place)
        assert Places(SIGNED_WITH.encode()).open("bi", sealed) == URL
        with pytest.raises(ValueError, match="another context"):
            Places(SIGNED_WITH.encode()).open("other", sealed)

    @pytest.mark.parametrize(
        "url",
        [
            "http://hooks.example/",
            "https://10.0.0.1/",
            "https://user:{}@hooks.example/".format("pa55"),
            "https://[::1]/",
            "https://[/",
            "hooks.example",
            f"https://hooks.example/{'x' * 2000}",
        ],
    )
    def test_where_nothing_may_go_is_refused(self, database: str, url: str) -> None:
        refused = run("webhook", "add", "bi", url, "--database", database)
        assert refused.exit_code == 2
        assert "URL" in refused.stderr
        assert "pa55" not in refused.output
        assert run("webhook", "list", "--database", database).stdout == ""

    def test_it_is_tried_rotated_and_removed(self, database: str) -> None:
        for command in ("try", "rotate", "remove"):
            assert run("webhook", command, "bi", "--database", database).exit_code == 2
        first = run("webhook", "add", "bi", URL, "--database", database).stdout.split()[-1]
        assert run("webhook", "try", "bi", "--database", database).stdout.startswith("bi\tevt_")
        second = run("webhook", "rotate", "bi", "--database", database).stdout.split()[-1]
        assert second not in {first, ""}
        assert second == shown(signing_key(SIGNED_WITH.encode(), "bi", 1))
        assert '"waiting": 1' in run("webhook", "list", "--json", "--database", database).stdout
        assert run("webhook", "remove", "bi", "--database", database).exit_code == 0
        assert '"waiting": 0' in run("webhook", "list", "--json", "--database", database).stdout


class TestDoctor:
    def say(self, database: str) -> tuple[bool, str]:
        found = asyncio.run(_examined(database))
        return found.ok, found.say

    def test_it_says_who_was_not_told(self, database: str) -> None:
        assert self.say(database) == (True, "No other system is told anything.")
        run("webhook", "add", "bi", URL, "--database", database)
        assert self.say(database)[0]
        run("webhook", "try", "bi", "--database", database)

        async def lose(work: Any) -> None:  # noqa: ANN401 - a transaction
            at = (await work.webhooks())[0].made_at + GIVEN_UP
            (one,) = await work.claim_parcels(at, 1, LEASE)
            await work.settle_parcel(one, Next("given_up", "slow"), at)

        inside(database, lose)
        ok, say = self.say(database)
        assert not ok
        assert "bi was not told of 1 events" in say

    def test_it_says_who_is_gone(self, database: str) -> None:
        run("webhook", "add", "bi", URL, "--database", database)

        async def go(work: Any) -> None:  # noqa: ANN401 - a transaction
            at = (await work.webhooks())[0].made_at
            await work.end_webhook("bi", "webhook:bi", "status 410", at)

        inside(database, go)
        ok, say = self.say(database)
        assert not ok
        assert "bi said that it is gone" in say


async def _examined(database: str) -> Any:  # noqa: ANN401 - a finding
    return await checks_of_place(Place(database=database))["webhooks"]()

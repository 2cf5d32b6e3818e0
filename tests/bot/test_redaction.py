"""No secret and nobody's words in what the program writes by itself, however they get there.

Everything planted is made up. Each row stands for something that a library or we could log.
"""

import asyncio
import json
import logging
import sys
import threading
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
import structlog
from aiohttp import ClientSession, web
from pydantic import BaseModel

from bot import logs
from bot.redaction import HIDDEN, Redaction, hide_passwords, trace
from bot.settings import Settings, read_settings, secrets_of
from tests.desk import SECRET

OURS = "q7Rt-vB2xk9LmZ4w"
"""A setting's secret that looks like nothing in particular."""
WORDS = "my manager shouts at us"
JWT = ".".join(
    b64encode(json.dumps(part).encode()).decode().rstrip("=")
    for part in ({"alg": "none"}, {"sub": "made up"}, "no signature at all")
)
SECRETS = {
    "a setting": (OURS, OURS),
    "a setting within quotes": (f"failed: {OURS!r}", OURS),
    "a bot token": ("call with xoxb-17-made-up-Zr5tV2nK failed", "made-up"),
    "an app token": ("xapp-1-A1-22-madeup", "madeup"),
    "a rotated token": ("xoxe.xoxb-1-madeup", "madeup"),
    "a token": (f"got {JWT}", JWT[-8:]),
    "half a token": (f"got {JWT[:30]}", JWT[:30]),
    "a header": (f"Authorization: Bearer {JWT}", JWT[-8:]),
    "a header of another kind": ("authorization: Negotiate abcdefgh", "abcdefgh"),
    "a dictionary of headers": ("{'Authorization': 'Bearer ab.cd-ef'}", "ab.cd-ef"),
    "basic": ("sent Basic bWFkZTp1cA==", "bWFkZTp1cA"),
    "a cookie": ("Set-Cookie: session=madeup; Path=/", "madeup"),
    "Slack's signature": ("v0=" + "ab12" * 16, "ab12ab12"),
    "Slack's header": ("X-Slack-Signature: anything", "anything"),
    "a client secret in a form": ("client_secret=Zr5tV2nK&grant_type=x", "Zr5tV2nK"),
    "a client secret in JSON": ('{"client_secret": "Zr5tV2nK"}', "Zr5tV2nK"),
    "a client secret of Entra": (f"used Zr58Q~{'kX9vT2mQ' * 4}", "kX9vT2mQ"),
    "a code to install": ("GET /slack/oauth?code=17.42.made&state=up", "17.42.made"),
    "a state": ("GET /slack/oauth?code=17&state=4711up", "4711up"),
    "an address with a password": ("postgresql://ann:hunter2@db/wayfinder", "hunter2"),
    "a password with signs": ("postgresql+asyncpg://ann:h@nt/er:2@db/x", "nt/er"),
    "a password of examples": ("cannot open postgres://u:password@db", ":password@"),
    "a driver's words": ("password=hunter2 host=db", "hunter2"),
    "said in a sentence": ("password is Welcome01!", "Welcome01"),
    "an e-mail address": ("nobody is zoe.moss+x@acme.example here", "zoe.moss"),
    "an address of elsewhere": ("<zoë@bücher.example>", "zoë"),
    "a private key": ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", "MIIB"),
    "a hook": (
        "https://hooks.slack.com/services/T00000000/B00000000/madeupmadeupmadeupmadeup",
        "madeupmadeup",
    ),
    "two beside each other": (f"token={OURS} password is Welcome01!", "Welcome01"),
}


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, level = before
    root.setLevel(level)


class Answer(BaseModel):
    score: int


def library(said: str) -> None:
    logging.getLogger("some.library").warning(said)


def library_filling(said: str) -> None:
    logging.getLogger("some.library").warning("got %s and %r", said, {"x": said})


def library_wrongly(said: str) -> None:
    logging.getLogger("some.library").warning("got %d", said)


def library_error(said: str) -> None:
    logging.getLogger("some.library").error(LookupError(said))


def library_telling_error(said: str) -> None:
    logging.getLogger("some.library").error("no: %s", LookupError(said))


def fail(said: str) -> None:
    raise LookupError(said)


def library_broke(said: str) -> None:
    try:
        fail(said)
    except LookupError:
        logging.getLogger("some.library").exception("broke")


def library_standing(said: str) -> None:
    logging.getLogger("some.library").warning("here", stack_info=bool(said))


def ours(said: str) -> None:
    structlog.get_logger().warning(said)


def ours_why(said: str) -> None:
    structlog.get_logger().warning("waits", why=said)


def ours_deep(said: str) -> None:
    structlog.get_logger().warning("waits", row={"at": [(said,), {said: said}]}, raw=said.encode())


def ours_object(said: str) -> None:
    structlog.get_logger().warning("waits", what=Answer.model_construct(score=said))


def ours_error(said: str) -> None:
    structlog.get_logger().warning("waits", why=OSError(said))


def ours_bound(said: str) -> None:
    structlog.get_logger().bind(why=said).info("bound")


def broke(said: str) -> None:
    """Break within a break, in a group, with a note."""
    problem = ValueError(said)
    problem.add_note(said)
    try:
        try:
            fail(said)
        except LookupError:
            group = ExceptionGroup(said, [problem])
            raise group from KeyError(said)
    except ExceptionGroup:
        structlog.get_logger().exception("broke")


def broke_in_pydantic(said: str) -> None:
    try:
        Answer.model_validate({"score": said})
    except ValueError:
        structlog.get_logger().exception("broke")


def nobody_caught(said: str) -> None:
    try:
        fail(said)
    except LookupError as error:
        sys.excepthook(LookupError, error, error.__traceback__)


def nobody_caught_in_a_thread(said: str) -> None:
    def run() -> None:
        raise LookupError(said)

    thread = threading.Thread(target=run, name="a thread of a test")
    thread.start()
    thread.join()


def nobody_retrieved(said: str) -> None:
    async def run() -> None:
        raise LookupError(said)

    async def main() -> None:
        task = asyncio.create_task(run(), name="lost")
        await asyncio.wait([task])
        del task
        await asyncio.sleep(0)

    asyncio.run(main())


def could_not_be_raised(said: str) -> None:
    class Broken:
        def __del__(self) -> None:
            raise LookupError(said)

    broken = Broken()
    del broken


def warned(said: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(said, UserWarning, stacklevel=1)


WAYS: dict[str, Callable[[str], None]] = {
    way.__name__: way
    for way in (
        library,
        library_filling,
        library_wrongly,
        library_error,
        library_telling_error,
        library_broke,
        ours,
        ours_why,
        ours_deep,
        ours_object,
        ours_error,
        ours_bound,
        broke,
        broke_in_pydantic,
        nobody_caught,
        nobody_caught_in_a_thread,
        nobody_retrieved,
        could_not_be_raised,
        warned,
    )
}
WORDLESS = (
    library_error,
    library_telling_error,
    library_broke,
    ours_object,
    ours_error,
    broke,
    broke_in_pydantic,
    nobody_caught,
    nobody_caught_in_a_thread,
    nobody_retrieved,
    could_not_be_raised,
)
"""Ways on which the text is an exception's or an object's, where it may be somebody's words."""


def written(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_secret_is_logged(
    way: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    logs.start("debug", [OURS])
    shown: list[str] = []
    for name, (said, canary) in SECRETS.items():
        way(said)
        line = written(capsys)
        assert line.endswith("}\n"), name
        for one in line.splitlines():
            json.loads(one)
        shown += [name] * (canary in line or json.dumps(canary)[1:-1] in line)
    assert shown == []


@pytest.mark.parametrize("way", WORDLESS, ids=lambda way: way.__name__)
def test_nobodys_words_are_logged(
    way: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    logs.start("debug", [OURS])
    way(WORDS)
    line = written(capsys)
    assert json.loads(line.splitlines()[0])["event"]
    assert "shouts" not in line


@pytest.mark.parametrize(
    "name", ["text", "body", "comment", "email", "token", "Authorization", "api_key", "raw_answer"]
)
def test_a_field_of_such_a_name_is_left_out(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("debug", [OURS])
    structlog.get_logger().info("heard", **{name: WORDS}, at={name: WORDS}, **{"n_" + name: 7})
    told = json.loads(written(capsys))
    assert (told[name], told["at"], told["n_" + name]) == (HIDDEN, {name: HIDDEN}, 7)


@pytest.mark.parametrize(
    "said",
    [
        "the database is out of reach: connection refused",
        "articles/leads.md: line 4: no title.",
        "slack/T0123/U0456",
        "pulse:desire:2026-W47",
        "00000000-0000-4000-8000-000000000001",
        "ab12" * 16,
        "sqlite:///wayfinder.db",
        "https://wayfinder.example:3978/healthz",
    ],
)
def test_what_helps_stays(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("debug", [OURS])
    structlog.get_logger().info("audit.sealed", why=said, digest=said, n=5, ok=True)
    told = json.loads(written(capsys))
    assert (told["why"], told["digest"], told["n"], told["ok"]) == (said, said, 5, True)


def test_a_trace_tells_kinds_and_places(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("debug", [OURS])
    broke(WORDS)
    told = json.loads(written(capsys))["exception"]
    for kind in ("ExceptionGroup", "one of them ValueError", "because of KeyError"):
        assert kind in told
    assert "tests/bot/test_redaction.py:" in told
    assert " broke" in told
    assert "/work" not in told
    full = OSError(28, WORDS)
    assert trace(full) == "OSError: No space left on device"


def test_a_trace_ends() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert trace(first).splitlines() == ["ValueError", "because of ValueError"]

    def down(n: int) -> None:
        if n:
            down(n - 1)
        raise LookupError

    with pytest.raises(LookupError) as deep:
        down(500)
    assert len(trace(deep.value).splitlines()) < 40


def test_what_is_long_or_deep_ends() -> None:
    redaction = Redaction()
    assert len(redaction.text("x" * 100_000)) == 500
    endless: dict[str, object] = {}
    endless["at"] = endless
    assert json.dumps(redaction.value(endless)).count("at") < 10
    assert len(redaction.value(list(range(1_000)))) == 50


def test_a_line_that_cannot_be_written_is_not_shown_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, StringIO() as closed:
        patch.setattr(sys, "stderr", closed)
        logs.start("debug", [OURS])
    library_broke(WORDS)
    assert written(capsys) == '{"event": "a line of some.library was lost"}\n'


async def test_a_request_is_not_logged_with_its_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a reader of logs would see of aiohttp's access log, if somebody switched it on."""
    logs.start("debug", [OURS])

    async def page(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/back", page)])
    access = logging.getLogger("aiohttp.access")
    access.setLevel(logging.INFO)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with ClientSession() as session:
        await session.get(f"http://127.0.0.1:{port}/back?code=4711made&state=up4711")
    await runner.cleanup()
    access.setLevel(logging.NOTSET)
    told = json.loads(written(capsys))
    assert told["event"].startswith("aiohttp.access at line ")
    assert "4711" not in told["event"]


def test_every_secret_of_the_settings_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYFINDER_DATABASE", "postgresql://ann:k%4099Zr5t@db/wayfinder")
    key = b64encode(bytes(range(32))).decode()
    token = "xoxb-1-2"  # noqa: S105 - made up
    settings = read_settings(Settings, secret=SECRET, slack_bot_token=token, vault_keys=key)
    assert set(secrets_of(settings)) == {SECRET, token, key, "k@99Zr5t"}
    assert "k%4099Zr5t" not in repr(settings)


def test_only_the_password_of_an_address_is_hidden_from_who_gave_it() -> None:
    said = "Line 3: 'ann@acme.example' is in postgresql://ann:h@nter2@db/x twice."
    hidden = f"Line 3: 'ann@acme.example' is in postgresql://{HIDDEN}@db/x twice."
    assert hide_passwords(said) == hidden

"""Links are tried on the open internet alone, and nothing is sent along."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.links.public import PublicLinks
from adapters.links.way_out import is_public

HOST = "wiki.contoso.example"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing listens there
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("::ffff:1.1.1.1", True),
        ("::7f00:1", False),
        ("::ffff:0:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2001:0:7f00:1::", False),
        ("fec0::1", False),
    ],
)
def test_what_is_public(address: str, *, public: bool) -> None:
    assert is_public(address) is public


MOVED = {
    "/around": "/around",
    "/plain": "http://wiki.contoso.example/",
    "/in": "https://169.254.169.254/secrets",
    "/moved": "/fine",
}


class Site:
    """A site of one's own, which remembers what it was asked."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path, dict(request.headers)))
        if to := MOVED.get(request.path):
            return web.Response(status=302, headers={"Location": to})
        match request.path:
            case "/gone":
                raise web.HTTPNotFound
            case "/no-head" if request.method == "HEAD":
                return web.Response(status=405)
            case "/login":
                raise web.HTTPUnauthorized
            case "/broken":
                raise web.HTTPInternalServerError
            case "/slow":
                await asyncio.sleep(5)
            case _:
                pass
        return web.Response(text="fine", headers={"Set-Cookie": "who=me"})


def certificate(place: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(HOST), x509.DNSName("other.example")]
    names.append(x509.IPAddress(ip_address("127.0.0.1")))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = place / "site.pem", place / "site.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem, secret)
    return serving


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    made = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    place = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificate(tmp_path))
    await place.start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


async def here(host: str, port: int) -> Sequence[str]:
    del host, port
    return ["127.0.0.1"]


def links(place: Path, *inside: str) -> PublicLinks:
    trust = ssl.create_default_context(cafile=str(place / "site.pem"))
    return PublicLinks(inside, look=here, seconds=2, trust=trust)


async def test_what_opens_and_what_does_not(site: Site, tmp_path: Path) -> None:
    base = f"https://{HOST}:{site.port}"
    paths = ("fine", "gone", "no-head", "login", "broken", "slow", "around", "plain", "in", "moved")
    found = await links(tmp_path, HOST).trouble([f"{base}/{path}" for path in paths])
    assert {url.rsplit("/", 1)[1]: why for url, why in found.items()} == {
        "gone": "gone",
        "broken": "failing",
        "slow": "slow",
        "around": "unreachable",
        "plain": "unsafe",
        "in": "inside",
    }
    assert not any({"Cookie", "Authorization", "Referer"} & h.keys() for *_, h in site.asked)


async def test_inside_is_never_asked(site: Site, tmp_path: Path) -> None:
    urls = [
        f"https://{HOST}:{site.port}/fine",
        f"https://127.0.0.1:{site.port}/fine",
        f"https://[::1]:{site.port}/fine",
        f"https://me:secret@{HOST}:{site.port}/fine",
        f"http://{HOST}:{site.port}/fine",
        "https:///fine",
    ]
    found = await links(tmp_path, "other.example").trouble(urls)
    assert list(found.values()) == ["inside", "inside", "inside", "unsafe", "unsafe", "unsafe"]
    assert site.asked == []


@pytest.mark.parametrize(
    "host",
    [
        *("2130706433", "127.1", "0177.0.0.1", "127.0.0.1.", "0", "0x7f.1", "localhost"),
        *("\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021", "\u2460\u2461\u2466.0.0.1"),
        *("[::7f00:1]", "[::ffff:7f00:1]", "[::ffff:0:7f00:1]", "[::1%25lo]", "[64:ff9b::7f00:1]"),
        *("\ud800.example", "[", "[]", "a..b", "%31%32%37.0.0.1"),
    ],
)
async def test_no_spelling_of_a_host_leads_inside(host: str) -> None:
    """Each is tried for real, at a door that is open on this machine."""
    knocks: list[int] = []

    async def knocked(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append(1)
        writer.close()

    server = await asyncio.start_server(knocked, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        url = f"https://{host}:{port}/"
        found = await PublicLinks(seconds=2).trouble([url])
        assert found[url] in {"inside", "unsafe", "unreachable"}
    assert knocks == []


async def test_what_cannot_be_found_is_told() -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError(host, port)

    found = await PublicLinks(look=nowhere).trouble(["https://gone.example/"])
    assert found == {"https://gone.example/": "unreachable"}

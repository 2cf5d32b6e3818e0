"""Requests that must not get in, by name: what they are, and the answers they may get.

Each is a change to a genuine request. ``authorization`` and the other headers may be lists, to
be sent more than once; ``body`` is sent as it stands.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.adapters.teams.activities import changed, invoke, message
from tests.adapters.teams.genuine import APP, NOW, PERSON, SERVICE, TENANT, Signer, b64, claims

Json: TypeAlias = Any
STRANGER = "12121212-3434-4565-8787-909090909090"
SECONDS = int(NOW.timestamp())


@dataclass
class Hostile:
    """One request; ``status`` is what it must be answered."""

    name: str
    status: int
    authorization: list[str]
    body: bytes
    method: str = "POST"
    headers: list[tuple[str, str]] = field(
        default_factory=lambda: [("Content-Type", "application/json")]
    )


def unsigned(head: dict[str, Any] | str, told: dict[str, Any] | str, signature: str = "") -> str:
    parts = (part if isinstance(part, str) else json.dumps(part) for part in (head, told))
    return ".".join([*(b64(part.encode()) for part in parts), signature])


def requests(ours: Signer, theirs: Signer, weak: Signer, unendorsed: Signer) -> Iterator[Hostile]:
    """Yield them all; the key server knows every signer but ``theirs``."""
    genuine = ours.sign(claims())
    good = json.dumps(message()).encode()

    def request(name: str, status: int, **other: Json) -> Hostile:
        given: Json = {"authorization": [f"Bearer {genuine}"], "body": good, **other}
        return Hostile(name, status, **given)

    yield from (
        request(name, status, authorization=given) for name, status, given in _headers(genuine)
    )
    yield from (
        request(name, 401, authorization=[f"Bearer {token}"])
        for name, token in _tokens(ours, theirs, weak, genuine)
    )
    token = unendorsed.sign(claims())
    yield request("key not endorsed for Teams", 403, authorization=[f"Bearer {token}"])
    yield from (
        request(name, 401, authorization=[f"Bearer {ours.sign(told)}"]) for name, told in _claims()
    )
    yield from (
        request(f"serviceurl claim: {name}", 403, authorization=[f"Bearer {ours.sign(told)}"])
        for name, told in (
            ("missing", claims(serviceurl=None)),
            ("another", claims(serviceurl="https://smba.trafficmanager.net/amer/")),
            ("empty", claims(serviceurl="")),
            ("a list", claims(serviceurl=[SERVICE])),
        )
    )
    for url in _hosts():
        token = ours.sign(claims(serviceurl=url))
        body = json.dumps(message(serviceUrl=url)).encode()
        yield request(f"host {url}", 403, authorization=[f"Bearer {token}"], body=body)
    yield from (
        request(name, status, body=json.dumps(activity).encode())
        for name, status, activity in _activities()
    )
    yield from (request(name, 400, body=body) for name, body in _bodies(good))
    yield request("too long", 413, body=b" " * (256 * 1024) + good)
    yield request("far too long", 413, body=b'{"a":"' + b"x" * 1024 * 1024 + b'"}')
    yield request("a megabyte, unsigned", 413, authorization=[], body=b"[" * 1024 * 1024)
    yield from (
        request(f"method {method}", 405, method=method, body=b"")
        for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
    )
    yield from (
        request(f"content type {kinds}", 415, headers=[("Content-Type", k) for k in kinds])
        for kinds in (
            ["text/plain"],
            ["application/x-www-form-urlencoded"],
            ["application/json; charset=utf-16"],
            ["application/jsonp"],
            ["multipart/form-data"],
        )
    )
    json_type = ("Content-Type", "application/json")
    yield request("compressed", 415, headers=[json_type, ("Content-Encoding", "gzip")])


def _headers(genuine: str) -> Iterator[tuple[str, int, list[str]]]:
    yield "no authorization", 401, []
    yield "two authorizations", 400, [f"Bearer {genuine}", f"Bearer {genuine}"]
    yield "good and bad authorization", 400, [f"Bearer {genuine}", "Bearer x"]
    for name, given in (
        ("empty", ""),
        ("scheme alone", "Bearer"),
        ("no token", "Bearer  "),
        ("basic", "Basic YTpi"),
        ("no scheme", genuine),
        ("two in one", f"Bearer {genuine}, Bearer {genuine}"),
        ("word after", f"Bearer {genuine} x"),
        ("two parts", "Bearer " + genuine.rpartition(".")[0]),
        ("four parts", f"Bearer {genuine}.x"),
        ("not base64", "Bearer *.*.*"),
        ("empty parts", "Bearer .."),
        ("header no json", "Bearer " + b64(b"x") + ".e30.e30"),
        ("header a list", "Bearer " + b64(b"[]") + ".e30.e30"),
        ("header no text", "Bearer " + b64(b"\xff\xfe") + ".e30.e30"),
        ("header deep", "Bearer " + b64(b"[" * 3000) + ".e30.e30"),
        ("header twice a key", "Bearer " + b64(b'{"alg":"none","alg":"RS256"}') + ".e30.e30"),
        ("one letter", "Bearer a.b.c"),
        ("nearly too long", "Bearer a." + "b" * 7000 + ".c"),
    ):
        yield f"authorization: {name}", 401, [given]


def _tokens(ours: Signer, theirs: Signer, weak: Signer, genuine: str) -> Iterator[tuple[str, str]]:
    kid = {"kid": ours.name}
    none: tuple[Json, ...] = ("none", "None", "NONE", "nOnE", "", None, 0, [], {"a": 1})
    for alg in none:
        yield f"alg {alg!r}", unsigned({"alg": alg, "typ": "JWT", **kid}, claims())
    public = ours.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for alg, hashed in (("HS256", hashlib.sha256), ("HS512", hashlib.sha512)):
        start = unsigned({"alg": alg, "typ": "JWT", **kid}, claims()).rstrip(".")
        mark = b64(hmac.digest(public, start.encode(), hashed))
        yield f"{alg} with the public key", f"{start}.{mark}"
    head, told, signature = genuine.split(".")
    for alg in ("RS384", "RS512", "PS256", "ES256", "EdDSA", "rs256"):
        yield f"alg {alg}", unsigned({"alg": alg, **kid}, claims(), signature)
    yield "another's key under our name", theirs.sign(claims(), kid=ours.name)
    yield "an unknown key", theirs.sign(claims())
    yield "no key named", theirs.sign(claims(), kid="")
    yield "a key that is a number", unsigned({"alg": "RS256", "kid": 1}, claims(), signature)
    yield (
        "a key that is a path",
        unsigned({"alg": "RS256", "kid": "../../etc"}, claims(), signature),
    )
    yield "a weak key", weak.sign(claims())
    jwk = theirs.entry()
    yield "a key brought along", theirs.sign(claims(), kid=ours.name, jwk=jwk)
    url = "https://evil.example/keys"
    yield "a key to be fetched", theirs.sign(claims(), kid="x", jku=url, x5u=url)
    yield "critical header", ours.sign(claims(), crit=["b64"], b64=False)
    yield "no signature", f"{head}.{told}."
    yield "signature cut", f"{head}.{told}.{signature[:-8]}"
    yield "signature changed", f"{head}.{told}.{'A' * len(signature)}"
    yield (
        "claims changed",
        f"{head}.{b64(json.dumps(claims(exp=SECONDS + 99999)).encode())}.{signature}",
    )
    yield "claims no object", ours.sign("[]")
    yield "claims no json", ours.sign("x")
    yield "claims twice", ours.sign(json.dumps(claims())[:-1] + ', "aud": "' + APP + '"}')


def _claims() -> Iterator[tuple[str, dict[str, Any]]]:
    wrong: dict[str, tuple[Json, ...]] = {
        "iss": (
            "",
            "https://api.botframework.com/",
            "https://sts.windows.net/x/",
            [],
            1,
            "https://login.microsoftonline.com/common/v2.0",
            "HTTPS://API.BOTFRAMEWORK.COM",
        ),
        "aud": ("", STRANGER, [APP], [APP, STRANGER], {"a": 1}, 1, APP + " ", APP.upper() + "x"),
        "exp": (0, SECONDS - 301, str(SECONDS + 99), True, 1e300, -1, [], float(SECONDS - 4000)),
        "nbf": (SECONDS + 600, "x", True),
        "iat": (SECONDS + 600, "x"),
    }
    for name, given in wrong.items():
        yield from ((f"{name} {value!r}", claims(NOW, **{name: value})) for value in given)
    yield from ((f"no {name}", claims(NOW, **{name: None})) for name in ("iss", "aud", "exp"))
    yield "no claims", {}
    skill = {"iss": f"https://sts.windows.net/{TENANT}/", "ver": "1.0", "appid": STRANGER}
    yield "a skill's token", claims(NOW, **skill)
    yield (
        "an emulator's token",
        claims(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"),
    )


def _hosts() -> tuple[str, ...]:
    return (
        "http://smba.trafficmanager.net/emea/",
        "https://evil.example/",
        "https://127.0.0.1/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evilbotframework.com/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evil.example/#smba.trafficmanager.net",
        "https://evil.example\\@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://[::1]/",
        "https://2130706433/",
        "https://localhost:56150/_connector",
        "http://localhost:56150/_connector",
        "file:///etc/passwd",
        "//smba.trafficmanager.net/",
        "https://other.trafficmanager.net/",
        "https://botframework.com.evil.example/x",
        "https://smba.trafficmanager.net\n.evil.example/",
        "https://\uff53mba.trafficmanager.net/",
        "https://smba.trafficmanager.net./",
        "https://.botframework.com/",
        "https://",
        "https://a_b.teams.microsoft.com/",
        "https://teams.microsoft.com.br/",
        "https://smba.trafficmanager.net/?u=x",
    )


def _activities() -> Iterator[tuple[str, int, dict[str, Any]]]:
    said = message()
    wrong: tuple[tuple[int, str, tuple[Json, ...]], ...] = (
        (403, "channelId", (None, "", "emulator", "webchat", "directline", "MSTEAMS")),
        (403, "serviceUrl", (None, "", "https://evil.example/")),
        (403, "conversation.tenantId", (STRANGER, "common")),
        (403, "channelData.tenant.id", (STRANGER,)),
        (403, "from.aadObjectId", (None, "", "user", PERSON + "x", "../" + PERSON)),
        (400, "conversation.id", (None, "")),
        (400, "type", (None, 7, [], {})),
        (400, "from", (7, [], "x")),
        (400, "text", (7, [], {})),
        (400, "conversation", ([], "a:1", 5)),
        (400, "channelData", ("x", 1, [1])),
        (400, "recipient", (1,)),
        (400, "id", ({},)),
    )
    for status, path, values in wrong:
        yield from ((f"{path} {v!r}", status, changed(said, {path: v})) for v in values)
    nowhere = {"conversation.tenantId": None, "channelData.tenant": None}
    yield "no tenant", 403, changed(said, nowhere)
    yield "no channel data, no tenant", 403, changed(said, {**nowhere, "channelData": None})
    yield "members no list", 400, message(type="conversationUpdate", membersAdded={"id": 1})
    stranger = {"conversation.tenantId": STRANGER, "channelData.tenant.id": STRANGER}
    yield "an invoke from another tenant", 403, changed(invoke(), stranger)


def _bodies(good: bytes) -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "no json", b"hello"
    yield "half", good[:-5]
    yield "two", good + good
    yield "a list", b"[" + good + b"]"
    yield "a string", b'"x"'
    yield "null", b"null"
    yield "no text", b"\xff\xfe" + good
    yield "utf-16", good.decode().encode("utf-16")
    yield "byte order mark", b"\xef\xbb\xbf" + good
    yield "a key twice", good[:-1] + b', "text": "stop"}'
    yield "a key twice, inside", good[:-1] + b', "x": {"a": 1, "a": 2}}'
    yield "NaN", good[:-1] + b', "x": NaN}'
    yield "a huge number", good[:-1] + b', "x": ' + b"9" * 5000 + b"}"
    yield "deep lists", good[:-1] + b', "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    yield "rather deep", good[:-1] + b', "x": ' + b"[" * 80 + b"]" * 80 + b"}"
    yield "deep objects", good[:-1] + b', "x": ' + b'{"a":' * 9000 + b"1" + b"}" * 9000 + b"}"
    yield "a NUL", good + b"\x00"
    yield "a bare control character", good.replace(b"help", b"he\x00lp")
    yield "half a character", good.replace(b"help", b"\\ud83d")

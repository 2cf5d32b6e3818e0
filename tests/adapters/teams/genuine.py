"""What a genuine request from Microsoft carries, so that tests can change one thing at a time."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from jwt.algorithms import RSAAlgorithm

from adapters.teams.account import Cloud, Local

APP = "11111111-2222-4333-8444-555555555555"
TENANT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
PERSON = "99999999-8888-4777-8666-555555555555"
SERVICE = "https://smba.trafficmanager.net/emea/"
ISSUER = "https://api.botframework.com"
SECRET = "q8Zr~v7LkT2nW5xY0pB3mJ6hD9sF4gA1"  # noqa: S105 - made up; pragma: allowlist secret
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that the test owns."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


class NearbyCloud(Cloud):
    """A cloud account whose Bot Connector is on this machine."""

    def trusts(self, service_url: str) -> bool:
        return Local().trusts(service_url) or Cloud.trusts(self, service_url)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Signer:
    """A key pair; ``name`` is its kid."""

    def __init__(self, name: str, bits: int = 2048) -> None:
        self.name = name
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=bits)

    def entry(self, **more: object) -> dict[str, Any]:
        jwk: dict[str, Any] = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        told = {"kid": self.name, "use": "sig", "endorsements": ["msteams", "skype"]}
        return {**jwk, **told, **more}

    def sign(self, told: dict[str, Any] | str, **header: object) -> str:
        """Sign claims, or any text, by hand: a library would refuse half of what we try."""
        head = json.dumps({"typ": "JWT", "alg": "RS256", "kid": self.name, **header})
        text = told if isinstance(told, str) else json.dumps(told)
        start = f"{b64(head.encode())}.{b64(text.encode())}"
        mark = self.private.sign(start.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{start}.{b64(mark)}"


def claims(now: datetime = NOW, /, **changed: object) -> dict[str, Any]:
    """Return the claims of a genuine token; None leaves one out."""
    seconds = int(now.timestamp())
    genuine: dict[str, Any] = {
        "iss": ISSUER,
        "aud": APP,
        "serviceurl": SERVICE,
        "nbf": seconds - 300,
        "exp": seconds + 3300,
    }
    return {name: v for name, v in {**genuine, **changed}.items() if v is not None}

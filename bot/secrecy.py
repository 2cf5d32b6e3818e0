"""Which secrets are refused at the start: those that are no secrets, or do two jobs at once.

What leaks in one place must not open another, so each secret does one job alone. What each looks
like is its maker's choice; what none looks like is a word from a guide.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

SHORTEST: Final = 32
MAKE_ONE: Final = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
PLACEHOLDERS: Final = ("change", "secret", "example", "placeholder", "password", "xxxx", "todo")
_LEFT_OPEN: Final = re.compile(
    r"[…<>{}\s]|\.\.\.|your[-_]|change[-_]?me|placeholder|example|password|todo|x{4,}|0{6,}|"
    r"insert|dummy|^(?:xox[bp]-|xapp-)?(?:secret|token|key|none|null|test|abc|123)?$",
    re.IGNORECASE,
)
_ISSUED: Final = {
    "slack_signing_secrets": ("Basic Information of your Slack app, under Signing Secret", 16, ""),
    "slack_client_secret": ("Basic Information of your Slack app, under Client Secret", 16, ""),
    "slack_bot_token": ("Install App of your Slack app; it begins with xoxb-", 0, "xoxb-"),
    "slack_app_token": ("App-Level Tokens of your Slack app; it begins with xapp-", 0, "xapp-"),
    "teams_secret": ("Certificates & secrets of the app: the value, not the id", 16, ""),
    "crm_client_secret": ("Certificates & secrets of the app: the value, not the id", 16, ""),
}
"""Who issues a secret: where it stands, how short it may be, and how it begins."""
_KEY_BYTES: Final = 32


def unfit(field: str, value: str) -> str | None:
    """Say why one secret cannot be used, and what to do; None if it can."""
    if field in _ISSUED:
        where, shortest, begins = _ISSUED[field]
        if not value.startswith(begins) or len(value) < shortest:
            return f"is not the whole of it; copy it from {where}"
        if _LEFT_OPEN.search(value) or len(set(value.removeprefix(begins))) < len(value) / 8:
            return f"is a placeholder; copy it from {where}"
        return None
    if field == "vault_keys":
        return _unfit_key(value)
    if len(value) < SHORTEST or len(set(value)) < SHORTEST // 4:
        return f"has to be at least {SHORTEST} random characters; {MAKE_ONE}"
    if any(word in value.lower() for word in PLACEHOLDERS):
        return "is a placeholder; make a random one"
    return None


def shared(
    given: Mapping[str, Sequence[str]], together: frozenset[frozenset[str]] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Yield each setting whose secret stands in another one, too, or twice in the same.

    Args:
        given: the secrets of each setting.
        together: pairs of settings that may be the same, because they are one registration.

    """
    seen: dict[str, str] = {}
    for field, values in given.items():
        for value in values:
            other = seen.setdefault(value, field)
            if other == field and values.count(value) > 1:
                yield field, field
                break
            if other != field and frozenset({field, other}) not in together:
                yield field, other


def _unfit_key(value: str) -> str | None:
    try:
        key = b64decode(value, validate=True)
    except (Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES or len(set(key)) < _KEY_BYTES // 4:
        return "has to be 32 random bytes in base64; make a key with: openssl rand -base64 32"
    return None

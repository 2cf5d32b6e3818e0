"""detect-secrets over every text file that is tracked; what it finds needs a written reason.

The reasons stand in ``reasons.toml``, each for one string in one file, by the beginning of its
hash: another string in the same place is another finding. A reason that nothing needs any more is
one, too. Comments that would let a line by do not count here: whoever adds one reads no reason.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings, get_settings

REASONS = Path(__file__).parent / "reasons.toml"
SHOWN = 8
"""Letters of a hash in a reason; longer ones would look like secrets themselves."""
PROCESSES = 2
_ASKS_OUTSIDE = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
_BESIDE = "detect_secrets.filters.allowlist.is_line_allowlisted"


def leaked(root: Path, names: Iterable[str], reasons: Path | None = REASONS) -> list[str]:
    """Return which files of ``root`` hold what looks like a secret, without a written reason."""
    allowed = _reasons(reasons)
    found: list[str] = []
    needed = set[tuple[str, str]]()
    with default_settings():
        # Nothing is asked outside, and no comment in a file decides.
        get_settings().disable_filters(_ASKS_OUTSIDE, _BESIDE)
        secrets = SecretsCollection(root=str(root))
        wanted = [name for name in names if (root / name).is_file()]
        if not wanted:
            return ["detect-secrets found no file to look at"]
        secrets.scan_files(*wanted, num_processors=PROCESSES)
        for name, one in secrets:
            key = name, _short(one)
            needed.add(key)
            if key not in allowed:
                found.append(f"{name}:{one.line_number}: {one.type} ({key[1]})")
    stale = sorted(set(allowed) - needed)
    return [
        *sorted(set(found)),
        *(f"{name}: nothing needs the reason for {what} any more" for name, what in stale),
    ]


def _short(one: PotentialSecret) -> str:
    return one.secret_hash[:SHOWN]


def _reasons(path: Path | None) -> dict[tuple[str, str], str]:
    """Read the reasons; one without words is none."""
    if path is None:
        return {}
    told = tomllib.loads(path.read_text(encoding="utf-8"))["reason"]
    return {(one["file"], what): one["why"] for one in told if one["why"] for what in one["hashes"]}

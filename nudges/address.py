"""Where someone can be written to."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Platform: TypeAlias = Literal["browser", "slack", "teams"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person can be written to on one platform.

    ``reference`` is what the platform needs to write first (a Slack channel, a Teams
    conversation reference as JSON); only that platform's adapter reads it. A ``closed`` address
    cannot be written to any more, and opens again when the person comes back.
    """

    platform: Platform
    tenant: str
    user: str
    reference: str = ""
    closed: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Tell one address from another, whatever the platform has told about it since."""
        return (self.platform, self.tenant, self.user)

    @property
    def sender(self) -> str:
        """Name whoever writes from here; what they write is answered in its order."""
        return ":".join(self.key)

    @property
    def lane(self) -> str:
        """Name the platform and tenant, whose pace everyone there shares."""
        return f"{self.platform}:{self.tenant}"

"""Who may do what: one table from role to acts, asked wherever something is about to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """A part someone plays in the change; everyone is a user, some are more."""

    USER = "user"
    MANAGER = "manager"
    SPONSOR = "sponsor"
    CHAMPION = "champion"
    AUTHOR = "author"
    LIMITED_AUTHOR = "limited_author"
    APPROVER = "approver"
    DEPUTY = "deputy"
    CRM_TEAM = "crm_team"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"


class Act(StrEnum):
    """Something that not everyone may do."""

    ANSWER = "answer"
    ASK = "ask"
    SEE_TEAM = "see_team"
    SEE_ORGANISATION = "see_organisation"
    DRAFT = "draft"
    APPROVE = "approve"
    WORK_QUEUE = "work_queue"
    EDIT_PROGRAMME = "edit_programme"
    GRANT = "grant"
    SEE_AUDIT = "see_audit"
    NOMINATE = "nominate"
    SWITCH_USE = "switch_use"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that someone gets, or that is taken from them.

    ``within`` is the audience rule that an author for some groups may write to; others have none.
    """

    person: str
    role: Role
    given: bool = True
    within: str = ""


_EVERYONE = frozenset({Act.ANSWER, Act.ASK})
TABLE = MappingProxyType(
    {
        Role.USER: _EVERYONE,
        Role.MANAGER: _EVERYONE | {Act.SEE_TEAM, Act.NOMINATE},
        Role.SPONSOR: _EVERYONE | {Act.SEE_ORGANISATION},
        Role.CHAMPION: _EVERYONE,
        Role.AUTHOR: _EVERYONE | {Act.DRAFT},
        Role.LIMITED_AUTHOR: _EVERYONE | {Act.DRAFT},
        Role.APPROVER: _EVERYONE | {Act.APPROVE},
        Role.DEPUTY: _EVERYONE | {Act.APPROVE},
        Role.CRM_TEAM: _EVERYONE
        | {Act.SEE_ORGANISATION, Act.DRAFT, Act.WORK_QUEUE, Act.EDIT_PROGRAMME, Act.NOMINATE},
        Role.PRIVACY_OFFICER: _EVERYONE | {Act.SEE_AUDIT, Act.SWITCH_USE},
        Role.ADMIN: _EVERYONE | {Act.GRANT},
    }
)


def may(roles: Iterable[str], act: Act) -> bool:
    """Say whether any of these roles allows the act; an unknown role allows nothing more."""
    known = {Role.USER, *(role for role in Role if role in set(roles))}
    return any(act in TABLE[role] for role in known)

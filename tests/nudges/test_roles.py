"""Who may do what, cell by cell."""

import pytest

from nudges.roles import TABLE, Act, Role, may

CELLS = """
                 answer ask see_team see_organisation draft approve work_queue edit_programme grant see_audit nominate switch_use
user             x      x   .        .                .     .       .          .              .     .         .        .
manager          x      x   x        .                .     .       .          .              .     .         x        .
sponsor          x      x   .        x                .     .       .          .              .     .         .        .
champion         x      x   .        .                .     .       .          .              .     .         .        .
author           x      x   .        .                x     .       .          .              .     .         .        .
limited_author   x      x   .        .                x     .       .          .              .     .         .        .
approver         x      x   .        .                .     x       .          .              .     .         .        .
deputy           x      x   .        .                .     x       .          .              .     .         .        .
crm_team         x      x   .        x                x     .       x          x              .     .         x        .
privacy_officer  x      x   .        .                .     .       .          .              .     x         .        x
admin            x      x   .        .                .     .       .          .              x     .         .        .
"""  # noqa: E501 - a table is read across
HEAD, *ROWS = (line.split() for line in CELLS.strip().splitlines())
WANTED = {
    (row[0], act): mark == "x" for row in ROWS for act, mark in zip(HEAD, row[1:], strict=True)
}


def test_the_table_knows_every_role_and_act() -> None:
    assert {role for role, _ in WANTED} == set(Role) == set(TABLE)
    assert {act for _, act in WANTED} == set(Act)


@pytest.mark.parametrize(("role", "act"), WANTED, ids="-".join)
def test_cell(role: str, act: str) -> None:
    assert may([role], Act(act)) is WANTED[role, act]


@pytest.mark.parametrize("act", Act)
def test_several_roles_add_up(act: Act) -> None:
    both = ["manager", "approver"]
    assert may(both, act) is (WANTED["manager", act] or WANTED["approver", act])


@pytest.mark.parametrize("roles", [[], ["nobody"], ["Admin"], ["admin "], [""]])
@pytest.mark.parametrize("act", Act)
def test_an_unknown_role_is_a_user(roles: list[str], act: Act) -> None:
    assert may(roles, act) is WANTED["user", act]

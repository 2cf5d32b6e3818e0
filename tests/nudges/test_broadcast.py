"""What a broadcast may say, to whom, and who decides."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.audience import EVERYONE, And, Field, Is, Not
from nudges.broadcast import (
    ALONE,
    PATIENCE,
    Broadcast,
    Draft,
    Link,
    Message,
    Stage,
    alone,
    limited,
    may_decide,
    reach,
)
from nudges.people import Person
from nudges.roles import Role
from nudges.wording import BODY, LABEL, PARAGRAPHS, TITLE, paragraphs, refusals, refused_link
from tests.clock import MONDAY

WORDS = {"en": "Offers", "nl": "Offertes"}
PLAIN = Message(WORDS, WORDS)
DRAFT = Draft(PLAIN, "everyone", ALONE + 1)
LATER = timedelta(hours=1)


def person(*roles: Role) -> Person:
    return Person("ann", roles=frozenset(roles))


def handed_in(**changes: object) -> Broadcast:
    return replace(Broadcast(1, "ann", DRAFT, Stage.WAITING, MONDAY), **changes)


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("https://example.com", ""),
        ("https://crm.example.co.uk:8443/a/b?c=d#e", ""),
        ("https://EXAMPLE.com./a", ""),
        ("http://example.com", "https"),
        ("javascript:alert(1)", "https"),
        ("JaVaScRiPt://example.com/%0aalert(1)", "https"),
        ("data:text/html,hello", "https"),
        ("//example.com", "https"),
        ("example.com", "https"),
        ("https://localhost/a", "inside"),
        ("https://intranet/a", "inside"),
        ("https://crm.internal", "inside"),
        ("https://printer.local", "inside"),
        ("https://127.0.0.1", "inside"),
        ("https://2130706433", "inside"),
        ("https://0x7f.1", "inside"),
        ("https://10.1.2.3/a", "inside"),
        ("https://[::1]/a", "inside"),
        ("https://[fd00::1]", "inside"),
        ("https://8.8.8.8", "inside"),
        ("https://ann@example.com", "password"),
        ("https://example.com:secret@evil.example", "password"),
        ("https://еxample.com", "look_alike"),  # noqa: RUF001 - that is the point
        ("https://xn--xample-2of.com", "look_alike"),
        ("https://exa mple.com", "link"),
        ("https://example.com\\@evil.example", "link"),
        ("https://example.com/\u202egpj.exe", "link"),
        ("https://exa_mple.com", "link"),
        ("https://example.com:99999", "link"),
        ("https://[::1", "link"),
        ("https://", "inside"),
        ("https://example.com/" + "a" * 1000, "link"),
    ],
)
def test_a_link_leads_where_it_says(url: str, wrong: str) -> None:
    assert (refused_link(url) or "") == wrong


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        (PLAIN, []),
        (replace(PLAIN, title={"en": "Offers"}), [("title.nl", "title")]),
        (replace(PLAIN, title=WORDS | {"nl": "  "}), [("title.nl", "title")]),
        (replace(PLAIN, title=WORDS | {"en": "a" * TITLE}), []),
        (replace(PLAIN, title=WORDS | {"en": "a" * (TITLE + 1)}), [("title.en", "long_title")]),
        (replace(PLAIN, title=WORDS | {"en": "a\nb"}), [("title.en", "long_title")]),
        (replace(PLAIN, body={}), [("body.en", "body"), ("body.nl", "body")]),
        (replace(PLAIN, body=WORDS | {"en": "a" * BODY}), []),
        (replace(PLAIN, body=WORDS | {"en": "a" * (BODY + 1)}), [("body.en", "long_body")]),
        (
            replace(PLAIN, body=WORDS | {"en": "a\n\n" * (PARAGRAPHS + 1)}),
            [("body.en", "long_body")],
        ),
        (replace(PLAIN, body=WORDS | {"nl": "a\u200bb"}), [("body.nl", "hidden")]),
        (replace(PLAIN, link=Link("https://example.com", WORDS)), []),
        (replace(PLAIN, link=Link("https://example.com", {"en": "a"})), [("label.nl", "label")]),
        (
            replace(PLAIN, link=Link("ftp://example.com", WORDS | {"en": "a" * (LABEL + 1)})),
            [("label.en", "label"), ("link", "https")],
        ),
    ],
)
def test_what_does_not_fit_is_refused_while_it_is_written(
    message: Message, wrong: list[tuple[str, str]]
) -> None:
    assert list(refusals(message, ("en", "nl"))) == wrong


def test_lines_of_a_paragraph_run_on() -> None:
    assert paragraphs("one\ntwo \n \n\n three\n") == ["one two", "three"]


@pytest.mark.parametrize(
    ("roles", "size", "free"),
    [
        ((Role.CRM_TEAM,), ALONE, True),
        ((Role.CRM_TEAM,), ALONE + 1, False),
        ((Role.LIMITED_AUTHOR,), 1, True),
        ((Role.AUTHOR,), 1, False),
        ((Role.AUTHOR, Role.CRM_TEAM), 1, True),
        ((Role.AUTHOR, Role.APPROVER), 1, False),
    ],
)
def test_who_may_send_alone(roles: tuple[Role, ...], size: int, free: bool) -> None:  # noqa: FBT001 - a table
    assert alone(replace(DRAFT, size=size), person(*roles)) == free


def test_nobody_releases_their_own() -> None:
    approver = person(Role.APPROVER, Role.CRM_TEAM)
    assert may_decide(replace(approver, id="bob"), handed_in())
    assert not may_decide(approver, handed_in())
    assert not may_decide(Person("bob", roles=frozenset({Role.CRM_TEAM})), handed_in())


def test_an_author_for_some_groups_reaches_those_alone() -> None:
    service = Is(Field.SEGMENT, ("service",))
    assert reach(EVERYONE, "change", service) == And((EVERYONE, service))
    assert limited(person(Role.LIMITED_AUTHOR))
    assert not limited(person(Role.LIMITED_AUTHOR, Role.CRM_TEAM))
    assert not limited(person(Role.CRM_TEAM))


def test_nothing_new_reaches_who_still_gets_used_to_it() -> None:
    assert reach(EVERYONE, "release_note") == EVERYONE
    new = reach(EVERYONE, "new_function")
    assert new == And((EVERYONE, Not(Is(Field.PHASE, ("go_live", "calm")))))


def test_what_nobody_decides_in_time_is_late() -> None:
    timed = handed_in(draft=replace(DRAFT, begins=MONDAY + LATER))
    assert [timed.late(MONDAY + LATER * n) for n in range(3)] == [False, True, True]
    soon = handed_in()
    assert not soon.late(MONDAY + PATIENCE - LATER)
    assert soon.late(MONDAY + PATIENCE)
    assert not handed_in(stage=Stage.RELEASED).late(MONDAY + PATIENCE)


def test_what_is_released_is_due_at_its_moment() -> None:
    assert not handed_in().due(MONDAY)
    assert handed_in(stage=Stage.RELEASED).due(MONDAY)
    timed = handed_in(stage=Stage.RELEASED, draft=replace(DRAFT, begins=MONDAY + LATER))
    assert [timed.due(MONDAY + LATER * n) for n in range(2)] == [False, True]

"""Rules about audiences: what they mean, how they are written, and how a wrong one is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.adkar import ELEMENTS, Element
from nudges.audience import (
    EVERYONE,
    And,
    Facts,
    Field,
    Group,
    GroupKind,
    In,
    Is,
    Not,
    Or,
    Rule,
    exposes,
    groups_in,
    matches,
    receipts_in,
)
from nudges.audience_language import LONGEST, RuleError, parse, written
from nudges.audience_words import FIELDS, GROUPS, LANGUAGES, LEVELS, RESERVED, VALUES, WORDS, Word
from nudges.people import Person
from nudges.phases import Phase

ANN = Facts(
    Person(
        "ann",
        segment="sales",
        team="Sales/North",
        job="rep",
        language="nl",
        country="DE-BY",
        level=2,
        roles=frozenset({"manager"}),
    ),
    Phase.CALM,
    Element.AWARENESS,
    frozenset({Group(GroupKind.LIST, "pilot"), Group(GroupKind.SLACK_GROUP, "S012")}),
    frozenset({7, 12}),
)

MEANT = [
    "everyone",
    "iedereen",
    "segment is sales",
    "SEGMENT IS sales",
    "segment is sales and language is nl",
    "segment is sales en taal is NL",
    "team is Sales",
    "team is Sales/North",
    "team is Service or role is manager",
    "role is user",
    "rol is gebruiker",
    "region is DE",
    "regio is de-by",
    "region is IN, IS, DE",
    "language is is, nl",
    "job is service, rep",
    "job is service or rep and language is nl",
    "functie is niet service",
    "phase is calm",
    "fase is rust",
    "barrier is awareness",
    "drempel is weten-waarom",
    "barrier is desire, awareness or none",
    "niveau is 2 of 3",
    "not (level is 3)",
    "niet niveau is 3",
    "in list pilot",
    'person in list "pilot"',
    "persoon in lijst pilot",
    "in slack groep S012",
    "person not in slack channel S012",
    "language is en or language is nl",
    "taal is en of nl",
    "taal is en en taal is nl of taal is nl",
    "language is en or (not (team is Service))",
    "segment is service and language is nl or level is 2",
    "  segment\n is\tsales\xa0 ",
    "segment is \u201csales\u201d",
    "segment is \u201esales\u201c",
    "received is 7",
    "ontvangen is 8 of 12",
    "iedereen en ontvangen is niet 8",
    "received is 7 or team is Service",
]
NOT_MEANT = [
    "not everyone",
    "segment is Sales",
    "team is Sales/Nor",
    "team is North",
    "team is sales",
    'team is "Sales%"',
    "team is Sales_North",
    "region is D",
    "region is DE-BYX",
    "role is admin",
    "phase is before",
    "barrier is unknown",
    "in list Pilot",
    "in entra group pilot",
    "person not in list pilot",
    "language is en",
    "segment is sales and (language is en or level is 3)",
    "received is 1",
    "everyone and received is not 7",
    "ontvangen is niet 8 of 7",
]


@pytest.mark.parametrize("text", MEANT)
def test_she_is_meant(text: str) -> None:
    assert matches(parse(text), ANN)


@pytest.mark.parametrize("text", NOT_MEANT)
def test_she_is_not_meant(text: str) -> None:
    assert not matches(parse(text), ANN)


@pytest.mark.parametrize("text", [*MEANT, *NOT_MEANT])
def test_whoever_has_left_is_never_meant(text: str) -> None:
    left = replace(ANN, person=replace(ANN.person, left=True))
    assert not matches(parse(text), left)


@pytest.mark.parametrize(
    ("person", "region"),
    [
        (Person("a", zone="Europe/Amsterdam"), "NL"),
        (Person("a", zone="Europe/Amsterdam", country="BE"), "BE"),
        (Person("a", zone="Asia/Calcutta"), "IN"),
    ],
)
def test_a_region_follows_from_the_zone_where_nobody_said_it(person: Person, region: str) -> None:
    for code in ("NL", "BE", "IN"):
        facts = replace(ANN, person=person)
        assert matches(parse(f"region is {code}"), facts) == (code == region)


WRITTEN = [
    ("everyone", "everyone", "iedereen"),
    ("segment is sales", "segment is sales", "segment is sales"),
    (
        "niet (niveau is 3) en taal is en",
        "level is not 3 and language is en",
        "niveau is niet 3 en taal is en",
    ),
    ("job is a, b, c", "job is a, b or c", "functie is a, b of c"),
    (
        "job is a or b and team is x",
        "(job is a or b) and team is x",
        "(functie is a of b) en team is x",
    ),
    ("(((level is 1)))", "level is 1", "niveau is 1"),
    ('job is "team"', 'job is "team"', 'functie is "team"'),
    ('job is "a\\"b\\\\c"', 'job is "a\\"b\\\\c"', 'functie is "a\\"b\\\\c"'),
    (
        "persoon niet in lijst x of in entra group 1-2",
        "not in list x or in entra group 1-2",
        "niet in lijst x of in entra groep 1-2",
    ),
    (
        "everyone and received is not 7, 8",
        "everyone and (received is not 7 or 8)",
        "iedereen en (ontvangen is niet 7 of 8)",
    ),
    ("phase is voor or na", "phase is before or after", "fase is voor of na"),
]


@pytest.mark.parametrize(("text", "english", "dutch"), WRITTEN)
def test_it_is_written_in_both_languages(text: str, english: str, dutch: str) -> None:
    rule = parse(text)
    assert (written(rule), written(rule, "nl")) == (english, dutch)
    assert parse(english) == parse(dutch) == rule


REFUSED = [
    ("", 1, "the rule ends here", ""),
    ("taem is x", 1, "expected a rule, such as role, job", "team"),
    ("segmnt is x", 1, '"segmnt" is not understood', "segment"),
    ("job is sales or taem is 3", 17, '"taem"', "team"),
    ("segment sales", 9, "expected is", ""),
    ("segment si sales", 9, "expected is", ""),
    ("segment is", 11, "expected a segment", ""),
    ("segment is is", 12, "stands in quotation marks", ""),
    ("job is and level is 3", 8, "stands in quotation marks", ""),
    ("segment is a b", 14, "expected and, or, or the end of the rule", ""),
    ("segment is a adn level is 3", 14, '"adn"', "and"),
    ("segment is a)", 13, "the end of the rule", ""),
    ("(segment is a", 14, "bracket at character 1", ""),
    ("()", 2, "expected a rule", ""),
    ("level is 4", 10, "expected one of 0, 1, 2, 3", ""),
    ("phase is calmm", 10, "expected one of before, go-live, calm, after", "calm"),
    ("drempel is willn", 12, "expected one of awareness", "willen"),
    ("role is king", 9, "expected one of user", ""),
    ("received is", 12, "expected the number of a broadcast, such as 7", ""),
    ("received is seven", 13, '"seven" is not understood; expected the number', ""),
    ("ontvangen is niet 07", 19, "expected the number of a broadcast", ""),
    ("received is 7 or -8", 18, '"-8" is not understood', ""),
    ("received is 0", 13, "the number of a broadcast", ""),
    ("received is 7.0", 13, "the number of a broadcast", ""),
    ("received is 9999999999", 13, "the number of a broadcast", ""),
    ("received is \u0667", 13, "the number of a broadcast", ""),
    ("received is team", 13, "is a word of the rule", ""),
    ("recieved is 7", 1, "expected a rule", "received"),
    (
        " or ".join(f"received is {n}" for n in range(1, 32)),
        546,
        "at most 30 groups, roles and receipts; this one has 31",
        "",
    ),
    ("in lisst x", 4, "expected list, slack group", "list"),
    ("in slack grup x", 4, "expected list, slack group", "slack group"),
    ("in list", 8, "expected the name or id of the group", ""),
    ("person is ann", 8, "expected in", ""),
    ('job is "a', 8, "never closed", ""),
    ('job is "a\\"', 8, "never closed", ""),
    ('job is "a\\', 8, "never closed", ""),
    ('job is " "', 8, "nothing between", ""),
    ('job is "a\nb"', 8, "stands on one line", ""),
    ("job is a\\b", 9, "only between quotation marks", ""),
    ("job is a\0", 9, "U+0000", ""),
    ('job is "a\u202eb"', 10, "U+202E", ""),
    ("job is a\u200bb", 9, "U+200B", ""),
    ("job is \ud800", 8, "U+D800", ""),
    ("job is ,", 8, "expected a job", ""),
    ("everyone,", 9, "the end of the rule", ""),
    ("not", 4, "expected a rule", ""),
    ("(" * 999 + "everyone", 42, "nest too deep", ""),
    ("not " * 60 + "everyone", 165, "nest too deep", ""),
    ("x" * (LONGEST + 1), LONGEST + 1, "at most 2,000 characters", ""),
    ("not " * 30 + "everyone", 129, "at most 20 deep", ""),
    (f"job is {','.join('x' * 201)}", 409, "at most 200 values; this one has 201", ""),
    (
        " or ".join(f"in list {n}" for n in range(31)),
        421,
        "at most 30 groups, roles and receipts; this one has 31",
        "",
    ),
]


@pytest.mark.parametrize(("text", "at", "said", "meant"), REFUSED, ids=[r[0][:30] for r in REFUSED])
def test_a_wrong_rule_is_refused_with_the_place(text: str, at: int, said: str, meant: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse(text)
    message = str(refused.value)
    assert said in message
    assert message.startswith(f"At character {at}: ")
    assert refused.value.meant == meant
    assert (f'Did you mean "{meant}"?' in message) == bool(meant)
    assert len(message) < 300
    assert message.isprintable()


def test_as_much_as_a_rule_may_have() -> None:
    assert parse("not " * 20 + "everyone")
    assert parse("(" * 40 + "everyone" + ")" * 40) == EVERYONE
    assert len(parse(f"job is {','.join('x' * 200)}").values) == 200  # type: ignore[union-attr]
    assert parse(" or ".join(f"in list {n}" for n in range(30)))
    assert parse(f"job is {'x' * (LONGEST - 11)}")


def test_written_out_in_full_it_still_fits() -> None:
    whole = " or ".join(["fase is na"] * 100)
    assert len(written(parse(whole))) > len(whole)
    longer = f"{whole} or job is {'x' * (LONGEST - len(whole) - 11)}"
    with pytest.raises(RuleError, match="written out in full"):
        parse(longer)


values = st.text(min_size=1, max_size=12).filter(
    lambda s: s.isprintable() and s.strip() and "\xa0" not in s
) | st.sampled_from([*sorted(RESERVED), 'a"b', "a\\", "%_", "x' OR 1=1 --", "(", ","])


def _is(field: Field) -> st.SearchStrategy[Rule]:
    if field in VALUES:
        one = st.sampled_from([str(value) for value in VALUES[field]])
    else:
        one = values
        if field is Field.RECEIVED:
            one = st.integers(1, 999_999_999).map(str)
        if field is Field.REGION:
            one = one.map(str.upper)
        if field is Field.LANGUAGE:
            one = one.map(str.lower)
    return st.builds(Is, st.just(field), st.lists(one, min_size=1, max_size=3).map(tuple))


leaf: st.SearchStrategy[Rule] = st.one_of(
    st.just(EVERYONE),
    st.sampled_from(Field).flatmap(_is),
    st.builds(In, st.builds(Group, st.sampled_from(GroupKind), values)),
)


def _joined(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, inner), st.builds(And, several), st.builds(Or, several))


rules = st.recursive(leaf, _joined, max_leaves=8)


@given(rules, st.sampled_from(LANGUAGES))
def test_what_is_written_is_read_as_the_same_rule(rule: Rule, language: str) -> None:
    assert parse(written(rule, language)) == rule


@given(
    st.text()
    | st.lists(st.sampled_from([*RESERVED, "x", "(", ")", ",", '"', "\\", "3"])).map(" ".join)
)
def test_whatever_is_typed_it_is_read_or_refused(text: str) -> None:
    try:
        rule = parse(text)
    except RuleError as error:
        place = error.at
    else:
        place = 1
        for language in LANGUAGES:
            assert parse(written(rule, language)) == rule
    assert 1 <= place <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("everyone", False),
        ("barrier is unknown", True),
        ("not (segment is a or level is 0)", True),
        ("phase is calm and role is manager", False),
        ('job is "barrier"', False),
        ("received is 7", False),
        ("received is 7 and level is 1", True),
    ],
)
def test_what_tells_on_people_is_known(text: str, *, told: bool) -> None:
    assert exposes(parse(text)) is told


def test_the_groups_of_a_rule() -> None:
    found = groups_in(parse("in list a or not (in list a and in slack channel C1)"))
    assert found == {Group(GroupKind.LIST, "a"), Group(GroupKind.SLACK_CHANNEL, "C1")}


def test_the_broadcasts_whose_receipts_a_rule_asks_for() -> None:
    rule = parse("received is 7 or 8 or not (received is 9) and job is 10")
    assert receipts_in(rule) == {7, 8, 9}


def test_every_word_is_there_in_every_language() -> None:
    tables = [WORDS, FIELDS, GROUPS, *VALUES.values()]
    assert all(len(both) == len(LANGUAGES) and all(both) for t in tables for both in t.values())
    assert set(WORDS) == set(Word)
    assert set(FIELDS) == set(Field)
    assert set(GROUPS) == set(GroupKind)
    assert set(VALUES[Field.PHASE]) == set(Phase)
    assert set(VALUES[Field.BARRIER]) == {*ELEMENTS, "none", "unknown"}
    assert set(VALUES[Field.LEVEL]) == set(LEVELS)

"""Whatever somebody types is a name, and nothing but a name."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.crm import batch, queries
from adapters.crm.names import LONGEST, clean, fit, sought
from adapters.crm.reading import Near, One
from dialogs.records import Matches, Nothing, Record, Table, Wanted
from tests.adapters.crm.company import TABLES, Company, dynamics
from tests.adapters.crm.odata import Filter, options
from tests.adapters.crm.schema import SCHEMAS

FRAGMENTS = (
    *("'", "''", '"', "`", "\\", "/", ";", "--", "#", "&", "?", "=", "+", "%", "_", "[", "]", "^"),
    *("%27", "%00", "%2527", "\x00", "\r\n", "\n", "\u2028", "\ud800", "(", ")", ",", "*", "~"),
    *(" or ", " and ", " not ", "1 eq 1", " eq null", "true", "$filter=", "$expand=owninguser"),
    *("contains(name,'", "') or contains(name,'", "accounts(", "/api/data/v9.2/", "$batch"),
    *("; DROP TABLE account", " UNION SELECT ", " LIKE '%", "[a-z]", "[^a]", "{0}", "{{7*7}}"),
    *("HTTP/1.1", "--batch_x", "Content-Type: ", "CallerObjectId: ", "AND", "OR", "||", "&&", "!"),
    *("jan", "de", "vries", "B.V.", "é", "ß", "İ", "😀", "日本語", "א", "\u202e", "\u0301", "ﬃ"),
)
typed = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=9).map(
    "".join
)
ACCOUNT: Table = TABLES["account"]


def shape(path: str) -> str:
    """Return what kind of question this is: texts and the number of pieces left out."""
    asked = options(path.partition("?")[2])
    said = re.sub(r"'(?:[^']|'')*'", "''", asked["filter"])
    said = re.sub(r"(contains\(\w+,''\))(?: and contains\(\w+,''\))*", r"\1", said)
    return "&".join([path.partition("?")[0], said, *(asked[k] for k in ("select", "top"))])


@settings(max_examples=2_000, deadline=None)
@given(typed)
def test_a_question_has_one_shape_and_asks_for_what_was_typed(name: str) -> None:
    path = queries.named(name, ACCOUNT, 20)
    if path is None:
        assert not sought(name)
        return
    assert path.isascii()
    assert not set(path) & set(" '\"<>\\^`{|}\r\n#")
    assert shape(path) == shape(queries.named("contoso", ACCOUNT, 20) or "")
    asked = options(path.partition("?")[2])["filter"]
    test = Filter(SCHEMAS["account"].kinds, "account", asked).test()
    assert test({"name": clean(name), "accountnumber": None})
    assert not test({"name": "", "accountnumber": ""}), "a condition that is always true"
    inside = re.findall(r"'((?:[^']|'')*)'", asked)
    assert inside[: len(sought(name))] == [
        queries.text(queries.inert(piece))[1:-1] for piece in sought(name)
    ]


@settings(max_examples=2_000, deadline=None)
@given(typed)
def test_a_search_is_words_and_slips(name: str) -> None:
    said = queries.term(name)
    assert len(said) <= LONGEST
    assert re.fullmatch(r"(?:[^\W_]+(?:~[12])?(?: (?!$)|$))*", said), said
    body = queries.search(name, [ACCOUNT], 20)
    assert (body is None) == (not said)


@settings(max_examples=500, deadline=None)
@given(typed, typed)
def test_names_can_be_compared_whatever_they_are(one: str, other: str) -> None:
    assert fit(clean(one), clean(one)) == 0 or not clean(one)
    assert 0 <= fit(one, other) <= 4
    assert len(clean(one)) <= LONGEST
    assert clean(clean(one)) == clean(one)


NASTY = [
    *FRAGMENTS,
    "x' or name ne null or name eq 'x",
    "') or contains(name,'",
    "jan\r\n--batch_1\r\nGET /api/data/v9.2/accounts HTTP/1.1",
    "Rijn%' OR '1'='1",
    "' ; DELETE FROM account; --",
    "Robert'); DROP TABLE contacts;--",
    "x" * 65_536,
    "'" * 500,
    " ".join(["or"] * 200),
]


@pytest.mark.parametrize("searching", [True, False], ids=["search", "no search"])
async def test_nothing_typed_is_an_error(acme: Company, *, searching: bool) -> None:
    acme.crm.search.off = not searching
    async with dynamics(acme.crm) as crm:
        for name in NASTY:
            found = await crm.look_up(Wanted(name), acme.tom)
            assert isinstance(found, Record | Matches | Nothing), (name[:50], found)
        batches = [body for body in acme.crm.bodies if "batch_" in body]
        for body in batches:
            lines = body.split("\r\n")
            assert len([x for x in lines if x.startswith("GET ")]) == body.count("application/http")


async def test_many_that_nobody_thought_of_are_no_error_either(acme: Company) -> None:
    chance = Random(8)  # noqa: S311 - the same ones every time
    async with dynamics(acme.crm) as crm:
        for number in range(400):
            acme.crm.search.off = number % 2 == 0
            name = "".join(chance.choices(FRAGMENTS, k=chance.randint(1, 8)))
            found = await crm.look_up(Wanted(name), acme.tom)
            assert isinstance(found, Record | Matches | Nothing), (name, found)
            assert "CANARY" not in repr(found)


async def test_a_wildcard_is_a_character(acme: Company) -> None:
    acme.crm.search.off = True
    async with dynamics(acme.crm) as crm:
        for name in ("100%", "fiets_en", "[Meer]", "'Zo'", "100% Fiets_en [Meer] 'Zo'"):
            found = await crm.look_up(Wanted(name), acme.tom)
            assert isinstance(found, Record), (name, found)
            assert found.ref.id == acme.ids["percent"]
        for name in ("10_%", "[0-9]00", "fiets%en", "_00%", "[^x]", "1_0"):
            assert await crm.look_up(Wanted(name), acme.tom) == Nothing(), name
        found = await crm.look_up(Wanted("%"), acme.tom)
        assert isinstance(found, Matches), "only what has the character is there"
        assert [match.ref.id for match in found.some] == [acme.ids["percent"]]


@pytest.mark.parametrize("bad", ["", "x", "1", "..", "x)/owninguser", "0' or 1 eq 1", "a" * 36])
def test_an_id_that_is_none_never_leaves(bad: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        queries.one(One("accounts", bad, ("name",)))
    with pytest.raises(ValueError, match="not an id"):
        queries.near(Near("quotes", "quoteid", "_customerid_value", bad, "createdon desc"))


def test_a_batch_names_who_asks_in_every_part() -> None:
    kind, body = batch.write(["/a", "/b"], {"CallerObjectId": "x"})
    assert kind.startswith("multipart/mixed; boundary=")
    assert body.count(b"CallerObjectId: x\r\n") == 2

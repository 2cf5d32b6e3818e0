"""Microsoft's own Python client reads and writes in the fake: a referee that did not write it.

It insists on https, so the fake gets a certificate of its own for the length of the test.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError, MetadataError

from tests.adapters.crm.company import Company, company

TOKEN = "the referee's pass"  # noqa: S105 - made up


class _Pass:
    """What the client takes for a sign-in."""

    def get_token(self, *_scopes: str, **_more: Any) -> AccessToken:  # noqa: ANN401 - its own
        return AccessToken(TOKEN, int((datetime.now(UTC) + timedelta(hours=1)).timestamp()))


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for this machine's own address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    whole, trusted = folder / "whole.pem", folder / "trusted.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    whole.write_bytes(
        trusted.read_bytes()
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(whole)
    return context, trusted


@pytest.fixture
async def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Company]:
    made = company()
    made.crm.tokens.add(TOKEN)
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    async with made.crm.served(context):
        yield made


def _referee(base: str, work: Any) -> Any:  # noqa: ANN401 - whatever it finds
    with DataverseClient(base, _Pass()) as client:
        return work(client)


async def refereed(acme: Company, work: Any) -> Any:  # noqa: ANN401 - the same
    return await asyncio.to_thread(_referee, acme.crm.base, work)


async def test_it_writes_reads_changes_and_deletes(acme: Company) -> None:
    def work(client: DataverseClient) -> None:
        made = client.records.create("account", {"name": "O'Neill & Co", "telephone1": "1"})
        got = client.records.retrieve("account", made, select=["name", "telephone1"])
        assert got is not None
        assert got["name"] == "O'Neill & Co"
        client.records.update("account", made, {"telephone1": "2"})
        again = client.records.retrieve("account", made, select=["telephone1"])
        assert again is not None
        assert again["telephone1"] == "2"
        client.records.delete("account", made)
        gone = client.records.list("account", filter=f"accountid eq {made}", select=["name"])
        assert [*gone] == []

    await refereed(acme, work)


async def test_it_filters_orders_and_takes_the_first(acme: Company) -> None:
    def work(client: DataverseClient) -> list[str]:
        found = client.records.list(
            "contact",
            filter="contains(fullname,'jan') and statecode eq 0",
            select=["fullname", "jobtitle"],
            orderby=["jobtitle desc"],
            top=2,
        )
        return [row["jobtitle"] for row in found]

    assert await refereed(acme, work) == ["Planner", "Director"]


async def test_it_follows_pages(acme: Company) -> None:
    def work(client: DataverseClient) -> int:
        return len([*client.records.list("account", select=["name"], page_size=2)])

    assert await refereed(acme, work) == len(acme.crm.rows["account"])
    assert [a for a in acme.crm.asked if "skiptoken" in a.query]


async def test_it_reads_annotations(acme: Company) -> None:
    def work(client: DataverseClient) -> Any:  # noqa: ANN401 - a record of theirs
        found = client.records.list(
            "incident",
            filter="ticketnumber eq 'CAS-1'",
            select=["statuscode", "_customerid_value"],
            include_annotations="*",
        )
        return next(iter(found))

    row = await refereed(acme, work)
    assert row["statuscode@OData.Community.Display.V1.FormattedValue"] == "In Progress"
    assert row["_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "contact"


async def test_it_sends_a_batch(acme: Company) -> None:
    known, missing = acme.ids["rijn"], "00000000-0000-4000-8000-00000000dead"

    def work(client: DataverseClient) -> list[tuple[bool, int]]:
        batch = client.batch.new()
        batch.records.retrieve("account", known, select=["name"])
        batch.records.retrieve("account", missing, select=["name"])
        batch.records.create("lead", {"fullname": "Ada Łódź", "subject": "é"})
        done = batch.execute(continue_on_error=True)
        return [(r.is_success, r.status_code) for r in done.responses]

    assert await refereed(acme, work) == [(True, 200), (False, 404), (True, 204)]
    assert any(row.get("fullname") == "Ada Łódź" for row in acme.crm.rows["lead"].values())


async def test_it_is_refused_as_by_the_real_one(acme: Company) -> None:
    def work(client: DataverseClient) -> list[int]:
        refused: list[int] = []
        for said in ("nosuch eq 1", "name eq 'x", "name eq 'a' or", "accountid eq 'x'"):
            with pytest.raises(HttpError) as error:
                client.records.list("account", filter=said, select=["name"])
            refused.append(error.value.status_code or 0)
        with pytest.raises(HttpError) as error:
            client.records.list("account", select=["nosuch"])
        refused.append(error.value.status_code or 0)
        with pytest.raises(MetadataError):
            client.records.list("nosuch", select=["name"])
        return refused

    assert await refereed(acme, work) == [400] * 5

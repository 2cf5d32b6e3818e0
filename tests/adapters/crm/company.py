"""A small company in the fake Dataverse: three people with other rights, and canaries.

Every value that Tom may not read says CANARY, whatever kind of record it stands in, so that one
look at an answer tells whether it got out.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from adapters.content.tables import load_tables
from adapters.crm.dynamics import Dynamics, Place
from adapters.crm.passes import Registration
from dialogs.records import Asker
from tests.adapters.crm.dataverse import CLIENT, SECRET, TENANT, Dataverse
from tests.adapters.crm.records import User
from tests.adapters.crm.schema import SCHEMAS
from tests.clock import MONDAY

CANARY = "CANARY"
APP = "5d1e7c1a-2f0b-4c7e-9a44-0c9f6f1d2b30"
TABLES = load_tables()
PLENTY = 30.0
BASE: tuple[str, ...] = ("account", "contact", "opportunity", "lead", "incident", "quote")
BESIDE: tuple[str, ...] = ("activitypointer", "appointment")


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


@dataclass
class Company:
    """The fake, its people, and some of its records by name."""

    crm: Dataverse
    ids: dict[str, str]

    ann = Asker("ann", "en", guid(9001), "ann@acme.example")
    tom = Asker("tom", "nl", guid(9002), "tom@acme.example")
    eve = Asker("eve", "en", "", "eve@acme.example")
    """Eve has no id in Entra, and may not look at opportunities, quotes or users at all."""
    nobody = Asker("nobody", "en", guid(9099), "nobody@acme.example")

    def put(self, table: str, known: str, **values: Any) -> str:  # noqa: ANN401 - any value
        self.ids[known] = self.crm.add(table, **values)
        return self.ids[known]


def company() -> Company:
    made = Company(Dataverse(), {})
    crm = made.crm
    may: dict[str, str] = dict.fromkeys(BASE + BESIDE, "team")
    everyone = {"systemuser": "all", "team": "all", "transactioncurrency": "all"}
    crm.user(
        User(guid(1), "Ann All", "ann@acme.example", guid(9001), dict.fromkeys(SCHEMAS, "all"))
    )
    crm.user(User(guid(2), "Tom Team", "tom@acme.example", guid(9002), may | everyone, {guid(5)}))
    only: dict[str, str] = dict.fromkeys(("account", "contact", "incident", *BESIDE), "team")
    crm.user(User(guid(3), "Eve Few", "eve@acme.example", None, only, {guid(2), guid(5)}))
    crm.user(User(guid(4), f"{CANARY} Other", "other@acme.example", guid(9004), may))
    crm.user(User(guid(5), "Mia Mate", "mia@acme.example", guid(9005), may))
    crm.user(User(guid(6), "Gone Away", "gone@acme.example", guid(9006), may, disabled=True))
    euro = crm.add("transactioncurrency", currencyname="Euro", isocurrencycode="EUR")
    _mine(made, euro)
    _theirs(made, euro)
    return made


def _mine(made: Company, euro: str) -> None:
    """Add what Tom's team owns."""
    tom, mia = ("systemuser", guid(2)), ("systemuser", guid(5))
    rijn = made.put(
        "account",
        "rijn",
        name="Rijn Transport B.V.",
        ownerid=mia,
        telephone1="+31 26 1234567",
        address1_city="Arnhem",
        address1_composite="Rijnkade 1\r\n6811 AA Arnhem\r\nNetherlands",
        revenue=1_250_000.5,
        transactioncurrencyid=("transactioncurrency", euro),
    )
    berg = made.put(
        "account", "berg", name="Van der Berg & Zn. B.V.", ownerid=tom, address1_city="Zwolle"
    )
    for known, at, job in (("jan", rijn, "Planner"), ("jan2", berg, "Director")):
        made.put(
            "contact",
            known,
            fullname="Jan de Vries",
            ownerid=tom,
            jobtitle=job,
            telephone1=f"+31 6 {job}",
            parentcustomerid=("account", at),
        )
    made.put("contact", "anna", fullname="Anna Bakker", ownerid=tom, emailaddress1="anna@x.example")
    anna = ("contact", made.ids["anna"])
    made.put(
        "incident",
        "case",
        title="Portal login",
        ticketnumber="CAS-1",
        ownerid=mia,
        customerid=anna,
        statuscode=1,
        prioritycode=2,
    )
    for name in ("Renewal", "Pilot"):
        made.put("opportunity", name, name=name, ownerid=tom, parentaccountid=("account", rijn))
    made.put(
        "opportunity",
        "done",
        name="Done deal",
        ownerid=tom,
        parentaccountid=("account", rijn),
        statecode=1,
        estimatedclosedate="2026-12-24",
    )
    for day in ("2026-11-02", "2026-10-01"):
        made.put(
            "activitypointer",
            day,
            subject="Call",
            ownerid=tom,
            regardingobjectid=("account", rijn),
            statecode=1,
            actualend=f"{day}T10:00:00Z",
        )
    made.put(
        "appointment",
        "visit",
        subject="Visit",
        ownerid=tom,
        regardingobjectid=("account", rijn),
        statecode=3,
        scheduledstart="2026-11-20T08:00:00Z",
    )
    made.put("account", "percent", name="100% Fiets_en [Meer] 'Zo' B.V.", ownerid=tom)
    made.put("account", "unowned", name="Anders Bezit", ownerid=tom, parentaccountid=None)


def _theirs(made: Company, euro: str) -> None:
    """Add what Tom may not read, near everything that he may."""
    other = ("systemuser", guid(4))
    rijn = ("account", made.ids["rijn"])
    secret = made.put(
        "account",
        "secret",
        name=f"{CANARY} Holding",
        ownerid=other,
        telephone1=f"{CANARY} phone",
        address1_city=f"{CANARY} city",
        revenue=999_999_999,
        transactioncurrencyid=("transactioncurrency", euro),
    )
    made.put(
        "account",
        "namesake",
        name="Rijn Transport B.V.",
        ownerid=other,
        address1_city=f"{CANARY} town",
        telephone1=f"{CANARY} number",
    )
    made.put(
        "contact",
        "jan3",
        fullname="Jan de Vries",
        ownerid=other,
        jobtitle=f"{CANARY} job",
        parentcustomerid=("account", secret),
    )
    made.put("contact", "worker", fullname=f"{CANARY} Worker", ownerid=other, parentcustomerid=rijn)
    made.put(
        "contact",
        "works",
        fullname="Kim de Wit",
        ownerid=("systemuser", guid(2)),
        parentcustomerid=("account", secret),
    )
    for number in range(3):
        made.put(
            "opportunity",
            f"hidden{number}",
            name=f"{CANARY} deal {number}",
            ownerid=other,
            parentaccountid=rijn,
            estimatedvalue=1,
        )
    made.put("incident", "hidden", title=f"{CANARY} case", ownerid=other, customerid=rijn)
    made.put(
        "incident",
        "hidden2",
        title=f"{CANARY} Anna's",
        ownerid=other,
        customerid=("contact", made.ids["anna"]),
    )
    made.put("quote", "quote", name=f"{CANARY} quote", ownerid=other, customerid=rijn)
    made.put(
        "activitypointer",
        "newest",
        subject=f"{CANARY} call",
        ownerid=other,
        statecode=1,
        regardingobjectid=rijn,
        actualend="2026-11-15T10:00:00Z",
    )
    made.put(
        "appointment",
        "sooner",
        subject=f"{CANARY} visit",
        ownerid=other,
        statecode=3,
        regardingobjectid=rijn,
        scheduledstart="2026-11-17T10:00:00Z",
    )
    made.put("lead", "lead", fullname="Lea Lead", companyname=f"{CANARY} Inc", ownerid=other)


@asynccontextmanager
async def dynamics(
    crm: Dataverse,
    now: Callable[[], datetime] = lambda: MONDAY,
    budget: float = PLENTY,
    **more: Any,  # noqa: ANN401 - what a test wants to own
) -> AsyncGenerator[Dynamics]:
    """Connect to the fake, which is being served; a busy machine has time enough."""
    one = Dynamics(
        Place(crm.base, APP, f"{crm.base}/"),
        Registration(TENANT, CLIENT, SECRET),
        lambda: TABLES,
        now,
        budget=budget,
        **more,
    )
    try:
        yield one
    finally:
        await one.close()


def speaking(asker: Asker, language: str) -> Asker:
    return replace(asker, language=language)

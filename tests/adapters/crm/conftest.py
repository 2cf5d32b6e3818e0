"""The company, served, and our way to it."""

from collections.abc import AsyncGenerator

import pytest

from adapters.crm.dynamics import Dynamics
from tests.adapters.crm.company import Company, company, dynamics


@pytest.fixture
async def acme() -> AsyncGenerator[Company]:
    made = company()
    made.crm.search.limits = False
    async with made.crm.served():
        yield made


@pytest.fixture
async def crm(acme: Company) -> AsyncGenerator[Dynamics]:
    async with dynamics(acme.crm) as one:
        yield one

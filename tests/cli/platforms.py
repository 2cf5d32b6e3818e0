"""Every platform that the settings can connect, made up, and settings that fit them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.store.database import Store
from tests.adapters.crm.dataverse import CLIENT, Dataverse
from tests.adapters.crm.dataverse import SECRET as CRM_SECRET
from tests.adapters.slack.desk import SECRET as SIGNING
from tests.adapters.slack.fake import FakeSlack
from tests.adapters.teams.fakes import FakeEntra
from tests.adapters.teams.genuine import APP, TENANT
from tests.adapters.teams.genuine import SECRET as TEAMS_SECRET
from tests.desk import SECRET


@dataclass
class Platforms:
    """Slack, Entra and a CRM that run, and settings that connect them all, with a database."""

    slack: FakeSlack
    entra: FakeEntra
    crm: Dataverse
    settings: dict[str, str]


@asynccontextmanager
async def platforms(folder: Path) -> AsyncGenerator[Platforms]:
    """Run them all until the block ends."""
    slack, crm = FakeSlack(), Dataverse()
    await slack.start()
    address = f"sqlite:///{folder / 'x.db'}"
    await (await Store.open(address, create=True)).close()
    (folder / "own").mkdir()
    with FakeEntra() as entra:
        async with crm.served():
            settings = {
                "secret": SECRET,
                "database": address,
                "content": str(folder / "own"),
                "slack_api": f"{slack.origin}/api/",
                "graph_api": entra.url,
                "slack_app_id": "A1",
                "slack_signing_secrets": SIGNING,
                "slack_bot_token": "xoxb-1",
                "slack_teams": "T1",
                "teams_app_id": APP,
                "teams_tenant": TENANT,
                "teams_secret": TEAMS_SECRET,
                "crm_url": crm.base,
                "crm_app": APP,
                "crm_client_id": CLIENT,
                "crm_client_secret": CRM_SECRET,
            }
            yield Platforms(slack, entra, crm, settings)
    await slack.stop()

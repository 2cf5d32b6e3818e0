"""Which groups are due, and who asks for them: the same on each database."""

from datetime import timedelta

from adapters.store.database import Store
from dialogs.guide import HelpNote
from nudges.audience import Group, GroupKind
from nudges.audience_language import parse
from tests.clock import MONDAY

HOUR = timedelta(hours=1)
LIST, SLACK = Group(GroupKind.LIST, "pilot"), Group(GroupKind.SLACK_GROUP, "S1")
CHANNEL, ENTRA = Group(GroupKind.SLACK_CHANNEL, "C1"), Group(GroupKind.ENTRA_GROUP, "6f1c")
RULE = "in slack channel C1 or not person in entra group 6f1c or in list pilot"


async def test_due_is_what_was_not_fetched_or_tried_lately(store: Store) -> None:
    async with store.write() as work:
        await work.keep_list(LIST, [], "pilot.csv", MONDAY)
        await work.keep_group(SLACK, [], "Slack T1", MONDAY)
        await work.begin_spread(
            "b:1", HelpNote(), parse(RULE), MONDAY, own_morning=False, now=MONDAY
        )
    async with store.read() as work:
        assert await work.groups_wanted() == [ENTRA, CHANNEL, SLACK]
        assert await work.groups_due(MONDAY - HOUR) == [ENTRA, CHANNEL]
        assert await work.groups_due(MONDAY) == [ENTRA, CHANNEL, SLACK]
    async with store.write() as work:
        assert await work.try_group(ENTRA, MONDAY, MONDAY - HOUR)
        assert not await work.try_group(ENTRA, MONDAY, MONDAY - HOUR), "somebody just did"
        assert await work.groups_due(MONDAY - HOUR) == [CHANNEL]
        assert await work.try_group(ENTRA, MONDAY + HOUR, MONDAY)

"""The walk everything hangs on: asked, answered, kept, followed up, on each kind of store."""

import pytest

from adapters.store.database import Store
from tests.clock import Clock
from tests.desk import open_desk

WALKS = {
    "ann": ("English", "Less searching and double work", "Rather not now", "Ask me now"),
    "bob": ("Nederlands", "Minder zoeken en dubbel werk", "Nu liever niet", "Vraag het me nu"),
}


@pytest.mark.parametrize("who", WALKS)
async def test_from_hello_to_a_follow_up_the_next_morning(
    store: Store, clock: Clock, who: str
) -> None:
    desk = await open_desk(store, clock)
    await desk.joins(who)
    for label in WALKS[who]:
        await desk.taps(who, label)
    print("\n---\n".join(s.text for s in desk.chat(who)))
    assert desk.last(who).buttons["1"]
    clock.pass_(seconds=20)
    await desk.taps(who, "1")
    await desk.taps(who, "2")
    print("\n---\n".join(s.text for s in desk.chat(who)))
    clock.pass_(hours=24)
    await desk.plan()
    print("\n---\n".join(s.text for s in desk.chat(who)))
    assert 0

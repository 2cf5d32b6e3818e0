"""The walk everything hangs on: asked, answered, kept, followed up, on each kind of store."""

import pytest

from adapters.store.database import Store
from nudges.adkar import Element
from tests.clock import Clock
from tests.desk import LIBRARY, open_desk

WALKS = {
    "ann": ("English", "Less searching and double work", "Rather not now", "Ask me now"),
    "bob": ("Nederlands", "Minder zoeken en dubbel werk", "Nu liever niet", "Vraag het me nu"),
}
WHY = {
    "ann": "because of what you said about why we work with Dynamics",
    "bob": "door wat je zei over waarom we met Dynamics werken",
}


@pytest.mark.parametrize("who", WALKS)
async def test_from_hello_to_a_follow_up_the_next_morning(
    store: Store, clock: Clock, who: str
) -> None:
    desk = await open_desk(store, clock)
    await desk.joins(who)
    for label in WALKS[who]:
        await desk.taps(who, label)

    clock.pass_(seconds=20)
    await desk.taps(who, "1")
    clock.pass_(seconds=20)
    await desk.taps(who, "2")
    async with store.read() as work:
        kept = (await work.answers([who], clock()))[who]
    assert [(a.question, a.score) for a in kept] == [("A1", 1), ("D1", 2)]
    assert "1" not in desk.last(who).buttons, "the answered card is replaced"
    before = len(desk.chat(who))

    await desk.plan()
    assert len(desk.chat(who)) == before, "nothing follows on the same day"
    clock.pass_(hours=25)
    await desk.plan()

    assert len(desk.chat(who)) == before + 1, "one touch a day"
    assert WHY[who] in desk.last(who).text
    titles = [s.title for n, s in LIBRARY.stories.items() if n.startswith(Element.AWARENESS)]
    assert desk.last(who).card.title in {t for title in titles for t in title.values()}

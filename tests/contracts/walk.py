"""A conversation on a platform: the same tables as the dialogs have, through the real door."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nudges.hours import next_morning
from nudges.people import Motivator
from nudges.roles import Grant, Role
from tests.contracts.platforms.seen import Seen, squash
from tests.contracts.platforms.world import Answered, Raw, World
from tests.dialogs.talk import (
    GAP,
    NOTHING,
    SPEAKERS,
    Fills,
    Holds,
    IsKnown,
    Joins,
    Says,
    Table,
    Taps,
    They,
    Waits,
    said,
)

WALK: Table = (
    (Joins(), ("welcome.title", "welcome.confidential")),
    (Taps("language"), "matters.title"),
    (Taps("motivator.time"), "tell.title"),
    (Taps("tell.open"), "form:tell.form"),
    (Fills({"expect": "Minder lijstjes", "problem": "<b>é</b>"}), ("ready.title", "ready.told")),
    (Says("xyzzy plugh"), "lost.title"),
    (Taps("button.pulse"), "pulse.title.again"),
    (Taps("2"), "pulse.one_more"),
    (Taps("2"), "thanks.follow_up"),
    (Taps("thanks.comment"), "form:comment.title"),
    (Fills({"comment": "More time. +1 & <i> <!channel>"}), "thanks.commented"),
    (Taps("thanks.change"), "pulse.title.again"),
    (Says("typed.1"), ("answered.title", "pulse.one_more")),
    (Taps("1"), "thanks.follow_up"),
    (Waits(25), "follow_up.why"),
    (Says("My list is in my head"), "raised.title.feedback"),
    (Taps("follow_up.useful"), "noted.useful"),
    (Says("typed.settings"), "settings.title"),
    (Taps("settings.change"), "form:settings.form"),
    (Fills({"start": "17", "end": "9"}), "error:settings.error.hours"),
    (Fills({"start": "8", "end": "16", "days": "0,2,4"}), "settings.title.saved"),
    (Says("typed.language"), "language.title"),
    (Taps("language"), "quiet.language"),
    (Says("typed.pause"), "pause.title"),
    (Taps("pause.week"), "quiet.paused"),
    (Waits(24), NOTHING),
    (Taps("button.resume"), "quiet.resumed"),
    (Says("typed.stop"), "quiet.stopped"),
    (Says("typed.resume"), "quiet.resumed"),
    (Says("typed.help"), ("help.title", "help.stop")),
    (Taps("button.why"), "why.title"),
    (Says("typed.programme"), "desk.closed.title"),
    (Holds(Role.CRM_TEAM), NOTHING),
    (Says("typed.programme"), "desk.groups"),
    (Taps("desk.purpose"), "form:desk.form.purpose"),
    (Fills({"name_en": ""}), "error:desk.error.empty"),
    (Fills({"name_en": "North", "purpose_nl": "Eén verhaal"}), "desk.saved"),
    (Says("typed.roles"), ("roles.mine", "roles.ask")),
)
ASKED: Table = ((IsKnown(), NOTHING), (Says("typed.pulse"), "pulse.title.again"))


def holds(text: str, language: str, key: str) -> bool:
    """Tell whether a card says a sentence, whatever stands in its slots."""
    parts = (squash(part) for part in GAP.split(said(language, key)))
    return all(part in text for part in parts)


@dataclass
class Walk:
    """One person's conversation; ``times`` is how often each request arrives."""

    world: World
    language: str
    times: int = 1
    who: str = ""

    def __post_init__(self) -> None:
        self.who = self.who or SPEAKERS[self.language]

    def word(self, key: str) -> str:
        return said(self.language, key)

    def sees(self) -> list[Seen]:
        return self.world.sees(self.who)

    async def goes(self, table: Table) -> None:
        """Walk through a table, and check each of our answers."""
        for place, (they, we) in enumerate(table, 1):
            self.world.clock.pass_(seconds=1)
            before, self.world.at_once = self.sees(), None
            answered = await self.does(they)
            assert answered is None or answered.status == 200, f"{place}: {they}"
            now = self.sees()
            new = [seen for seen in now if seen not in before]
            self._check(f"{place}: {they}", new, (we,) if isinstance(we, str) else we)
            self._check_replaced(f"{place}: {they}", before, now)
            if self.world.shows_at_once and isinstance(they, Taps | Fills):
                self._check_at_once(f"{place}: {they}", before, now)

    async def does(self, they: They) -> Answered | None:
        match they:
            case Joins():
                return await self.sends(self.world.joining(self.who))
            case IsKnown():
                person = await self.world.person(self.who)
                due = next_morning(person, self.world.clock())
                known = {"welcomed": True, "motivator": Motivator.TIME, "next_due": due}
                await self.world.becomes(self.who, **known)
                return None
            case Holds(role):
                async with self.world.store.write() as work:
                    await work.keep([Grant(self.who, role)], "test", self.world.clock())
                return None
            case Says(text):
                words = self.word(text).split(", ") if "." in text else [text]
                return await self.sends(self.world.saying(self.who, words[0]))
            case Taps(label):
                label = self.word(label)
                seen = next(s for s in reversed(self.sees()) if label in s.labels)
                (way, *_) = seen.button(label).ways
                return await self.sends(self.world.pressing(self.who, way, seen))
            case Fills(values):
                window = self.world.windows[self.who]
                window.fill(values)
                return await self.sends(self.world.filling(self.who, window))
            case Waits(hours):
                self.world.clock.pass_(hours=hours)
                await self.world.plan()
                return None

    async def sends(self, raw: Raw) -> Answered:
        """Send a request; as often as it is to arrive, all but the last at once."""
        world = self.world
        if self.times == 1:
            return await world.does(raw)
        repeats = [world.send(world.again(raw)) for _ in range(self.times - 2)]
        answered, *heard = await asyncio.gather(world.does(raw), *repeats)
        await world.answers()
        await world.app.settle()
        once = await at_rest(world, self.who)
        heard.append(await world.send(world.again(raw)))
        await world.answers()
        await world.app.settle()
        assert await at_rest(world, self.who) == once
        for repeat in heard:
            assert repeat == answered, "a repeat hears the same"
        return answered

    def _check(self, place: str, new: Sequence[Seen], we: tuple[str, ...]) -> None:
        window = self.world.windows.get(self.who)
        for key in we:
            kind, _, name = key.rpartition(":")
            if kind == "form":
                assert window, place
                assert window.title == self.word(name), place
                assert not window.errors, place
            elif kind == "error":
                assert window, place
                assert self.word(name) in window.errors.values(), place
            else:
                found = any(holds(s.text, self.language, key) for s in new)
                assert found, f"{place}: {key} is not in {[s.text for s in new]}"
        expected = [key for key in we if ":" not in key]
        assert bool(new) == bool(expected), f"{place}: {[s.text for s in new]}"
        if not any(":" in key for key in we):
            assert window is None, f"{place}: the form is still open"

    def _check_at_once(self, place: str, before: Sequence[Seen], now: Sequence[Seen]) -> None:
        """Who pressed does not wait for the delivery."""
        stood = {seen.ref: seen for seen in before}
        replaced = [s for s in now if s.ref in stood and stood[s.ref] != s]
        assert self.world.at_once or not replaced, place

    def _check_replaced(self, place: str, before: Sequence[Seen], now: Sequence[Seen]) -> None:
        """What came at once is what was delivered, and an old card's buttons are nowhere."""
        if self.world.at_once:
            assert self.world.at_once.look in [seen.look for seen in now], place
        left = {seen.ref: seen for seen in now}
        shown = {repr(way) for seen in now for b in seen.buttons for way in b.ways}
        for old in before:
            if old.ref in left and left[old.ref] != old:
                pressed = {repr(way) for b in old.buttons for way in b.ways}
                assert not pressed & shown, place


async def at_rest(world: World, who: str) -> object:
    """Return all that a second effect would change."""
    seen = [replace(s, buttons=(), raw="") for s in world.sees(who)]
    return seen, await world.facts()

"""Auditors and doors that forget something, so that we see an attack find what it should."""

from collections.abc import Callable, Mapping

from adapters.store.database import Store
from bot.open_numbers import Reading
from nudges import release
from nudges.access import Access
from nudges.group import Figure, told
from nudges.open_numbers import NAMES, Page, Wanted
from nudges.release import TOP, Atom, Closed, Ledger, Unit, Value
from tests.clock import Clock
from tests.release.company import Closes, Said
from tests.release.lived import Lived

Allows = Callable[[Mapping[str, Value], Ledger], bool]


def _every_unit(allows: Allows) -> Closes:
    """Tell each head of all below them, as most reports do: parents, children and leftovers."""

    def closes(
        parents: Mapping[Unit, Unit],
        said: Said,
        ledger: Ledger,
        *,
        chance: Callable[[], float],
    ) -> Closed:
        below = release.close(parents, {}, Ledger(), chance=chance).below
        groups = {
            unit: {p: v for p, (team, v) in said.items() if (team or TOP) in units}
            for unit, units in below.items()
        }
        told = {unit: group for unit, group in groups.items() if allows(group, ledger)}
        return _Plain(tuple(Atom(below[unit], group) for unit, group in told.items()), below)

    return closes


class _Plain(Closed):
    """Numbers that are told as they are."""

    def told(self, unit: Unit) -> tuple[Atom, ...]:
        return tuple(atom for atom in self.atoms if atom.units == self.below[unit])


def _large(values: Mapping[str, Value], _: Ledger) -> bool:
    return len(values) >= release.FLOOR


def _fresh(values: Mapping[str, Value], ledger: Ledger) -> bool:
    return len(ledger.fresh(values)) >= release.FLOOR


floor_alone = _every_unit(_large)
"""A floor of five, as everybody does it: parents less children, and this week less last week."""
fresh_per_head = _every_unit(_fresh)
"""Five new values in every number, but numbers of parents and children overlap."""


class _CountsItself(Reading):
    """Tell programs of everybody who said something, each week, with a floor of five alone."""

    def __init__(self, store: Store, clock: Clock, lived: Lived) -> None:
        super().__init__(store, clock)
        self._said = lived.said

    async def numbers(self, access: Access, wanted: Wanted) -> Page:
        assert access.viewer
        assert wanted.most
        every = sorted(self._said.items(), key=lambda one: (one[0][1], one[0][0]))
        return Page(
            [
                Figure(0, name, week, told(list(values.values())), exact=True, scope="")
                for (name, week), values in every
                if name in NAMES and len(values) >= release.FLOOR
            ]
        )


counts_itself = _CountsItself
"""What many a connector does: it asks the tables themselves, and rounds."""

"""What a dialog has to know before it can answer, looked up in the transaction of its turn."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol, assert_never

from bot.activities import HealthWork, checked
from bot.authoring import PanelWork, panel_for
from bot.contexts import ContextWork, own_use
from dialogs.finding import Ask
from dialogs.turns import (
    AskPanel,
    Below,
    Checkup,
    Coming,
    Context,
    HowSwitched,
    Kept,
    Look,
    Mine,
    MyTips,
    MyUse,
    Someone,
    Whom,
    WithMe,
)
from nudges.colleague import Referral
from nudges.people import Person
from nudges.stories import Told


class LookWork(ContextWork, HealthWork, PanelWork, Protocol):
    """The part of a transaction that things are looked up in."""

    async def named(self, text: str) -> list[Person]:
        """Return who is meant by an id, an e-mail address or a name."""
        ...

    async def anyone_called(self, name: str) -> bool:
        """Say whether anybody here has this name, or this first name."""
        ...

    async def trainings_for(self, person: str, now: datetime) -> list[int]:
        """Return the training sessions to come that somebody can see."""
        ...

    async def below_compliant(self, person: str) -> bool:
        """Say whether somebody's use is below the first level, where that may count at all."""
        ...

    async def kept_of(self, person: str) -> dict[str, int]:
        """Return how many rows are kept of somebody, by table."""
        ...

    async def told_by(self, person: str) -> list[Told]:
        """Return the stories that someone told."""
        ...

    async def referrals_for(self, person: str, *, every: bool) -> list[Referral]:
        """Return the open questions to colleagues that somebody has, or all and proposals."""
        ...


async def looked_up(  # noqa: C901, PLR0912 - a list, read down
    work: LookWork, look: Look, context: Context
) -> Context:
    """Return a context with what was asked for; what lies outside is not looked up here."""
    me = context.person.id
    match look:
        case Whom(text):
            return replace(context, found=tuple(await work.named(text)))
        case Someone(name):
            return replace(context, someone=await work.anyone_called(name))
        case Checkup():
            return replace(context, health=await checked(work, context))
        case AskPanel(rule):
            found = await panel_for(work, rule, context.person, context.now)
            return replace(context, panel=tuple(found))
        case MyTips():
            return replace(context, tips=(await work.tips_known([me]))[me])
        case MyUse():
            return replace(context, use=(await own_use(work, [me], context.now))[me])
        case HowSwitched():
            return replace(context, switch=await work.use_switch())
        case Kept():
            return replace(context, kept=await work.kept_of(me))
        case Below():
            return replace(context, below=await work.below_compliant(me))
        case Coming():
            coming = await work.trainings_for(me, context.now)
            return replace(context, coming=tuple(coming))
        case WithMe(every):
            waiting = await work.referrals_for(me, every=every)
            asked = {one.key: one for one in waiting}
            return replace(context, with_me=tuple(waiting), referrals=asked)
        case Mine():
            told = await work.told_by(me)
            stories = {**context.stories, **{one.number: one for one in told}}
            return replace(context, told=tuple(told), stories=stories)
        case Ask():
            return context
        case _:
            assert_never(look)

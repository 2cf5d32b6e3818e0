"""What dialogs want kept, beside people and their answers: each fact to its table, and audited."""

from collections.abc import Iterable
from datetime import datetime

from adapters.store.activities import Ticks
from adapters.store.audit import Audit, Audited
from adapters.store.broadcast_facts import BroadcastFacts
from adapters.store.champions import Champions
from adapters.store.colleague_facts import ColleagueFacts
from adapters.store.erasure import Erasure
from adapters.store.grants import Grants
from adapters.store.merits import MeritFacts
from adapters.store.norms import Norms
from adapters.store.programme import Programmes
from adapters.store.retention import Sweeps
from adapters.store.rumours import RumourBook
from adapters.store.shadow import ShadowFacts
from adapters.store.stories import Stories
from adapters.store.switch import Switches
from adapters.store.tips import TipsSaid
from adapters.store.training import Trainings
from adapters.store.voice import Voices
from dialogs.facts import BroadcastFact, Fact
from nudges.activities import Tick
from nudges.champions import ChampionStep, Nomination, Offer
from nudges.colleague import ColleagueFact
from nudges.digest import NormsAgreed
from nudges.forgetting import ForgetMe
from nudges.merits import MeritFact
from nudges.questions import Asked, Found, Shown
from nudges.recall import TipSaid
from nudges.retention import RetentionSet
from nudges.roles import Grant
from nudges.rumours import RumourFact
from nudges.shadow import ShadowFact
from nudges.stories import StoryJudged, StoryTold, StoryWithdrawn
from nudges.training import TrainingFact
from nudges.use_linked import UseLinked
from nudges.voice import VoiceFact


class Facts(
    MeritFacts,
    Grants,
    BroadcastFacts,
    Champions,
    Trainings,
    Programmes,
    ColleagueFacts,
    Voices,
    ShadowFacts,
    RumourBook,
    Stories,
    Norms,
    Ticks,
    TipsSaid,
    Switches,
    Erasure,
    Sweeps,
    Audit,
):
    """The facts' part of a transaction."""

    async def keep(  # noqa: C901, PLR0912, PLR0915 - a list, read down
        self, facts: Iterable[Fact], by: str, now: datetime
    ) -> None:
        """Keep facts; ``by`` is who told them: a person's id, or where they came from."""
        for fact in facts:
            if isinstance(fact, BroadcastFact):
                await self.keep_about_broadcast(fact, by, now)
                continue
            if isinstance(fact, TrainingFact):
                await self.keep_about_training(fact, by, now)
                continue
            if isinstance(fact, ColleagueFact):
                await self.keep_about_colleague(fact, by, now)
                continue
            if isinstance(fact, MeritFact):
                await self.keep_merit(fact, by, now)
                continue
            if isinstance(fact, VoiceFact):
                await self.keep_voice(fact, by, now)
                continue
            if isinstance(fact, ShadowFact):
                await self.keep_shadow(fact, by, now)  # theirs alone, like an answer
                continue
            if isinstance(fact, RumourFact):
                await self.keep_rumour(fact, by, now)
                continue
            match fact:
                case Grant():
                    act = "grant" if fact.given else "revoke"
                    await self.grant(fact, by, now)
                    await self.audit(Audited(now, by, act, f"role:{fact.role}", fact.person))
                case Tick():
                    await self.tick(fact)  # theirs alone, like an answer: no log tells of it
                case TipSaid():
                    await self.keep_tip(fact, by, now)  # theirs alone, too
                case Nomination():
                    await self.nominate(fact, by, now)
                    await self.audit(Audited(now, by, "nominate", "champion", fact.person))
                case ChampionStep():
                    await self.step(fact, now)  # a no is told to nobody; a yes brings its grant
                case Offer():
                    await self.offer(fact)
                    await self.audit(Audited(now, by, "offer", "champion", fact.person))
                case NormsAgreed():
                    await self.keep_norms(fact, by, now)
                    await self.audit(Audited(now, by, "agree", "norms"))
                case Asked():  # what people ask is theirs: no log tells of it
                    await self.keep_question(fact, by, now)
                case Found():
                    await self.note_found(fact, by)
                case Shown():
                    await self.keep_shown(fact, by, now)
                case ForgetMe():  # that somebody was forgotten is in the log, and not who
                    await self.say_farewell(by, now)
                case StoryTold():
                    await self.keep_story(fact, by, now)
                    await self.audit(Audited(now, by, "tell", "story"))
                case StoryJudged(number, approved):
                    if await self.judge(number, approved=approved):
                        act = "approve" if approved else "decline"
                        await self.audit(Audited(now, by, act, f"story:{number}"))
                case StoryWithdrawn(number):
                    if await self.take_back(number, by):
                        await self.audit(Audited(now, by, "withdraw", "story"))
                case UseLinked(on):
                    await self.move_use_switch(fact, by, now)
                    act = "switch_on" if on else "switch_off"
                    await self.audit(Audited(now, by, act, "use-linked"))
                case RetentionSet():
                    await self.set_retention(fact, by, now)
                case _:
                    programme = fact.apply(await self.programme(hold=True))
                    await self.keep_programme(programme)
                    await self.audit(Audited(now, by, "edit", fact.about))

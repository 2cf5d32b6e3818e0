"""What people do with broadcasts, each fact to its table; what others may ask about is audited."""

from datetime import datetime

from adapters.store.audit import Audited
from adapters.store.beliefs import Beliefs
from adapters.store.panels import Panels
from adapters.store.reception import Checks
from adapters.store.replies import Replies
from adapters.store.steering import Steering
from dialogs.facts import BroadcastFact
from nudges.belief import Believed
from nudges.broadcast import (
    Agreed,
    Answered,
    Decided,
    DraftDropped,
    DraftKept,
    HandedIn,
    Received,
    ReplyDone,
    Stage,
    occasion,
)
from nudges.panel import PanelAsked, PanelSaid
from nudges.reception import AnswerRead, CheckAnswered
from nudges.steering import Followed, Switched, TakenBack


class BroadcastFacts(Panels, Replies, Checks, Beliefs, Steering):
    """The part of a transaction that keeps what people do with broadcasts."""

    async def keep_about_broadcast(  # noqa: C901, PLR0912 - a list, read down
        self, fact: BroadcastFact, by: str, now: datetime
    ) -> None:
        """Keep a fact about a broadcast; ``by`` is who told it."""
        match fact:
            case DraftKept():
                await self.keep_draft(fact, by, now)  # nobody else sees it
            case DraftDropped(key):
                await self.drop_draft(key, by)
            case HandedIn():
                if number := await self.hand_in(fact, by, now):
                    await self.audit(Audited(now, by, "hand_in", occasion(number)))
            case Agreed(number, agreed):
                if await self.agree(number, by, now, agreed=agreed):
                    act = "agree" if agreed else "decline"
                    await self.audit(Audited(now, by, act, occasion(number)))
            case Decided(number, approved):
                stage = Stage.RELEASED if approved else Stage.DECLINED
                if await self.decide(number, stage, by, now):
                    act = "approve" if approved else "decline"
                    await self.audit(Audited(now, by, act, occasion(number)))
            case Switched():
                await self.steer(fact, by, now)
            case Followed():
                await self.follow(fact, by, now)  # changes nothing for anybody else
            case TakenBack(number):
                await self.recall(number, by, now)
            case Received(number):
                await self.receive(number, by, now)
            case Answered(number, text):
                await self.write_back(number, by, text, now)
            case ReplyDone(number):
                if await self.finish_reply(fact, now):
                    await self.audit(Audited(now, by, "answer", f"reply:{number}"))
            case PanelAsked(key):
                await self.ask_panel(fact, now)
                await self.audit(Audited(now, by, "ask_panel", f"draft:{key}"))
            case PanelSaid():
                await self.hear_panel(fact, by, now)  # theirs to say, for the author to read
            case CheckAnswered():
                await self.answer_check(fact, by, now)  # theirs alone: no log tells of it
            case AnswerRead(number):
                if await self.read_answer(fact, by, now):
                    await self.audit(Audited(now, by, "judge", occasion(number)))
            case Believed(number, value):
                await self.believe(number, by, value, now)  # theirs alone: no log tells of it

"""What people do with questions to colleagues, each fact to its table; decisions are audited.

The log names no question: its key would stay there when whoever asked it is forgotten.
"""

from datetime import datetime

from adapters.store.audit import Audit, Audited
from adapters.store.question_reports import QuestionReports
from nudges.colleague import (
    ROUNDS,
    Accepted,
    AskedOutside,
    ColleagueFact,
    Declined,
    HandedOn,
    Judgement,
    NeverMind,
    QuestionsSeen,
    Referred,
    Replied,
    TakenOut,
)


class ColleagueFacts(QuestionReports, Audit):
    """The part of a transaction that keeps what people do with questions to colleagues."""

    async def keep_about_colleague(  # noqa: C901, PLR0912 - a list, read down
        self, fact: ColleagueFact, by: str, now: datetime
    ) -> None:
        """Keep a fact; ``by`` is who told it."""
        match fact:
            case Referred():  # what people ask is theirs: no log tells of it
                await self.refer(fact, by, now)
            case HandedOn(_, how):
                if await self.hand_on(fact, by, now):
                    await self.audit(Audited(now, by, how, "question"))
            case Replied():
                if await self.give_answer(fact, by, now):
                    await self.audit(Audited(now, by, "answer", "question"))
            case NeverMind(key):
                await self.take_question_back(key, by)
            case Judgement():
                await self.judge_answer(fact, by, ROUNDS)
            case Accepted():
                if number := await self.accept_answer(fact, now):
                    await self.audit(Audited(now, by, "accept", f"article:asked-{number}"))
            case Declined():
                if await self.decline_answer(fact):
                    await self.audit(Audited(now, by, "decline", "question"))
            case TakenOut(number):
                if await self.take_article_out(number, now):
                    await self.audit(Audited(now, by, "take_out", f"article:asked-{number}"))
            case QuestionsSeen():
                await self.audit(Audited(now, by, "see", "questions"))
            case AskedOutside(area):
                await self.count_outside(area, now.date())

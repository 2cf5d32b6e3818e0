"""The Monday report on questions, and the answers that became articles, kept at hand.

A report is made once a week, when the first of the CRM team begins their Monday, and frozen; each
of them reads it in their own morning. Links are tried before anything is written, outside any
transaction: a page that hangs holds up nobody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from bot.organisation import Organisation
from dialogs.knowledge import Article
from dialogs.library import Library
from nudges.colleague import Referral
from nudges.colleague_notes import QuestionReportNote
from nudges.delivery import Delivery, Priority
from nudges.people import Person
from nudges.question_report import (
    MOST_QUESTIONS,
    STALE,
    WEEK,
    BrokenLink,
    LinkTrouble,
    QuestionReport,
    doubted,
    due_for,
    grouped,
    stale,
    told_outside,
    week_of,
)
from nudges.questions import Question
from nudges.roles import Role

TRIED = 200
"""How many links are tried for a report."""
log = structlog.get_logger()


class Links(Protocol):
    """Where links are tried."""

    async def trouble(self, urls: Sequence[str]) -> Mapping[str, LinkTrouble]:
        """Return what is wrong with those that open nothing, by address."""
        ...


class NoLinks:
    """Try nothing, where nobody said how."""

    async def trouble(self, urls: Sequence[str]) -> Mapping[str, LinkTrouble]:
        """Return that nothing is known to be wrong."""
        del urls
        return {}


class ReportWork(Protocol):
    """The part of a transaction that the report needs."""

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles."""
        ...

    async def in_vain(self, since: datetime, until: datetime, most: int) -> list[Question]:
        """Return the questions with words that found no answer."""
        ...

    async def judged_articles(self, since: datetime) -> dict[str, tuple[int, int]]:
        """Return how many people said that an article was it, and that it was not."""
        ...

    async def asked_outside(self, week: str) -> dict[str, int]:
        """Return how often it was asked outside the CRM in a week, by area."""
        ...

    async def referrals_for(self, person: str, *, every: bool) -> list[Referral]:
        """Return the questions to colleagues that wait."""
        ...

    async def question_reports(self, weeks: Iterable[str]) -> dict[str, QuestionReport]:
        """Return the reports of weeks."""
        ...

    async def keep_question_report(self, report: QuestionReport, now: datetime) -> bool:
        """Keep a report; False if it was made before."""
        ...

    async def asked_articles(self) -> dict[str, Article]:
        """Return the articles that were answers, by id."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> Mapping[tuple[str, str], int]:
        """Queue deliveries."""
        ...


class ReportStore(Protocol):
    """The store, as the report needs it."""

    def read(self) -> AbstractAsyncContextManager[ReportWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ReportWork]:
        """Begin a transaction that writes."""
        ...


class QuestionReports:
    """Tell the CRM team on Monday what there is to say about questions."""

    def __init__(
        self,
        store: ReportStore,
        clock: Callable[[], datetime],
        organisation: Organisation,
        leaving: Callable[[], None],
        links: Links | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._organisation = organisation
        self._leaving = leaving
        self._links = links or NoLinks()

    async def knowledge(self) -> int:
        """Put the articles that were answers at hand; returns how many there are."""
        async with self._store.read() as work:
            articles = await work.asked_articles()
        self._organisation.know(articles)
        return len(articles)

    async def round(self) -> int:
        """Make the report that is due; returns to how many people it goes."""
        now = self._clock()
        async with self._store.read() as work:
            week = await _due(work, now)
        if not week:
            return 0
        library = self._organisation.library()
        broken = await self._tried(library)
        async with self._store.write() as work:
            now = self._clock()
            week = await _due(work, now)
            report = await _made(work, week, library, broken, now) if week else None
            if report is None or not await work.keep_question_report(report, now):
                return 0
            told = await _deliveries(work, report, now) if report else []
            await work.queue(told)
        if told:
            log.info("questions.reported", week=report.week, to=len(told))
            self._leaving()
        return len(told)

    async def _tried(self, library: Library) -> tuple[BrokenLink, ...]:
        """Try the links of articles and systems; what cannot be tried is left out."""
        where = links_of(library)
        try:
            trouble = await self._links.trouble(list(where)[:TRIED])
        except Exception as error:  # noqa: BLE001 - a report without links is better than none
            log.warning("questions.links", why=type(error).__name__)
            return ()
        return tuple(BrokenLink(where[url], url, why) for url, why in sorted(trouble.items()))


def links_of(library: Library) -> dict[str, str]:
    """Return the links of articles and systems, each with the id of what it stands on."""
    every = [(a.link, a.id) for a in library.articles.values()]
    every += [(s.link, s.id) for s in library.systems.values()]
    return {url: name for url, name in every if urlsplit(url).scheme == "https"}


async def _team(work: ReportWork) -> list[Person]:
    return [one for one in await work.holders((Role.CRM_TEAM,)) if not one.stopped]


async def _due(work: ReportWork, now: datetime) -> str:
    """Return the week whose report somebody's Monday has come for, and that is not made yet."""
    mornings = [due_for(person, now) for person in await _team(work)]
    weeks = {week for week, at in mornings if at <= now}
    made = await work.question_reports(weeks) if weeks else {}
    return max(weeks - made.keys(), default="")


async def _made(
    work: ReportWork,
    week: str,
    library: Library,
    broken: tuple[BrokenLink, ...],
    now: datetime,
) -> QuestionReport:
    """Sum up the week before, up to its Sunday."""
    monday = date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)
    until = datetime.combine(monday, datetime.min.time(), UTC)
    groups, others = grouped(await work.in_vain(until - WEEK, until, MOST_QUESTIONS))
    found = await work.referrals_for("", every=True)
    reviewed = {one.id: one.reviewed for one in library.articles.values()}
    return QuestionReport(
        week,
        groups,
        others,
        tuple(one.key for one in found if one.state == "open"),
        any(one.proposed for one in found),
        stale(reviewed, now.date()),
        doubted(await work.judged_articles(now - STALE)),
        broken,
        told_outside(await work.asked_outside(week_of(monday - WEEK))),
    )


async def _deliveries(work: ReportWork, report: QuestionReport, now: datetime) -> list[Delivery]:
    note = QuestionReportNote(report.week, report.waiting)
    told: list[Delivery] = []
    for person in await _team(work):
        week, at = due_for(person, now)
        if week == report.week:
            due, occasion = max(now, at), f"questions:{report.week}"
            told.append(Delivery(occasion, person.id, note, Priority.INTERACTIVE, due))
    return told

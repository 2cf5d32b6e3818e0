"""What the examples of questions to colleagues are about: a few questions in every state."""

from datetime import datetime, timedelta

from dialogs.colleague_notes import (
    AcceptedNote,
    AcceptForm,
    ArticleFileForm,
    AskColleagueForm,
    QuestionsNote,
    ReplyForm,
)
from nudges.colleague import Given, Handed, Referral
from nudges.colleague_notes import HandedNote, QuestionReportNote, ReferralNote, RepliedNote
from nudges.delivery import Note
from nudges.question_report import Asking, BrokenLink, QuestionReport
from nudges.questions import Question

ME, ANN = "p1", "h1"
WEEK = "2026-W47"
TEXTS = {
    "en": (
        "How do I merge two accounts that are the same customer?",
        "Where do I see which visits I have planned this month?",
        "Select both accounts in the list and choose Merge.\nKeep the one with the most history.",
    ),
    "nl": (
        "Hoe voeg ik twee accounts samen die dezelfde klant zijn?",
        "Waar zie ik welke bezoeken ik deze maand heb gepland?",
        "Kies beide accounts in de lijst en klik op Samenvoegen.\nHoud die met de meeste historie.",
    ),
}
GROUPS = {
    "en": (Asking("how do i merge … accounts", 9), Asking("where is my sales target", 6)),
    "nl": (
        Asking("hoe voeg ik … accounts samen", 9),
        Asking("waar staat mijn verkoopdoel", 6),
    ),
}


def questions(language: str, now: datetime) -> dict[str, Question]:
    """Return the question that a form is filled with."""
    text = TEXTS[language][0]
    return {"asked": Question("asked", ME, "howto", text, language, (), answered=False, at=now)}


def referrals(language: str, now: datetime) -> dict[str, Referral]:
    """Return questions to colleagues: asked by the reader, and by Ann of the reader."""
    first, second, answer = TEXTS[language]
    before = now - timedelta(days=2)

    def of(key: str, person: str = ME, **more: object) -> Referral:
        name = "Ann Field" if person == ANN else ""
        made = {"text": first, "area": "data", "at": before, "name": name} | more
        return Referral(key=key, person=person, language=language, **made)  # pyright: ignore[reportArgumentType]

    def hand(person: str, nth: int = 1, **more: object) -> Handed:
        return Handed(person, nth, before, **more)  # pyright: ignore[reportArgumentType]

    given = Given(ANN, 1, answer, now, name="Ann Field")
    mine = Given(ME, 1, answer, now, article=7)
    late = (hand(ME, how="lapsed"), hand("h9", 2))
    found = (
        of("looking"),
        of("champion", hands=(hand(ANN),)),
        of("passed", hands=(hand("h9", how="lapsed"), hand(ANN, 2))),
        of("team", hands=(hand("c1", team=True),)),
        of("answered", state="answered", hands=(hand(ANN, how="done"),), answers=(given,)),
        of("helped", state="helped", hands=(hand(ANN, how="done"),), answers=(given,)),
        of("again", round=2, hands=(hand(ANN, how="done"),), answers=(given,)),
        of("withdrawn", state="withdrawn"),
        of("waits", ANN, hands=(hand(ME),)),
        of("no-area", ANN, text=second, area="", hands=(hand(ME),)),
        of("late", ANN, hands=late),
        of("to-team", ANN, hands=(hand(ME, team=True),)),
        of("handed-on", ANN, hands=(hand(ME, how="passed"),)),
        of("thanks", ANN, state="answered", hands=(hand(ME),), answers=(mine,)),
        of("faster", "p9", state="answered", hands=(hand(ME),), answers=(given,), name="Bob"),
        of("taken-back", ANN, state="withdrawn", hands=(hand(ME),)),
        of("over", ANN, state="answered", hands=(hand(ME),)),
    )
    return {one.key: one for one in found}


def reports(language: str) -> dict[str, QuestionReport]:
    """Return a week with much to say, and one with little."""
    url = "https://wiki.contoso.com/crm/leads"
    broken = (BrokenLink("lead-create", url, "gone"), BrokenLink("invoice", url, "slow"))
    full = QuestionReport(
        WEEK,
        GROUPS[language],
        12,
        ("waits", "no-area"),
        proposed=True,
        stale=("lead-create", "view-save"),
        doubted=("lead-qualify",),
        broken=broken,
        outside=(("sales", 14), ("", 6)),
    )
    return {WEEK: full, "2026-W46": QuestionReport("2026-W46", others=5)}


COLLEAGUES: dict[str, Note] = {
    **{
        f"referral-{key}": ReferralNote(key)
        for key in ("looking", "champion", "passed", "team", "answered", "withdrawn", "gone")
    },
    "handed": HandedNote("waits"),
    "handed-no-area": HandedNote("no-area"),
    "handed-late": HandedNote("late"),
    "handed-team": HandedNote("to-team", team=True),
    "handed-team-again": HandedNote("to-team", team=True, again=True),
    "handed-passed": HandedNote("handed-on"),
    "handed-thanks": HandedNote("thanks"),
    "handed-faster": HandedNote("faster"),
    "handed-withdrawn": HandedNote("taken-back"),
    "handed-over": HandedNote("over"),
    "colleague-answer": RepliedNote("answered"),
    "colleague-answer-helped": RepliedNote("helped"),
    "colleague-answer-again": RepliedNote("again"),
    "questions": QuestionsNote(("waits", "no-area")),
    "questions-team": QuestionsNote(("waits", "no-area"), ("answered", "helped"), 3, team=True),
    "questions-proposed": QuestionsNote((), ("answered",), team=True),
    "questions-none": QuestionsNote(),
    "questions-none-team": QuestionsNote(team=True),
    "accepted": AcceptedNote("thanks"),
    "accepted-out": AcceptedNote("thanks", out=True),
    "question-report": QuestionReportNote(WEEK, ("waits", "no-area")),
    "question-report-little": QuestionReportNote("2026-W46"),
    "question-report-gone": QuestionReportNote("2025-W01"),
}
COLLEAGUE_FORMS: dict[str, Note] = {
    "ask-colleague-form": AskColleagueForm("asked", "data"),
    "ask-colleague-form-empty": AskColleagueForm(),
    "reply-form": ReplyForm("waits"),
    "accept-form": AcceptForm("answered", "0"),
    "article-file-form": ArticleFileForm("lead-create"),
    "article-file-form-soon": ArticleFileForm("asked-8"),
}

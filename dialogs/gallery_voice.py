"""What people raise in the gallery: each card where it can be."""

from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.raising import AnswerBackForm, MineRaisedNote, RaisedNote, RaiseForm, RaiseNote
from dialogs.voice_above import RuleForm
from dialogs.voice_desk import FilterForm
from dialogs.voice_item import ItemForm
from nudges.delivery import Note
from nudges.voice import SORTS, Item, Line, Raiser, Sort, State, Waits
from nudges.voice_notes import (
    AboveNote,
    AnsweredBackNote,
    AskedBackNote,
    BackNote,
    Heard,
    ItemNote,
    NewsNote,
    Page,
    QueueNote,
)

FRESH, TAKEN, DONE, DECLINED, MANY, RULED, MERGED, LATE = range(1, 9)
FULL = QueueNote()
NARROW = QueueNote("blocker", "time", "visits", "sales", after=4)
SETTLED = QueueNote(closed=True)
EMPTY = QueueNote("wish", "exempt")
PRAISE = QueueNote("feedback")
BY_SORT = tuple(QueueNote("blocker", one) for one in SORTS if one)


def voices(now: datetime) -> Heard:
    """Return what the cards name."""
    items = {one.number: one for one in _items(now)}
    open_ = [items[number] for number in (FRESH, TAKEN, MANY, RULED, LATE)]
    counts: dict[State, int] = {"new": 38, "taken": 12, "done": 104, "declined": 9}
    waits = Waits(1.5, 6.0)
    sorts: dict[Sort, int] = {"time": 21, "tool": 12, "incentive": 6}
    full = Page(tuple(open_), counts, more=True, waits=waits, sorts=sorts, areas={"visits": 9})
    pages = {
        FULL: full,
        NARROW: Page((items[MANY],), {"new": 3, "taken": 1}, waits=waits),
        SETTLED: Page((items[DONE], items[DECLINED]), {"done": 2, "declined": 1}),
        EMPTY: Page(),
        PRAISE: Page((items[MERGED],), {"new": 1}),
        **dict.fromkeys(BY_SORT, Page()),
    }
    mine = tuple(replace(one, people=1) for one in items.values() if one.number != MERGED)
    return Heard(items, mine, pages)


def _items(now: datetime) -> tuple[Item, ...]:
    long = (
        "After each visit I write my notes on paper first, because on my phone the form of a visit "
        "asks for nine fields, and for three of them I have to look things up that I only know "
        "back at the office; so by Friday I type all of it a second time."
    )
    fresh = Raiser(long, "en", now - timedelta(days=2), "sales")
    named = Raiser(
        "There is no field for the dealer.", "en", now - timedelta(days=9), "", "Ann Field"
    )
    few = Raiser("My bonus counts calls, not what is in Dynamics.", "en", now - timedelta(days=5))
    talk = (
        Line(0, "Which of the nine fields could go?", now - timedelta(days=1)),
        Line(1, "The two with codes; nobody reads them.", now),
    )
    due = (now + timedelta(days=5)).date()
    at = now - timedelta(days=9)
    return (
        Item(FRESH, "blocker", "", "", "new", at, people=1, raisers=(fresh,), talk=talk),
        Item(
            TAKEN,
            "wish",
            "tool",
            "orders",
            "taken",
            at,
            "c1",
            due,
            people=2,
            raisers=(named,),
            owner_name="Joost de Wit",
        ),
        Item(
            DONE,
            "blocker",
            "tool",
            "visits",
            "done",
            at,
            "c1",
            due,
            "The form of a visit asks for four fields on a phone now.",
            people=14,
            raisers=(fresh, named),
            title="Fewer fields for a visit",
        ),
        Item(
            DECLINED,
            "wish",
            "",
            "",
            "declined",
            at,
            words="The law asks for this field. We did move it to the end.",
            people=1,
            raisers=(few,),
        ),
        Item(
            MANY,
            "blocker",
            "incentive",
            "",
            "new",
            at,
            people=23,
            raisers=(few, fresh, named, few, fresh, few),
            title="The bonus counts calls",
            above=True,
        ),
        Item(
            RULED,
            "blocker",
            "exempt",
            "",
            "new",
            at,
            people=7,
            raisers=(few,),
            title="Two regions keep the old system",
            ruling="Both regions start in January; I tell them this week myself.",
        ),
        Item(MERGED, "feedback", "", "", "merged", at, into=MANY, people=0),
        Item(
            LATE,
            "blocker",
            "time",
            "",
            "taken",
            at,
            "c1",
            (now - timedelta(days=1)).date(),
            people=1,
            raisers=(fresh,),
            owner_name="Joost de Wit",
        ),
    )


CARDS: dict[str, Note] = {
    "raise-blocker": RaiseNote("blocker"),
    "raise-wish": RaiseNote("wish"),
    "raise-feedback": RaiseNote("feedback"),
    "raise-secret": RaiseNote("blocker", "secret"),
    "raise-person": RaiseNote("feedback", "person"),
    "raise-long": RaiseNote("wish", "long"),
    "raise-account": RaiseNote("blocker", "account"),
    "raise-abuse": RaiseNote("feedback", "abuse"),
    "raised-blocker": RaisedNote("blocker"),
    "raised-wish": RaisedNote("wish", named=True),
    "raised-feedback": RaisedNote("feedback"),
    "raised-mine": MineRaisedNote(),
    "voice-taken": NewsNote(TAKEN, "taken"),
    "voice-done": NewsNote(DONE, "done"),
    "voice-done-yes": NewsNote(DONE, "done", "yes"),
    "voice-done-no": NewsNote(DONE, "done", "no"),
    "voice-declined": NewsNote(DECLINED, "declined"),
    "voice-gone": NewsNote(99, "done"),
    "voice-asked": AskedBackNote(FRESH),
    "voice-asked-told": AskedBackNote(FRESH, told=True),
    "voice-queue": FULL,
    "voice-queue-narrow": NARROW,
    "voice-queue-settled": SETTLED,
    "voice-queue-empty": EMPTY,
    "voice-queue-feedback": PRAISE,
    **{f"voice-queue-{one.sort}": one for one in BY_SORT},
    "voice-item": ItemNote(FRESH),
    "voice-item-taken": ItemNote(TAKEN, "saved"),
    "voice-item-done": ItemNote(DONE),
    "voice-item-many": ItemNote(MANY, "asked"),
    "voice-item-ruled": ItemNote(RULED),
    "voice-item-merged": ItemNote(MERGED, "merged"),
    "voice-item-unmerged": ItemNote(FRESH, "merged"),
    "voice-item-late": ItemNote(LATE),
    "voice-item-gone": ItemNote(99),
    "voice-above": AboveNote(MANY),
    "voice-above-said": AboveNote(RULED, said=True),
    "voice-above-over": AboveNote(DONE),
    "voice-back-ruled": BackNote(RULED, "ruled"),
    "voice-back-unanswered": BackNote(MANY, "unanswered"),
    "voice-back-answered": AnsweredBackNote(FRESH),
}
FORMS: dict[str, Note] = {
    "raise-form-blocker": RaiseForm("blocker", "time"),
    "raise-form-wish": RaiseForm("wish"),
    "raise-form-feedback": RaiseForm("feedback"),
    "answer-back-form": AnswerBackForm(FRESH),
    "voice-filter-form": FilterForm(NARROW),
    "voice-take-form": ItemForm(FRESH, "take"),
    "voice-done-form": ItemForm(FRESH, "done"),
    "voice-decline-form": ItemForm(FRESH, "decline"),
    "voice-sort-form": ItemForm(MANY, "sort"),
    "voice-merge-form": ItemForm(FRESH, "merge"),
    "voice-ask-form": ItemForm(FRESH, "ask"),
    "voice-rule-form": RuleForm(MANY),
}

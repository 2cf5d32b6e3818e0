"""Ask a colleague: a question goes to a champion or the CRM team, and the answer comes back.

The asker sees beforehand who will see it, and afterwards where it is. What happens by itself, such
as going on to the next after silence, is done by a round; here is what people say and press.
"""

from collections.abc import Mapping

from dialogs.colleague_notes import (
    AcceptedNote,
    AcceptForm,
    ArticleFileForm,
    AskColleagueForm,
    QuestionsNote,
    ReplyForm,
)
from dialogs.find_notes import ChoicesNote, UnknownNote
from dialogs.for_team import ForTeamNote
from dialogs.manners import StaleNote
from dialogs.preferences import PauseNote
from dialogs.speech import languages
from dialogs.turns import Context, Filled, Mistake, Step, Tapped, Turn, WithMe
from nudges.champions import areas_of
from nudges.colleague import (
    ANSWER,
    QUESTION,
    Accepted,
    Declined,
    HandedOn,
    Judgement,
    NeverMind,
    QuestionsSeen,
    Referral,
    Referred,
    Replied,
    TakenOut,
)
from nudges.colleague_notes import (
    HandedNote,
    ReferralNote,
    RepliedNote,
    where_now,
)
from nudges.delivery import Delivery, Note, Priority
from nudges.people import Language
from nudges.roles import Act, Role

ELSE = "else"
"""The area of a question that belongs to none of them, as the form has it."""
LISTED = 4
"""How many questions a list names; the oldest wait longest."""
PROPOSED = 2
TITLE, NAV, BODY = 150, 200, 1000
"""Characters of an article that was an answer."""


def questions(_turn: Turn, context: Context) -> Step:
    """Show which questions wait: a champion their own, the CRM team all of them."""
    team = context.may(Act.WORK_QUEUE)
    if not team and Role.CHAMPION not in context.person.roles:
        return Step(show=(ForTeamNote("answerers"),))
    if context.with_me is None:
        return Step(look=WithMe(every=team))
    facts = (QuestionsSeen(),) if team else ()
    return Step(show=(_listed(context.with_me, team=team),), facts=facts)


def _listed(found: tuple[Referral, ...], *, team: bool) -> QuestionsNote:
    waiting = [one.key for one in found if one.state == "open"]
    proposed = [one.key for one in found if one.proposed] if team else []
    more = max(0, len(waiting) - LISTED)
    return QuestionsNote(tuple(waiting[:LISTED]), tuple(proposed[:PROPOSED]), more, team)


def read(turn: Turn, context: Context) -> Step:
    """Take what somebody says about a question to a colleague."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="question.ask"), _:
            return Step(form=_form(note, context))
        case Filled(verb="question.sent", values=values), _:
            return _sent(values, note, context)
        case Tapped(verb="question.withdraw"), ReferralNote(key):
            return _withdrawn(key, context)
        case Tapped(verb="question.helped" | "question.not_yet"), RepliedNote(key, number):
            helped = turn.verb == "question.helped"
            facts = (Judgement(key, number, helped=helped),)
            return Step(instead=RepliedNote(key, number), facts=facts)
        case _, HandedNote():
            return _of_mine(turn, note, context)
        case _, QuestionsNote():
            return _of_list(turn, note, context)
        case _, AcceptedNote(key):
            return _of_article(turn, key, context)
        case _:
            return _stale()


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def _form(note: Note | None, context: Context) -> AskColleagueForm:
    """Return the form, with the question that found no answer and a guess of its area."""
    match note:
        case UnknownNote(key):
            return AskColleagueForm(key)
        case ChoicesNote(key, articles):
            first = context.library.articles.get(articles[0]) if articles else None
            return AskColleagueForm(key, first.area if first else "")
        case _:
            return AskColleagueForm()


def _sent(values: Mapping[str, str], note: Note | None, context: Context) -> Step:
    text, area = values.get("question", "").strip()[:QUESTION], values.get("area", "")
    known = areas_of(context.library.bank)
    errors: list[Mistake] = []
    if not text:
        errors.append(("question", "colleague.error.empty"))
    if area not in known and area != ELSE:
        errors.append(("area", "colleague.error.area"))
    form = _form(note, context)
    if errors:
        return Step(form=form, errors=tuple(errors))
    here = context.message if isinstance(note, UnknownNote | ChoicesNote) else None
    fact = Referred(
        context.key,
        text,
        area if area in known else "",
        context.person.language,
        form.question,
        here.root if here else None,
    )
    where = ReferralNote(context.key)
    if here is None:
        return Step(show=(where,), facts=(fact,))
    return Step(instead=where, facts=(fact,))


def _withdrawn(key: str, context: Context) -> Step:
    found = context.referrals.get(key)
    if found is None or found.person != context.person.id:
        return Step(instead=ReferralNote(key))
    return Step(instead=ReferralNote(key), facts=(NeverMind(key),))


def _of_mine(turn: Turn, note: HandedNote, context: Context) -> Step:
    """Take what a champion or somebody of the CRM team does with a question they have."""
    found = context.referrals.get(note.key)
    if found is None or found.state != "open" or not _may_answer(found, context):
        return Step(instead=note)  # drawn again, it says what became of it
    match turn:
        case Tapped(verb="question.answer"):
            return Step(form=ReplyForm(found.key))
        case Filled(verb="question.answered", values=values):
            return _answered(found, values, note, ReplyForm(found.key), context)
        case Tapped(verb="question.pass") if not note.team:
            return Step(instead=note, facts=(HandedOn(found.key, "passed"),))
        case Tapped(verb="question.away") if not note.team:
            facts = (HandedOn(found.key, "away"),)
            return Step(instead=note, facts=facts, show=(PauseNote(),))
        case _:
            return _stale()


def _may_answer(found: Referral, context: Context) -> bool:
    """Say whether somebody may answer: who ever had it, and the CRM team; nobody their own."""
    if found.person == context.person.id:
        return False
    return context.may(Act.WORK_QUEUE) or found.hand(context.person.id) is not None


def _answered(
    found: Referral, values: Mapping[str, str], then: Note, form: ReplyForm, context: Context
) -> Step:
    """Keep an answer and send it to the asker at once; the words stand in one place."""
    text = values.get("answer", "").strip()[:ANSWER]
    if not text:
        return Step(form=form, errors=(("answer", "colleague.error.answer"),))
    replied = RepliedNote(found.key, found.round)
    occasion = f"question_answer:{found.key}:{found.round}"
    told = [Delivery(occasion, found.person, replied, Priority.INTERACTIVE, context.now)]
    if found.root is not None:
        told.append(where_now(found, f"answered:{found.round}", context.now))
    return Step(instead=then, facts=(Replied(found.key, found.round, text),), queue=tuple(told))


def _of_list(turn: Turn, note: QuestionsNote, context: Context) -> Step:
    """Take what somebody does on a list; who has lost the role for it sees it no more."""
    if note.team and not context.may(Act.WORK_QUEUE):
        return _stale()
    match turn:
        case Tapped(verb="question.answer", choice=place):
            found = _to_answer(place, note, context)
            return Step(form=ReplyForm(found.key, place)) if found else _again(note)
        case Filled(verb="question.answered", choice=place, values=values):
            found = _to_answer(place, note, context)
            if found is None:
                return _again(note)
            return _answered(found, values, note, ReplyForm(found.key, place), context)
        case _ if note.team:
            return _proposal(turn, note, context)
        case _:
            return _stale()


def _proposal(turn: Turn, note: QuestionsNote, context: Context) -> Step:
    """Take what the CRM team decides about an answer that may become an article."""
    match turn:
        case Tapped(verb="question.accept", choice=place):
            found = _at(place, note.proposed, context)
            ready = found and found.proposed
            return Step(form=AcceptForm(found.key, place)) if found and ready else _again(note)
        case Tapped(verb="question.decline", choice=place):
            found = _at(place, note.proposed, context)
            if found is None or found.proposed is None:
                return _again(note)
            return Step(instead=note, facts=(Declined(found.key, found.proposed.round),))
        case Filled(verb="question.accepted", choice=place, values=values):
            found = _at(place, note.proposed, context)
            if found is None or found.proposed is None:
                return _again(note)
            return _accepted(found, place, values, context)
        case _:
            return _stale()


def _to_answer(place: str, note: QuestionsNote, context: Context) -> Referral | None:
    """Return the question at a place of a list, if it is still open and theirs to answer."""
    found = _at(place, note.waiting, context)
    able = found and found.state == "open" and _may_answer(found, context)
    return found if able else None


def _again(note: Note) -> Step:
    return Step(instead=note)


def _at(place: str, keys: tuple[str, ...], context: Context) -> Referral | None:
    """Return the question at a place of a list, if it is still there."""
    if not place.isdecimal() or int(place) >= len(keys):
        return None
    return context.referrals.get(keys[int(place)])


def _accepted(found: Referral, place: str, values: Mapping[str, str], context: Context) -> Step:
    """Make an answer an article, in the words that were left in the form."""
    title, nav, body = (_words(values, name, most) for name, most in FIELDS)
    whole = title.keys() & body.keys()
    area = values.get("area", "")
    if not whole or title.keys() ^ body.keys():
        wrong = next(
            (code for code in languages() if (code in title) != (code in body)),
            context.person.language,
        )
        name = f"body_{wrong}" if wrong in title else f"title_{wrong}"
        form = AcceptForm(found.key, place)
        return Step(form=form, errors=((name, "colleague.error.article"),))
    known = areas_of(context.library.bank)
    fact = Accepted(
        found.key,
        found.round,
        title,
        body,
        {code: where for code, where in nav.items() if code in whole},
        area if area in known else "",
    )
    return Step(instead=AcceptedNote(found.key), facts=(fact,))


FIELDS = (("title", TITLE), ("nav", NAV), ("body", BODY))
"""What an article has in each language, and how long it may be."""


def _words(values: Mapping[str, str], name: str, most: int) -> dict[Language, str]:
    typed = {code: values.get(f"{name}_{code}", "").strip()[:most] for code in languages()}
    return {code: text for code, text in typed.items() if text}


def _of_article(turn: Turn, key: str, context: Context) -> Step:
    """Show an article as a file, or take it out again."""
    found = context.referrals.get(key)
    last = found.answer(found.round) if found else None
    if last is None or not last.article or not context.may(Act.WORK_QUEUE):
        return _stale()
    match turn:
        case Tapped(verb="question.file"):
            return Step(form=ArticleFileForm(f"asked-{last.article}"))
        case Tapped(verb="question.take_out"):
            return Step(instead=AcceptedNote(key, out=True), facts=(TakenOut(last.article),))
        case Filled(verb="question.filed"):
            return Step(instead=AcceptedNote(key))
        case _:
            return _stale()

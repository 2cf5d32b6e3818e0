"""The Monday report on questions, as the CRM team reads it; it names nobody."""

from dialogs.buttons import command
from dialogs.card import Block, Card, Divider, Facts, Paragraph, Row
from dialogs.champions import area_name
from dialogs.reader import Reader
from dialogs.rich import Rich, plain
from dialogs.turns import Context
from nudges.colleague_notes import QuestionReportNote
from nudges.question_report import LISTED, BrokenLink, QuestionReport, first_of


def draw_report(note: QuestionReportNote, reader: Reader, context: Context) -> Card:
    """Draw a week's report, as far as there is something to say."""
    speech, report = reader.speech, context.reports.get(note.week)
    title = speech.line("question_report.title")
    if report is None:
        return Card(title, (Paragraph(speech("question_report.gone")),))
    parts = (
        _vain(report, reader),
        _waiting(note, report, reader, context),
        _knowledge(report, reader),
        _outside(report, reader),
    )
    blocks: list[Block] = []
    for part in filter(None, parts):
        blocks += [Divider(), *part] if blocks else part
    row = Row((command(speech, "questions", primary=True),))
    return Card(title, (*blocks, row, Paragraph(speech("question_report.small"), muted=True)))


def _vain(report: QuestionReport, reader: Reader) -> list[Block]:
    """Tell what people asked in vain, in the words that many of them used."""
    speech = reader.speech
    if not report.groups and not report.others:
        return []
    blocks: list[Block] = [Paragraph(speech("question_report.vain"))]
    blocks += [
        Paragraph(speech("question_report.group", words=one.words, n=one.people))
        for one in report.groups
    ]
    if report.others:
        key = "question_report.others" if report.groups else "question_report.only_others"
        blocks.append(Paragraph(speech(key, n=report.others)))
    return blocks


def _waiting(
    note: QuestionReportNote, report: QuestionReport, reader: Reader, context: Context
) -> list[Block]:
    """Tell which questions to colleagues still wait, in their askers' words while those are."""
    speech = reader.speech
    found = [context.referrals[key] for key in note.waiting if key in context.referrals]
    still = [one for one in found if one.state == "open"]
    blocks: list[Block] = []
    if still:
        blocks.append(Paragraph(speech("question_report.waiting")))
        blocks += [_item(plain(one.text)) for one in still[:LISTED]]
    if report.proposed:
        blocks.append(Paragraph(speech("question_report.proposed")))
    return blocks


def _knowledge(report: QuestionReport, reader: Reader) -> list[Block]:
    """Tell which articles are old or doubted, and which links open nothing."""
    speech, known = reader.speech, reader.library.articles
    blocks: list[Block] = []
    for key, ids in (("stale", report.stale), ("doubted", report.doubted)):
        some, more = first_of(one for one in ids if one in known)
        if some:
            titles = ", ".join(speech.own_line(known[one].title) for one in some)
            blocks.append(Paragraph(speech(f"question_report.{key}", titles=titles)))
        if more:
            blocks.append(Paragraph(speech("question_report.more", n=more), muted=True))
    if report.broken:
        blocks.append(Paragraph(speech("question_report.broken")))
        blocks += [_item(_broken(one, reader)) for one in report.broken[:LISTED]]
        if len(report.broken) > LISTED:
            more = len(report.broken) - LISTED
            blocks.append(Paragraph(speech("question_report.more", n=more), muted=True))
    return blocks


def _outside(report: QuestionReport, reader: Reader) -> list[Block]:
    speech = reader.speech
    if not report.outside:
        return []
    none = speech.line("handed.no_area")
    rows = [(area_name(area, reader) if area else none, str(n)) for area, n in report.outside]
    return [Paragraph(speech("question_report.outside")), Facts(tuple(rows))]


def _broken(one: BrokenLink, reader: Reader) -> Rich:
    speech, library = reader.speech, reader.library
    article, system = library.articles.get(one.where), library.systems.get(one.where)
    words = article.title if article else system.thing if system else {"en": one.where}
    where = speech.own_line(words)
    why = speech.line(f"link.{one.why}")
    return speech("question_report.link", where=where, url=one.url, why=why)


def _item(text: Rich) -> Paragraph:
    return Paragraph((*plain("• "), *text))

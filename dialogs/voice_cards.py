"""Every card and form about what people raise, drawn in one place."""

from typing import TypeAlias, assert_never, get_args

from dialogs import raising, voice_above, voice_desk, voice_item
from dialogs.card import Card, Form
from dialogs.raising import AnswerBackForm, MineRaisedNote, RaisedNote, RaiseForm, RaiseNote
from dialogs.reader import Reader
from dialogs.turns import Context
from dialogs.voice_above import RuleForm
from dialogs.voice_desk import FilterForm
from dialogs.voice_item import ItemForm
from nudges.voice_notes import (
    AboveNote,
    AnsweredBackNote,
    AskedBackNote,
    BackNote,
    ItemNote,
    NewsNote,
    QueueNote,
)

VoiceCard: TypeAlias = (
    AboveNote
    | AnsweredBackNote
    | AskedBackNote
    | BackNote
    | ItemNote
    | MineRaisedNote
    | NewsNote
    | QueueNote
    | RaisedNote
    | RaiseNote
)
VoiceForm: TypeAlias = AnswerBackForm | FilterForm | ItemForm | RaiseForm | RuleForm
CARDS: tuple[type, ...] = get_args(VoiceCard)
FORMS: tuple[type, ...] = get_args(VoiceForm)


def draw(note: VoiceCard, reader: Reader, context: Context) -> Card:
    """Draw a card."""
    match note:
        case RaiseNote():
            return raising.draw_raise(note, reader)
        case RaisedNote():
            return raising.draw_raised(note, reader)
        case MineRaisedNote():
            return raising.draw_mine(reader, context)
        case NewsNote():
            return raising.draw_news(note, reader, context)
        case AskedBackNote():
            return raising.draw_asked_back(note, reader, context)
        case QueueNote():
            return voice_desk.draw_queue(note, reader, context)
        case ItemNote():
            return voice_item.draw_item(note, reader, context)
        case AboveNote():
            return voice_above.draw_above(note, reader, context)
        case BackNote() | AnsweredBackNote():
            return voice_above.draw_back(note, reader, context)
        case _:
            assert_never(note)


def draw_form(note: VoiceForm, reader: Reader, context: Context) -> Form:
    """Draw a form."""
    match note:
        case RaiseForm():
            return raising.draw_form(note, reader)
        case AnswerBackForm():
            return raising.draw_answer_back_form(note, reader)
        case FilterForm():
            return voice_desk.draw_filter_form(note, reader)
        case ItemForm():
            return voice_item.draw_item_form(note, reader, context)
        case RuleForm():
            return voice_above.draw_rule_form(note, reader)
        case _:
            assert_never(note)

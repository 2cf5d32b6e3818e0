"""Success stories: someone tells what went well, says who may hear it, and can take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from dialogs.buttons import command
from dialogs.card import (
    Block,
    Button,
    Card,
    ChoiceField,
    Divider,
    Form,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Rich, plain
from dialogs.speech import Speech, chosen
from dialogs.turns import Context, Filled, Mine, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.moments import StoryNote
from nudges.programme import Outcome, Programme
from nudges.stories import LONGEST, Consent, StoryTold, StoryWithdrawn, Told

SHOWN = 4
"""How many of their own stories someone sees at once, the newest."""
LINES = 6
"""A story is a few lines; what is beyond stands on the last one."""
OPENING = 120
"""Characters of an own story that are enough to know it by."""
LABEL = 75
"""What an option may be long on every platform."""
ELSE = "else"


@dataclass(frozen=True, slots=True)
class StoriesNote(Note):
    """What someone told, by number, and a way to tell more."""

    mine: tuple[int, ...] = ()
    card: Literal["stories"] = "stories"

    @property
    def stories(self) -> tuple[int, ...]:
        """Return the stories that have to be loaded."""
        return self.mine


@dataclass(frozen=True, slots=True)
class StoryForm(Note):
    """The form with a story, the result it is about, and who may hear it."""

    card: Literal["story_form"] = "story_form"


@dataclass(frozen=True, slots=True)
class StoryKeptNote(Note):
    """A story was kept: what happens with it."""

    consent: Literal["named", "unnamed", "kept"]
    card: Literal["story_kept"] = "story_kept"


@dataclass(frozen=True, slots=True)
class StoryGoneNote(Note):
    """A story was taken back; who had it already keeps it."""

    how: Literal["gone", "shared"]
    card: Literal["story_gone"] = "story_gone"


def mine(_turn: Turn, context: Context) -> Step:
    """Show someone their own stories."""
    if context.told is None:
        return Step(look=Mine())
    newest = sorted(context.told, key=lambda one: one.number)[-SHOWN:]
    return Step(show=(StoriesNote(tuple(one.number for one in newest)),))


def read(turn: Turn, context: Context) -> Step:
    """Open the form, keep a story, or take one back."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="story.tell"), StoriesNote():
            return Step(form=StoryForm())
        case Filled(verb="story.told", values=values), StoriesNote():
            return _told(values, context)
        case Tapped(verb="story.take_back", choice=choice), StoriesNote(numbers):
            number = int(choice) if choice.isdecimal() else 0
            return _take_back(number, context) if number in numbers else _stale()
        case _:
            return _stale()


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def _told(values: Mapping[str, str], context: Context) -> Step:
    text, consent = values.get("text", "").strip(), values.get("consent", "")
    errors: list[tuple[str, str]] = []
    if not text:
        errors.append(("text", "story.error.empty"))
    if consent not in set(Consent):
        errors.append(("consent", "story.error.consent"))
    if errors:
        return Step(form=StoryForm(), errors=tuple(errors))
    names = {_key(outcome) for outcome in context.programme.outcomes}
    result = values.get("result", "")
    told = StoryTold(
        text[:LONGEST],
        Consent(consent),
        context.person.segment,
        result if result in names else "",
    )
    return Step(instead=StoryKeptNote(Consent(consent).value), facts=(told,))


def _take_back(number: int, context: Context) -> Step:
    story = context.stories.get(number)
    if story is None or story.person != context.person.id:
        return Step(instead=StoryGoneNote("gone"))
    how = "shared" if story.shared else "gone"
    return Step(instead=StoryGoneNote(how), facts=(StoryWithdrawn(number),))


def _key(outcome: Outcome) -> str:
    """Name a result the same in every language."""
    return chosen(outcome.name, "en")


def telling(story: Told) -> tuple[Paragraph, ...]:
    """Return a story's own words; nothing in them is read as a mark, a name or a link."""
    lines = [" ".join(line.split()) for line in story.text.splitlines() if line.strip()]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], " ".join(lines[LINES - 1 :])]
    return tuple(Paragraph(plain(line)) for line in lines)


def about(story: Told, programme: Programme, speech: Speech) -> tuple[Paragraph, ...]:
    """Say which result a story is about, if that one is still wanted."""
    found = next((o for o in programme.outcomes if story.result and _key(o) == story.result), None)
    if found is None:
        return ()
    return (Paragraph(speech("told.about", result=speech.own_line(found.name)), muted=True),)


def teller(story: Told, speech: Speech) -> Rich:
    """Say who told it, where they let us."""
    return speech("told.by", name=story.name) if story.name else speech("told.unnamed")


def draw_stories(note: StoriesNote, reader: Reader, person: str, zone: str) -> Card:
    """Draw someone's own stories, each with where it stands, and the way to tell one."""
    speech = reader.speech
    own = [s for n in note.mine if (s := reader.stories.get(n)) and s.person == person]
    blocks: list[Block] = [Paragraph(speech("stories.body"))]
    back: list[Button] = []
    alone = len(own) == 1
    for place, story in enumerate(own, 1):
        words = " ".join(story.text.split())
        words = words if len(words) <= OPENING else f"{words[:OPENING].rstrip()}…"
        at = speech.day(story.at.astimezone(ZoneInfo(zone)).date())
        blocks += [
            Divider(),
            Paragraph(speech("stories.one", n=place, day=at, text=words)),
            Paragraph(_state(story, speech), muted=True),
        ]
        back.append(
            Button(
                speech.line("stories.take_it_back" if alone else "stories.take_back", n=place),
                Tap("story.take_back", str(story.number)),
            )
        )
    if back:
        blocks.append(Row(tuple(back)))
    tell = "stories.another" if own else "stories.tell"
    blocks.append(Row((Button(speech.line(tell), Tap("story.tell"), "primary"),)))
    return Card(speech.line("stories.title"), tuple(blocks))


def _state(story: Told, speech: Speech) -> Rich:
    if not story.shareable:
        return speech("stories.kept")
    if story.shared:
        return speech("stories.shared")
    if story.approved is None:
        return speech("stories.waits")
    return speech("stories.approved" if story.approved else "stories.declined")


def draw_story_form(reader: Reader) -> Form:
    """Draw the form; nobody's consent is chosen for them."""
    speech, outcomes = reader.speech, reader.programme.outcomes
    results = [Option(_key(o), speech.own_line(o.name)[:LABEL]) for o in outcomes]
    results.append(Option(ELSE, speech.line("story.else")))
    return Form(
        speech.line("story.form"),
        (
            TextField(
                "text",
                speech.line("story.text"),
                lines="many",
                required=True,
                hint=speech.line("story.hint"),
                longest=LONGEST,
            ),
            ChoiceField("result", speech.line("story.result"), tuple(results)),
            ChoiceField(
                "consent",
                speech.line("story.consent"),
                tuple(Option(c, speech.line(f"story.consent.{c}")) for c in Consent),
                required=True,
            ),
        ),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("story.told"),
    )


def draw_story_kept(note: StoryKeptNote, reader: Reader) -> Card:
    """Draw what happens with a story."""
    speech = reader.speech
    return Card(
        speech.line("story.kept.title"),
        (
            Paragraph(speech(f"story.kept.{note.consent}")),
            Paragraph(speech("story.kept.back"), muted=True),
        ),
    )


def draw_story_gone(note: StoryGoneNote, reader: Reader) -> Card:
    """Draw that a story is gone."""
    speech = reader.speech
    return Card(
        speech.line("story.gone.title"),
        (
            Paragraph(speech(f"story.gone.{note.how}")),
            Row((command(speech, "story"),)),
        ),
    )


def draw_story(note: StoryNote, reader: Reader) -> Card:
    """Draw a colleague's story."""
    speech, story = reader.speech, reader.stories[note.story]
    return Card(
        speech.line("told.title"),
        (
            *telling(story),
            Paragraph(teller(story, speech)),
            *about(story, reader.programme, speech),
            Row((command(speech, "story"), command(speech, "why"))),
            Paragraph(speech("told.why"), muted=True),
        ),
    )


def draw_story_thanks(reader: Reader) -> Card:
    """Draw the thanks to someone whose story went out."""
    speech = reader.speech
    return Card(
        speech.line("story_thanks.title"),
        (
            Paragraph(speech("story_thanks.body")),
            Row((command(speech, "story"),)),
        ),
    )

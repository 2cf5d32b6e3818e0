"""Every card and form there is, in every language, drawn and used on every platform."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.wiring.pens import pen
from dialogs import gallery
from dialogs.card import (
    Button,
    Card,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Field,
    Form,
    Link,
    Paragraph,
    Row,
    TextField,
)
from dialogs.picture import Picture, written
from dialogs.rich import words
from dialogs.speech import languages
from dialogs.turns import Filled, Tapped
from nudges.delivery import Sent
from tests.adapters.slack.fake import until
from tests.contracts.platforms.seen import Way, Window, squash
from tests.contracts.platforms.world import World

TOKEN = "T" * 32
SLOWEST = 20
TYPED = "Zoë *x* <b> & \U0001f44d"


@pytest.mark.parametrize("language", languages())
async def test_every_card_says_all_its_words_and_every_button_arrives(
    world: World, language: str
) -> None:
    to, pressed = world.address("ann"), list[Way]()
    for place, (name, card) in enumerate(gallery.cards(language)):
        payload = world.channel.draw(card, TOKEN)
        assert isinstance(await world.channel.post(to, payload, f"card-{place}"), Sent), name
        seen = world.sees("ann")[-1]
        assert seen.title == card.title, name
        assert seen.text == squash(" ".join((card.title, *said(card)))), name
        start = squash(seen.summary).rstrip("…")
        assert start
        assert squash(card.summary).startswith(start), name
        drawn = [b for row in rows(card) for b in row.buttons]
        assert seen.labels == [b.label for b in drawn if isinstance(b, Button)], name
        assert [label for label, _ in seen.links] == [
            b.label for b in drawn if isinstance(b, Link)
        ], name
        assert world.alive(seen.raw) == [], name
        buttons = [b for b in drawn if isinstance(b, Button)]
        for button, shown in zip(buttons, seen.buttons, strict=True):
            assert button.hint in shown.hint, name
            for way in shown.ways:
                told = {name: part for name, part in way.items() if name != "action_id"}
                if told in pressed:
                    continue  # but for its place, what stood on an earlier card
                pressed.append(told)
                assert (await world.send(world.pressing("ann", way, seen))).status == 200
                meant = (button.tap.verb, str(button.tap.choice), TOKEN)
                async with asyncio.timeout(SLOWEST):
                    await until(lambda meant=meant: came(world) == meant)
    assert len(pressed) > 40


@pytest.mark.parametrize("language", languages())
async def test_a_picture_with_an_address_is_shown_with_its_words(
    world: World, language: str
) -> None:
    to, shown = world.address("ann"), 0
    for place, (name, card) in enumerate(gallery.cards(language)):
        pictured = card.illustrated(lambda _: "https://wayfinder.example/pictures/abc.png")
        if pictured == card:
            continue
        payload = world.channel.draw(pictured, TOKEN)
        assert isinstance(await world.channel.post(to, payload, f"card-{place}"), Sent), name
        seen = world.sees("ann")[-1]
        assert seen.text == squash(" ".join((card.title, *said(pictured)))), name
        assert "https://wayfinder.example/pictures/abc.png" in seen.raw
        assert world.alive(seen.raw) == [], name
        shown += 1
    assert shown >= 4


def came(world: World) -> tuple[str, str, str]:
    """Return the press that was heard last; one that takes a look outside is heard twice."""
    last = world.heard[-1:]
    return next(((t.verb, t.choice, t.token) for t in last if isinstance(t, Tapped)), ("", "", ""))


@pytest.mark.parametrize("language", languages())
async def test_every_form_asks_all_it_asks_and_every_value_arrives(
    world: World, language: str
) -> None:
    await world.says("ann", "help")
    (on,) = world.sees("ann")
    times = len(world.heard)
    for name, form in gallery.forms(language):
        sent: list[dict[str, str]] = []
        for values in (untouched(form), *filled(form)):
            if values in sent:
                continue
            sent.append(values)
            window = world.window(pen(world.platform).form(form, TOKEN))
            window.ref = f"V-{name}" if world.platform == "slack" else on.ref
            check_form(form, window, name)
            window.fill(values)
            assert (await world.send(world.filling("ann", window))).status == 200
            times += 1
            await arrived(world, times)
            told = world.heard[-1]
            assert isinstance(told, Filled)
            assert (told.verb, told.choice, told.token) == (form.tap.verb, form.tap.choice, TOKEN)
            assert dict(told.values) == values, name
    assert times > 7


def check_form(form: Form, window: Window, name: str) -> None:
    assert window.title == form.title, name
    assert squash(" ".join(window.texts)) == squash(form.lead), name
    assert (window.submit, window.cancel) == (form.submit, form.cancel), name
    assert [*window.fields] == [field.name for field in form.fields], name
    for field in form.fields:
        one = window.fields[field.name]
        assert squash(one.label) == squash(field.label), name
        assert one.required == field.required, name
        assert one.value == value(field), name
        match field:
            case TextField(hint=hint):
                assert (one.kind, one.hint) == ("text", hint), name
            case DateField():
                assert one.kind == "date", name
            case ChoiceField(options=options, several=several):
                assert one.kind == ("several" if several else "choice"), name
                listed = {str(v): label for v, label in one.options.items() if v}
                assert listed == {str(o.value): o.label for o in options}, name


def value(field: Field) -> str:
    return ",".join(field.value) if isinstance(field, ChoiceField) else field.value


def untouched(form: Form) -> dict[str, str]:
    """Return what stands in a form that nobody typed in, with what it insists on."""
    return {f.name: value(f) or (_first(f) if f.required else "") for f in form.fields}


def _first(field: Field) -> str:
    return str(field.options[0].value) if isinstance(field, ChoiceField) else TYPED


def filled(form: Form) -> Iterator[dict[str, str]]:
    """Yield every field filled in: with its first choice, its last, and nothing at all."""
    for which in (0, -1):
        values: dict[str, str] = {}
        for field in form.fields:
            match field:
                case TextField():
                    values[field.name] = TYPED
                case DateField():
                    values[field.name] = "2027-02-28"
                case ChoiceField(options=options, several=True):
                    values[field.name] = ",".join(str(o.value) for o in options[: which or None])
                case ChoiceField(options=options):
                    values[field.name] = str(options[which].value)
        yield values
    yield {**values, **{f.name: "" for f in form.fields if not f.required}}


def said(card: Card) -> Iterator[str]:
    """Yield every text of a card, in order, but for its buttons."""
    for block in card.body:
        match block:
            case Paragraph(text):
                yield words(text)
            case Facts(pairs):
                for name, told in pairs:
                    yield from (name, told)
            case Picture():
                yield block.alt if block.url else words(written(block))
            case Divider() | Row():
                pass


def rows(card: Card) -> list[Row]:
    return [block for block in card.body if isinstance(block, Row)]


async def arrived(world: World, times: int) -> None:
    """Wait until a request that is answered before it is understood has been understood."""
    async with asyncio.timeout(SLOWEST):
        await until(lambda: len(world.heard) >= times)

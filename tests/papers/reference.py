"""The parts of papers that the code writes: settings, commands, and what people can type.

A paper holds such a part between ``<!-- made: name -->`` and ``<!-- /made -->``; around it people
write. ``make docs`` writes the parts anew, and a test fails while a paper says something else.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import click
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.cli import COMMANDS, main
from bot.settings import PREFIX, Settings
from dialogs import commands, guide
from dialogs.speech import catalogue
from dialogs.turns import Context, Said
from nudges.address import Address
from nudges.people import Language, Person
from nudges.roles import Role
from tests.clock import Clock
from tests.desk import LIBRARY, PROGRAMME
from tests.papers.words import ALSO, CRM, HEADS, MORE, OWN, PARTS, ROLES

MADE: Final = re.compile(r"(<!-- made: ([a-z-]+) -->\n)(.*?)(<!-- /made -->)", re.DOTALL)
BOLD: Final = re.compile(r"^\*\*[^*]+\*\*: ")


def filled(text: str) -> str:
    """Write every made part of a paper anew."""

    def one(found: re.Match[str]) -> str:
        start, name, _, end = found.groups()
        return f"{start}\n{WRITERS[name]().strip()}\n\n{end}"

    return MADE.sub(one, text)


def papers(root: Path) -> dict[Path, str]:
    """Return every paper with a made part, as it lies there."""
    found = {path: path.read_text(encoding="utf-8") for path in sorted(root.glob("docs/*.md"))}
    return {path: text for path, text in found.items() if MADE.search(text)}


def write(root: Path) -> None:
    """Bring the made parts of all papers up to date."""
    for path, text in papers(root).items():
        if (now := filled(text)) != text:
            path.write_text(now, encoding="utf-8")


def settings() -> str:
    """Say what each setting is, by the part of the program that it is for."""
    fields = Settings.model_fields
    lines: list[str] = []
    for title, starts in PARTS.items():
        some = [name for name in fields if _part(name) == starts]
        lines += [f"## {title}", "", "| setting | default | what it is |", "|---|---|---|"]
        lines += [f"| {_name(n)} | {_default(fields[n])} | {_said(n, fields[n])} |" for n in some]
        lines.append("")
    return "\n".join(lines)


def _part(name: str) -> str:
    return next((s for s in PARTS.values() if s and name.startswith(f"{s}_")), "")


def _name(name: str) -> str:
    return f"`{PREFIX}{name.upper()}`"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "required"
    if value is None or value in ("", ()):
        return "\N{EN DASH}"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _said(name: str, field: FieldInfo) -> str:
    described = f"{_inert(field.description or '')}."
    return f"{described} {MORE[name]}" if name in MORE else described


def _inert(text: str) -> str:
    """Keep a text from becoming a tag or a column."""
    return re.sub(r"\s+", " ", text).replace("|", "\\|").replace("<", "&lt;")


def lines_of_command() -> str:
    """Say what each command of the program does, with its arguments and options."""
    root = click.Context(main, info_name="python -m bot")
    parts: list[str] = []
    for name in sorted(COMMANDS):
        command = main.get_command(root, name)
        assert command is not None, name
        parts += _command(command, click.Context(command, root, info_name=name), 2)
    return "\n".join(parts)


def _command(command: click.Command, context: click.Context, depth: int) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield from (f"{'#' * depth} `{context.command_path.removeprefix('python -m bot ')}`", "")
    for part in re.split(r"\n\s*\n", command.help or ""):
        yield from (_inert(part.strip().removeprefix("\b")), "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield from _command(inner, click.Context(inner, context, info_name=name), depth + 1)
        return
    yield from ("```text", usage, "```", "")
    records = (one.get_help_record(context) for one in command.get_params(context))
    told = [(option, said) for option, said in filter(None, records) if said]
    told = [(option, said) for option, said in told if option != "--help"]
    if told:
        yield from ("| option | what it does |", "|---|---|")
        yield from (f"| `{_inert(option)}` | {_inert(said)} |" for option, said in told)
        yield ""


def everything_typed() -> str:
    """Say what can be typed, all names of it in both languages, and for whom it is."""
    whom = _for_whom()
    rows = [
        f"| {_names(name, 'en')} | {_names(name, 'nl')} | {_all_of(name)} | {_whom(name, whom)} |"
        for name in commands.COMMANDS
    ]
    head = ["| in English | in Dutch | what comes of it | for |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])


def _all_of(name: str) -> str:
    own = ALSO[name]["en"] if name in ALSO else ""
    return f"{own} {does(name, 'en')}".strip()


def _whom(name: str, whom: Mapping[str, tuple[str, ...]]) -> str:
    roles = ", ".join(whom.get(name, ()))
    return f"everybody; more for {roles}" if name in ALSO else roles or "everybody"


def typed_by_users(language: Language) -> str:
    """Say what everybody can type, in one language, by its first name."""
    rows = [
        f"| `{_all_names(name, language)[0]}` | {said} |"
        for name in commands.COMMANDS
        if (said := _for_users(name, language))
    ]
    return "\n".join([*HEADS[language], *rows])


def _for_users(name: str, language: Language) -> str:
    if name in ALSO:
        return ALSO[name][language]
    return "" if name in guide.FOR_A_ROLE else does(name, language)


def _all_names(name: str, language: Language) -> list[str]:
    said = catalogue(language).gettext(f"typed.{name}").replace("{crm}", "CRM")
    return list(dict.fromkeys(said.split(", ")))


def _names(name: str, language: Language) -> str:
    return ", ".join(f"`{one}`" for one in _all_names(name, language))


def does(name: str, language: Language) -> str:
    """Return what comes of a command, as help says it, or as only the papers do."""
    if name in OWN:
        return OWN[name][language]
    key = next(k for k in (f"help.{name}", f"does.{name}") if catalogue(language).gettext(k) != k)
    said = BOLD.sub("", catalogue(language).gettext(key)).replace("{crm}", CRM[language])
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


def _for_whom() -> Mapping[str, tuple[str, ...]]:
    """Return the roles that help tells of each command that is not for everybody."""
    found: dict[str, tuple[str, ...]] = {}
    asked = Said(Address("browser", "", "p"), "help")
    for role in Role:
        person = Person("p", welcomed=True, roles=frozenset({role.value}))
        (note,) = guide.read(asked, Context("k", Clock()(), person, PROGRAMME, LIBRARY)).show
        assert isinstance(note, guide.HelpNote)
        for name in note.also:
            found[name] = (*found.get(name, ()), ROLES[role])
    return found


WRITERS: Final[dict[str, Callable[[], str]]] = {
    "settings": settings,
    "commands": lines_of_command,
    "typed": everything_typed,
    "typed-en": lambda: typed_by_users("en"),
    "typed-nl": lambda: typed_by_users("nl"),
}

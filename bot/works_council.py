"""Write the pack for a works council as a file, from what the program itself goes by."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Final

from dialogs.works_council import Grid, Pack, Part, Section

STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "th,td{border:1px solid #888;padding:.4rem;text-align:left;vertical-align:top}"
)


def markdown(pack: Pack) -> str:
    """Write it as Markdown."""
    found = [f"# {_plain(pack.title)}", _plain(pack.lead)]
    for section in pack.sections:
        found += [f"## {_plain(section.title)}", *map(_part, section.parts)]
    return "\n\n".join(found) + "\n"


def _part(part: Part) -> str:
    match part:
        case str():
            return _plain(part)
        case Grid(head, rows):
            lines = (head, ("---",) * len(head), *rows)
            return "\n".join(
                f"| {' | '.join(_plain(cell).replace('|', chr(92) + '|') for cell in line)} |"
                for line in lines
            )
        case _:
            return "\n".join(f"- {_plain(line)}" for line in part)


def _plain(text: str) -> str:
    """Leave nothing that begins a tag or a new line."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")


def page(pack: Pack) -> str:
    """Write it as a page that stands alone."""
    inside = "".join(_section(section) for section in pack.sections)
    return (
        f'<!doctype html><html lang="{escape(pack.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(pack.title)}</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(pack.title)}</h1><p>{escape(pack.lead)}</p>{inside}</body></html>\n"
    )


def _section(section: Section) -> str:
    return f"<h2>{escape(section.title)}</h2>{''.join(_html(section.parts))}"


def _html(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        match part:
            case str():
                yield f"<p>{escape(part)}</p>"
            case Grid(head, rows):
                top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
                lines = (
                    f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
                    for row in rows
                )
                body = "".join(lines)
                yield f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
            case _:
                yield f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in part)}</ul>"


WRITERS: Final[Mapping[str, Callable[[Pack], str]]] = {
    ".md": markdown,
    ".html": page,
}
"""How each kind of file is written, by how its name ends."""

"""The command that asks what the bot would answer, to try out or to measure a knowledge base."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import click
from pydantic import BaseModel, ConfigDict

from bot.cli import using
from bot.cli.given import read_lines, refuse
from bot.logs import start as write_logs
from dialogs.finding import Sought
from dialogs.library import Library
from dialogs.speech import languages
from dialogs.understanding import understand

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
SHOWN = 3


class _Search(Protocol):
    def seek(self, words: str, language: str = "", job: str = "") -> Sought:
        """Find the articles that answer."""
        ...


class _Question(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    qid: str | int
    q: str


@click.command()
@click.argument("question", required=False)
@click.option("--batch", type=FILE, help='Questions, a line each: {"qid", "q"}.')
@click.option("--content", type=FOLDER, help="Your own content folder, over ours.")
@click.option("--articles", type=FILE, help="Articles as JSON lines, instead of all others.")
@click.option("--lexical", is_flag=True, help="Search by letters only.")
@click.option("--lang", type=click.Choice(languages()), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, a line a question.")
def ask(  # noqa: PLR0913, PLR0917 - click passes each option
    question: str | None,
    batch: Path | None,
    content: Path | None,
    articles: Path | None,
    lexical: bool,  # noqa: FBT001
    lang: str,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Say what the bot would make of a question, and which articles it would find.

    It needs no database and looks into no CRM. With --batch every line of a file is asked; with
    --articles a company can measure its own knowledge base, as JSON lines with id, nav, title_en,
    body_en, title_nl and body_nl.
    """
    if (question is None) == (batch is None):
        refuse(['Give one question in quotes, or a file of them with "--batch FILE.jsonl".'])
    if content and articles:
        refuse(["Give --content or --articles, not both."])
    asked = read_lines(batch, _Question) if batch else []
    library = using.library(content)
    if articles:
        library = replace(library, articles=using.articles(articles))
    write_logs("warning")
    search = using.search(library, lexical=lexical)
    search.seek("warm up", lang)
    understand("warm up the engine", library)
    if question is not None:
        one = _asked(search, library, "", question, lang)
        click.echo(json.dumps(one, ensure_ascii=False) if as_json else _told(one, library, lang))
        return
    for _, line in asked:
        one = _asked(search, library, line.qid, line.q, lang)
        if as_json:
            sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
        else:
            found = ", ".join(one["ranked"][:SHOWN]) if one["answered"] else "-"
            click.echo(f"{line.qid}\t{one['intent']}\t{found}\t{one['ms']} ms")


def _asked(search: _Search, library: Library, qid: str | int, q: str, lang: str) -> dict[str, Any]:
    began = perf_counter()
    understood = understand(q, library)
    sought = search.seek(q, lang)
    spent = (perf_counter() - began) * 1000
    ranked = [hit.article for hit in sought.hits]
    return {
        "qid": qid,
        "intent": understood.intent,
        "ranked": ranked,
        "answered": sought.answered and understood.intent != "none",
        "ms": round(spent, 3),
    }


def _told(one: dict[str, Any], library: Library, lang: str) -> str:
    lines = [f"{one['intent']}, {one['ms']} ms"]
    if not one["answered"]:
        lines.append("No answer would be shown; nearest are:")
    for name in one["ranked"][:SHOWN]:
        article = library.articles[name]
        title = article.title.get(lang) or next(iter(article.title.values()), name)
        nav = article.nav.get(lang) or next(iter(article.nav.values()), "")
        lines.append(f"- {title} ({nav}) [{name}]")
    return "\n".join(lines)

"""Print how well search and understanding do; ``python -m tests.find dev`` lists what dev missed,
and ``python -m tests.find fit`` what each sign counts that tells whether an article answers.

With ``--articles FILE.jsonl`` another knowledge base is measured with the same questions.
"""

from dataclasses import replace
from pathlib import Path

import click

from adapters.content.articles import read_lines_of_articles
from dialogs.library import Library
from dialogs.understanding import understand
from tests.find.figures import (
    Figures,
    bare,
    lines,
    macro_f1,
    measured,
    our_library,
    searching,
    shown,
    understood,
)
from tests.find.fitting import fitted

SETS = ("dev", "held_out")


@click.command()
@click.argument("missed", required=False, type=click.Choice(["dev", "fit"]))
@click.option("--articles", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def main(missed: str | None, articles: Path | None) -> None:
    library = our_library()
    if missed == "fit":
        _tell_fitted(library)
        return
    if articles:
        library = replace(library, articles=read_lines_of_articles(articles))
    for name in SETS:
        _tell(name, library)
    if missed:
        _tell_missed(library)


def _tell(name: str, library: Library) -> None:
    intents = lines(f"{name}_intents")
    if intents:
        mean, each = macro_f1(understood(intents, library))
        told = " ".join(f"{intent} {score:.2f}" for intent, score in each.items())
        click.echo(f"{name}: {len(intents)} intents, macro-F1 {mean:.3f} ({told})")
    questions, off = lines(f"{name}_questions"), lines(f"{name}_off_topic")
    for what, content in (("with examples", library), ("articles alone", bare(library))):
        for semantic in (True, False):
            if not questions or not content.articles:
                continue
            search = searching(content, semantic=semantic)
            how = "letters and meaning" if semantic else "letters"
            click.echo(f"{name}, {what}, {how}:")
            click.echo("  " + said(measured(search.seek, questions, off, content)))


def _tell_fitted(library: Library) -> None:
    for what, content in (("with examples", library), ("articles alone", bare(library))):
        for semantic in (True, False):
            found = fitted(content, searching(content, semantic=semantic).in_force)
            click.echo(
                f"{what}, {'letters and meaning' if semantic else 'letters'}: answered "
                f"{found.answered:.3f} (of what was found {found.right:.3f}), alone "
                f"{found.sure:.3f} (right {found.sure_right:.3f}), wrong {found.wrong:.3f} "
                f"(near misses {found.near:.3f})"
            )
            click.echo(f"  {found.weights}")


def _tell_missed(library: Library) -> None:
    search = searching(library, semantic=True)
    for one in lines("dev_questions"):
        ranked = [hit.article for hit in search.seek(one["q"]).hits]
        if ranked[:1] != [one["article"]]:
            click.echo(f"{one['q']}  {one['article']}: {', '.join(ranked[:3])}")
    for one in lines("dev_off_topic"):
        if shown(one["q"], search.seek(one["q"]), library):
            click.echo(f"answered: {one['q']}")
    for one in lines("dev_intents"):
        meant = understand(one["q"], library).intent
        if meant != one["intent"]:
            click.echo(f"{one['q']}  {one['intent']}: {meant}")


def said(figures: Figures) -> str:
    return (
        f"{figures.questions} questions: recall@1 {figures.first:.3f}, @3 {figures.third:.3f}, "
        f"answered {figures.answered:.3f}, with slips {figures.typo:.3f}; "
        f"{figures.off_topic} off topic: wrong {figures.wrong:.3f}"
    )


if __name__ == "__main__":
    main()

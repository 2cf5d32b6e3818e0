"""An article as the text of a file, to be copied into the organisation's own content folder."""

import json

from dialogs.knowledge import Article

FENCE = "+++"


def written(article: Article) -> str:
    """Write an article as a file: its facts between two fences, then a heading a language.

    The file keeps the article's id as its name, so that it takes the place of the one we have.
    """
    facts: list[str] = []
    if article.area:
        facts.append(f"area = {_quoted(article.area)}")
    if article.reviewed:
        facts.append(f"reviewed = {article.reviewed.isoformat()}")
    places = ", ".join(
        f"{code} = {_quoted(nav)}" for code, nav in sorted(article.nav.items()) if nav
    )
    if places:
        facts.append(f"nav = {{ {places} }}")
    parts = [
        f"# {code}: {article.title[code]}\n\n{article.body.get(code, '').strip()}\n"
        for code in sorted(article.title)
    ]
    return "\n".join((FENCE, *facts, FENCE, "", *parts))


def _quoted(text: str) -> str:
    """Write a line as a TOML string, whose escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False)

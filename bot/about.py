"""The page that says what Wayfinder is, in every language: Teams' app description leads to it."""

from functools import cache
from html import escape

from dialogs.introduction import NAME, introduce
from dialogs.rich import Rich
from dialogs.speech import Speech, languages
from nudges.people import Language

PATH = "/about"
PARTS = ("privacy", "terms")
STYLE = (
    "body{font:1.05rem/1.6 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1.25rem;"
    "color:#12352f;background:#fffdf8}h1{font-size:1.6rem}h2{font-size:1.1rem;margin-bottom:0}"
    "section+section{margin-top:3rem;border-top:1px solid #e6dcc8;padding-top:1rem}"
    "button{font:inherit;font-weight:600;padding:.6rem 1.25rem;border:0;border-radius:.5rem;"
    "background:#12352f;color:#fffdf8;cursor:pointer}"
)
"""How our own pages look."""


@cache
def about() -> str:
    """Return the page; it holds no script, and nothing about anybody."""
    parts = "".join(_part(language) for language in languages())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{NAME}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style><main>{parts}</main></html>"
    )


def _part(language: Language) -> str:
    speech, us = Speech(language), introduce(language)
    titled = "".join(
        f"<h2>{escape(speech.line(f'about.{what}.title'))}</h2><p>{_html(speech(f'about.{what}'))}"
        for what in PARTS
    )
    first = f"<h1>{escape(us.name)}</h1><p><strong>{escape(us.short)}.</strong> {escape(us.full)}"
    return f'<section lang="{language}">{first}{titled}</section>'


def _html(text: Rich) -> str:
    return "".join(
        f"<strong>{escape(span.text)}</strong>" if span.bold else escape(span.text) for span in text
    )

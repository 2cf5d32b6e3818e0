"""A few tips for tests, written as files."""

from pathlib import Path

TIP = """+++
element = "{element}"
jobs = [{jobs}]
levels = [{levels}]
area = "{area}"
article = ""
[why]
en = "Why {name}."
nl = "Waarom {name}."
[quiz.question]
en = "Question {name}?"
nl = "Vraag {name}?"
[quiz.right]
en = "Right {name}"
nl = "Goed {name}"
[quiz.wrong]
en = ["Wrong one {name}", "Wrong two {name}"]
nl = ["Fout een {name}", "Fout twee {name}"]
+++

# en: Tip {name}

Do {name} in {{crm}}.

# nl: Tip over {name}

Doe {name} in {{crm}}.
"""


def tip(name: str, element: str, *, jobs: str = "", levels: str = "", area: str = "data") -> str:
    """Return a tip as a file says it; jobs and levels as TOML writes them."""
    return TIP.format(name=name, element=element, jobs=jobs, levels=levels, area=area)


def write(folder: Path, **texts: str) -> Path:
    """Write tips into an organisation's own folder; returns it."""
    place = folder / "tips"
    place.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (place / f"{name}.md").write_text(text, encoding="utf-8")
    return folder

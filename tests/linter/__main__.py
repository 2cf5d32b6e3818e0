"""Print how well the linter reads; ``python -m tests.linter tune`` adds each miss of that set."""

import sys

import click

from tests.linter.messages import messages, scores, told

SETS = ("tune", "held_out")


def main() -> None:
    for name in SETS:
        of = messages(name)
        click.echo(f"{name}: {len(of)} messages")
        for (lang, label), score in scores(of).items():
            rates = f"precision {score.precision:.2f} recall {score.recall:.2f} F1 {score.f1:.2f}"
            click.echo(f"  {lang} {label:24} {rates}")
    if "tune" in sys.argv:
        for message in messages("tune"):
            says, jargon = told(message)
            if says != message.says or jargon != message.jargon:
                extra, missed = sorted(says - message.says), sorted(message.says - says)
                odd = sorted(jargon ^ message.jargon)
                click.echo(f"\n{message.lang} +{extra} -{missed} {odd}\n  {message.text}")


if __name__ == "__main__":
    main()

"""Try made-up inputs everywhere that something may come in; exits 1 where something goes wrong.

``python -m tests.bad_input --inputs 100000 --seed 4711`` prints how many each place took; named
places are tried alone.
"""

import sys

import click

from tests.bad_input.run import tried
from tests.bad_input.sinks import SINKS


@click.command()
@click.argument("places", nargs=-1, type=click.Choice(list(SINKS)))
@click.option("--inputs", default=100_000, show_default=True, help="How many, in all.")
@click.option("--seed", default=4711, show_default=True, help="The same makes up the same.")
def main(places: tuple[str, ...], inputs: int, seed: int) -> None:
    wanted = {name: SINKS[name] for name in places or SINKS}
    whole, taken, wrong = sum(sink.share for sink in wanted.values()), 0, 0
    for name, sink in wanted.items():
        found = tried(sink, -(-inputs * sink.share // whole), seed)
        taken += found.inputs
        click.echo(f"{name}: {found.inputs} inputs in {found.seconds:.0f} s")
        if found.finding:
            wrong += 1
            click.echo(found.finding)
    click.echo(f"{taken} inputs in all, seed {seed}: {wrong} places with something wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

"""The commands: stdout is data, logs go to stderr; 0 is good, 1 a finding, 2 bad input."""

import importlib

import click

COMMANDS = {
    "access": "bot.cli.access",
    "demo": "bot.cli.running",
    "data": "bot.cli.rights",
    "forget": "bot.cli.rights",
    "doctor": "bot.cli.doctor",
    "digest": "bot.cli.digest",
    "serve": "bot.cli.running",
    "migrate": "bot.cli.running",
    "standing": "bot.cli.answers",
    "answers": "bot.cli.answers",
    "ask": "bot.cli.ask",
    "audience": "bot.cli.audience",
    "audit": "bot.cli.audit",
    "lint": "bot.cli.lint",
    "preview": "bot.cli.cards",
    "backup": "bot.cli.backup",
    "restore": "bot.cli.backup",
    "broadcast": "bot.cli.steering",
    "competition": "bot.cli.contests",
    "manifest": "bot.cli.manifest",
    "people": "bot.cli.people",
    "programme": "bot.cli.programme",
    "roles": "bot.cli.roles",
    "rumours": "bot.cli.rumours",
    "vault": "bot.cli.vault",
    "voices": "bot.cli.voices",
    "runs": "bot.cli.runs",
    "silence": "bot.cli.silence",
    "sprint": "bot.cli.contests",
    "training": "bot.cli.training",
    "usage": "bot.cli.usage",
    "webhook": "bot.cli.webhook",
    "works-council": "bot.cli.council",
    "simulate": "bot.cli.rehearsal",
    "faults": "bot.cli.rehearsal",
}
"""Each command and the module it lives in; a module is read only when its command is called."""


class Commands(click.Group):
    """A group whose commands are imported when they are called, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002, D102
        if cmd_name not in COMMANDS:
            return None
        return getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name.replace("-", "_"))


@click.group(cls=Commands)
def main() -> None:
    """Wayfinder helps people make a new CRM part of their work."""

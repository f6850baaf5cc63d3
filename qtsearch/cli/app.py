"""The command group: ``qtsearch WORDS`` searches unless the first word is a command's name."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import click

from qtsearch._version import __version__

COMMANDS = (
    *("search", "complete", "show", "related", "abbreviations", "stats"),
    *("reindex", "check", "eval", "config", "completion"),
)

MODULES = {"eval": "evaluate"}
"""Modules that are not named like their command."""

OPTIONS_WITH_VALUE = frozenset(
    (
        *("-n", "--limit", "--page", "--subject", "--since", "--until", "--sort", "--related"),
        *("--author", "--year", "--filter", "--facet", "--fragments", "--run", "--baseline", "--write"),
        *("--wait", "--index", "--articles", "--config", "--color"),
    )
)
"""All options of all commands that take a value: what follows one is not the first word."""


class SearchGroup(click.Group):
    """Imports a command when it is used, and finds out which one is meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"qtsearch.cli.commands.{MODULES.get(cmd_name, cmd_name)}").command
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the command in front, then let click read on."""
        if not args and not ctx.resilient_parsing:
            click.echo(self.get_help(ctx))
            ctx.exit(0)
        return super().parse_args(ctx, name_command_first(args))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show both forms."""
        formatter.write_usage("qtsearch", "[OPTIONS] WORDS...")
        formatter.write_usage("qtsearch", "COMMAND [OPTIONS] ...", prefix="       ")


def name_command_first(arguments: Sequence[str]) -> list[str]:
    """The arguments with the name of the command before all else.

    >>> name_command_first(["-n", "3", "HCC"])
    ['search', '-n', '3', 'HCC']
    >>> name_command_first(["--index", "old", "stats"])
    ['stats', '--index', 'old']
    """
    place = _first_word(arguments)
    if place is None:
        group_only = arguments and set(arguments) <= {"--help", "-h", "--version"}
        return list(arguments) if group_only or not arguments else ["search", *arguments]
    if arguments[place] in COMMANDS:
        return [arguments[place], *arguments[:place], *arguments[place + 1 :]]
    return ["search", *arguments]


def _first_word(arguments: Sequence[str]) -> int | None:
    """Where the first word stands that is neither an option nor an option's value; None if nowhere."""
    value_next = False
    for place, argument in enumerate(arguments):
        if value_next:
            value_next = False
        elif argument == "--":
            return None
        elif not argument.startswith("-") or argument == "-":
            return place
        else:
            value_next = argument in OPTIONS_WITH_VALUE
    return None


@click.group(cls=SearchGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="qtsearch", message="%(prog)s %(version)s")
def app() -> None:
    """Search a folder of articles: Markdown files with YAML front matter.

    \b
    qtsearch HCC immunotherapy        search (builds the index the first time)
    qtsearch -n 3 --since 2024 HCC    options of `qtsearch search` work here too
    qtsearch search check liver       words that start with a command's name
    qtsearch reindex                  bring the index up to date
    """  # noqa: D301 - click takes the backspace for "do not wrap"

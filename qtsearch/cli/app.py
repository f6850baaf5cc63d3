"""The command group: ``qtsearch WORDS`` searches unless the first word is a command's name."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from qtsearch._version import __version__
from qtsearch.cli.words import COMMANDS, name_command_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from click.shell_completion import CompletionItem

_NARROW = 52
"""Cells below which click takes no notice of the width of a terminal."""

MODULES = {"eval": "evaluate"}
"""Modules that are not named like their command."""


class _Help(click.HelpFormatter):
    """Help that fits a narrow terminal too: click itself never writes fewer than 50 cells, and most for names."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        if width is None:
            import shutil  # only where help is wanted

            columns = shutil.get_terminal_size().columns
            width = max(20, columns) if columns < _NARROW else None
        super().__init__(indent_increment, width, max_width)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names and texts in two columns, the names on lines of their own where they take half of the row."""
        super().write_dl(rows, min(col_max, self.width // 2), col_spacing)


class _Context(click.Context):
    formatter_class = _Help


class SearchGroup(click.Group):
    """Imports a command when it is used, and finds out which one is meant."""

    context_class = _Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"qtsearch.cli.commands.{MODULES.get(cmd_name, cmd_name)}").command
        assert isinstance(command, click.Command)
        command.context_class = _Context
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the command in front, then let click read on."""
        if not args and not ctx.resilient_parsing:
            click.echo(self.get_help(ctx))
            ctx.exit(0)
        return super().parse_args(ctx, name_command_first(args))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands, and what a search may begin with: its options, words of the articles."""
        search = self.get_command(ctx, "search")
        assert search is not None, "it is one of COMMANDS"
        with search.make_context("search", [], parent=ctx, resilient_parsing=True) as begun:
            words = search.params[0].shell_complete(begun, incomplete)
            offered = [*super().shell_complete(ctx, incomplete), *search.shell_complete(begun, incomplete), *words]
        return list({item.value: item for item in offered}.values())

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show both forms."""
        formatter.write_usage("qtsearch", "[OPTIONS] WORDS...")
        formatter.write_usage("qtsearch", "COMMAND [OPTIONS] ...", prefix="       ")


@click.group(cls=SearchGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="qtsearch", message="%(prog)s %(version)s")
def app() -> None:
    """Search a folder of articles: Markdown files with YAML front matter.

    \b
    qtsearch HCC immunotherapy
        searches, and builds the index the first time
    qtsearch -n 3 --since 2024 HCC
        options of `qtsearch search` work here too
    qtsearch search check liver
        searches, though the first word is a command's
    qtsearch reindex
        brings the index up to date
    """  # noqa: D301 - click takes the backspace for "do not wrap"

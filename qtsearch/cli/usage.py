"""What is said of a command line that cannot be read: what is wrong, and what was probably meant."""

from __future__ import annotations

from collections.abc import Sequence

import click

from qtsearch.analysis.edit_distance import within_distance
from qtsearch.cli.commands.search import command as search
from qtsearch.cli.words import COMMANDS, first_word

_ONE_ARGUMENT = {
    "complete": "put quotes round the text",
    "show": "one article is shown at a time",
    "related": "name one article at a time",
}
_NAMES_OF_TYPES = {"valid float range": "valid number", "valid integer range": "valid integer"}


def usage_message(error: click.UsageError, arguments: Sequence[str]) -> str:
    """One line for an error of click's in the ``arguments``."""
    context = error.ctx
    name = context.info_name if context else None
    if isinstance(error, click.NoSuchOption):
        if error.option_name == "--version":
            return "--version stands alone; write: qtsearch --version"
        if hint := _hint_for_option(error.option_name, name, arguments):
            return f"No such option '{error.option_name}'; {hint}"
        if name in (None, "search"):
            return f"{_told(error)}; to search for words that start with a dash, put -- before them"
    message = _told(error)
    if "unexpected extra argument" in message:
        hints = [_ONE_ARGUMENT.get(name or ""), _search_for(name)]
        return "; ".join([message, *filter(None, hints)])
    return f"{message}; see: {context.command_path if context else 'qtsearch'} --help"


def _hint_for_option(option: str, command: str | None, arguments: Sequence[str]) -> str:
    """What was probably meant where a command has no such option; "" if nobody knows."""
    if command in (None, "search"):
        meant = _mistyped_command(arguments)
        return f"did you mean the command {meant}? Else put -- before words that start with a dash" if meant else ""
    belongs_to_search = any(option in (*each.opts, *each.secondary_opts) for each in search.params)
    return _search_for(command) if belongs_to_search else ""


def _search_for(command: str | None) -> str:
    return f"to search for the word {command}: qtsearch search {command} ..."


def _mistyped_command(arguments: Sequence[str]) -> str:
    """The command that the first word is one or two edits from, one if it is short; "" if there is none."""
    place = first_word(arguments)
    if place is None or arguments[place] in COMMANDS:
        return ""
    word = arguments[place].lower()
    for edits in range(3 if len(word) > 4 else 2):  # none: REINDEX
        for command in COMMANDS:
            if within_distance(word, command, edits):
                return command
    return ""


def _told(error: click.UsageError) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    for name, plain in _NAMES_OF_TYPES.items():
        message = message.replace(name, plain)
    return message

"""What is said of a command line that cannot be read: what is wrong, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

import click

from qtsearch.analysis.edit_distance import within_distance
from qtsearch.cli.commands.search import command as search
from qtsearch.cli.words import COMMANDS, OPTIONS_WITH_VALUE, first_word, name_command_first
from qtsearch.patterns import pattern

_ONE_ARGUMENT = {
    "complete": "put quotes round the text",
    "show": "one article is shown at a time",
    "related": "name one article at a time",
}
_OPTION = pattern(r"--.*|-n\d+|-h")
"""What is an option and not a word with a dash before it, for it might be one of search."""


def usage_message(error: click.UsageError, arguments: Sequence[str]) -> str:
    """One line for an error of click's in the ``arguments``."""
    command = name_command_first(arguments)[0]  # click does not always know it yet
    if isinstance(error, click.NoSuchOption):
        if error.option_name == "--version":
            return "--version stands alone; write: qtsearch --version"
        return _no_such_option(error.option_name, error.possibilities or (), command, arguments)
    if isinstance(error, click.BadParameter) and error.param and "-n" in error.param.opts:
        for word in _before_words(arguments):
            if word.startswith("-n") and word[2:3].isalpha():
                return _no_such_option(word, (), command, arguments)
    message = _told(error)
    if "unexpected extra argument" in message:
        hints = [_ONE_ARGUMENT.get(command), _search_for(command)]
        return "; ".join([message, *filter(None, hints)])
    return f"{message}; see: {_help_of(command)}"


def _no_such_option(option: str, near: Iterable[str], command: str, arguments: Sequence[str]) -> str:
    """What to say of an option that a command has not; ``near`` are those that it has and that look like it."""
    is_of_search = any(option in (*each.opts, *each.secondary_opts) for each in search.params)
    option = _typed(option, arguments)
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    if command != "search":
        to_search = f"; {_search_for(command)}" if is_of_search else ""
        see = f"{meant} See" if meant else "; see"
        return f"'{option}' is no option of {command}{see}: {_help_of(command)}{to_search}"
    if mistyped := _mistyped_command(arguments):
        todo = f"did you mean the command {mistyped}? Else put -- before words that start with a dash"
        return f"'{option}' is no option of search; {todo}"
    if meant:
        return f"'{option}' is no option{meant}"
    if option.startswith("--"):
        return f"'{option}' is no option; to search for words that start with a dash, put -- before them"
    return f"'{option}' is no option; to leave a word out, write: {_with_words_last(arguments)}"


def _typed(option: str, arguments: Sequence[str]) -> str:
    """The word in which click met an option of one letter: ``-hepatitis`` for ``-e``."""
    if len(option) > 2:
        return option
    options = _before_words(arguments)
    words = (word for word in options if word.startswith("-") and not word.startswith("--") and option[1:] in word)
    return next(words, option)


def _before_words(arguments: Sequence[str]) -> list[str]:
    """What stands before ``--``: behind it everything is a word."""
    return list(takewhile(lambda argument: argument != "--", arguments))


def _with_words_last(arguments: Sequence[str]) -> str:
    """The command line of a search with ``--`` before its words, so that they may start with a dash."""
    import shlex  # only to word an error

    options, words = ["qtsearch"], list[str]()
    place = first_word(arguments)
    if place is not None and arguments[place] == "search":
        options.append("search")
        arguments = [*arguments[:place], *arguments[place + 1 :]]
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            words += left
        elif argument in OPTIONS_WITH_VALUE:
            options += [argument, next(left, "")]
        else:
            (options if _OPTION.fullmatch(argument) else words).append(argument)
    return shlex.join([*options, "--", *words])


def _help_of(command: str) -> str:
    return f"qtsearch {command} --help"


def _search_for(command: str) -> str:
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
    return message.replace("not a valid float", "not a valid number")

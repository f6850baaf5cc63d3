"""Which command is meant? Told from the arguments alone, before click is imported."""

from __future__ import annotations

from collections.abc import Sequence

COMMANDS = (
    *("search", "complete", "show", "related", "abbreviations", "stats"),
    *("reindex", "check", "eval", "config", "completion"),
)

PLACES = {"--index": "index", "--articles": "articles", "--config": "config"}
"""The options that name a folder or a file, each with the name under which ``qtsearch.config.load`` knows it."""

OPTIONS_WITH_VALUE = frozenset(
    (
        *("-n", "--limit", "--page", "--subject", "--since", "--until", "--sort", "--related"),
        *("--author", "--year", "--filter", "--facet", "--fragments", "--run", "--baseline", "--write"),
        *("--wait", "--color", *PLACES),
    )
)
"""All options of all commands that take a value: what follows one is not the first word."""


def plain_search(arguments: Sequence[str]) -> tuple[str, dict[str, str]] | None:
    """The text and the settings of a search that says nothing else; None if click must read the arguments.

    Click takes 14 ms to be imported and to read what can be read here at a glance.

    >>> plain_search(["--index", "old", "HCC", "therapy"])
    ('HCC therapy', {'index': 'old'})
    >>> plain_search(["-n", "3", "HCC"])
    """
    words: list[str] = []
    settings: dict[str, str] = {}
    left = iter(arguments)
    for argument in left:
        value = next(left, "-") if argument in PLACES else argument
        if value.startswith("-"):
            return None
        if argument in PLACES:
            settings[PLACES[argument]] = value
        else:
            words.append(argument)
    text = " ".join(words)
    return (text, settings) if text.strip() and words[0] not in COMMANDS else None


def name_command_first(arguments: Sequence[str]) -> list[str]:
    """The arguments with the name of the command before all else.

    >>> name_command_first(["-n", "3", "HCC"])
    ['search', '-n', '3', 'HCC']
    >>> name_command_first(["--index", "old", "stats"])
    ['stats', '--index', 'old']
    """
    place = first_word(arguments)
    if place is None:
        group_only = arguments and set(arguments) <= {"--help", "-h", "--version"}
        return list(arguments) if group_only or not arguments else ["search", *arguments]
    if arguments[place] in COMMANDS:
        return [arguments[place], *arguments[:place], *arguments[place + 1 :]]
    return ["search", *arguments]


def first_word(arguments: Sequence[str]) -> int | None:
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

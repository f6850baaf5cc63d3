"""What does the shell offer where somebody presses Tab? Words of the articles, options, folders and files.

Click answers the shell and knows the options. Nothing here fails or writes: a half-typed line is no error yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

import qtsearch
from qtsearch.cli.folders import settings_of
from qtsearch.cli.words import PLACES
from qtsearch.errors import QtsearchError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_WORDS = 20
"""Words that are offered at most; more are no help on a command line."""


def offer_words(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The words of the articles by which a half-typed word of a query may go on, commonest first."""
    words = context.params.get(parameter.name or "")
    try:
        return [_item(word) for word in _words(context, words if isinstance(words, tuple) else (), begun)]
    except (QtsearchError, OSError):
        return []


def offer_folders(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """What makes the shell offer folders."""
    return [_item(begun, "dir")]


def offer_files(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """What makes the shell offer files."""
    return [_item(begun, "file")]


def _item(value: str, kind: str = "plain") -> CompletionItem:
    from click.shell_completion import CompletionItem  # only where Tab was pressed

    return CompletionItem(value, kind)


def _words(context: click.Context, words: Sequence[str], begun: str) -> Iterator[str]:
    if not begun or begun.startswith("-"):
        return
    settings = settings_of({name: context.params.get(name) for name in PLACES.values()})
    before = "".join(f"{word} " for word in words)
    with qtsearch.open(settings.index) as index:
        found = index.complete(before + begun, limit=2 * _WORDS)
    for one in found[:_WORDS]:
        whole = one.text[len(before) :]
        rest = whole[len(begun) :]
        # A shell passes over what does not begin as it was typed, and gives other signs a meaning of its own.
        if one.kind != "title" and whole.lower().startswith(begun.lower()) and (not rest or rest.isalnum()):
            yield begun + rest

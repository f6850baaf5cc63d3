"""``qtsearch complete TEXT``."""

from __future__ import annotations

import click

import qtsearch
from qtsearch.cli.forms import completions_form
from qtsearch.cli.layout import counted, rows_or, span
from qtsearch.cli.options import common_options, json_option
from qtsearch.cli.process import DONE, NOTHING
from qtsearch.cli.screen import Screen
from qtsearch.cli.tab import offer_words
from qtsearch.config import Settings


@click.command("complete", short_help="Show how a query may go on.")
@click.argument("text", shell_complete=offer_words)
@click.option("-n", "--limit", type=int, metavar="N", help="How many ways at most, 1 to 10,000 (10 unless configured).")
@json_option
@common_options
def command(text: str, as_json: bool, settings: Settings, screen: Screen) -> int:
    """Show how the query TEXT may go on: words first, then titles.

    The last word is taken as the beginning of a word. Words come commonest first; behind other words, those that belong
    to these best; behind the name of a field, those of that field. The exit status is 1 if there is no way to go on.
    """
    with qtsearch.open(settings.index) as index:
        found = index.complete(text, limit=settings.limit)
    if as_json:
        screen.write_json(completions_form(text, found))
    else:
        rows = ([span(one.text), span(_note(one), "dim")] for one in found)
        screen.write(screen.text(rows_or("no completions", rows)))
    return DONE if found else NOTHING


def _note(completion: qtsearch.Completion) -> str:
    return "title" if completion.documents is None else counted(completion.documents, "article")

"""``qtsearch abbreviations [TERM]``."""

from __future__ import annotations

import click

import qtsearch
from qtsearch.cli.forms import abbreviations_form
from qtsearch.cli.layout import counted, rows_or, span
from qtsearch.cli.options import common_options, json_option, pager_option
from qtsearch.cli.process import DONE, NOTHING
from qtsearch.cli.screen import Screen
from qtsearch.cli.tab import offer_words
from qtsearch.config import Settings


@click.command("abbreviations", short_help="List the abbreviations that the articles define.")
@click.argument("term", required=False, shell_complete=offer_words)
@json_option
@pager_option
@common_options
def command(term: str | None, as_json: bool, pager: bool, settings: Settings, screen: Screen) -> int:
    """List the abbreviations that the articles define, those of most articles first.

    TERM is a short or a long form; with it, only its other forms are listed. The exit status is 1 if there
    are none.
    """
    with qtsearch.open(settings.index) as index:
        found = index.abbreviations(term)
    if as_json:
        screen.write_json(abbreviations_form(found))
    else:
        rows = ([span(f"{one.short}  {one.long}"), span(counted(one.documents, "article"), "dim")] for one in found)
        screen.write(screen.text(rows_or("no abbreviations", rows)), pager=pager)
    return DONE if found else NOTHING

"""``qtsearch stats``."""

from __future__ import annotations

import click

import qtsearch
from qtsearch.cli.forms import stats_form
from qtsearch.cli.options import common_options, json_option
from qtsearch.cli.process import DONE
from qtsearch.cli.reports import stats_lines
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings


@click.command("stats", short_help="Show what the index holds.")
@json_option
@common_options
def command(as_json: bool, settings: Settings, screen: Screen) -> int:
    """Show what the index holds: articles, terms, dates, size, subjects, and when it was last written."""
    with qtsearch.open(settings.index) as index:
        stats = index.stats()
    if as_json:
        screen.write_json(stats_form(stats))
    else:
        screen.write(screen.text(stats_lines(stats)))
    return DONE

"""``qtsearch related ID|URL|PATH``."""

from __future__ import annotations

import click

import qtsearch
from qtsearch.cli.forms import related_list_form
from qtsearch.cli.hits import related_lines
from qtsearch.cli.layout import Line, span
from qtsearch.cli.options import common_options, indexed_key, json_option, key_argument, pager_option
from qtsearch.cli.process import DONE, NOTHING
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings


@click.command("related", short_help="List the articles that belong to another.")
@key_argument
@click.option("-n", "--limit", type=int, metavar="N", help="How many at most, 1 to 10,000 (10 unless configured).")
@json_option
@pager_option
@common_options
def command(key: str, as_json: bool, pager: bool, settings: Settings, screen: Screen) -> int:
    """List the articles related to the one with this id, url, or path below the folder of articles.

    First those that its editor chose, marked with an arrow, then similar ones. Where titles are no links, as in a
    pipe, the url or path of each stands below it. The exit status is 1 if there are none.
    """
    with qtsearch.open(settings.index) as index:
        key = indexed_key(key, settings, index)
        related = index.related(key, limit=settings.limit)
    if as_json:
        screen.write_json(related_list_form(key, related))
    else:
        lines = [line for each in related for line in related_lines(each, settings, addressed=not screen.styled)]
        screen.write(screen.text(lines or [Line((span("no related articles"),))]), pager=pager)
    return DONE if related else NOTHING

"""``qtsearch show ID|URL|PATH``."""

from __future__ import annotations

import click

import qtsearch
from qtsearch.cli.article_view import article_text
from qtsearch.cli.forms import article_form
from qtsearch.cli.options import common_options, indexed_key, json_option, key_argument, pager_option
from qtsearch.cli.process import DONE
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings


@click.command("show", short_help="Show one whole article.")
@key_argument
@click.option(
    "--related", type=int, metavar="N", help="Related articles at the end, 0 to 100 (3 unless configured); 0 for none."
)
@json_option
@pager_option
@common_options
def command(key: str, as_json: bool, pager: bool, settings: Settings, screen: Screen) -> int:
    """Show the article with this id, url, or path below the folder of articles.

    On a terminal its Markdown is rendered; in a pipe it is printed as written. So it is on a terminal where it is
    very long, or nested so deep that the terminal has no room for it. Where titles are no links, as in a pipe, the
    url or path of each related article stands below it.
    """
    with qtsearch.open(settings.index) as index:
        key = indexed_key(key, settings, index)
        article = index.get(key)
        related = index.related(key, limit=settings.related)
    if as_json:
        screen.write_json(article_form(article, related))
    else:
        screen.write(article_text(article, related, settings, screen), pager=pager)
    return DONE

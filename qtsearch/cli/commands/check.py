"""``qtsearch check``."""

from __future__ import annotations

import click

import qtsearch
from qtsearch.cli.forms import check_form
from qtsearch.cli.options import common_options, json_option
from qtsearch.cli.process import DONE, NOTHING
from qtsearch.cli.reports import check_lines
from qtsearch.cli.sanitize import json_text
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings


@click.command("check", short_help="Compare the index with the folder of articles.")
@json_option
@common_options
def command(as_json: bool, settings: Settings, screen: Screen) -> int:
    """Compare the index with the folder of articles; change nothing.

    Lists changed articles, articles that are not in the index, indexed articles whose file is gone, and
    related links that lead nowhere. The exit status is 1 if there are any.
    """
    report = qtsearch.check(settings.articles, settings.index, max_bytes=settings.max_bytes)
    if as_json:
        screen.write(json_text(check_form(report), indent=2) + "\n")
    else:
        screen.write(screen.text(check_lines(report)))
    return DONE if report.clean else NOTHING

"""``qtsearch config``."""

from __future__ import annotations

import click

from qtsearch.cli.forms import settings_form
from qtsearch.cli.options import common_options, json_option
from qtsearch.cli.process import DONE
from qtsearch.cli.reports import settings_lines
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings


@click.command("config", short_help="Show each setting and where its value comes from.")
@json_option
@common_options
def command(as_json: bool, settings: Settings, screen: Screen) -> int:
    """Show each setting, its value, and where that comes from.

    An option counts before the environment variable, that before the configuration file, and that before
    the default.
    """
    if as_json:
        screen.write_json(settings_form(settings))
    else:
        screen.write(screen.text(settings_lines(settings)))
    return DONE

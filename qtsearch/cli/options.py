"""Options that several commands share, and what they become: settings and a screen."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

import qtsearch
from qtsearch.cli.folders import settings_of
from qtsearch.cli.screen import Screen
from qtsearch.cli.tab import offer_files, offer_folders
from qtsearch.config import SETTINGS, Settings
from qtsearch.errors import ArticleNotFound, ConfigError

Callback = Callable[..., int]

_SETTING_NAMES = frozenset(setting.name for setting in SETTINGS) | {"config"}


def common_options(function: Callback) -> Callback:
    """Add the options of all commands, and call with ``settings`` and ``screen`` in their place.

    Any other option named like a setting, such as ``limit``, goes into the settings too. So does the
    argument ``folder``, which is another way to say ``--articles``.

    Raises:
        ConfigError: from ``settings_of``.
        click.UsageError: both ``folder`` and ``--articles`` are given.
    """

    @functools.wraps(function)
    def with_settings(*, color: str, **values: Any) -> int:
        if (folder := values.pop("folder", None)) is not None:
            if values["articles"] is not None:
                raise click.UsageError("the folder of articles is named twice")
            values["articles"] = folder
        options = {name: values.pop(name) for name in _SETTING_NAMES & values.keys()}
        screen = Screen.of(sys.stdout, color, os.environ)
        return function(settings=settings_of(options), screen=screen, **values)

    for add_option in reversed(_COMMON):
        add_option(with_settings)
    return with_settings


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    help="After an error, show where in the program it happened.",
)

_COMMON = (
    click.option(
        "--index",
        metavar="FOLDER",
        help="The folder of the index (index unless configured).",
        shell_complete=offer_folders,
    ),
    click.option(
        "--articles",
        metavar="FOLDER",
        help="The folder of articles (seeds unless configured).",
        shell_complete=offer_folders,
    ),
    click.option("--config", metavar="FILE", help="Read this file, not ./qtsearch.toml.", shell_complete=offer_files),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colours and links. auto: on a terminal, or where FORCE_COLOR is set, but never if NO_COLOR is.",
    ),
    debug_option,
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
pager_option = click.option(
    "--pager/--no-pager",
    default=True,
    help="On a terminal, show long output in $PAGER, else in less (the default).",
)
key_argument = click.argument("key", metavar="ID|URL|PATH")


def within(low: int, high: int | None = None, what: str = "a whole number") -> Callable[..., float]:
    """A callback for an option: returns a number from ``low`` to ``high``, and says so in one line of any other.

    As the settings say it, of which ``--limit`` and ``--related`` are two. Click would word it in its own way.
    """
    wanted = f"{what} from {low:,} to {high:,}" if high is not None else f"{what}, {low:,} or more"

    def checked(context: click.Context, option: click.Parameter, value: float) -> float:
        if not value >= low or (high is not None and value > high):  # nan is neither more nor less
            given = f"{value:g}" if isinstance(value, float) else value
            raise ConfigError(f"{option.opts[-1]} is {given}; use {wanted}")
        return value

    return checked


def indexed_key(key: str, settings: Settings, index: qtsearch.Index) -> str:
    """What the index knows an article by, from what was copied from elsewhere.

    A file's path becomes the path below the folder of articles. The address of a page, as it is shown where
    ``site_url`` is configured, becomes the url that the article has, unless it has the whole address.
    """
    rest = key.removeprefix(settings.site_url)
    if settings.site_url and rest.startswith("/") and rest != key:
        with contextlib.suppress(ArticleNotFound):
            index.get(key)
            return key
        return rest
    with contextlib.suppress(ValueError, OSError):  # not in the folder; no possible name of a file
        path = Path(key).resolve().relative_to(settings.articles.resolve())
        if (settings.articles / path).is_file():
            return path.as_posix()
    return key

"""``qtsearch check``."""

from __future__ import annotations

import itertools

import click

import qtsearch
from qtsearch.cli.folders import places_of
from qtsearch.cli.forms import check_form
from qtsearch.cli.options import common_options, json_option, pager_option
from qtsearch.cli.process import DONE, NOTHING
from qtsearch.cli.progress import check_bar
from qtsearch.cli.reports import check_lines
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings


class CheckCommand(click.Command):
    """Takes ``--index`` without a folder for ``--verify``: "check the index"."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the one in place of the other, then let click read on."""
        words = itertools.zip_longest(args, args[1:], fillvalue="-")
        return super().parse_args(
            ctx, ["--verify" if word == "--index" and after.startswith("-") else word for word, after in words]
        )


@click.command("check", cls=CheckCommand, short_help="Compare the index with the folder of articles, or verify it.")
@click.option(
    "--verify",
    is_flag=True,
    help="Verify every byte of the index, instead of comparing it. --index without a FOLDER means the same.",
)
@json_option
@pager_option
@common_options
def command(verify: bool, as_json: bool, pager: bool, settings: Settings, screen: Screen) -> int:
    """Compare the index with the folder of articles, or verify the index itself; change nothing.

    Lists changed articles, articles that are not in the index, indexed articles whose file is gone, and
    related links that lead nowhere. Says so, too, if every user may write to the index, a link leads away
    from it, or a reindex would build it anew, because this version takes the texts apart in another way or other
    facets are configured. With --verify, every file of the index is read and its checksums are compared; what is
    damaged is named with its file and structure. The exit status is 1 if anything was found.
    """
    with check_bar(verify=verify, styled=screen.styled) as progress:
        report = qtsearch.check(
            settings.articles,
            settings.index,
            max_bytes=settings.max_bytes,
            verify=verify,
            facets=settings.facets,
            progress=progress,
        )
    if as_json:
        screen.write_json(check_form(report))
    else:
        screen.write(screen.text(check_lines(report, places_of(settings))), pager=pager)
    return DONE if report.clean else NOTHING

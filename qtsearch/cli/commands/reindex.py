"""``qtsearch reindex [FOLDER]``."""

from __future__ import annotations

import click

import qtsearch
from qtsearch.cli.folders import refuse_to_guess
from qtsearch.cli.forms import reindex_form
from qtsearch.cli.options import common_options, json_option, within
from qtsearch.cli.process import BUSY, DONE, NOTHING, complain
from qtsearch.cli.progress import progress_bar
from qtsearch.cli.reports import problem_messages, reindex_lines, usable_line
from qtsearch.cli.screen import Screen
from qtsearch.cli.tab import offer_folders
from qtsearch.config import Settings
from qtsearch.errors import IndexBusy


@click.command("reindex", short_help="Bring the index up to date with the folder of articles.")
@click.argument("folder", required=False, shell_complete=offer_folders)
@click.option("--full", is_flag=True, help="Read every article again and build the index from the ground up.")
@click.option(
    "--if-needed", is_flag=True, help="Do nothing if there is a usable index already; do not look for changed articles."
)
@click.option("--dry-run", is_flag=True, help="Only say what would change; write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing unless something is wrong, for cron; so with --json.")
@click.option(
    "--wait",
    type=float,
    callback=within(0, what="a number of seconds"),
    default=0.0,
    metavar="SECONDS",
    help="How long to wait for another process that is writing the index (0 unless given).",
)
@json_option
@common_options
def command(
    full: bool,
    if_needed: bool,
    dry_run: bool,
    quiet: bool,
    wait: float,
    as_json: bool,
    settings: Settings,
    screen: Screen,
) -> int:
    """Add new articles, update changed ones, and take out those whose file is gone.

    FOLDER is the folder of articles. All changes become visible at once, and searches go on meanwhile.
    The exit status is 0 when all is well, 1 when the index is up to date but for articles that could not
    be read, 2 after an error, and 75 when another process is writing the index.
    """
    for option, is_given in (("--quiet", quiet), ("--if-needed", if_needed)):
        if dry_run and is_given:
            raise click.UsageError(f"use only one of {option} and --dry-run")
    refuse_to_guess(settings)
    waiting = wait > 0 and not dry_run
    try:
        with progress_bar(wanted=not quiet, styled=screen.styled, waiting=waiting) as progress:
            report = qtsearch.reindex(
                settings.articles,
                settings.index,
                full=full,
                if_needed=if_needed,
                dry_run=dry_run,
                wait=wait,
                max_bytes=settings.max_bytes,
                facets=settings.facets,
                progress=progress,
            )
    except IndexBusy as busy:
        if not wait:
            raise
        what = f"{busy.folder} is still being written by {busy.holder} after {wait:g} s"
        complain(f"{what}; try again later or wait longer")
        return BUSY
    looked_for_changes = full or report.committed or not if_needed
    problems = list(problem_messages(report, settings, warnings=not quiet)) if looked_for_changes else []
    if as_json:
        if problems or not quiet:
            screen.write_json(reindex_form(report))
    else:
        for message in problems:
            complain(message)
        if not quiet:
            screen.write(screen.text(reindex_lines(report) if looked_for_changes else [usable_line(report)]))
    return NOTHING if report.failed else DONE

"""``qtsearch WORDS`` and ``qtsearch search WORDS``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import click

from qtsearch.cli.options import common_options, pager_option, within
from qtsearch.cli.screen import Screen
from qtsearch.cli.searching import search
from qtsearch.cli.tab import offer_words
from qtsearch.config import Settings
from qtsearch.errors import RequestError
from qtsearch.query.dates import days_of, days_of_year
from qtsearch.query.request import MAX_FRAGMENTS, SORTS, Sort


def _first_day(context: click.Context, option: click.Parameter, value: str | None) -> datetime.date | None:
    return None if value is None else partial_date(value, last=False)


def _last_day(context: click.Context, option: click.Parameter, value: str | None) -> datetime.date | None:
    return None if value is None else partial_date(value, last=True)


def _years(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            days_of_year(value)
        except ValueError:
            raise RequestError(f"--year is {value!r}; use a year such as 2024") from None
    return values


def partial_date(text: str, *, last: bool) -> datetime.date:
    """The first or the last day of YYYY, YYYY-MM or YYYY-MM-DD.

    Raises:
        click.BadParameter: the text is no such date.
    """
    try:
        return days_of(text)[last]
    except ValueError:
        raise click.BadParameter(f"{text!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD") from None


@click.command("search", short_help="Search; the same as qtsearch WORDS.")
@click.argument("words", nargs=-1, metavar="WORDS...", shell_complete=offer_words)
@click.option("-n", "--limit", type=int, metavar="N", help="Hits on a page, 1 to 10,000 (10 unless configured).")
@click.option(
    "--page", type=int, callback=within(1), default=1, metavar="N", help="Which page of hits (1 unless given)."
)
@click.option("--subject", multiple=True, metavar="TEXT", help="Only articles of this subject; case does not count.")
@click.option("--author", multiple=True, metavar="TEXT", help="Only articles of this author; case does not count.")
@click.option("--year", multiple=True, callback=_years, metavar="YYYY", help="Only articles of this year.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only articles with this value of a facet. Given twice for one key, either value will do; so with the three "
    "options above.",
)
@click.option("--since", callback=_first_day, metavar="DATE", help="Only articles of this day or later.")
@click.option("--until", callback=_last_day, metavar="DATE", help="Only articles of this day or earlier.")
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default="relevance",
    show_default=True,
    help="Best first, newest first, or a to z.",
)
@click.option(
    "--related",
    type=int,
    metavar="N",
    help="Related articles under each hit, 0 to 100 (3 unless configured); 0 for none.",
)
@click.option(
    "--fragments",
    type=int,
    callback=within(0, MAX_FRAGMENTS),
    default=1,
    metavar="N",
    help="Fragments of each hit, 0 to 9 (1 unless given). Without any, nothing is highlighted, in the title neither.",
)
@click.option(
    "--facet",
    multiple=True,
    metavar="KEYS",
    help="Count the matching articles by subject, author, year or a configured key; KEYS have commas between them.",
)
@click.option(
    "--expand/--no-expand",
    default=None,
    help="Search for abbreviations and synonyms of the words too (the default unless configured).",
)
@click.option("--exact", is_flag=True, help="Search for what is typed: no other names, no corrected words.")
@click.option("--explain", is_flag=True, help="Show what made the score of each hit, when sorted by relevance.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON object a line for each hit.")
@click.option("--paths", "as_paths", is_flag=True, help="Print only the paths of the articles.")
@click.option("--count", "as_count", is_flag=True, help="Print only the number of all hits.")
@pager_option
@common_options
def command(
    words: tuple[str, ...],
    page: int,
    subject: tuple[str, ...],
    author: tuple[str, ...],
    year: tuple[str, ...],
    filters: tuple[str, ...],
    since: datetime.date | None,
    until: datetime.date | None,
    sort: Sort,
    fragments: int,
    facet: tuple[str, ...],
    exact: bool,
    explain: bool,
    as_json: bool,
    as_jsonl: bool,
    as_paths: bool,
    as_count: bool,
    pager: bool,
    settings: Settings,
    screen: Screen,
) -> int:
    """Find the articles that answer WORDS, best first.

    DATE is YYYY, YYYY-MM or YYYY-MM-DD. If there is no index yet, it is built first. The exit status is 0
    if there are hits on the page (with --count, at all), 1 if there are none, and 2 after an error.
    """
    form = _only_one(json=as_json, jsonl=as_jsonl, paths=as_paths, count=as_count)
    _refuse_what_has_no_effect(form, sort, facet=bool(facet), explain=explain)
    text = " ".join(words)
    if not text.strip() and not (words and form):  # a program is answered, as no text is an error
        raise click.UsageError("no words to search for")
    return search(
        text,
        settings,
        screen,
        form=form,
        page=page,
        since=since,
        until=until,
        sort=sort,
        fragments=fragments,
        filters=_filters(filters, subject=subject, author=author, year=year),
        facets=[name.strip() for names in facet for name in names.split(",") if name.strip()],
        exact=exact,
        explain=explain,
        pager=pager,
    )


def _filters(pairs: Iterable[str], **named: tuple[str, ...]) -> dict[str, list[str]]:
    """The values wanted for each facet.

    Raises:
        click.BadParameter: one is not KEY=VALUE.
    """
    wanted = {name: list(values) for name, values in named.items() if values}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"{pair!r} is no filter; write KEY=VALUE", param_hint="'--filter'")
        wanted.setdefault(name, []).append(value)
    return wanted


def _refuse_what_has_no_effect(form: str, sort: Sort, *, facet: bool, explain: bool) -> None:
    clashes = (
        ("--facet", facet, f"--{form}", form in ("jsonl", "paths", "count")),
        ("--explain", explain, f"--{form}", form in ("paths", "count")),
        ("--explain", explain, f"--sort {sort}", sort != "relevance"),
    )
    for option, is_given, other, has_no_room in clashes:
        if is_given and has_no_room:
            raise click.UsageError(f"use only one of {option} and {other}")


def _only_one(**wanted: bool) -> str:
    """The form that is wanted, "" for that for people."""
    forms = [form for form, is_wanted in wanted.items() if is_wanted]
    if len(forms) > 1:
        raise click.UsageError("use only one of --json, --jsonl, --paths and --count")
    return forms[0] if forms else ""

"""A search, its options already read: by click, or at a glance."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import qtsearch
from qtsearch.cli.folders import names_index, nearby
from qtsearch.cli.hits import notice_lines, notices, results_lines
from qtsearch.cli.process import DONE, NOTHING, complain
from qtsearch.cli.sanitize import sanitize_line
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings
from qtsearch.errors import ConfigError, IndexMissing
from qtsearch.query.request import Sort
from qtsearch.results import Results


def search(
    text: str,
    settings: Settings,
    screen: Screen,
    *,
    form: str = "",
    page: int = 1,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    sort: Sort = "relevance",
    fragments: int = 1,
    filters: Mapping[str, Sequence[str]] = MappingProxyType({}),
    facets: Sequence[str] = (),
    exact: bool = False,
    explain: bool = False,
    pager: bool = True,
) -> int:
    """Search, write what is found, and return the exit status. See ``qtsearch.Index.search`` too.

    Args:
        text: what to look for.
        settings: where the index is, how many hits a page has, how many related articles each, whether to expand.
        screen: where to write.
        form: ``json``, ``jsonl``, ``paths`` or ``count``; "" for people.
        page: which page of hits, from 1.
        since: only articles of this day or later.
        until: only articles of this day or earlier.
        sort: the order of the hits.
        fragments: how many fragments of each hit to show.
        filters: values by facet.
        facets: for which facets to count the matching articles.
        exact: search for nothing but what was typed.
        explain: show what made the score of each hit.
        pager: whether long output may go through a pager.

    Raises:
        QtsearchError: there is no index to be had, or it cannot be searched like that.
    """
    without_text = form in ("paths", "count")
    with _open_or_build(settings, screen) as index:
        results = index.search(
            text,
            limit=0 if form == "count" else settings.limit,
            offset=(page - 1) * settings.limit,
            since=since,
            until=until,
            sort=sort,
            fragments=0 if without_text else fragments,
            filters=filters,
            facets=facets,
            expand=settings.expand,
            exact=exact,
            explain=explain,
            related=0 if without_text else settings.related,
        )
    if form:
        if form != "json":  # JSON has them
            _complain_of(notices(results))
        screen.write(_for_programs(results, form, settings, screen))
    else:
        _write_for_people(results, settings, screen, pager=pager)
    return DONE if (results.total if form == "count" else results.hits) else NOTHING


def _for_programs(results: Results, form: str, settings: Settings, screen: Screen) -> str:
    from qtsearch.cli.forms import hit_form, results_form  # only for JSON

    match form:
        case "json":
            lines = [screen.json(results_form(results), indent=2)]
        case "jsonl":
            lines = [screen.json(hit_form(hit)) for hit in results]
        case "paths":
            # A program needs the very name; no name of an article holds what breaks a line.
            clean = sanitize_line if screen.terminal else str
            lines = [clean(nearby(settings.articles / hit.path)) for hit in results]
        case _:
            lines = [str(results.total)]
    return "".join(f"{line}\n" for line in lines)


def _write_for_people(results: Results, settings: Settings, screen: Screen, *, pager: bool) -> None:
    """Notices above the hits on a terminal, else on stderr, where they do not mix with the answer."""
    lines = list(results_lines(results, settings, settings.limit, bars=screen.terminal or screen.styled))
    if screen.terminal:
        lines = [*notice_lines(results), *lines]
    else:
        _complain_of(notices(results))
    screen.write(screen.text(lines), pager=pager)


def _complain_of(messages: Iterable[str]) -> None:
    for message in messages:
        complain(message)


def _open_or_build(settings: Settings, screen: Screen) -> qtsearch.Index:
    """The index; built first if there is none yet but a folder of articles is at hand."""
    try:
        return qtsearch.open(settings.index, synonyms=settings.synonyms)
    except IndexMissing:
        if not settings.articles.is_dir():
            raise ConfigError(
                f"no index in {settings.index}, and no articles in {settings.articles} to make one from; "
                "name their folder with --articles"
            ) from None
    from qtsearch.cli.progress import progress_bar
    from qtsearch.cli.reports import problem_messages, summary_line

    where = f" in {nearby(settings.index)}" if names_index(settings) else ""
    complain(f"no index yet{where}; indexing the articles in {nearby(settings.articles)}")
    with progress_bar(styled=screen.styled) as progress:
        report = qtsearch.reindex(
            settings.articles,
            settings.index,
            max_bytes=settings.max_bytes,
            facets=settings.facets,
            progress=progress,
        )
    _complain_of(problem_messages(report, settings, warnings=False))
    complain("".join(piece.text for piece in summary_line(report).spans))
    return qtsearch.open(settings.index, synonyms=settings.synonyms)

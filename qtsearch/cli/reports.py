"""Reports of reindex and check, the numbers of an index, and the settings, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from qtsearch.articles.model import Problem
from qtsearch.cli.folders import naming_places, nearby, places_of
from qtsearch.cli.forms import setting_value
from qtsearch.cli.hits import duration
from qtsearch.cli.layout import Line, StyledSpan, bar, cells, counted, joined, padded, span
from qtsearch.config import SETTINGS, Settings

if TYPE_CHECKING:
    from qtsearch import BrokenLink, CheckReport, IndexStats, ReindexReport

MAX_PROBLEMS = 20
"""Problems that are named one by one; of the others only the number is given."""

ALL_PROBLEMS = "qtsearch reindex --full --dry-run --json"
"""What lists every problem: a run that reads all articles again, for warnings are not kept, and writes nothing."""

MAX_SUBJECTS = 20
BAR_WIDTH = 24
KIND_MARKS = {"added": "+ ", "updated": "~ ", "deleted": "- "}


def summary_line(report: ReindexReport) -> Line:
    """``1 added · 0 updated · 0 deleted · 0 unchanged · 0 failed · 0.2 s``."""
    numbers = ("added", "updated", "deleted", "unchanged", "failed")
    parts = [
        span(f"{getattr(report, name):,} {name}", "bad" if name == "failed" and report.failed else "")
        for name in numbers
    ]
    return Line(tuple(joined([*parts, span(duration(report.seconds), "dim")])))


def reindex_lines(report: ReindexReport) -> Iterator[Line]:
    """What a reindex did; each single change only for a dry run."""
    from qtsearch.reindexing import ASKED_FOR  # whoever got a report has it, but not who asks for stats

    if report.rebuilt:
        built = "would be built anew" if report.dry_run else "built anew"
        reason = "--full was given" if report.rebuilt == ASKED_FOR else report.rebuilt
        yield Line((span(f"{built}: {reason}", "dim"),))
    if report.dry_run:
        for change in report.changes:
            yield Line((span(change.path),), KIND_MARKS[change.kind])
    yield summary_line(report)
    if report.dry_run:
        yield Line((span("dry run: nothing was written", "notice"),))


def usable_line(report: ReindexReport) -> Line:
    """What ``--if-needed`` says where it did nothing: no number of changes, for it looked for none."""
    return Line((span(f"there is a usable index of {counted(report.documents, 'article')}; nothing done"),))


def problem_messages(report: ReindexReport, settings: Settings, *, warnings: bool = True) -> Iterator[str]:
    """One line each for the first problems, the fatal ones first, and one that says what the others are.

    Args:
        report: of the run that found them.
        settings: where index and articles lie.
        warnings: whether to name those that are not fatal as well.
    """
    if not (report.documents or report.problems):
        from qtsearch.articles.library import SUFFIXES  # likewise

        yield f"no {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]} file in {nearby(settings.articles)}"
    still_found = frozenset(report.kept)
    named = sorted((each for each in report.problems if warnings or each.fatal), key=lambda each: not each.fatal)
    for problem in named[:MAX_PROBLEMS]:
        note = " (its last indexed version stays)" if problem.fatal and problem.path in still_found else ""
        yield f"{problem}{note}" if problem.fatal else f"warning: {problem}"
    if len(named) > MAX_PROBLEMS:
        yield naming_places(f"... and {_rest(named)}; all of them: {ALL_PROBLEMS}", places_of(settings))


def _rest(named: Sequence[Problem]) -> str:
    """What is not named of the problems, which stand in their order: ``3 more errors and 12 warnings``."""
    errors = sum(problem.fatal for problem in named)
    warnings = len(named) - errors
    parts = []
    if errors > MAX_PROBLEMS:
        parts.append(counted(errors - MAX_PROBLEMS, "more error"))
    if warnings:
        named_warnings = max(0, MAX_PROBLEMS - errors)
        parts.append(counted(warnings - named_warnings, "more warning" if named_warnings else "warning"))
    return " and ".join(parts)


def check_lines(report: CheckReport, places: Mapping[str, str] = MappingProxyType({})) -> Iterator[Line]:
    """What differs between the index and the folder, or what is wrong with the index.

    Args:
        report: what was found.
        places: the options that say where index and articles lie, for the commands that are proposed.
    """
    yield from _section(
        ("problem of the index", "problems of the index"),
        [(span(f"{each.file}: {each.structure}: {each.what}"),) for each in report.index_problems],
    )
    for todo in dict.fromkeys(problem.todo for problem in report.index_problems):
        yield Line((span(naming_places(todo, places), "notice"),))
    sections = (
        (("file changed since it was indexed", "files changed since they were indexed"), report.stale),
        (("file is not in the index", "files are not in the index"), report.missing),
        (
            ("article is in the index, but its file is gone", "articles are in the index, but their files are gone"),
            report.orphaned,
        ),
    )
    for headings, paths in sections:
        yield from _section(headings, [(span(path),) for path in paths])
    yield from _section(
        ("related link to an article that is not in the index", "related links to articles that are not in the index"),
        [(span(f"{link.path}: {_link_text(link)}"),) for link in report.broken_links],
    )
    yield from _section(
        ("file with a problem", "files with problems"), [(span(problem),) for problem in report.problems]
    )
    if report.stale or report.missing or report.orphaned:
        todo = naming_places("bring the index up to date with: qtsearch reindex", places)
        yield Line((span(todo, "notice"),))
    if report.clean:
        agreement = (
            "every byte of the index is as it was written" if report.verified else "the index and the folder agree"
        )
        yield Line((span(agreement),))


def _link_text(link: BrokenLink) -> str:
    return f"{link.title} ({link.target})" if link.title else link.target


def _section(headings: tuple[str, str], found: Sequence[tuple[StyledSpan, ...]]) -> Iterator[Line]:
    """A list under what one or several of them are called; nothing where there is none."""
    if not found:
        return
    yield Line((span(f"{len(found):,} {headings[len(found) > 1]}", "heading"),))
    for spans in found:
        yield Line(spans, "  ")
    yield Line()


def stats_lines(stats: IndexStats) -> Iterator[Line]:
    """What the index holds: its numbers, then its subjects."""
    dates = " to ".join(dict.fromkeys(str(day) for day in (stats.oldest, stats.newest) if day))  # of one day: once
    yield from _table(
        (
            ("index", stats.folder),
            ("folder of articles", stats.articles_folder),
            ("articles", f"{stats.documents:,}"),
            ("terms", f"{stats.terms:,}"),
            ("dates", dates or "none"),
            ("size", size_text(stats.bytes)),
            ("segments", str(stats.segments)),
            ("last commit", f"{stats.committed:%Y-%m-%d %H:%M:%S} UTC (number {stats.generation})"),
            ("engine", f"{stats.engine} (schema version {stats.schema_version})"),
        )
    )
    if stats.subjects:
        yield Line()
        yield from _subject_lines(stats.subjects)


def _subject_lines(subjects: Sequence[tuple[str, int]]) -> Iterator[Line]:
    most = max(number for _, number in subjects)
    digits = len(f"{most:,}")
    shown = [(span(subject).text, number) for subject, number in subjects[:MAX_SUBJECTS]]
    width = max(cells(name) for name, _ in shown)
    for name, number in shown:
        spans = (bar(number / most, BAR_WIDTH), span("  " + padded(name, width), "name"))
        yield Line(spans, f"{number:>{digits},}")
    if len(subjects) > MAX_SUBJECTS:
        more = f"and {counted(len(subjects) - MAX_SUBJECTS, 'more subject')}; all of them with --json"
        yield Line((span(more, "dim"),), " " * (digits + 2))


def settings_lines(settings: Settings) -> Iterator[Line]:
    """Each setting, its value, and where that came from."""
    names = max(len(setting.name) for setting in SETTINGS)
    values = [_setting_text(setting_value(settings, setting.name)) for setting in SETTINGS]
    width = min(60, max(map(cells, values)))
    for setting, value in zip(SETTINGS, values, strict=True):
        source = settings.sources[setting.name]
        yield Line((span(padded(value, width) + "  "), span(source, "dim")), f"{setting.name:<{names}}  ")


def _setting_text(value: str | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"  # as qtsearch.toml wants it
    return str(value) or '""'


def _table(rows: Sequence[tuple[str, str]]) -> Iterator[Line]:
    """Labels and values in two columns."""
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        yield Line((span(value),), f"{label:<{width}}  ")


def size_text(size: int) -> str:
    """Bytes for people, in powers of 1000."""
    if size < 1000:
        return f"{size} bytes"
    value = size / 1000
    for unit in ("kB", "MB"):
        if round(value, 1) < 1000:  # rounded first: not 1000.0 kB
            return f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"

"""The JSON forms of everything that the commands print; docs/cli.md describes each field.

A form only ever gains fields; whatever else changes raises ``FORMAT_VERSION``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from qtsearch.articles.model import Article, Extra, Problem, RelatedArticle
from qtsearch.config import SETTINGS, Settings
from qtsearch.results import (
    Abbreviation,
    Explanation,
    Facet,
    Fragment,
    Hit,
    IndexStats,
    RelatedHit,
    Results,
    Snippet,
    Span,
)

if TYPE_CHECKING:
    from qtsearch import CheckReport, IndexProblem, ReindexReport
    from qtsearch.evaluation.comparison import Comparison
    from qtsearch.evaluation.measures import Evaluated
    from qtsearch.query.completion import Completion

FORMAT_VERSION = 1

ELLIPSIS = " … "
"""Stands between two fragments of a snippet."""

Form = dict[str, Any]


def results_form(results: Results) -> Form:
    """``qtsearch search --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "query": results.text,
        "total": results.total,
        "offset": results.offset,
        "seconds": round(results.seconds, 6),
        "notices": list(results.notices),
        "also_searched": list(results.also_searched),
        "did_you_mean": results.did_you_mean,
        "corrected": results.corrected,
        "facets": [_facet_form(facet) for facet in results.facets],
        "hits": [hit_form(hit) for hit in results.hits],
    }


def hit_form(hit: Hit) -> Form:
    """One hit; with ``--jsonl`` one line."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "id": hit.id,
        "title": hit.title,
        "title_highlights": _spans_form(hit.title_highlights),
        "subject": hit.subject,
        "author": hit.article.author,
        "date": _day(hit.date),
        "url": hit.url,
        "path": hit.path,
        "extra": _extra_form(hit.article.extra),
        "snippet": _snippet_form(hit.snippet),
        "related": [related_form(related) for related in hit.related],
        "explanation": None if hit.explanation is None else _explanation_form(hit.explanation),
    }


def _facet_form(facet: Facet) -> Form:
    return {"name": facet.name, "counts": [{"value": one.value, "count": one.count} for one in facet.counts]}


def _explanation_form(explanation: Explanation) -> Form:
    """Numbers are not rounded, so that the parts add up to the score."""
    return {
        "score": explanation.score,
        "coverage": explanation.coverage,
        "parts": [
            {"kind": part.kind, "text": part.text, "field": part.field, "score": part.score}
            for part in explanation.parts
        ],
    }


def _snippet_form(snippet: Snippet) -> Form:
    """All fragments as one text, with their highlights where they stand in it; and each by itself."""
    text, highlights = "", list[Span]()
    for fragment in snippet.fragments:
        start = len(text) + len(ELLIPSIS) if text else 0
        text = f"{text}{ELLIPSIS}{fragment.text}" if text else fragment.text
        highlights += [(start + first, start + last) for first, last in fragment.highlights]
    headings = [fragment.heading for fragment in snippet.fragments]
    return {
        "text": text,
        "highlights": _spans_form(highlights),
        "headings": headings,
        "fragments": [_fragment_form(fragment) for fragment in snippet.fragments],
    }


def _fragment_form(fragment: Fragment) -> Form:
    return {
        "text": fragment.text,
        "highlights": _spans_form(fragment.highlights),
        "before": fragment.before,
        "after": fragment.after,
        "heading": fragment.heading,
    }


def _spans_form(spans: Iterable[Span]) -> list[list[int]]:
    return [[start, end] for start, end in spans]


def related_form(related: RelatedHit) -> Form:
    """One related article."""
    return {
        "id": related.id,
        "title": related.title,
        "subject": related.subject,
        "url": related.url,
        "path": related.path,
        "origin": related.origin,
        "indexed": related.indexed,
    }


def related_list_form(key: str, related: tuple[RelatedHit, ...]) -> Form:
    """``qtsearch related --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "key": key,
        "related": [related_form(each) for each in related],
    }


def article_form(article: Article, related: tuple[RelatedHit, ...]) -> Form:
    """``qtsearch show --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "id": article.id,
        "title": article.title,
        "question": article.question,
        "answer": article.answer,
        "subject": article.subject,
        "author": article.author,
        "date": _day(article.date),
        "url": article.url,
        "path": article.path,
        "file_name": article.file_name,
        "score": article.score,
        "page_keywords": list(article.page_keywords),
        "page_description": article.page_description,
        "extra": _extra_form(article.extra),
        "curated": [_curated_form(link) for link in article.related],
        "related": [related_form(each) for each in related],
    }


def _curated_form(link: RelatedArticle) -> Form:
    return {"id": link.id, "title": link.title, "subject": link.subject, "url": link.url}


def stats_form(stats: IndexStats) -> Form:
    """``qtsearch stats --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "folder": stats.folder,
        "articles_folder": stats.articles_folder,
        "documents": stats.documents,
        "terms": stats.terms,
        "segments": stats.segments,
        "bytes": stats.bytes,
        "generation": stats.generation,
        "committed": stats.committed.isoformat(),
        "oldest": _day(stats.oldest),
        "newest": _day(stats.newest),
        "subjects": [{"subject": subject, "articles": number} for subject, number in stats.subjects],
        "engine": stats.engine,
        "schema_version": stats.schema_version,
    }


def reindex_form(report: ReindexReport) -> Form:
    """``qtsearch reindex --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "added": report.added,
        "updated": report.updated,
        "deleted": report.deleted,
        "unchanged": report.unchanged,
        "failed": report.failed,
        "documents": report.documents,
        "committed": report.committed,
        "rebuilt": report.rebuilt,
        "dry_run": report.dry_run,
        "seconds": round(report.seconds, 6),
        "changes": [{"path": change.path, "kind": change.kind} for change in report.changes],
        "kept": list(report.kept),
        "problems": [_problem_form(problem) for problem in report.problems],
    }


def check_form(report: CheckReport) -> Form:
    """``qtsearch check --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "clean": report.clean,
        "stale": list(report.stale),
        "missing": list(report.missing),
        "orphaned": list(report.orphaned),
        "broken_links": [
            {"path": link.path, "title": link.title, "target": link.target} for link in report.broken_links
        ],
        "problems": [_problem_form(problem) for problem in report.problems],
        "index_problems": [_index_problem_form(problem) for problem in report.index_problems],
        "verified": report.verified,
    }


def _index_problem_form(problem: IndexProblem) -> Form:
    return {"file": problem.file, "structure": problem.structure, "what": problem.what, "todo": problem.todo}


def settings_form(settings: Settings) -> Form:
    """``qtsearch config --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "file": None if settings.file is None else str(settings.file),
        "settings": [
            {
                "name": setting.name,
                "value": setting_value(settings, setting.name),
                "source": settings.sources[setting.name],
                "variable": setting.variable,
            }
            for setting in SETTINGS
        ],
    }


def setting_value(settings: Settings, name: str) -> str | int:
    """The value of one setting, a folder as text; several values with commas between them, "" for none."""
    value = getattr(settings, name)
    if value is None or isinstance(value, tuple):
        return ", ".join(value or ())
    return value if isinstance(value, int) else str(value)


def completions_form(text: str, completions: Iterable[Completion]) -> Form:
    """``qtsearch complete --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "text": text,
        "completions": [{"text": one.text, "kind": one.kind, "documents": one.documents} for one in completions],
    }


def abbreviations_form(abbreviations: Iterable[Abbreviation]) -> Form:
    """``qtsearch abbreviations --json``."""
    rows = [{"short": one.short, "long": one.long, "documents": one.documents} for one in abbreviations]
    return {"format_version": FORMAT_VERSION, "abbreviations": rows}


def evaluation_form(evaluated: Evaluated, comparisons: Iterable[Comparison]) -> Form:
    """``qtsearch eval --json``."""
    return {
        "format_version": FORMAT_VERSION,
        "means": [{"measure": name, "value": value} for name, value in evaluated.means().items()],
        "topics": [
            {"topic": topic, "measure": name, "value": value}
            for topic, row in evaluated.topics.items()
            for name, value in row.items()
        ],
        "comparison": [
            {
                "measure": one.measure,
                "baseline": one.first,
                "run": one.second,
                "better": one.better,
                "worse": one.worse,
                "equal": one.equal,
                "p_value": one.p_value,
            }
            for one in comparisons
        ],
    }


def _problem_form(problem: Problem) -> Form:
    return {
        "path": problem.path,
        "line": problem.line,
        "what": problem.what,
        "todo": problem.todo,
        "fatal": problem.fatal,
    }


def _extra_form(extra: Extra) -> dict[str, list[str]]:
    return {key: list(values) for key, values in extra}


def _day(date: datetime.date | None) -> str | None:
    return None if date is None else date.isoformat()

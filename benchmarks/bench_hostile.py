"""Whether any query text raises or takes long: texts of ``hostile_queries.py`` through the whole search.

    python benchmarks/bench_hostile.py --articles 18000 --queries 10000

Each text is searched for with snippets, under the variants of a search in turn: no other names, nothing corrected,
facets, explanations, long pages, sorted, related articles. What counts is processor time, which other work on the
machine does not lengthen. The index is opened anew every hundred texts, so that little is remembered.
"""

from __future__ import annotations

import itertools
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import options
import report
from hostile_queries import HostileQueries

import qtsearch

VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"expand": False},
    {"exact": True},
    {"facets": ("subject", "author", "year")},
    {"explain": True},
    {"limit": 50, "fragments": 9},
    {"sort": "date"},
    {"related": 3},
)
WORDS_OF = 2000
"""Articles whose words and sentences the texts are made of."""

GOAL = 1000
"""Milliseconds that no text may take."""

_OPENED_FOR = 100
_SHOWN = 5


class Asked(NamedTuple):
    """One text, how it was searched for, what that took, and what was raised, "" for nothing."""

    text: str
    variant: dict[str, Any]
    milliseconds: float
    raised: str


def asked(folder: Path, texts: Iterable[str]) -> Iterator[Asked]:
    """Search an index for texts, the variants in turn."""
    # There are 19 kinds of texts and 8 variants, so that every kind meets every variant.
    pairs = zip(texts, itertools.cycle(VARIANTS), strict=False)
    while some := list(itertools.islice(pairs, _OPENED_FOR)):
        with qtsearch.open(folder) as index:
            for text, variant in some:
                yield _asked(index, text, variant)


def _asked(index: qtsearch.Index, text: str, variant: dict[str, Any]) -> Asked:
    raised = ""
    began = time.process_time()
    try:
        index.search(text, **variant)
    except Exception:
        raised = traceback.format_exc()
    return Asked(text, variant, (time.process_time() - began) * 1000, raised)


def table(size: int, found: list[Asked]) -> str:
    """Return one row: exceptions, and how long texts take."""
    times = sorted(one.milliseconds for one in found)
    raised = sum(bool(one.raised) for one in found)
    cells = [median(times), times[-(-99 * len(times) // 100) - 1], times[-1]]
    header = ["what", "articles", "exceptions", "median ms", "p99 ms", "slowest ms", "goal", "result"]
    what = f"{len(found):,} generated hostile query texts"
    result = "pass" if not raised and times[-1] <= GOAL else "**short**"
    goal = f"none, at most {GOAL:,} ms"
    return report.table(header, [[what, f"{size:,}", str(raised), *(f"{ms:,.1f}" for ms in cells), goal, result]])


def main() -> None:
    """Run from the command line."""
    parser = options.parser("Whether any query text raises or takes long.", sizes=[18_000], rounds=1)
    parser.add_argument("--queries", type=int, default=10_000, help="how many texts")
    given = parser.parse_args()
    size = max(given.articles)
    made = options.prepared(given, size)
    articles = list(itertools.islice(made.articles(), WORDS_OF))
    folder = made.folder / "engines" / "hostile"
    qtsearch.reindex(made.articles_folder, folder)
    texts = itertools.islice(HostileQueries(articles, given.seed).texts(), given.queries)
    found = list(asked(folder, texts))
    slowest = sorted(found, key=lambda one: one.milliseconds, reverse=True)[:_SHOWN]
    for one in (*(one for one in found if one.raised), *slowest):
        print(f"{one.milliseconds:,.0f} ms {one.variant} {one.text[:100]!a}\n{one.raised}", file=sys.stderr)
    notes = ["processor time of a whole search with snippets, under eight variants of it in turn; little is remembered"]
    figures = {"articles": size, "queries": len(found), "slowest": [[one.milliseconds, one.text] for one in slowest]}
    report.publish("bench_hostile", table(size, found), notes, figures, given.json, given.write_readme)


if __name__ == "__main__":
    main()

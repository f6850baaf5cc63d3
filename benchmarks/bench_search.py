"""How fast each engine answers when it is warm: ten hits with their stored fields, with and without snippets.

    python benchmarks/bench_search.py --articles 5000 --engines qtsearch tantivy

Every engine indexes the corpus in a process of its own, as a nightly job does: what indexing leaves behind in memory
would slow down all that follows. Then all are opened in one process, answer all queries once to get warm, and take
turns. Parsing the query is part of the time. Nothing remembers results, but words may be remembered: the first pass is
reported as well.
"""

from __future__ import annotations

import argparse
import functools
import gc
import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import corpus
import options
import peers
import queries
import report
import timing

LIMIT = 10
SNIPPETS = ", snippets"

_Search = Callable[[str, int, queries.Mode], list[peers.Found]]


def measure(given: argparse.Namespace, size: int) -> tuple[dict[str, Any], list[str]]:
    """Return figures by engine for one corpus, and notes: by kind of query the median and p95 in milliseconds."""
    engines, notes = peers.chosen(given.engines)
    sets, folders_bytes = _prepare(given, size, engines)
    figures: dict[str, Any] = {
        engine.name: {"version": engine.version(), "articles": size, "bytes": folders_bytes[engine.name]}
        for engine in engines
    }
    for asked in sets:
        for suffix in ("", SNIPPETS):
            searches = {e.name: _search(e, suffix) for e in engines if e.has_snippets or not suffix}
            contestants = {name: functools.partial(_one_pass, find, asked) for name, find in searches.items()}
            first = {name: statistics.median(warm_up()) * 1000 for name, warm_up in contestants.items()}
            for name, rounds in timing.interleaved(contestants, given.rounds, given.budget).items():
                values = timing.summary(rounds)._asdict()
                figures[name][asked.kind + suffix] = {**values, "rounds": len(rounds), "first": first[name]}
    for engine in engines:
        engine.close()
    return figures, notes


def table(sizes: dict[int, dict[str, Any]]) -> str:
    """Return the figures as Markdown: median / p95 in milliseconds, and the median of the first time."""
    kinds = [kind + suffix for kind in ("natural-language", "two-word") for suffix in ("", SNIPPETS)]
    rows = [
        [f"{name} {one['version']}", f"{one['articles']:,}", *(_cell(one.get(kind)) for kind in kinds)]
        for figures in sizes.values()
        for name, one in figures.items()
    ]
    return report.table(["engine", "articles", *(f"{kind} (ms)" for kind in kinds)], rows)


def main() -> None:
    """Measure, print and keep the figures."""
    parser = options.parser("Time warm searches, median / p95 in milliseconds.", sizes=[5000], rounds=5)
    parser.add_argument("--engines", nargs="+", choices=peers.PEERS, default=list(peers.PEERS))
    parser.add_argument("--queries", type=int, default=200, help="of each kind")
    given = parser.parse_args()
    measured = {size: measure(given, size) for size in given.articles}
    sizes = {size: figures for size, (figures, _) in measured.items()}
    notes = [note for _, notes in list(measured.values())[:1] for note in notes]
    notes.append(f"{given.queries} queries of each kind, {LIMIT} hits; cells are median / p95 in milliseconds")
    notes.append("in brackets: the median when the queries are asked for the first time, without snippets before with")
    report.publish("bench_search", table(sizes), notes, {"sizes": sizes}, given.json, given.write_readme)


def _prepare(
    given: argparse.Namespace, size: int, engines: list[peers.Peer]
) -> tuple[list[queries.QuerySet], dict[str, int]]:
    """Index and open the corpus in every engine; return the queries and the bytes each index takes."""
    made = options.prepared(given, size)
    taken = {}
    for engine in engines:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            taken[engine.name] = process.submit(_index, type(engine), made).result()
        engine.open(_folder(engine, made))
    values = list(made.articles())
    sets = [
        queries.natural_language(values, made.topics(), given.queries, given.seed),
        queries.two_words(values, given.queries, given.seed),
    ]
    del values
    gc.collect()
    return sets, taken


def _index(kind: type[peers.Peer], made: corpus.Corpus) -> int:
    """Index the corpus; return the bytes that the index takes."""
    engine = kind()
    folder = peers.emptied(_folder(engine, made))
    engine.index(list(peers.parsed(made.articles())), folder)
    engine.finish()
    return peers.disk_bytes(folder)


def _folder(engine: peers.Peer, made: corpus.Corpus) -> Path:
    return made.folder / "engines" / engine.name


def _search(engine: peers.Peer, suffix: str) -> _Search:
    return engine.search_with_snippets if suffix else engine.search


def _one_pass(search: _Search, asked: queries.QuerySet) -> list[timing.Seconds]:
    samples = []
    for text in asked.texts:
        start = time.perf_counter()
        search(text, LIMIT, asked.mode)
        samples.append(time.perf_counter() - start)
    return samples


def _cell(values: dict[str, float] | None) -> str:
    return f"{values['median']:.2f} / {values['p95']:.2f} ({values['first']:.2f})" if values else "-"


if __name__ == "__main__":
    main()

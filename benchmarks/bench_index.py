"""How fast each engine indexes parsed articles, and how large its index is.

    python benchmarks/bench_index.py --articles 5000 --engines qtsearch tantivy

All in one process, which holds the parsed articles in memory (about 1 GB for 200,000), so that reading and parsing
cost nobody anything. The clock stops when the index is on disk and searchable; merging in the background may go on.
"""

from __future__ import annotations

import argparse
import functools
import gc
from pathlib import Path
from typing import Any

import options
import peers
import report
import timing


def measure(given: argparse.Namespace, size: int) -> tuple[dict[str, Any], list[str]]:
    """Return figures by engine for one corpus, and notes: versions, seconds of each round, bytes on disk."""
    made = options.prepared(given, size)
    articles = list(peers.parsed(made.articles()))
    gc.freeze()
    engines, notes = peers.chosen(given.engines)
    folders = {engine.name: made.folder / "engines" / engine.name for engine in engines}
    rounds = timing.interleaved(
        {e.name: functools.partial(_one_round, e, articles, folders[e.name]) for e in engines},
        given.rounds,
        given.budget,
    )
    gc.unfreeze()
    return {
        engine.name: {
            "version": engine.version(),
            "articles": len(articles),
            "seconds": rounds[engine.name],
            "median": timing.median(rounds[engine.name]),
            "bytes": peers.disk_bytes(folders[engine.name]),
        }
        for engine in engines
    }, notes


def table(sizes: dict[int, dict[str, Any]]) -> str:
    """Return the figures as Markdown."""
    header = ["engine", "articles", "rounds", "seconds, median", "articles/s", "index, MB"]
    rows = [
        [
            f"{name} {one['version']}",
            f"{one['articles']:,}",
            str(len(one["seconds"])),
            f"{one['median']:.2f}",
            f"{one['articles'] / one['median']:,.0f}",
            f"{one['bytes'] / 1e6:.1f}",
        ]
        for figures in sizes.values()
        for name, one in figures.items()
    ]
    return report.table(header, rows)


def main() -> None:
    """Measure, print and keep the figures."""
    parser = options.parser("Time the indexing of parsed articles.", sizes=[5000], rounds=3)
    parser.add_argument("--engines", nargs="+", choices=peers.PEERS, default=peers.DISTINCT)
    given = parser.parse_args()
    measured = {size: measure(given, size) for size in given.articles}
    sizes = {size: figures for size, (figures, _) in measured.items()}
    notes = [note for _, notes in list(measured.values())[:1] for note in notes]
    report.publish("bench_index", table(sizes), notes, {"sizes": sizes}, given.json, given.write_readme)


def _one_round(engine: peers.Peer, articles: list[peers.Parsed], folder: Path) -> list[timing.Seconds]:
    peers.emptied(folder)
    seconds = timing.timed(lambda: engine.index(articles, folder))
    engine.finish()
    return [seconds]


if __name__ == "__main__":
    main()

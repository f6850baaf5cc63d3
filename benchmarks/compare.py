"""Hold qtsearch against its goals, each figure beside its peer's of the same run.

    python benchmarks/compare.py --articles 18000 200000 --write-readme
    python benchmarks/compare.py --articles 5000 --rows search cold

Goals that speak of a large site are measured at the largest size given, the cold search at the smallest. What runs
inside one process is measured by ``bench_search.py`` and ``bench_index.py`` in processes of their own.
"""

from __future__ import annotations

import argparse
import functools
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import goals
import options
import processes
import report
import timing
from goals import Line
from timing import Seconds
from whole_runs import SHORT_ROUNDS, WholeRuns

KINDS = ("natural-language", "two-word")
HERE = Path(__file__).resolve().parent


class Comparison:
    """Measures on demand; what several rows need is measured once.

    Args:
        given: the command line.
    """

    def __init__(self, given: argparse.Namespace) -> None:
        self.sizes = sorted(given.articles)
        self._given = given

    @functools.cache  # noqa: B019 - one comparison lives as long as the process
    def searches(self, size: int) -> dict[str, Any]:
        """Return the figures of ``bench_search.py``."""
        return self._bench("bench_search.py", size, ["qtsearch", "plain-bm25f", "tantivy"])

    @functools.cache  # noqa: B019
    def indexing(self, size: int) -> dict[str, Any]:
        """Return the figures of ``bench_index.py``; stock Whoosh, which takes ten minutes for 200,000, at one size."""
        whoosh = ["whoosh"] if size == self.sizes[0] else []
        return self._bench("bench_index.py", size, ["qtsearch", "tantivy", *whoosh])

    @functools.cache  # noqa: B019
    def runs(self, size: int) -> WholeRuns:
        """Return the measurements of whole processes."""
        # In a process of its own: making a corpus would leave this one large.
        self._run("corpus.py", [self._given.corpus, "--articles", str(size), *self._common()])
        return WholeRuns(options.prepared(self._given, size), self._given.rounds, self._given.budget)

    def _bench(self, script: str, size: int, engines: list[str]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "figures.json"
            arguments = ["--corpus", self._given.corpus, "--articles", str(size), "--engines", *engines]
            arguments += ["--rounds", str(self._given.rounds), "--budget", str(self._given.budget)]
            self._run(script, [*arguments, *self._common(), "--json", str(file)])
            figures: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["sizes"][str(size)]
        missing = [name for name in ("qtsearch", "tantivy") if name not in figures]
        if missing:
            sys.exit(f"{', '.join(missing)} cannot be measured; install the extra: pip install -e '.[bench]'")
        return figures

    def _run(self, script: str, arguments: list[str]) -> None:
        subprocess.run([sys.executable, str(HERE / script), *arguments], check=True, stdout=sys.stderr)

    def _common(self) -> list[str]:
        given = self._given
        return ["--data", str(given.data), "--cache", str(given.cache), "--seed", str(given.seed)]


def search(these: Comparison) -> Iterator[Line]:
    """Warm search: ten hits with stored fields."""
    return _searches(these, "")


def snippets(these: Comparison) -> Iterator[Line]:
    """The same with snippets and highlights."""
    return _searches(these, ", snippets")


def _searches(these: Comparison, suffix: str) -> Iterator[Line]:
    for size in these.sizes:
        figures = these.searches(size)
        for kind in KINDS:
            for measure in ("median", "p95"):
                ours, theirs = (figures[name][kind + suffix][measure] for name in ("qtsearch", "tantivy"))
                yield goals.at_most(f"warm {kind}{suffix}, {measure}", size, "ms", ours, "tantivy", theirs, 1.0)


def ranking(these: Comparison) -> Iterator[Line]:
    """Search as it is, other names and pairs of words included, against BM25F alone on the same index."""
    for size in these.sizes:
        figures = these.searches(size)
        for kind in KINDS:
            for suffix in ("", ", snippets"):
                ours, theirs = (figures[name][kind + suffix]["median"] for name in ("qtsearch", "plain BM25F"))
                yield goals.at_most(f"ranking, {kind}{suffix}, median", size, "ms", ours, "plain BM25F", theirs, 1.5)


def indexing(these: Comparison) -> Iterator[Line]:
    """Indexing of parsed articles."""
    for size in these.sizes:
        figures = these.indexing(size)
        ours, theirs = figures["qtsearch"]["median"], figures["tantivy"]["median"]
        yield goals.at_most("indexing parsed articles", size, "s", ours, "tantivy", theirs, 1.5)
        if "Whoosh" in figures:
            whoosh = size / figures["Whoosh"]["median"]
            yield goals.at_least("indexing, speed", size, "articles/s", size / ours, "stock Whoosh", whoosh, 15)


def full(these: Comparison) -> Iterator[Line]:
    """``reindex --full`` from files."""
    for size in these.sizes:
        ours, theirs = _medians(these.runs(size).full_reindex(), "reindex --full", "plain loop")
        peer = "frontmatter.load loop"
        yield goals.at_most("`reindex --full`", size, "s", ours, peer, theirs, 1.0)


def unchanged(these: Comparison) -> Iterator[Line]:
    """``reindex`` with nothing changed, at the largest size."""
    size = these.sizes[-1]
    ours, theirs = _medians(these.runs(size).updates, "nothing changed", "walk")
    yield goals.at_most("`reindex`, nothing changed", size, "ms", ours * 1000, "walk with stat", theirs * 1000, 3)


def one_changed(these: Comparison) -> Iterator[Line]:
    """``reindex`` with one article changed, at the largest size."""
    size = these.sizes[-1]
    ours, theirs = _medians(these.runs(size).updates, "one changed", "nothing changed")
    yield goals.plus("`reindex`, one changed", size, "ms", ours * 1000, "nothing changed", theirs * 1000, 150)


def cold(these: Comparison) -> Iterator[Line]:
    """A one-shot search with piped output, at the smallest size."""
    size = these.sizes[0]
    ours, theirs = _medians(these.runs(size).cold_search(), "cold search", "imports")
    yield goals.at_most("cold search", size, "ms", ours * 1000, "imports alone", theirs * 1000, 1.3)


def memory(these: Comparison) -> Iterator[Line]:
    """Peak memory, at the largest size."""
    size = these.sizes[-1]
    runs = these.runs(size)
    reindex = runs.reindex_memory() / 1e6
    yield goals.no_more_than("peak memory, `reindex --full`", size, "MB", reindex, 1000)
    yield goals.no_more_than("peak memory, cold search", size, "MB", runs.search_memory() / 1e6, 150)


def index_size(these: Comparison) -> Iterator[Line]:
    """Size of the index."""
    for number in these.sizes:
        ours, theirs = (these.searches(number)[name]["bytes"] / 1e6 for name in ("qtsearch", "tantivy"))
        yield goals.at_most("index size", number, "MB", ours, "tantivy", theirs, 1.0)


def growth(these: Comparison) -> Iterator[Line]:
    """Search time at the largest size against that at the smallest."""
    small, large = these.sizes[0], these.sizes[-1]
    if small == large:
        return
    for kind in KINDS:
        ours, theirs = (these.searches(number)["qtsearch"][kind]["median"] for number in (large, small))
        yield goals.at_most(f"growth, {kind}, median", large, "ms", ours, f"at {small:,}", theirs, 6)


ROWS: dict[str, Callable[[Comparison], Iterator[Line]]] = {
    "search": search,
    "snippets": snippets,
    "ranking": ranking,
    "indexing": indexing,
    "full": full,
    "unchanged": unchanged,
    "one-changed": one_changed,
    "cold": cold,
    "memory": memory,
    "size": index_size,
    "growth": growth,
}


def main() -> None:
    """Measure the rows asked for, print them, and keep the figures."""
    parser = options.parser("Hold qtsearch against its goals.", sizes=[18_000, 200_000], rounds=5)
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS), help="default: all of them")
    given = parser.parse_args()
    comparison = Comparison(given)
    lines: list[Line] = []
    notes = [
        f"up to {given.rounds} rounds in turns, {SHORT_ROUNDS} or more of the cold search; medians; "
        "files in the page cache; no results remembered"
    ]
    for name in given.rows:
        try:
            lines += ROWS[name](comparison)
        except (processes.MeasurementError, subprocess.CalledProcessError) as error:
            notes.append(f"row {name} could not be measured: {error}")
    report.publish("compare", _table(lines), notes, {"lines": _figures(lines)}, given.json, given.write_readme)


def _medians(rounds: dict[str, list[list[Seconds]]], ours: str, theirs: str) -> tuple[Seconds, Seconds]:
    return timing.median(rounds[ours]), timing.median(rounds[theirs])


def _table(lines: Iterable[Line]) -> str:
    return report.table(goals.HEADER, [line.cells() for line in lines])


def _figures(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [{name: getattr(line, name) for name in (*Line.__slots__, "ratio", "passed")} for line in lines]


if __name__ == "__main__":
    main()

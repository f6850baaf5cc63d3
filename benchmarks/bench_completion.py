"""How long half-typed texts take to complete when the index is open and warm.

    python benchmarks/bench_completion.py --articles 200000
    python benchmarks/bench_completion.py --articles 200000 --index FOLDER     # an index of them that is there already

Beginnings of 1 to 6 letters, and titles cut within a word, chosen by seed. Processor time, the least of the rounds.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import options
import report

import qtsearch

TITLES_OF = 20_000
"""Articles whose titles are half-typed."""

GOAL = 10
"""Milliseconds that a completion may take."""

_LETTERS = 6


def beginnings(titles: Sequence[str], number: int, seed: int) -> list[str]:
    """Return beginnings of words, 1 to 6 letters long in turn."""
    rng = random.Random(seed)
    words = [word for title in titles for word in title.split() if word.isalpha()]
    return [rng.choice(words)[: 1 + place % _LETTERS] for place in range(number)]


def half_typed(titles: Sequence[str], number: int, seed: int) -> list[str]:
    """Return titles cut within their second or a later word."""
    rng = random.Random(seed)
    several = [words for title in titles if len(words := title.split()) > 1]
    cut = ((words, rng.randrange(1, len(words))) for words in rng.choices(several, k=number))
    return [" ".join([*words[:last], words[last][: rng.randint(1, len(words[last]))]]) for words, last in cut]


def milliseconds(index: qtsearch.Index, texts: Sequence[str], rounds: int) -> list[float]:
    """Return how long each text takes, ascending."""
    return sorted(min(_once(index, text) for _ in range(max(1, rounds))) for text in texts)


def _once(index: qtsearch.Index, text: str) -> float:
    began = time.process_time()
    index.complete(text)
    return (time.process_time() - began) * 1000


def table(size: int, measured: dict[str, list[float]]) -> str:
    """Return one row for each kind of text."""
    rows = []
    for kind, times in measured.items():
        cells = [median(times), times[-(-95 * len(times) // 100) - 1], times[-1]]
        result = "pass" if times[-1] <= GOAL else "**short**"
        rows.append([kind, f"{size:,}", *(f"{ms:.1f}" for ms in cells), f"at most {GOAL} ms", result])
    return report.table(["completions", "articles", "median ms", "p95 ms", "slowest ms", "goal", "result"], rows)


def main() -> None:
    """Run from the command line."""
    parser = options.parser("How long half-typed texts take to complete.", sizes=[18_000], rounds=3)
    parser.add_argument("--queries", type=int, default=100, help="texts of each kind")
    parser.add_argument("--index", type=Path, metavar="FOLDER", help="an index of the corpus (default: it is made)")
    given = parser.parse_args()
    size = max(given.articles)
    made = options.prepared(given, size)
    titles = [article.title for article in itertools.islice(made.articles(), TITLES_OF)]
    folder = given.index or made.folder / "engines" / "completion"
    if given.index is None:
        qtsearch.reindex(made.articles_folder, folder)
    with qtsearch.open(folder) as index:
        kinds = {"beginnings of 1 to 6 letters": beginnings, "half-typed titles": half_typed}
        texts = {kind: make(titles, given.queries, given.seed) for kind, make in kinds.items()}
        milliseconds(index, [text for each in texts.values() for text in each], 1)  # to get warm
        measured = {kind: milliseconds(index, each, given.rounds) for kind, each in texts.items()}
    notes = [f"{given.queries} texts of each kind, ten completions each; processor time, the least of {given.rounds}"]
    report.publish("bench_completion", table(size, measured), notes, measured, given.json, given.write_readme)


if __name__ == "__main__":
    main()

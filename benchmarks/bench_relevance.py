"""How good the rankings are, beside those of other engines in the same run.

    python benchmarks/bench_relevance.py --write-readme

Every engine indexes both judged collections and answers all their topics with its own parser, any word matching.
qtsearch gets the topics as typed, the others their words in small letters, so that nothing looks like an operator. The
articles lose their curated links first, so that related articles are found by likeness alone.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import judged
import peers
import report
from judged import DEPTH, Judged
from mistakes import mistyped
from peers import Parsed, Peer

from qtsearch.articles.model import Article
from qtsearch.evaluation.measures import MEASURES, Evaluated, evaluate
from qtsearch.evaluation.trec_files import Topic, make_run, write_run
from qtsearch.results import Abbreviation

GOALS = {
    "medical": {"nDCG@10": 0.950, "RR@10": 0.940, "P@1": 0.900},
    "cranfield": {"nDCG@10": 0.430, "AP": 0.340, "P@1": 0.400},
}
SIBLINGS_GOAL = 0.80
SIBLINGS_SHOWN = 4
HITS = 10
PHRASES = (
    "{} thanks",
    "hi {}",
    "i have {}",
    "latest {}",
    "is {} dangerous",
    "{} in a 5 year old",
    "where can i find information on {}",
    "i would like to know more about {}",
)
"""What people write round what they ask for."""

_WORD = re.compile(r"[^\W_]+")


class Answered(NamedTuple):
    """What one engine did with one collection.

    Attributes:
        evaluated: its measures.
        milliseconds: the median of the topics.
        phrased: the mean nDCG@10 of the topics inside ``PHRASES``, each in one of them.
        mistyped: the mean nDCG@10 of the topics with a typing mistake in each.
    """

    evaluated: Evaluated
    milliseconds: float
    phrased: float
    mistyped: float


def answered(peer: Peer, data: Judged, articles: Sequence[Parsed], runs: Path | None) -> Answered:
    """Index a collection with an engine, search for all topics, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        peer.index(articles, peers.emptied(Path(folder)))
        peer.finish()
        peer.open(Path(folder))
        topics = [topic._replace(text=_as_typed(peer, topic.text)) for topic in data.topics]
        try:
            run = make_run(topics, lambda text: [str(found.id) for found in peer.search(text, DEPTH, "any")])
            times = [_seconds(peer, topic.text) for topic in topics]
            phrased = [
                topic._replace(text=PHRASES[place % len(PHRASES)].format(topic.text))
                for place, topic in enumerate(topics)
            ]
            others = [
                make_run(asked, lambda text: [str(found.id) for found in peer.search(text, HITS, "any")])
                for asked in (phrased, mistyped(topics))
            ]
        finally:
            peer.close()
    if runs is not None:
        runs.mkdir(parents=True, exist_ok=True)
        name = peer.name.replace(" ", "-")
        write_run(runs / f"{data.name}-{name}.run", run, name)
    means = (evaluate(data.qrels, other).mean("nDCG@10") for other in others)
    return Answered(evaluate(data.qrels, run), median(times) * 1000, *means)


def _as_typed(peer: Peer, text: str) -> str:
    # Other parsers take brackets, colons and quotes for operators, or refuse the text.
    return text if isinstance(peer, peers.PEERS["qtsearch"]) else " ".join(_WORD.findall(text.lower()))


def _seconds(peer: Peer, text: str) -> float:
    began = time.perf_counter()
    peer.search(text, HITS, "any")
    return time.perf_counter() - began


def siblings(articles: Sequence[Parsed]) -> float:
    """Return the share of possible siblings (same first keyword) among the four articles most like another."""
    import qtsearch

    groups: dict[str, set[int]] = {}
    for article, _, _ in articles:
        groups.setdefault(_disease(article), set()).add(int(article.id or 0))
    found = possible = 0
    with tempfile.TemporaryDirectory() as folder:
        peers.PEERS["qtsearch"]().index(articles, Path(folder))
        with qtsearch.open(folder) as index:
            for article, _, _ in articles:
                wanted = groups[_disease(article)] - {article.id}
                hits = index.related(article.id, limit=SIBLINGS_SHOWN)
                found += len(wanted & {hit.id for hit in hits})
                possible += min(SIBLINGS_SHOWN, len(wanted))
    return found / possible


def abbreviated(data: Judged, articles: Sequence[Parsed]) -> tuple[int, Evaluated, Evaluated]:
    """Return how many topics hold a name that the articles abbreviate, and how well these are answered so abbreviated.

    First with, then without other names of what is typed.
    """
    import qtsearch

    with tempfile.TemporaryDirectory() as folder:
        peers.PEERS["qtsearch"]().index(articles, Path(folder))
        with qtsearch.open(folder) as index:
            topics = list(with_short_forms(data.topics, index.abbreviations()))
            qrels = {topic.id: data.qrels[topic.id] for topic in topics if topic.id in data.qrels}

            def found(text: str, expand: bool) -> list[str]:
                return [str(hit.id) for hit in index.search(text, limit=DEPTH, expand=expand, fragments=0).hits]

            runs = [make_run(topics, partial(found, expand=expand)) for expand in (True, False)]
    return len(topics), *(evaluate(qrels, run) for run in runs)


def with_short_forms(topics: Sequence[Topic], table: Sequence[Abbreviation]) -> Iterator[Topic]:
    """Yield those topics in which a long form stands, the longest one replaced by its commonest short form."""
    shorts: dict[str, str] = {}
    for one in table:
        shorts.setdefault(one.long.casefold(), one.short)
    longest_first = sorted(shorts, key=len, reverse=True)
    forms = [(re.compile(rf"\b{re.escape(long)}\b", re.IGNORECASE), shorts[long]) for long in longest_first]
    for topic in topics:
        for long, short in forms:
            text, replaced = long.subn(lambda _, short=short: short, topic.text, count=1)
            if replaced:
                yield topic._replace(text=text)
                break


def _disease(article: Article) -> str:
    return article.page_keywords[0] if article.page_keywords else article.title


def table(data: Judged, results: dict[str, Answered]) -> str:
    """Return one collection's table; an asterisk marks what differs from qtsearch beyond chance."""
    ours = next(iter(results.values())).evaluated
    rows = [["goal", *(f"{GOALS[data.name][m]:.3f}" if m in GOALS[data.name] else "-" for m in MEASURES), *"---"]]
    for name, (evaluated, milliseconds, *others) in results.items():
        means = (f"{mean:.3f}" for mean in others)
        rows.append([name, *judged.cells(evaluated, ours, MEASURES), *means, f"{milliseconds:.2f}"])
    return report.table([f"{data.name}, {len(data.topics)} topics", *MEASURES, "in phrases", "mistyped", "ms"], rows)


def main() -> None:
    """Run from the command line."""
    parser = judged.options("How good the rankings are, beside those of other engines.")
    parser.add_argument("--engines", nargs="+", choices=peers.DISTINCT, default=peers.DISTINCT)
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures (default: in runs/)")
    parser.add_argument("--write-readme", action="store_true", help="put the tables into benchmarks/README.md")
    parser.add_argument("--keep-runs", type=Path, metavar="FOLDER", help="keep the TREC run files")
    given = parser.parse_args()
    engines, notes = peers.chosen(given.engines)
    tables, figures = [], {}
    for data in judged.both(given.data):
        articles = list(peers.parsed(replace(article, related=()) for article in data.articles))
        results = {}
        for peer in engines:
            print(f"{data.name}: {peer.name}", file=sys.stderr)
            results[f"{peer.name} {peer.version()}"] = answered(peer, data, articles, given.keep_runs)
        tables.append(table(data, results))
        figures[data.name] = {name: _figures(result) for name, result in results.items()}
        if data.name == "medical" and "qtsearch" in given.engines:
            share = figures["siblings"] = siblings(articles)
            notes.append(
                f"Related articles: {share:.3f} of the possible siblings of the same disease are among the first "
                f"{SIBLINGS_SHOWN}, curated links ignored (goal: {SIBLINGS_GOAL:.2f})"
            )
            count, expanded, plain = abbreviated(data, articles)
            both = figures["abbreviated"] = [one.mean("nDCG@10") for one in (expanded, plain)]
            notes.append(
                f"{count} topics hold a name that the articles abbreviate; with the abbreviation typed instead: "
                f"nDCG@10 {both[0]:.3f}, and {both[1]:.3f} without other names"
            )
    notes.append(f"An asterisk marks p < 0.05 against the first line; AP over {DEPTH} hits; ms: median of {HITS} hits")
    notes.append(
        f"In phrases: nDCG@10 of the topics, each inside one of {len(PHRASES)} phrases such as '{PHRASES[-2]}'"
    )
    notes.append(
        "Mistyped: nDCG@10 of the topics with one word of each mistyped: letters swapped, left out, doubled, etc."
    )
    report.publish("bench_relevance", "\n\n".join(tables), notes, figures, given.json, given.write_readme)


def _figures(result: Answered) -> dict[str, Any]:
    return {
        **result.evaluated.means(),
        "phrased": result.phrased,
        "mistyped": result.mistyped,
        "milliseconds": result.milliseconds,
    }


if __name__ == "__main__":
    main()

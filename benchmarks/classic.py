"""How good the rankings are on other test collections, component by component, and beside other engines.

    python benchmarks/classic.py FOLDER --write-docs

FOLDER holds the collections, each in a folder of its own; those that are not there are left out. What they are, and
where they come from, is in ``collection_files.py``. The tables go between the markers in ``docs/scoring.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import ablation
import peers
import report
from bench_relevance import answered
from collection_files import COLLECTIONS, judged
from judged import Judged, cells

SHOWN = ("nDCG@10",)


def beside(engines: Sequence[peers.Peer], collections: Sequence[Judged]) -> str:
    """Return the table of whole engines, with a mark where the paired test finds a difference to the first one."""
    found = [
        [answered(engine, one, list(peers.parsed(one.articles)), None).evaluated for one in collections]
        for engine in engines
    ]
    rows = [
        [
            f"{engine.name} {engine.version()}",
            *(cell for one, first in zip(row, found[0], strict=True) for cell in cells(one, first, SHOWN)),
        ]
        for engine, row in zip(engines, found, strict=True)
    ]
    return report.table(["engine", *(f"{one.name} {measure}" for one in collections for measure in SHOWN)], rows)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="How good the rankings are on other collections.")
    parser.add_argument("folder", type=Path, help="where the collections are")
    parser.add_argument("--engines", nargs="+", choices=peers.DISTINCT, default=peers.DISTINCT)
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/scoring.md")
    given = parser.parse_args()
    collections = [judged(name, given.folder / name) for name in COLLECTIONS if (given.folder / name).is_dir()]
    if not collections:
        parser.error(f"none of {', '.join(COLLECTIONS)} is in {given.folder}")
    engines, _ = peers.chosen(given.engines)
    components = ablation.table([ablation.Ranker(one) for one in collections], SHOWN)
    sizes = (f"{one.name}: {len(one.articles):,} documents, {len(one.topics):,} topics" for one in collections)
    text = "\n\n".join([components, beside(engines, collections), "; ".join(sizes) + "."])
    print(text)
    if given.write_docs:
        report.write_readme("classic", text, ablation.DOCS)


if __name__ == "__main__":
    main()

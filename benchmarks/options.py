"""The options that every benchmark understands."""

from __future__ import annotations

import argparse
from pathlib import Path

import corpus


def parser(description: str, sizes: list[int], rounds: int) -> argparse.ArgumentParser:
    """Return a parser with the common options.

    Args:
        description: one line for ``--help``.
        sizes: default of ``--articles``.
        rounds: default of ``--rounds``.
    """
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--corpus", choices=corpus.NAMES, default="medical")
    made.add_argument("--articles", type=int, nargs="+", default=sizes, metavar="N", help="corpus sizes")
    made.add_argument("--rounds", type=int, default=rounds, help="rounds, in each of which all take their turn")
    made.add_argument(
        "--budget", type=float, default=300.0, metavar="SECONDS", help="who has used this up sits out later rounds"
    )
    made.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures (default: in runs/)")
    made.add_argument("--write-readme", action="store_true", help="put the table into benchmarks/README.md")
    corpus.add_options(made)
    return made


def prepared(options: argparse.Namespace, size: int) -> corpus.Corpus:
    """Return the corpus of one size that the options ask for."""
    return corpus.prepare(options.corpus, size, data=options.data, cache=options.cache, seed=options.seed)

"""The two collections with judged topics, ready to be ranked."""

from __future__ import annotations

import argparse
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import corpus

from qtsearch.articles.library import Library, LoadedArticle
from qtsearch.articles.model import Article
from qtsearch.evaluation.comparison import compare
from qtsearch.evaluation.measures import Evaluated
from qtsearch.evaluation.trec_files import Qrels, Topic, read_qrels, read_topics

DEPTH = 200
"""Hits of each topic that are looked at; AP counts no later ones."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A collection, its topics and what is relevant to them."""

    name: str
    articles: tuple[Article, ...]
    topics: tuple[Topic, ...]
    qrels: Qrels


def options(description: str) -> argparse.ArgumentParser:
    """Return a parser with the option that says where the archives are."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, default=corpus.default_data(), help="folder with the archives")
    return parser


def both(data: Path) -> list[Judged]:
    """Return the collections.

    Raises:
        FileNotFoundError: an archive is not in ``data``.
    """
    return [_read(name, data) for name in corpus.NAMES]


def _read(name: str, data: Path) -> Judged:
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(data / f"{name}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
        (topics,) = Path(folder).rglob("topics.tsv")
        library = Library(topics.parent / "articles")
        loaded = (library.load(file) for file in library.scan().files)
        articles = [one.article for one in loaded if isinstance(one, LoadedArticle)]
        articles.sort(key=lambda article: article.path)
        return Judged(name, tuple(articles), read_topics(topics), read_qrels(topics.parent / "qrels.txt"))


def cells(one: Evaluated, whole: Evaluated, shown: Sequence[str]) -> Iterator[str]:
    """Yield the mean of each measure, with a mark where the paired test finds a difference to ``whole``."""
    p_values = {found.measure: found.p_value for found in compare(whole, one)}
    for measure in shown:
        yield f"{one.mean(measure):.3f}{'*' if p_values[measure] < 0.05 else ''}"

"""Collections of articles to measure with: the shared data unpacked, cut or multiplied to a given size.

    python benchmarks/corpus.py medical --articles 18000 --to /tmp/medical-18000

A corpus is a folder:

    articles/       the files, in the seed's form
    values.jsonl    the same articles, parsed, one JSON object a line, so that peers need not parse the files
    topics.tsv      the topics of the source, "topic<TAB>text"
    corpus.json     what it was made from; written last, so a folder without it is unfinished
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import article_files
import msgspec
from variation import Variation

from qtsearch.articles.model import Article, ArticleId

NAMES = ("medical", "cranfield")
DATA_VARIABLE = "QTSEARCH_BENCH_DATA"
VERSION = 2
"""Goes up whenever the same arguments would give other articles; older folders are made anew."""

REPOSITORY = Path(__file__).resolve().parent.parent


class DataMissingError(Exception):
    """The shared data is not where it was looked for."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A finished collection.

    Attributes:
        name: of the source: ``medical`` or ``cranfield``.
        folder: where it lies, see above.
        size: number of articles.
    """

    name: str
    folder: Path
    size: int

    @property
    def articles_folder(self) -> Path:
        """The folder of files."""
        return self.folder / "articles"

    def articles(self) -> Iterator[Article]:
        """Yield the parsed articles in the order of their making."""
        with (self.folder / "values.jsonl").open("rb") as lines:
            yield from map(msgspec.json.Decoder(Article).decode, lines)

    def topics(self) -> list[str]:
        """Return the texts of the topics."""
        lines = (self.folder / "topics.tsv").read_text(encoding="utf-8").splitlines()
        return [line.partition("\t")[2] for line in lines]


def default_data() -> Path:
    """Return the folder with the archives: the environment's, else ``../shared/data`` beside the repository."""
    return Path(os.environ.get(DATA_VARIABLE) or REPOSITORY.parent / "shared" / "data")


def default_cache() -> Path:
    """Return the folder that keeps corpora between runs. Many files: not inside the repository."""
    return Path(tempfile.gettempdir()) / "qtsearch-benchmarks"


def prepare(
    name: str,
    size: int | None = None,
    *,
    to: Path | None = None,
    data: Path | None = None,
    cache: Path | None = None,
    seed: int = 0,
) -> Corpus:
    """Return the corpus of this name and size, making it only where it is not there yet.

    Args:
        name: one of ``NAMES``.
        size: number of articles; None for the source as it is.
        to: folder of the corpus; None for one in ``cache``.
        data: folder with the archives.
        cache: folder for corpora and unpacked archives.
        seed: other seeds choose and vary otherwise.

    Raises:
        DataMissingError: there is no such archive in ``data``.
    """
    cache = cache or default_cache()
    folder = to or cache / (name if size is None else f"{name}-{size}")
    origin: dict[str, Any] = {"version": VERSION, "name": name, "articles": size, "seed": seed}
    made = _origin(folder)
    if made and origin.items() <= made.items():
        return Corpus(name, folder, made["written"])
    source = _unpack(name, data or default_data(), cache / "unpacked")
    _clear(folder)
    written = _write(_sized(_read_all(source / "articles"), size, seed), folder)
    shutil.copyfile(source / "topics.tsv", folder / "topics.tsv")
    (folder / "corpus.json").write_text(json.dumps({**origin, "written": written}), encoding="utf-8")
    return Corpus(name, folder, written)


def _origin(folder: Path) -> dict[str, Any] | None:
    try:
        made: dict[str, Any] = json.loads((folder / "corpus.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return made


def _clear(folder: Path) -> None:
    """Remove what an older or broken run left; refuse a folder that holds something else."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "values.jsonl").exists():
        raise FileExistsError(f"{folder} holds something that is no corpus; name another folder")
    (folder / "corpus.json").unlink(missing_ok=True)
    shutil.rmtree(folder / "articles", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def _unpack(name: str, data: Path, to: Path) -> Path:
    """Return the folder of the unpacked archive."""
    if (to / name).exists():
        return to / name
    archive = data / f"{name}.tar.xz"
    if not archive.exists():
        raise DataMissingError(f"no {archive}; name the folder that holds it with --data or {DATA_VARIABLE}")
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to) as unfinished, tarfile.open(archive) as tar:
        tar.extractall(unfinished, filter="data")
        (Path(unfinished) / name).rename(to / name)
    return to / name


def _read_all(folder: Path) -> list[Article]:
    return [article_files.read(path, folder) for path in sorted(folder.rglob("*.md"))]


def _sized(source: list[Article], size: int | None, seed: int) -> Iterator[Article]:
    """Yield ``size`` articles: a choice of the source, or all of it and then variations."""
    chosen = source
    if size is not None and size < len(source):
        chosen = random.Random(seed).sample(source, size)
    more = max(0, (size or 0) - len(source))
    varied = itertools.islice(Variation(source, seed).articles(), more)
    last_old = max(int(article.id or 0) for article in source)
    ids = {article.id for article in chosen}.union(range(last_old + 1, last_old + 1 + more))
    return (_linked(article, ids) for article in itertools.chain(chosen, varied))


def _linked(article: Article, ids: set[ArticleId | None]) -> Article:
    """Drop links to articles that are not part of the corpus: left out, or of a family cut off at the end."""
    kept = tuple(link for link in article.related if link.id in ids)
    return article if kept == article.related else replace(article, related=kept)


def _write(articles: Iterable[Article], folder: Path) -> int:
    """Write files and values; return how many."""
    files, made, written = folder / "articles", set(), 0
    with (folder / "values.jsonl").open("wb") as values:
        for article in articles:
            parent = (files / article.path).parent
            if parent not in made:
                parent.mkdir(parents=True, exist_ok=True)
                made.add(parent)
            article_files.write(article, files)
            values.write(msgspec.json.encode(article) + b"\n")
            written += 1
    return written


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where data comes from and where corpora are kept."""
    parser.add_argument("--data", type=Path, default=default_data(), help="folder with the .tar.xz archives")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="folder that keeps corpora and indexes")
    parser.add_argument("--seed", type=int, default=0, help="for every choice and variation")


def main() -> None:
    """Make a corpus and say where it is."""
    parser = argparse.ArgumentParser(description="Make a folder of articles to measure with.")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--articles", type=int, metavar="N", help="how many (default: as many as the source has)")
    parser.add_argument("--to", type=Path, metavar="DIR", help="the folder to make (default: one in the cache)")
    add_options(parser)
    options = parser.parse_args()
    try:
        corpus = prepare(
            options.name,
            options.articles,
            to=options.to,
            data=options.data,
            cache=options.cache,
            seed=options.seed,
        )
    except (DataMissingError, FileExistsError) as error:
        sys.exit(str(error))
    print(f"{corpus.size} articles in {corpus.articles_folder}")


if __name__ == "__main__":
    main()

"""Does the index still say what the folder says?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qtsearch.articles.library import Library, compare
from qtsearch.articles.model import Problem, RelatedArticle
from qtsearch.engines import store_at
from qtsearch.engines.base import Engine, Known
from qtsearch.related import broken


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A curated link that leads to no indexed article.

    Attributes:
        path: the article that has the link.
        title: the link's title.
        target: what it points to: its id, else its url.
    """

    path: str
    title: str
    target: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Where an index and its folder differ.

    Attributes:
        stale: files that changed since they were indexed.
        missing: files that are not in the index.
        orphaned: indexed articles whose file is gone.
        broken_links: curated links that lead to no indexed article.
        problems: folders and files that could not be looked at.
    """

    stale: tuple[str, ...]
    missing: tuple[str, ...]
    orphaned: tuple[str, ...]
    broken_links: tuple[BrokenLink, ...]
    problems: tuple[Problem, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.stale or self.missing or self.orphaned or self.broken_links or self.problems)


def check(
    articles: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    *,
    max_bytes: int = 10_000_000,
) -> CheckReport:
    """Compare an index with its folder of articles; changes nothing.

    Raises:
        ConfigError: there is no folder of articles.
        IndexFault: there is no index, or it cannot be read.
    """
    library = Library(Path(articles), max_bytes)
    engine = store_at(Path(index)).open()
    try:
        known = engine.known()
        scan = library.scan()
        changes = compare(scan.files, {path: entry.fingerprint for path, entry in known.items()})
        return CheckReport(
            stale=tuple(f.path for f in changes.maybe_changed if _differs(library, f.path, known[f.path])),
            missing=tuple(file.path for file in changes.new),
            orphaned=tuple(path for path in changes.gone if not scan.hides(path)),
            broken_links=tuple(_broken_links(engine)),
            problems=scan.problems,
        )
    finally:
        engine.close()


def _differs(library: Library, path: str, known: Known) -> bool:
    return library.digest_of(path) != known.fingerprint.digest


def _broken_links(engine: Engine) -> list[BrokenLink]:
    links = [(article.path, link) for article in engine.articles() for link in article.related]
    lost = [BrokenLink(path, link.title, _target(link)) for path, link in links if broken(link, engine)]
    return sorted(lost, key=lambda link: (link.path, link.target))


def _target(link: RelatedArticle) -> str:
    return link.url if link.id is None else str(link.id)

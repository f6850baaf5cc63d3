"""What every engine gets, what it gives back, and the class it stands behind.

Implementations import their engine on use, so that a missing one can be named and skipped.
"""

from __future__ import annotations

import importlib.metadata
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from queries import Mode

from qtsearch.articles.model import Article

WEIGHTS = {"title": 2.0, "page_keywords": 1.5, "answer": 1.0}
FIELDS = list(WEIGHTS)


class Parsed(NamedTuple):
    """An article ready for every engine.

    Attributes:
        article: its values; ids are whole numbers.
        keywords: the page keywords as one text.
        rest: all that is stored beside title, keywords and answer, as JSON.
    """

    article: Article
    keywords: str
    rest: str


class Found(NamedTuple):
    """A hit with its stored fields.

    ``title_marked`` and ``snippet`` are in the engine's own form, text with tags or spans; None if not asked for.
    """

    id: int
    title: str
    answer: str
    keywords: str
    rest: str
    title_marked: object = None
    snippet: object = None


def parsed(articles: Iterable[Article]) -> Iterator[Parsed]:
    """Prepare articles for the engines."""
    for a in articles:
        links = [[link.id, link.title, link.subject, link.url] for link in a.related]
        rest = {
            "path": a.path,
            "date": str(a.date),
            "subject": a.subject,
            "author": a.author,
            "url": a.url,
            "file_name": a.file_name,
            "score": a.score,
            "page_description": a.page_description,
            "related": links,
        }
        yield Parsed(a, "\n".join(a.page_keywords), json.dumps(rest, ensure_ascii=False, separators=(",", ":")))


class Peer(ABC):
    """One engine. ``index`` and ``open`` may be called again: each call starts anew."""

    name: ClassVar[str]
    package: ClassVar[str] = ""
    has_snippets: ClassVar[bool] = True
    note: ClassVar[str] = ""

    @classmethod
    def version(cls) -> str | None:
        """Return the installed version, None if the engine is missing."""
        try:
            return importlib.metadata.version(cls.package)
        except importlib.metadata.PackageNotFoundError:
            return None

    @abstractmethod
    def index(self, articles: Sequence[Parsed], folder: Path) -> None:
        """Index into an empty folder; done when searches would find everything and it is on disk."""

    def finish(self) -> None:
        """Wait for work that goes on in the background after ``index``."""
        return

    @abstractmethod
    def open(self, folder: Path) -> None:
        """Open what ``index`` made."""

    @abstractmethod
    def search(self, text: str, limit: int, mode: Mode) -> list[Found]:
        """Return the best hits."""

    @abstractmethod
    def search_with_snippets(self, text: str, limit: int, mode: Mode) -> list[Found]:
        """Return the best hits with matched words marked in the title and in one fragment of the answer."""

    def close(self) -> None:
        """Let go of what ``open`` opened."""
        return

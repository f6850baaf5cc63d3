"""The seam between qtsearch and whatever keeps its index: three narrow classes in our own values.

A ``Store`` is a place where an index lives. It opens an ``Engine`` to answer requests from one commit, and a
``Writer`` to make the next commit. Foreign exceptions end here: implementations raise only ``QtsearchError``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from qtsearch.articles.model import Article, ArticleId, Fingerprint, Problem
from qtsearch.query.expand import Source
from qtsearch.query.request import SearchRequest
from qtsearch.results import Abbreviation, Hit, IndexStats, Results
from qtsearch.values import dataclass

if TYPE_CHECKING:
    from qtsearch.articles.library import ArticleFile, Library  # loads YAML, which a search has no use for
    from qtsearch.query.completion import Completion

Key = ArticleId
"""What names an article: its id (a number, or its text), its url, or its path below the articles folder."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an index was made. An index made by another recipe is rebuilt, not updated.

    Attributes:
        schema_version: version of the stored form.
        analyzer: the analyzer's settings.
        articles_folder: absolute path of the folder of articles.
        facets: further front-matter keys that are kept for filters and facets.
    """

    schema_version: int
    analyzer: Mapping[str, str | int]
    articles_folder: str
    facets: tuple[str, ...] = ()

    def difference(self, other: Recipe) -> str:
        """Say in a few words what differs, "" if nothing does."""
        if self.schema_version != other.schema_version:
            return f"the schema version was {self.schema_version} and is now {other.schema_version}"
        if dict(self.analyzer) != dict(other.analyzer):
            return "the analyzer settings changed"
        if self.articles_folder != other.articles_folder:
            return f"the folder of articles was {self.articles_folder} and is now {other.articles_folder}"
        if sorted(self.facets) != sorted(other.facets):
            return f"the facets were {_list(self.facets)} and are now {_list(other.facets)}"
        return ""


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


@dataclass(frozen=True, slots=True)
class Known:
    """What an index knows of one article without reading it.

    Attributes:
        digest: of the file's bytes when it was indexed.
        id: the article's id as text, "" for none.
    """

    digest: bytes
    id: str


class Differences(NamedTuple):
    """How the files of a folder differ from the indexed ones, by path, size and time of change only.

    Attributes:
        to_read: files that are not indexed as they are, in the order of the folder; only the digest tells whether they
            changed.
        unsettled: paths of the indexed files that may have changed or are gone.
        gone: those of them without a file.
    """

    to_read: list[ArticleFile]
    unsettled: set[str]
    gone: set[str]


class KnownFiles(Mapping[str, Known]):
    """What an index knows of its files, by path; worked out only as far as it is asked for, since they are many.

    Args:
        paths, sizes, mtimes: of every indexed file, in the same order.
        find: gives what is known of one path, None for nothing.
        owner: gives the path of the article that has an id, None for none.
    """

    def __init__(
        self,
        paths: Sequence[str],
        sizes: Sequence[int],
        mtimes: Sequence[int],
        find: Callable[[str], Known | None],
        owner: Callable[[str], str | None],
    ) -> None:
        self._paths, self._sizes, self._mtimes = paths, sizes, mtimes
        self._find = find
        self.owner = owner

    def differences(self, files: Sequence[ArticleFile]) -> Differences:
        """Compare the files that a folder holds now with these.

        A known time that must not be trusted is 0, and that of no file that a folder holds.
        """
        # Sets of whole stamps, so that the many files that did not change cost no more than a look.
        stamps = set(zip(self._paths, self._sizes, self._mtimes, strict=True))
        unchanged = stamps.intersection(files)
        to_read = [file for file in files if file not in unchanged]
        unsettled = {path for path, _, _ in stamps - unchanged}
        return Differences(to_read, unsettled, unsettled.difference(file.path for file in to_read))

    def __getitem__(self, path: str) -> Known:
        found = self._find(path)
        if found is None:
            raise KeyError(path)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@dataclass(frozen=True, slots=True)
class Indexed:
    """One file that was read and indexed.

    Attributes:
        path: the article's path.
        id: the article's id as text, "" for none.
        problems: warnings about the file.
    """

    path: str
    id: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class IndexProblem:
    """Something wrong with an index folder, not with an article.

    Attributes:
        file: the file's name, or that of the folder.
        structure: the part of the file that is wrong, such as ``lists/answer``; ``file`` or ``folder`` for all of it.
        what: what is wrong, actual against expected, without a full stop.
        todo: what to do about it.
    """

    file: str
    structure: str
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.file}: {self.structure}: {self.what}; {self.todo}"


VerifyProgress = Callable[[int, int], None]
"""Is told how many bytes of an index are verified, and of how many."""


class Engine(ABC):
    """Answers requests from one commit of an index. Safe for many threads.

    It keeps the files open, and lets go of them as soon as nobody holds it any more.
    """

    @abstractmethod
    def search(self, request: SearchRequest, synonyms: Sequence[Source] = ()) -> Results:
        """Answer a request. Hits come without related articles.

        Args:
            request: what is asked for.
            synonyms: know other names of words, beside the abbreviations that the index has learned.

        Raises:
            RequestError: a filter or facet is none of this index.
        """

    @abstractmethod
    def complete(self, text: str, limit: int) -> tuple[Completion, ...]:
        """Return how a query text may go on, the likeliest first."""

    @abstractmethod
    def abbreviations(self) -> tuple[Abbreviation, ...]:
        """Return the abbreviations that the articles define, those of most articles first."""

    @abstractmethod
    def find(self, key: Key) -> Article | None:
        """Return the article with this id, url or path (tried in this order), or None."""

    @abstractmethod
    def similar(self, article: Article, limit: int) -> tuple[Hit, ...]:
        """Return the articles most like this one, best first, never itself; of near-duplicates only one."""

    @abstractmethod
    def articles(self) -> Iterator[Article]:
        """Yield every article, in no promised order."""

    @abstractmethod
    def known(self) -> KnownFiles:
        """Return what is known of every indexed file. It stays good without the engine."""

    @abstractmethod
    def stats(self) -> IndexStats:
        """Return what the index holds."""

    @property
    @abstractmethod
    def document_count(self) -> int:
        """How many articles are indexed."""

    @property
    @abstractmethod
    def commit(self) -> str:
        """Name of the commit that this engine answers from; see ``Store.last_commit``."""


class Writer(ABC):
    """Collects changes and makes them one atomic commit. Holds the lock; leaving it uncommitted drops the changes.

    After a change that raised, all others raise ``IndexFault``: it may be half done, and must not be committed.
    """

    @abstractmethod
    def add(self, article: Article, fingerprint: Fingerprint) -> None:
        """Index an article; an indexed article of the same path is replaced."""

    @abstractmethod
    def expect_files(self) -> None:
        """Say that ``add_files`` will be called: what takes long to start starts now."""

    @abstractmethod
    def add_files(
        self, library: Library, files: Sequence[ArticleFile], advanced: Callable[[int], None]
    ) -> Iterator[Indexed | Problem]:
        """Read and index many files that are not in the index yet, on all cores.

        Args:
            library: where the files lie.
            files: which they are.
            advanced: called now and then with how many more files were read.

        Yields:
            What came of each file, in order. A file that was indexed can be deleted again.
        """

    @abstractmethod
    def delete(self, path: str) -> None:
        """Take the article of this path out of the index; an unknown path is no error."""

    @abstractmethod
    def commit(self) -> None:
        """Make everything visible at once, and durable. The writer takes no more changes."""

    @abstractmethod
    def cancel(self) -> None:
        """Drop every change. After a commit this does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()


class Lock(ABC):
    """The right to write, held from ``Store.lock`` until it is released or the process dies."""

    @abstractmethod
    def release(self) -> None:
        """Give the right back; a second call does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        self.release()


class Store(ABC):
    """A folder that holds, or will hold, one index."""

    @abstractmethod
    def open(self) -> Engine:
        """Open the last commit.

        Raises:
            IndexMissing: there is none.
            IndexDamaged: it cannot be trusted.
            IndexOutdated: this version cannot read it.
        """

    @abstractmethod
    def new_recipe(self, articles_folder: Path, facets: tuple[str, ...] = ()) -> Recipe:
        """Return how this version would make an index of a folder of articles, with these further facets."""

    @abstractmethod
    def recipe(self) -> Recipe | None:
        """Return how the last commit was made, None without an index.

        Raises:
            IndexDamaged, IndexOutdated: as ``open``.
        """

    @abstractmethod
    def last_commit(self) -> str:
        """Return the name of the last commit, "" without one. Cheap: it reads no index data.

        No other commit has the same name, not even of another index that has been put in the place of this one.

        Raises:
            IndexDamaged: there is one, and what names it cannot be trusted.
        """

    @abstractmethod
    def lock(self, wait: float) -> Lock:
        """Become the one writer, waiting up to ``wait`` seconds.

        Raises:
            IndexBusy: another process still holds the lock.
        """

    @abstractmethod
    def write(self, lock: Lock, recipe: Recipe, *, fresh: bool) -> Writer:
        """Begin the next commit: on top of the last one, or ``fresh`` beside it without looking at it."""

    @abstractmethod
    def folder_problems(self) -> list[IndexProblem]:
        """Return how others could change the index: links that lead away, rights to write for everybody."""

    @abstractmethod
    def verify(self, progress: VerifyProgress) -> list[IndexProblem]:
        """Verify every byte of the last commit, in bounded memory; return what is wrong, none for a sound index.

        Raises:
            IndexMissing: there is none.
            IndexOutdated: this version cannot read it.
        """

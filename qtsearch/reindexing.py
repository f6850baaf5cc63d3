"""The one road from a folder of articles to a committed index."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from typing import Final, Literal, Self

from qtsearch.articles.library import ArticleFile, Library, LoadedArticle, Scan, duplicate_id_problem
from qtsearch.articles.model import Problem
from qtsearch.config import MAX_BYTES, checked_facets, checked_max_bytes, checked_path, checked_wait
from qtsearch.engines import store_at
from qtsearch.engines.base import Differences, Indexed, Known, KnownFiles, Lock, Recipe, Store, Writer
from qtsearch.errors import ConfigError, IndexDamaged, IndexFault, IndexMissing, IndexOutdated
from qtsearch.values import dataclass

WORTH_WORKERS: Final = 1_000
"""From so many new files on, starting worker processes pays."""

ASKED_FOR: Final = "asked for"
"""Why an index was built anew with ``full``."""

Kind = Literal["added", "updated", "deleted"]
Phase = Literal["scan", "read", "write"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reindex is.

    Attributes:
        phase: ``scan`` the folder, ``read`` and index the articles, ``write`` the commit.
        done: files read so far.
        total: files to read, None while that is not known.
    """

    phase: Phase
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """One article that differs from the last commit."""

    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex did, or would do.

    Attributes:
        changes: every added, updated and deleted article, by path.
        unchanged: how many articles are as they were.
        problems: what writers should mend, by path.
        kept: paths that became unreadable and keep their last indexed version.
        documents: articles in the index now.
        rebuilt: why the index was built anew, "" if it was updated.
        committed: whether anything was written.
        dry_run: whether nothing was to be written.
        seconds: how long it took.
    """

    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    kept: tuple[str, ...]
    documents: int
    rebuilt: str
    committed: bool
    dry_run: bool
    seconds: float = field(compare=False)

    @property
    def added(self) -> int:
        """How many articles are new."""
        return self._number("added")

    @property
    def updated(self) -> int:
        """How many articles changed."""
        return self._number("updated")

    @property
    def deleted(self) -> int:
        """How many articles are gone."""
        return self._number("deleted")

    @property
    def failed(self) -> int:
        """How many files could not be indexed."""
        return len({problem.path for problem in self.problems if problem.fatal})

    def _number(self, kind: Kind) -> int:
        return sum(change.kind == kind for change in self.changes)


def reindex(
    articles: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    *,
    full: bool = False,
    if_needed: bool = False,
    dry_run: bool = False,
    wait: float = 0.0,
    max_bytes: int = MAX_BYTES,
    facets: Sequence[str] = (),
    progress: Callable[[Progress], None] | None = None,
) -> ReindexReport:
    """Bring an index up to date with a folder of articles, in one atomic commit.

    Only files whose size or time of change differ are read, and only those whose bytes differ are indexed again. An
    index that is damaged, or was made in another way or from another folder, is built anew beside the old one, which
    answers until the new one is whole. A run that finds nothing changed writes nothing.

    Args:
        articles: the folder of articles.
        index: the folder of the index; made if need be.
        full: build anew in any case, also from a folder that lost all its articles.
        if_needed: do nothing if there is an index made in the same way from the same folder; do not look for changes.
        dry_run: say what would change, and write nothing.
        wait: how many seconds to wait for another writer.
        max_bytes: a larger file is a problem, not an article.
        facets: further front-matter keys to keep for filters and facets; others than before rebuild the index.
        progress: called now and then, from this thread.

    Raises:
        ConfigError: there is no folder of articles, it holds none any more (see ``full``), or another argument cannot
            be used.
        IndexBusy: another writer holds the lock.
        IndexFault: the index cannot be written.
    """
    began = time.perf_counter()
    seconds = checked_wait(wait)
    library = Library(checked_path("articles", articles), checked_max_bytes(max_bytes), checked_facets(facets))
    # Absolute, so that it stays the same folder though another thread changes the working directory.
    store = store_at(checked_path("index", index).absolute())
    if dry_run:
        run = _Run(library, store, progress, full=full)
        run.run(None)
        return run.report(began, committed=False, dry_run=True)
    if if_needed and not full and (documents := _indexed_already(store, library)) is not None:
        return ReindexReport(
            changes=(),
            unchanged=0,  # nobody looked
            problems=(),
            kept=(),
            documents=documents,
            rebuilt="",
            committed=False,
            dry_run=False,
            seconds=time.perf_counter() - began,
        )
    if not library.folder.is_dir():
        library.scan()  # says why not, before an index folder is made for nothing
    with store.lock(seconds) as lock:
        run = _Run(library, store, progress, full=full)
        return run.report(began, committed=run.run(lock), dry_run=False)


def _indexed_already(store: Store, library: Library) -> int | None:
    """Return how many articles a usable index of this library holds; None if there is no such index."""
    try:
        recipe = store.recipe()
        if recipe is None or recipe.difference(store.new_recipe(library.folder, library.extra)):
            return None
        return store.open().document_count
    except (IndexDamaged, IndexMissing, IndexOutdated):
        return None


class _Run:
    """One comparison of a folder with an index, and what came of it."""

    def __init__(
        self, library: Library, store: Store, progress: Callable[[Progress], None] | None, *, full: bool
    ) -> None:
        self._library = library
        self._store = store
        self._progress = progress or (lambda _: None)
        self._full = full
        self._recipe = store.new_recipe(library.folder, library.extra)
        self.rebuilt, self._known = self._look_at_index()
        self._unsettled: set[str] = set()
        self._added: dict[str, Kind] = {}
        self._deleted: list[str] = []
        self._problems: list[Problem] = []
        self._kept: set[str] = set()
        self._unchanged = 0
        self._owners: dict[str, str] = {}

    def _look_at_index(self) -> tuple[str, KnownFiles | None]:
        """Return why the index must be built anew, and what it knows; None if nothing can be built upon."""
        try:
            recipe = self._store.recipe()
            if recipe is None:
                return "", None
            reason = ASKED_FOR if self._full else recipe.difference(self._recipe)
            if reason:
                return reason, None
            return "", self._store.open().known()
        except IndexDamaged as damage:
            return str(damage).partition(";")[0], None
        except IndexFault:
            # What a newer version wrote, or what cannot be read, is not ours to replace unasked.
            if not self._full:
                raise
            return ASKED_FOR, None

    def run(self, lock: Lock | None) -> bool:
        """Find every change; with a lock, write them and return whether there was anything to write."""
        with _LazyWriter(self._store, lock, self._recipe, fresh=self._known is None) as writer:
            return self._run(writer, may_write=lock is not None)

    def _run(self, writer: _LazyWriter, *, may_write: bool) -> bool:
        def found(files: int) -> None:
            if may_write and self._known is None and files >= WORTH_WORKERS:
                writer.expect_files()

        self._progress(Progress("scan", 0, None))
        scan = self._library.scan(found)
        self._problems.extend(scan.problems)
        if not scan.files:
            self._refuse_to_empty(scan)
        everything = Differences(list(scan.files), set(), set())
        to_read, unsettled, gone = everything if self._known is None else self._known.differences(scan.files)
        self._unchanged = len(scan.files) - len(to_read)
        kept = {path for path in gone if scan.hides(path)}
        self._kept |= kept
        self._unsettled = unsettled - kept
        for path in sorted(gone - kept):
            self._delete(path, writer)
        all_new = unsettled == gone
        if may_write and all_new and len(to_read) >= WORTH_WORKERS:
            self._read_on_all_cores(to_read, writer)
        else:
            self._read(to_read, writer)
        if not self._documents:  # files there were, but no article
            self._refuse_to_empty(scan)
        # Not whether the writer did anything: articles that were left out again are nothing to write.
        if self._added or self._deleted or self._known is None:
            self._progress(Progress("write", 0, None))
            return writer.commit()
        return False

    def _refuse_to_empty(self, scan: Scan) -> None:
        """The folder holds no article: refuse to go on if the index would lose everything, or might.

        Raises:
            ConfigError: it does, and was not asked to. A folder that lost everything overnight is more likely an
                unmounted disk, or one that may not be read, than an editor's decision.
        """
        if self._full:
            return
        if self._known is not None and any(map(scan.hides, self._known)):
            return  # what is hidden stays
        try:
            indexed = self._store.open().document_count if self._known is None else len(self._known)
        except IndexMissing:
            return
        except (IndexDamaged, IndexOutdated):  # it is to be built anew, from what is not there
            indexed = None
        if indexed != 0:
            holds = "there is an index of articles" if indexed is None else f"the index holds {indexed:,}"
            article = "no article that can be read" if scan.files else "no article"
            raise ConfigError(
                f"{self._library.folder} holds {article}, but {holds}; if that is meant, "
                "empty the index with: qtsearch reindex --full"
            )

    def _read(self, files: list[ArticleFile], writer: _LazyWriter) -> None:
        for done, file in enumerate(files):
            if done % 16 == 0:
                self._progress(Progress("read", done, len(files)))
            known = self._indexed(file.path)
            loaded = self._library.load(file, known.digest if known is not None else b"")
            if isinstance(loaded, Problem):
                self._keep(loaded, writer)
            elif loaded is not None:
                self._take(loaded, writer)
            elif known is not None and self._owns(known.id, file.path, writer):
                self._unchanged += 1
        self._progress(Progress("read", len(files), len(files)))

    def _read_on_all_cores(self, files: list[ArticleFile], writer: _LazyWriter) -> None:
        done = 0

        def advanced(number: int) -> None:
            nonlocal done
            done += number
            self._progress(Progress("read", done, len(files)))

        advanced(0)
        for outcome in writer.add_files(self._library, files, advanced):
            if isinstance(outcome, Problem):
                self._problems.append(outcome)
                continue
            self._problems.extend(outcome.problems)
            self._added[outcome.path] = "added"
            self._owns(outcome.id, outcome.path, writer)

    def _keep(self, problem: Problem, writer: _LazyWriter) -> None:
        """A file cannot be read: what is indexed of it stays."""
        self._problems.append(problem)
        entry = self._indexed(problem.path)
        if entry is not None and self._owns(entry.id, problem.path, writer):
            self._kept.add(problem.path)

    def _take(self, loaded: LoadedArticle, writer: _LazyWriter) -> None:
        path = loaded.article.path
        self._problems.extend(loaded.problems)
        if self._owns(loaded.id_text, path, writer):
            self._added[path] = "added" if self._indexed(path) is None else "updated"
            writer.add(loaded)

    def _owns(self, id_text: str, path: str, writer: _LazyWriter) -> bool:
        """Settle who has an id: the first path. The other article is left out, and taken out if it was in."""
        if not id_text:
            return True
        owner = self._owners.setdefault(id_text, self._indexed_owner(id_text) or path)
        if owner == path:
            return True
        first, second = sorted((owner, path))
        self._owners[id_text] = first
        self._problems.append(duplicate_id_problem(first, second, id_text))
        added = self._added.pop(second, None) is not None
        if self._indexed(second) is not None:
            if second in self._kept:
                self._kept.remove(second)
            elif second == owner and not added:
                self._unchanged -= 1
            self._delete(second, writer)
        elif added:
            writer.delete(second)
        return first == path

    def _indexed(self, path: str) -> Known | None:
        return self._known.get(path) if self._known is not None else None

    def _indexed_owner(self, id_text: str) -> str | None:
        """Return the article that has an id in the index and keeps it: its file did not change, or is hidden."""
        owner = self._known.owner(id_text) if self._known is not None else None
        return None if owner in self._unsettled else owner

    def _delete(self, path: str, writer: _LazyWriter) -> None:
        self._deleted.append(path)
        writer.delete(path)

    @property
    def _documents(self) -> int:
        """How many articles will be in the index."""
        added = sum(kind == "added" for kind in self._added.values())
        return len(self._known or {}) + added - len(self._deleted)

    def report(self, began: float, *, committed: bool, dry_run: bool) -> ReindexReport:
        """Return what came of it."""
        changes = [Change(path, kind) for path, kind in self._added.items()]
        changes += [Change(path, "deleted") for path in self._deleted]
        return ReindexReport(
            changes=tuple(sorted(changes, key=lambda change: change.path)),
            unchanged=self._unchanged,
            problems=tuple(sorted(self._problems, key=lambda problem: (problem.path, problem.line or 0))),
            kept=tuple(sorted(self._kept)),
            documents=self._documents,
            rebuilt=self.rebuilt,
            committed=committed,
            dry_run=dry_run,
            seconds=time.perf_counter() - began,
        )


class _LazyWriter:
    """A writer that begins when there is something to write; without a lock it does nothing."""

    def __init__(self, store: Store, lock: Lock | None, recipe: Recipe, *, fresh: bool) -> None:
        self._store = store
        self._lock = lock
        self._recipe = recipe
        self._fresh = fresh
        self._writer: Writer | None = None

    def add(self, loaded: LoadedArticle) -> None:
        if self._lock is not None:
            self._begun(self._lock).add(loaded.article, loaded.fingerprint)

    def expect_files(self) -> None:
        assert self._lock is not None, "files are only expected to be written"
        self._begun(self._lock).expect_files()

    def add_files(
        self, library: Library, files: list[ArticleFile], advanced: Callable[[int], None]
    ) -> Iterator[Indexed | Problem]:
        assert self._lock is not None, "many files are read only to be written"
        return self._begun(self._lock).add_files(library, files, advanced)

    def delete(self, path: str) -> None:
        if self._lock is not None:
            self._begun(self._lock).delete(path)

    def commit(self) -> bool:
        if self._lock is None:
            return False
        self._begun(self._lock).commit()
        return True

    def _begun(self, lock: Lock) -> Writer:
        if self._writer is None:
            self._writer = self._store.write(lock, self._recipe, fresh=self._fresh)
        return self._writer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.cancel()

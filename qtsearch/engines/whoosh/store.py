"""A folder that holds an index: finding its last commit, opening it, beginning the next.

Only writing needs Whoosh; a search reads the segments' arrays without it, and so starts sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from qtsearch.analysis import analyzer
from qtsearch.engines.base import IndexProblem, Lock, Recipe, Store, VerifyProgress, Writer
from qtsearch.engines.whoosh.documents import SCHEMA_VERSION
from qtsearch.engines.whoosh.engine import WhooshEngine
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.state import (
    MAX_GENERATION,
    CommitState,
    checksum_of,
    commit_name,
    is_foreign,
    last_generation,
    next_generation,
)
from qtsearch.errors import MEND, IndexDamaged, IndexFault, IndexMissing

_Read = TypeVar("_Read")


class WhooshStore(Store):
    """See ``Store``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last_commit(self) -> str:
        """See ``Store``."""
        found = self._of_last_commit(lambda generation: commit_name(generation, checksum_of(self._folder, generation)))
        return found or ""

    def _generation(self) -> int:
        """Return the number of the last commit, -1 without one."""
        with translated(self._folder, "read"):
            return last_generation(self._folder)

    def new_recipe(self, articles_folder: Path, facets: tuple[str, ...] = ()) -> Recipe:
        """See ``Store``."""
        return Recipe(SCHEMA_VERSION, analyzer.settings(), str(articles_folder.resolve()), facets)

    def recipe(self) -> Recipe | None:
        """See ``Store``."""
        state = self._last_state()
        if state is None:
            return None
        state.refuse_newer()
        return state.recipe

    def open(self) -> WhooshEngine:
        """See ``Store``."""
        while (state := self._last_state()) is not None:
            state.refuse_other_versions()
            try:
                with translated(self._folder, "open"):
                    state.require_files()
                    return WhooshEngine(state)
            except FileNotFoundError as error:
                # Another commit has taken the place of this one, and its files are gone, since we looked: take that.
                if self.last_commit() == state.name:
                    raise _missing(error) from error
        raise IndexMissing(self._folder)

    def _last_state(self) -> CommitState | None:
        return self._of_last_commit(lambda generation: CommitState.read(self._folder, generation))

    def _of_last_commit(self, read: Callable[[int], _Read]) -> _Read | None:
        """Return what is read of the last commit, None without one."""
        while (generation := self._generation()) >= 0:
            try:
                with translated(self._folder, "open"):
                    return read(generation)
            except FileNotFoundError as error:
                # A writer may have replaced this commit and removed its files since we looked.
                if self._generation() == generation:
                    self._refuse_foreign()
                    raise _missing(error) from error
        return None

    def _refuse_foreign(self) -> None:
        if is_foreign(self._folder):
            raise IndexFault(
                f"the index in {self._folder} was made by another program; name another folder with --index, or "
                "replace it with: qtsearch reindex --full"
            )

    def lock(self, wait: float) -> Lock:
        """See ``Store``."""
        from qtsearch.engines.lock import WriteLock  # only writers need it, and it takes a while to load

        with translated(self._folder, "write"):
            return WriteLock(self._folder, wait)

    def write(self, lock: Lock, recipe: Recipe, *, fresh: bool) -> Writer:
        """See ``Store``."""
        from qtsearch.engines.whoosh.writer import WhooshWriter  # loads Whoosh

        try:
            base = self._last_state()
            known = True
        except IndexFault:
            if not fresh:
                raise
            base, known = None, False
        with translated(self._folder, "write"):
            generation = next_generation(self._folder)
            if generation > MAX_GENERATION:
                raise IndexFault(f"{self._folder} has no number left for a commit; empty that folder and run it again")
            return WhooshWriter(self._folder, base, generation, recipe, fresh=fresh, known=known)

    def folder_problems(self) -> list[IndexProblem]:
        """See ``Store``."""
        from qtsearch.engines.whoosh.verification import folder_problems  # only a check has use for it

        with translated(self._folder, "read"):
            return folder_problems(self._folder)

    def verify(self, progress: VerifyProgress) -> list[IndexProblem]:
        """See ``Store``."""
        from qtsearch.engines.whoosh.verification import verify_commit  # only a check has use for it

        while (generation := self._generation()) >= 0:
            found = verify_commit(self._folder, generation, progress)
            # What a writer has replaced and removed meanwhile is not missing.
            if not found or self._generation() == generation:
                if found:
                    self._refuse_foreign()
                return found
        raise IndexMissing(self._folder)


def _missing(error: FileNotFoundError) -> IndexDamaged:
    if isinstance(error, IndexDamaged):
        return error
    return IndexDamaged(f"{error.filename} is missing; {MEND}")

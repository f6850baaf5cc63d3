"""A folder that holds a Whoosh index: finding its last commit, opening it, beginning the next."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from qtsearch.analysis import analyzer
from qtsearch.engines.base import Lock, Recipe, Store, Writer
from qtsearch.engines.lock import WriteLock
from qtsearch.engines.whoosh.engine import WhooshEngine
from qtsearch.engines.whoosh.faults import translated
from qtsearch.engines.whoosh.schema import SCHEMA_VERSION, schema
from qtsearch.engines.whoosh.state import CommitState, file_name
from qtsearch.engines.whoosh.writer import Base, WhooshWriter
from qtsearch.errors import IndexDamaged, IndexMissing, IndexOutdated

INDEX_NAME = "MAIN"
_LEFTOVER = re.compile(rf"_{INDEX_NAME}_\d+\.toc\..+|{INDEX_NAME}\.tmp.*|commit-(\d+)\.json")


class WhooshStore(Store):
    """See ``Store``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storage = FileStorage(str(folder))

    def generation(self) -> int:
        """See ``Store``."""
        if not self._folder.is_dir():
            return -1
        with translated(self._folder, "read"):
            return int(TOC._latest_generation(self._storage, INDEX_NAME))

    def new_recipe(self, articles_folder: Path) -> Recipe:
        """See ``Store``."""
        return Recipe(SCHEMA_VERSION, analyzer.settings(), str(articles_folder.resolve()))

    def recipe(self) -> Recipe | None:
        """See ``Store``."""
        while (generation := self.generation()) >= 0:
            try:
                return CommitState.read(self._folder, generation).recipe
            except FileNotFoundError:
                self._unless_newer(generation, file_name(generation))
        return None

    def open(self) -> WhooshEngine:
        """See ``Store``."""
        while (generation := self.generation()) >= 0:
            try:
                return self._open(generation)
            except FileNotFoundError as error:
                # A writer has replaced this commit and removed its files since we looked: take the newer one.
                self._unless_newer(generation, str(error.filename))
        raise IndexMissing(self._folder)

    def _open(self, generation: int) -> WhooshEngine:
        state = CommitState.read(self._folder, generation)
        if state.recipe.schema_version > SCHEMA_VERSION:
            raise IndexOutdated(
                f"the index in {self._folder} was written by a newer qtsearch (schema version "
                f"{state.recipe.schema_version}, this one reads {SCHEMA_VERSION}); upgrade qtsearch"
            )
        if state.recipe.schema_version < SCHEMA_VERSION:
            raise IndexOutdated(
                f"the index in {self._folder} was written by an older qtsearch; rebuild it with: qtsearch reindex"
            )
        with translated(self._folder, "open"):
            # Our own schema, not the pickled one.
            toc = TOC.read(self._storage, INDEX_NAME, generation, schema=schema())
            reader = FileIndex._reader(self._storage, toc.schema, toc.segments, generation)
            return WhooshEngine(reader, state)

    def _unless_newer(self, generation: int, missing: str) -> None:
        if self.generation() == generation:
            raise IndexDamaged(
                f"the index in {self._folder} lacks {Path(missing).name}; mend it with: qtsearch reindex --full"
            )

    def lock(self, wait: float) -> Lock:
        """See ``Store``."""
        with translated(self._folder, "write"):
            return WriteLock(self._folder, wait)

    def write(self, lock: Lock, recipe: Recipe, *, fresh: bool) -> Writer:
        """See ``Store``."""
        generation = self.generation()
        self._remove_leftovers(generation)
        if fresh:
            base = TOC(schema(), [], generation)
        else:
            with translated(self._folder, "read"):
                base = TOC.read(self._storage, INDEX_NAME, generation, schema=schema())
        return WhooshWriter(self._folder, Base(self._storage, INDEX_NAME, base), recipe)

    def _remove_leftovers(self, generation: int) -> None:
        """Remove what a dead writer left; segments without a commit go with the next commit."""
        with translated(self._folder, "write"):
            for path in self._folder.iterdir():
                found = _LEFTOVER.fullmatch(path.name)
                if found and path.name != file_name(generation):
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

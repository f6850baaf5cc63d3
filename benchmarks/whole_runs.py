"""The commands a user or cron runs, measured as whole processes on a corpus folder.

The corpus folder is the working directory; qtsearch's index lies in its ``index/``. Files are in the page cache.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable

import processes
import timing
from corpus import Corpus
from timing import Seconds

QUERY = "HCC immunotherapy"
UPDATE = ("reindex", "articles", "--quiet")
SHORT_ROUNDS = 25
"""Rounds of what takes a tenth of a second: of three, two may fall into a slow moment of the machine."""

_LOAD_ALL = """
import pathlib, frontmatter
for path in pathlib.Path("articles").rglob("*.md"):
    frontmatter.load(str(path))
"""
_WALK = """
import os
for folder, folders, files in os.walk("articles"):
    for name in files:
        os.stat(os.path.join(folder, name))
"""
_IMPORTS = "import click, rich.console, whoosh.index, whoosh.qparser"

Rounds = dict[str, list[list[Seconds]]]


class WholeRuns:
    """Measures on one corpus.

    Args:
        corpus: must not be changed by others meanwhile.
        rounds: turns for each contestant.
        budget: see ``timing.interleaved``.
    """

    def __init__(self, corpus: Corpus, rounds: int, budget: Seconds) -> None:
        self.size = corpus.size
        self._folder = corpus.folder
        self._article = next(iter(sorted(corpus.articles_folder.rglob("*.md"))))
        self._rounds = rounds
        self._budget = budget

    def full_reindex(self) -> Rounds:
        """Measure ``reindex --full`` and a plain loop that only loads the same files."""
        return self._in_turns(
            {
                "reindex --full": self._timed(processes.qtsearch(*UPDATE, "--full")),
                "plain loop": self._timed(processes.python("-c", _LOAD_ALL)),
            }
        )

    @functools.cached_property
    def updates(self) -> Rounds:
        """Measure ``reindex`` with nothing and with one article changed, and a bare walk with stat."""
        self._ensure_index()
        original = self._article.read_bytes()
        revisions = iter(range(1, 1_000_000))
        try:
            return self._in_turns(
                {
                    "nothing changed": self._timed(processes.qtsearch(*UPDATE)),
                    "one changed": lambda: self._one_changed(original, next(revisions)),
                    "walk": self._timed(processes.python("-c", _WALK)),
                }
            )
        finally:
            self._article.write_bytes(original)
            self._timed(processes.qtsearch(*UPDATE))()

    def cold_search(self) -> Rounds:
        """Measure a one-shot search with piped output, and the imports it is compared with."""
        self._ensure_index()
        contestants = {
            "cold search": self._timed(processes.qtsearch(QUERY)),
            "imports": self._timed(processes.python("-c", _IMPORTS)),
        }
        return self._in_turns(contestants, max(self._rounds, SHORT_ROUNDS))

    def reindex_memory(self) -> int:
        """Return the peak of ``reindex --full`` over all processes, in bytes."""
        return processes.peak_bytes(processes.qtsearch(*UPDATE, "--full"), self._folder)

    def search_memory(self) -> int:
        """Return the peak of a one-shot search, in bytes: the highest of several, for each is short."""
        self._ensure_index()
        command = processes.qtsearch(QUERY)
        return max(processes.peak_bytes(command, self._folder) for _ in range(max(3, self._rounds)))

    def _ensure_index(self) -> None:
        processes.seconds(processes.qtsearch(*UPDATE), self._folder)

    def _one_changed(self, original: bytes, revision: int) -> list[Seconds]:
        mark = b"\nanswer: >-\n    "
        self._article.write_bytes(original.replace(mark, mark + b"Revision %d. " % revision, 1))
        # As a cron job meets it: changed a while ago, not in this very moment.
        changed = time.time_ns() - 60 * 10**9
        os.utime(self._article, ns=(changed, changed))
        return processes.seconds(processes.qtsearch(*UPDATE), self._folder)

    def _timed(self, command: list[str]) -> Callable[[], list[Seconds]]:
        return functools.partial(processes.seconds, command, self._folder)

    def _in_turns(self, contestants: dict[str, Callable[[], list[Seconds]]], rounds: int = 0) -> Rounds:
        # Once before it counts, so that files are in the page cache and modules compiled.
        for warm_up in contestants.values():
            warm_up()
        return timing.interleaved(contestants, rounds or self._rounds, self._budget)

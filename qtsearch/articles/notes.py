"""What a reader has to say about one file: warnings gathered, failures raised, both with their line."""

from __future__ import annotations

from qtsearch.articles.model import Problem
from qtsearch.errors import ArticleError

MAX_WARNINGS = 20


class Notes:
    """The warnings of one file, in the order found.

    Args:
        name: the file below the articles folder, as each ``Problem`` names it.
        path: the file as an error message names it.
        first_line: the line of the file, counted from 1, on which the front matter's line 0 lies.
    """

    __slots__ = ("_left_out", "_name", "_path", "_warnings", "first_line")

    def __init__(self, name: str, path: str, first_line: int = 1) -> None:
        self.first_line = first_line
        self._name = name
        self._path = path
        self._warnings: dict[Problem, None] = {}
        self._left_out = False

    def warn(self, what: str, todo: str, line: int | None = None) -> None:
        """Note a warning; ``line`` counts from 0 within the front matter. Beyond 20 the rest is left out."""
        if len(self._warnings) < MAX_WARNINGS:
            self._warnings[Problem(self._name, what, todo, self._in_file(line), fatal=False)] = None
        else:
            self._left_out = True

    def failure(self, what: str, todo: str, line: int | None = None) -> ArticleError:
        """Return the error to raise; ``line`` counts from 0 within the front matter."""
        return ArticleError(self._path, what, todo, self._in_file(line))

    def problems(self) -> tuple[Problem, ...]:
        """Return all warnings, with a last one that says so if some were left out."""
        if not self._left_out:
            return tuple(self._warnings)
        what = f"more than {MAX_WARNINGS} warnings; the rest is left out"
        return (*self._warnings, Problem(self._name, what, "mend these first", None, fatal=False))

    def _in_file(self, line: int | None) -> int | None:
        return None if line is None else line + self.first_line

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qtsearch.articles.front_matter import read_article
from qtsearch.articles.model import Article, Problem

Read = Callable[[str], tuple[Article, tuple[Problem, ...]]]


@pytest.fixture
def read() -> Read:
    """Read front matter lines, with a title and a body supplied where they name none."""

    def read_lines(lines: str) -> tuple[Article, tuple[Problem, ...]]:
        has_title = lines.startswith(("title:", "question:"))
        title = "" if has_title else "title: T\n"
        data = f"---\n{lines}\n{title}---\n\nbody\n".encode()
        return read_article(Path("folder/a.md"), "a.md", data)

    return read_lines

"""Small indexes in every state that a reindex can find, and what must hold of an index whatever happened to it."""

from __future__ import annotations

from pathlib import Path

import qtsearch
from qtsearch.engines.whoosh.state import CommitState, is_own_name, last_generation, state_name, toc_name
from tests.folders import titles, write_article

KINDS = ("first", "full", "incremental", "merging")


def write_version(folder: Path, version: int, articles: range) -> None:
    """Write articles that each say which version they are of, in their title and answer."""
    for number in articles:
        title = f"Article {number} version {version}"
        write_article(folder, f"{number}.md", id=number + 1, title=title, answer=f"{title} word")


def prepare(folder: Path, index: Path, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    """Make an index, then change the articles; return the titles that are indexed and those that should be.

    A reindex then builds ``first``, or anew (``full``), or adds to what is there (``incremental``), or merges
    (``merging``).
    """
    count = 5
    before: dict[str, str] = {}
    if kind != "first":
        write_version(folder, 0, range(count))
        qtsearch.reindex(folder, index)
        for commit in range(1, 4 if kind == "merging" else 1):
            count += 1
            write_version(folder, commit, range(count - 1, count))
            qtsearch.reindex(folder, index)
        before = titles(index)
    write_version(folder, 7, range(2, count + 2))
    (folder / "0.md").unlink(missing_ok=True)
    after = {path.name: f"Article {path.stem} version 7" for path in folder.iterdir()}
    if (folder / "1.md").exists():
        after["1.md"] = before.get("1.md", "Article 1 version 7")
    return before, after


def indexed(index: Path) -> dict[str, str]:
    """Return the titles in an index that must be sound; none without an index."""
    try:
        found = titles(index)
    except qtsearch.IndexMissing:
        return {}
    assert qtsearch.check(index=index, verify=True).index_problems == ()
    return found


def needed_names(index: Path) -> set[str]:
    """Return the names of the files that the last commit needs."""
    generation = last_generation(index)
    state = CommitState.read(index, generation)
    return {toc_name(generation), state_name(generation), *state.file_names()}


def own_names(index: Path) -> set[str]:
    """Return the names of all files of the index, needed or not."""
    return {path.name for path in index.iterdir() if is_own_name(path.name)}

"""Folders of articles for tests."""

from __future__ import annotations

import os
import time
from pathlib import Path

import yaml

SEEDS = Path(__file__).parent.parent / "seeds"
_ages = iter(range(10**9))


def write_article(folder: Path, name: str, **fields: object) -> Path:
    """Write an article file; what is not given gets a value. None leaves a field out."""
    given = {"id": None, "title": f"Title of {name}", "answer": f"Answer of {name}.", **fields}
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({key: value for key, value in given.items() if value is not None}, allow_unicode=True)
    path.write_text(f"---\n{text}---\n\n&nbsp;", encoding="utf-8")
    # Old enough that its time of change can be trusted, and never twice the same.
    moment = time.time() - 86_400 - next(_ages)
    os.utime(path, (moment, moment))
    return path


def titles(index_folder: Path) -> dict[str, str]:
    """Return the title of every indexed article, by path."""
    from qtsearch.engines import store_at

    return {article.path: article.title for article in store_at(index_folder).open().articles()}

"""Tables, JSON files, and the passage of the README that a benchmark writes itself."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RUNS = HERE / "runs"
README = HERE / "README.md"

_PACKAGES = ("qtsearch", "whoosh3", "tantivy", "bm25s", "numpy", "PyStemmer", "python-frontmatter")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; every column but the first is aligned to the right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *rows))


def circumstances() -> list[str]:
    """Return when, on what machine and with which versions this run was made, a few lines."""
    system = f"{platform.system()} {platform.release()}"
    memory = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB of memory"
    machine = f"{_processor()}, {os.cpu_count()} cores, {memory}, {system}"
    versions = [f"{name} {_version(name)}" for name in _PACKAGES]
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return [
        f"Date: {datetime.date.today()}",
        f"Machine: {machine}",
        f"Versions: {python}, {', '.join(versions)}",
    ]


def save(kind: str, data: dict[str, Any]) -> Path:
    """Write a run's figures as JSON to ``runs/`` and return the file."""
    RUNS.mkdir(exist_ok=True)
    moment = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    path = RUNS / f"{kind}-{moment}.json"
    path.write_text(json.dumps({"circumstances": circumstances(), **data}, indent=1), encoding="utf-8")
    return path


def passage(tables: str, notes: Sequence[str] = ()) -> str:
    """Return what a benchmark prints: its tables, what must be said about them, and the circumstances."""
    return "\n".join([tables, "", *(f"- {line}" for line in (*notes, *circumstances()))])


def write_readme(name: str, text: str, readme: Path = README) -> None:
    """Put a passage between ``<!-- name:begin -->`` and ``<!-- name:end -->``.

    Raises:
        ValueError: the file has no such pair of markers.
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    head, found_begin, rest = readme.read_text(encoding="utf-8").partition(begin)
    _, found_end, tail = rest.partition(end)
    if not (found_begin and found_end):
        raise ValueError(f"{readme} lacks the markers {begin} and {end}; add them where the table should stand")
    readme.write_text(f"{head}{begin}\n\n{text}\n\n{end}{tail}", encoding="utf-8")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()

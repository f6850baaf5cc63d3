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


def publish(
    name: str, tables: str, notes: Sequence[str], figures: dict[str, Any], json_file: Path | None, readme: bool
) -> None:
    """Print a run, keep its figures as JSON, and write it into the README if asked to.

    Args:
        name: of the benchmark; names the JSON file and the markers in the README.
        tables: Markdown.
        notes: lines that must be read with the tables.
        figures: what goes into the JSON file, beside the circumstances.
        json_file: where to; None for a new file in ``runs/``.
        readme: whether to write the tables into the README.
    """
    moment = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    target = json_file or RUNS / f"{name}-{moment}.json"
    target.write_text(json.dumps({"circumstances": circumstances(), **figures}, indent=1), encoding="utf-8")
    text = "\n".join([tables, "", *(f"- {line}" for line in (*notes, *circumstances()))])
    print(text)
    if readme:
        write_readme(name, text)


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

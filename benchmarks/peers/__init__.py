"""The engines to compare, each behind the same narrow class.

All of them index title, page_keywords and answer, stem English words, and store the same fields. The weights of the
three are 2, 1.5 and 1, but for qtsearch, which has its own, 4, 3 and 1. A hit counts as found once its stored fields
are in Python's hands.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from peers.base import Found, Parsed, Peer, parsed
from peers.bm25s import Bm25s
from peers.native import PlainBm25f, Qtsearch
from peers.sqlite import SqliteFts5
from peers.tantivy import Tantivy, TantivyTop
from peers.whoosh import Whoosh

__all__ = ["DISTINCT", "PEERS", "Found", "Parsed", "Peer", "chosen", "disk_bytes", "emptied", "parsed"]

PEERS: dict[str, type[Peer]] = {
    "qtsearch": Qtsearch,
    "plain-bm25f": PlainBm25f,
    "whoosh": Whoosh,
    "sqlite": SqliteFts5,
    "tantivy": Tantivy,
    "tantivy-top": TantivyTop,
    "bm25s": Bm25s,
}

DISTINCT = [key for key in PEERS if key not in ("plain-bm25f", "tantivy-top")]
"""Those that index differently."""


def chosen(keys: Sequence[str]) -> tuple[list[Peer], list[str]]:
    """Return the engines of these keys that are installed, and one note for each that is not."""
    classes = [PEERS[key] for key in keys]
    present = [kind() for kind in classes if kind.version()]
    missing = [f"{kind.name} is not installed and was skipped" for kind in classes if not kind.version()]
    return present, missing + [kind.note for kind in classes if kind.note and kind.version()]


def emptied(folder: Path) -> Path:
    """Return the folder, made new and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def disk_bytes(folder: Path) -> int:
    """Return the size of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

"""Files that no commit needs: those of replaced commits, and those of writers that died or failed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from qtsearch.engines.whoosh import durable
from qtsearch.engines.whoosh.state import SegmentInfo, generation_of, is_own_name, state_name, toc_name


def remove_leftovers(folder: Path, generation: int, segments: Sequence[SegmentInfo]) -> None:
    """Remove every file of an index that one commit does not need; other files are left alone.

    A file that cannot be removed stays for the next writer: it takes up room, and nothing else.

    Args:
        folder: the index folder.
        generation: the commit to keep, -1 for none.
        segments: its segments.
    """
    needed = {toc_name(generation), state_name(generation)}
    ids = {info.segment_id for info in segments}
    with contextlib.suppress(OSError):
        names = [name for name in (path.name for path in folder.iterdir()) if is_own_name(name) and name not in needed]
        leftovers = [name for name in names if name.partition(".")[0] not in ids]
        # Tables of contents first: a reader that misses a file, and still finds the commit listed, knows of damage.
        for name in sorted(leftovers, key=lambda name: generation_of(name) is None):
            with contextlib.suppress(OSError):
                durable.disk.remove(folder / name)

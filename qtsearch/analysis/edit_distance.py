"""How far two words are apart."""

from __future__ import annotations


def edit_distance(a: str, b: str) -> int:
    """Return how many edits turn one word into the other.

    An edit inserts, deletes or replaces one letter or swaps two neighbours, no place twice (optimal string alignment,
    F. Damerau, CACM 7, 1964).
    """
    return _distance(a, b, len(a) + len(b))


def within_distance(a: str, b: str, limit: int) -> bool:
    """Return ``edit_distance(a, b) <= limit``, giving up as soon as that cannot be."""
    return abs(len(a) - len(b)) <= limit and _distance(a, b, limit) <= limit


def _distance(a: str, b: str, limit: int) -> int:
    """Return the distance, or some number above the limit if it is above that."""
    older: list[int] = []
    row = list(range(len(b) + 1))
    before: list[int] = []
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            edits = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                edits = min(edits, older[j - 2] + 1)
            row.append(edits)
        # A swap builds on the row before the last, so both must be past the limit.
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return row[-1]

"""Which segments to make one of, so that there are never many and no commit has much to do.

Segments are sorted into tiers by size, each tier 16 times as large as the one before. Four segments of a tier are
merged into one, which belongs to the next tier or soon will. So n documents lie in at most 3 segments a tier, 15 for a
million, and a document is rewritten a few times a tier. A segment that is half deleted is rewritten without that half.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

TIER: Final = 16
MOST_A_TIER: Final = 3


class Size(NamedTuple):
    """How many documents a segment has, and how many of them are not deleted."""

    all: int
    live: int


def to_merge(sizes: Sequence[Size]) -> list[list[int]]:
    """Return groups of indices of segments to be merged, each into one segment; most often none."""
    halves = [index for index, size in enumerate(sizes) if size.live * 2 <= size.all]
    tiers: dict[int, list[list[int]]] = {}
    for index in sorted(set(range(len(sizes))) - set(halves)):
        tiers.setdefault(_tier(sizes[index].live), []).append([index])
    for tier in range(max(tiers, default=-1) + 1):
        members = tiers.get(tier, [])
        if len(members) > MOST_A_TIER:
            # What becomes of them may be one too many for the next tier.
            del tiers[tier]
            together = sorted(index for group in members for index in group)
            tiers.setdefault(_tier(sum(sizes[index].live for index in together)), []).append(together)
    return [[index] for index in halves] + [group for groups in tiers.values() for group in groups if len(group) > 1]


def _tier(documents: int) -> int:
    tier = 0
    while documents >= TIER:
        documents //= TIER
        tier += 1
    return tier

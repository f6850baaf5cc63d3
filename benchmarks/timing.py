"""Measuring in turns: A B C, A B C, so that a slow moment of the machine strikes every contestant alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Seconds = float


class Summary(NamedTuple):
    """Median and 95th percentile, both in milliseconds."""

    median: float
    p95: float


def timed(action: Callable[[], object]) -> Seconds:
    """Return how long one call takes; no garbage of earlier calls is collected on its time."""
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def interleaved(
    contestants: Mapping[str, Callable[[], list[Seconds]]], rounds: int, budget: Seconds = float("inf")
) -> dict[str, list[list[Seconds]]]:
    """Let each contestant measure itself once a round.

    Args:
        contestants: by name, what measures one round and returns its samples.
        rounds: how many rounds, at least one.
        budget: a contestant that has used up this much time sits out the rest.

    Returns:
        By name, the samples of each round taken part in.
    """
    results: dict[str, list[list[Seconds]]] = {name: [] for name in contestants}
    for _ in range(max(1, rounds)):
        for name, measure in contestants.items():
            if sum(map(sum, results[name])) < budget:
                results[name].append(measure())
    return results


def median(rounds: Sequence[Sequence[Seconds]]) -> Seconds:
    """Return the median of all samples of all rounds."""
    return statistics.median(sample for samples in rounds for sample in samples)


def summary(samples: Sequence[Sequence[Seconds]]) -> Summary:
    """Summarise queries measured in several rounds.

    The value of a query is its median over the rounds, without what other processes did. Median and 95th
    percentile are then taken over the queries, and speak of easy and hard ones.

    Args:
        samples: for each round the seconds of each query, in the same order.
    """
    values = sorted(statistics.median(rounds) * 1000 for rounds in zip(*samples, strict=True))
    rank = -(-95 * len(values) // 100)  # nearest rank
    return Summary(statistics.median(values), values[rank - 1])

"""Is one run better than another? A paired test over the topics."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from qtsearch.evaluation.measures import MEASURES, Evaluated
from qtsearch.values import dataclass

SAMPLES: Final = 20_000
"""Random assignments that are tried; a p-value of 0.05 is then known to within 0.003."""

_SEED: Final = 20_070
_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs by one measure.

    Attributes:
        measure: its name.
        first, second: the mean of each run over the topics of both.
        better, worse, equal: topics in which the second run is so.
        p_value: how likely a difference of this size or larger is if the runs were equally good.
    """

    measure: str
    first: float
    second: float
    better: int
    worse: int
    equal: int
    p_value: float


def compare(first: Evaluated, second: Evaluated) -> tuple[Comparison, ...]:
    """Return a comparison for each measure, over the topics that both evaluated."""
    shared = [topic for topic in first.topics if topic in second.topics]
    found = []
    for measure in MEASURES:
        a = np.array([first.topics[topic][measure] for topic in shared])
        b = np.array([second.topics[topic][measure] for topic in shared])
        found.append(_compared(measure, a, b))
    return tuple(found)


def _compared(measure: str, a: NDArray[np.float64], b: NDArray[np.float64]) -> Comparison:
    # What differs by less than rounding is equal.
    differences = np.where(np.isclose(a, b, rtol=0.0, atol=1e-12), 0.0, b - a)
    means = (float(a.mean()), float(b.mean())) if len(a) else (0.0, 0.0)
    better, worse = int((differences > 0).sum()), int((differences < 0).sum())
    equal = len(differences) - better - worse
    return Comparison(measure, *means, better, worse, equal, randomization_test(differences))


def randomization_test(differences: NDArray[np.float64]) -> float:
    """Return the two-sided p-value of Fisher's randomization test.

    Smucker, Allan and Carterette, A comparison of statistical significance tests for information retrieval evaluation
    (CIKM 2007): if the runs were equally good, each difference could as well have the other sign. The share of random
    signs that give at least the difference found, itself counted among them, so it is never 0. The seed is fixed:
    the same runs give the same value.

    Args:
        differences: one for each topic.
    """
    differing = differences[differences != 0.0]
    if len(differing) == 0:
        return 1.0
    # A hair less, so that the same sum in another order still counts as reached.
    reached = abs(float(differing.sum())) * (1.0 - 1e-9)
    random = np.random.default_rng(_SEED)
    extreme = 0
    for _ in range(SAMPLES // _BATCH):
        signs = random.integers(0, 2, (_BATCH, len(differing))) * 2.0 - 1.0
        extreme += int((np.abs(signs @ differing) >= reached).sum())
    return (extreme + 1) / (SAMPLES + 1)

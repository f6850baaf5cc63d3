"""The paired comparison of two runs."""

from itertools import product

import numpy as np
import pytest

from qtsearch.evaluation.comparison import compare, randomization_test
from qtsearch.evaluation.measures import MEASURES, Evaluated


@pytest.mark.parametrize(
    "differences", [[0.1], [0.5, -0.5], [0.3, 0.2, 0.1, 0.0], [0.4, 0.3, -0.2, 0.1, 0.1, 0.6], [0.1] * 8]
)
def test_the_p_value_is_near_that_of_all_signs(differences):
    nonzero = [d for d in differences if d]
    reached = abs(sum(nonzero)) - 1e-9
    sums = [
        abs(sum(s * d for s, d in zip(signs, nonzero, strict=True))) for signs in product((1, -1), repeat=len(nonzero))
    ]
    exact = sum(total >= reached for total in sums) / len(sums)
    assert randomization_test(np.array(differences)) == pytest.approx(exact, abs=0.015)


def test_no_difference_is_no_evidence():
    assert randomization_test(np.zeros(5)) == 1.0
    assert randomization_test(np.zeros(0)) == 1.0


def test_however_clear_a_difference_is_the_p_value_is_not_zero():
    assert randomization_test(np.full(60, 0.1)) == 1 / 20_001


def test_the_same_runs_give_the_same_value():
    differences = np.array([0.1, -0.2, 0.3, 0.25, 0.11])
    assert randomization_test(differences) == randomization_test(differences)


def test_topics_of_both_runs_are_compared_pair_by_pair():
    def rows(values):
        return Evaluated({topic: dict.fromkeys(MEASURES, value) for topic, value in values.items()})

    found = compare(
        rows({"1": 0.5, "2": 0.3, "3": 0.1, "4": 1.0}), rows({"1": 0.7, "2": 0.3 + 1e-15, "3": 0.0, "5": 1.0})
    )
    assert [one.measure for one in found] == list(MEASURES)
    for one in found:
        assert (one.better, one.worse, one.equal) == (1, 1, 1)
        assert (one.first, one.second) == pytest.approx((0.3, 1.0 / 3))
        assert 0.0 < one.p_value <= 1.0


def test_runs_without_a_shared_topic_compare_as_equal():
    (first, *_) = compare(Evaluated({}), Evaluated({}))
    assert (first.first, first.second, first.better, first.p_value) == (0.0, 0.0, 0, 1.0)

"""The measures, against their definitions written out."""

import builtins
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.errors import RequestError
from qtsearch.evaluation.measures import MEASURES, evaluate

documents = [f"d{n}" for n in range(14)]
rankings = st.lists(st.sampled_from(documents), unique=True)
judgements = st.dictionaries(st.sampled_from(documents), st.integers(0, 1))


def by_definition(grades, ranking):
    relevant = {document for document, grade in grades.items() if grade > 0}
    hits = [document in relevant for document in ranking]
    gains = sum(hit / math.log2(place + 2) for place, hit in enumerate(hits[:10]))
    ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(relevant))))
    first = next((1 / place for place, hit in enumerate(hits[:10], 1) if hit), 0.0)
    precisions = sum(sum(hits[:place]) / place for place, hit in enumerate(hits, 1) if hit)
    return {
        "nDCG@10": gains / ideal,
        "RR@10": first,
        "AP": precisions / len(relevant),
        "P@1": float(hits[0]) if hits else 0.0,
        "R@100": sum(hits[:100]) / len(relevant),
    }


@given(st.dictionaries(st.sampled_from("abc"), st.tuples(judgements, rankings), max_size=3))
def test_measures_equal_their_definitions(topics):
    pytest.importorskip("ir_measures")
    qrels = {topic: grades for topic, (grades, _) in topics.items()}
    # Equal scores on purpose: the order in which documents stand decides.
    run = {topic: dict.fromkeys(ranking, 1.0) for topic, (_, ranking) in topics.items()}
    found = evaluate(qrels, run)
    expected = {t: by_definition(grades, ranking) for t, (grades, ranking) in topics.items() if any(grades.values())}
    assert list(found.topics) == list(expected)
    for topic, row in expected.items():
        assert found.topics[topic] == pytest.approx(row, abs=1e-6)


def test_means_are_over_topics_that_can_be_answered():
    pytest.importorskip("ir_measures")
    qrels = {"1": {"a": 1}, "2": {"a": 1}, "3": {"a": 0}}
    found = evaluate(qrels, {"1": {"a": 1.0}, "4": {"a": 1.0}})
    assert found.means() == dict.fromkeys(MEASURES, 0.5)


def test_no_topics_give_zero():
    pytest.importorskip("ir_measures")
    assert evaluate({}, {}).means() == dict.fromkeys(MEASURES, 0.0)


def test_a_missing_package_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "ir_measures":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RequestError, match="pip install ir-measures"):
        evaluate({"1": {"a": 1}}, {})

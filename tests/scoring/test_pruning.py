"""Pruning changes how long a search takes, never what it finds."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qtsearch.query import tree
from qtsearch.scoring import evaluation, pruning
from qtsearch.scoring.bm25f import Weighting
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.top_k import lower_bound, top_k
from tests.oracle import Document, MemorySegment

WORDS = ["liver", "cancer", "hcc", "il", "6", "type", "therapy", "of"]


@pytest.fixture(autouse=True, params=[0, pruning.WORTH_PRUNING], ids=["pruning", "in one go"])
def worth_pruning(request, monkeypatch):
    monkeypatch.setattr(pruning, "WORTH_PRUNING", request.param)


def random_documents(seed, number):
    """Return documents in which some words are common and others rare."""
    rng = np.random.default_rng(seed)
    odds = 1.0 / np.arange(1, len(WORDS) + 1) ** 2
    for _ in range(number):
        lengths = rng.integers(0, 8, 3)
        texts = [" ".join(rng.choice(WORDS, length, p=odds / odds.sum())) for length in lengths]
        yield Document(*texts, deleted=bool(rng.random() < 0.1))


leaves = st.one_of(
    st.builds(tree.Words, st.sampled_from([*WORDS, "il-6", "zzz"])),
    st.builds(tree.Phrase, st.sampled_from(["liver cancer", "of liver"]), st.integers(0, 2)),
    st.builds(tree.Prefix, st.sampled_from(["t", "l"])),
)
others = st.builds(tree.Alternatives, leaves, st.tuples(st.builds(tree.Words, st.sampled_from(WORDS))), st.just(0.6))
both = st.builds(lambda a, b: tree.And((a, b)), leaves, leaves)
excluded = st.builds(tree.Not, leaves)
boosted = leaves | others | both | excluded | st.builds(tree.Boost, leaves, st.sampled_from([0.0, 0.5, 3.0]))


def assert_best_of_all(evaluator, root, k):
    everything = evaluator.evaluate(root)
    found = pruning.best(evaluator, root, k)
    assert np.array_equal(found.matched.mask, everything.matched)
    assert found.matched.count == np.count_nonzero(everything.matched)
    expected = top_k(everything.scores, everything.matched, k)
    assert found.scores.tolist() == pytest.approx(everything.scores[expected].tolist())
    assert everything.scores[found.docnums].tolist() == pytest.approx(found.scores.tolist())
    assert found.matched.mask[found.docnums].all()
    assert len(set(found.docnums.tolist())) == len(found.docnums)


@given(st.integers(0, 10_000), st.integers(1, 400), st.lists(boosted, min_size=1, max_size=6), st.integers(0, 12))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_best_are_the_best_of_all(seed, number, children, k):
    documents = list(random_documents(seed, number))
    segments = [MemorySegment(documents[: number // 3]), MemorySegment(documents[number // 3 :])]
    evaluator = Evaluator(Collection(segments), Weighting(), None)
    assert_best_of_all(evaluator, tree.Or(tuple(children)), k)


required = st.lists(leaves, min_size=2, max_size=3).map(lambda nodes: tree.And(tuple(nodes)))
optional = boosted | st.lists(boosted, min_size=2, max_size=3).map(lambda nodes: tree.Or(tuple(nodes)))


@given(
    st.integers(0, 10_000),
    st.integers(0, 100),
    boosted | required | st.builds(tree.Preferring, required | leaves, optional),
    st.integers(0, 12),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_so_are_those_of_other_trees(seed, number, root, k):
    documents = list(random_documents(seed, number))
    evaluator = Evaluator(Collection([MemorySegment(documents)]), Weighting(), None)
    assert_best_of_all(evaluator, root, k)


@given(st.lists(st.floats(0.0, 10.0), max_size=500), st.integers(0, 12))
def test_k_documents_reach_the_lower_bound(scores, k):
    bound = lower_bound(np.array(scores), k)
    assert bound == 0.0 or sum(score >= bound for score in scores) >= k


@given(st.integers(0, 10_000), st.lists(boosted, min_size=2, max_size=8), st.integers(1, 12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scores_do_not_depend_on_what_is_remembered(seed, children, k):
    segments = [MemorySegment(list(random_documents(seed, 60)))]
    root = tree.Or((*children, *children))
    with pytest.MonkeyPatch.context() as patch:
        remembering = pruning.best(Evaluator(Collection(segments), Weighting(), None), root, k)
        patch.setattr(evaluation, "MEMORY", 0)
        forgetting = pruning.best(Evaluator(Collection(segments), Weighting(), None), root, k)
    assert remembering.docnums.tolist() == forgetting.docnums.tolist()
    assert remembering.scores.tolist() == forgetting.scores.tolist()

"""Array evaluation gives what looking at every document gives."""

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtsearch.query import tree
from qtsearch.scoring import evaluation
from qtsearch.scoring.bm25f import FieldWeighting, Weighting
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.phrases import phrase_postings
from qtsearch.scoring.top_k import top_k
from tests.oracle import Document, MemoryField, MemorySegment, Oracle, column_filter, phrase_count

WORDS = ["liver", "livers", "cancer", "hcc", "il", "6", "type", "1", "2", "therapy", "therapies", "of", "b"]
texts = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
documents = st.builds(
    Document,
    title=texts,
    page_keywords=texts,
    answer=texts,
    columns=st.sampled_from([{}, {"subject": "Medicine"}, {"subject": "Health"}]),
    day=st.integers(0, 3),
    deleted=st.booleans(),
)
fields = st.sampled_from([(), ("title",), ("title", "answer")])
days = st.none() | st.integers(1, 3).map(datetime.date.fromordinal)
leaves = st.one_of(
    st.builds(tree.Words, st.sampled_from([*WORDS, "il-6", "hcc2", "??"]), fields),
    st.builds(tree.Phrase, texts, st.integers(0, 3), fields),
    st.builds(tree.Prefix, st.sampled_from(["l", "ther", "x"]), fields),
    st.builds(tree.Wildcard, st.sampled_from(["*er*", "l?ver", "t*s", "*", "??", "*e*s", "l*e?s", "*i*e*r*"]), fields),
    st.builds(tree.Fuzzy, st.sampled_from(["livre", "cancr", "hcc"]), st.integers(1, 2), fields),
    st.builds(tree.Match, st.just("subject"), st.sampled_from(["medicine", "None"])),
    st.builds(tree.DateRange, days, days),
    st.just(tree.MatchAll()),
    st.just(tree.MatchNone()),
)
words_or_phrases = st.builds(tree.Words, st.sampled_from(WORDS)) | st.builds(tree.Phrase, texts, st.integers(0, 1))
trees = st.recursive(
    leaves,
    lambda node: st.one_of(
        st.lists(node, min_size=1, max_size=3).map(lambda nodes: tree.And(tuple(nodes))),
        st.lists(node, min_size=1, max_size=3).map(lambda nodes: tree.Or(tuple(nodes))),
        st.builds(tree.Not, node),
        st.builds(tree.Preferring, node, node),
        st.builds(tree.Alternatives, node, st.tuples(words_or_phrases), st.sampled_from([0.3, 0.7])),
        st.builds(tree.Alternatives, node, st.tuples(words_or_phrases, words_or_phrases), st.just(0.5)),
        st.builds(tree.Boost, node, st.sampled_from([0.0, 0.5, 2.0])),
    ),
    max_leaves=6,
)
WEIGHTING = Weighting(
    k1=0.9,
    fields={
        "title": FieldWeighting(2.0, 0.3),
        "page_keywords": FieldWeighting(1.5, 1.0),
        "answer": FieldWeighting(1.0, 0.0),
    },
)


@given(st.lists(st.lists(documents, max_size=4), max_size=3), trees, st.sampled_from([0.001, 8, 1000]))
@settings(max_examples=400)
def test_evaluation_equals_the_oracle(segments, root, many):
    everything = [document for segment in segments for document in segment]
    collection = Collection([MemorySegment(segment) for segment in segments])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "_MANY", many)  # few documents would always be joined in one way
        found = Evaluator(collection, WEIGHTING, column_filter(everything)).evaluate(root)
    expected = Oracle(everything, WEIGHTING).evaluate(root)
    assert np.flatnonzero(found.matched).tolist() == sorted(expected)
    assert found.scores.tolist() == pytest.approx([expected.get(n, 0.0) for n in range(len(everything))])


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["title", "page_keywords", "answer"]))
def test_another_name_counts_for_less_than_what_was_typed_however_rare_it_is(typed, other, field):
    blank = {"title": "", "page_keywords": "", "answer": ""}
    everything = [Document(**{**blank, field: f"{name} x"}) for name in ["mi"] * typed + ["infarction"] * other]
    evaluator = Evaluator(Collection([MemorySegment(everything)]), WEIGHTING, column_filter(everything))
    root = tree.Alternatives(tree.Words("mi"), (tree.Words("infarction"),), 0.6)
    scores = evaluator.evaluate(root).scores.tolist()
    assert 0.0 < max(scores[typed:]) <= 0.6 * min(scores[:typed]) * 1.000001


@given(
    st.lists(st.lists(st.sampled_from("abc"), max_size=12), min_size=1, max_size=4),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4),
    st.integers(0, 4),
)
def test_phrases_equal_trying_every_combination(rows, wanted, slop):
    found = phrase_postings(MemoryField(rows), [term.encode() for term in wanted], slop)
    expected = {n: count for n, row in enumerate(rows) if (count := phrase_count(row, wanted, slop))}
    assert (dict(zip(*map(np.ndarray.tolist, found), strict=True)) if found else {}) == expected


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.booleans()), max_size=400), st.integers(0, 12))
def test_top_k_equals_sorting(rows, k):
    scores = np.array([score * matched for score, matched in rows])
    matched = np.array([matched for _, matched in rows], np.bool_)
    expected = sorted(np.flatnonzero(matched).tolist(), key=lambda docnum: (-scores[docnum], docnum))[:k]
    assert top_k(scores, matched, k).tolist() == expected

"""Contributions add up to the score of the array evaluation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.query import tree
from qtsearch.query.language import parse
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.explanation import contributions
from tests.oracle import Document, MemorySegment, column_filter
from tests.scoring.test_evaluation import WEIGHTING, documents, trees


def evaluator_of(segments):
    everything = [document for segment in segments for document in segment]
    return Evaluator(Collection([MemorySegment(segment) for segment in segments]), WEIGHTING, column_filter(everything))


@given(st.lists(st.lists(documents, max_size=4), max_size=2), trees)
def test_contributions_add_up_to_the_score(segments, root):
    evaluator = evaluator_of(segments)
    found = evaluator.evaluate(root)
    docnums = np.flatnonzero(found.matched)
    for docnum, parts in zip(docnums.tolist(), contributions(evaluator, root, docnums), strict=True):
        assert sum(part.score for part in parts) == pytest.approx(found.scores[docnum])
        assert all(part.frequency > 0.0 for part in parts)


def test_each_field_and_each_word_is_named():
    evaluator = evaluator_of([[Document("liver cancer", "liver", "about a liver"), Document("other")]])
    (parts,) = contributions(evaluator, parse("liver cancer").root, np.array([0]))
    named = [(part.leaf.text, part.field) for part in parts]
    assert named == [
        ("liver", "title"),
        ("liver", "page_keywords"),
        ("liver", "answer"),
        ("cancer", "title"),
    ]


def test_of_other_names_the_best_counts():
    evaluator = evaluator_of([[Document("hcc"), Document("carcinoma carcinoma"), Document("x")]])
    root = tree.Alternatives(tree.Words("hcc"), (tree.Words("carcinoma"),), 0.5)
    # In any order, as hits stand in that of their scores.
    found = contributions(evaluator, root, np.array([1, 0]))
    for docnum, name, (part,) in zip((1, 0), ("carcinoma", "hcc"), found, strict=True):
        assert part.leaf == tree.Words(name)
        assert part.score == pytest.approx(evaluator.evaluate(root).scores[docnum])

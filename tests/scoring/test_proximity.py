"""Pairs of neighbouring words: which there are, and that they change no result set."""

import numpy as np
import pytest
from hypothesis import given, settings

from qtsearch.query import tree
from qtsearch.query.language import parse
from qtsearch.query.tree import Alternatives, Boost, Or, Phrase, Preferring, Words
from qtsearch.scoring.bm25f import Weighting
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.proximity import MAX_PAIRS, PAIR_SLOP, pairs, with_proximity
from tests.oracle import MemorySegment, column_filter
from tests.scoring.test_evaluation import documents, st, trees

BOTH = ("title", "page_keywords")


def texts(root):
    return [phrase.text for phrase in pairs(root)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("liver", []),
        ("liver cancer", ["liver cancer"]),
        ("treatment of liver cancer", ["treatment liver", "liver cancer"]),
        ("IL-6 receptor", ["IL-6 receptor"]),
        ("liver Livers cancer", ["Livers cancer"]),
        ("liver cancer liver cancer", ["liver cancer", "cancer liver"]),
        ('liver "cell death" cancer', []),
        ("liver^2 cancer", ["liver cancer"]),
        ("answer:liver cancer", []),
        ("liver cancer -hepatitis b", ["liver cancer", "cancer b"]),
        ("+liver cancer therapy", ["cancer therapy"]),
    ],
)
def test_pairs_of_a_query(query, expected):
    assert texts(parse(query).root) == expected


def test_pairs_look_where_both_words_look():
    words = Or((Words("liver", ("title", "answer")), Words("cancer"), Words("cell", ("page_keywords",))))
    assert pairs(words) == [
        Phrase("liver cancer", PAIR_SLOP, ("title",)),
        Phrase("cancer cell", PAIR_SLOP, ("page_keywords",)),
    ]


def test_pairs_are_of_what_was_typed_not_of_other_names():
    exact = Or((Words("liver"), Words("cancer")))
    root = Or(
        (Words("new"), Alternatives(exact, (Words("HCC"),), 0.5), Alternatives(Words("drug"), (Words("x"),), 0.5))
    )
    assert texts(root) == ["new liver", "liver cancer", "cancer drug"]


def test_a_pasted_text_has_a_bounded_number_of_pairs():
    assert len(pairs(parse(" ".join(f"word{chr(97 + n % 26)}{n}" for n in range(200))).root)) == MAX_PAIRS


def test_a_disjunction_stays_one_and_other_trees_stay_as_they_are_inside():
    root = parse("liver cancer").root
    pair = Boost(Phrase("liver cancer", PAIR_SLOP, BOTH), 0.2)
    assert with_proximity(root) == Or((*root.children, pair))
    required = tree.And(root.children)
    assert with_proximity(required) == Preferring(required, pair)
    assert with_proximity(Words("liver")) == Words("liver")


@given(st.lists(documents, max_size=5), trees)
@settings(deadline=None)
def test_the_same_documents_match_and_none_scores_less(everything, root):
    evaluator = Evaluator(Collection([MemorySegment(everything)]), Weighting(), column_filter(everything))
    plain, close = evaluator.evaluate(root), evaluator.evaluate(with_proximity(root))
    assert np.array_equal(plain.matched, close.matched)
    assert (close.scores >= plain.scores - 1e-12).all()

"""Pairs of neighbouring words: which there are, and what they add, against a loop over places."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtsearch.analysis.analyzer import terms
from qtsearch.query.language import parse
from qtsearch.query.tree import Alternatives, Or, Phrase, Words
from qtsearch.scoring.bm25f import Weighting, idf
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.proximity import MAX_PAIRS, PAIR_FIELDS, PAIR_SLOP, PAIR_WEIGHT, Pair, closeness, pairs_of
from qtsearch.scoring.signature import SIGNATURE_WORDS
from tests.oracle import Document, MemorySegment, Oracle, column_filter, headings_of
from tests.scoring.test_evaluation import WORDS, documents


def texts(root):
    return [pair.phrase.text for pair in pairs_of(root)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("liver", []),
        ("liver cancer", ["liver cancer"]),
        ("treatment of liver cancer", ["treatment liver", "liver cancer"]),
        ("IL-6 receptor", ["IL-6 receptor"]),
        ("liver Livers cancer", ["Livers cancer"]),
        ("liver cancer liver cancer", ["liver cancer", "cancer liver"]),
        ("liver cancer livers cancers", ["liver cancer", "cancer livers"]),
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
    assert [pair.phrase for pair in pairs_of(words)] == [
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
    assert len(pairs_of(parse(" ".join(f"word{chr(97 + n % 26)}{n}" for n in range(200))).root)) == MAX_PAIRS


def evaluator_of(everything):
    return Evaluator(Collection([MemorySegment(everything)]), Weighting(), column_filter(everything))


words = st.sampled_from([*WORDS, "il-6", "absent"]).map(Words)
fields = st.sampled_from([("title",), ("page_keywords",), PAIR_FIELDS])


def pair_of(first, second, where):
    return Pair(first, second, (terms(first.text)[-1], terms(second.text)[0]), where)


pairs = st.lists(st.builds(pair_of, words, words, fields), max_size=6, unique_by=lambda pair: pair.terms)


@given(st.lists(documents, max_size=6), pairs)
@settings(max_examples=300)
def test_closeness_equals_the_oracle(everything, wanted):
    live = [document for document in everything if not document.deleted]
    oracle = Oracle(live, Weighting())
    found = closeness(evaluator_of(live), wanted, np.arange(len(live)), headings_of(live))
    assert found.scores.tolist() == pytest.approx(
        [sum(oracle.pair_score(pair, document) for pair in wanted) for document in live]
    )


def test_between_two_fields_and_beyond_a_few_words_there_is_no_pair():
    near = "liver " + "x " * PAIR_SLOP + "cancer"
    far = "liver " + "x " * (PAIR_SLOP + 1) + "cancer"
    everything = [
        Document(near),
        Document("", near),
        Document(far, far, near),
        Document("liver", "cancer"),
        Document("the liver", ""),
        Document("cancer"),
        Document("cancer liver"),
    ]
    evaluator = evaluator_of(everything)
    found = closeness(evaluator, pairs_of(parse("liver cancer").root), np.arange(7), headings_of(everything))
    assert (found.scores > 0.0).tolist() == [True, True, False, False, False, False, False]
    assert found.weights.tolist() == [PAIR_WEIGHT * idf(6, 7)]


def test_no_pair_is_named_where_no_document_holds_any():
    everything = [Document("liver disease", "cancer"), Document("cancer liver")]
    found = closeness(
        evaluator_of(everything), pairs_of(parse("liver cancer").root), np.arange(2), headings_of(everything)
    )
    assert (found.pairs, found.scores.tolist()) == ((), [0.0, 0.0])
    assert found.frequencies.shape == (0, 2, len(PAIR_FIELDS))


def test_what_stands_late_in_a_huge_title_is_not_looked_at():
    title = "x " * (SIGNATURE_WORDS - 1) + "liver cancer"
    everything = [Document(title), Document(title.removeprefix("x "))]
    found = closeness(
        evaluator_of(everything),
        pairs_of(parse("liver cancer").root),
        np.arange(2),
        headings_of(everything),
    )
    assert (found.scores > 0.0).tolist() == [False, True]


def test_of_no_pairs_and_no_documents_nothing_is_made():
    evaluator = evaluator_of([Document("liver cancer")])
    for query, docnums in (("liver", [0]), ("liver absent", [0]), ("liver cancer", [])):
        headings = headings_of([Document("liver cancer") for _ in docnums])
        found = closeness(evaluator, pairs_of(parse(query).root), np.array(docnums, np.int64), headings)
        assert found.scores.tolist() == [0.0] * len(docnums)


def test_a_pair_in_both_fields_counts_as_much_as_one_frequency_in_both():
    everything = [Document("liver cancer", "liver cancer"), Document("liver cancer"), Document("", "liver cancer")]
    evaluator = evaluator_of(everything)
    found = closeness(evaluator, pairs_of(parse("liver cancer").root), np.arange(3), headings_of(everything))
    both, title, keywords = found.scores.tolist()
    assert max(title, keywords) < both < title + keywords

"""Signatures, likeness and borrowed scores, against loops over everything."""

import math
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.scoring import signature as module
from qtsearch.scoring.neighbours import borrowed, likenesses
from qtsearch.scoring.signature import (
    FIELD_END,
    ONCE_MORE,
    SIGNATURE_FORM,
    SIGNATURE_WORDS,
    batch_headings,
    batch_signatures,
    heading,
    joined,
    signature,
    term_number,
    term_numbers,
)

TERMS = [f"word{number}" for number in range(8)]
term_lists = st.lists(st.lists(st.sampled_from(TERMS), max_size=6), max_size=7)


def signatures_of(lists):
    """Return signatures of articles with stop words between the terms, which must not count."""
    return joined([signature(terms[:2], ["the"], ["of", *terms[2:]]) for terms in lists])


def read(data):
    return np.frombuffer(data, SIGNATURE_FORM).tolist()


def weights_of(lists):
    count = len(lists)
    doc_freqs = Counter(term for numbers in lists for term in set(numbers))
    rows = []
    for numbers in lists:
        row = {}
        for term, freq in Counter(numbers).items():
            idf = math.log(1 + (count - doc_freqs[term] + 0.5) / (doc_freqs[term] + 0.5))
            row[term] = freq / (freq + 3) * idf
        norm = math.sqrt(sum(weight**2 for weight in row.values()))
        rows.append({term: weight / norm for term, weight in row.items()})
    return rows


@given(term_lists)
def test_likeness_is_the_cosine(lists):
    rows = weights_of(lists)
    found = likenesses(signatures_of(lists))
    assert found.shape == (len(lists), len(lists))
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            if i != j:
                assert found[i, j] == pytest.approx(
                    sum(weight * b.get(term, 0.0) for term, weight in a.items()), abs=0.01
                )


@given(term_lists, st.randoms())
def test_likeness_does_not_depend_on_the_order(lists, random):
    order = random.sample(range(len(lists)), len(lists))
    shuffled = likenesses(signatures_of([lists[place] for place in order]))
    assert np.array_equal(shuffled, likenesses(signatures_of(lists))[np.ix_(order, order)])


likeness_of_five = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=25, max_size=25)


@given(
    st.lists(st.floats(0.0, 100.0), min_size=5, max_size=5),
    likeness_of_five,
    st.integers(0, 6),
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=5, max_size=5),
)
def test_borrowed_scores_are_means_of_the_nearest_that_lack_little(scores, flat, neighbours, coverage):
    likeness = np.array(flat).reshape(5, 5)
    expected = []
    for i in range(5):
        others = sorted((likeness[i, j] for j in range(5) if j != i), reverse=True)
        least = others[:neighbours][-1] if neighbours else np.inf
        near = [j for j in range(5) if j != i and likeness[i, j] >= least]
        weights = {j: likeness[i, j] * coverage[j] ** 0.5 for j in near}
        total = sum(weights.values())
        expected.append(sum(weight * scores[j] for j, weight in weights.items()) / total if total else 0.0)
    found = borrowed(np.array(scores), likeness, neighbours, np.array(coverage))
    assert found.tolist() == pytest.approx(expected)


def test_nobody_borrows_from_himself():
    assert borrowed(np.array([3.0]), np.ones((1, 1)), 1, np.ones(1)).tolist() == [0.0]
    assert borrowed(np.zeros(0), np.zeros((0, 0)), 1, np.zeros(0)).tolist() == []


def test_a_heading_holds_all_words_in_their_order():
    found = read(heading(["what", "is", "liver"], ["liver"]))
    terms = ["what", "is", "liver", None, "liver", None]
    assert found == [FIELD_END if term is None else term_number(term) for term in terms]


def test_a_signature_holds_each_telling_term_once_and_says_how_often_it_was_there():
    found = read(signature(["what", "is", "liver"], ["liver"], ["the", "cell", "liver", "x", "cell", "liver"]))
    assert found == [
        *map(term_number, ["x"]),
        ONCE_MORE,
        term_number("cell"),
        ONCE_MORE,
        ONCE_MORE,
        term_number("liver"),
    ]
    assert read(signature(["b", "c", "d"], [], [])) == sorted(map(term_number, ["b", "c", "d"]))


def test_what_stands_late_does_not_count():
    words = [f"word {n}" for n in range(1000)]
    assert len(read(heading(words, words))) == 2 * (SIGNATURE_WORDS + 1)
    assert read(signature(words, ["x"], ["the"] * SIGNATURE_WORDS + ["late"])) == read(
        signature(words[:SIGNATURE_WORDS], ["x"], [])
    )


def test_an_article_without_telling_terms_has_no_signature():
    assert read(heading([], [])) == [FIELD_END] * 2
    assert signature(["the", "of"], [], []) == b""


def test_a_number_stands_for_a_term_and_never_for_an_end():
    numbers = {term_number(f"word {n}") for n in range(20_000)}
    assert FIELD_END not in numbers
    assert max(numbers) < 2**16
    assert len(numbers) > 16_000


rows_of_words = st.lists(st.sampled_from(["the", "liver", "cancer", "of", "cell", "x"]), max_size=8)


def tokens(rows, vocabulary):
    return SimpleNamespace(
        numbers=np.array([vocabulary.index(word) for row in rows for word in row], np.int32),
        lengths=np.array([len(row) for row in rows], np.int32),
    )


@given(st.lists(st.tuples(rows_of_words, rows_of_words, rows_of_words), max_size=5))
def test_a_batch_has_the_signatures_of_single_articles(articles):
    vocabulary = ["x", "the", "liver", "cell", "of", "cancer"]
    columns = [tokens(rows, vocabulary) for rows in zip(*articles, strict=True)] or [tokens([], vocabulary)] * 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SIGNATURE_WORDS", 5)
        assert batch_headings(term_numbers(vocabulary), *columns[:2]) == [heading(*article[:2]) for article in articles]
        assert batch_signatures(term_numbers(vocabulary), columns) == [signature(*article) for article in articles]

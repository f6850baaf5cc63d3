import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis.edit_distance import edit_distance
from qtsearch.query.word_list import WordList

_words = st.text(alphabet="abcdé😀1", max_size=8)


@given(st.dictionaries(_words, st.integers(1, 9), max_size=30), _words, st.integers(1, 2))
def test_near_words_are_those_of_the_slow_loop(words, word, distance):
    near = dict(WordList(words.items()).within(word, distance))
    slow = {w: freq for w, freq in words.items() if w and edit_distance(word, w) <= distance}
    assert near == (slow if word else {})


@pytest.mark.parametrize(
    ("typed", "distance", "near"),
    [
        ("heart", 1, {"heart", "hearts"}),
        ("hart", 1, {"heart"}),
        ("haert", 1, {"heart"}),
        ("hert", 2, {"heart", "hearts"}),
        ("", 2, set()),
        ("\ud800", 1, set()),
        ("h" * 100_000, 2, set()),
    ],
)
def test_examples(typed, distance, near):
    words = WordList([("heart", 5), ("hearts", 2), ("x" * 50, 1)])
    assert {word for word, _ in words.within(typed, distance)} == near


def test_document_frequencies():
    words = WordList([("heart", 5)])
    assert (len(words), words.doc_freq("heart"), words.doc_freq("hart")) == (1, 5, 0)


def test_no_words():
    assert list(WordList([]).within("heart", 2)) == []

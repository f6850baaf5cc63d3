"""Which words prefixes, wildcards and fuzzy words stand for, against a loop over all words of all segments."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtsearch.analysis.edit_distance import within_distance
from qtsearch.analysis.phonetics import phonetic_key
from qtsearch.query.tree import Fuzzy, Prefix, Wildcard
from qtsearch.scoring import expansions as module
from qtsearch.scoring.expansions import Expansions
from qtsearch.scoring.word_list import LONGEST_WORD
from tests.oracle import Document, MemorySegment, fits

LONG = "lx" + "y" * 44
WORDS = ["liver", "lived", "livers", "river", "cancer", "canser", "cell", "naïve", "β", "l", "li", "12", LONG + "y"]
documents = st.lists(st.sampled_from(WORDS), max_size=6).map(lambda words: Document(answer=" ".join(words)))
leaves = (
    st.sampled_from(["l", "li", "c", "naive", "12", "zz", "beta"]).map(Prefix)
    | st.sampled_from(["*", "*er", "*i*e*", "l*r", "?iver", "li??", "*c", "c*r*", "l*", "*12", "a*"]).map(Wildcard)
    | st.builds(Fuzzy, st.sampled_from(["liver", "cancer", "cel", "l", LONG]), st.sampled_from([1, 2]))
)


def by_hand(segments, leaf, most, postings):
    counts = Counter(word for segment in segments for document in segment for word in document.words())
    found = sorted((word for word in counts if fits(leaf, word)), key=lambda word: (-counts[word], word.encode()))
    kept = []
    for word in found[:most]:
        if sum(counts[each] for each in kept) > postings:
            break
        kept.append(word)
    return [word.encode() for word in kept]


@given(st.lists(st.lists(documents, max_size=5), max_size=3), leaves, st.integers(1, 6), st.integers(0, 20))
@settings(max_examples=300)
def test_the_most_frequent_words_that_fit(segments, leaf, most, postings):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_EXPANSIONS", most)
        patch.setattr(module, "MAX_POSTINGS", postings)
        expansions = Expansions([MemorySegment(segment) for segment in segments])
        # Twice, because words are remembered.
        for _ in range(2):
            assert expansions.of(leaf) == by_hand(segments, leaf, most, postings)


@given(st.lists(st.lists(documents, max_size=5), max_size=3), st.sampled_from(WORDS), st.integers(0, 2))
def test_the_words_that_sound_like_a_key(segments, word, distance):
    expansions = Expansions([MemorySegment(segment) for segment in segments])
    everything = {each for segment in segments for document in segment for each in document.words()}
    key = phonetic_key(word)
    alike = {
        each
        for each in everything
        if within_distance(phonetic_key(each), key, distance) and len(phonetic_key(each)) <= LONGEST_WORD
    }
    for _ in range(2):
        assert expansions.sounding(key, distance) == alike


def test_without_segments_there_are_no_words():
    assert Expansions([]).of(Prefix("a")) == []

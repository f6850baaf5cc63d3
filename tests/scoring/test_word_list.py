"""Words near another one and words that fit a wildcard, against a loop over all and against regular expressions."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.analysis.edit_distance import edit_distance
from qtsearch.scoring.word_list import LONGEST_WORD, WordList

_words = st.text(alphabet="abcdé😀1", min_size=1, max_size=8)
_lists = st.sets(_words, max_size=30).map(lambda words: sorted(words, key=str.encode))
_gaps = st.sampled_from(["*", "?", "**", "?*", "*?", "??", "*?*"])
_patterns = st.lists(_gaps | st.text(alphabet="abé😀.", max_size=2), max_size=7)


def listed(words):
    return WordList.of(word.encode() for word in words)


def spelled(words, ordinals):
    return [words.word(ordinal) for ordinal in ordinals.tolist()]


def ends(count):
    """Slices of so many words."""
    return st.tuples(st.integers(0, count), st.integers(0, count)).map(sorted)


@given(_lists)
def test_the_words_as_lines(words):
    assert listed(words).lines().decode() == "\n".join(words)


@given(_lists, _words | st.just(""), st.integers(1, 2))
def test_near_words_are_those_of_the_slow_loop(words, word, distance):
    near = listed(words).within(word, distance)
    assert near.tolist() == [
        number for number, other in enumerate(words) if word and edit_distance(word, other) <= distance
    ]


def as_text(pattern, words):
    """Return the words that fit, looked for in one text of all: what this was before letters became arrays."""
    parts = [
        "." * piece.count("?") + ".*" * ("*" in piece) if set(piece) <= {"*", "?"} else re.escape(piece)
        for piece in pattern
    ]
    fits = re.compile(f"^{''.join(parts)}$", re.MULTILINE)
    return [match.group() for match in fits.finditer("\n".join(words))] if words else []


@given(_lists, _patterns, st.data())
@example(["a", "aa", "aba", "abcba", "ba"], ["a", "*", "b", "*", "a"], None)
@example(["aé", "a😀b", "éa", "éé"], ["?", "?"], None)
@example(["ababab", "abcab"], ["*", "ab", "*", "ab"], None)
@example(["a", "b"], [], None)
def test_words_that_fit_are_those_of_a_regular_expression(words, pattern, data):
    first, end = (0, len(words)) if data is None else data.draw(ends(len(words)))
    fitting = listed(words).fitting(pattern, first, end)
    expected = as_text(pattern, words[first:end])
    assert spelled(listed(words), fitting) == [word for word in expected if word]
    assert np.all(np.diff(fitting) > 0)


@given(st.integers(1, 300), st.sampled_from(["a", "é"]), _patterns)
def test_few_of_many_words_fit(count, letter, pattern):
    words = sorted({f"{number:b}".replace("1", letter).replace("0", "b") for number in range(count)}, key=str.encode)
    assert spelled(listed(words), listed(words).fitting(pattern)) == [word for word in as_text(pattern, words) if word]


@given(
    st.text(alphabet="abé", min_size=20, max_size=LONGEST_WORD),
    st.lists(st.tuples(st.integers(0, LONGEST_WORD), st.sampled_from(["", "a", "ba", "é"])), max_size=4),
    st.integers(1, 2),
)
@example("ab" * 32, [(63, "")], 1)
@example("ab" * 32, [(0, ""), (63, "")], 2)
def test_long_words(word, edits, distance):
    edited = word
    for place, letters in edits:
        edited = edited[:place] + letters + edited[place + 1 :]
    within = 0 < len(edited) <= LONGEST_WORD and edit_distance(word, edited) <= distance
    assert len(listed([edited] if edited else []).within(word, distance)) == within


@pytest.mark.parametrize(
    ("typed", "distance", "near"),
    [
        ("heart", 1, ["heart", "hearts"]),
        ("hart", 1, ["heart"]),
        ("haert", 1, ["heart"]),
        ("hert", 2, ["heart", "hearts"]),
        ("", 2, []),
        ("\ud800", 1, []),
        ("h" * 100_000, 2, []),
        ("x" * LONGEST_WORD, 2, ["x" * LONGEST_WORD]),
        ("x" * (LONGEST_WORD + 2), 2, ["x" * LONGEST_WORD]),
    ],
)
def test_examples(typed, distance, near):
    words = listed(["heart", "hearts", "x" * LONGEST_WORD, "x" * (LONGEST_WORD + 1)])
    assert spelled(words, words.within(typed, distance)) == near


def test_no_words():
    words = listed([])
    assert (len(words), *map(len, (words.within("heart", 2), words.fitting(["*"])))) == (0,) * 3


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("ehart", ["heart"]),  # the first two letters swapped
        ("hearth", ["heart"]),
        ("xheart", ["heart"]),  # one too many at the beginning
        ("eart", ["heart"]),
        ("heatr", ["heart"]),
        ("ba", ["ab"]),
        ("éa", ["aé"]),
        ("xab", ["ab"]),
        ("b", ["ab"]),
        ("", []),
    ],
)
def test_one_edit_at_either_end_is_seen(typed, near):
    words = listed(["ab", "aé", "heart"])
    found = spelled(words, words.within(typed, 1))
    assert set(near) <= set(found)
    assert found == [word for word in ["ab", "aé", "heart"] if typed and edit_distance(typed, word) <= 1]


@given(_lists.filter(len), st.data(), st.integers(1, 2))
def test_words_that_a_few_edits_make_of_one_are_near(words, data, distance):
    edited = data.draw(st.sampled_from(words))
    for _ in range(data.draw(st.integers(1, 3))):
        place, letters = data.draw(st.integers(0, len(edited))), data.draw(st.sampled_from(["", "a", "é", "bd"]))
        swapped = edited[place : place + 2][::-1] if data.draw(st.booleans()) else letters
        edited = edited[:place] + swapped + edited[place + max(1, len(swapped)) :]
    near = listed(words).within(edited, distance)
    assert near.tolist() == [
        number for number, other in enumerate(words) if edited and edit_distance(edited, other) <= distance
    ]


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        (["*", "ab", "*"], ["aab", "ab", "aba", "abb", "bab"]),
        (["*", "ab", "*", "b"], ["abb"]),
        (["b", "*", "ab", "*"], ["bab"]),
        (["*", "a", "?", "b", "*"], ["aab", "abb"]),
    ],
)
def test_letters_stand_side_by_side_in_the_middle_too(pattern, fitting):
    some = ["aab", "ab", "aba", "abb", "ba", "bab", "bba"]
    words = listed(some)
    assert spelled(words, words.fitting(pattern)) == as_text(pattern, some) == fitting


@pytest.mark.parametrize("pattern", [["x", "*"], ["*", "xy"], ["*", "x", "*"], ["?", "x", "*", "y"], ["?", "xy"]])
@pytest.mark.parametrize("letter", ["b", "é"])
def test_the_few_of_many_words_that_hold_some_letters_fit(pattern, letter):
    """These are copied before they are looked at more closely."""
    others = {letter * number for number in range(1, 40)}
    some = sorted(others | {"axby", "axy", "xa", "xay", "yax", "yx"}, key=str.encode)
    words = listed(some)
    fitting = spelled(words, words.fitting(pattern))
    assert fitting == as_text(pattern, some)
    assert fitting


@given(_lists, st.sampled_from([["*"], ["a", "*"], ["?", "*"]]))
def test_words_at_either_end_are_left_out(words, pattern):
    """As many of them at the end as at the beginning, too."""
    for first in range(len(words) // 2 + 1):
        kept = words[first : len(words) - first]
        found = listed(words).fitting(pattern, first, len(words) - first)
        assert spelled(listed(words), found) == [word for word in as_text(pattern, kept) if word]


def test_letters_are_told_apart_wherever_they_stand_in_the_alphabet():
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    words = listed(sorted(letters))
    for letter in letters:
        assert spelled(words, words.within(letter, 1)) == sorted(letters)
        assert spelled(words, words.within(letter * 3, 2)) == [letter]
        assert spelled(words, words.fitting([letter, "*"])) == [letter]

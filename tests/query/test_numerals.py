"""Numbers behind words, and how else the articles write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.query.expand import FACTOR, expand
from qtsearch.query.language import parse
from qtsearch.query.numerals import Numerals
from qtsearch.query.tree import Alternatives, Phrase
from tests.query.strategies import hostile_texts

EVERYTHING = Numerals(lambda word, numeral: True)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("stage 4", ("stage IV", "stage four")),
        ("stage IV", ("stage 4", "stage four")),
        ("Stage iv", ("Stage 4", "Stage four")),
        ("stage four", ("stage 4", "stage IV")),
        ("TYPE TWO", ("TYPE 2", "TYPE II")),
        ("type I", ("type 1", "type one")),
        ("type i", ("type 1", "type one")),
        ("types 1", ("types I", "types one")),
        ("factor 5", ("factor V", "factor five")),
        ("angiotensin 2", ("angiotensin II",)),  # not "angiotensin two", which would be two of something
        ("angiotensin II", ("angiotensin 2",)),
        ("collagen 20", ("collagen XX",)),
        ("collagen 21", ()),
        ("type 02", ()),
        ("cancer I", ()),
        ("patients two", ()),
        ("with 2", ()),  # a stop word is no name
        ("6 2", ()),
        ("IL-6 2", ()),
        ("stage", ()),
        ("4", ()),
        ("", ()),
    ],
)
def test_other_numerals(text, others):
    assert EVERYTHING.alternatives(text) == others
    assert EVERYTHING.lengths(text.split()) == ([2] if others else [])
    assert EVERYTHING.lengths([*text.split(), "cancer"]) == ([2] if others else [])


def test_only_what_the_articles_have_is_another_name():
    asked = []

    def are_neighbours(word, numeral):
        asked.append((word, numeral))
        return numeral == "IV"

    assert Numerals(are_neighbours).alternatives("Stage 4") == ("Stage IV",)
    assert asked == [("Stage", "IV"), ("Stage", "four")]
    assert Numerals(are_neighbours).alternatives("stage IV") == ()


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("stage 4 breast cancer", ("stage IV", "stage four")),
        ("title:stage title:4", ("stage IV", "stage four")),
        ("stage 4 stage IV", ("stage four",)),
        ("stage title:4", ()),
        ('"stage 4"', ()),
        ("stage -4", ()),
    ],
)
def test_what_is_also_searched(text, also):
    assert expand(parse(text).root, [EVERYTHING]).also_searched == also


def test_another_numeral_is_a_phrase_beside_the_words():
    typed = parse("stage 4").root
    others = Phrase("stage IV"), Phrase("stage four")
    assert expand(typed, [EVERYTHING]).root == Alternatives(typed, others, FACTOR)


@given(hostile_texts | st.text(st.sampled_from("type IVX 12\x00\n")))
def test_no_text_raises(text):
    assert all(length == 2 for length in EVERYTHING.lengths(text.split()))
    assert all(one != text for one in EVERYTHING.alternatives(text))

"""Numbers behind words, and how else the articles write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.query.expand import FACTOR, expand
from qtsearch.query.language import parse
from qtsearch.query.numerals import Numerals
from qtsearch.query.synonyms import Synonyms
from qtsearch.query.tree import Alternatives, Phrase
from tests.query.strategies import hostile_texts

EVERYTHING = Numerals(lambda word, numeral: True, lambda word: True)


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
        ("nerve 2", ("nerve II",)),  # not "nerve two", which would be two of something
        ("nerve II", ("nerve 2",)),
        ("nerve 1", ()),  # nor "nerve I"
        ("nerve 5", ("nerve V",)),
        ("nerve 20", ("nerve XX",)),
        ("nerve 21", ()),
        ("angiotensin 1", ("angiotensin I", "angiotensin one")),
        ("type-2", ("type II", "type two")),
        ("nerve-iv", ("nerve 4",)),
        ("type-x2", ()),
        ("stage 3b", ("stage IIIB",)),
        ("stage IIIb", ("stage 3b",)),
        ("stage 5b", ()),
        ("stage 3e", ()),
        ("vitamin 3b", ()),
        ("nerve ic", ()),
        ("type 02", ()),
        ("cancer I", ()),
        ("patients two", ()),
        ("with 2", ()),  # a stop word is no name
        ("6 2", ()),
        ("stage", ()),
        ("4", ()),
        ("", ()),
    ],
)
def test_other_numerals(text, others):
    assert EVERYTHING.alternatives(text) == others
    length = len(text.split()) if others or text == "nerve 1" else 0
    found = {0: length} if length else {}
    assert EVERYTHING.places(text.split()) == found
    assert EVERYTHING.places(["the", *text.split(), "cancer"]) == {place + 1: length for place, length in found.items()}


def test_only_what_the_articles_have_is_another_name():
    asked = []

    def are_neighbours(word, numeral):
        asked.append((word, numeral))
        return numeral == "IV"

    assert Numerals(are_neighbours, lambda word: True).alternatives("Stage 4") == ("Stage IV",)
    assert asked == [("Stage", "IV"), ("Stage", "four")]
    assert Numerals(are_neighbours, lambda word: True).alternatives("stage IV") == ()


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
    assert expand(parse(text).root, [], numerals=EVERYTHING).also_searched == also


def test_another_numeral_is_a_phrase_beside_the_words():
    typed = parse("stage 4").root
    others = Phrase("stage IV"), Phrase("stage four")
    assert expand(typed, [], numerals=EVERYTHING).root == Alternatives(typed, others, FACTOR)


@pytest.mark.parametrize(
    ("text", "has"),
    [("3b", True), ("3B", True), ("iiib", True), ("2b", False), ("3", False), ("b3", False), ("", False)],
)
def test_numbers_that_articles_write_in_one_word(text, has):
    assert Numerals(lambda word, numeral: True, lambda word: word == "iiib").has(text) == has


def test_what_another_source_knows_goes_before():
    names = Synonyms([(("DM",), ("diabetes mellitus",)), (("type 2 diabetes",), ("T2D",)), (("IV",), ("drip",))])
    also = {
        text: expand(parse(text).root, [names], numerals=EVERYTHING).also_searched
        for text in ("DM 2", "type 2 diabetes", "type 2 care", "stage IV", "IV care")
    }
    assert also == {
        "DM 2": ("diabetes mellitus",),
        "type 2 diabetes": ("T2D",),
        "type 2 care": ("type II", "type two"),
        "stage IV": ("stage 4", "stage four"),
        "IV care": ("drip",),
    }


def test_a_number_has_no_other_name_for_itself():
    names = Synonyms([(("IV",), ("drip",))])
    typed = parse("stage IV").root
    assert expand(typed, [names], numerals=Numerals(lambda word, numeral: False, lambda word: False)).root == typed
    assert expand(typed, [names]).also_searched == ("drip",)


pairs = st.tuples(
    st.sampled_from(["type", "nerve", "the", "7", "type-"]), st.sampled_from("1 i II iv two 20 21 x".split())
)


@given(hostile_texts | st.lists(pairs.map(" ".join)).map(" ".join))
def test_no_text_raises(text):
    words = text.split()
    assert all(place + length <= len(words) for place, length in EVERYTHING.places(words).items())
    assert all(one != text for one in EVERYTHING.alternatives(text))

"""Which part of an article is shown, and what is highlighted in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis import analyzer
from qtsearch.snippets import FRAGMENT_LENGTH, Highlighter, snippet

TEXT = (
    "Diabetes is common. It is treated in many ways.\n"
    "Metformin lowers blood sugar. Insulin and metformin together help in type 2 diabetes.\n"
    "IL-6 is measured. The end."
)


def marked(text, highlighter):
    (fragment,) = snippet(text, highlighter).fragments
    return fragment.text, [fragment.text[start:end] for start, end in fragment.highlights]


def of(*sequences, words=()):
    return Highlighter(dict.fromkeys(sequences, 1.0), frozenset(words))


def test_the_fragment_covers_most_of_the_query():
    text, found = marked(TEXT * 5, of(("insulin",), ("2",), ("diabet",)))
    assert text.startswith("Insulin and metformin together help in type 2 diabetes.")
    assert found[:3] == ["Insulin", "2", "diabetes"]


def test_telling_words_weigh_more():
    highlighter = Highlighter({("common",): 0.1, ("way",): 0.1, ("il", "6"): 5.0})
    assert marked("It is common in many ways. " + "Filler goes here. " * 20 + "IL6 rises.", highlighter)[1] == ["IL6"]


def test_without_a_match_it_is_the_beginning():
    text, found = marked(TEXT, of(("zebra",)))
    assert (text[:19], found) == ("Diabetes is common.", [])


def test_more_fragments_do_not_overlap_and_keep_their_order():
    text = "Liver first. " + "Filler sentence without it. " * 20 + "Liver and cancer last."
    found = snippet(text, of(("liver",), ("cancer",)), fragments=3).fragments
    assert [fragment.text[:9] for fragment in found] == ["Liver fir", "Liver and"]
    assert [fragment.before for fragment in found] == [False, True]
    assert [fragment.after for fragment in found] == [True, False]


def test_terms_side_by_side_are_one_highlight():
    assert marked("IL-6 and 6 of IL; IL6", of(("il", "6")))[1] == ["IL-6", "IL6"]


def test_words_are_highlighted_as_written():
    assert marked("Therapies differ from a therapy", of(words={"therapies"}))[1] == ["Therapies"]


def test_an_endless_sentence_is_cut_at_spaces():
    text, found = marked("word " * 500 + "liver cancer here " + "word " * 500, of(("liver",), ("cancer",)))
    assert found == ["liver", "cancer"]
    assert len(text) <= FRAGMENT_LENGTH
    assert set(text.split()) <= {"word", "liver", "cancer", "here"}


def test_a_text_that_is_one_word_over_and_over_takes_no_time():
    _, found = marked("liver " * 30_000, of(("liver",)))
    assert len(found) > 10


def test_an_empty_text_has_an_empty_fragment():
    assert marked("", of(("x",))) == ("", [])


@given(st.text(), st.lists(st.sampled_from(["liver", "il-6", "crohn's", "a", "6"]), max_size=3))
def test_spans_are_whole_words_in_order(text, wanted):
    text = f"{text} {' '.join(wanted)} {text}"
    highlighter = of(*(tuple(analyzer.terms(word)) for word in wanted))
    spans = highlighter.spans(text)
    tokens = list(analyzer.tokenize(text))
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    assert all(start in starts and end in ends for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert len(spans) >= len(set(map(tuple, map(analyzer.terms, wanted)))) or not wanted
    (fragment,) = snippet(text, highlighter).fragments
    assert "\n" not in fragment.text
    assert all(0 <= start < end <= len(fragment.text) for start, end in fragment.highlights)


@pytest.mark.parametrize("text", ["a.b", "..", "? ! .", "x" * 10_000, "\u2028\x85 \x0c"])
def test_odd_texts(text):
    assert snippet(text, of(("x",))).fragments

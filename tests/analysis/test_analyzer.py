"""Which texts find each other, and which must not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis import analyzer
from qtsearch.analysis.analyzer import Token, fold, stem, terms, tokenize


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IL-6", "IL6"),
        ("IL-6", "il 6"),
        ("COVID-19", "covid 19"),
        ("vitamin B12", "Vitamin B 12"),
        ("naïve", "naive"),
        ("nai\u0308ve", "naïve"),
        ("β-blocker", "beta blockers"),
        ("TNF-α", "tnf alpha"),
        ("Crohn's", "crohn"),
        *((f"Crohn{apostrophe}s disease", "Crohn's disease") for apostrophe in analyzer.APOSTROPHES),
        ("treatments", "treatment"),
        ("immuno\u00adtherapy", "immunotherapy"),
        ("STRASSE", "straße"),
        ("ﬁbrosis", "fibrosis"),
        ("٣", "3"),
    ],
)
def test_these_are_the_same(one, other):
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("type 1 diabetes", "type 2 diabetes"),
        ("hepatitis B", "hepatitis C"),
        ("IL-6", "IL"),
        ("T-cell", "cell"),
        ("vitamin B12", "vitamin B"),
    ],
)
def test_these_differ(one, other):
    assert terms(one) != terms(other)


def test_every_cjk_character_is_a_word():
    assert terms("肝癌 HCC") == ["肝", "癌", "hcc"]


def test_tokens_say_where_they_stand():
    assert list(tokenize("IL-6 treats?")) == [
        Token("il", 0, 0, 2),
        Token("6", 1, 3, 4),
        Token("treat", 2, 5, 11),
    ]


def test_a_hostile_word_is_cut():
    assert len(terms("a" * 10_000)[0]) == 64


@given(st.text())
def test_terms_are_the_terms_of_the_tokens(text):
    tokens = list(tokenize(text))
    assert terms(text) == [token.term for token in tokens]
    assert [token.position for token in tokens] == list(range(len(tokens)))
    assert all(token.term for token in tokens)
    spans = [(token.start, token.end) for token in tokens]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


mixed = st.text(alphabet="aZ09 '’‘`´ʼ–—.…é\u0301\u00a0\u00adß肝_²٣")
STRAIGHT = str.maketrans(dict.fromkeys(analyzer.APOSTROPHES, "'"))


@given(st.text() | mixed)
def test_plain_texts_are_only_faster(text):
    text = text.translate(STRAIGHT)
    slow = [match.span() for match in analyzer.word_pattern().finditer(text)]
    assert [match.span() for match in analyzer.find_words(text)] == slow
    assert terms(text) == [analyzer.term_of(text[start:end]) for start, end in slow]


@given(st.text() | mixed)
def test_any_apostrophe_is_one(text):
    assert [match.span() for match in analyzer.find_words(text)] == [
        match.span() for match in analyzer.find_words(text.translate(STRAIGHT))
    ]
    assert terms(text) == terms(text.translate(STRAIGHT))
    assert analyzer.words(text) == analyzer.words(text.translate(STRAIGHT))


@given(st.text())
def test_words_are_folded_but_not_stemmed(text):
    assert [stem(word) for word in analyzer.words(text)] == terms(text)


@given(st.text() | mixed | st.text(alphabet="aab1 '’.-_\x1c\t"))
def test_chunks_hold_the_words_of_the_text(text):
    assert [word for chunk in analyzer.chunks(text) for word in analyzer.raw_words(chunk)] == analyzer.raw_words(text)


@given(st.text(alphabet="ABCdefÄöüßİıſ'’", max_size=12))
def test_case_does_not_matter(word):
    assert fold(fold(word)) == fold(word)

"""A batch gives the terms, places and words that analysing each text alone gives."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis import analyzer, inversion
from qtsearch.analysis.inversion import TokenColumn, Vocabulary, invert, invert_words, ranked

texts = (
    st.text()
    | st.text(alphabet="abAB1 '’`´-é\u0301肝")
    | st.text(alphabet="abcAIT19 '’-é\u0301肝", min_size=10).map(
        lambda text: f"{text} Crohn's disease, IL6 in livers {text}"
    )
    | st.sampled_from(["IL-6", "livers liver", "", "\ud800 liver's", "é" * 40, "Gastroenterologically speaking"])
)


def columns(vocabulary, *fields):
    made = [TokenColumn(vocabulary) for _ in fields]
    for column, field in zip(made, fields, strict=True):
        for text in field:
            column.add(text)
    return made


def unpacked(field):
    """Return {term: {docnum: positions}} of an inverted field."""
    found, posting, token = {}, 0, 0
    for term, doc_freq in zip(field.terms, field.doc_freqs.tolist(), strict=True):
        found[term] = {}
        for docnum, term_freq in zip(
            field.docnums[posting : posting + doc_freq].tolist(),
            field.term_freqs[posting : posting + doc_freq].tolist(),
            strict=True,
        ):
            places = None if field.positions is None else field.positions[token : token + term_freq].tolist()
            found[term][docnum] = places
            token += term_freq
        posting += doc_freq
    assert posting == len(field.docnums)
    return found


@given(st.lists(texts, max_size=6))
def test_inverting_equals_analysing_one_by_one(field):
    vocabulary = Vocabulary()
    (column,) = columns(vocabulary, field)
    inverted = invert(column, ranked(vocabulary.terms()))
    expected = {}
    for docnum, text in enumerate(field):
        for token in analyzer.tokenize(text):
            expected.setdefault(token.term.encode(), {}).setdefault(docnum, []).append(token.position)
    assert unpacked(inverted) == expected
    assert inverted.terms == sorted(expected)


@given(st.lists(texts, max_size=6))
def test_huge_documents_are_inverted_in_another_way_with_the_same_result(field):
    vocabulary = Vocabulary()
    (column,) = columns(vocabulary, field)
    usual = invert(column, ranked(vocabulary.terms()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inversion, "_KEY_BITS", 0)
        other = invert(column, ranked(vocabulary.terms()))
        wide = invert_words([column], vocabulary.words())
    assert unpacked(other) == unpacked(usual)
    assert unpacked(wide) == unpacked(invert_words([column], vocabulary.words()))


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=6))
def test_words_are_those_of_all_columns(rows):
    vocabulary = Vocabulary()
    made = columns(vocabulary, [row[0] for row in rows], [row[1] for row in rows])
    inverted = invert_words(made, vocabulary.words())
    expected = {}
    for docnum, row in enumerate(rows):
        for word in analyzer.words("\n".join(row)):
            expected.setdefault(word.encode(), {})[docnum] = None
    assert unpacked(inverted) == expected


@given(st.lists(texts, max_size=6), st.lists(texts, max_size=6), st.lists(texts, max_size=6))
def test_extending_equals_adding(first, second, third):
    """Also where the other vocabulary, of which new words are told, goes on growing."""
    whole = Vocabulary()
    (expected,) = columns(whole, first + second + third)
    vocabulary, other, told = Vocabulary(), Vocabulary(), Vocabulary()
    (column,) = columns(vocabulary, first)
    for more in (second, third):
        (added,) = columns(other, more)
        numbers = SimpleNamespace(numbers=added.numbers, lengths=added.lengths)
        told.learn(other.new_words())
        column.extend(numbers, vocabulary.extend(told))
    assert unpacked(invert(column, ranked(vocabulary.terms()))) == unpacked(invert(expected, ranked(whole.terms())))
    assert column.lengths.tolist() == expected.lengths.tolist()
    assert len(told) == len(other)


def test_many_texts_do_not_wait():
    vocabulary = Vocabulary()
    (column,) = columns(vocabulary, ["liver disease " * 100] * 100)
    assert 15_000 < len(column) <= 20_000
    assert len(column.numbers) == 20_000

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis.abbreviation_table import (
    AbbreviationTable,
    OtherForm,
    beginnings,
    definitions_of,
    known_lengths,
    long_key,
    long_keys,
    short_key,
    without_plural,
)

_definitions = st.lists(
    st.tuples(
        st.sampled_from(["HCC", "Hcc", "IL-6", "AIDS", "", "é"]),
        st.sampled_from(["hepatocellular carcinoma", "Hepatocellular Carcinomas", "interleukin 6", "x", "", "\ud800"]),
    ),
    max_size=4,
    unique=True,
)


def test_lookup_in_both_directions():
    table = AbbreviationTable({("HCC", "hepatocellular carcinoma"): 3, ("MI", "myocardial infarction"): 1})
    assert table.long_forms("HCC") == (OtherForm("hepatocellular carcinoma", 3),)
    assert table.short_forms("hepatocellular carcinoma") == (OtherForm("HCC", 3),)
    assert table.long_forms("XYZ") == table.short_forms("heart") == ()
    assert list(table) == [("HCC", "hepatocellular carcinoma", 3), ("MI", "myocardial infarction", 1)]
    assert len(table) == 2


@pytest.mark.parametrize("typed", ["HCC", "hcc", "HCCs", "hccs", "Hcc"])
def test_spellings_of_a_short_form(typed):
    assert AbbreviationTable({("HCC", "hepatocellular carcinoma"): 1}).long_forms(typed)


@pytest.mark.parametrize("typed", ["IL-6", "il6", "IL 6"])
def test_short_forms_with_digits(typed):
    assert AbbreviationTable({("IL-6", "interleukin-6"): 1}).long_forms(typed)


def test_a_short_form_is_not_stemmed():
    table = AbbreviationTable({("AIDS", "acquired immunodeficiency syndrome"): 5})
    assert table.long_forms("AIDS")
    assert not table.long_forms("aid")
    assert not AbbreviationTable({("GA", "general anesthesia"): 5}).long_forms("gas")


def test_spellings_of_a_long_form_are_one():
    table = AbbreviationTable(
        {
            ("UTI", "Urinary Tract Infections"): 1,
            ("UTI", "urinary tract infection"): 3,
            ("UTIs", "urinary-tract infections"): 2,
        }
    )
    assert list(table) == [("UTI", "urinary tract infection", 6)]
    assert table.short_forms("urinary tract INFECTIONS") == (OtherForm("UTI", 6),)


def test_stop_words_of_a_long_form_may_be_missing():
    table = AbbreviationTable({("ADL", "activities of daily living"): 2})
    assert table.short_forms("activities daily living") == table.short_forms("Activities of Daily Living") != ()


def test_a_pair_of_one_article_needs_to_be_alone():
    counts = {("MS", "multiple sclerosis"): 7, ("MS", "mitral stenosis"): 2, ("MS", "more stuff"): 1}
    assert [form.text for form in AbbreviationTable(counts).long_forms("MS")] == [
        "multiple sclerosis",
        "mitral stenosis",
    ]
    assert not AbbreviationTable({("MS", "multiple sclerosis"): 1, ("MS", "mitral stenosis"): 1}).long_forms("MS")


def test_an_article_counts_each_pair_once():
    texts = "cystic fibrosis (CF), Cystic Fibrosis (CF)", "CF (cystic fibrosis), nitric oxide (NO)"
    assert definitions_of(*texts) == (("CF", "cystic fibrosis"), ("NO", "nitric oxide"))


@given(_definitions)
def test_both_directions_hold_the_same_pairs(definitions):
    table = AbbreviationTable(Counter(definitions))
    for short, long, documents in table:
        assert OtherForm(long, documents) in table.long_forms(short)
        assert OtherForm(short, documents) in table.short_forms(long)


ONE_OF_EACH = AbbreviationTable(
    {
        ("HCC", "hepatocellular carcinoma"): 3,
        ("ADL", "activities of daily living"): 2,
        ("IL-6", "interleukin 6"): 2,
        ("AIDS", "acquired immunodeficiency syndrome"): 2,
        ("DL", "daily living"): 2,
    }
)
some_words = st.sampled_from(
    "hcc HCCs hepatocellular carcinomas Activities of daily-living daily living IL-6 il 6 interleukin aids aid".split()
)


@given(st.lists(some_words, min_size=1, max_size=7))
def test_the_lengths_are_those_that_have_other_forms(words):
    whole = [" ".join(words[:number]) for number in range(1, len(words) + 1)]
    known = [n for n, text in enumerate(whole, 1) if ONE_OF_EACH.long_forms(text) or ONE_OF_EACH.short_forms(text)]
    longs, shorts = {long_key(long) for _, long, _ in ONE_OF_EACH}, {short_key(short) for short, _, _ in ONE_OF_EACH}
    assert known_lengths(words, longs.__contains__, shorts.__contains__) == known[::-1]


any_words = st.lists(
    some_words | st.sampled_from(["the", "of", "HCCs'", "IL6", "(gas)", "gases"]) | st.text(), min_size=1, max_size=4
)


@given(any_words)
def test_keys_of_what_a_word_begins_begin_with_what_is_said(words):
    first = beginnings(words[0])
    if first is None:
        return
    assert {key[0] for key in long_keys(words)} == {first.long}
    for number in range(1, len(words) + 1):
        key = short_key(" ".join(words[:number]))
        assert key[0] in first.short
        assert without_plural(key)[0] in first.short


def test_of_most_words_it_is_said_what_they_begin():
    assert beginnings("HCCs") == ("hccs", {"hcc", "hccs"})
    assert beginnings("the") is None
    assert beginnings("?") is None


def test_a_word_is_no_long_form_whose_stop_words_it_lacks():
    table = AbbreviationTable(
        {("BTE", "behind the ear"): 3, ("AS", "as stated"): 3, ("GERD", "gastro-esophageal reflux"): 1}
    )
    assert table.short_forms("ear") == table.short_forms("behind the ear") == ()
    assert [form.text for form in table.long_forms("BTE")] == ["behind the ear"]
    assert [form.text for form in table.short_forms("gastro esophageal reflux")] == ["GERD"]

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis import abbreviations
from qtsearch.analysis.abbreviations import (
    LONGEST_LONG,
    LONGEST_SHORT,
    MAX_PARENTHESES,
    find_abbreviations,
    is_short_form,
    long_form,
    singular,
)


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        # The examples of the paper.
        ("heat shock transcription factor (HSF)", "HSF", "heat shock transcription factor"),
        ("the Gcn5-related N-acetyltransferase (GNAT) family", "GNAT", "Gcn5-related N-acetyltransferase"),
        ("methyl methanesulfonate sulfate (MMS)", "MMS", "methyl methanesulfonate sulfate"),
        ("Saccharomyces cerevisiae (S. cerevisiae)", None, None),
        # Both orders, plurals, lead-ins, letters within words, digits, Greek.
        ("treatment of hepatocellular carcinoma (HCC) in adults", "HCC", "hepatocellular carcinoma"),
        ("HCC (hepatocellular carcinoma) is a tumor", "HCC", "hepatocellular carcinoma"),
        ("hepatocellular carcinomas (HCCs) are", "HCC", "hepatocellular carcinomas"),
        ("HCCs (hepatocellular carcinomas) are", "HCC", "hepatocellular carcinomas"),
        ("hepatocellular carcinoma (also called HCC)", "HCC", "hepatocellular carcinoma"),
        ("ALS (also known as amyotrophic lateral sclerosis)", "ALS", "amyotrophic lateral sclerosis"),
        ("Human Immunodeficiency Virus (HIV; the AIDS virus)", "HIV", "Human Immunodeficiency Virus"),
        ("a heart attack, or myocardial infarction (MI)", "MI", "myocardial infarction"),
        ("interleukin-6 (IL-6)", "IL-6", "interleukin-6"),
        ("tumour necrosis factor-α (TNF-α)", "TNF-α", "tumour necrosis factor-α"),
        ("Escherichia coli (E. coli)", "E. coli", "Escherichia coli"),
        ("immunoglobulin A (IgA)", "IgA", "immunoglobulin A"),
        ("cerebrospinal fluid (CSF)", "CSF", "cerebrospinal fluid"),
        ("ductal carcinoma in situ (DCIS)", "DCIS", "ductal carcinoma in situ"),
        ("antineutrophil cytoplasmic antibody (ANCA)", "ANCA", "antineutrophil cytoplasmic antibody"),
        ("acquired immunodeficiency syndrome (AIDS)", "AIDS", "acquired immunodeficiency syndrome"),
        # Initials go before letters: the nearest N and I would be inside "Neurological".
        (
            "at the National Institute of Neurological Disorders and Stroke (NINDS)",
            "NINDS",
            "National Institute of Neurological Disorders and Stroke",
        ),
        ("Dexamethasone-corticotropin-releasing hormone (CRH)", "CRH", "corticotropin-releasing hormone"),
    ],
)
def test_definitions(text, short, long):
    assert find_abbreviations(text) == ([(short, long)] if short else [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "()",
        "(HCC)",
        "no parentheses HCC",
        "hepatocellular carcinoma (usually)",
        "hepatocellular carcinoma. (HCC)",
        "hepatocellular carcinoma\n(HCC)",
        "hepatocellular carcinoma (HCC",
        "hepatocellular carcinoma HCC)",
        "patients (12)",
        "a study (2019) of x",
        "vitamin (B12)",
        "the HCC (HCC)",
        "health care providers prescribe the anti-thyroid medication methimazole (Tapazole)",
        "tend to happen when cancer-fighting antibodies or white blood cells (T cells)",
        "an abbreviation of more than ten characters (AAAAAAAAAAA)",
        "one two three (O T T)",
        "these plans cover hospital costs (Part A)",
        "ALS (a disease of the nerves)",
    ],
)
def test_no_definitions(text):
    assert find_abbreviations(text) == []


def test_a_long_form_has_at_most_so_many_words():
    assert long_form("AB", "a1 b1") == "a1 b1"
    assert long_form("AB", "alpha cx dx beta") == "alpha cx dx beta"
    assert long_form("AB", "alpha cx dx ex beta") is None


def test_the_longest_forms():
    letters = "ABCDEFGHIJ"
    assert (len(letters), LONGEST_LONG) == (LONGEST_SHORT, 15)
    words = [f"{letter.lower()}x" for letter in letters]
    assert long_form(letters, " ".join([*words[:1], *["of"] * 5, *words[1:]])) is not None
    assert long_form(letters, " ".join([*words[:1], *["of"] * 6, *words[1:]])) is None
    assert is_short_form(letters)
    assert not is_short_form(letters + "K")


def test_each_pair_is_returned_once_in_order():
    text = "magnetic resonance imaging (MRI), Magnetic Resonance Imaging (MRI), cystic fibrosis (CF)"
    assert find_abbreviations(text) == [("MRI", "magnetic resonance imaging"), ("CF", "cystic fibrosis")]


@pytest.mark.parametrize(("short", "one"), [("HCCs", "HCC"), ("T3's", "T3"), ("AIDS", "AIDS"), ("Gas", "Gas")])
def test_singular(short, one):
    assert singular(short) == one


@pytest.mark.parametrize(
    "hostile", ["(", "(AB)", "a b (AB) ", "(a", "()", "(AB", "((A1)", "A b. (", "( A)", "((((A B))))"]
)
def test_hostile_texts_are_read_in_linear_time(hostile):
    find_abbreviations(hostile * 100_000)


def test_parentheses_beyond_the_limit_are_not_read():
    assert find_abbreviations("(AB) " * MAX_PARENTHESES + "cystic fibrosis (CF)") == []
    assert find_abbreviations("(AB) " * (MAX_PARENTHESES - 1) + "cystic fibrosis (CF)") == [("CF", "cystic fibrosis")]


_texts = st.lists(
    st.one_of(
        st.sampled_from(
            ["(", ")", " ", " ", "(AB)", "(A", "Ab", "beta", "a", "ALPHA", "s", "of", "İ", "ß", ".", "-", "1"]
        ),
        st.text(max_size=3),
    ),
    max_size=25,
).map("".join)


@given(_texts)
def test_whatever_is_found_keeps_the_promises(text):
    for short, long in find_abbreviations(text):
        assert short in text and long in text
        assert is_short_form(short)
        assert len(long) > len(short)
        assert len(long.split()) <= min(len(short) + 5, 2 * len(short))
        assert short.casefold() not in long.casefold().split()
        _assert_subsequence(short, long)


def _assert_subsequence(short, long):
    remaining = iter(character for character in long.lower())
    assert all(c in remaining for c in short.lower() if c.isalnum())


@given(st.text(alphabet="abAB1-. ", min_size=1, max_size=8), st.text(alphabet="abcAB1-. of", max_size=30))
def test_a_long_form_begins_a_word_with_the_first_character(short, text):
    if not is_short_form(short):
        return
    long = long_form(short, text)
    if long is not None:
        before = text.rstrip(" -.").removesuffix(long)
        assert long[0].lower() == short[0].lower()
        assert not before or not before[-1].isalnum()


_BOUNDARY = re.compile(r"[\n()\[\];:!?]|\.\s|,\s(?=(?:and|or|but|which|such|including)\s)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_pieces = [
    *"( ) (AB) (alpha\u00a0beta) Alpha beta AB aB b2 of the , . ; - ' such a IL-6 (interleukin 6) A.B".split(" "),
    *(" ", " ", " ", "\n", ", and ", ". ", ".\n", ",\nor ", " (AB)", " (heart attack)"),
]
_more_texts = st.lists(st.sampled_from(_pieces), max_size=30).map("".join)


def _sentence_before(text, end):
    window = text[max(0, end - 450) : end]
    return window[max((boundary.end() for boundary in _BOUNDARY.finditer(window)), default=0) :]


@given(_texts | _more_texts | _more_texts.map(lambda text: "beta alpha, " * 60 + text))
def test_what_is_not_looked_at_changes_nothing(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(abbreviations, "_sentence_before", _sentence_before)
        patch.setattr(abbreviations, "_is_plain", lambda word: False)
        patch.setattr(
            abbreviations, "_words_backwards", lambda text: reversed([(m.start(), m[0]) for m in _WORD.finditer(text)])
        )
        expected = find_abbreviations(text)
    assert find_abbreviations(text) == expected

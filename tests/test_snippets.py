"""Which part of an article is shown, and what is highlighted in it."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis import analyzer
from qtsearch.results import Fragment
from qtsearch.snippets import FRAGMENT_LENGTH, Highlighter, shown
from tests import slow_snippets

TEXT = (
    "Diabetes is common. It is treated in many ways.\n"
    "Metformin lowers blood sugar. Insulin and metformin together help in type 2 diabetes.\n"
    "IL-6 is measured. The end."
)


def snippet(text, highlighter, fragments=1):
    ((_, found),) = shown([""], [text], highlighter, fragments)
    return found


def matches(text, highlighter):
    return highlighter.matches([text])[0]


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


@pytest.mark.parametrize("mark", "-*•")
def test_a_fragment_begins_with_no_list_mark(mark):
    sought = of(("zebra",))
    long = "Filler sentence without it. " * 20
    (fragment,) = snippet(f"{long}{mark} A zebra is no horse. {long}", sought).fragments
    assert fragment.text.startswith("A zebra is no horse.")
    assert (fragment.before, fragment.highlights) == (True, ((2, 7),))
    assert snippet(f"{mark} zebra", sought).fragments[0] == Fragment("zebra", ((0, 5),))
    assert snippet(f"{mark} ", sought).fragments[0].text == f"{mark} "
    assert snippet(f"{mark}5 zebra", sought).fragments[0].text == f"{mark}5 zebra"


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


LONG = "word " * 3_998 + "and hepatitis stands here, and warfarin later. " + "Nothing more is said. " * 5_000


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("and", "word word and"),
        ("stand", "hepatitis stands here, and warfarin later. Nothing"),
        ("warfarin", "hepatitis stands here, and warfarin later. Nothing"),
    ],
)
def test_a_long_text_is_searched_as_far_as_it_takes(word, shown):
    (fragment,) = snippet(LONG, of((word,))).fragments
    assert shown in fragment.text
    assert fragment.text.endswith(("and", "Nothing more is said."))
    assert fragment.highlights
    assert (fragment.before, fragment.after) == (True, True)


def test_a_long_text_without_a_match_is_shown_from_the_beginning():
    (fragment,) = snippet(LONG, of(("absent",))).fragments
    assert (fragment.text[:9], fragment.before, fragment.after) == ("word word", False, True)


def test_a_word_at_the_end_of_a_part_is_not_cut():
    text = "word " * 3_998 + "xx stands here" + " liver" * 10
    (fragment,) = snippet(text, of(("stand",))).fragments
    assert set(fragment.text.split()) <= set(text.split())
    (fragment,) = snippet("x" * 60_000, of(("liver",))).fragments
    assert (fragment.before, fragment.after) == (False, True)


def test_an_empty_text_has_an_empty_fragment():
    assert marked("", of(("x",))) == ("", [])


@given(st.text(), st.lists(st.sampled_from(["liver", "il-6", "crohn's", "a", "6"]), max_size=3))
def test_spans_are_whole_words_in_order(text, wanted):
    text = f"{text} {' '.join(wanted)} {text}"
    highlighter = of(*(tuple(analyzer.terms(word)) for word in wanted))
    ((spans, _),) = shown([text], [""], highlighter)
    tokens = list(analyzer.tokenize(text))
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    assert all(start in starts and end in ends for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert len(spans) >= len(set(map(tuple, map(analyzer.terms, wanted)))) or not wanted
    (fragment,) = snippet(text, highlighter).fragments
    assert "\n" not in fragment.text
    assert all(0 <= start < end <= len(fragment.text) for start, end in fragment.highlights)


def every_match(text, highlighter):
    """Find the matches by looking at every word of the text: what ``Highlighter.matches`` must find as well."""
    tokens = list(analyzer.find_words(text))
    terms = [analyzer.term_of(token[0]) for token in tokens]
    found = []
    for i, token in enumerate(tokens):
        for sequence in highlighter.sequences:
            if tuple(terms[i : i + len(sequence)]) == sequence:
                found.append((token.start(), tokens[i + len(sequence) - 1].end(), sequence))
        folded = analyzer.fold(token[0])
        if folded in highlighter.words and (terms[i],) not in highlighter.sequences:
            found.append((*token.span(), (folded,)))
    return sorted(found)


SENTENCE_END = r"(?:[!?;]|\.(?! [a-z])|(?<![\s(][A-Za-z])(?<!^[A-Za-z])\.)"
"""A full stop behind a single letter ends no sentence if a small letter follows."""


def best_window(text, highlighter):
    """Weigh every window, and cut all of the text into sentences, as long as none of these is too long."""
    places = every_match(text, highlighter)
    ends = [gap.start() + (gap[0] != "\n") for gap in re.finditer(SENTENCE_END + r"(?= )|\n", text)] + [len(text)]
    starts = [0, *(gap.end() for gap in re.finditer(SENTENCE_END + r" +|\n", text))]

    def weighed(match):
        first = max(start for start in starts if start <= match[0])
        sentence = min(end for end in ends if end >= match[1])
        last = max(end for end in ends if end <= first + FRAGMENT_LENGTH)
        within = [other for other in places if match[0] <= other[0] and other[1] <= last]
        weight = sum(map(weight_of, {what for _, _, what in within}))
        return 4 * weight + sum(map(weight_of, {what for _, end, what in within if end <= sentence})), -first

    def weight_of(what):
        return round(1000 * highlighter.sequences.get(what, 1.0))

    return max(map(weighed, places))


query_words = st.sampled_from(
    ["liver", "livers", "cancer", "il6", "IL-6", "Crohn's", "6", "naïve", "β", "haemoglobin", "a"]
)
sentences = st.lists(
    st.lists(query_words | st.sampled_from(["filler", "and", "the", "hemoglobins", "≥"]), min_size=1, max_size=10).map(
        " ".join
    ),
    min_size=1,
    max_size=12,
)
highlighters = st.builds(
    lambda wanted, words, weights: Highlighter(
        dict(zip(dict.fromkeys(tuple(analyzer.terms(word)) for word in wanted), weights, strict=False)),
        frozenset(map(analyzer.fold, words)),
    ),
    st.lists(query_words, min_size=1, max_size=5),
    st.sets(st.sampled_from(["liver", "filler", "naive", "6"])),
    st.lists(st.floats(0.1, 9), min_size=5, max_size=5),
)


@given(st.text() | sentences.map(" ".join) | st.text(alphabet="aA6 '’-.liverβé\u0301"), highlighters)
def test_matches_are_those_of_every_word(text, highlighter):
    found = matches(text, highlighter)
    assert sorted((start, end, highlighter.things[number]) for start, end, number in found) == every_match(
        text, highlighter
    )
    assert found == sorted(found)
    assert len(highlighter.weights) == len(highlighter.things)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It is a germ. Many E. coli are harmless. " + "Filler sentence. " * 20, "Many E. coli are harmless."),
        ("E. coli is a germ. " + "Filler sentence. " * 20, "E. coli is a germ."),
        ("It is a germ. A test finds (E. coli) in blood. " + "Filler. " * 40, "A test finds (E. coli) in blood."),
        ("Many germs. This is hepatitis B. Not E coli. " + "Filler sentence. " * 20, "Not E coli."),
    ],
)
def test_initials_end_no_sentence(text, shown):
    (fragment,) = snippet("Filler sentence. " * 20 + text, of(("coli",))).fragments
    assert fragment.text.startswith(shown)


@given(sentences, st.sampled_from([". ", "? ", "\n", "; ", ".  "]), highlighters)
def test_no_window_weighs_more_than_the_one_chosen(parts, end, highlighter):
    text = end.join(parts)
    if matches(text, highlighter):
        (fragment,) = snippet(text, highlighter).fragments
        start = -best_window(text, highlighter)[1]
        assert fragment.text == text[start : start + len(fragment.text)].replace("\n", " ")
        assert len(fragment.text) <= FRAGMENT_LENGTH
        assert fragment.highlights


pieces = st.sampled_from(
    ["liver", "cancer", "il6", "6", "naïve", "filler", "*", "#", "\u2028", "\u00a0", "\t"]
) | st.text(max_size=5)
gaps = st.sampled_from([" ", " ", " ", " ", ". ", "? ", "; ", "\n", "\n\n", ".", ""])
long_texts = st.lists(st.tuples(pieces | st.just("x" * 250), gaps).map("".join), max_size=200).map("".join) | st.builds(
    str.__mul__, sentences.map(" ".join), st.integers(1, 9)
)


@given(st.lists(long_texts, max_size=3), highlighters, st.integers(1, 3))
def test_what_is_shown_is_what_the_slow_twin_shows(texts, highlighter, number):
    found = shown(texts, texts, highlighter, number)
    expected = [
        (slow_snippets.merged(told), slow_snippets.snippet(text, told, highlighter.weights, number))
        for text, told in zip(texts, highlighter.matches(texts), strict=True)
    ]
    assert found == expected


@given(st.text(alphabet="ab. \n;é", max_size=2000), st.integers(1, 4))
def test_fragments_of_any_text_are_apart_and_show_a_match(text, number):
    highlighter = of(("a",), ("b",), ("ab",))
    found = snippet(text, highlighter, number).fragments
    assert 1 <= len(found) <= number
    assert all(len(fragment.text) <= FRAGMENT_LENGTH for fragment in found)
    places = every_match(text, highlighter)
    if places and all(end - start <= 100 for start, end, _ in places):
        assert all(fragment.highlights for fragment in found)


def test_a_long_sentence_is_shown_where_most_words_are():
    text = "liver " + "filler " * 60 + "liver of a cancer " + "filler " * 60
    (fragment,) = snippet(text, of(("liver",), ("cancer",))).fragments
    assert "liver of a cancer" in fragment.text
    assert len(fragment.highlights) == 2


@pytest.mark.parametrize("piece", ["a", "a'", "a ", "a. ", "é", "a1", "\n", " ", ". ", "ab", "肝"])
def test_endless_texts(piece):
    (fragment,) = snippet(piece * 20_000, of(("a",), ("1",), ("a", "a"), words={"ab"})).fragments
    assert len(fragment.text) <= FRAGMENT_LENGTH


@pytest.mark.parametrize("text", ["a.b", "..", "? ! .", "x" * 10_000, "\u2028\x85 \x0c"])
def test_odd_texts(text):
    assert snippet(text, of(("x",))).fragments


@pytest.mark.parametrize("length", [19_999, 20_000, 20_001])
def test_a_text_is_searched_to_its_end_whether_it_is_just_long_or_not_yet(length):
    text = "liver".rjust(length, ".").replace("." * 10, "A word is ")
    assert len(text) == length
    (fragment,) = snippet(text, of(("liver",))).fragments
    assert [fragment.text[start:end] for start, end in fragment.highlights] == ["liver"]
    assert (fragment.before, fragment.after) == (True, False)


def test_one_word_is_shown_in_as_many_fragments_as_are_wanted():
    text = "Liver first. " + "Filler sentence without it. " * 20 + "Liver last."
    for number in 1, 2, 3:
        found = snippet(text, of(("liver",)), number).fragments
        assert [fragment.text[:9] for fragment in found] == ["Liver fir", "Liver las"][:number]
    assert len(shown([""], [text], of(("liver",)))[0][1].fragments) == 1


def test_of_two_fragments_that_weigh_the_same_it_is_the_earlier_one():
    """Also where more words follow the later one closely, but in a sentence that is too long to show beside it."""
    text = "A liver. " + "Filler sentence without it. " * 20 + "The liver. " + "word " * 30 + "cancer " + "word " * 50
    (fragment,) = snippet(text, Highlighter({("liver",): 2.0, ("cancer",): 1.0})).fragments
    assert fragment.text.startswith("A liver.")


def test_white_space_around_a_fragment_is_nothing_left_out():
    (fragment,) = snippet(" " * 300 + "\nAll of the liver.\n" + "\n " * 300, of(("liver",))).fragments
    assert (fragment.text.strip(), fragment.before, fragment.after) == ("All of the liver.", False, False)


def test_wordings_that_begin_alike_are_in_order():
    highlighter = of(("liver", "cancer", "cell"), ("liver", "cancer"))
    found = matches("Of liver cancer cells.", highlighter)
    assert found == [(3, 15, 1), (3, 21, 0)]


def test_the_end_of_a_long_text_is_shown_as_that_of_a_short_one():
    begun = "word " * 5_000
    (fragment,) = snippet(begun + "Here is a liver. " + "Filler sentence without it. " * 20, of(("liver",))).fragments
    assert (fragment.before, fragment.after) == (True, True)
    (fragment,) = snippet(begun + "Here a liver ends it.", of(("liver",))).fragments
    assert fragment.text.endswith("word Here a liver ends it.")
    assert (fragment.before, fragment.after) == (True, False)


@pytest.mark.parametrize("length", [19_999, 20_000, 20_001, 39_999, 40_000, 50_000])
def test_a_long_text_without_blanks_is_searched_to_its_end(length):
    (fragment,) = snippet("字" * length + "肝", of(("肝",))).fragments
    assert [fragment.text[start:end] for start, end in fragment.highlights] == ["肝"]
    assert (fragment.before, fragment.after) == (True, False)


def test_a_match_that_fits_into_no_fragment_does_not_hide_one_that_does():
    (fragment,) = snippet("IL" + " " * 250 + "6. Later IL-6 rises.", of(("il", "6"))).fragments
    assert [fragment.text[start:end] for start, end in fragment.highlights] == ["IL-6"]


def test_an_earlier_fragment_of_less_weight_is_not_chosen():
    """Though within its reach there is as much, but in a sentence that is too long to show beside it."""
    long = "word " * 30 + "cancer " + "word " * 50
    text = f"A liver. {long}end. " + "Filler sentence without it. " * 20 + "The liver. A cancer. An extra."
    (fragment,) = snippet(text, Highlighter({("liver",): 2.0, ("cancer",): 1.5, ("extra",): 0.1})).fragments
    assert fragment.text.startswith("The liver. A cancer.")

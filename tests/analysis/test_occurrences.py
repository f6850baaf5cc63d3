"""Words found by their beginnings are those that tokenizing everything finds."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qtsearch.analysis import analyzer
from qtsearch.analysis.occurrences import Occurrences, beginnings, shared_beginnings
from qtsearch.analysis.spelling_variants import RULES

_RULE_PARTS = sorted({part for rule in RULES for part in re.findall("[a-z]+", rule.pattern.replace("\\1", ""))})
_SUFFIXES = (
    "y ies ied s es 's ed ing ings ly ingly edly eed eedly er ers or able ability abilities ibility ibly ation ational"
    " ationally ator izer isation ise ises ising alism ality ally fulness fully ously ousness iveness ivity bly ogy"
    " ogist lessly icate icity ical ness ative ement ment ent ence ency ance ancy ion sion tion al ic ous ive ize e"
    " l le"
).split()
letters = st.text(alphabet="abcdefghilmnoprstuwxyz", max_size=4)
plain_words = st.builds(
    "".join, st.lists(letters | st.sampled_from(_RULE_PARTS + _SUFFIXES), min_size=1, max_size=5)
).map(lambda word: word.replace("'", ""))

texts = st.text() | st.text(alphabet="aZ09 '’–—.…é\u0301\u00a0\u00adß肝_²٣≥β") | st.text(alphabet="aAb1 '’`.")


def begins_rightly(word):
    return not word or word.startswith(beginnings(analyzer.term_of(word)))


@settings(max_examples=2000)
@given(plain_words)
@example("dying")
@example("skies")
@example("sensibilities")
@example("oesophagus")
@example("aetiology")
@example("haemorrhoids")
@example("fuellous")
@example("mouldy")
@example("leucocytes")
@example("aeroplanes")
def test_plain_words_begin_as_their_terms_foretell(word):
    assert begins_rightly(word)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.reason)
def test_so_do_british_words(rule):
    stems = re.findall("[a-z]+", re.sub(r"\(\?[<=!:]+|\\1", " ", rule.pattern))
    words = {first + rule.trigger + last for first in ["", "a", *stems] for last in ["", *stems, *_SUFFIXES]}
    assert [word for word in words if not begins_rightly(re.sub("[^a-z]", "", word))] == []


_BEFORE_DIGRAPHS = (
    "h p gyn f c cc l pal arch ph medi prim spiroch pr t am pn rrh hom acop man anti trans non hyper sub mid di an"
    " met a o"
).split()
_AFTER_DIGRAPHS = (
    "mia sthet tio dis cum sari sarea siu rulo val vum o on t ti tit vi cord ni tal tus tid to li b a i op uv soph str"
    " dem m s"
).split()


@pytest.mark.parametrize("digraph", ["ae", "oe"])
def test_so_do_words_with_digraphs(digraph):
    words = [
        first + digraph + last + ending
        for first in ["", "x", *_BEFORE_DIGRAPHS]
        for last in _AFTER_DIGRAPHS
        for ending in ("", "s", "ing", "ity", "ous", "y")
    ]
    assert [word for word in words if not begins_rightly(word)] == []


def looked_at(texts, letters):
    """Return the words that are looked at for some beginnings, text by text."""
    plain, odd = Occurrences(texts).beginning_with(letters)
    found = [[] for _ in texts]
    for number, start, word in [*plain, *odd]:
        found[number].append((start, start + len(word), word))
    return found


@given(texts)
def test_every_word_of_a_term_is_found(text):
    tokens = {(match.start(), match.end()): analyzer.term_of(match[0]) for match in analyzer.find_words(text)}
    for term in set(tokens.values()):
        (found,) = looked_at([text], shared_beginnings(beginnings(term)))
        terms = {(start, end): analyzer.term_of(word) for start, end, word in found}
        assert len(terms) == len(found)
        assert {place for place, other in terms.items() if other == term} == {
            place for place, other in tokens.items() if other == term
        }
        assert terms.items() <= tokens.items()


@given(st.lists(texts, max_size=4), st.sets(st.sampled_from(["a", "ab", "aaaa", "i", "09", "0"])))
@example(["0", "A'A"], {"a", "09"})
def test_texts_together_have_the_words_that_they_have_alone(some, wanted):
    letters = shared_beginnings(wanted)
    alone = [set(looked_at([text], letters)[0]) for text in some]
    assert [set(found) for found in looked_at(some, letters)] == alone


@given(st.lists(texts, min_size=1, max_size=3))
def test_next_words_are_those_of_the_text(some):
    places, found, end = Occurrences(some), [], 0
    while word := places.next_word(len(some) - 1, end):
        found.append(word.span())
        end = word.end()
    assert found == [match.span() for match in analyzer.find_words(some[-1])]


@given(st.sets(st.text(alphabet="abc", min_size=1, max_size=8)))
def test_shared_beginnings_are_few_and_tell_apart(wanted):
    shared = shared_beginnings(wanted)
    assert all(sum(map(letters.startswith, shared)) == 1 for letters in wanted)
    assert len(shared) <= 16


def test_many_beginnings_are_shared():
    assert shared_beginnings(f"hepat{chr(97 + i % 26)}{i}" for i in range(5000)) == ["hepa"]


@pytest.mark.parametrize("text", ["a'" * 10_000, "é" * 20_000, "a" * 20_000, "a1" * 10_000, "é'a " * 5_000])
def test_hostile_texts_have_the_same_words(text):
    starts = [start for start, _, _ in looked_at([text], ["a"])[0]]
    assert sorted(starts) == [m.start() for m in analyzer.find_words(text) if m[0][0] == "a" or not m[0].isascii()]


def test_few_plain_words_are_looked_at():
    text = "A hepatic disease: hepatitis B, C and 2 more; Hepatology isn't about it. It'll do"
    assert [word for _, _, word in looked_at([text], ["hepa", "2"])[0]] == [
        "hepatic",
        "hepatitis",
        "2",
        "hepatology",
        "isn't",
        "it'll",
    ]

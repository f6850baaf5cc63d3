import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis.edit_distance import edit_distance, within_distance
from qtsearch.query.language import MAX_TEXT, parse
from qtsearch.query.suggest import (
    MAX_CORRECTED,
    MAX_CORRECTED_TEXT,
    Correction,
    Replacement,
    corrected_text,
    did_you_mean,
    typed_words,
)
from qtsearch.query.word_list import WordList
from tests.query.strategies import hostile_texts

WORDS = {
    "heart": 700, "attack": 90, "part": 800, "cancer": 900, "breast": 110, "best": 370, "diabetes": 490,
    "diabetic": 70, "immune": 200, "checkpoint": 20, "immunotherapy": 40, "hepatocellular": 11, "carcinoma": 80,
    "treatment": 900, "therapy": 300, "type": 500, "the": 4000, "of": 4000, "hcc": 12, "or": 900, "oral": 3,
}  # fmt: skip


class Words:
    """A ``suggest.Dictionary`` of some words with their document frequencies."""

    def __init__(self, doc_freqs):
        self._doc_freqs = doc_freqs
        self._list = WordList.of(word.encode() for word in doc_freqs)

    def doc_freq(self, word):
        return self._doc_freqs.get(word, 0)

    def within(self, word, distance):
        for number in self._list.within(word, distance).tolist():
            yield self._list.word(number), self.doc_freq(self._list.word(number))


DICTIONARY = Words(WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hepatocelular carcenoma", "hepatocellular carcinoma"),
        ("hart attak", "heart attack"),
        ("Diabets type 2?", "Diabetes type 2?"),
        ("DIABETS", "DIABETES"),
        ("immuno therapy", "immunotherapy"),
        ("immuno-therapy", "immunotherapy"),
        ("immunecheckpoint", "immune checkpoint"),
        ("+immunecheckpoint cancer", '+"immune checkpoint" cancer'),
        ("title:immunecheckpoint", 'title:"immune checkpoint"'),
        ('"hart attak"~3 AND cancer', '"heart attack"~3 AND cancer'),
        ("title:diabets^2 subject:diabets", "title:diabetes^2 subject:diabets"),
        ('carcenoma subject:"carcenoma x"', 'carcinoma subject:"carcenoma x"'),
        ("(cancr OR carcenoma) NOT diabets", "(cancer OR carcinoma) NOT diabets"),
        ("carcenoma~ carcenoma", "carcenoma~ carcinoma"),
    ],
)
def test_what_was_meant(typed, meant):
    found = did_you_mean(typed, DICTIONARY)
    assert found is not None and found.text == meant


def test_neither_a_field_nor_a_stop_word():
    """Nobody means ``time:`` by ``title:``, or searches for ``for``."""
    words = Words({"time": 90, "for": 900, "answers": 9, "cancer": 50})
    for typed in ("title:", "answer: cancer", "cancer title:", "foz"):
        assert did_you_mean(typed, words) is None
    assert did_you_mean("titme cancer", words).text == "time cancer"


@pytest.mark.parametrize(
    "typed",
    ["", "heart attack", "HCV", "hx", "h", "12345", "the", "diabets*", "diabets~", "di?bets", "-diabets", "糖尿病",
     "subject:diabets", "hart:cancer", "breast cancer hart:12", "qqqqqqqq", "prt", "date:2024", "?!"],
)  # fmt: skip
def test_nothing_to_correct(typed):
    assert did_you_mean(typed, Words({word: freq for word, freq in WORDS.items() if word != "part"})) is None


def test_other_words_of_the_query_decide():
    assert did_you_mean("brest cancer", DICTIONARY) == Correction("best cancer", (Replacement(0, 5, "best"),))
    asked = []

    def together(word, others):
        asked.append((word, tuple(others)))
        return {"breast": 95, "best": 195}.get(word, 0)

    found = did_you_mean("brest of cancer", DICTIONARY, together)
    assert found is not None and found.text == "breast of cancer"
    assert ("breast", ("cancer",)) in asked


def test_two_words_written_as_one_must_belong_together():
    words = Words({"treat": 300, "mnt": 40, "treatment": 900, "ckd": 50})
    with_ckd = {"treat": 20, "treatment": 30, "mnt": 0}

    def together(word, others):
        if "ckd" in others:
            return with_ckd[word]
        return 4

    corrected = did_you_mean("ckd treatmnt", words, together)
    assert corrected is not None and corrected.text == "ckd treatment"


def test_the_first_letter_is_seldom_wrong():
    words = Words({"mart": 20, "hard": 10})
    found = did_you_mean("hart", words)
    assert found is not None and found.text == "hard"


def test_only_some_unknown_words_are_looked_after():
    text = " ".join(f"cance{letter}" for letter in "abcdefghijkl")
    found = did_you_mean(text, DICTIONARY)
    assert found is not None and len(found.replacements) == MAX_CORRECTED


def test_the_same_mistake_is_mended_everywhere():
    found = did_you_mean("cancr or not cancr", DICTIONARY)
    assert found is not None and found.text == "cancer or not cancer"


def test_nothing_is_proposed_for_a_pasted_page():
    text = "cancr".rjust(MAX_CORRECTED_TEXT)
    found = did_you_mean(text, DICTIONARY)
    assert found is not None and found.text == text.replace("cancr", "cancer")
    assert did_you_mean(f" {text}", DICTIONARY) is None


def test_a_colon_that_ends_a_word_makes_it_no_field():
    found = did_you_mean("cancr: heart", DICTIONARY)
    assert found is not None and found.text == "cancer: heart"


@pytest.mark.parametrize(
    "piece", ["id: cancr ", "cancr heart", 'subject:"a', "immuno therapy ", "cancr~ cancr ", "a:b"]
)
def test_pasted_pages_take_linear_time(piece):
    text = piece * (MAX_TEXT // len(piece))
    words = typed_words(text, parse(text).root)
    assert all(text[word.start : word.end].casefold() == word.word for word in words)


@given(hostile_texts)
def test_no_text_raises_and_the_rest_of_it_stays(text):
    found = did_you_mean(text, DICTIONARY, lambda word, others: len(word) % 3)
    if found is None:
        return
    assert found.text == corrected_text(text, found.replacements)
    place = 0
    rest = found.text
    for start, end, instead in found.replacements:
        assert place <= start < end <= len(text)
        kept = text[place:start]
        assert rest.startswith(kept + instead)
        rest = rest[len(kept) + len(instead) :]
        place = end
    assert rest == text[place:]


@given(hostile_texts)
def test_typed_words_stand_where_they_say(text):
    last = 0
    for word, start, end in typed_words(text, parse(text).root):
        assert word and last <= start < end <= len(text)
        last = end


def _oracle(a, b):
    """Optimal string alignment by its recursive definition."""
    if not a or not b:
        return len(a) + len(b)
    best = min(_oracle(a[:-1], b) + 1, _oracle(a, b[:-1]) + 1, _oracle(a[:-1], b[:-1]) + (a[-1] != b[-1]))
    if len(a) > 1 and len(b) > 1 and a[-1] == b[-2] and a[-2] == b[-1]:
        best = min(best, _oracle(a[:-2], b[:-2]) + 1)
    return best


_short = st.text(alphabet="abcé", max_size=5)


@given(_short, _short)
def test_edit_distance(a, b):
    assert edit_distance(a, b) == _oracle(a, b) == edit_distance(b, a)
    assert all(within_distance(a, b, limit) == (_oracle(a, b) <= limit) for limit in range(4))

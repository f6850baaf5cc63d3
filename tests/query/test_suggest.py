import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis.edit_distance import edit_distance, within_distance
from qtsearch.analysis.phonetics import phonetic_key
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
from qtsearch.scoring.word_list import WordList
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

    def sounding(self, key, distance):
        near = (word for word in self._doc_freqs if within_distance(phonetic_key(word), key, distance))
        return [(word, self._doc_freqs[word]) for word in near]

    def beginning(self, prefix):
        return [(word, doc_freq) for word, doc_freq in self._doc_freqs.items() if word.startswith(prefix)]


DICTIONARY = Words(WORDS)


class AnyCompany:
    """A ``suggest.Company`` without rhyme or reason."""

    def together(self, word, others):
        return len(word) % 3

    def holding(self, words):
        return len(words) % 4

    def doc_freq_as_written(self, word):
        return len(word) % 5

    def are_neighbours(self, first, second):
        return len(first) % 2 == 0


class Company:
    """A ``suggest.Company`` of some words: in how many articles they stand together, and alone."""

    def __init__(self, together, holding):
        self._together = together
        self._holding = holding

    def together(self, word, others):
        return max((self._together.get((word, other), 0) for other in others), default=0)

    def holding(self, words):
        return max((self._holding.get(word, 0) for word in words), default=0)

    def doc_freq_as_written(self, word):
        return self._holding.get(word, 0)

    def are_neighbours(self, first, second):
        return (first.lower(), second.lower()) in self._together


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
    assert did_you_mean("brest cancer", DICTIONARY) == Correction(
        "best cancer", (Replacement(0, 5, "best", "instead"),)
    )
    company = Company({("breast", "cancer"): 95, ("best", "cancer"): 195}, WORDS)
    found = did_you_mean("brest of cancer", DICTIONARY, company)
    assert found is not None and found.text == "breast of cancer"


def test_two_words_written_as_one_must_belong_together():
    words = Words({"treat": 300, "mnt": 40, "treatment": 900, "ckd": 50})
    company = Company({("treat", "ckd"): 20, ("treatment", "ckd"): 30, ("treat", "mnt"): 4}, {"ckd": 50})
    corrected = did_you_mean("ckd treatmnt", words, company)
    assert corrected is not None and corrected.text == "ckd treatment"


def test_a_common_word_belongs_to_a_rare_one_as_far_as_it_can():
    """No more articles can hold both than there are of the rare one."""
    words = Words({"research": 1200, "res": 4, "arch": 4, "polymyositis": 11})
    company = Company({("research", "polymyositis"): 3}, {"polymyositis": 11})
    corrected = did_you_mean("polymyositis resarch", words, company)
    assert corrected is not None and corrected.text == "polymyositis research"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lu ng cancer", "lung cancer"),
        ("Can cer?", "Cancer?"),
        ("of lu ng", "of lung"),
        ("lu ng can cer", "lung cancer"),
        ("lu ng cancr", "lung cancer"),
        ("lu-ng cancer", None),
        ("NOT able", None),
        ("cancer OR al", None),
        ("not able", "notable"),
        ("in to lung", None),  # two stop words
        ("cancer NOT lu ng", None),
        ("cancer -lu ng", None),
        ('"a lu ng b" cancer', None),
        ('author:"dr lu ng x" cancer', None),
        ("heart burn", None),  # two words that stand side by side somewhere
        ("type s", None),  # two articles are too few
    ],
)
def test_a_word_that_a_blank_tore_apart(typed, meant):
    words = Words(
        {"lu": 9, "ng": 40, "lung": 90, "can": 900, "cer": 2, "cancer": 500, "of": 900, "heart": 90, "burn": 20,
         "heartburn": 50, "type": 30, "s": 70, "types": 2, "not": 900, "able": 50, "or": 900, "al": 30,
         "in": 900, "to": 900, "a": 900, "b": 30, "dr": 9, "x": 9}
    )  # fmt: skip
    company = Company(
        {("heart", "burn"): 1},
        {"lung": 90, "cancer": 500, "heartburn": 50, "types": 2, "notable": 9, "oral": 9, "into": 90},
    )
    found = did_you_mean(typed, words, company)
    assert (found and found.text) == meant


@pytest.mark.parametrize(
    ("typed", "likelier", "other"),
    [
        ("acncer", "cancer", "ancer"),  # a swap before a letter too many
        ("cancerr", "cancer", "cancers"),  # doubled before another letter
        ("fovus", "focus", "fonus"),  # c is beside v, n is not
        ("diabutes", "diabetes", "diabqtes"),  # a vowel for a vowel
        ("lunf", "lung", "lunx"),  # the key to the right
        ("lifer", "liver", "limer"),  # the key below
        ("lixer", "lixier", "limer"),  # a letter too few before another letter
    ],
)
def test_some_mistakes_are_likelier_than_others(typed, likelier, other):
    found = did_you_mean(typed, Words({likelier: 10, other: 11}))
    assert found is not None and found.text == likelier


def test_the_first_letter_is_seldom_wrong():
    words = Words({"mart": 20, "hard": 10})
    found = did_you_mean("hart", words)
    assert found is not None and found.text == "hard"


@pytest.mark.parametrize("typed", ["12346", "hz", "CANCR", "HCV cancer", "cancer HCV", "糖尿症"])
def test_neither_numbers_nor_two_letters_nor_abbreviations_are_mistakes(typed):
    assert did_you_mean(typed, Words({"12345": 90, "hx": 90, "cancer": 900, "hcc": 90, "糖尿病": 90})) is None


def test_in_a_sentence_all_in_capitals_a_short_word_is_no_abbreviation():
    found = did_you_mean("HART ATTAK", DICTIONARY)
    assert found is not None and found.text == "HEART ATTACK"


def test_little_words_are_no_company():
    """Every article holds them, and with them the commonest word."""
    company = Company(
        {("breast", "cancer"): 95, ("best", "cancer"): 195, ("breast", "of"): 110, ("best", "of"): 370}, WORDS
    )
    found = did_you_mean('brest "of cancer"', DICTIONARY, company)
    assert found is not None and found.text == 'breast "of cancer"'


def test_what_becomes_one_word_is_corrected_once():
    words = Words({"hepatocellular": 11, "cellulars": 5, "hepatox": 5, "cellularcarcinoma": 3, "carcinoma": 80})
    found = did_you_mean("hepato cellular carcinoma", words)
    assert found is not None and found.text == "hepatocellular carcinoma"


@pytest.mark.parametrize("typed", ["heart burn cancr", "immuno, therapy cancr"])
def test_neither_two_known_words_nor_two_with_a_comma_between_them_become_one(typed):
    words = Words({"heart": 90, "burn": 20, "heartburn": 50, "cancer": 500, "therapy": 90, "immunotherapy": 40})
    found = did_you_mean(typed, words)
    assert found is not None and found.text == typed.replace("cancr", "cancer")


def test_a_part_of_a_wildcard_is_not_corrected():
    found = did_you_mean("carcenoma *carcenoma", DICTIONARY)
    assert found is not None and found.text == "carcinoma *carcenoma"


def test_short_words_are_mistyped_in_one_letter_at_most():
    words = Words({"heart": 90})
    assert did_you_mean("hext", words) is None
    assert did_you_mean("hxaxt", words).text == "heart"


def test_an_edit_more_is_worth_a_word_150_times_rarer():
    assert did_you_mean("carcenoma", Words({"carcinoma": 1, "carcinomas": 100})).text == "carcinoma"
    assert did_you_mean("carcenoma", Words({"carcinoma": 1, "carcinomas": 400})).text == "carcinomas"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sifilis", "syphilis"),  # three letters, and no sound, away
        ("Skizofrenia treatment", "Schizophrenia treatment"),
        ("skizofranya", "schizophrenia"),  # two sounds in a long word
        ("siflas", None),  # but not in a short one
        ("siflis", "syphilis"),
        ("fati", "fatty"),
        ("fata", None),  # one of so few sounds is too much
        ("fis", None),  # too short to tell what was heard
        ("deside", "decide"),  # as rare as device, which is one letter away, and another sound
    ],
)
def test_words_written_by_ear(typed, meant):
    words = Words(
        {"syphilis": 20, "schizophrenia": 9, "fatty": 5, "phiz": 9, "treatment": 99} | {"decide": 30, "device": 30}
    )
    found = did_you_mean(typed, words)
    assert (found and found.text) == meant


@pytest.mark.parametrize(
    ("typed", "meant", "is_near"),
    [
        ("cancr", "cancer", True),
        ("cancir", "cancer", True),
        ("kancer", "cancer", True),  # by its sound
        ("diabe", "diabetes", True),  # half typed
        ("purt", "part", True),
        ("pazt", "part", False),  # a letter far from the right one costs more than a word of four may
        ("cabter", "cancer", False),  # two edits in a word of six
        ("carcinami", "carcinoma", False),  # or nine
        ("hepatoselula", "hepatocellular", True),  # a sound is missing
        ("immunothurape", "immunotherapy", True),
        ("hepatocelulr", "hepatocellular", True),
        ("heartattack", "heart attack", True),
        ("parrt canceer", "part cancer", True),
    ],
)
def test_what_is_searched_for_without_asking_is_nearer_than_what_is_proposed(typed, meant, is_near):
    found = did_you_mean(typed, DICTIONARY)
    assert found is not None and found.text == meant
    assert {one.use for one in found.replacements} == {"instead" if is_near else "proposed"}


@pytest.mark.parametrize(
    ("typed", "known", "use"),
    [
        ("hypokalemia", "hyperkalemia", "proposed"),
        ("hyperkalemia", "hypokalemia", "proposed"),
        ("endogenously", "exogenously", "proposed"),
        ("osteoarthritis", "osteoarthrosis", "proposed"),
        ("asymptomatic", "symptomatic", "proposed"),
        ("symptomatic", "asymptomatic", "proposed"),
        ("unstableness", "stableness", "proposed"),
        ("hyprekalemai", "hyperkalemia", "instead"),  # two slips
        ("symptomaticc", "symptomatic", "instead"),
        ("bsymptomatic", "symptomatic", "instead"),
        ("schizofrenia", "schizophrenia", "instead"),  # two edits side by side, but no other sound
        ("athsma", "asthma", "instead"),  # three letters in another order
        ("permenant", "permanent", "instead"),
        ("tizanidine", "nizatidine", "proposed"),  # from the first letter
        ("reserve", "reverse", "proposed"),  # over more than three
        ("stye", "xti", "proposed"),  # so few sounds say little
    ],
)
def test_opposites_are_no_slips(typed, known, use):
    found = did_you_mean(typed, Words({known: 9}))
    assert found is not None and [(one.text, one.use) for one in found.replacements] == [(known, use)]


@pytest.mark.parametrize(
    ("text", "neighbours", "uses"),
    [
        ("dizzy bod", {("dizzy", "bad")}, ["instead"]),
        ("dizzy bod", {("bad", "dizzy")}, ["proposed"]),
        ("bod is dizzy", {("bad", "is dizzy")}, ["instead"]),  # with the stop words between
        ("bod is dizzy", {("bad", "dizzy")}, ["proposed"]),
        ("dizzy bod dizzy", {("bad", "dizzy")}, ["instead"]),
        ("bod", set(), ["proposed"]),  # three letters and nothing beside them say too little
        ("canxer", set(), ["instead"]),
        ("dizzy canxer", set(), ["instead"]),  # a long word says enough
        ("dizzy fevar", set(), ["proposed"]),
        ("dizzy fevar", {("dizzy", "fever")}, ["instead"]),
        ("bod canxer", set(), ["proposed", "instead"]),  # what is mistyped itself is no company
        ("fevar canxer", set(), ["instead", "instead"]),
    ],
)
def test_short_words_are_near_where_they_fit(text, neighbours, uses):
    words = Words({"dizzy": 9, "bad": 9, "canter": 9, "fever": 9})
    found = did_you_mean(text, words, Company(dict.fromkeys(neighbours, 5), {}))
    assert found is not None and [one.use for one in found.replacements] == uses


def test_two_words_written_as_one_stand_side_by_side_somewhere():
    words = {"heart": 9, "attack": 9, "hem": 9, "roids": 9}
    for text, meant in ("heartattack", "heart attack"), ("hemroids", "hem roids"):
        apart = did_you_mean(text, Words(words), Company({}, {}))
        beside = did_you_mean(text, Words(words), Company({tuple(meant.split()): 3}, {}))
        assert beside is not None and beside.replacements == (Replacement(0, len(text), meant, "instead"),)
        # Halves of three letters are too many to be looked for.
        assert (apart and apart.replacements[0].use) == (None if text == "hemroids" else "proposed")


def test_what_a_blank_tore_into_known_words_is_searched_for_beside_them():
    words = {"lung": 8, "lu": 1, "ng": 9, "can": 900, "cer": 1, "cancer": 8, "about": 99, "ab": 1, "out": 5, "down": 9}
    for text, meant in ("lu ng", "lung"), ("can cer", "cancer"):
        found = did_you_mean(text, Words(words), Company({}, words))
        assert found == Correction(meant, (Replacement(0, len(text), meant, "beside"),))
    # A letter is a name, and nobody searches for a stop word.
    assert did_you_mean("vitamin d own", Words({**words, "vitamin": 9, "d": 9, "own": 9}), Company({}, words)) is None
    assert did_you_mean("ab out", Words(words), Company({}, words)) is None


@pytest.mark.parametrize(
    ("typed", "doc_freq", "use"),
    [
        ("vitamin cer", 2, "proposed"),
        ("vitamin cer", 3, "instead"),
        ("vitam cer", 1, "instead"),
        ("cer vitamin", 0, None),
    ],
)
def test_a_known_half_is_lost_only_to_a_word_of_some_articles(typed, doc_freq, use):
    found = did_you_mean(typed, Words({"vitamin": 9, typed.replace(" ", ""): doc_freq}))
    assert (found and [one.use for one in found.replacements]) == (use and [use])


@pytest.mark.parametrize("text", ["chf cancer", "htn", "coq10", "10coq", "HCC 2", "IBS HCX", 'diet -"skin canxer"'])
def test_abbreviations_names_and_what_is_excluded_are_left_alone(text):
    words = Words({"chd": 9, "htm": 9, "cow": 99, "coq": 0, "hc": 9, "ibs": 9, "hcx": 0, "diet": 9, "skin": 9, "2": 3})
    found = did_you_mean(text, words)
    assert found is None or all(one.text == "cancer" for one in found.replacements)


def test_an_excluded_word_is_left_alone_where_it_is_searched_for_too():
    for text in ("cancr -cancr", 'cancr -"heart cancr"', "cancr NOT cancr"):
        found = did_you_mean(text, DICTIONARY)
        assert found is not None and found.text == text.replace("cancr", "cancer", 1)


def test_a_boost_stays_with_both_words():
    found = did_you_mean("heartattack^3", DICTIONARY)
    assert found is not None and found.text == '"heart attack"^3'


def test_what_is_heard_costs_an_edit_and_one_more_for_each_sound():
    def meant(doc_freqs):
        found = did_you_mean("fonemik", Words({"fonemi": 100} | doc_freqs))  # which is one edit away
        return found.text if found else ""

    assert (meant({"phonemik": 99}), meant({"phonemik": 101})) == ("fonemi", "phonemik")
    # A word that is e**5 times as frequent makes up for one more.
    assert (meant({"phonemit": 14_800}), meant({"phonemit": 14_900})) == ("fonemi", "phonemit")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rheumatoid arthr", "rheumatoid arthritis"),
        ("rheumatoid Arthr", "rheumatoid Arthritis"),
        ("arthr", "arthritis"),
        ("rheumatoid arth", "rheumatoid arthritis"),
        ("rheumatoid art", None),  # too short to say so much
        ("rheumatoid arthr ", "rheumatoid artery "),  # a blank ends a word
        ("arthr rheumatoid", "artery rheumatoid"),
        ("rheumatoid arthr?", "rheumatoid artery?"),
        ("rheumatoid artry", "rheumatoid artery"),
    ],
)
def test_the_last_word_may_be_half_of_any_word(typed, meant):
    found = did_you_mean(typed, Words({"rheumatoid": 50, "artery": 300, "arthritis": 90, "arthropod": 2}))
    assert (found and found.text) == meant


@pytest.mark.parametrize(
    ("typed", "meant", "uses"),
    [
        ("hep b", "hepatitis b", ["instead"]),
        ("hep b shot", "hepatitis b shot", ["instead"]),
        ("b hep", "b help", ["proposed"]),  # "b hepatitis" is nowhere
        ("hep", "help", ["proposed"]),  # three letters say little
        ("cancer of the liv", "cancer of the liver", ["instead"]),
        ("liv cancer", "live cancer", ["proposed"]),
    ],
)
def test_any_word_may_be_half_of_one_that_stands_beside_its_neighbours(typed, meant, uses):
    words = {"hepatitis": 50, "help": 900, "b": 90, "liver": 200, "live": 900, "cancer": 500, "shot": 9}
    pairs = [("hepatitis", "b"), ("cancer of the", "liver")]
    found = did_you_mean(typed, Words(words), Company(dict.fromkeys(pairs, 5), {}))
    assert found is not None
    assert (found.text, [one.use for one in found.replacements]) == (meant, uses)


def test_four_letters_alone_may_have_been_written_by_ear():
    words = Words({"asthma": 60, "inhaler": 9})
    for typed, uses in (("azma", ["instead"]), ("azma inhaler", ["proposed"])):
        found = did_you_mean(typed, words, Company({}, {}))
        assert found is not None and [one.use for one in found.replacements] == uses


def test_half_a_word_goes_on_as_its_company_has_it():
    words = Words({"lyme": 20, "arthritis": 90, "arthroplasty": 500})
    company = Company({("arthritis", "lyme"): 15, ("arthroplasty", "lyme"): 1}, {"lyme": 20})
    found = did_you_mean("lyme arthr", words, company)
    assert found is not None and found.text == "lyme arthritis"


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
    found = did_you_mean(text, DICTIONARY, AnyCompany())
    if found is None:
        return
    assert found.text == corrected_text(text, found.replacements)
    place = 0
    rest = found.text
    for start, end, instead, _ in found.replacements:
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


def test_two_words_written_as_one_cost_two_more_than_an_edit():
    def meant(doc_freq):
        found = did_you_mean("foodlabs", Words({"foodlab": 10, "food": doc_freq, "labs": 900}))
        return found.text if found else ""

    # A word that is e**2 times as frequent makes up for it.
    assert (meant(73), meant(74)) == ("foodlab", "food labs")


@pytest.mark.parametrize(
    ("typed", "meant"), [("gutlung", "gut lung"), ("lunggut", "lung gut"), ("cylung", "lung"), ("lungcy", "lung")]
)
def test_each_of_two_words_written_as_one_has_three_letters_or_more(typed, meant):
    found = did_you_mean(typed, Words({"gut": 20, "cy": 20, "lung": 90}))
    assert (found and found.text) == meant


def test_a_mistake_is_no_company_for_what_it_means():
    """No article holds it, and beside it every word would look equally odd: how frequent one is decides then."""
    words = {"carcinoma": 1, "carcinomas": 400}
    found = did_you_mean("carcenoma", Words(words), Company({}, words))
    assert found is not None and found.text == "carcinomas"


def test_what_share_of_the_articles_hold_both_counts_twice():
    """100 of 1,000 are worth as much as 10 of 31.6."""

    def meant(doc_freq):
        words = Words({"focus": 990, "fobus": doc_freq, "lens": 5000})
        company = Company({("focus", "lens"): 99, ("fobus", "lens"): 9}, {"lens": 5000})
        found = did_you_mean("fomus lens", words, company)
        return found.text if found else ""

    assert (meant(21), meant(22)) == ("fobus lens", "focus lens")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fantomik", "phantomat"),  # eight sounds, two of them wrong
        ("fantomik", None),  # or three
        ("fantomi", None),  # seven, two of them wrong
        ("fantomi", "phantoma"),
        ("fantk", "phantp"),  # five, one of them wrong
        ("fant", None),  # four, one of them wrong
    ],
)
def test_how_many_sounds_may_be_wrong_depends_on_how_many_there_are(typed, meant):
    other = {"fantomik": "phantobat", "fantomi": "phantoba", "fant": "phanp"}[typed] if meant is None else meant
    found = did_you_mean(typed, Words({other: 9}))
    assert (found and found.text) == meant


@pytest.mark.parametrize(("typed", "meant"), [("сердцо", "сердце"), ("tänzar", "tanzer")])
def test_words_of_other_alphabets_are_corrected(typed, meant):
    found = did_you_mean(typed, Words({"сердце": 90, "tanzer": 9}))
    assert found is not None and found.text == meant


def test_a_word_of_forty_letters_is_corrected_and_no_longer_one():
    known = "ab" * 20
    words = Words({known: 9, known + "ab": 9})
    assert did_you_mean("cb" + known[2:], words).text == known
    assert did_you_mean("cb" + known, words) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("typ es", "types"),
        ("ab cd", "abcd"),
        ("a bc", None),  # too short
        ("covid 19", None),  # a number is no part of a word
        ("19 covid", None),
        ("x" * 20 + " " + "x" * 20, "x" * 40),
        ("x" * 20 + " " + "x" * 21, None),
    ],
)
def test_three_articles_must_hold_a_word_of_4_to_40_letters_that_a_blank_tore_apart(typed, meant):
    holding = dict.fromkeys(typed.split(), 2) | {typed.replace(" ", ""): 3}
    found = did_you_mean(typed, Words(holding), Company({}, holding))
    assert (found and found.text) == meant


def test_only_some_words_that_blanks_tore_apart_are_looked_after():
    holding = {"lung": 90, "lu": 1, "ng": 1}
    found = did_you_mean("lu ng " * (MAX_CORRECTED + 2), Words(holding), Company({}, holding))
    assert found is not None and len(found.replacements) == MAX_CORRECTED


@pytest.mark.parametrize(
    ("typed", "first", "other", "cost"),
    [
        ("acncer", "cancer", "ancer", 1.5),  # a swap before a letter too many
        ("cancerr", "cancer", "cancers", 2.5),  # a doubled letter before another letter
        ("glotis", "glottis", "gloxis", 2.5),  # one of a double left out
        ("lunf", "lung", "lunx", 1.5),  # a neighbouring key
        ("diabutes", "diabetes", "diabqtes", 1.5),  # a vowel for a vowel
        ("lixer", "lixier", "limer", 1.0),  # a letter too few
        ("canczr", "cancz", "cancer", 1.0),  # a letter too many before a vowel that was meant
        ("cancur", "cancr", "cancxr", 1.0),  # or typed
        ("nzymx", "nzym", "enzymx", 2.0),  # the first letter, though the last were the same
        ("hart", "hard", "mart", 2.0),
        ("nzyme", "nzymx", "enzyme", 1.0),  # what is left out at the beginning is none of a double
        ("kull", "kulx", "skull", 1.0),
        ("arthr", "arthritis", "artha", 3.0),  # half typed before another letter
        ("athsma", "asthma", "athqma", 0.0),  # letters astray cost as much as another letter
        ("athsma", "asthma", "athmax", 4.0),  # two edits that leave other letters cost more
    ],
)
def test_what_a_mistake_costs_is_made_up_for_by_a_word_that_is_as_much_more_frequent(typed, first, other, cost):
    def meant(doc_freq):
        return did_you_mean(typed, Words({first: 1000, other: doc_freq})).text

    assert meant(int(1000 * math.exp(cost))) == first
    assert meant(int(1000 * math.exp(cost)) + 1) == other


@pytest.mark.parametrize(
    ("key", "near"),
    [("q", "aw"), ("w", "aeqs"), ("a", "eioqsuwyz"), ("s", "adewxz"), ("g", "bfhtvy"), ("l", "kop"), ("p", "lo"),
     ("z", "asx"), ("x", "cdsz"), ("m", "jkn")],
)  # fmt: skip
def test_the_keys_around_a_key(key, near):
    def is_near(letter):
        """Whether it is nearer than a word of a letter less."""
        return did_you_mean(f"lub{key}", Words({f"lub{letter}": 100, "lub": 100})).text != "lub"

    letters = "abcdefghijklmnopqrstuvwxyz".replace(key, "")
    assert "".join(letter for letter in letters if is_near(letter)) == near


def test_a_wildcard_at_the_beginning_is_not_corrected():
    assert did_you_mean("*carcenoma carcenoma", DICTIONARY).text == "*carcenoma carcinoma"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lu ng cancer", "lung cancer"),  # unknown, and torn apart
        ("lu ng hepato cellular", "lung hepatocellular"),
        ("hepato cellular lu ng", "hepatocellular lung"),
        ("can cer ous", "cancer ous"),  # each piece is taken once
        ("al to", "alto"),  # one of them may be a stop word
        ("to al", "toal"),
    ],
)
def test_what_a_blank_tore_apart_is_mended_once(typed, meant):
    wholes = dict.fromkeys(("lung", "cancer", "hepatocellular", "cerous", "alto", "toal"), 9)
    halves = {} if typed == "lu ng cancer" else dict.fromkeys(("lu", "ng", "can", "cer", "ous", "al", "to"), 5)
    found = did_you_mean(typed, Words(wholes | halves), Company({}, wholes | halves))
    assert found is not None and found.text == meant


def test_half_width_katakana_is_not_corrected():
    """It is one word for the analyzer, but no letter of it is one of an alphabet."""
    assert did_you_mean("ﾄｳﾆｮﾝ", Words({"トウニョウ": 9})) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("CANCR heart", None),
        ("heart CANCR", None),
        ("CANCIR heart", "CANCER heart"),
        ("Cancr heart", "Cancer heart"),
        ("CANCR HEART", "CANCER HEART"),
    ],
)
def test_up_to_five_capitals_are_an_abbreviation(typed, meant):
    found = did_you_mean(typed, DICTIONARY)
    assert (found and found.text) == meant


def test_long_words_are_mistyped_in_two_letters_at_most():
    words = Words({"hepatocellular": 9})
    assert did_you_mean("hepatocxllxlar", words).text == "hepatocellular"
    assert did_you_mean("hepatocxlxlxr", words) is None
    assert did_you_mean("hepxtocxlxular", words) is None


@pytest.mark.parametrize(("together", "meant"), [(80, "lung cancer "), (29, "lungcancers ")])
def test_without_other_words_two_written_as_one_belong_together_as_far_as_they_are_in_the_same_articles(
    together, meant
):
    words = Words({"lung": 90, "cancer": 500, "lungcancers": 5})
    found = did_you_mean("lungcancer ", words, Company({("lung", "cancer"): together}, {}))
    assert found is not None and found.text == meant

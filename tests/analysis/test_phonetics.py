"""Phonetic keys: which words sound alike, and that many keys at once are those of each word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis.edit_distance import edit_distance
from qtsearch.analysis.phonetics import _SOUNDS, phonetic_key, phonetic_keys

words = st.text(st.sampled_from("acehhpstuyz1é語²"), min_size=1, max_size=8)


def _by_hand(word):
    """Return the key of one word, rule after rule, as the comments have them."""
    sound = "^" + word.replace("y", "i").replace("z", "s")
    for rule in _SOUNDS.split():
        sound = sound.replace(*rule.split(":"))
    sound = sound.replace("c", "k").replace("q", "k")
    sound = re.sub(r"(?<!\^)h", "", sound)
    sound = re.sub(r"([a-z])\1+", r"\1", sound)
    return re.sub(r"(?<!\^)e$", "", sound)[1:]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sifilis", "syphilis"),
        ("skizofrenia", "schizophrenia"),
        ("newmonia", "pneumonia"),
        ("sirosis", "cirrhosis"),
        ("glokoma", "glaucoma"),
        ("diarea", "diarrhea"),
        ("kronik", "chronic"),
        ("soriasis", "psoriasis"),
        ("tosis", "ptosis"),
        ("nuckle", "knuckle"),
        ("rist", "wrist"),
        ("zerosis", "xerosis"),
        ("fizishian", "physician"),
        ("ekocardiography", "echocardiography"),
        ("vacuume", "vacuum"),
        ("coffing", "cofing"),
        ("lung", "lunge"),
    ],
)
def test_what_sounds_alike_has_nearly_the_same_key(written, meant):
    assert edit_distance(phonetic_key(written), phonetic_key(meant)) <= (written == "fizishian")


@pytest.mark.parametrize(
    ("one", "other"), [("heart", "art"), ("asthma", "enema"), ("hypertension", "hypotension"), ("11", "1"), ("e", "a")]
)
def test_what_sounds_otherwise_has_another_key(one, other):
    assert phonetic_key(one) != phonetic_key(other)


@given(st.lists(words, max_size=6))
def test_the_keys_of_many_words_are_those_of_each(given_words):
    keys = [phonetic_key(word) for word in given_words]
    assert keys == list(map(_by_hand, given_words))
    assert all(keys)
    assert phonetic_keys("\n".join(given_words).encode()) == "\n".join(keys).encode()

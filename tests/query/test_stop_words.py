import pytest

from qtsearch.analysis.stop_words import STOP_WORDS, is_stop_word


@pytest.mark.parametrize(
    "word",
    [
        "what",
        "who",
        "how",
        "the",
        "of",
        "and",
        "or",
        "not",
        "what's",
        "what’s",
        "don't",
        "don’t",
        "don`t",
        "thanks",
        "hello",
        "know",
    ],
)
def test_function_words_interrogatives_and_requests(word):
    assert is_stop_word(word)


@pytest.mark.parametrize("word", ["", "a", "i", "b", "2", "diabetes", "down", "still", "one", "pain", "day"])
def test_words_that_matter_in_medicine(word):
    assert not is_stop_word(word)


def test_all_are_case_folded_words_of_two_letters_or_more():
    for word in STOP_WORDS:
        assert word == word.casefold()
        assert len(word) > 1
        assert not any(character.isdigit() or character == "’" for character in word)

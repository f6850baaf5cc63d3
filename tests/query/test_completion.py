from hypothesis import given

from qtsearch.query.completion import MAX_COMPLETED, Completion, complete
from tests.query.strategies import hostile_texts

WORDS = {"hepatitis": 90, "hepatic": 70, "hepatocyte": 8, "hepatocytes": 12, "her": 500, "heart": 300}
VALUES = {"subject": [("oncology", 9), ("heart disease", 4)], "author": [("o'neill", 2), ('the "big" one', 1)]}
TITLES = ["What is hepatitis B?", "Hepatic encephalopathy", "Heart failure in hepatitis"]


class Source:
    def words_with_prefix(self, prefix, limit):
        found = [(word, freq) for word, freq in WORDS.items() if word.startswith(prefix)]
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def values_with_prefix(self, column, prefix, limit):
        return [(value, freq) for value, freq in VALUES[column] if value.startswith(prefix.casefold())][:limit]

    def titles_matching(self, words, prefix, limit):
        if not words and not prefix:
            return []
        fit = [title for title in TITLES if all(word in title.lower() for word in [*words, prefix])]
        return fit[:limit]


def texts(typed, limit=10):
    return [found.text for found in complete(typed, Source(), limit)]


def test_words_then_titles():
    assert complete("hepat", Source(), 6) == (
        Completion("hepatitis", "word", 90),
        Completion("hepatic", "word", 70),
        Completion("hepatocytes", "word", 12),
        Completion(TITLES[0], "title"),
        Completion(TITLES[1], "title"),
        Completion(TITLES[2], "title"),
    )


def test_half_of_the_places_are_kept_for_titles():
    assert texts("hepat", 3) == ["hepatitis", "hepatic", TITLES[0]]
    assert texts("hepat", 1) == ["hepatitis"]


def test_places_without_titles_go_to_words():
    assert texts("hepatoc hepat", 3) == ["hepatoc hepatitis", "hepatoc hepatic", "hepatoc hepatocytes"]


def test_forms_of_one_word_are_shown_once_and_stop_words_never():
    assert texts("he")[:3] == ["heart", "hepatitis", "hepatic"]
    assert "hepatocyte" not in texts("hepatoc")


def test_what_stands_before_stays_as_typed():
    assert texts("Heart AND  Hepati")[:1] == ["Heart AND  hepatitis"]
    assert texts("Heart hepati")[-1] == TITLES[2]


def test_behind_a_blank_only_titles():
    assert texts("heart ") == [TITLES[2]]


def test_values_of_a_filter_are_those_that_articles_have():
    assert complete("liver subject:Onc", Source()) == (Completion("liver subject:oncology", "value", 9),)
    assert texts("SUBJECT:he") == ['SUBJECT:"heart disease"']
    assert texts('(author:"O') == ['(author:"o\'neill"']
    assert texts("-subject:") == ["-subject:oncology", '-subject:"heart disease"']
    assert texts('author:"the') == []
    assert texts("subject:oncotype") == texts("url:/h") == texts("date:2024") == []
    assert texts('subject:"heart disease" hepat')[0] == 'subject:"heart disease" hepatitis'


def test_nothing():
    assert texts("") == texts("   ") == texts("?!") == texts("qqq") == texts("hepat", 0) == []
    assert texts("h" * (MAX_COMPLETED + 1)) == []


@given(hostile_texts)
def test_no_text_raises(text):
    assert len(complete(text, Source(), 5)) <= 5

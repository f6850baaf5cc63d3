import pytest
from hypothesis import given

from qtsearch.query.completion import MAX_COMPLETED, Completion, complete
from qtsearch.query.scanner import QUOTES
from tests.query.strategies import hostile_texts

WORDS = {"hepatitis": 90, "hepatic": 70, "hepatocyte": 8, "hepatocytes": 12, "her": 500, "heart": 300}
IN_TITLES = {"hepatitis": 30, "heart": 50}
TOGETHER = {("hepatic", "virus"): 3, ("hepatitis", "virus"): 80, ("heart", "virus"): 5, ("hepatocytes", "vein"): 1}
VALUES = {
    "subject": [("oncology", 9), ("heart disease", 4)],
    "author": [("o'neill", 2), ('the "big" one', 1), ("some “big” one", 1)],
}
TITLES = ["What is hepatitis B?", "Hepatic encephalopathy", "Heart failure in hepatitis"]


class Source:
    def words_with_prefix(self, prefix, limit, field=None):
        held = WORDS if field is None else IN_TITLES if field == "title" else {}
        found = [(word, freq) for word, freq in held.items() if word.startswith(prefix)]
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def together(self, word, others):
        return max(TOGETHER.get((word, other), 0) for other in others)

    def holding(self, words):
        return 100

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
    assert texts("Heart AND  hepati")[:1] == ["Heart AND  hepatitis"]
    assert texts("Heart hepati")[-1] == TITLES[2]


def test_behind_other_words_those_that_stand_with_them():
    assert texts("virus he") == ["virus hepatitis", "virus heart", "virus hepatic"]
    assert texts("virus vein he") == [
        "virus vein hepatitis",
        "virus vein heart",
        "virus vein hepatic",
        "virus vein hepatocytes",
    ]
    assert complete("virus hepati", Source(), 1)[0].documents == 90  # in all, not only beside it
    assert texts("unknown hepati") == ["unknown hepatitis", "unknown hepatic"]


def test_behind_the_name_of_a_field_the_words_of_that_field():
    assert texts("title:he")[:2] == ["title:heart", "title:hepatitis"]
    assert texts("virus TITLE:he")[:2] == ["virus TITLE:hepatitis", "virus TITLE:heart"]
    assert texts("answer:hepat")[:1] == [TITLES[0]]
    assert texts("subtitle:hepat")[:1] == ["subtitle:hepatitis"]


@pytest.mark.parametrize("before", ["-virus ", "NOT virus ", "(-virus "])
def test_what_is_excluded_is_not_what_it_is_about(before):
    assert texts(before + "hepati") == [f"{before}hepatitis", f"{before}hepatic", TITLES[0], TITLES[1], TITLES[2]]


def test_filters_are_not_what_it_is_about():
    assert texts('subject:"heart disease" virus hepat')[0] == 'subject:"heart disease" virus hepatitis'
    assert texts("title:virus hepatic")[0] == "title:virus hepatic"


def test_what_was_typed_of_the_word_stays_too():
    assert texts("Hepati")[0] == "Hepatitis"
    assert texts("HEPATI")[0] == "HEPATITIS"
    assert texts("H")[0] == "Heart"
    assert texts("hépati")[0] == "hepatitis"


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


def test_of_an_even_number_of_places_half_are_kept_for_titles():
    assert texts("hepat", 4) == ["hepatitis", "hepatic", TITLES[0], TITLES[1]]


@pytest.mark.parametrize("quote", QUOTES)
def test_a_quote_that_was_typed_stays_one(quote):
    assert texts(f"liver subject:{quote}onc") == ['liver subject:"oncology"']
    assert texts(f"subject:{quote}heart d") == ['subject:"heart disease"']
    assert texts(f"subject:{quote}heart disease{quote} virus hepat")[:2] == [
        f"subject:{quote}heart disease{quote} virus hepatitis",
        f"subject:{quote}heart disease{quote} virus hepatic",
    ]


def test_a_value_with_a_quote_inside_cannot_be_written():
    assert texts("author:the") == texts("author:some") == []


def test_a_beginning_in_capitals_goes_on_in_capitals():
    assert texts("HE")[0] == "HEART"


def test_a_text_that_comes_from_no_search_box_is_not_completed():
    longest = "hepat".rjust(MAX_COMPLETED)
    assert texts(longest)[0] == longest + "itis"
    assert texts(" " + longest) == []


def test_nothing():
    assert texts("") == texts("   ") == texts("?!") == texts("qqq") == texts("hepat", 0) == []
    assert texts("h" * (MAX_COMPLETED + 1)) == []


@given(hostile_texts)
def test_no_text_raises(text):
    assert len(complete(text, Source(), 5)) <= 5


class Kidneys(Source):
    def words_with_prefix(self, prefix, limit, field=None):
        return [("stop", 450), ("stage", 334), *((f"st{number}", 80) for number in range(30)), ("stones", 60)][:limit]

    def together(self, word, others):
        return {"stop": 60, "stage": 50, "stones": 55}.get(word, 1)


def test_what_belongs_to_the_words_before_comes_before_what_is_common_everywhere():
    assert [found.text for found in complete("kidney st", Kidneys(), 10) if found.kind == "word"][:3] == [
        "kidney stones",
        "kidney stop",
        "kidney stage",
    ]


def test_how_many_are_shown_does_not_decide_what_is_known():
    shown = [found.text for found in complete("kidney st", Kidneys(), 12) if found.kind == "word"]
    for limit in (1, 3, 6):
        assert [found.text for found in complete("kidney st", Kidneys(), limit) if found.kind == "word"] == shown[
            :limit
        ]

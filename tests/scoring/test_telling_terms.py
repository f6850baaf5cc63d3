"""Telling terms of an article."""

from qtsearch.scoring.telling_terms import TELLING_TERMS, telling_terms


def test_a_term_weighs_its_share_of_each_field():
    text = {"title": "Liver cancer", "page_keywords": "", "answer": "the liver is an organ, an organ of cells"}
    found = dict(telling_terms(text, lambda term: 1.0))
    assert found == {"liver": 1 / 2 + 1 / 4, "cancer": 1 / 2, "organ": 2 / 4, "cell": 1 / 4}


def test_the_best_by_weight_times_idf_are_kept_in_order():
    words = [f"{a}{b}{a}" for a in "bcdfg" for b in "klmnprtv"]
    found = telling_terms({"answer": " ".join(words)}, lambda term: 2.0 if term == "fkf" else 1.0)
    assert [term for term, _ in found] == ["fkf", *(word for word in words if word != "fkf")][:TELLING_TERMS]


def test_stop_words_tell_nothing():
    assert telling_terms({"title": "What is (are) the?", "answer": "of and"}, lambda term: 9.0) == []

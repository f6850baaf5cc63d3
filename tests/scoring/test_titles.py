"""What titles add to the scores of the best documents."""

import numpy as np
import pytest

from qtsearch.query.language import parse
from qtsearch.query.tree import Words
from qtsearch.scoring.bm25f import Weighting
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.ranking import asked_for, rank
from qtsearch.scoring.titles import MAX_WORDS, TITLE_WEIGHT, title_scores
from tests.oracle import Document, MemorySegment, headings_of
from tests.scoring.test_ranking import made

STROKE = [
    Document("Stroke", "", "The symptoms of a stroke are many symptoms, and a stroke has symptoms at once."),
    Document("Stroke (Symptoms)", "", "A stroke comes on at once."),
    Document("Symptoms of second strokes in children", "", "A stroke comes on at once."),
    Document("", "stroke symptoms", "Nothing."),
    Document("Asthma", "", "An inhaler."),
]


def added(text, documents=STROKE):
    evaluator = Evaluator(Collection([MemorySegment(documents)]), Weighting(), None)
    words = [(leaf, factor) for (leaf, *_), factor in asked_for(parse(text).root) if isinstance(leaf, Words)]
    scores = title_scores(evaluator, words, headings_of(documents))
    return scores / (TITLE_WEIGHT * (evaluator.k1 + 1.0)), evaluator.idf


def test_a_title_counts_by_the_share_of_it_that_was_asked_for():
    scores, idf = added("symptoms of stroke")
    stroke, symptoms = idf(4), idf(4)
    assert scores.tolist() == pytest.approx([stroke, stroke + symptoms, (stroke + symptoms) * 2 / 4, 0.0, 0.0])


def test_who_says_just_that_in_its_title_comes_before_who_says_it_often():
    _, evaluator, about = made([STROKE])
    found = rank(evaluator, parse("symptoms of stroke").root, "symptoms of stroke", 5, about)
    assert found.docnums[0] == 1
    assert (found.titles > 0.0).sum() == 3


def test_boosts_count_and_so_does_the_field_that_was_asked_for():
    plain, _ = added("stroke")
    assert added("stroke^3")[0].tolist() == pytest.approx((3.0 * plain).tolist())
    assert added("title:stroke")[0][0] > 0.0
    assert not added("answer:stroke")[0].any()


def test_each_word_of_a_name_counts_for_itself():
    documents = [Document("IL-6"), Document("IL 6 assay"), Document("6 days"), Document("none")]
    scores, idf = added("IL-6", documents)
    il, six = idf(2), idf(3)
    assert scores.tolist() == pytest.approx([il + six, (il + six) * 2 / 3, six / 2, 0.0])


@pytest.mark.parametrize("text", ["the of", '"stroke symptoms"', "zebra", "strok*", "-stroke"])
def test_little_words_phrases_and_parts_of_words_do_not_count(text):
    assert not added(text)[0].any()


def test_no_documents_have_no_titles():
    evaluator = Evaluator(Collection([MemorySegment(STROKE)]), Weighting(), None)
    assert title_scores(evaluator, [(Words("stroke"), 1.0)], headings_of([])).tolist() == []
    assert np.array_equal(title_scores(evaluator, [], headings_of(STROKE)), np.zeros(5))


def test_of_a_pasted_page_only_the_first_words_count():
    words = [f"{chr(97 + n // 26)}{chr(97 + n % 26)}zq" for n in range(300)]
    documents = [Document(word) for word in words]
    scores, _ = added(" ".join(words[:256]), documents)
    assert np.flatnonzero(scores).tolist() == list(range(MAX_WORDS))

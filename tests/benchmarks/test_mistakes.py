"""Topics with typing mistakes."""

import mistakes
import pytest

from qtsearch.analysis.edit_distance import edit_distance
from qtsearch.evaluation.trec_files import Topic

TOPICS = [
    Topic(str(number), text) for number, text in enumerate(["treatment of ANEMIA", "llllll", "eye", "Asthma?"] * 9)
]


def test_one_word_of_each_topic_is_mistyped():
    found = mistakes.mistyped(TOPICS)
    assert [topic.id for topic in found] == [topic.id for topic in TOPICS]
    for place, (wrong, right) in enumerate(zip(found, TOPICS, strict=True)):
        same = right.text == "eye" or (right.text == "llllll" and mistakes.MISTAKES[place % 5] is mistakes.MISTAKES[0])
        assert edit_distance(wrong.text, right.text) == (0 if same else 1)


def test_mistakes_are_the_same_whenever_they_are_made():
    assert mistakes.mistyped(TOPICS) == mistakes.mistyped(TOPICS)
    assert mistakes.mistyped(TOPICS) != mistakes.mistyped(TOPICS, seed=2)


@pytest.mark.parametrize(
    ("mistake", "wrong"),
    list(zip(mistakes.MISTAKES, ["astmha", "astma", "asthhma", "astjma", "asth ma"], strict=True)),
)
def test_kinds_of_mistakes(mistake, wrong):
    assert mistake("asthma", 3) == wrong

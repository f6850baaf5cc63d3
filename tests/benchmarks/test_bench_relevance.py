"""What is measured of the rankings."""

import bench_relevance

from qtsearch.evaluation.trec_files import Topic
from qtsearch.results import Abbreviation


def test_topics_are_typed_with_abbreviations():
    table = [
        Abbreviation("HCC", "hepatocellular carcinoma", 9),
        Abbreviation("HCC", "Hepatocellular Carcinoma", 1),
        Abbreviation("Ca", "carcinoma", 8),
        Abbreviation("MI", "myocardial infarction", 2),
    ]
    texts = ["treatment of Hepatocellular  carcinoma", "hepatocellular carcinoma, causes", "carcinomas", "heart attack"]
    topics = [Topic(str(number), text) for number, text in enumerate(texts)]
    assert list(bench_relevance.with_short_forms(topics, table)) == [
        Topic("0", "treatment of Hepatocellular  Ca"),
        Topic("1", "HCC, causes"),
    ]

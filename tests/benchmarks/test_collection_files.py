"""Other test collections are read as they are written."""

import collection_files
from collection_files import Document

SMART = """.I 1
.T
A title
of two lines
.A
Someone, A.
.K
one, two
.W
The text.
.I 2
.W\x20
tumours of mice . they grow . fast
.I 30
.W
no sentence ends here
"""


def test_records_of_smart():
    assert list(collection_files.smart_documents(SMART)) == [
        Document("1", "A title of two lines", "one, two", "The text."),
        Document("2", "tumours of mice", "", "tumours of mice . they grow . fast"),
        Document("30", "no sentence ends here", "", "no sentence ends here"),
    ]


def test_records_of_npl():
    text = "1\nmemories for machines  a store\nof bits\n   /\n2\nother\n   /\n"
    assert list(collection_files.npl_documents(text)) == [
        Document("1", "memories for machines", "", "a store of bits"),
        Document("2", "other", "", ""),
    ]


def test_judgements_one_on_each_line():
    assert collection_files.pairs("01 1410  0 0\n01 1572  0 0\n\n2 3\n", 1) == {
        "1": {"1410": 1, "1572": 1},
        "2": {"3": 1},
    }
    assert collection_files.pairs("1 0 13 1\n", 2) == {"1": {"13": 1}}


def test_a_collection_is_its_files(tmp_path):
    (tmp_path / "MED.ALL").write_text(SMART)
    (tmp_path / "MED.QRY").write_text(".I 1\n.W\nmice\n.I 2\n.W\nnobody judged this\n")
    (tmp_path / "MED.REL").write_text("1 0 2 1\n")
    judged = collection_files.judged("med", tmp_path)
    assert [article.id for article in judged.articles] == [1, 2, 30]
    assert judged.articles[0].page_keywords == ("one", "two")
    assert [tuple(topic) for topic in judged.topics] == [("1", "mice")]
    assert judged.qrels == {"1": {"2": 1}}


def test_answers_judged_for_questions():
    answers = (
        "AnswerID,Answer\n"
        'A_1.txt,"Question: What is flu ? (Also called: influenza; grippe)\nURL: https://x\n'
        'Answer: An ""infection""\n"\n'
        'B_2.txt,"Question: Who gets it?\nURL: https://y\nAnswer: Everybody (nearly).\n\nReally."\n'
        'A_1.txt,"Question: What is flu ?\nURL: https://x\nAnswer: the same again"\n'
    )
    questions = """<?xml version="1.0" encoding="UTF-8"?>
    <Set>
      <NLM-QUESTION qid="TQ1"><NLM-Summary>What is\n the flu?</NLM-Summary></NLM-QUESTION>
      <NLM-QUESTION qid="TQ2"><NLM-Summary>Anything?</NLM-Summary></NLM-QUESTION>
    </Set>"""
    judgements = "1 4-Excellent A_1.txt\n1 1-Incorrect B_2.txt\n2 1-Incorrect B_2.txt\n2 2-Related C_3.txt\n"
    documents, topics, qrels = collection_files.liveqa(answers, questions, judgements)
    assert documents == [
        Document("1", "What is flu ?", "influenza; grippe", 'An "infection"'),
        Document("2", "Who gets it?", "", "Everybody (nearly). Really."),
    ]
    assert topics == {"1": "What is the flu?", "2": "Anything?"}
    assert qrels == {"1": {"1": 3, "2": 0}}


def test_abstracts_that_pages_cite():
    documents, topics, qrels = collection_files.nfcorpus(
        "MED-10\tstatin breast cancer abstract recent studies abstract\nMED-7\tno more than a title\n",
        "PLAIN-2\tdo statins\tcause cancer ?\n",
        "PLAIN-2\t0\tMED-10\t2\nPLAIN-2\t0\tMED-7\t1\n",
    )
    assert documents == [
        Document("10", "statin breast cancer", "", "recent studies abstract"),
        Document("7", "no more than a title", "", ""),
    ]
    assert topics == {"PLAIN-2": "do statins\tcause cancer ?"}
    assert qrels == {"PLAIN-2": {"10": 2, "7": 1}}


def test_a_collection_in_the_form_of_beir():
    documents, topics, qrels = collection_files.beir(
        '{"_id": "4983", "title": "A title.", "text": "Some\\ntext."}\n{"_id": "x7", "title": "", "text": "More."}\n',
        '{"_id": "1", "text": "Claims."}\n',
        "query-id\tcorpus-id\tscore\n1\tx7\t2\n",
    )
    assert documents == [Document("1", "A title.", "", "Some text."), Document("2", "", "", "More.")]
    assert topics == {"1": "Claims."}
    assert qrels == {"1": {"2": 2}}


def test_pairs_of_questions():
    documents, topics, qrels = collection_files.question_pairs(
        '1,"Can I, too?",May I?,1\n1,"Can I, too?",Can you?,0\n2,Who else?,May I?,0\n'
    )
    assert documents == [Document("1", "May I?", "", ""), Document("2", "Can you?", "", "")]
    assert topics == {"1": "Can I, too?", "2": "Who else?"}
    assert qrels == {"1": {"1": 1, "2": 0}, "2": {"1": 0}}


def test_questions_of_one_class_mean_the_same():
    documents, topics, qrels = collection_files.covidq(
        "Category,Question ID,Question\nA,1,will it end\nA,1,when is it over\nB,2,is it in water\n,,\n",
        "will it end,1\n",
        "is it in wine,2\n,\n",
    )
    assert documents == [Document("1", "when is it over", "", ""), Document("2", "is it in water", "", "")]
    assert topics == {"1": "will it end", "2": "is it in wine"}
    assert qrels == {"1": {"1": 1}, "2": {"2": 1}}


def test_answers_of_threads():
    documents, topics, qrels = collection_files.faq(
        "<root><qapair><rephr>*</rephr><rephr>\nHow do I?\n</rephr><question>How to?</question>"
        "<answer>So.</answer><answer/></qapair>"
        "<qapair><question>Why?</question><answer>Because.</answer><rephr>For what?</rephr></qapair></root>"
    )
    assert documents == [Document("1", "How to?", "", "So."), Document("2", "Why?", "", "Because.")]
    assert topics == {"1": "How do I?", "2": "For what?"}
    assert qrels == {"1": {"1": 1}, "2": {"2": 1}}

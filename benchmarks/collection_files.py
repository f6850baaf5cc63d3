"""Other test collections: texts, topics and judgements as their files hold them.

They do not come with this project. Each is looked for in a folder of its own name; ``COLLECTIONS`` has the files. Five
are the old ones that the University of Glasgow keeps (ir.dcs.gla.ac.uk/resources/test_collections): ``adi`` and
``cisi`` on library science, ``cacm`` on computing, ``med`` on medicine, ``npl`` on electronics. The others:

- ``liveqa``: questions that people sent to a medical library, and answers judged for them (Ben Abacha and
  Demner-Fushman, A question-entailment approach to question answering, 2019). The two ``All-...`` files are in a zip
  file of the repository abachaa/MedQuAD, the questions in abachaa/LiveQA_MedicalTask_TREC2017. A topic is the summary
  of a question, as one would type it.
- ``nfcorpus``: titles of a site's pages on nutrition, and the medical abstracts that these cite (Boteva and others, A
  full-text learning to rank dataset for medical information retrieval, 2016).
- ``scifact``: scientific claims, and the abstracts that support or refute them (Wadden and others, Fact or fiction:
  verifying scientific claims, 2020), in the form of BEIR.
- ``mqp``: questions of patients, each in other words of a doctor (McCreery and others, Effective transfer learning for
  identifying similar questions, 2020), from curai/medical-question-pair-dataset.
- ``covidq``: questions about one disease, and others that ask the same (Wei and others, What are people asking about
  COVID-19?, 2020), from JerryWei03/COVID-Q.
- ``stackfaq``: questions about web applications in other words, and the answers of their threads (Karan and Snajder,
  Paraphrase-focused learning to rank for domain-specific frequently asked questions retrieval, 2018).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from judged import Judged

from qtsearch.articles.front_matter import read_article
from qtsearch.articles.model import Article
from qtsearch.articles.text_repair import one_line
from qtsearch.evaluation.trec_files import Qrels, Topic

TITLE_WORDS = 10
"""Words that stand for a title where a text has none that can be told apart."""

_RECORD = re.compile(r"^\.I +(\d+)\s*$", re.MULTILINE)
_PART = re.compile(r"^\.([A-Z]) *$", re.MULTILINE)
_FIRST_SENTENCE = re.compile(r"(.{10,300}?) \. ")
_ANSWER = re.compile(r"Question:(.*?)(?:\(Also called:(.*?)\)\s*)?\nURL:[^\n]*\nAnswer:(.*)", re.DOTALL)


class Document(NamedTuple):
    """One text of a collection."""

    id: str
    title: str
    keywords: str
    text: str


Contents = tuple[list[Document], dict[str, str], Qrels]
"""The documents, the topics and the judgements of a collection."""


def smart_records(text: str) -> dict[str, dict[str, str]]:
    """Return the records of a file in the form of the SMART system: the parts of each by their letters."""
    return {
        number: {letter: one_line(part) for letter, part in _sections(_PART, body)}
        for number, body in _sections(_RECORD, text)
    }


def _sections(heading: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield what each heading names, and the text up to the next one."""
    _, *pieces = heading.split(text)
    return zip(pieces[::2], pieces[1::2], strict=True)


def slash_records(text: str) -> dict[str, str]:
    """Return the records of an NPL file: a number, what belongs to it, and a line with a slash."""
    pieces = (piece.strip().partition("\n") for piece in re.split(r"^ *\/ *$", text, flags=re.MULTILINE))
    return {number.strip(): body for number, _, body in pieces if number.strip().isdigit()}


def smart_documents(text: str) -> Iterator[Document]:
    """Yield the documents of a SMART file; where one has no title, its first sentence or its first words are it."""
    for number, parts in smart_records(text).items():
        body = parts.get("W", "")
        sentence = _FIRST_SENTENCE.match(body)
        title = parts.get("T") or (sentence[1] if sentence else " ".join(body.split()[:TITLE_WORDS]))
        yield Document(number, title, parts.get("K", ""), body)


def npl_documents(text: str) -> Iterator[Document]:
    """Yield the documents of NPL: two spaces stand behind a title."""
    for number, body in slash_records(text).items():
        title, _, rest = body.partition("  ")
        yield Document(number, one_line(title), "", one_line(rest))


def pairs(text: str, document: int) -> dict[str, dict[str, int]]:
    """Return the judgements of a file with one on each line: the topic first, the document in another column."""
    found: dict[str, dict[str, int]] = {}
    for words in map(str.split, text.splitlines()):
        if len(words) > document:
            found.setdefault(str(int(words[0])), {})[str(int(words[document]))] = 1
    return found


def _smart(texts: str, queries: str, judgements: str, document: int = 1) -> Contents:
    topics = {number: parts.get("W", "") for number, parts in smart_records(queries).items()}
    return list(smart_documents(texts)), topics, pairs(judgements, document)


def _npl(texts: str, queries: str, judgements: str) -> Contents:
    topics = {number: one_line(body).lower() for number, body in slash_records(queries).items()}
    qrels = {number: dict.fromkeys(body.split(), 1) for number, body in slash_records(judgements).items()}
    return list(npl_documents(texts)), topics, qrels


def liveqa(answers: str, questions: str, judgements: str) -> Contents:
    """Return the answers of LiveQA, their questions as titles, and the questions that they are judged for."""
    numbers: dict[str, str] = {}
    documents = []
    for name, text in csv.reader(answers.splitlines(keepends=True)):
        found = _ANSWER.match(text)
        if found is not None and name not in numbers:
            numbers[name] = str(len(numbers) + 1)
            title, keywords, answer = (one_line(part or "") for part in found.groups())
            documents.append(Document(numbers[name], title, keywords, answer))
    topics = {
        question.get("qid", "").removeprefix("TQ"): one_line(question.findtext("NLM-Summary", ""))
        for question in ElementTree.fromstring(questions).iter("NLM-QUESTION")
    }
    qrels: dict[str, dict[str, int]] = {}
    for topic, grade, name in map(str.split, judgements.splitlines()):
        if name in numbers:
            qrels.setdefault(topic, {})[numbers[name]] = int(grade[0]) - 1  # "1-Incorrect" to "4-Excellent"
    return documents, topics, {topic: grades for topic, grades in qrels.items() if any(grades.values())}


def nfcorpus(texts: str, queries: str, judgements: str) -> Contents:
    """Return the abstracts of NFCorpus and the titles of the pages that cite them; stop words and numbers are gone."""
    documents = []
    for number, text in _rows(texts):
        title, _, abstract = text.partition(" abstract ")
        documents.append(Document(number.removeprefix("MED-"), title, "", abstract))
    qrels: dict[str, dict[str, int]] = {}
    for topic, _, number, grade in map(str.split, judgements.splitlines()):
        qrels.setdefault(topic, {})[number.removeprefix("MED-")] = int(grade)
    return documents, dict(_rows(queries)), qrels


def _rows(text: str) -> Iterator[list[str]]:
    return (line.split("\t", 1) for line in text.splitlines())


def beir(texts: str, queries: str, judgements: str) -> Contents:
    """Return a collection in the form of BEIR: objects of JSON, one on each line, and tab-separated judgements."""
    objects = list(map(json.loads, texts.splitlines()))
    numbers = _numbered(one["_id"] for one in objects)
    documents = [Document(numbers[one["_id"]], one_line(one["title"]), "", one_line(one["text"])) for one in objects]
    qrels: dict[str, dict[str, int]] = {}
    for topic, name, grade in map(str.split, judgements.splitlines()[1:]):
        qrels.setdefault(topic, {})[numbers[name]] = int(grade)
    topics: Iterable[dict[str, Any]] = map(json.loads, queries.splitlines())
    return documents, {one["_id"]: one_line(one["text"]) for one in topics}, qrels


def question_pairs(pairs: str) -> Contents:
    """Return the questions of patients as topics, and those that a doctor wrote for each, meant alike or not."""
    rows = [
        (one_line(first), one_line(second), int(alike)) for _, first, second, alike in csv.reader(pairs.splitlines())
    ]
    topics = _numbered(first for first, _, _ in rows)
    numbers = _numbered(second for _, second, _ in rows)
    qrels: dict[str, dict[str, int]] = {}
    for first, second, alike in rows:
        qrels.setdefault(topics[first], {})[numbers[second]] = alike
    return [Document(number, text, "", "") for text, number in numbers.items()], _turned(topics), qrels


def covidq(questions: str, *tests: str) -> Contents:
    """Return the questions of the test sets as topics, and all others, of which those of its class mean the same."""
    asked = {one_line(text): kind for test in tests for text, kind in csv.reader(test.splitlines()) if text.strip()}
    rows = (
        (one_line(row["Question"]), row["Question ID"]) for row in csv.DictReader(questions.splitlines(keepends=True))
    )
    others = {text: kind for text, kind in rows if text and text not in asked}
    numbers, topics = _numbered(others), _numbered(asked)
    qrels = {
        topics[text]: {numbers[other]: 1 for other, its in others.items() if its == kind}
        for text, kind in asked.items()
    }
    return [Document(number, text, "", "") for text, number in numbers.items()], _turned(topics), qrels


def faq(threads: str) -> Contents:
    """Return the answers of threads, their questions as titles, and these in other words as topics."""
    documents: list[Document] = []
    topics: dict[str, str] = {}
    qrels: dict[str, dict[str, int]] = {}
    for thread in ElementTree.fromstring(threads).iter("qapair"):
        title = one_line(thread.findtext("question", ""))
        answers = [one_line(answer.text or "") for answer in thread.iter("answer")]
        own = [Document(str(len(documents) + n), title, "", text) for n, text in enumerate(filter(None, answers), 1)]
        documents += own
        for text in (one_line(one.text or "") for one in thread.iter("rephr")):
            if text not in ("", "*"):
                topic = str(len(topics) + 1)
                topics[topic] = text
                qrels[topic] = {document.id: 1 for document in own}
    return documents, topics, qrels


def _numbered(names: Iterable[str]) -> dict[str, str]:
    """Return a number for each name, counted from 1 in their order."""
    return {name: str(number) for number, name in enumerate(dict.fromkeys(names), 1)}


def _turned(numbers: Mapping[str, str]) -> dict[str, str]:
    return {number: name for name, number in numbers.items()}


COLLECTIONS: Mapping[str, tuple[tuple[str, ...], Callable[..., Contents]]] = {
    "adi": (("ADI.ALL", "ADI.QRY", "ADI.REL"), _smart),
    "cacm": (("cacm.all", "query.text", "qrels.text"), _smart),
    "cisi": (("CISI.ALL", "CISI.QRY", "CISI.REL"), _smart),
    "med": (("MED.ALL", "MED.QRY", "MED.REL"), partial(_smart, document=2)),
    "npl": (("doc-text", "query-text", "rlv-ass"), _npl),
    "liveqa": (
        (
            "All-2479-Answers-retrieved-from-MedQuAD.csv",
            "TREC-2017-LiveQA-Medical-Test-Questions-w-summaries.xml",
            "All-qrels_LiveQAMed2017-TestQuestions_2479_Judged-Answers.txt",
        ),
        liveqa,
    ),
    "nfcorpus": (("test.docs", "test.titles.queries", "test.2-1-0.qrel"), nfcorpus),
    "scifact": (("corpus.jsonl", "queries.jsonl", "qrels/test.tsv"), beir),
    "mqp": (("mqp.csv",), question_pairs),
    "covidq": (("final_master_dataset.csv", "dataset_classes/testA.csv", "dataset_classes/testB.csv"), covidq),
    "stackfaq": (("stackExchange-FAQ.xml",), faq),
}
"""The files of each collection, and what reads their texts."""


def judged(name: str, folder: Path) -> Judged:
    """Return a collection, without the topics that nothing is relevant to.

    Raises:
        OSError: a file is not there.
    """
    files, read = COLLECTIONS[name]
    documents, topics, qrels = read(*(_text(folder / file) for file in files))
    kept = tuple(Topic(number, text) for number, text in topics.items() if text and any(qrels.get(number, {}).values()))
    return Judged(name, tuple(map(_article, documents)), kept, qrels)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return file.read_text("latin-1")


def _article(document: Document) -> Article:
    values = {"id": int(document.id), "title": document.title, "answer": document.text or document.title}
    lines = [f"{key}: {json.dumps(value)}" for key, value in values.items()]
    if document.keywords:
        lines += ["seo:", f"  page_keywords: {json.dumps(document.keywords)}"]
    text = "\n".join(["---", *lines, "---", ""])
    return read_article(Path(document.id), document.id, text.encode())[0]

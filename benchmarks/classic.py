"""How good the rankings are on other test collections, component by component.

    python benchmarks/classic.py FOLDER --write-docs

FOLDER holds the collections, each in a folder of its own; those that are not there are left out. The table goes between
the markers in ``docs/scoring.md``. Five are the old ones that the University of Glasgow keeps:

    adi/ADI.ALL cisi/CISI.ALL med/MED.ALL and .QRY, .REL     library science, library science, medicine
    cacm/cacm.all, query.text, qrels.text                    computing
    npl/doc-text, query-text, rlv-ass                        electronics

The sixth, ``liveqa``, is questions that people sent to a medical library, and answers judged for them (Ben Abacha and
Demner-Fushman, A question-entailment approach to question answering, 2019): the two ``All-...`` files that the
repository abachaa/MedQuAD has in a zip file, and ``TREC-2017-LiveQA-Medical-Test-Questions-w-summaries.xml`` from
abachaa/LiveQA_MedicalTask_TREC2017. A topic is the summary of a question, as one would type it.

The seventh, ``nfcorpus``, is titles of a site's pages on nutrition, and the medical abstracts that these cite (Boteva
and others, A full-text learning to rank dataset for medical information retrieval, 2016): ``test.docs``,
``test.titles.queries`` and ``test.2-1-0.qrel`` of its archive.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import ablation
import peers
import report
from bench_relevance import answered
from judged import Judged, cells

from qtsearch.articles.front_matter import read_article
from qtsearch.articles.model import Article
from qtsearch.articles.text_repair import one_line
from qtsearch.evaluation.trec_files import Qrels, Topic

SHOWN = ("nDCG@10", "AP")
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


COLLECTIONS: Mapping[str, tuple[tuple[str, str, str], Callable[[str, str, str], Contents]]] = {
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
}
"""The files of each collection, and what reads their texts."""


def judged(name: str, folder: Path) -> Judged:
    """Return a collection, without the topics that nothing is relevant to.

    Raises:
        OSError: a file is not there.
    """
    files, read = COLLECTIONS[name]
    documents, topics, qrels = read(*(_text(folder / file) for file in files))
    kept = tuple(Topic(number, text) for number, text in topics.items() if text and qrels.get(number))
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


def beside(engines: Sequence[peers.Peer], collections: Sequence[Judged]) -> str:
    """Return the table of whole engines, with a mark where the paired test finds a difference to the first one."""
    found = [
        [answered(engine, one, list(peers.parsed(one.articles)), None).evaluated for one in collections]
        for engine in engines
    ]
    rows = [
        [
            f"{engine.name} {engine.version()}",
            *(cell for one, first in zip(row, found[0], strict=True) for cell in cells(one, first, SHOWN)),
        ]
        for engine, row in zip(engines, found, strict=True)
    ]
    return report.table(["engine", *(f"{one.name} {measure}" for one in collections for measure in SHOWN)], rows)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="How good the rankings are on other collections.")
    parser.add_argument("folder", type=Path, help="where the collections are")
    parser.add_argument("--engines", nargs="+", choices=peers.DISTINCT, default=peers.DISTINCT)
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/scoring.md")
    given = parser.parse_args()
    collections = [judged(name, given.folder / name) for name in COLLECTIONS if (given.folder / name).is_dir()]
    if not collections:
        parser.error(f"none of {', '.join(COLLECTIONS)} is in {given.folder}")
    engines, _ = peers.chosen(given.engines)
    components = ablation.table([ablation.Ranker(one) for one in collections], SHOWN)
    sizes = (f"{one.name}: {len(one.articles):,} documents, {len(one.topics)} topics" for one in collections)
    text = "\n\n".join([components, beside(engines, collections), "; ".join(sizes) + "."])
    print(text)
    if given.write_docs:
        report.write_readme("classic", text, ablation.DOCS)


if __name__ == "__main__":
    main()

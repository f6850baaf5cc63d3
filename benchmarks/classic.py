"""How good the rankings are on old test collections of other kinds, component by component.

    python benchmarks/classic.py FOLDER --write-docs

FOLDER holds the collections as the University of Glasgow keeps them, each in a folder of its own; those that are not
there are left out. The table goes between the markers in ``docs/scoring.md``.

    adi/ADI.ALL cisi/CISI.ALL med/MED.ALL and .QRY, .REL     library science, library science, medicine
    cacm/cacm.all, query.text, qrels.text                    computing
    npl/doc-text, query-text, rlv-ass                        electronics
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import ablation
import report
from judged import Judged

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


COLLECTIONS: Mapping[str, tuple[tuple[str, str, str], Callable[[str, str, str], Contents]]] = {
    "adi": (("ADI.ALL", "ADI.QRY", "ADI.REL"), _smart),
    "cacm": (("cacm.all", "query.text", "qrels.text"), _smart),
    "cisi": (("CISI.ALL", "CISI.QRY", "CISI.REL"), _smart),
    "med": (("MED.ALL", "MED.QRY", "MED.REL"), partial(_smart, document=2)),
    "npl": (("doc-text", "query-text", "rlv-ass"), _npl),
}
"""The files of each collection, and what reads their texts."""


def judged(name: str, folder: Path) -> Judged:
    """Return a collection, without the topics that nothing is relevant to.

    Raises:
        OSError: a file is not there.
    """
    files, read = COLLECTIONS[name]
    documents, topics, qrels = read(*((folder / file).read_text("latin-1") for file in files))
    kept = tuple(Topic(number, text) for number, text in topics.items() if text and qrels.get(number))
    return Judged(name, tuple(map(_article, documents)), kept, qrels)


def _article(document: Document) -> Article:
    values = {"id": int(document.id), "title": document.title, "answer": document.text or document.title}
    lines = [f"{key}: {json.dumps(value)}" for key, value in values.items()]
    if document.keywords:
        lines += ["seo:", f"  page_keywords: {json.dumps(document.keywords)}"]
    text = "\n".join(["---", *lines, "---", ""])
    return read_article(Path(document.id), document.id, text.encode())[0]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="How good the rankings are on old collections of other kinds.")
    parser.add_argument("folder", type=Path, help="where the collections are")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/scoring.md")
    given = parser.parse_args()
    collections = [judged(name, given.folder / name) for name in COLLECTIONS if (given.folder / name).is_dir()]
    if not collections:
        parser.error(f"none of {', '.join(COLLECTIONS)} is in {given.folder}")
    sizes = (f"{one.name}: {len(one.articles):,} documents, {len(one.topics)} topics" for one in collections)
    text = "\n".join([ablation.table([ablation.Ranker(one) for one in collections], SHOWN), "", "; ".join(sizes) + "."])
    print(text)
    if given.write_docs:
        report.write_readme("classic", text, ablation.DOCS)


if __name__ == "__main__":
    main()

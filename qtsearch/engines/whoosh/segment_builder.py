"""Articles -> the arrays of a new segment, many documents at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.batch import InvertedField, TokenColumn, Vocabulary, invert, invert_words
from qtsearch.articles.model import Article, Fingerprint
from qtsearch.articles.stored import encode
from qtsearch.codec.batch import SegmentData
from qtsearch.codec.columns.format import ColumnArrays
from qtsearch.codec.columns.writer import bytes_column
from qtsearch.codec.postings.format import Inverted
from qtsearch.codec.terms.format import Terms
from qtsearch.engines.whoosh.documents import (
    VALUE_FIELDS,
    abbreviation_terms,
    comparable,
    day_number,
    extra_form,
    searched_keywords,
    searched_title,
    stored_form,
    value_of,
    value_term,
)
from qtsearch.engines.whoosh.schema import schema
from qtsearch.query.tree import SEARCHED_FIELDS
from qtsearch.scoring.signature import Tokens, batch_signatures, title_key


class SegmentBuilder:
    """Collects documents in memory until they are made a segment."""

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._vocabulary = Vocabulary()
        self._tokens = {name: TokenColumn(self._vocabulary) for name in SEARCHED_FIELDS}
        self._values: dict[str, list[str]] = {name: [] for name in VALUE_FIELDS}
        self._abbreviations: list[list[bytes]] = []
        self._extra: list[bytes] = []
        self._dates: list[int] = []
        self._title_order: list[bytes] = []
        self._title_keys: list[int] = []
        self._fingerprints: list[Fingerprint] = []
        self._stored: list[bytes] = []

    def __len__(self) -> int:
        return len(self._stored)

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    @property
    def token_count(self) -> int:
        """Tokens of all documents, which is what memory goes by."""
        return sum(map(len, self._tokens.values()))

    def add(self, article: Article, fingerprint: Fingerprint) -> None:
        """Add the next document."""
        self._paths.add(article.path)
        self._tokens["title"].add(searched_title(article))
        self._tokens["page_keywords"].add(searched_keywords(article))
        self._tokens["answer"].add(article.answer_text)
        for name, column in self._values.items():
            column.append(value_of(article, name))
        self._abbreviations.append(list(dict.fromkeys(abbreviation_terms(article))))
        self._extra.append(extra_form(article.extra))
        self._dates.append(day_number(article.date))
        self._title_order.append(comparable(article.title).encode("utf-8", "replace"))
        self._title_keys.append(title_key(analyzer.terms(article.title)))
        self._fingerprints.append(fingerprint)
        self._stored.append(stored_form(encode(article)))

    def build(self) -> SegmentData:
        """Return the segment."""
        terms = self._vocabulary.terms()
        fields: dict[str, Inverted] = {}
        for name, tokens in self._tokens.items():
            fields[name] = _as_lists(invert(tokens, terms))
        fields["words"] = _as_lists(invert_words(list(self._tokens.values()), self._vocabulary.words()))
        for field, column in self._values.items():
            fields[field] = _grouped([[value_term(field, value)] if value else [] for value in column])
        day_field = schema()["date"]
        day_terms = {day: [bytes(term) for term, *_ in day_field.index(day)] for day in set(self._dates)}
        fields["abbreviations"] = _grouped(self._abbreviations)
        fields["date"] = _grouped([day_terms[day] for day in self._dates])
        return SegmentData(
            doc_count=len(self),
            fields={name: lists for name, lists in fields.items() if len(lists.terms)},
            lengths={name: column.lengths for name, column in self._tokens.items()},
            columns=self._columns(terms),
            stored=self._stored,
        )

    def _columns(self, terms: list[str]) -> dict[str, ColumnArrays]:
        texts = {name: [value.encode("utf-8", "replace") for value in column] for name, column in self._values.items()}
        texts["title_order"] = self._title_order
        texts["signature"] = batch_signatures(terms, *(Tokens(t.numbers, t.lengths) for t in self._tokens.values()))
        texts["extra"] = self._extra
        texts["digest"] = [fingerprint.digest for fingerprint in self._fingerprints]
        numbers: dict[str, NDArray[np.integer]] = {
            "date": np.array(self._dates, np.uint32),
            "title_key": np.array(self._title_keys, np.uint32),
            "size": np.array([fingerprint.size for fingerprint in self._fingerprints], np.int64),
            "mtime_ns": np.array([fingerprint.mtime_ns for fingerprint in self._fingerprints], np.int64),
        }
        return {**{name: bytes_column(column) for name, column in texts.items()}, **numbers}


def _as_lists(field: InvertedField) -> Inverted:
    frequencies = None if field.positions is None else field.term_freqs
    return Inverted(Terms.of(field.terms), field.doc_freqs, field.docnums, frequencies, field.positions)


def _grouped(documents: Sequence[Sequence[bytes]]) -> Inverted:
    """Return the posting lists of documents that each have a few terms, each once."""
    pairs = sorted((term, docnum) for docnum, terms in enumerate(documents) for term in terms)
    counts: dict[bytes, int] = {}
    for term, _ in pairs:
        counts[term] = counts.get(term, 0) + 1
    docnums = np.array([docnum for _, docnum in pairs], np.int32)
    return Inverted(Terms.of(counts), np.array(list(counts.values()), np.int64), docnums)

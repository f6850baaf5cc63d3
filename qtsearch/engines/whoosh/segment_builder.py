"""Articles -> the arrays of a new segment, many documents at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.batch import InvertedField, Ranking, TokenColumn, Vocabulary, invert, invert_words, ranked
from qtsearch.articles.model import Article, Fingerprint
from qtsearch.articles.stored import encode
from qtsearch.codec.batch import SegmentData
from qtsearch.codec.columns.format import ColumnArrays
from qtsearch.codec.columns.writer import bytes_column
from qtsearch.codec.postings.format import Inverted
from qtsearch.codec.stored.writer import compressor_of, dictionary_of
from qtsearch.codec.terms.format import Terms
from qtsearch.engines.whoosh.documents import (
    VALUE_FIELDS,
    abbreviation_terms,
    comparable,
    day_number,
    day_terms,
    extra_form,
    searched_keywords,
    searched_title,
    stored_form,
    value_of,
    value_term,
)
from qtsearch.query.tree import SEARCHED_FIELDS
from qtsearch.scoring.signature import Tokens, batch_headings, batch_signatures, term_numbers, title_key
from qtsearch.values import dataclass

SAMPLE: Final = 400
"""Articles from which is learned how to compress all: about two megabytes."""

TOKENS_IN_MEMORY: Final = 7_000_000
"""So many tokens are collected before they are written as a segment: about 19,000 articles. This process and a worker
then take less than 900 MB together."""

_TOGETHER: Final = 64
"""Articles that are compressed in one go. Between reading and parsing, each takes three times as long: the dictionary,
half a megabyte, must come back from memory."""

_LONG: Final = 2**16
"""Bytes of an article that does not wait for others."""

T = TypeVar("T")


def sampled(everything: Sequence[T]) -> Sequence[T]:
    """Return about ``SAMPLE`` of many, from beginning to end."""
    return everything[:: max(1, len(everything) // SAMPLE)]


def learned_dictionary(sample: Iterable[Article], count: int) -> bytes:
    """Return a dictionary to compress articles like these with; b"" where they are too few.

    Args:
        sample: some articles.
        count: how many there are in all, as far as is known.
    """
    documents = [stored_form(encode(article)) for article in sample]
    return dictionary_of(documents, count / max(len(documents), 1))


@lru_cache(maxsize=1)
def _one_and_the_same(dictionary: bytes) -> bytes:
    """Return the dictionary as the object that came first: ``compressor_of`` need not compare half a megabyte then."""
    return dictionary


@dataclass(frozen=True, slots=True)
class FieldTokens:
    """The words of one searched field of many documents.

    Attributes:
        field: its name.
        numbers: what stands for each word, one document behind the other.
        lengths: words of each document.
    """

    field: str
    numbers: NDArray[np.signedinteger[Any]]
    lengths: NDArray[np.signedinteger[Any]]

    def inverted(self, terms: Ranking) -> Inverted:
        """Return the posting lists.

        Args:
            terms: the order of the terms of all numbers.
        """
        return _as_lists(invert(self, terms))


class SegmentBuilder:
    """Collects documents in memory until they are made a segment. Can be pickled.

    Args:
        dictionary: what to compress stored articles with as they come; b"" to leave that until they are written.
    """

    def __init__(self, dictionary: bytes = b"") -> None:
        self.dictionary = _one_and_the_same(dictionary)
        self._vocabulary = Vocabulary()
        self._tokens = {name: TokenColumn(self._vocabulary) for name in SEARCHED_FIELDS}
        self._values: dict[str, list[str]] = {name: [] for name in VALUE_FIELDS}
        self._abbreviations: list[tuple[bytes, ...]] = []
        self._extra: list[bytes] = []
        self._dates: list[int] = []
        self._title_order: list[bytes] = []
        self._title_keys: list[int] = []
        self._sizes: list[int] = []
        self._mtimes: list[int] = []
        self._digests: list[bytes] = []
        self._stored: list[bytes] = []
        self._compressed = 0

    def __getstate__(self) -> dict[str, object]:
        """Return everything, with all texts taken apart: the process that gets it has more to do than this one."""
        for column in self._tokens.values():
            column.take_apart()
        self._compress()
        return vars(self)

    def __len__(self) -> int:
        return len(self._stored)

    @property
    def token_count(self) -> int:
        """Tokens of all documents, which is what memory goes by."""
        return sum(map(len, self._tokens.values()))

    def terms(self) -> list[str]:
        """Return the term of each number that stands for a word. Not to be changed."""
        return self._vocabulary.terms()

    def searched_fields(self) -> list[FieldTokens]:
        """Return the words of each searched field that has any, for somebody else to invert."""
        fields = [FieldTokens(name, column.numbers, column.lengths) for name, column in self._tokens.items()]
        return [field for field in fields if len(field.numbers)]

    def add(self, article: Article, fingerprint: Fingerprint, encoded: bytes = b"") -> None:
        """Add the next document.

        Args:
            article: what it says.
            fingerprint: of its file.
            encoded: ``encode(article)``, if that is known already.
        """
        self._tokens["title"].add(searched_title(article))
        self._tokens["page_keywords"].add(searched_keywords(article))
        self._tokens["answer"].add(article.answer_text)
        for name, column in self._values.items():
            column.append(value_of(article, name))
        self._abbreviations.append(tuple(dict.fromkeys(abbreviation_terms(article))))
        self._extra.append(extra_form(article.extra))
        self._dates.append(day_number(article.date))
        self._title_order.append(comparable(article.title).encode("utf-8", "replace"))
        self._title_keys.append(title_key(analyzer.terms(article.title)))
        self._sizes.append(fingerprint.size)
        self._mtimes.append(fingerprint.mtime_ns)
        self._digests.append(fingerprint.digest)
        stored = stored_form(encoded or encode(article))
        self._stored.append(stored)
        if len(self._stored) - self._compressed >= _TOGETHER or len(stored) > _LONG:
            self._compress()

    def _compress(self) -> None:
        """Compress the stored articles that are not yet, if there is a dictionary."""
        if self.dictionary:
            compress = compressor_of(self.dictionary).compress
            self._stored[self._compressed :] = map(compress, self._stored[self._compressed :])
        self._compressed = len(self._stored)

    def extend(self, other: SegmentBuilder) -> None:
        """Add the documents of another builder with the same dictionary behind those of this one."""
        self._compress()
        other._compress()
        renumbered = self._vocabulary.extend(other._vocabulary)
        self._vocabulary.terms()  # now, while there are other cores at work, rather than at the end
        for name, column in self._tokens.items():
            column.extend(other._tokens[name], renumbered)
        for field, values in self._values.items():
            values += other._values[field]
        self._abbreviations += other._abbreviations
        self._extra += other._extra
        self._dates += other._dates
        self._title_order += other._title_order
        self._title_keys += other._title_keys
        self._sizes += other._sizes
        self._mtimes += other._mtimes
        self._digests += other._digests
        self._stored += other._stored
        self._compressed += other._compressed

    def build(self, *, with_searched_fields: bool = True) -> SegmentData:
        """Return the segment, with or without the posting lists of ``searched_fields``."""
        self._compress()
        fields: dict[str, Inverted] = {}
        if with_searched_fields:
            terms = ranked(self.terms())
            fields.update((one.field, one.inverted(terms)) for one in self.searched_fields())
        fields["words"] = _as_lists(invert_words(list(self._tokens.values()), self._vocabulary.words()))
        for field, column in self._values.items():
            value_terms = {value: [value_term(field, value)] if value else [] for value in set(column)}
            fields[field] = _grouped([value_terms[value] for value in column])
        terms_of_days = {day: day_terms(day) for day in set(self._dates)}
        fields["abbreviations"] = _grouped(self._abbreviations)
        fields["date"] = _grouped([terms_of_days[day] for day in self._dates])
        return SegmentData(
            doc_count=len(self),
            fields={name: lists for name, lists in fields.items() if len(lists.terms)},
            lengths={name: column.lengths for name, column in self._tokens.items()},
            columns=self._columns(),
            stored=self._stored,
            dictionary=self.dictionary,
            compressed=bool(self.dictionary),
        )

    def _columns(self) -> dict[str, ColumnArrays]:
        texts = {name: [value.encode("utf-8", "replace") for value in column] for name, column in self._values.items()}
        texts["title_order"] = self._title_order
        tokens = {name: Tokens(column.numbers, column.lengths) for name, column in self._tokens.items()}
        numbers_of_terms = term_numbers(self.terms())
        texts["heading"] = batch_headings(numbers_of_terms, tokens["title"], tokens["page_keywords"])
        texts["signature"] = batch_signatures(numbers_of_terms, list(tokens.values()))
        texts["extra"] = self._extra
        texts["digest"] = self._digests
        numbers: dict[str, NDArray[np.integer]] = {
            "date": np.array(self._dates, np.uint32),
            "title_key": np.array(self._title_keys, np.uint32),
            # No article is as long: one that were would just be looked at again by every reindex.
            "size": np.minimum(np.array(self._sizes, np.int64), np.iinfo(np.uint32).max).astype(np.uint32),
            "mtime_ns": np.array(self._mtimes, np.int64),
        }
        # A search reads headings and signatures of its best hits, wherever they lie; all others are read as a whole.
        packed = {*VALUE_FIELDS, "title_order"}
        strings = {name: bytes_column(column, packed=name in packed) for name, column in texts.items()}
        return {**strings, **numbers}


def _as_lists(field: InvertedField) -> Inverted:
    frequencies = None if field.positions is None else field.term_freqs
    return Inverted(Terms.of(field.terms), field.doc_freqs, field.docnums, frequencies, field.positions)


def _grouped(documents: Sequence[Sequence[bytes]]) -> Inverted:
    """Return the posting lists of documents that each have a few terms, each once."""
    everything = list(chain.from_iterable(documents))
    terms = sorted(set(everything))
    ordinal_of = {term: ordinal for ordinal, term in enumerate(terms)}
    ordinals = np.fromiter(map(ordinal_of.__getitem__, everything), np.int64, len(everything))
    sizes = np.fromiter(map(len, documents), np.int64, len(documents))
    docnums = np.repeat(np.arange(len(documents), dtype=np.int32), sizes)
    order = np.argsort(ordinals, kind="stable")
    return Inverted(Terms.of(terms), np.bincount(ordinals, minlength=len(terms)), docnums[order])

"""Articles -> the arrays of a new segment, many documents at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from qtsearch.analysis import analyzer
from qtsearch.analysis.inversion import (
    InvertedField,
    NewWords,
    Ranking,
    TokenColumn,
    Vocabulary,
    invert,
    invert_words,
    ranked,
)
from qtsearch.articles.model import Article, Fingerprint
from qtsearch.articles.stored import encode
from qtsearch.codec.byte_strings import ByteStrings
from qtsearch.codec.columns.format import ColumnArrays
from qtsearch.codec.columns.writer import bytes_column
from qtsearch.codec.postings.format import Inverted
from qtsearch.codec.segment_writer import SegmentData
from qtsearch.codec.stored.writer import compressor_of, dictionary_of
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
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName
from qtsearch.scoring.signature import batch_headings, batch_signatures, term_numbers, title_key
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
"""Bytes of an article; a longer one is compressed at once, and does not wait for others."""

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

    field: FieldName
    numbers: NDArray[np.signedinteger[Any]]
    lengths: NDArray[np.signedinteger[Any]]

    def inverted(self, terms: Ranking) -> Inverted:
        """Return the posting lists.

        Args:
            terms: the order of the terms of all numbers.
        """
        return _as_lists(invert(self, terms))


class DocumentColumns:
    """What is collected of each document beside its words, one list for each kind of it."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {name: [] for name in VALUE_FIELDS}
        self.abbreviations: list[tuple[bytes, ...]] = []
        self.extra: list[bytes] = []
        self.dates: list[int] = []
        self.title_order: list[bytes] = []
        self.title_keys: list[int] = []
        self.sizes: list[int] = []
        self.mtimes: list[int] = []
        self.digests: list[bytes] = []
        self.stored: list[bytes] = []

    def extend(self, other: DocumentColumns) -> None:
        """Add other documents behind these."""
        for field, values in self.values.items():
            values += other.values[field]
        self.abbreviations += other.abbreviations
        self.extra += other.extra
        self.dates += other.dates
        self.title_order += other.title_order
        self.title_keys += other.title_keys
        self.sizes += other.sizes
        self.mtimes += other.mtimes
        self.digests += other.digests
        self.stored += other.stored


@dataclass(frozen=True, slots=True)
class Part:
    """Documents for a segment that another builder makes, in another process as a rule.

    Attributes:
        tokens: the words of each searched field, as numbers of the vocabulary of the process that made this.
        new_words: of that vocabulary.
        documents: everything else; what is stored is compressed.
    """

    tokens: Sequence[FieldTokens]
    new_words: NewWords
    documents: DocumentColumns


class SegmentBuilder:
    """Collects documents in memory until they are made a segment.

    Args:
        dictionary: what to compress stored articles with as they come; b"" to leave that until they are written.
        vocabulary: numbers of words, to be shared with the builders before and after this one; None for one of its own.
    """

    def __init__(self, dictionary: bytes = b"", vocabulary: Vocabulary | None = None) -> None:
        self.dictionary = _one_and_the_same(dictionary)
        self._vocabulary = Vocabulary() if vocabulary is None else vocabulary
        self._tokens = {name: TokenColumn(self._vocabulary) for name in SEARCHED_FIELDS}
        self._documents = DocumentColumns()
        self._compressed = 0

    def __len__(self) -> int:
        return len(self._documents.stored)

    @property
    def token_count(self) -> int:
        """Tokens of all documents, which is what memory goes by."""
        return sum(map(len, self._tokens.values()))

    def terms(self) -> list[str]:
        """Return the term of each number that stands for a word. Not to be changed."""
        return self._vocabulary.terms()

    def searched_fields(self) -> list[FieldTokens]:
        """Return the words of each searched field that has any, for somebody else to invert."""
        return [field for field in self._field_tokens() if len(field.numbers)]

    def _field_tokens(self) -> list[FieldTokens]:
        return [FieldTokens(name, column.numbers, column.lengths) for name, column in self._tokens.items()]

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
        documents = self._documents
        for name, column in documents.values.items():
            column.append(value_of(article, name))
        documents.abbreviations.append(tuple(dict.fromkeys(abbreviation_terms(article))))
        documents.extra.append(extra_form(article.extra))
        documents.dates.append(day_number(article.date))
        documents.title_order.append(comparable(article.title).encode("utf-8", "replace"))
        documents.title_keys.append(title_key(analyzer.terms(article.title)))
        documents.sizes.append(fingerprint.size)
        documents.mtimes.append(fingerprint.mtime_ns)
        documents.digests.append(fingerprint.digest)
        stored = stored_form(encoded or encode(article))
        documents.stored.append(stored)
        if len(documents.stored) - self._compressed >= _TOGETHER or len(stored) > _LONG:
            self._compress()

    def _compress(self) -> None:
        """Compress the stored articles that are not yet, if there is a dictionary."""
        stored = self._documents.stored
        if self.dictionary:
            compress = compressor_of(self.dictionary).compress
            stored[self._compressed :] = map(compress, stored[self._compressed :])
        self._compressed = len(stored)

    def part(self) -> Part:
        """Return the documents, for another builder with the same dictionary, to be used no more here."""
        self._compress()
        return Part(self._field_tokens(), self._vocabulary.new_words(), self._documents)

    def extend(self, part: Part, vocabulary: Vocabulary) -> None:
        """Add documents behind those of this builder.

        Args:
            part: the documents.
            vocabulary: that of its process, as far as it was told of.
        """
        self._compress()
        renumbered = self._vocabulary.extend(vocabulary)
        self._vocabulary.terms()  # now, while there are other cores at work, rather than at the end
        for field in part.tokens:
            self._tokens[field.field].extend(field, renumbered)
        self._documents.extend(part.documents)
        self._compressed = len(self)

    def build(self, *, with_searched_fields: bool = True) -> SegmentData:
        """Return the segment, with or without the posting lists of ``searched_fields``."""
        self._compress()
        documents = self._documents
        fields: dict[str, Inverted] = {}
        if with_searched_fields:
            terms = ranked(self.terms())
            fields.update((one.field, one.inverted(terms)) for one in self.searched_fields())
        fields["words"] = _as_lists(invert_words(list(self._tokens.values()), self._vocabulary.words()))
        for field, column in documents.values.items():
            value_terms = {value: [value_term(field, value)] if value else [] for value in set(column)}
            fields[field] = _grouped([value_terms[value] for value in column])
        terms_of_days = {day: day_terms(day) for day in set(documents.dates)}
        fields["abbreviations"] = _grouped(documents.abbreviations)
        fields["date"] = _grouped([terms_of_days[day] for day in documents.dates])
        return SegmentData(
            doc_count=len(self),
            fields={name: lists for name, lists in fields.items() if len(lists.terms)},
            lengths={name: column.lengths for name, column in self._tokens.items()},
            columns=self._columns(),
            stored=documents.stored,
            dictionary=self.dictionary,
            compressed=bool(self.dictionary),
        )

    def _columns(self) -> dict[str, ColumnArrays]:
        documents = self._documents
        values = documents.values
        texts = {name: [value.encode("utf-8", "replace") for value in column] for name, column in values.items()}
        texts["title_order"] = documents.title_order
        tokens = self._tokens
        numbers_of_terms = term_numbers(self.terms())
        texts["heading"] = batch_headings(numbers_of_terms, tokens["title"], tokens["page_keywords"])
        texts["signature"] = batch_signatures(numbers_of_terms, list(tokens.values()))
        texts["extra"] = documents.extra
        texts["digest"] = documents.digests
        numbers: dict[str, NDArray[np.integer]] = {
            "date": np.array(documents.dates, np.uint32),
            "title_key": np.array(documents.title_keys, np.uint32),
            # No article is as long: one that were would just be looked at again by every reindex.
            "size": np.minimum(np.array(documents.sizes, np.int64), np.iinfo(np.uint32).max).astype(np.uint32),
            "mtime_ns": np.array(documents.mtimes, np.int64),
        }
        # A search reads headings and signatures of its best hits, wherever they lie; all others are read as a whole.
        packed = {*VALUE_FIELDS, "title_order"}
        strings = {name: bytes_column(column, packed=name in packed) for name, column in texts.items()}
        return {**strings, **numbers}


def _as_lists(field: InvertedField) -> Inverted:
    frequencies = None if field.positions is None else field.term_freqs
    return Inverted(ByteStrings.of(field.terms), field.doc_freqs, field.docnums, frequencies, field.positions)


def _grouped(documents: Sequence[Sequence[bytes]]) -> Inverted:
    """Return the posting lists of documents that each have a few terms, each once."""
    everything = list(chain.from_iterable(documents))
    terms = sorted(set(everything))
    ordinal_of = {term: ordinal for ordinal, term in enumerate(terms)}
    ordinals = np.fromiter(map(ordinal_of.__getitem__, everything), np.int64, len(everything))
    sizes = np.fromiter(map(len, documents), np.int64, len(documents))
    docnums = np.repeat(np.arange(len(documents), dtype=np.int32), sizes)
    order = np.argsort(ordinals, kind="stable")
    return Inverted(ByteStrings.of(terms), np.bincount(ordinals, minlength=len(terms)), docnums[order])

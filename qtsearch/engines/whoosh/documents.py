"""How an article becomes a document: what of it is searched, filtered, sorted and stored. Knows nothing of Whoosh."""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Iterator
from typing import Final

from qtsearch.analysis.abbreviation_table import Key, definitions_of, long_key, short_key
from qtsearch.analysis.abbreviations import Definition
from qtsearch.articles.model import Article, Extra
from qtsearch.codec import values

SCHEMA_VERSION: Final = 8
"""Goes up whenever a document would be indexed in another way; an index with another number is rebuilt."""

VALUE_FIELDS: Final = ("author", "id", "path", "subject", "url")
"""Short texts that are matched whole; each has a column of the same name."""

_STORED_START: Final = values.encode({"article": b""})[:-1]

_SHORT, _LONG, _BETWEEN = "S", "L", "\x1f"

BETWEEN: Final = _BETWEEN.encode()
"""Stands behind each part of a term of ``abbreviation_terms``."""

UNDATED: Final = 0
"""Stands for "no date" in the date column; real dates are proleptic day numbers from 1."""


def comparable(value: str) -> str:
    """Return the form in which two values are compared: without regard to case, and NFC as articles are."""
    return value.lower() if value.isascii() else unicodedata.normalize("NFC", value).casefold()


def searched_title(article: Article) -> str:
    """Return the title, with the question below it where that says something else."""
    if not article.question or comparable(article.question) == comparable(article.title):
        return article.title
    return f"{article.title}\n{article.question}"


def searched_keywords(article: Article) -> str:
    """Return the keywords, one a line."""
    return "\n".join(article.page_keywords)


def value_of(article: Article, field: str) -> str:
    """Return the text of a value field, "" for none."""
    value = getattr(article, field)
    return "" if value is None else str(value)


def value_term(field: str, value: str) -> bytes:
    """Return the one term of a value; paths differ by case, everything else does not."""
    return (value if field == "path" else comparable(value)).encode("utf-8", "replace")


def abbreviation_terms(article: Article) -> Iterator[bytes]:
    """Yield the terms under which the abbreviations that an article defines are found: by either form.

    A term is the key of the form and the definition as written, so that the dictionary of terms alone says which
    definitions there are, and in how many documents.
    """
    for definition in definitions_of(article.title, article.answer_text):
        if _BETWEEN in "".join(definition):
            continue
        yield short_prefix(short_key(definition[0])) + _BETWEEN.join(definition).encode("utf-8", "replace")
        yield long_prefix(long_key(definition[1])) + _BETWEEN.join(definition).encode("utf-8", "replace")


def short_prefix(key: Key | None) -> bytes:
    """Return what the terms of all definitions of a short form begin with; None for all short forms."""
    return _prefix(_SHORT, key)


def long_prefix(key: Key) -> bytes:
    """Return what the terms of all definitions of a long form begin with."""
    return _prefix(_LONG, key)


def _prefix(kind: str, key: Key | None) -> bytes:
    return kind.encode() if key is None else f"{kind}{' '.join(key)}{_BETWEEN}".encode("utf-8", "replace")


def key_of(term: bytes) -> Key:
    """Return the key of the form under which a term of ``abbreviation_terms`` is found."""
    return tuple(term.decode().partition(_BETWEEN)[0][1:].split(" "))


def definition_of(term: bytes) -> Definition:
    """Return the definition that a term of ``abbreviation_terms`` is for."""
    _, short, long = term.decode().split(_BETWEEN)
    return short, long


def extra_form(extra: Extra) -> bytes:
    """Return the further front-matter values of an article as a column keeps them: JSON, b"" for none."""
    if not extra:
        return b""
    return json.dumps({key: list(texts) for key, texts in extra}).encode()


def stored_form(article: bytes) -> bytes:
    """Return what is stored of a document: ``{"article": article}`` in the form of ``qtsearch.codec.values``."""
    return b"".join((_STORED_START, values.varint(len(article)), article))


def stored_article(data: bytes) -> memoryview:
    """Return a view of what ``stored_form`` was given, without decoding it in general: that takes ten times as long.

    Raises:
        ValueError: it is something else.
    """
    if not data.startswith(_STORED_START):
        raise ValueError("no stored article")
    try:
        size, place = values.read_varint(data, len(_STORED_START))
    except IndexError as error:
        raise ValueError("no stored article") from error
    if place + size != len(data):
        raise ValueError(f"a stored article of {len(data) - place} bytes, expected {size}")
    return memoryview(data)[place:]


def day_number(date: datetime.date | None) -> int:
    """Return a date as the index keeps it."""
    return date.toordinal() if date else UNDATED


def day_terms(number: int) -> list[bytes]:
    """Return the terms of a day: it, and what is left of its bits without the last four, eight and so on.

    Those of a numeric field of Whoosh: how many bits are missing, in a byte, and the others as a big-endian number.
    """
    return [bytes([shift]) + (number >> shift).to_bytes(4, "big") for shift in range(0, 32, 4)]


def day_of(number: int) -> datetime.date | None:
    """Return the date that ``day_number`` was given."""
    return datetime.date.fromordinal(number) if number != UNDATED else None

"""How an article becomes a document: what of it is searched, filtered, sorted and stored. Knows nothing of Whoosh."""

from __future__ import annotations

import datetime
from typing import Final

from qtsearch.articles.model import Article
from qtsearch.codec import values

SCHEMA_VERSION: Final = 2
"""Goes up whenever a document would be indexed in another way; an index with another number is rebuilt."""

VALUE_FIELDS: Final = ("author", "id", "path", "subject", "url")
"""Short texts that are matched whole; each has a column of the same name."""

_STORED_START: Final = values.encode({"article": b""})[:-1]

UNDATED: Final = 0
"""Stands for "no date" in the date column; real dates are proleptic day numbers from 1."""


def comparable(value: str) -> str:
    """Return the form in which two values are compared: without regard to case."""
    return value.casefold()


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


def stored_form(article: bytes) -> bytes:
    """Return what is stored of a document: ``{"article": article}`` in the form of ``qtsearch.codec.values``."""
    return values.encode({"article": article})


def stored_article(data: bytes) -> bytes:
    """Return what ``stored_form`` was given, without decoding it in general, which takes ten times as long.

    Raises:
        ValueError: it is something else.
    """
    if not data.startswith(_STORED_START):
        raise ValueError("no stored article")
    place = len(_STORED_START)
    size = shift = 0
    while True:
        byte = data[place : place + 1]
        place += 1
        if not byte:
            raise ValueError("no stored article")
        size |= (byte[0] & 127) << shift
        shift += 7
        if byte[0] < 128:
            break
    if place + size != len(data):
        raise ValueError(f"a stored article of {len(data) - place} bytes, expected {size}")
    return data[place:]


def day_number(date: datetime.date | None) -> int:
    """Return a date as the index keeps it."""
    return date.toordinal() if date else UNDATED


def day_of(number: int) -> datetime.date | None:
    """Return the date that ``day_number`` was given."""
    return datetime.date.fromordinal(number) if number != UNDATED else None

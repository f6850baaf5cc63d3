"""How an article becomes a Whoosh document, and back."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

from whoosh import columns, fields, formats

from qtsearch.articles.model import Article, Fingerprint
from qtsearch.articles.stored import encode
from qtsearch.engines.whoosh.analysis import TermAnalyzer, ValueAnalyzer, WordAnalyzer, comparable
from qtsearch.query.tree import FieldName

SCHEMA_VERSION: Final = 1
"""Goes up whenever the fields below change; an index with another number is rebuilt."""

FIELD_WEIGHTS: Final[dict[FieldName, float]] = {"title": 2.0, "page_keywords": 1.5, "answer": 1.0}
"""How much a match counts by field."""

_UNDATED: Final = 0
"""Stands for "no date" in the date column; real dates are proleptic day numbers from 1."""


class ValueField(fields.ID):
    """A short text that is matched whole and without regard to case."""

    def __init__(self, *, unique: bool = False, column: bool = False) -> None:
        super().__init__(unique=unique, analyzer=ValueAnalyzer(), sortable=column)

    def process_text(self, qstring: str, mode: str = "", **kwargs: Any) -> Iterator[str]:
        """Yield the one term of a value."""
        yield comparable(qstring)


class WordsField(fields.FieldType):
    """The unstemmed words of the searched fields, for prefixes, wildcards, spelling and completion."""

    def __init__(self) -> None:
        self.analyzer = WordAnalyzer()
        self.format = formats.Existence()
        self.scorable = False
        self.stored = False
        self.set_sortable(False)


def schema() -> fields.Schema:
    """Return the schema of the index."""
    text = {name: fields.TEXT(analyzer=TermAnalyzer(), phrase=True) for name in FIELD_WEIGHTS}
    return fields.Schema(
        **text,
        words=WordsField(),
        path=fields.ID(unique=True, sortable=True),
        id=ValueField(column=True),
        url=ValueField(column=True),
        subject=ValueField(column=True),
        author=ValueField(column=True),
        date=fields.NUMERIC(int, bits=32, signed=False, sortable=True),
        title_order=fields.COLUMN(columns.VarBytesColumn()),
        size=fields.COLUMN(columns.NumericColumn("q")),
        mtime_ns=fields.COLUMN(columns.NumericColumn("q")),
        digest=fields.COLUMN(columns.VarBytesColumn()),
        article=fields.STORED(),
    )


def document(article: Article, fingerprint: Fingerprint) -> dict[str, Any]:
    """Return the arguments of Whoosh's ``add_document``."""
    title = searched_title(article)
    keywords = "\n".join(article.page_keywords)
    optional = {
        "id": id_text(article),
        "url": article.url,
        "subject": article.subject,
        "author": article.author,
    }
    return {
        "title": title,
        "page_keywords": keywords,
        "answer": article.answer_text,
        "words": f"{title}\n{keywords}\n{article.answer_text}",
        "path": article.path,
        **{name: value for name, value in optional.items() if value},
        "date": day_number(article.date),
        "title_order": comparable(article.title).encode("utf-8", "backslashreplace"),
        "size": fingerprint.size,
        "mtime_ns": fingerprint.mtime_ns,
        "digest": fingerprint.digest,
        "article": encode(article),
    }


def searched_title(article: Article) -> str:
    """Return the title, with the question below it where that says something else."""
    if not article.question or comparable(article.question) == comparable(article.title):
        return article.title
    return f"{article.title}\n{article.question}"


def id_text(article: Article) -> str:
    """Return the id as text, "" for none."""
    return "" if article.id is None else str(article.id)


def day_number(date: datetime.date | None) -> int:
    """Return a date as the index keeps it."""
    return date.toordinal() if date else _UNDATED


def day_of(number: int) -> datetime.date | None:
    """Return the date that ``day_number`` was given."""
    return datetime.date.fromordinal(number) if number != _UNDATED else None

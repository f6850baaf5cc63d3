"""The index in Whoosh's terms, so that everything that reads a Whoosh index can read ours.

Whoosh pickles these classes by name into its table of contents: their names are file format.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh import columns, fields, formats

from qtsearch.engines.whoosh.analysis import TermAnalyzer, ValueAnalyzer, WordAnalyzer
from qtsearch.engines.whoosh.documents import comparable
from qtsearch.query.tree import SEARCHED_FIELDS


class ValueField(fields.ID):
    """A short text that is matched whole and without regard to case."""

    def __init__(self) -> None:
        super().__init__(analyzer=ValueAnalyzer(), sortable=True)

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
    text = {name: fields.TEXT(analyzer=TermAnalyzer(), phrase=True) for name in SEARCHED_FIELDS}
    return fields.Schema(
        **text,
        words=WordsField(),
        path=fields.ID(unique=True, sortable=True),
        id=ValueField(),
        url=ValueField(),
        subject=ValueField(),
        author=ValueField(),
        abbreviations=fields.ID(),
        date=fields.NUMERIC(int, bits=32, signed=False, sortable=True),
        title_order=fields.COLUMN(columns.VarBytesColumn()),
        title_key=fields.COLUMN(columns.NumericColumn("I")),
        size=fields.COLUMN(columns.NumericColumn("I")),
        mtime_ns=fields.COLUMN(columns.NumericColumn("q")),
        digest=fields.COLUMN(columns.VarBytesColumn()),
        heading=fields.COLUMN(columns.VarBytesColumn()),
        signature=fields.COLUMN(columns.VarBytesColumn()),
        extra=fields.COLUMN(columns.VarBytesColumn()),
        article=fields.STORED(),
    )

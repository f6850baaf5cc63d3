"""How matching documents are spread over subjects, authors, years and further front-matter keys; filters by these."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from qtsearch.config import BUILT_IN_FACETS
from qtsearch.engines.whoosh.columns import Columns
from qtsearch.engines.whoosh.documents import VALUE_FIELDS, comparable, day_of
from qtsearch.errors import RequestError
from qtsearch.query import tree
from qtsearch.query.request import SearchRequest
from qtsearch.results import Facet, FacetCount
from qtsearch.scoring.arrays import Ints, Mask


class _Values(NamedTuple):
    """The values of one facet: the value ``texts[ordinals[i]]`` stands in the document ``docnums[i]``."""

    texts: Sequence[str]
    docnums: Ints
    ordinals: Ints


class Facets:
    """The facets of an index. Threads may share it.

    Args:
        columns: of all documents.
        further: the front-matter keys that were indexed for this.
    """

    def __init__(self, columns: Columns, further: Sequence[str]) -> None:
        self._columns = columns
        self.names = tuple(dict.fromkeys((*BUILT_IN_FACETS, *further)))
        self._values: dict[str, _Values] = {}

    def filters(self, request: SearchRequest) -> list[tree.Node]:
        """Return what an article must be to pass the filters of a request.

        Raises:
            RequestError: a filter is no facet of this index, or its year is none.
        """
        wanted: dict[str, list[tree.Node]] = {}
        if request.subject is not None:
            wanted["subject"] = [tree.Match("subject", request.subject)]
        for name, value in request.filters:
            self._refuse_unknown([name])
            wanted.setdefault(name, []).append(_years(value) if name == "year" else tree.Match(name, value))
        nodes = [tree.Or(tuple(any_of)) if len(any_of) > 1 else any_of[0] for any_of in wanted.values()]
        if request.since or request.until:
            nodes.append(tree.DateRange(request.since, request.until))
        return nodes

    def passing(self, node: tree.Match | tree.DateRange) -> Mask:
        """Return which documents a filter lets through; shape ``[doc_count]``."""
        if isinstance(node, tree.DateRange) or node.column in VALUE_FIELDS:
            return self._columns.filter(node)
        texts, docnums, ordinals = self._of(node.column)
        mask = np.zeros(len(self._columns.dates), np.bool_)
        same = [number for number, text in enumerate(texts) if comparable(text) == comparable(node.value)]
        mask[docnums[np.isin(ordinals, same)]] = True
        return mask

    def counts(self, names: Iterable[str], matched: Mask) -> tuple[Facet, ...]:
        """Return the facets of the documents that match.

        Raises:
            RequestError: a name is no facet of this index.
        """
        wanted = list(dict.fromkeys(names))
        self._refuse_unknown(wanted)
        return tuple(Facet(name, self._counts(name, matched)) for name in wanted)

    def _counts(self, name: str, matched: Mask) -> tuple[FacetCount, ...]:
        texts, docnums, ordinals = self._of(name)
        numbers = np.bincount(ordinals[matched[docnums]], minlength=len(texts)).tolist()
        found = [FacetCount(text, number) for text, number in zip(texts, numbers, strict=True) if number]
        if name == "year":
            return tuple(sorted(found, key=lambda one: one.value, reverse=True))
        return tuple(sorted(found, key=lambda one: (-one.count, one.value)))

    def _refuse_unknown(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.names:
                raise RequestError(
                    f"no facet {name!r}; this index has {', '.join(self.names)}; "
                    "further front-matter keys are named in qtsearch.toml, as facets"
                )

    def _of(self, name: str) -> _Values:
        if name not in self._values:
            self._values[name] = self._read(name)
        return self._values[name]

    def _read(self, name: str) -> _Values:
        if name == "year":
            return _collected((docnum, _year(day)) for docnum, day in enumerate(self._columns.dates.tolist()) if day)
        if name in VALUE_FIELDS:
            return _collected((docnum, text) for docnum, text in enumerate(self._columns.texts(name)) if text)
        extra = enumerate(self._columns.byte_strings("extra"))
        return _collected(
            (docnum, text) for docnum, values in extra if values for text in json.loads(values).get(name, ())
        )


def _collected(pairs: Iterable[tuple[int, str]]) -> _Values:
    """Return the values of documents; those that differ by case only are one, as the first one spells it."""
    numbers: dict[str, int] = {}
    texts: list[str] = []
    docnums: list[int] = []
    ordinals: list[int] = []
    for docnum, text in pairs:
        number = numbers.setdefault(comparable(text), len(texts))
        if number == len(texts):
            texts.append(text)
        if docnums and docnums[-1] == docnum and number in ordinals[-1:]:
            continue
        docnums.append(docnum)
        ordinals.append(number)
    return _Values(texts, np.array(docnums, np.int64), np.array(ordinals, np.int64))


def _year(day: int) -> str:
    date = day_of(day)
    return "" if date is None else f"{date.year:04}"


def _years(value: str) -> tree.DateRange:
    if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= datetime.MAXYEAR):
        raise RequestError(f"year is {value!r}; use a year such as 2024")
    return tree.DateRange(datetime.date(int(value), 1, 1), datetime.date(int(value), 12, 31))

"""How matching documents are spread over subjects, authors, years and further front-matter keys; filters by these."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from qtsearch.codec.packing.format import ranges
from qtsearch.config import BUILT_IN_FACETS
from qtsearch.engines.whoosh.columns import Columns
from qtsearch.engines.whoosh.documents import VALUE_FIELDS, comparable, day_of
from qtsearch.errors import RequestError
from qtsearch.query import tree
from qtsearch.query.dates import days_of_year
from qtsearch.query.notices import quoted
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
        nodes: list[tree.Node] = []
        for name, values in request.filters:
            self._refuse_unknown([name])
            any_of = tuple(_having(name, value) for value in values)
            nodes += [tree.Or(any_of)] if len(any_of) > 1 else any_of
        if request.subject is not None:
            nodes.append(_having("subject", request.subject))
        if request.since or request.until:
            nodes.append(tree.DateRange(request.since, request.until))
        return nodes

    def notices(self, request: SearchRequest, root: tree.Node, live: Mask) -> Iterator[str]:
        """Yield one line for each value that is asked for and that no article has.

        Args:
            request: its filters passed ``filters``.
            root: the tree of its text, which may hold filters too.
            live: which documents are not deleted.
        """
        asked = {(name, value): _having(name, value) for name, values in request.filters for value in values}
        if request.subject is not None:
            asked["subject", request.subject] = _having("subject", request.subject)
        asked |= {(node.column, node.value): node for node in tree.value_filters(root)}
        for (name, value), node in asked.items():
            if not (self.passing(node) & live).any():
                yield f"no article has the {name} {quoted(value)}"

    def passing(self, node: tree.Match | tree.DateRange) -> Mask:
        """Return which documents a filter lets through; shape ``[doc_count]``."""
        if isinstance(node, tree.DateRange) or node.column in VALUE_FIELDS:
            return self._columns.filter(node)
        texts, docnums, ordinals = self._of(node.column)
        mask = np.zeros(len(self._columns.dates), np.bool_)
        wanted = comparable(node.value)
        same = [number for number, text in enumerate(texts) if comparable(text) == wanted]
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
                    "further front-matter keys are named in qtsearch.toml, as facets, and are there after a reindex"
                )

    def _of(self, name: str) -> _Values:
        if name not in self._values:
            self._values[name] = self._read(name)
        return self._values[name]

    def _read(self, name: str) -> _Values:
        # Many documents have the same bytes, and only what differs is taken apart.
        rows: Ints
        if name == "year":
            days, rows = np.unique(self._columns.dates, return_inverse=True)
            return _collected([(_year(day),) if day else () for day in days.tolist()], rows)
        if name in VALUE_FIELDS:
            different, rows = self._numbered(name)
            return _collected([(value.decode(),) if value else () for value in different], rows)
        different, rows = self._numbered("extra")
        return _collected([json.loads(values).get(name, ()) if values else () for values in different], rows)

    def _numbered(self, column: str) -> tuple[list[bytes], Ints]:
        """Return the different values of a column, and the number of that of each document; a deleted one has b""."""
        values = self._columns.living_byte_strings(column)
        different = list(dict.fromkeys(values))
        numbers = {value: number for number, value in enumerate(different)}
        return different, np.fromiter(map(numbers.__getitem__, values), np.int64, len(values))


def _collected(held: Sequence[Sequence[str]], rows: Ints) -> _Values:
    """Return the values of documents; those that differ by case only are one, as most documents spell it.

    Args:
        held: lists of values.
        rows: for each document the number of its list.
    """
    numbers: dict[str, int] = {}
    spellings: list[Counter[str]] = []
    lists: list[list[int]] = []
    for values, documents in zip(held, np.bincount(rows, minlength=len(held)).tolist(), strict=True):
        own: dict[int, None] = {}
        for text in values:
            number = numbers.setdefault(comparable(text), len(spellings))
            if number == len(spellings):
                spellings.append(Counter())
            if number not in own:
                own[number] = None
                spellings[number][text] += documents
        lists.append(list(own))
    # Of those as common the first in order: which document is the first depends on how the index came about.
    texts = [min(counted, key=lambda text: (-counted[text], text)) for counted in spellings]
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    places = ranges((np.cumsum(lengths) - lengths)[rows], lengths[rows])
    ordinals = np.fromiter(chain.from_iterable(lists), np.int64)[places]
    return _Values(texts, np.repeat(np.arange(len(rows)), lengths[rows]), ordinals)


def _year(day: int) -> str:
    date = day_of(day)
    return "" if date is None else f"{date.year:04}"


def _having(name: str, value: str) -> tree.Match | tree.DateRange:
    return _years(value) if name == "year" else tree.Match(name, value)


def _years(value: str) -> tree.DateRange:
    try:
        return days_of_year(value)
    except ValueError:
        raise RequestError(f"year is {value!r}; use a year such as 2024") from None

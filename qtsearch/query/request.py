"""A search request: everything that a person can ask of an engine, checked, as one frozen value."""

from __future__ import annotations

import datetime
from numbers import Integral
from types import UnionType
from typing import Literal, get_args

from qtsearch.errors import RequestError, shown
from qtsearch.values import dataclass

Sort = Literal["relevance", "date", "title"]
SORTS: tuple[Sort, ...] = get_args(Sort)
MAX_LIMIT = 10_000
MAX_FRAGMENTS = 9


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What to search for, among which articles, in what order, and which slice to return.

    Attributes:
        text: what the person typed, in the query language.
        subject: only articles of this subject, compared without regard to case; None for all.
        since: only articles of this day or later.
        until: only articles of this day or earlier.
        sort: ``relevance`` (best first), ``date`` (newest first) or ``title`` (a to z).
        offset: hits to pass over, 0 or more.
        limit: hits to return, 0 to 10,000.
        fragments: how many fragments of each hit to show, 0 to 9; none is faster.
        filters: pairs of a facet and values: ``subject``, ``author``, ``year`` or a further key of the configuration.
            An article must have one of the values of each pair, if there are any, compared without regard to case.
        facets: for which facets to count the matching articles.
        expand: whether abbreviations, other numerals and synonyms of the words are searched for too.
        exact: True to search for what was typed and nothing else: no other names, no corrected words.
        explain: whether each hit says what made its score.

    Raises:
        RequestError: a value is out of its range, or of another kind.
    """

    text: str
    subject: str | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    fragments: int = 1
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    facets: tuple[str, ...] = ()
    expand: bool = True
    exact: bool = False
    explain: bool = False

    def __post_init__(self) -> None:
        self._check_kinds()
        if self.sort not in SORTS:
            raise RequestError(f"sort is {shown(self.sort)}; use one of {', '.join(SORTS)}")
        # What the engine and whoever reads the results get is an int, whatever kind of whole number was given.
        numbers = {"offset": checked_number("offset", self.offset), "limit": checked_limit("limit", self.limit)}
        numbers["fragments"] = checked_number("fragments", self.fragments, MAX_FRAGMENTS)
        for name, number in numbers.items():
            object.__setattr__(self, name, number)
        if self.since and self.until and self.since > self.until:
            raise RequestError(f"since {self.since} is after until {self.until}; swap them")

    def _check_kinds(self) -> None:
        # Whoever passes a text for a date would be told that the index is damaged, where the two are compared.
        require("text", self.text, str, "a text")
        require("subject", self.subject, str | None, "a text")
        for name, day in (("since", self.since), ("until", self.until)):
            require(name, day, datetime.date | None, "a datetime.date")
            if isinstance(day, datetime.datetime):
                raise RequestError(f"{name} is {day!r}; use its date()")
        for name, switch in (("expand", self.expand), ("exact", self.exact), ("explain", self.explain)):
            require(name, switch, bool, "True or False")
        for name, values in self.filters:
            for value in values:
                require(f"the filter {shown(name)}", value, str, "a text")


def checked_limit(name: str, limit: int) -> int:
    """Return how many of something are wanted at most.

    Raises:
        RequestError: it is not 0 to 10,000.
    """
    return checked_number(name, limit, MAX_LIMIT)


def checked_number(name: str, number: int, most: int | None = None) -> int:
    """Return a number as an int.

    Raises:
        RequestError: it is no whole number, or not 0 to ``most``; None for no bound.
    """
    require(name, number, Integral, "a whole number")
    number = int(number)
    if number < 0 or (most is not None and number > most):
        raise RequestError(f"{name} is {shown(number)}; use 0 {'or more' if most is None else f'to {most}'}")
    return number


def require(name: str, value: object, kind: type | UnionType, wanted: str) -> None:
    """Raise ``RequestError`` if an argument is of another kind than is wanted."""
    if not isinstance(value, kind):
        raise RequestError(f"{name} is {shown(value)}; use {wanted}")

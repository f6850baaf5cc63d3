"""A search request: everything that a person can ask of an engine, checked, as one frozen value."""

from __future__ import annotations

import datetime
from numbers import Integral
from types import UnionType
from typing import Literal, get_args

from qtsearch.errors import RequestError
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
        filters: pairs of a facet and a value: ``subject``, ``author``, ``year`` or a further key of the configuration.
            An article must have one of the values given for each facet, compared without regard to case.
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
    filters: tuple[tuple[str, str], ...] = ()
    facets: tuple[str, ...] = ()
    expand: bool = True
    exact: bool = False
    explain: bool = False

    def __post_init__(self) -> None:
        self._check_kinds()
        if self.sort not in SORTS:
            raise RequestError(f"sort is {self.sort!r}; use one of {', '.join(SORTS)}")
        checked_limit("limit", self.limit)
        if not 0 <= self.fragments <= MAX_FRAGMENTS:
            raise RequestError(f"fragments is {self.fragments}; use 0 to {MAX_FRAGMENTS}")
        if self.offset < 0:
            raise RequestError(f"offset is {self.offset}; use 0 or more")
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
        for name, number in (("offset", self.offset), ("fragments", self.fragments)):
            require(name, number, Integral, "a whole number")
        for name, value in self.filters:
            require(f"the filter {name!r}", value, str, "a text")


def checked_limit(name: str, limit: int) -> int:
    """Return how many of something are wanted at most.

    Raises:
        RequestError: it is not 0 to 10,000.
    """
    require(name, limit, Integral, "a whole number")
    if not 0 <= limit <= MAX_LIMIT:
        raise RequestError(f"{name} is {limit}; use 0 to {MAX_LIMIT}")
    return limit


def require(name: str, value: object, kind: type | UnionType, wanted: str) -> None:
    """Raise ``RequestError`` if an argument is of another kind than is wanted."""
    if not isinstance(value, kind):
        raise RequestError(f"{name} is {value!r}; use {wanted}")

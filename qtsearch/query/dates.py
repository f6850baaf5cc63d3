"""``2024-01..2024-06``, ``>=2024``, ``2023``: the dates of the query language as spans of whole days."""

from __future__ import annotations

import datetime
import re

from qtsearch.patterns import pattern
from qtsearch.query.tree import DateRange

_DATE = pattern(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_COMPARED = pattern(r"(>=|<=|>|<|)(.*)", re.DOTALL)
_DAY = datetime.timedelta(days=1)


def date_range(text: str) -> DateRange | None:
    """Read what follows ``date:``; None if it is no date, or if no day can fit it.

    A year or a month stands for all its days: ``2024`` is 2024-01-01 to 2024-12-31, ``<2024`` ends on 2023-12-31
    and ``>2024`` begins on 2025-01-01. A range given backwards stays backwards; the caller decides about it.
    """
    since, dots, until = text.partition("..")
    try:
        return _between(since, until) if dots else _compared(text)
    except (ValueError, OverflowError):
        # No such day, or no day before year 1 or after year 9999.
        return None


def _between(since: str, until: str) -> DateRange | None:
    if not since and not until:
        return None
    return DateRange(days_of(since.strip())[0] if since else None, days_of(until.strip())[1] if until else None)


def _compared(text: str) -> DateRange | None:
    match = _COMPARED.fullmatch(text)
    if match is None:
        return None
    first, last = days_of(match[2].strip())
    match match[1]:
        case ">=":
            return DateRange(first, None)
        case ">":
            return DateRange(last + _DAY, None)
        case "<=":
            return DateRange(None, last)
        case "<":
            return DateRange(None, first - _DAY)
        case _:
            return DateRange(first, last)


def days_of_year(text: str) -> DateRange:
    """Return all days of a year, which may be written without leading zeros; raise ValueError if it is none."""
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    try:
        return DateRange(datetime.date(int(text), 1, 1), datetime.date(int(text), 12, 31))
    except OverflowError as error:
        raise ValueError(text) from error


def days_of(text: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of a year, a month or a day; raise ValueError if it is none."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    first = datetime.date(year, month, day or 1)
    if day is not None:
        # Day 0 is no day, although it is false.
        first = datetime.date(year, month, day)
        return first, first
    import calendar  # loads locale too; few queries name a month

    return first, first.replace(day=calendar.monthrange(year, month)[1])

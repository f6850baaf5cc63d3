"""The typed fields of a simple front matter, where nothing needs to be guessed.

They are what ``fields.Fields`` gives, in a third of the time. ``plain_yaml`` makes them of texts. There are no nodes
and no lines, so nothing can be warned about: wherever ``Fields`` might warn, ``Unusual`` is raised, and the whole front
matter is read again the general way. The tests hold both equal.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, Literal

from qtsearch.articles.fields import NULLS, RELATED, is_plain_number, plain_day, plain_number
from qtsearch.articles.model import ArticleId, RelatedArticle
from qtsearch.articles.text_repair import is_blank, normalize, restore_breaks

_FOLDED_BREAK: Final = re.compile(r"\n(\n*)")

# Days and scores are few, and each is the same text in many files.
_day = lru_cache(10_000)(plain_day)
_number = lru_cache(10_000)(plain_number)


class Unusual(Exception):
    """A field is not in the form that nearly all articles have."""


Style = Literal["plain", "quoted", "folded"]
"""How a scalar is written."""


class Layout:
    """The keys of a mapping, and how and where their values are written; the same for many files.

    Attributes:
        places: the place of each scalar among all values of the front matter, its style, and the blanks in front of
            each line of a folded one (or a quotation mark).
        sections: the layout of each mapping.
        related: the keys of the curated links in numeric order; None where one of them is unusual.
    """

    __slots__ = ("places", "related", "sections")

    def __init__(self, places: dict[str, tuple[int, Style, str]], sections: dict[str, Layout]) -> None:
        self.places = places
        self.sections = sections
        self.related = None if any(key.startswith(RELATED) for key in places) else _related(sections)


def _related(keys: Iterable[str]) -> list[str] | None:
    numbered: list[tuple[int, str]] = []
    for key in keys:
        if key.startswith(RELATED):
            number = key[len(RELATED) :]
            if not number.isdecimal() or len(number) > 9:
                return None
            numbered.append((int(number), key))
    return [key for _, key in sorted(numbered)]


_NOTHING: Final = Layout({}, {})
_ABSENT: Final = 0, "quoted", ""


class PlainFields:
    """Typed access to the entries of one mapping; each method is the one of ``Fields`` with the same name.

    Args:
        layout: which entries there are.
        values: the scalars of the whole front matter, without control characters but line breaks: without quotes
            and block mark, but the further lines of a folded one still indented.
    """

    __slots__ = ("_values", "layout")

    def __init__(self, layout: Layout, values: Sequence[str]) -> None:
        self.layout = layout
        self._values = values

    def markdown(self, key: str) -> str:
        """Return a text of many lines; "" if it is absent or blank."""
        text = self.text(key)
        return "" if is_blank(text) else text.strip()

    def line(self, key: str) -> str:
        """Return a text of one line, "" if absent."""
        text = self.text(key)
        if text.isascii() and "\n" not in text and "  " not in text:
            return text.strip(" ")  # the same in a third of the time: there is no other white space
        return " ".join(text.split())

    def id(self) -> ArticleId | None:
        """Return a plain whole number, or a text that begins with a letter; None if absent."""
        text = self.plain("id")
        if is_plain_number(text):
            return int(text)
        text = self.line("id")
        if not text:
            return None
        if not text[0].isalpha():
            raise Unusual
        return text

    def date(self) -> datetime.date | None:
        """Return a day without a time, None if absent."""
        if not self.text("date"):
            return None
        day = _day(self.plain("date"))
        if day is None:
            raise Unusual
        return day

    def number(self, key: str) -> float | None:
        """Return a finite number, None if absent."""
        if not self.text(key):
            return None
        number = _number(self.plain(key))
        if number is None:
            raise Unusual
        return number

    def phrases(self, key: str) -> tuple[str, ...]:
        """Return the phrases of a text with commas between them."""
        phrases = [" ".join(part.split()) for part in self.text(key).replace("\n", ",").split(",")]
        return tuple(filter(None, phrases))

    def values(self, key: str) -> tuple[str, ...]:
        """Return a text as the only value, () if absent."""
        text = self.line(key)
        return (text,) if text else ()

    def section(self, key: str) -> PlainFields:
        """Return the fields of a nested mapping; none if it is absent."""
        found = self.layout.sections.get(key)
        if found is None and key in self.layout.places:
            raise Unusual
        return PlainFields(found or _NOTHING, self._values)

    def related(self) -> tuple[RelatedArticle, ...]:
        """Return every ``related_articleN`` in numeric order."""
        keys = self.layout.related
        if keys is None:
            raise Unusual
        return tuple([self.section(key).link() for key in keys])

    def link(self) -> RelatedArticle:
        """Return this mapping as a link that leads somewhere."""
        link = RelatedArticle(self.id(), self.line("title"), self.line("subject"), self.line("url"))
        if link.id is None and not link.title and not link.url:
            raise Unusual
        return link

    def text(self, key: str) -> str:
        """Return the repaired text of a scalar (see ``text_repair``), "" for null or if it is absent."""
        found = self.layout.places.get(key)
        if found is None:
            if key in self.layout.sections:
                raise Unusual
            return ""
        place, style, indent = found
        text = self._values[place]
        if style == "plain":
            if text in NULLS:
                return ""
        elif "\n" in text:
            text = _folded(text, indent)
        if "\\" in text and style != "quoted":
            text = restore_breaks(text)
        return text if text.isascii() else normalize(text)

    def plain(self, key: str) -> str:
        """Return a scalar without quotes and block mark as it is written, "" if there is none."""
        place, style, _ = self.layout.places.get(key, _ABSENT)
        return self._values[place] if style == "plain" else ""


def _folded(text: str, indent: str) -> str:
    """Return the text of a folded block: single line breaks are spaces, of others one is dropped."""
    return _FOLDED_BREAK.sub(lambda breaks: breaks[1] or " ", text.replace("\n" + indent, "\n"))

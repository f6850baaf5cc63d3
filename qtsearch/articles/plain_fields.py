"""The typed fields of a simple front matter, where nothing needs to be guessed.

They are what ``fields.Fields`` gives, in a third of the time. ``plain_yaml`` makes them of texts. There are no nodes
and no lines, so nothing can be warned about: wherever ``Fields`` might warn, ``Unusual`` is raised, and the whole front
matter is read again the general way. The tests hold both equal.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

from qtsearch.articles.fields import RELATED, is_plain_number, plain_day, plain_number
from qtsearch.articles.model import ArticleId, RelatedArticle
from qtsearch.articles.text_repair import is_blank

# Days and scores are few, and each is the same text in many files.
_day = lru_cache(10_000)(plain_day)
_number = lru_cache(10_000)(plain_number)


class Unusual(Exception):
    """A field is not in the form that nearly all articles have."""


class PlainFields:
    """Typed access to the entries of one mapping; each method is the one of ``Fields`` with the same name.

    Attributes:
        texts: the repaired text of each scalar (see ``text_repair``), "" for null.
        plain: each scalar without quotes and block mark, as written.
        sections: each mapping.
    """

    __slots__ = ("plain", "sections", "texts")

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.plain: dict[str, str] = {}
        self.sections: dict[str, PlainFields] = {}

    def markdown(self, key: str) -> str:
        """Give a text of many lines; "" if it is absent or blank."""
        text = self._text(key)
        return "" if is_blank(text) else text.strip()

    def line(self, key: str) -> str:
        """Give a text of one line, "" if absent."""
        return " ".join(self._text(key).split())

    def id(self) -> ArticleId | None:
        """Give a plain whole number, or a text that begins with a letter; None if absent."""
        text = self.plain.get("id", "")
        if is_plain_number(text):
            return int(text)
        text = self.line("id")
        if not text:
            return None
        if not text[0].isalpha():
            raise Unusual
        return text

    def date(self) -> datetime.date | None:
        """Give a day without a time, None if absent."""
        if not self._text("date"):
            return None
        day = _day(self.plain.get("date", ""))
        if day is None:
            raise Unusual
        return day

    def number(self, key: str) -> float | None:
        """Give a finite number, None if absent."""
        if not self._text(key):
            return None
        number = _number(self.plain.get(key, ""))
        if number is None:
            raise Unusual
        return number

    def phrases(self, key: str) -> tuple[str, ...]:
        """Give the phrases of a text with commas between them."""
        phrases = [" ".join(part.split()) for part in self._text(key).replace("\n", ",").split(",")]
        return tuple(filter(None, phrases))

    def values(self, key: str) -> tuple[str, ...]:
        """Give a text as the only value, () if absent."""
        text = self.line(key)
        return (text,) if text else ()

    def section(self, key: str) -> PlainFields:
        """Give the fields of a nested mapping; none if it is absent."""
        found = self.sections.get(key)
        if found is not None:
            return found
        if key in self.texts:
            raise Unusual
        return PlainFields()

    def related(self) -> tuple[RelatedArticle, ...]:
        """Give every ``related_articleN`` in numeric order."""
        for key in self.texts:
            if key.startswith(RELATED):
                raise Unusual
        numbered: list[tuple[int, str]] = []
        for key in self.sections:
            if key.startswith(RELATED):
                number = key[len(RELATED) :]
                if not number.isdecimal() or len(number) > 9:
                    raise Unusual
                numbered.append((int(number), key))
        return tuple([self.sections[key].link() for _, key in sorted(numbered)])

    def link(self) -> RelatedArticle:
        """Give this mapping as a link that leads somewhere."""
        link = RelatedArticle(self.id(), self.line("title"), self.line("subject"), self.line("url"))
        if link.id is None and not link.title and not link.url:
            raise Unusual
        return link

    def _text(self, key: str) -> str:
        text = self.texts.get(key)
        if text is not None:
            return text
        if key in self.sections:
            raise Unusual
        return ""

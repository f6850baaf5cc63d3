"""The fields of a front matter: each knows which type it wants, and says what it had to guess."""

from __future__ import annotations

import datetime
import math
import re

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from qtsearch.articles.bounded_yaml import entries, is_plain
from qtsearch.articles.model import ArticleId, RelatedArticle
from qtsearch.articles.notes import Notes
from qtsearch.articles.text_repair import fit_for_message, is_blank, normalize, one_line, restore_breaks

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""Plain scalars that mean nothing."""
MAX_VALUES = 100
"""Values of one further key that are read; nobody filters by more."""

# Plain and folded scalars: YAML folds their lines and knows no escapes in them.
_FOLDED = frozenset((None, "", ">"))
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?P<time>[Tt\s].*)?", re.ASCII | re.DOTALL)
_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(?:_\d{3}){1,5}", re.ASCII)
_PLAIN_NUMBER = re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_RELATED_KEY = re.compile(r"related_article(\d{1,9})", re.ASCII)
RELATED = "related_article"
"""What the key of each curated link begins with."""


class Fields:
    """Typed access to the entries of one mapping. A field that is absent or null reads as empty.

    Args:
        nodes: the entries, from ``bounded_yaml``.
        notes: takes the warnings.
        prefix: stands before a key in messages, such as ``seo.``.
    """

    __slots__ = ("_nodes", "_notes", "_prefix")

    def __init__(self, nodes: dict[str, Node], notes: Notes, prefix: str = "") -> None:
        self._nodes = nodes
        self._notes = notes
        self._prefix = prefix

    def markdown(self, key: str) -> str:
        """Return a text of many lines; "" if it is absent, blank, or no text (warned)."""
        node = self._nodes.get(key)
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            self._warn(key, node, "is not text and was ignored", "write the text below 'key: >-'")
            return ""
        text = _text(node)
        return "" if is_blank(text) else text.strip()

    def line(self, key: str) -> str:
        """Return a text of one line; a list is joined by ", " (warned); "" if absent or no text."""
        node = self._nodes.get(key)
        if node is None:
            return ""
        if isinstance(node, ScalarNode):
            return one_line(_text(node))
        if isinstance(node, SequenceNode) and all(isinstance(item, ScalarNode) for item in node.value):
            self._warn(key, node, "is a list and was joined by commas", "write it as one text")
            return ", ".join(filter(None, (one_line(_text(item)) for item in node.value)))
        self._warn(key, node, "is not text and was ignored", "write it as one text")
        return ""

    def id(self, key: str = "id") -> ArticleId | None:
        """Return a whole number, else non-empty text; None if absent or neither.

        Only plain decimals are numbers. Text that is one is repaired (warned); other notations of YAML
        1.1 (``0x1F``, ``12:30``) and numbers of more than 18 digits stay text (warned).
        """
        node = self._nodes.get(key)
        if node is None:
            return None
        if not isinstance(node, ScalarNode):
            self._warn(key, node, "is neither a number nor text and was ignored", "write a whole number")
            return None
        text = one_line(_text(node))
        if is_plain(node) and is_plain_number(text):
            return int(text)
        if not text:
            return None
        if _WHOLE_NUMBER.fullmatch(text) or _GROUPED_NUMBER.fullmatch(text):
            number = int(text.replace("_", ""))
            self._warn(key, node, f"'{fit_for_message(text)}' was read as the number {number}", f"write {number}")
            return number
        if text[0] in "+-0123456789." and not any(char.isalpha() for char in text):
            self._warn(
                key, node, f"'{fit_for_message(text)}' was read as text", "write a whole number of at most 18 digits"
            )
        return text

    def date(self, key: str = "date") -> datetime.date | None:
        """Return the day; None if absent or not ``YYYY-MM-DD``, zeros left out or not. Quotes and a time are warned."""
        node = self._nodes.get(key)
        if node is None:
            return None
        text = _text(node).strip() if isinstance(node, ScalarNode) else ""
        if not text and isinstance(node, ScalarNode):
            return None
        match = _DATE.fullmatch(text)
        day = _day(match) if match else None
        if day is None or match is None:
            self._warn(key, node, f"'{fit_for_message(text)}' is not a date and was ignored", "write it as YYYY-MM-DD")
        elif match["time"]:
            self._warn(key, node, f"has a time of day, which was ignored, in '{fit_for_message(text)}'", f"write {day}")
        elif isinstance(node, ScalarNode) and not is_plain(node):
            self._warn(key, node, f"is text and was read as {day}", f"write {day} without quotes")
        return day

    def number(self, key: str) -> float | None:
        """Return a finite number; None if absent or none (warned)."""
        node = self._nodes.get(key)
        if node is None:
            return None
        text = _text(node).strip() if isinstance(node, ScalarNode) else ""
        if not text and isinstance(node, ScalarNode):
            return None
        number = plain_number(text)
        if number is None:
            self._warn(key, node, f"'{fit_for_message(text)}' is not a number and was ignored", "write one like 0.5")
            return None
        if isinstance(node, ScalarNode) and not is_plain(node):
            self._warn(key, node, f"is text and was read as {number}", "write it without quotes")
        return number

    def phrases(self, key: str) -> tuple[str, ...]:
        """Return the phrases of a text with commas between them, or of a list (warned)."""
        node = self._nodes.get(key)
        if node is None:
            return ()
        if isinstance(node, ScalarNode):
            parts = _text(node).replace("\n", ",").split(",")
        elif isinstance(node, SequenceNode):
            self._warn(key, node, "is a list", "write one text with commas between the phrases")
            parts = [_text(item) for item in node.value if isinstance(item, ScalarNode)]
        else:
            self._warn(key, node, "is not text and was ignored", "write the phrases with commas between them")
            return ()
        return tuple(phrase for part in parts if (phrase := one_line(part)))

    def values(self, key: str) -> tuple[str, ...]:
        """Return a text or a list of texts as texts of one line, each once; () if absent or neither (warned)."""
        node = self._nodes.get(key)
        if node is None:
            return ()
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        scalars = [item for item in nodes if isinstance(item, ScalarNode)]
        if len(scalars) < len(nodes):
            self._warn(key, node, "is neither text nor a list of texts and was ignored", "write a text or a list")
            return ()
        texts = dict.fromkeys(text for item in scalars if (text := one_line(_text(item))))
        return tuple(texts)[:MAX_VALUES]

    def section(self, key: str) -> Fields:
        """Return the fields of a nested mapping; none if it is absent or no mapping (warned)."""
        node = self._nodes.get(key)
        if isinstance(node, MappingNode):
            return Fields(entries(node), self._notes, f"{self._prefix}{key}.")
        if node is not None and not _is_null(node):
            self._warn(key, node, "is not a mapping and was ignored", "indent 'key: value' lines below it")
        return Fields({}, self._notes)

    def related(self) -> tuple[RelatedArticle, ...]:
        """Return every ``related_articleN`` in numeric order; those that lead nowhere are left out (warned)."""
        numbered: list[tuple[int, str]] = []
        for key, node in self._nodes.items():
            if not key.startswith(RELATED):
                continue
            match = _RELATED_KEY.fullmatch(key)
            if match:
                numbered.append((int(match[1]), key))
            else:
                self._warn(key, node, "has no number and was ignored", "name it related_article1 and so on")
        links = (self._link(key) for _, key in sorted(numbered))
        return tuple(link for link in links if link is not None)

    def _link(self, key: str) -> RelatedArticle | None:
        node = self._nodes[key]
        fields = self.section(key)
        link = RelatedArticle(fields.id(), fields.line("title"), fields.line("subject"), fields.line("url"))
        if link.id is not None or link.title or link.url:
            return link
        if isinstance(node, MappingNode):
            self._warn(key, node, "has no id, title or url and was ignored", "give it an id")
        return None

    def _warn(self, key: str, node: Node, what: str, todo: str) -> None:
        self._notes.warn(f"{fit_for_message(self._prefix + key)} {what}", todo, node.start_mark.line)


def is_plain_number(text: str) -> bool:
    """Return whether a text is a whole number of at most 18 digits in its only notation."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


def plain_day(text: str) -> datetime.date | None:
    """Return the day of ``YYYY-MM-DD``; None for any other text."""
    match = _DATE.fullmatch(text)
    return _day(match) if match and not match["time"] else None


def plain_number(text: str) -> float | None:
    """Return the finite number that a text is; None for any other text."""
    number = float(text) if _DECIMAL.fullmatch(text) else math.nan
    return number if math.isfinite(number) else None


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and is_plain(node) and node.value in NULLS


def _text(node: ScalarNode) -> str:
    """Return the text of a scalar as written, repaired; "" for null."""
    text: str = node.value
    if is_plain(node) and text in NULLS:
        return ""
    return normalize(restore_breaks(text) if node.style in _FOLDED else text)


def _day(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None

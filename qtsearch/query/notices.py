"""What a parser has to tell the person about a query text, short and never twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

MAX_NOTICES: Final = 10
"""A hostile text could earn thousands; nobody reads more than a few."""

_MAX_QUOTED = 40


class Notices:
    """Collects notices in order, without repeats, up to ``MAX_NOTICES``."""

    def __init__(self) -> None:
        self._lines: dict[str, None] = {}

    def add(self, line: str) -> None:
        """Add one line; the same line again changes nothing."""
        if len(self._lines) < MAX_NOTICES:
            self._lines.setdefault(line)

    def lines(self) -> tuple[str, ...]:
        """Return the notices in the order in which they came."""
        return tuple(self._lines)


def limited(lines: Iterable[str]) -> tuple[str, ...]:
    """Return what several have to tell, each line once, up to ``MAX_NOTICES``."""
    return tuple(dict.fromkeys(lines))[:MAX_NOTICES]


def one_of(texts: Sequence[str]) -> str:
    """Return pieces of user text as a choice: ``"a"``, ``"a" or "b"``, ``"a", "b" or "c"``."""
    *others, last = map(quoted, texts)
    return f"{', '.join(others)} or {last}" if others else last


def quoted(text: str) -> str:
    """Return a piece of user text in quotes, fit for one line: printable, 40 characters at most.

    A phrase has its own quotes.
    """
    text = text[1:-1] if text.count('"') == 2 and text.startswith('"') and text.endswith('"') else text
    shown = text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + "…"
    return '"' + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown) + '"'

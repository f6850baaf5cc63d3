"""Our analyzer in Whoosh's clothes. Whoosh pickles these classes by name into an index: their names are file format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.analyzers import Analyzer

from qtsearch.analysis import analyzer
from qtsearch.engines.whoosh.documents import comparable


class TermAnalyzer(Analyzer):
    """Yields the terms of a text, with positions and character offsets where Whoosh asks for them."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **kwargs: Any) -> Iterator[Any]:
        found = ((one.term, one.position, one.start, one.end) for one in analyzer.tokenize(value))
        return _tokens(found, positions, chars, kwargs)


class WordAnalyzer(Analyzer):
    """Yields the folded, unstemmed words of a text, each once, in their order, from where it stands first."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **kwargs: Any) -> Iterator[Any]:
        first: dict[str, tuple[int, int, int]] = {}
        for position, match in enumerate(analyzer.find_words(value)):
            first.setdefault(analyzer.fold(match.group()), (position, match.start(), match.end()))
        return _tokens(((word, *first[word]) for word in sorted(first)), positions, chars, kwargs)


class ValueAnalyzer(Analyzer):
    """Yields the whole value as one token, for columns that are compared without regard to case."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **kwargs: Any) -> Iterator[Any]:
        return _tokens([(comparable(value), 0, 0, len(value))], positions, chars, kwargs)


def _tokens(
    found: Iterable[tuple[str, int, int, int]], positions: bool, chars: bool, kwargs: dict[str, Any]
) -> Iterator[Any]:
    """Yield Whoosh's one token again and again, as each of (text, position, first character, end)."""
    token = WhooshToken(positions, chars, **_accepted(kwargs))
    start_pos, start_char = kwargs.get("start_pos", 0), kwargs.get("start_char", 0)
    for text, position, start, end in found:
        token.text = text
        token.boost = 1.0
        token.stopped = False
        token.pos = start_pos + position
        token.startchar = start_char + start
        token.endchar = start_char + end
        yield token


def _accepted(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: kwargs[name] for name in ("removestops", "mode") if name in kwargs}

"""Our analyzer in Whoosh's clothes. Whoosh pickles these classes by name into an index: their names are file format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.analyzers import Analyzer

from qtsearch.analysis import analyzer
from qtsearch.engines.whoosh.documents import comparable


class TermAnalyzer(Analyzer):
    """Yields the terms of a text, with positions and character offsets where Whoosh asks for them."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **kwargs: Any) -> Iterator[Any]:
        token = WhooshToken(positions, chars, **_accepted(kwargs))
        start_pos, start_char = kwargs.get("start_pos", 0), kwargs.get("start_char", 0)
        for found in analyzer.tokenize(value):
            token.text = found.term
            token.boost = 1.0
            token.stopped = False
            token.pos = start_pos + found.position
            token.startchar = start_char + found.start
            token.endchar = start_char + found.end
            yield token


class WordAnalyzer(Analyzer):
    """Yields the folded, unstemmed words of a text, each once."""

    def __call__(self, value: str, **kwargs: Any) -> Iterator[Any]:
        token = WhooshToken(**_accepted(kwargs))
        for word in sorted(set(analyzer.words(value))):
            token.text = word
            token.boost = 1.0
            token.stopped = False
            yield token


class ValueAnalyzer(Analyzer):
    """Yields the whole value as one token, for columns that are compared without regard to case."""

    def __call__(self, value: str, **kwargs: Any) -> Iterator[Any]:
        token = WhooshToken(**_accepted(kwargs))
        token.text = comparable(value)
        token.boost = 1.0
        token.stopped = False
        yield token


def _accepted(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: kwargs[name] for name in ("removestops", "mode") if name in kwargs}

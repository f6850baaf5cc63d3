"""Query tree -> query tree that also finds other names: abbreviations and long forms, numerals, a person's synonyms.

Only plain words are expanded: nothing inside a phrase, which asks for exactly that, nothing below a Not, which would
exclude more than was said, no prefixes, wildcards and fuzzy words. A run of words side by side is looked up as a
whole, the longest first, so ``hepatocellular carcinoma treatment`` also finds HCC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from typing import Final, NamedTuple, Protocol

from qtsearch.analysis.abbreviation_table import OtherForm, long_key
from qtsearch.analysis.analyzer import terms
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.query.numerals import Numerals
from qtsearch.query.scanner import QUOTES
from qtsearch.query.tree import (
    Alternatives,
    And,
    FieldName,
    Node,
    Or,
    Phrase,
    Words,
    joined,
    leaves,
    rewritten,
)
from qtsearch.values import dataclass

FACTOR: Final = 0.9
"""What another name counts for: nearly as much, because it means the same; below 1, because the words typed are certain
and the other name is a guess. Of the medical topics, 101 hold a name that the articles abbreviate; typed with the
abbreviation they score 0.86, 0.89 and 0.91 with 0.6, 0.8 and 0.9 here, and 0.74 without other names."""

MAX_OTHERS: Final = 4
"""Other names at one place of the query."""

MAX_PLACES: Final = 16
"""Places of the query that are expanded: each costs as much as some more words."""

_MIN_SHARE = 0.1
_COMMON = 20
_REMEMBERED = 10_000
_LONGEST = 100  # characters of a word that may be a form
_NO_QUOTES = str.maketrans(dict.fromkeys(QUOTES + "()", " "))


class Forms(Protocol):
    """Knows both forms of abbreviations."""

    def lengths(self, words: Sequence[str]) -> Sequence[int]:
        """Return how many words, from the first on, are a form together; the most first."""

    def long_forms(self, short: str) -> tuple[OtherForm, ...]:
        """Return the long forms of a short form, those of most articles first; () if there is none."""

    def short_forms(self, long: str) -> tuple[OtherForm, ...]:
        """Return the short forms of a long form, those of most articles first; () if there is none."""


class Source(Protocol):
    """Knows other names. ``synonyms.Synonyms`` is one."""

    def lengths(self, words: Sequence[str]) -> Sequence[int]:
        """Return how many words, from the first on, may have other names together; in any order, each once."""

    def alternatives(self, text: str) -> Sequence[str]:
        """Return other names of a text of one or more words, the likeliest first; () if there are none."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A tree and what it searches for beyond the words typed.

    Attributes:
        root: the tree, with Alternatives where other names are known.
        also_searched: the other names, each once, in the order of the query.
    """

    root: Node
    also_searched: tuple[str, ...] = ()


def expand(root: Node, sources: Sequence[Source], factor: float = FACTOR, numerals: Numerals | None = None) -> Expanded:
    """Return the tree with other names as weighted alternatives; the same tree if there are none.

    Args:
        root: a tree as ``parse`` returns it.
        sources: asked in this order; the first names fill the places there are.
        factor: what another name counts for, between 0 and 1, both excluded.
        numerals: how else a number behind a word is written. What another source knows goes before.
    """
    expansion = _Expander(root, sources, factor, numerals)
    expanded = rewritten(root, expansion.row)
    return Expanded(expanded, tuple(expansion.found.values()))


class Abbreviations:
    """Abbreviations learned from articles as a source of other names.

    Of several long forms only those count that at least a tenth as many articles define as the first one. What is
    typed in small letters is a short form only if it is no common word too: neither a stop word nor a word of more
    than 20 times as many articles as define it (``reduce`` is seldom the REDUCE trial).

    Args:
        table: the abbreviations.
        doc_freq: how many articles hold a folded word; without it every word may be a short form.
    """

    def __init__(self, table: Forms, doc_freq: Callable[[str], int] | None = None) -> None:
        self._table = table
        self._known = lru_cache(_REMEMBERED)(partial(_names, table, doc_freq))

    def lengths(self, words: Sequence[str]) -> Sequence[int]:
        """Return how many words, from the first on, are a short or a long form together."""
        return self._table.lengths(words)

    def alternatives(self, text: str) -> tuple[str, ...]:
        """Return the long forms of a short form, or the short forms of a long one."""
        return self._known(text)


def _names(table: Forms, doc_freq: Callable[[str], int] | None, text: str) -> tuple[str, ...]:
    """Return the other forms of a text; see ``Abbreviations``."""
    long_forms = _frequent(table.long_forms(text))
    if long_forms and text.islower():
        is_common = doc_freq is not None and doc_freq(text) > _COMMON * long_forms[0].documents
        long_forms = () if is_common or is_stop_word(text) else long_forms
    return tuple(form.text for form in (*long_forms, *_frequent(table.short_forms(text))))


def _frequent(forms: tuple[OtherForm, ...]) -> tuple[OtherForm, ...]:
    return tuple(form for form in forms if form.documents >= _MIN_SHARE * forms[0].documents)


class _Found(NamedTuple):
    """A run of words that has other names: how many words, and the names."""

    length: int
    others: tuple[str, ...]


class _Expander:
    def __init__(self, root: Node, sources: Sequence[Source], factor: float, numerals: Numerals | None) -> None:
        self._sources = sources
        self._factor = factor
        self._numerals = numerals
        self._root = root
        self._places = MAX_PLACES
        self.found: dict[tuple[str, ...], str] = {}

    @cached_property
    def _typed(self) -> set[str]:
        """The terms of the query: asked for only where there are other names."""
        texts = (leaf.text for leaf in leaves(self._root) if isinstance(leaf, Words | Phrase))
        return {term for text in texts for term in terms(text)}

    def row(self, nodes: Sequence[Node], kind: type[And | Or]) -> Iterator[Node]:
        run: list[Words] = []
        for node in nodes:
            if run and not (isinstance(node, Words) and node.fields == run[0].fields):
                yield from self._run(run, kind)
                run = []
            if not isinstance(node, Words):
                yield rewritten(node, self.row)
            elif len(node.text) <= _LONGEST:
                run.append(node)
            else:
                yield node
        yield from self._run(run, kind)

    def _run(self, run: Sequence[Words], kind: type[And | Or]) -> Iterator[Node]:
        """Yield the words of a run, those with other names as Alternatives."""
        at = 0
        texts = [word.text for word in run]
        places = self._numerals.places(texts) if self._numerals else {}
        while at < len(run):
            found = self._longest_known(texts[at:]) if self._places else None
            numbered = places.get(at, 0)
            if not found and numbered and self._places:
                found = self._written_otherwise(" ".join(texts[at : at + numbered]), numbered)
            length = found.length if found else max(numbered, 1)
            exact = run[at : at + length]
            if found:
                yield self._alternatives(joined(kind, exact), found.others, run[at].fields)
            else:
                yield from exact
            # The numeral of a numbered word is no name for itself: stage IV is not given intravenously.
            yield from run[at + length : at + numbered]
            at += max(length, numbered)

    def _longest_known(self, words: Sequence[str]) -> _Found | None:
        lengths = {length for source in self._sources for length in source.lengths(words)}
        for length in sorted(lengths, reverse=True):
            text = " ".join(words[:length])
            if others := self._others(name for source in self._sources for name in source.alternatives(text)):
                return _Found(length, others)
        return None

    def _written_otherwise(self, text: str, length: int) -> _Found | None:
        assert self._numerals is not None, "asked before"
        others = self._others(self._numerals.alternatives(text))
        return _Found(length, others) if others else None

    def _others(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of some names that say something else than what was typed."""
        others = {key: name for name in names if (key := long_key(name)) and not self._typed.issuperset(key)}
        return tuple(others.values())[:MAX_OTHERS]

    def _alternatives(self, exact: Node, others: tuple[str, ...], fields: tuple[FieldName, ...]) -> Alternatives:
        self._places -= 1
        for name in others:
            self.found.setdefault(long_key(name), name)
        return Alternatives(exact, tuple(_leaf(name, fields) for name in others), self._factor)


def _leaf(name: str, fields: tuple[FieldName, ...]) -> Words | Phrase:
    if name.isalnum():
        return Words(name, fields)
    return Phrase(" ".join(name.translate(_NO_QUOTES).split()), 0, fields)

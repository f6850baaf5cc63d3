"""Half a word -> the words and titles it may become.

The last word of the text is taken as the beginning of a word, those before it as what the article is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, Protocol

from qtsearch.analysis.analyzer import find_words, fold
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern
from qtsearch.query.scanner import COLUMNS
from qtsearch.values import dataclass

MAX_COMPLETED: Final = 200
"""Characters of a text that are completed; a longer one is no search box's."""

_LISTED = ("subject", "author")
_FILTER = pattern(rf"(?:^|(?<=[\s(+-]))({'|'.join(COLUMNS)}):(\"[^\"]*|[^\s\"]*)$", re.IGNORECASE)
_WORDS_FOR_EACH = 4
"""Words fetched for each one shown: some of them are plurals and stop words."""


class CompletionSource(Protocol):
    """What an index knows about beginnings."""

    def words_with_prefix(self, prefix: str, limit: int) -> Iterable[tuple[str, int]]:
        """Return (word, doc_freq) of the folded, unstemmed words that start so, at most ``limit``, commonest first."""

    def values_with_prefix(self, column: str, prefix: str, limit: int) -> Iterable[tuple[str, int]]:
        """Return (value, doc_freq) of the values of ``subject`` or ``author`` that start so, commonest first."""

    def titles_matching(self, words: Sequence[str], prefix: str, limit: int) -> Iterable[str]:
        """Return titles that hold all ``words`` (folded, unstemmed) and a word that starts so, the best first.

        An empty prefix asks for nothing. Titles of several articles come once.
        """


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on.

    Attributes:
        text: what the whole query text would be.
        kind: ``word`` if the last word was completed, ``value`` if that of a filter was, ``title`` for a whole title.
        documents: articles that hold the word or have the value; None for a title.
    """

    text: str
    kind: Literal["word", "value", "title"]
    documents: int | None = None


def complete(text: str, source: CompletionSource, limit: int = 10) -> tuple[Completion, ...]:
    """Return how a text may go on, at most ``limit`` ways: words first, commonest first, then titles, best first.

    Behind ``subject:`` or ``author:`` these are the values that articles have, behind any other filter there are none.
    Of singular and plural (``hepatocyte``, ``hepatocytes``) the commoner is shown. Half of the places are kept for
    titles as long as there are some. Behind a blank there is no word to complete, only titles.
    """
    if limit <= 0 or len(text) > MAX_COMPLETED:
        return ()
    if begun := _FILTER.search(text):
        return tuple(_values(text[: begun.start(2)], begun[1].lower(), begun[2], source, limit))
    before, prefix, context = _parted(text)
    titles = [Completion(title, "title") for title in source.titles_matching(context, prefix, limit)]
    words = _words(before, prefix, source, limit) if prefix else []
    places = max(limit - len(titles), (limit + 1) // 2)
    shown = words[:places]
    return (*shown, *titles[: limit - len(shown)])


def _values(before: str, column: str, typed: str, source: CompletionSource, limit: int) -> Iterator[Completion]:
    if column not in _LISTED:
        return
    for value, documents in source.values_with_prefix(column, typed.lstrip('"'), limit):
        if '"' not in value:  # else there is no way to write it
            written = f'"{value}"' if typed[:1] == '"' or not value.isalnum() else value
            yield Completion(before + written, "value", documents)


def _parted(text: str) -> tuple[str, str, tuple[str, ...]]:
    """Return what stays as typed, the folded beginning of the last word, and the content words before it."""
    found = list(find_words(text))
    if not found:
        return text, "", ()
    last = found.pop() if found[-1].end() == len(text) else None
    prefix = fold(last.group()) if last else ""
    before = text[: last.start()] if last else text
    context = [word for word in (fold(match.group()) for match in found) if not is_stop_word(word)]
    return before, prefix, tuple(context)


def _words(before: str, prefix: str, source: CompletionSource, limit: int) -> list[Completion]:
    shown: dict[str, Completion] = {}
    for word, documents in source.words_with_prefix(prefix, limit * _WORDS_FOR_EACH):
        if not is_stop_word(word):
            # A stemmer would be too coarse: "hepatic" and "hepatitis" have one stem.
            shown.setdefault(word.removesuffix("s"), Completion(before + word, "word", documents))
    return list(shown.values())[:limit]

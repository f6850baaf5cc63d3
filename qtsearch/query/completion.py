"""Half a word -> the words and titles it may become.

The last word of the text is taken as the beginning of a word, those before it as what the article is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, Protocol

from qtsearch.analysis.analyzer import find_words, fold
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.values import dataclass

MAX_COMPLETED: Final = 200
"""Characters of a text that are completed; a longer one is no search box's."""

_WORDS_FOR_EACH = 4
"""Words fetched for each one shown: some of them are plurals and stop words."""


class CompletionSource(Protocol):
    """What an index knows about beginnings."""

    def words_with_prefix(self, prefix: str, limit: int) -> Iterable[tuple[str, int]]:
        """Return (word, doc_freq) of the folded, unstemmed words that start so, at most ``limit``, commonest first."""

    def titles_matching(self, words: Sequence[str], prefix: str, limit: int) -> Iterable[str]:
        """Return titles that hold all ``words`` (folded, unstemmed) and a word that starts so, the best first.

        An empty prefix asks for nothing. Titles of several articles come once.
        """


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on.

    Attributes:
        text: what the whole query text would be.
        kind: ``word`` if the last word was completed, ``title`` for the title of an article.
        documents: articles that hold the word; None for a title.
    """

    text: str
    kind: Literal["word", "title"]
    documents: int | None = None


def complete(text: str, source: CompletionSource, limit: int = 10) -> tuple[Completion, ...]:
    """Return how a text may go on, at most ``limit`` ways: words first, commonest first, then titles, best first.

    Of singular and plural (``hepatocyte``, ``hepatocytes``) the commoner is shown. Half of the places are kept for
    titles as long as there are some. Behind a blank there is no word to complete, only titles.
    """
    if limit <= 0 or len(text) > MAX_COMPLETED:
        return ()
    before, prefix, context = _parted(text)
    titles = [Completion(title, "title") for title in source.titles_matching(context, prefix, limit)]
    words = _words(before, prefix, source, limit) if prefix else []
    places = max(limit - len(titles), (limit + 1) // 2)
    shown = words[:places]
    return (*shown, *titles[: limit - len(shown)])


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

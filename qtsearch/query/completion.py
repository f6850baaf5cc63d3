"""Half a word -> the words and titles it may become.

The last word of the text is taken as the beginning of a word, those before it as what the article is about: words that
belong to them come first (``noisy_channel.belonging``), and words that stand in no article with them are left out. Of
words in titles, cut after one to three letters, 71, 66, 70 and 76 in 100 are among the first five in four collections,
and 70, 64, 67 and 74 where those of most articles with the words before them come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final, Literal, NamedTuple, Protocol, cast

from qtsearch.analysis.analyzer import find_words, fold
from qtsearch.analysis.stop_words import is_stop_word
from qtsearch.patterns import pattern
from qtsearch.query.noisy_channel import belonging
from qtsearch.query.scanner import COLUMNS, QUOTES, TEXT_FIELDS, blanked
from qtsearch.query.tree import FieldName
from qtsearch.values import dataclass

MAX_COMPLETED: Final = 200
"""Characters of a text that is completed; a longer one does not come from a search box."""

_LISTED = ("subject", "author")
_BEGIN = r"(?:^|(?<=[\s(+-]))"
_COLUMN, _TEXT_FIELD = "|".join(COLUMNS), "|".join(TEXT_FIELDS)
_OPEN_QUOTE = f"[{QUOTES}][^{QUOTES}]*"
_FILTER = pattern(rf"{_BEGIN}({_COLUMN}):({_OPEN_QUOTE}|[^\s{QUOTES}]*)$", re.IGNORECASE)
_FIELD = pattern(rf"{_BEGIN}({_TEXT_FIELD}):$", re.IGNORECASE)
_NAMED = pattern(rf"{_BEGIN}(?:(?:{_COLUMN}):(?:{_OPEN_QUOTE}[{QUOTES}]?|\S*)|(?:{_TEXT_FIELD}):)", re.IGNORECASE)
_EXCLUDED = pattern(r"(?:(?:^|[\s(])-|\bNOT\s+)\Z")
_MOST_WORDS = 100
"""Words that begin so and are looked at, or four for each one shown: some of them are plurals and stop words."""


class CompletionSource(Protocol):
    """What an index knows about beginnings."""

    def words_with_prefix(self, prefix: str, limit: int, field: FieldName | None = None) -> Iterable[tuple[str, int]]:
        """Return (word, doc_freq) of the folded, unstemmed words that start so, at most ``limit``, commonest first.

        With a field, only words of which a form stands in that field, and in how many articles it does.
        """

    def together(self, word: str, others: Sequence[str]) -> int:
        """Return how many articles hold a word and at least one of the others."""

    def holding(self, words: Sequence[str]) -> int:
        """Return how many articles hold at least one of the words."""

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
    """Return how a text may go on, at most ``limit`` ways: words first, then titles, best first.

    Words come commonest first; behind other words, those that belong to these best.

    Behind ``subject:`` or ``author:`` these are the values that articles have, behind any other filter there are none.
    Of singular and plural (``hepatocyte``, ``hepatocytes``) the commoner is shown. Half of the places are kept for
    titles as long as there are some. Behind a blank there is no word to complete, only titles.
    """
    if limit <= 0 or len(text) > MAX_COMPLETED:
        return ()
    if named := _FILTER.search(text):
        return tuple(_values(text[: named.start(2)], named[1].lower(), named[2], source, limit))
    begun = _begun(text)
    titles = [Completion(title, "title") for title in source.titles_matching(begun.context, begun.prefix, limit)]
    words = _words(begun, source, limit) if begun.prefix else []
    places = max(limit - len(titles), (limit + 1) // 2)
    shown = words[:places]
    return (*shown, *titles[: limit - len(shown)])


def _values(before: str, column: str, typed: str, source: CompletionSource, limit: int) -> Iterator[Completion]:
    if column not in _LISTED:
        return
    begun = typed.lstrip(QUOTES)
    for value, documents in source.values_with_prefix(column, begun, limit):
        if not any(quote in value for quote in QUOTES):  # else there is no way to write it
            written = f'"{value}"' if begun != typed or not value.isalnum() else value
            yield Completion(before + written, "value", documents)


class _Begun(NamedTuple):
    """A text of which the last word may be half typed.

    Attributes:
        before: what stays as typed.
        typed: the beginning of the last word; "" behind a blank.
        prefix: the same, folded.
        field: the field that is named before it, None for all.
        context: the content words before it, folded.
    """

    before: str
    typed: str
    prefix: str
    field: FieldName | None
    context: tuple[str, ...]


def _begun(text: str) -> _Begun:
    visible = blanked(text, _NAMED)
    found = list(find_words(visible))
    last = found.pop() if found and found[-1].end() == len(text) else None
    wanted = (match for match in found if not _EXCLUDED.search(visible, 0, match.start()))
    context = [word for word in (fold(match.group()) for match in wanted) if not is_stop_word(word)]
    if last is None:
        return _Begun(text, "", "", None, tuple(context))
    before = text[: last.start()]
    named = _FIELD.search(before)
    field = cast(FieldName, TEXT_FIELDS[named[1].lower()]) if named else None
    return _Begun(before, last.group(), fold(last.group()), field, tuple(context))


def _words(begun: _Begun, source: CompletionSource, limit: int) -> list[Completion]:
    found = [
        (word, documents)
        for word, documents in source.words_with_prefix(begun.prefix, max(_MOST_WORDS, 4 * limit), begun.field)
        if not is_stop_word(word)
    ]
    if begun.context:
        holding = source.holding(begun.context)
        beside = [(source.together(word, begun.context), word, documents) for word, documents in found]
        ranked = [
            (-belonging(together, min(documents, holding)), word, documents)
            for together, word, documents in beside
            if together
        ]
        # Where none stands beside them, they are unknown, and say nothing.
        found = [(word, documents) for _, word, documents in sorted(ranked, key=itemgetter(0))] or found
    shown: dict[str, Completion] = {}
    for word, documents in found:
        # A stemmer would be too coarse: "hepatic" and "hepatitis" have one stem.
        whole = begun.before + _as_typed(word, begun.typed)
        shown.setdefault(word.removesuffix("s"), Completion(whole, "word", documents))
    return list(shown.values())[:limit]


def _as_typed(word: str, typed: str) -> str:
    """Return the word with its beginning as typed, in capitals if that is; as it is where folding changed more."""
    if not word.startswith(typed.lower()):
        return word
    rest = word[len(typed) :]
    return typed + (rest.upper() if len(typed) > 1 and typed.isupper() else rest)

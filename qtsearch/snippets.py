"""The part of an article that shows best why it was found, and which words in it to highlight."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from qtsearch.analysis import analyzer
from qtsearch.results import Fragment, Snippet, Span

FRAGMENT_LENGTH: Final = 240
"""About how many characters a fragment has at most."""

_MAX_TEXT: Final = 20_000
"""Only so many characters of an article are searched for a fragment."""

_MAX_MATCHES: Final = 500
"""Only so many matches in an article are weighed."""

_SENTENCE_END = re.compile(r"[.!?;][ \t]+(?=\S)|\n+")
_SPACES = re.compile(r"\s")

Sequence = tuple[str, ...]
"""Terms to find side by side, such as ``("il", "6")``; mostly just one."""


class Match(NamedTuple):
    """Where a sequence or word of the query stands in a text."""

    start: int
    end: int
    what: Sequence


@dataclass(frozen=True, slots=True)
class Highlighter:
    """Finds the words of a query in a text.

    Attributes:
        sequences: what to find, and how telling each is (its idf).
        words: folded, unstemmed words to find as well: what a prefix or a fuzzy word stands for.
    """

    sequences: Mapping[Sequence, float]
    words: frozenset[str] = frozenset()
    _by_first: dict[str, list[Sequence]] = field(init=False, repr=False, compare=False)
    _singles: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_first: dict[str, list[Sequence]] = {}
        for sequence in self.sequences:
            if len(sequence) > 1:
                by_first.setdefault(sequence[0], []).append(sequence)
        object.__setattr__(self, "_by_first", by_first)
        object.__setattr__(self, "_singles", tuple(sequence[0] for sequence in self.sequences if len(sequence) == 1))

    def matches(self, text: str) -> list[Match]:
        """Return where the query's words stand in the text, by ascending start; they may overlap."""
        places = analyzer.WordPlaces(text)
        words = places.words()
        distinct = set(words)
        wanted: dict[str, Sequence] = {}
        if self.words:
            wanted = {word: (folded,) for word in distinct if (folded := analyzer.fold(word)) in self.words}
        for word in analyzer.with_terms(distinct, self._singles):
            wanted[word] = (analyzer.term_of(word),)
        found = [
            Match(start, start + len(word), what) for word, what in wanted.items() for start in places.starts(word)
        ]
        if self._by_first:
            found += self._sequence_matches(text, words)
        found.sort()
        return found

    def _sequence_matches(self, text: str, words: list[str]) -> list[Match]:
        terms = list(map(analyzer.term_of, words))
        places = [
            (i, sequence)
            for i, term in enumerate(terms)
            for sequence in self._by_first.get(term, ())
            if tuple(terms[i : i + len(sequence)]) == sequence
        ]
        if not places:
            return []
        tokens = list(analyzer.find_words(text))
        return [Match(tokens[i].start(), tokens[i + len(what) - 1].end(), what) for i, what in places]

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return where the query's words stand in the text: ascending, not overlapping."""
        return _merged((match.start, match.end) for match in self.matches(text))

    def weight(self, what: Sequence) -> float:
        """Return how telling a match is."""
        return self.sequences.get(what, 1.0)


def snippet(text: str, highlighter: Highlighter, fragments: int = 1) -> Snippet:
    """Return the fragments of a text that cover the most telling words of a query, closely, in the order of the text.

    The text is cut into sentences. A candidate starts at a sentence and takes the following ones along as long as it
    stays short; the best is the one whose different words weigh most, those in its first sentence a quarter more, and
    the earlier one where that is equal. The next best that does not overlap it is the second fragment, and so on.
    Without any match the beginning of the text is the only one.

    Args:
        text: plain text; only its first 20,000 characters are looked at.
        highlighter: the query's words.
        fragments: how many to return at most, 1 or more.
    """
    text = text[:_MAX_TEXT]
    matches = highlighter.matches(text)[:_MAX_MATCHES]
    return Snippet(
        tuple(
            _fragment(text, window, [m for m in matches if window[0] <= m.start and m.end <= window[1]])
            for window in sorted(_best_windows(_sentences(text), matches, highlighter, fragments))
        )
    )


def _best_windows(sentences: list[Span], matches: list[Match], highlighter: Highlighter, number: int) -> list[Span]:
    if not sentences:
        return [(0, 0)]
    starts = [match.start for match in matches]

    def weight(span: Span) -> float:
        within = matches[bisect_left(starts, span[0]) : bisect_left(starts, span[1])]
        return sum(map(highlighter.weight, {match.what for match in within}))

    # A window that starts in a sentence without any match reads worse than one that starts with the next.
    firsts = dict.fromkeys(bisect_right(sentences, start, key=lambda span: span[0]) - 1 for start in starts)
    windows = [(_window(sentences, first), sentences[first]) for first in firsts]
    # Words in one sentence belong together more than words in several.
    ranked = sorted((-weight(window) - 0.25 * weight(first), window) for window, first in windows)
    best: list[Span] = []
    for _, (start, end) in ranked:
        if len(best) < number and all(end <= taken[0] or taken[1] <= start for taken in best):
            best.append((start, end))
    return best or [_window(sentences, 0)]


def _sentences(text: str) -> list[Span]:
    gaps = [gap.span() for gap in _SENTENCE_END.finditer(text)]
    starts = [0, *(end for _, end in gaps)]
    # The mark that ends a sentence belongs to it. (Looking behind for it would make the search several times slower.)
    ends = [*(start + (text[start] != "\n") for start, _ in gaps), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _window(sentences: list[Span], first: int) -> Span:
    start, end = sentences[first]
    for _, later_end in sentences[first + 1 : first + 8]:
        if later_end - start > FRAGMENT_LENGTH:
            break
        end = later_end
    return start, end


def _trimmed(text: str, start: int, end: int, inside: list[Match]) -> Span:
    """Cut a long sentence down to the stretch with most different words, at spaces."""
    if end - start <= FRAGMENT_LENGTH:
        return start, end
    best = _densest(inside, FRAGMENT_LENGTH - 40) if inside else start
    # Some words before the first match, so that it can be understood, as far as there are any.
    left = max(start, min(best - 40, end - FRAGMENT_LENGTH))
    right = min(end, left + FRAGMENT_LENGTH)
    if left > start and (space := _SPACES.search(text, left, best)):
        left = space.end()
    if right < end and (space_at := max(text.rfind(" ", left, right), text.rfind("\n", left, right))) > left:
        right = space_at
    return left, right


def _densest(matches: list[Match], width: int) -> int:
    """Return the start of the match from which most different words are covered within a width."""
    best, most = matches[0].start, 0
    covered: Counter[Sequence] = Counter()
    behind = 0
    for ahead, match in enumerate(matches):
        covered[match.what] += 1
        while matches[ahead].start - matches[behind].start >= width:
            left = matches[behind].what
            covered[left] -= 1
            if not covered[left]:
                del covered[left]
            behind += 1
        if len(covered) > most:
            best, most = matches[behind].start, len(covered)
    return best


def _fragment(text: str, window: Span, inside: list[Match]) -> Fragment:
    start, end = _trimmed(text, *window, inside)
    # Line breaks become spaces one for one, so that the spans stay right.
    line = _SPACES.sub(" ", text[start:end])
    highlights = _merged((m.start - start, m.end - start) for m in inside if start <= m.start and m.end <= end)
    return Fragment(line, highlights, bool(text[:start].strip()), bool(text[end:].strip()))


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)

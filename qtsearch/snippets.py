"""The part of an article that shows best why it was found, and which words in it to highlight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from qtsearch.analysis import analyzer
from qtsearch.analysis.occurrences import Occurrences, beginnings, shared_beginnings
from qtsearch.patterns import pattern
from qtsearch.results import Fragment, Snippet, Span

FRAGMENT_LENGTH: Final = 240
"""How many characters a fragment has at most."""

_MAX_TEXT: Final = 20_000
"""Only so many characters of an article are searched for a fragment."""

_MAX_MATCHES: Final = 500
"""Only so many matches in an article are weighed."""

_LEAD: Final = 40
"""So many characters before the first match are shown of a sentence that is too long."""

_SENTENCE_END = pattern(r"[.!?;] |\n")
_SENTENCE_ENDS = (". ", "\n", "? ", "! ", "; ")
_SPACES = pattern(r"\s")

Sequence = tuple[str, ...]
"""Terms to find side by side, such as ``("il", "6")``; mostly just one."""

Match = tuple[int, int, int]
"""Start and end of something wanted in a text, and the number of what it is."""


class Highlighter:
    """Finds the words of a query in a text.

    Args:
        sequences: what to find, and how telling each is (its idf).
        words: folded, unstemmed words to find as well: what a prefix or a fuzzy word stands for.

    Attributes:
        things: what was found so far or may be found, by number.
        weights: how telling each is, in thousandths, so that sums are exact in every order.
    """

    def __init__(self, sequences: Mapping[Sequence, float], words: frozenset[str] = frozenset()) -> None:
        self.sequences, self.words = sequences, words
        self.things = list(sequences)
        self.weights = [round(1000 * weight) for weight in sequences.values()]
        self._numbers = {sequence: number for number, sequence in enumerate(sequences)}
        self._by_first: dict[str, list[Sequence]] = {}
        for sequence in sequences:
            if len(sequence) > 1:
                self._by_first.setdefault(sequence[0], []).append(sequence)
        begun = {letters for sequence in sequences for letters in beginnings(sequence[0])}
        begun.update(word for word in words if word.isascii() and (word.isalpha() or word.isdecimal()))
        self._beginnings = shared_beginnings(begun)
        self._known: dict[str, tuple[str, int]] = {}

    def matches(self, text: str) -> list[Match]:
        """Return where the query's words stand in the text, by ascending start; they may overlap."""
        if not self._numbers and not self.words:
            return []
        places = Occurrences(text)
        found: list[Match] = []
        known, by_first = self._known, self._by_first
        for start, end, word in places.beginning_with(self._beginnings):
            term, number = known.get(word) or self._learned(word)
            if number >= 0:
                found.append((start, end, number))
            if term in by_first:
                found += self._sequence_matches(places, start, end, by_first[term])
        found.sort()
        return found

    def _learned(self, word: str) -> tuple[str, int]:
        """Return the term of a word and what it is by itself, -1 for nothing; for this and the next time."""
        term = analyzer.term_of(word)
        number = -1
        if (term,) in self.sequences:
            number = self._numbers[term,]
        elif self.words and (folded := analyzer.fold(word)) in self.words:
            number = self._numbers.setdefault((folded,), len(self.things))
            if number == len(self.things):
                self.things.append((folded,))
                self.weights.append(1000)
        self._known[word] = term, number
        return term, number

    def _sequence_matches(
        self, places: Occurrences, start: int, end: int, wanted: Iterable[Sequence]
    ) -> Iterable[Match]:
        for sequence in wanted:
            last = end
            for term in sequence[1:]:
                word = places.next_word(last)
                if word is None or analyzer.term_of(word[0]) != term:
                    break
                last = word.end()
            else:
                yield start, last, self._numbers[sequence]

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return where the query's words stand in the text: ascending, not overlapping."""
        return _merged((start, end) for start, end, _ in self.matches(text))


def snippet(text: str, highlighter: Highlighter, fragments: int = 1) -> Snippet:
    """Return the fragments of a text that cover the most telling words of a query, closely, in the order of the text.

    A candidate starts at the sentence of a match and takes the following ones along as long as it stays short; of a
    sentence that is too long it takes the stretch round the match, cut at spaces. The best is the one whose different
    words from the match on weigh most, those in its first sentence a quarter more, and the earlier one where that is
    equal. The next best that does not overlap it is the second fragment, and so on. Without any match the beginning
    of the text is the only one.

    Args:
        text: plain text; only its first 20,000 characters are looked at.
        highlighter: the query's words.
        fragments: how many to return at most, 1 or more.
    """
    text = text[:_MAX_TEXT]
    matches = highlighter.matches(text)[:_MAX_MATCHES]
    windows = _Candidates(text, matches, highlighter.weights).best(fragments) if matches else [_beginning(text)]
    return Snippet(tuple(_fragment(text, window, matches) for window in windows))


class _Candidates:
    """The windows round the matches in a text; only those are made that may be the best."""

    def __init__(self, text: str, matches: list[Match], weights: list[int]) -> None:
        self._text = text
        self._matches = matches
        self._weights = weights
        self._made: dict[int, tuple[int, Span]] = {}
        # No window from a match on reaches farther than a fragment is long, so its words cannot weigh more.
        self._bounds = [5 * weight for weight in self._within_reach()]
        self._order = sorted(range(len(matches)), key=self._bounds.__getitem__, reverse=True)

    def best(self, number: int) -> list[Span]:
        """Return that many windows that do not overlap, or all there are, in the order of the text."""
        taken: list[Span] = []
        while len(taken) < number and (window := self._next_best(taken)):
            taken.append(window)
        return sorted(taken)

    def _next_best(self, taken: list[Span]) -> Span | None:
        best, best_at, chosen = -1, 0, None
        for i in self._order:
            bound = self._bounds[i]
            if bound < best or (bound == best and i > best_at):
                break
            weight, window = self._made.get(i) or self._make(i)
            better = weight > best or (weight == best and i < best_at)
            if better and all(window[1] <= start or end <= window[0] for start, end in taken):
                best, best_at, chosen = weight, i, window
        return chosen

    def _within_reach(self) -> list[int]:
        """Return for each match how much the different words within a fragment's length from its start weigh."""
        weights = self._weights
        coming = [(start, number) for start, _, number in self._matches]
        ends = [(start + FRAGMENT_LENGTH, number) for start, number in coming]
        coming.append((ends[-1][0], 0))
        reached: list[int] = []
        covered = [0] * len(weights)
        ahead = total = 0
        start, number = coming[0]
        for end, own in ends:
            while start < end:
                if not covered[number]:
                    total += weights[number]
                covered[number] += 1
                ahead += 1
                start, number = coming[ahead]
            reached.append(total)
            covered[own] -= 1
            if not covered[own]:
                total -= weights[own]
        return reached

    def _make(self, i: int) -> tuple[int, Span]:
        """Return four times the weight of the window of a match and once that of its first sentence; and the window."""
        start, end, _ = self._matches[i]
        (left, right), sentence_end = _window(self._text, start, end)
        whole: set[int] = set()
        first: set[int] = set()
        for match_start, match_end, number in islice(self._matches, i, None):
            if match_start >= right:
                break
            if match_end <= right:
                whole.add(number)
                if match_end <= sentence_end:
                    first.add(number)
        weights = self._weights
        self._made[i] = made = 4 * sum([weights[w] for w in whole]) + sum([weights[w] for w in first]), (left, right)
        return made


def _window(text: str, start: int, end: int) -> tuple[Span, int]:
    """Return the window of the match between ``start`` and ``end``, and where the sentence of the match ends."""
    left = _sentence_start(text, start)
    sentence_end = _first_end(text, end, start + FRAGMENT_LENGTH)
    if left is not None and sentence_end is not None and sentence_end <= left + FRAGMENT_LENGTH:
        return (left, _last_end(text, sentence_end, left + FRAGMENT_LENGTH)), sentence_end
    window = _trimmed(text, left, sentence_end, start, end)
    return window, window[1]


def _sentence_start(text: str, place: int) -> int | None:
    """Return where the sentence of a place starts; None if that is farther off than a fragment is long."""
    low = max(0, place - FRAGMENT_LENGTH)
    start = max([text.rfind(sign, low, place) for sign in _SENTENCE_ENDS])
    if start < 0:
        return None if low else 0
    start += 1
    while text[start] == " " and start < place:
        start += 1
    return start


def _first_end(text: str, place: int, limit: int) -> int | None:
    """Return the end of the sentence of a place; None if it is beyond the limit."""
    gap = _SENTENCE_END.search(text, place, limit + 2)
    end = gap.start() + (gap[0] != "\n") if gap else len(text)
    return end if end <= limit else None


def _last_end(text: str, end: int, limit: int) -> int:
    """Return the last end of a sentence up to a limit, at the earliest the one given."""
    if len(text) <= limit:
        return len(text)
    last = max([text.rfind(sign, end, limit + 1) for sign in _SENTENCE_ENDS])
    if last < 0:
        return end
    last += text[last] != "\n"
    while text[last - 1] == "\n" and last > end:
        last -= 1
    return last


def _trimmed(text: str, sentence_start: int | None, sentence_end: int | None, start: int, end: int) -> Span:
    """Cut a long sentence down to the stretch from shortly before a match on, at spaces."""
    left = start - _LEAD
    if sentence_end is not None:
        left = min(left, sentence_end - FRAGMENT_LENGTH)
    left = max(left, 0, sentence_start or 0)
    right = min(left + FRAGMENT_LENGTH, len(text) if sentence_end is None else sentence_end)
    if left and left != sentence_start and (space := _SPACES.search(text, left - 1, start)):
        left = space.end()
    if right < len(text) and right != sentence_end:
        right = max(text.rfind(" ", end, right + 1), text.rfind("\n", end, right + 1))
        right = right if right > 0 else min(left + FRAGMENT_LENGTH, len(text))
    return left, right


def _beginning(text: str) -> Span:
    start = len(text) - len(text.lstrip())
    return _window(text, start, start)[0] if start < len(text) else (0, 0)


def _fragment(text: str, window: Span, matches: list[Match]) -> Fragment:
    start, end = window
    line = text[start:end].replace("\n", " ")
    if not line.isprintable():
        # White space becomes blanks one for one, so that the spans stay right.
        line = _SPACES.sub(" ", line)
    inside = [(first - start, last - start) for first, last, _ in matches if start <= first and last <= end]
    return Fragment(line, _merged(inside), bool(text[:start].strip()), bool(text[end:].strip()))


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)

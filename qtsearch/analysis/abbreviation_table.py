"""Which abbreviations the articles define, counted by articles, and both ways to look them up.

One article that defines a pair ten times is one witness. What an index keeps is the definitions of each article, so
that a changed one is counted anew without reading the others::

    texts -> definitions_of -> how many articles have each definition -> AbbreviationTable
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from qtsearch.analysis.abbreviations import LONGEST_LONG, LONGEST_SHORT, Definition, find_abbreviations, singular
from qtsearch.analysis.analyzer import fold, raw_words, term_of
from qtsearch.analysis.stop_words import is_stop_word

Key = tuple[str, ...]
"""What all spellings of one form share."""

_Pair = tuple[Key, Key]

LONGEST_SHORT_KEY: Final = LONGEST_SHORT + 1
"""Characters of the key of the longest short form, or of its plural."""

_REMEMBERED = 10_000
"""Texts of which it is remembered what their spellings share: queries have their words in common."""

_LONGEST_WITHOUT_PLURAL = 3
"""Letters of a word that is too short to be cut: ``gas`` is no plural."""


class OtherForm(NamedTuple):
    """The other form of an abbreviation, in its commonest spelling, and how many articles define it so."""

    text: str
    documents: int


@lru_cache(_REMEMBERED)
def short_key(text: str) -> Key:
    """Return what the spellings of a short form share: ``IL-6`` and ``il6``; ``HCCs`` and ``hcc``.

    Words, not terms: a stemmer would make an aid of ``AIDS``.
    """
    return tuple(map(fold, raw_words(singular(text))))


def long_key(text: str) -> Key:
    """Return what the spellings of a long form share: its terms, so without case, hyphens and plural.

    Stop words are left out, as a query leaves them out, unless there is nothing else.
    """
    content, found = _terms_of(text)
    return content or found


def long_keys(words: Iterable[str]) -> Iterator[Key]:
    """Yield ``long_key`` of the first word, of the first two with a blank between them, and so on."""
    content: Key = ()
    found: Key = ()
    for text in words:
        telling, every = _terms_of(text)
        content += telling
        found += every
        yield content or found


@lru_cache(_REMEMBERED)
def _terms_of(text: str) -> tuple[Key, Key]:
    """Return the terms of a text without stop words, and all of them."""
    found = raw_words(text)
    content = [word for word in found if not is_stop_word(word.lower())]
    return tuple(map(term_of, content)), tuple(map(term_of, found))


def known_lengths(words: Sequence[str], has_long: Callable[[Key], bool], has_short: Callable[[Key], bool]) -> list[int]:
    """Return how many words, from the first on, are a form together; the most first.

    Args:
        words: what stands side by side.
        has_long: says whether there is a long form of this key.
        has_short: says whether there is a short form of this key.
    """
    known = {number for number, key in enumerate(long_keys(words[:LONGEST_LONG]), 1) if key and has_long(key)}
    for number in range(1, min(len(words), LONGEST_LONG) + 1):
        key = short_key(" ".join(words[:number]))
        if sum(map(len, key)) > LONGEST_SHORT_KEY:
            break
        if key and (has_short(key) or has_short(without_plural(key))):
            known.add(number)
    return sorted(known, reverse=True)


class Beginnings(NamedTuple):
    """What the keys of all forms begin with that begin with a certain word.

    Attributes:
        long: the first term of long forms.
        short: any of these is the first word of short forms.
    """

    long: str
    short: frozenset[str]


def beginnings(word: str) -> Beginnings | None:
    """Return what the keys of all forms begin with that begin with a word; None where the words behind it decide."""
    content, _ = _terms_of(word)
    keys = short_key(word), tuple(map(fold, raw_words(word)))
    if not content or not all(keys):
        return None
    return Beginnings(content[0], frozenset(one[0] for key in keys for one in (key, without_plural(key))))


def without_plural(key: Key) -> Key:
    """Return the key of a short form if this is that of its plural; the same if it is too short to be one."""
    if len(key[-1]) <= _LONGEST_WITHOUT_PLURAL:
        return key
    return *key[:-1], key[-1].removesuffix("s")


def definitions_of(*texts: str) -> tuple[Definition, ...]:
    """Return what one article counts for: each pair of its plain texts once, in the spelling that comes first."""
    found: dict[_Pair, Definition] = {}
    for text in texts:
        for short, long in find_abbreviations(text):
            found.setdefault((short_key(short), long_key(long)), (short, long))
    return tuple(found.values())


class AbbreviationTable:
    """Which long forms a short form has, and the other way round; immutable.

    A pair is kept if two articles define it, or if its short form has no other: a single article may be odd, but a
    small collection has nothing else. Pairs whose long forms have the same terms are one.
    """

    def __init__(self, documents: Mapping[Definition, int]) -> None:
        spellings: defaultdict[_Pair, Counter[Definition]] = defaultdict(Counter)
        for definition, count in documents.items():
            pair = short_key(definition[0]), long_key(definition[1])
            if all(pair):
                spellings[pair][definition] += count
        rows = sorted(_trusted({pair: _row(spelled) for pair, spelled in spellings.items()}), key=_by_frequency)
        self._rows = tuple(rows)
        self._long_forms: dict[Key, tuple[OtherForm, ...]] = {}
        self._short_forms: dict[Key, tuple[OtherForm, ...]] = {}
        for short, long, count in rows:
            _append(self._long_forms, short_key(short), OtherForm(long, count))
            # Without its stop words, "behind the ear" is an ear.
            if len(long_key(long)) > 1 or len(raw_words(long)) == 1:
                _append(self._short_forms, long_key(long), OtherForm(short, count))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[str, str, int]]:
        """Yield (short form, long form, articles that define it so), those of most articles first."""
        return iter(self._rows)

    def long_forms(self, short: str) -> tuple[OtherForm, ...]:
        """Return the long forms of a short form, those of most articles first; () if there is none.

        Where ``hccs`` is no short form, it is taken for the plural of one.
        """
        key = short_key(short)
        found = self._long_forms.get(key, ())
        return found if found or not key else self._long_forms.get(without_plural(key), ())

    def short_forms(self, long: str) -> tuple[OtherForm, ...]:
        """Return the short forms of a long form, those of most articles first; () if there is none."""
        return self._short_forms.get(long_key(long), ())


_Row = tuple[str, str, int]


def _row(spelled: Counter[Definition]) -> _Row:
    """Return one pair in the commonest spelling of each form; of equally common ones that in small letters."""
    shorts: Counter[str] = Counter()
    longs: Counter[str] = Counter()
    for (short, long), count in spelled.items():
        shorts[short] += count
        longs[long] += count
    return _commonest(shorts), _commonest(longs), spelled.total()


def _commonest(spelled: Counter[str]) -> str:
    # Small letters sort behind capitals, and the commonest behind all others.
    return max(spelled, key=lambda text: (spelled[text], text))


def _trusted(rows: Mapping[_Pair, _Row]) -> Iterator[_Row]:
    counts: defaultdict[Key, list[int]] = defaultdict(list)
    for (short, _), row in rows.items():
        counts[short].append(row[2])
    return (row for (short, _), row in rows.items() if row[2] > 1 or counts[short] == [1])


def _by_frequency(row: _Row) -> tuple[int, str, str]:
    return -row[2], row[0], row[1]


def _append(forms: dict[Key, tuple[OtherForm, ...]], key: Key, form: OtherForm) -> None:
    forms[key] = (*forms.get(key, ()), form)

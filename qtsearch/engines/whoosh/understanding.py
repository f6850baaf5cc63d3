"""A query text -> the tree to search: what was typed, other names of it, and what was probably meant instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from qtsearch.engines.whoosh.vocabulary import AbbreviationIndex, Vocabulary
from qtsearch.query import tree
from qtsearch.query.expand import Abbreviations, Source, expand
from qtsearch.query.language import parse, unshouted
from qtsearch.query.loosening import loosened
from qtsearch.query.numerals import Numerals
from qtsearch.query.request import SearchRequest
from qtsearch.query.suggest import corrected_text, did_you_mean
from qtsearch.values import dataclass


@dataclass(frozen=True, slots=True)
class Understood:
    """A query text and the tree that is searched for it.

    Attributes:
        text: the query text.
        typed: its tree as it was typed.
        root: the same with other names included, and words taken apart that no article has side by side; filters of
            the request are in neither.
        notices: what was not understood.
        also_searched: the other names.
    """

    text: str
    typed: tree.Node
    root: tree.Node
    notices: tuple[str, ...]
    also_searched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Better:
    """What was probably meant by a query text.

    Attributes:
        text: the better text.
        likely_text: the text with only those words replaced that may be searched for without asking.
        likely_words: what stands for them there.
    """

    text: str
    likely_text: str
    likely_words: tuple[str, ...]


class Understanding:
    """Understands the texts of requests.

    Args:
        vocabulary: the words of the articles.
        abbreviations: their abbreviations.
        doc_freq: how many articles hold what a leaf looks for.
    """

    def __init__(
        self, vocabulary: Vocabulary, abbreviations: AbbreviationIndex, doc_freq: Callable[[tree.Leaf], int]
    ) -> None:
        self._vocabulary = vocabulary
        self._doc_freq = doc_freq
        self._abbreviations = Abbreviations(abbreviations, vocabulary.doc_freq)
        self._numerals = Numerals(vocabulary.are_neighbours)

    def understood(self, text: str, request: SearchRequest, synonyms: Sequence[Source]) -> Understood:
        """Return what a text means under the options of a request.

        Args:
            text: the text of the request, or a better one.
            request: says whether to look for other names.
            synonyms: a person's own, asked before the abbreviations.
        """
        if request.exact:
            parsed = parse(text)
            return Understood(text, parsed.root, parsed.root, parsed.notices, ())
        meant, shouted = unshouted(text)
        parsed = parse(meant)
        sources = [*synonyms, self._abbreviations, self._numerals] if request.expand else []

        root, apart = loosened(
            text, parsed.root, lambda leaf: self._doc_freq(leaf) > 0 or _has_other_names(leaf.text, sources)
        )
        notices = (*shouted, *parsed.notices, *apart)
        expanded = expand(root, sources)
        return Understood(text, parsed.root, expanded.root, notices, expanded.also_searched)

    def better(self, asked: Understood, synonyms: Sequence[Source]) -> Better | None:
        """Return what was probably meant, None if every word is known or nothing better is."""
        correction = did_you_mean(asked.text, _Known(self._vocabulary, synonyms), self._vocabulary, asked.typed)
        if correction is None:
            return None
        likely = [one for one in correction.replacements if one.is_likely]
        words = tuple(dict.fromkeys(one.text.strip('"') for one in likely))
        return Better(correction.text, corrected_text(asked.text, likely), words)


def _has_other_names(text: str, sources: Sequence[Source]) -> bool:
    """Return whether a text has other names: then it is a name itself, whether or not an article holds it."""
    return any(source.alternatives(text) for source in sources)


class _Known:
    """The vocabulary, and the words that a person has synonyms for: they are no mistakes."""

    def __init__(self, vocabulary: Vocabulary, synonyms: Sequence[Source]) -> None:
        self._vocabulary = vocabulary
        self._synonyms = synonyms

    def doc_freq(self, word: str) -> int:
        return self._vocabulary.doc_freq(word) or int(_has_other_names(word, self._synonyms))

    def within(self, word: str, distance: int) -> Iterator[tuple[str, int]]:
        return self._vocabulary.within(word, distance)

    def sounding(self, key: str, distance: int) -> Iterator[tuple[str, int]]:
        return self._vocabulary.sounding(key, distance)

    def beginning(self, prefix: str) -> Iterable[tuple[str, int]]:
        return self._vocabulary.beginning(prefix)

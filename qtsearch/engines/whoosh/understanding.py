"""A query text -> the tree to search: what was typed, other names of it, and what was probably meant instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

from qtsearch.analysis.analyzer import words
from qtsearch.engines.whoosh.vocabulary import AbbreviationIndex, Vocabulary
from qtsearch.query import tree
from qtsearch.query.expand import Abbreviations, Expanded, Source, expand
from qtsearch.query.language import parse, unshouted
from qtsearch.query.loosening import loosened
from qtsearch.query.notices import one_of, quoted
from qtsearch.query.numerals import Numerals
from qtsearch.query.replacing import replaced
from qtsearch.query.request import SearchRequest
from qtsearch.query.suggest import (
    MAX_CORRECTED,
    Replacement,
    TypedWord,
    corrected_text,
    did_you_mean,
    overlaps,
    proofread,
)
from qtsearch.query.synonyms import Synonyms
from qtsearch.values import dataclass


@dataclass(frozen=True, slots=True)
class Understood:
    """A query text and the tree that is searched for it.

    Attributes:
        text: the query text.
        typed: its tree as it was typed.
        loosened: the same with words taken apart that no article has side by side.
        root: the same with other names included; filters of the request are in none of them.
        notices: what was not understood.
        also_searched: the other names.
    """

    text: str
    typed: tree.Node
    loosened: tree.Node
    root: tree.Node
    notices: tuple[str, ...]
    also_searched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Better:
    """What was probably meant by a query text that holds unknown words.

    Attributes:
        text: the better text, "" if nothing is better.
        near: the text with those words replaced that may be searched for without asking, "" if there are none.
        likely: the query with those of them replaced that are plain words; None if there are none.
        is_whole: whether these are all that differ.
        lacking: a notice of the words that no article has and nothing else is searched for; () if there are none.
        all_lacking: a notice of all words that no article has; () if nothing else is searched for.
    """

    text: str
    near: str
    likely: Understood | None
    is_whole: bool
    lacking: tuple[str, ...]
    all_lacking: tuple[str, ...]


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
        self._numerals = Numerals(vocabulary.are_neighbours, lambda word: vocabulary.doc_freq_as_written(word) > 0)

    def understood(self, text: str, request: SearchRequest, synonyms: Sequence[Source]) -> Understood:
        """Return what a text means under the options of a request.

        Args:
            text: the text of the request, or a better one.
            request: says whether to look for other names.
            synonyms: a person's own, asked before the abbreviations.
        """
        if request.exact:
            parsed = parse(text)
            return Understood(text, parsed.root, parsed.root, parsed.root, parsed.notices, ())
        meant, shouted = unshouted(text)
        parsed = parse(meant)
        sources = self._sources(request, synonyms)

        def is_known(leaf: tree.Words | tree.Wildcard) -> bool:
            if self._doc_freq(leaf):
                return True
            return isinstance(leaf, tree.Words) and (
                _has_other_names(leaf.text, sources) or (request.expand and self._numerals.has(leaf.text))
            )

        root, apart = loosened(text, parsed.root, is_known)
        notices = (*shouted, *parsed.notices, *apart, *self._vain(root))
        expanded = self._expanded(root, request, sources)
        return Understood(text, parsed.root, root, expanded.root, notices, expanded.also_searched)

    def better(self, asked: Understood, request: SearchRequest, synonyms: Sequence[Source]) -> Better | None:
        """Return what was probably meant, and what no article has; None if there is nothing of both."""
        known = _Known(self._vocabulary, synonyms, asked.root)
        correction, unknown = proofread(asked.text, known, self._vocabulary, asked.loosened)
        if correction is None and not unknown:
            return None
        text, replacements = (correction.text, correction.replacements) if correction else ("", ())
        near = [one for one in replacements if one.use != "proposed"]
        lacking = _lacking(asked, unknown, near)
        all_lacking = () if _is_all(unknown, asked) else _lacking(asked, unknown, ())
        likely, is_whole = self._likely(asked, replacements, lacking, request, synonyms)
        near_text = corrected_text(asked.text, near) if near else ""
        return Better(text, near_text, likely, is_whole, lacking, all_lacking)

    def _likely(
        self,
        asked: Understood,
        replacements: Sequence[Replacement],
        lacking: Sequence[str],
        request: SearchRequest,
        synonyms: Sequence[Source],
    ) -> tuple[Understood | None, bool]:
        """Return ``likely`` and ``is_whole`` of ``Better``."""
        # A replacement is of characters of the text; the tree knows only words, and no stop words.
        searched = _plain_words(tree.leaves(asked.loosened))
        shown = {one: asked.text[one.start : one.end] for one in replacements}
        typed = {one: tuple(word for word in words(text) if word in searched) for one, text in shown.items()}
        instead = {typed[one]: one.text.strip('"') for one in typed if one.use == "instead"}
        root, found = replaced(asked.loosened, instead)
        used = [one for one in typed if one.use == "instead" and typed[one] in found]
        beside = [one for one in typed if one.use == "beside" and request.expand]
        if not used and not beside:
            return None, False
        told = (f"did you mean {quoted(one.text)}? searched for it instead of {quoted(shown[one])}" for one in used)
        is_whole = len(used) == len(typed)
        if is_whole and asked.loosened != asked.typed:
            # Articles may have side by side what was taken apart because a part of it was mistyped.
            meant = self.understood(corrected_text(asked.text, used), request, synonyms)
            return replace(meant, notices=(*meant.notices, *told, *lacking)), True
        whole = Synonyms([((shown[one],), (one.text,)) for one in beside])
        expanded = self._expanded(root, request, [whole, *self._sources(request, synonyms)])
        likely = Understood(
            corrected_text(asked.text, used),
            asked.typed,
            root,
            expanded.root,
            (*asked.notices, *told, *lacking),
            expanded.also_searched,
        )
        return likely, is_whole

    def _vain(self, root: tree.Node) -> Iterator[str]:
        """Yield a notice for each thing that is excluded though no article has it, where it looks mistyped."""
        excluded = (leaf for leaf in tree.excluded(root) if isinstance(leaf, tree.Words | tree.Phrase))
        in_vain = (leaf.text for leaf in excluded if not self._doc_freq(leaf))
        for text in islice(dict.fromkeys(in_vain), MAX_CORRECTED):
            better = did_you_mean(text, self._vocabulary, self._vocabulary)
            if better is not None:
                yield f"no article has {quoted(text)}, so it excludes nothing; did you mean {quoted(better.text)}?"

    def _sources(self, request: SearchRequest, synonyms: Sequence[Source]) -> list[Source]:
        return [*synonyms, self._abbreviations] if request.expand else []

    def _expanded(self, root: tree.Node, request: SearchRequest, sources: Sequence[Source]) -> Expanded:
        return expand(root, sources, numerals=self._numerals if request.expand else None)


def _plain_words(leaves: Iterable[tree.Leaf]) -> frozenset[str]:
    """Return the words of those leaves that are searched for as words."""
    return frozenset(word for leaf in leaves if isinstance(leaf, tree.Words) for word in words(leaf.text))


def _lacking(asked: Understood, unknown: Sequence[TypedWord], replacements: Sequence[Replacement]) -> tuple[str, ...]:
    """Return a notice of the words that no article has and nothing replaces, so that nobody looks for them.

    A word with signs inside has a notice of its own if it is taken apart.
    """
    names = (leaf.text for leaf in tree.leaves(asked.typed) if isinstance(leaf, tree.Words))
    named_whole = {word for parts in map(words, names) if len(parts) > 1 for word in parts}
    distinct: dict[str, str] = {}
    for one in unknown:
        if one.word not in named_whole and not overlaps(one, replacements):
            distinct.setdefault(one.word, asked.text[one.start : one.end])
    shown = list(islice(distinct.values(), MAX_CORRECTED))
    return (f"no article has {one_of(shown)}",) if shown else ()


def _is_all(unknown: Sequence[TypedWord], asked: Understood) -> bool:
    """Return whether nothing is searched for but unknown words: that there are no hits says as much."""
    unheard = {word.word for word in unknown}
    leaves = tree.leaves(asked.loosened)
    return all(isinstance(one, tree.Words | tree.Phrase) and unheard.issuperset(words(one.text)) for one in leaves)


def _has_other_names(text: str, sources: Sequence[Source]) -> bool:
    """Return whether a text has other names: then it is a name itself, whether or not an article holds it."""
    return any(source.alternatives(text) for source in sources)


class _Known:
    """The vocabulary, and the words that are, or belong to, what has other names: they are no mistakes."""

    def __init__(self, vocabulary: Vocabulary, synonyms: Sequence[Source], root: tree.Node) -> None:
        self._root = root
        self._vocabulary = vocabulary
        self._synonyms = synonyms

    def doc_freq(self, word: str) -> int:
        return self._vocabulary.doc_freq(word) or int(word in self._named or _has_other_names(word, self._synonyms))

    @cached_property
    def _named(self) -> frozenset[str]:
        return _plain_words(tree.named(self._root))  # few queries have a word that no article holds

    def within(self, word: str, distance: int) -> Iterator[tuple[str, int]]:
        return self._vocabulary.within(word, distance)

    def sounding(self, key: str, distance: int) -> Iterator[tuple[str, int]]:
        return self._vocabulary.sounding(key, distance)

    def beginning(self, prefix: str) -> Iterable[tuple[str, int]]:
        return self._vocabulary.beginning(prefix)

"""What is shown of a hit: highlights, fragments and the headings above them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from qtsearch.articles.model import Article
from qtsearch.patterns import pattern
from qtsearch.query import tree
from qtsearch.results import Fragment, Snippet, Span
from qtsearch.scoring.concepts import Wording
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.snippets import Highlighter, shown

Spans = tuple[Span, ...]

NO_SNIPPET = Snippet(())
NOTHING_SHOWN: tuple[Spans, Snippet] = ((), NO_SNIPPET)

_TOGETHER = 16
"""So many articles are looked at together: more of them are no faster, and need more memory."""

# What may stand before a heading on its line: quotes and list items hold headings as well.
_UNDERLINE = re.compile(r"\n[ \t>]*(?:-+|=+)[ \t]*(?:\n|\Z)")
_HASHES = pattern(r"\n[ \t>*+\-0-9.)]*#")


def highlighter_of(root: tree.Node, evaluator: Evaluator, idf: Callable[[str], float]) -> Highlighter:
    """Return what marks the words of a query, other names included.

    Args:
        root: the tree that was searched for.
        evaluator: knows which words a prefix or a fuzzy word stands for.
        idf: how telling a term is.
    """
    sequences: dict[tuple[str, ...], float] = {}
    words: set[str] = set()
    for leaf in tree.leaves(root):
        wanted = evaluator.concept(leaf)
        if wanted.words is not None:
            words.update(word.decode() for word in wanted.words)
            continue
        for wording in wanted.wordings:
            terms = _texts_of(wording)
            for sequence in [(term,) for term in terms] if wording.slop else [terms]:
                sequences[sequence] = min(map(idf, sequence))
    return Highlighter(sequences, frozenset(words))


@lru_cache(maxsize=10_000)
def _texts_of(wording: Wording) -> tuple[str, ...]:
    return tuple(term.decode() for term in wording.terms)


def shown_of(articles: Sequence[Article], marks: Highlighter, fragments: int) -> Iterator[tuple[Spans, Snippet]]:
    """Yield of each article where words stand in its title, and its best fragments with the headings above them."""
    for begin in range(0, len(articles), _TOGETHER):
        some = articles[begin : begin + _TOGETHER]
        found = shown([article.title for article in some], [article.answer_text for article in some], marks, fragments)
        for article, (title, snippet) in zip(some, found, strict=True):
            headed = _may_have_headings(article.answer, article.answer_text)
            yield title, Snippet(tuple(_with_headings(article, snippet))) if headed else snippet


def _may_have_headings(markdown: str, text: str) -> bool:
    """Return False only if no line is a heading or the underline of one; far faster than reading Markdown.

    Args:
        markdown: an answer.
        text: its plain text, which lacks the signs that make a line a heading.
    """
    if markdown == text:
        return False
    if _UNDERLINE.search(markdown):
        return True
    return "#" in markdown and _HASHES.search(f"\n{markdown}") is not None


def _with_headings(article: Article, found: Snippet) -> Iterator[Fragment]:
    from qtsearch.articles.markdown import headings  # loads a Markdown parser, which few searches need

    above = headings(article.answer)
    # As fragments have it: each white space one blank.
    text = re.sub(r"\s", " ", article.answer_text)
    end = 0
    for fragment in found.fragments:
        start = max(text.find(fragment.text, end), end)
        end = start + len(fragment.text)
        nearest = next((heading for heading in reversed(above) if heading.start <= start), None)
        # A fragment that begins with its heading names it already.
        named = nearest is not None and nearest.start == start
        yield fragment if nearest is None or named else replace(fragment, heading=nearest.text)

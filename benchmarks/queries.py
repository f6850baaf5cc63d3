"""What people type, taken from the articles themselves by seeded choice.

A query is plain words without quotes, brackets or operators, so that every engine's parser reads the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from qtsearch.articles.model import Article

Mode = Literal["any", "all"]
"""``any``: an article may match with any of the words. ``all``: it must hold every one of them."""

_WORD = re.compile(r"[^\W_]+")
_CONTENT_WORD = re.compile(r"\b[^\W\d_]{4,20}\b")
_STOP_WORDS = """
    about after also among another because been before being between both called cause caused causes could does
    during each from have into likely made make makes many more most much need often only other others over people
    person same should some such than that their them then there these they this those through under used uses
    using usually very well were what when where which while will with within without would your
"""
_FUNCTION_WORDS = frozenset(_WORD.findall(_STOP_WORDS))


class QuerySet(NamedTuple):
    """Queries of one kind.

    Attributes:
        kind: as tables name it.
        mode: how the words combine.
        texts: the queries.
    """

    kind: str
    mode: Mode
    texts: list[str]


def natural_language(articles: Sequence[Article], topics: Sequence[str], number: int, seed: int = 0) -> QuerySet:
    """Return questions and topics as typed into a search box, half of them topics where there are enough."""
    rng = random.Random(seed)
    chosen = rng.sample(topics, min(number // 2, len(topics)))
    titles = {_plain(article.title): None for article in articles}
    chosen += rng.sample(list(titles), min(number - len(chosen), len(titles)))
    rng.shuffle(chosen)
    return QuerySet("natural-language", "any", [_plain(text) for text in chosen])


def two_words(articles: Sequence[Article], number: int, seed: int = 0) -> QuerySet:
    """Return pairs of content words, each pair from one article, so that every query finds something."""
    rng = random.Random(seed)
    texts: list[str] = []
    while len(texts) < number:
        article = rng.choice(articles)
        words = {word.lower() for word in _CONTENT_WORD.findall(f"{article.title} {article.answer}")}
        content = sorted(words - _FUNCTION_WORDS)
        if len(content) >= 2:
            texts.append(" ".join(rng.sample(content, 2)))
    return QuerySet("two-word", "all", texts)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))

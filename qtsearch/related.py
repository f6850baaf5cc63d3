"""Which articles belong to another: an editor's links first, then the most similar ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeVar

from qtsearch.articles.model import Article, RelatedArticle
from qtsearch.engines.base import Engine, Key
from qtsearch.results import Origin, RelatedHit

T = TypeVar("T")


def related_to(article: Article, engine: Engine, limit: int) -> tuple[RelatedHit, ...]:
    """Return up to ``limit`` related articles: the curated links in their order, then similar articles.

    A link is resolved by its id, else by its url, to the article as indexed; one that is not in the index is kept as
    the link words it. No article comes twice, and the article itself never.
    """
    found: dict[str, RelatedHit] = {}
    # A hostile article has thousands of links to one that is huge.
    find = cache(engine.find)
    for link in article.related:
        if len(found) >= limit:
            break
        target = _target(link, find)
        if target is None:
            hit = RelatedHit(link.id, link.title, link.subject, link.url, None, "curated")
            found.setdefault(f"link {link.id} {link.url} {link.title}", hit)
        elif target.path != article.path:
            found.setdefault(target.path, _hit(target, "curated"))
    if len(found) < limit:
        # Those that are curated already are among them at most.
        for similar in engine.similar(article, limit):
            found.setdefault(similar.path, _hit(similar.article, "similar"))
    return tuple(found.values())[:limit]


def broken(links: Iterable[tuple[str, RelatedArticle]], engine: Engine) -> Iterator[tuple[str, RelatedArticle]]:
    """Yield those curated links that lead to no indexed article, each with the path that it came with."""
    is_known = cache(lambda key: engine.find(key) is not None or None)
    return ((path, link) for path, link in links if _target(link, is_known) is None)


def _target(link: RelatedArticle, find: Callable[[Key], T | None]) -> T | None:
    """Return what finds the article that a link leads to: by its id, else by its url."""
    for key in (link.id, link.url):
        if key is not None and key != "" and (found := find(key)) is not None:
            return found
    return None


def _hit(article: Article, origin: Origin) -> RelatedHit:
    return RelatedHit(article.id, article.title, article.subject, article.url, article.path, origin)

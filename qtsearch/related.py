"""Which articles belong to another: an editor's links first, then the most similar ones."""

from __future__ import annotations

from qtsearch.articles.model import Article, RelatedArticle
from qtsearch.engines.base import Engine
from qtsearch.results import Origin, RelatedHit


def related_to(article: Article, engine: Engine, limit: int) -> tuple[RelatedHit, ...]:
    """Return up to ``limit`` related articles: the curated links in their order, then similar articles.

    A link is resolved by its id, else by its url, to the article as indexed; one that is not in the index is kept as
    the link words it. No article comes twice, and the article itself never.
    """
    found: dict[str, RelatedHit] = {}
    for link in article.related:
        hit = _resolved(link, engine)
        if hit.path != article.path:
            found.setdefault(hit.path or f"link {link.id} {link.url} {link.title}", hit)
    if len(found) < limit:
        # As many as could turn out to be curated already are asked for on top.
        for similar in engine.similar(article, limit + len(article.related)):
            found.setdefault(similar.path, _hit(similar.article, "similar"))
    return tuple(found.values())[:limit]


def broken(link: RelatedArticle, engine: Engine) -> bool:
    """Return whether a curated link leads to no indexed article."""
    return _target(link, engine) is None


def _resolved(link: RelatedArticle, engine: Engine) -> RelatedHit:
    target = _target(link, engine)
    if target is None:
        return RelatedHit(link.id, link.title, link.subject, link.url, None, "curated")
    return _hit(target, "curated")


def _target(link: RelatedArticle, engine: Engine) -> Article | None:
    for key in (link.id, link.url):
        if key is not None and key != "":
            found = engine.find(key)
            if found is not None:
                return found
    return None


def _hit(article: Article, origin: Origin) -> RelatedHit:
    return RelatedHit(article.id, article.title, article.subject, article.url, article.path, origin)

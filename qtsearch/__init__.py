"""Full-text search for a folder of articles: Markdown files with YAML front matter.

    import qtsearch

    qtsearch.reindex("seeds", "index")
    with qtsearch.open("index") as index:
        for hit in index.search("HCC immunotherapy", limit=5):
            print(hit.title, hit.snippet.fragments[0].text)

Importing this package costs next to nothing: each name is loaded when it is first used.
"""

from __future__ import annotations

from qtsearch._version import __version__

TYPE_CHECKING = False  # importing typing for this name would take 9 ms
if TYPE_CHECKING:
    from qtsearch.articles.model import Article, ArticleId, Problem, RelatedArticle
    from qtsearch.checking import BrokenLink, CheckReport, check
    from qtsearch.engines.base import IndexProblem, Key
    from qtsearch.errors import (
        ArticleError,
        ArticleNotFound,
        ConfigError,
        IndexBusy,
        IndexDamaged,
        IndexFault,
        IndexMissing,
        IndexOutdated,
        QtsearchError,
        RequestError,
    )
    from qtsearch.index import Index, open
    from qtsearch.query.completion import Completion
    from qtsearch.query.request import Sort
    from qtsearch.reindexing import Change, Progress, ReindexReport, reindex
    from qtsearch.results import (
        Abbreviation,
        Explanation,
        Facet,
        FacetCount,
        Fragment,
        Hit,
        IndexStats,
        RelatedHit,
        Results,
        ScorePart,
        Snippet,
    )

_HOMES = {
    "qtsearch.articles.model": ("Article", "ArticleId", "Problem", "RelatedArticle"),
    "qtsearch.checking": ("BrokenLink", "CheckReport", "check"),
    "qtsearch.engines.base": ("IndexProblem", "Key"),
    "qtsearch.errors": (
        "ArticleError",
        "ArticleNotFound",
        "ConfigError",
        "IndexBusy",
        "IndexDamaged",
        "IndexFault",
        "IndexMissing",
        "IndexOutdated",
        "QtsearchError",
        "RequestError",
    ),
    "qtsearch.index": ("Index", "open"),
    "qtsearch.reindexing": ("Change", "Progress", "ReindexReport", "reindex"),
    "qtsearch.query.completion": ("Completion",),
    "qtsearch.query.request": ("Sort",),
    "qtsearch.results": (
        "Abbreviation",
        "Explanation",
        "Facet",
        "FacetCount",
        "Fragment",
        "Hit",
        "IndexStats",
        "RelatedHit",
        "Results",
        "ScorePart",
        "Snippet",
    ),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Abbreviation",
    "Article",
    "ArticleError",
    "ArticleId",
    "ArticleNotFound",
    "BrokenLink",
    "Change",
    "CheckReport",
    "Completion",
    "ConfigError",
    "Explanation",
    "Facet",
    "FacetCount",
    "Fragment",
    "Hit",
    "Index",
    "IndexBusy",
    "IndexDamaged",
    "IndexFault",
    "IndexMissing",
    "IndexOutdated",
    "IndexProblem",
    "IndexStats",
    "Key",
    "Problem",
    "Progress",
    "QtsearchError",
    "ReindexReport",
    "RelatedArticle",
    "RelatedHit",
    "RequestError",
    "Results",
    "ScorePart",
    "Snippet",
    "Sort",
    "__version__",
    "check",
    "open",
    "reindex",
]


if not TYPE_CHECKING:  # to a type checker this would mean that every name is there

    def __getattr__(name: str) -> object:
        if name not in _HOME_OF:
            raise AttributeError(f"module 'qtsearch' has no attribute {name!r}")
        from importlib import import_module  # 1 ms

        value = getattr(import_module(_HOME_OF[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return list(__all__)

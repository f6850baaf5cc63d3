"""Where the articles of an index lie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from qtsearch.config import INDEX_VARIABLE, Settings
from qtsearch.engines import store_at
from qtsearch.errors import IndexFault


def with_own_articles(settings: Settings) -> Settings:
    """The settings with the folder that the index was made from, where an index is named and no folder of articles.

    An index remembers its folder. Without this, ``--index`` from elsewhere would point to files that are not there, and
    ``reindex --index`` would make it anew from whatever lies here.
    """
    if settings.sources["articles"] != "default" or settings.sources["index"] not in ("option", INDEX_VARIABLE):
        return settings
    try:
        recipe = store_at(settings.index).recipe()
    except IndexFault:
        return settings  # whoever opens it says why it cannot be used
    if recipe is None or not Path(recipe.articles_folder).is_dir():
        return settings
    sources = MappingProxyType({**settings.sources, "articles": "the index"})
    return replace(settings, articles=Path(recipe.articles_folder), sources=sources)

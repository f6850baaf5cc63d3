"""Does the index still say what the folder says, and is it whole?"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qtsearch.articles.library import Library, duplicate_id_problem
from qtsearch.articles.model import Problem, RelatedArticle
from qtsearch.config import MAX_BYTES, checked_facets, checked_max_bytes, checked_path
from qtsearch.engines import store_at
from qtsearch.engines.base import Engine, IndexProblem, KnownFiles, Store, VerifyProgress
from qtsearch.related import broken
from qtsearch.values import dataclass


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A curated link that leads to no indexed article.

    Attributes:
        path: the article that has the link.
        title: the link's title.
        target: what it points to: its id, else its url.
    """

    path: str
    title: str
    target: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Where an index and its folder differ, or what is wrong with the index itself.

    Attributes:
        stale: files that changed since they were indexed.
        missing: files that are not in the index.
        orphaned: indexed articles whose file is gone.
        broken_links: curated links that lead to no indexed article.
        problems: folders that could not be looked at, and files that a reindex would leave out or take out, with the
            reason.
        index_problems: damage of the index, and rights that let others change it.
        verified: whether every byte of the index was verified, instead of comparing it with the folder.
    """

    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    broken_links: tuple[BrokenLink, ...] = ()
    problems: tuple[Problem, ...] = ()
    index_problems: tuple[IndexProblem, ...] = ()
    verified: bool = False

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        differs = self.stale or self.missing or self.orphaned or self.broken_links
        return not (differs or self.problems or self.index_problems)


def check(
    articles: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    *,
    max_bytes: int = MAX_BYTES,
    verify: bool = False,
    facets: Sequence[str] | None = None,
    progress: VerifyProgress | None = None,
) -> CheckReport:
    """Compare an index with its folder of articles, or verify every byte of it; changes nothing.

    Args:
        articles: the folder of articles; not looked at with ``verify``.
        index: the folder of the index.
        max_bytes: a larger file is a problem, not an article.
        verify: verify every file of the index instead of comparing.
        facets: the further front-matter keys that the index should have; None for those it was made with. Not looked
            at with ``verify``.
        progress: called now and then while verifying, with the bytes done and of how many.

    Raises:
        ConfigError: there is no folder of articles, or another argument cannot be used.
        IndexMissing: there is no index.
        IndexOutdated: this version cannot read it.
        IndexFault: it cannot be read; damage is reported instead with ``verify``.
    """
    folder = checked_path("index", index).absolute()
    store = store_at(folder)
    found = store.folder_problems()
    if verify:
        wrong = store.verify(progress or (lambda done, total: None))
        return CheckReport(index_problems=(*found, *wrong), verified=True)
    library = Library(checked_path("articles", articles), checked_max_bytes(max_bytes))
    wanted = None if facets is None else checked_facets(facets)
    return _compared(library, store, (*found, *_made_otherwise(folder, store, wanted)))


def _made_otherwise(folder: Path, store: Store, facets: tuple[str, ...] | None) -> Iterator[IndexProblem]:
    """Yield that a reindex would make the index anew, in another way, if that is so."""
    recipe = store.recipe()
    if recipe is None:
        return
    today = store.new_recipe(Path(recipe.articles_folder), recipe.facets if facets is None else facets)
    # Its folder may be known by another name by now; that is no difference.
    difference = recipe.difference(replace(today, articles_folder=recipe.articles_folder))
    if difference:
        yield IndexProblem(folder.name, "folder", difference, "bring it up to date with: qtsearch reindex")


def _compared(library: Library, store: Store, index_problems: tuple[IndexProblem, ...]) -> CheckReport:
    engine = store.open()
    indexed = engine.known()
    scan = library.scan()
    to_read, unsettled, gone = indexed.differences(scan.files)
    orphaned = tuple(path for path in sorted(gone) if not scan.hides(path))
    ids: dict[str, str] = {}
    problems = list(scan.problems)
    for file in to_read:
        known = indexed.get(file.path)
        loaded = library.load(file, known.digest if known is not None else b"")
        if isinstance(loaded, Problem):
            problems.append(loaded)
        elif loaded is not None:
            ids[file.path] = loaded.id_text
    duplicates = _duplicates(ids, {*orphaned, *ids}, indexed)
    left_out = {problem.path for problem in duplicates}
    differing = [path for path in ids if path not in left_out]
    return CheckReport(
        stale=tuple(path for path in differing if path in unsettled),
        missing=tuple(path for path in differing if path not in unsettled),
        orphaned=orphaned,
        broken_links=tuple(_broken_links(engine)),
        problems=tuple(sorted([*problems, *duplicates], key=lambda problem: problem.path)),
        index_problems=index_problems,
    )


def _duplicates(ids: Mapping[str, str], unsettled: Collection[str], indexed: KnownFiles) -> list[Problem]:
    """Return a problem for each article that the next reindex would leave out or take out, because of its id.

    Args:
        ids: the id of each file that is new or differs, by path; "" for none.
        unsettled: what is indexed of these paths no longer counts.
        indexed: what is known of the indexed ones.
    """
    claimed: dict[str, list[str]] = {}
    for path, id_text in ids.items():
        if id_text:
            claimed.setdefault(id_text, []).append(path)
    found = []
    for id_text, paths in claimed.items():
        owner = indexed.owner(id_text)
        first, *others = sorted([*paths, owner] if owner is not None and owner not in unsettled else paths)
        found += [duplicate_id_problem(first, other, id_text) for other in others]
    return found


def _broken_links(engine: Engine) -> list[BrokenLink]:
    links = [(article.path, link) for article in engine.articles() for link in article.related]
    lost = [BrokenLink(path, link.title, _target(link)) for path, link in broken(links, engine)]
    return sorted(lost, key=lambda link: (link.path, link.target))


def _target(link: RelatedArticle) -> str:
    return link.url if link.id is None else str(link.id)

"""Whatever happened to a folder, night after night: its index is the one that a run over it as it is now makes."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qtsearch
from tests.folders import write_article

PATHS = ["0.md", "a.md", "b.md", "c/d.md", "e.md", "f.md", "z.md"]
WORDS = ["liver", "livers", "heart", "kidney failure (KF)"]

fields = st.fixed_dictionaries(
    {"title": st.sampled_from(WORDS), "answer": st.sampled_from(WORDS)},
    # Most articles lack most of these, so that whole segments do.
    optional={
        "id": st.integers(1, 4),
        "subject": st.sampled_from(["Heart", "Liver"]),
        "author": st.just("Someone"),
        "url": st.sampled_from(["/a", "/b"]),
        "seo": st.sampled_from(WORDS).map(lambda word: {"page_keywords": word}),
        "audience": st.just("nurses"),
    },
)
changes = st.tuples(st.sampled_from(PATHS), fields | st.none() | st.just("broken"))
nights = st.lists(st.lists(changes, max_size=4), min_size=2, max_size=9)


def change(folder, path, values):
    if values is None:
        (folder / path).unlink(missing_ok=True)
    elif values == "broken":
        write_article(folder, path, title=None, answer=None, question=None)
    else:
        write_article(folder, path, **values)


def answers(index_folder):
    """Return all that can be asked of a small index; scores to the last digits but few."""
    with qtsearch.open(index_folder) as index:
        keys = [*range(1, 5), "/a", "/b", *PATHS]
        texts = [
            "liver",
            "KF",
            "hear*",
            "title:heart",
            "keywords:liver",
            "subject:Heart liver",
            "author:someone",
            "livers~",
        ]
        found = [index.search(text, facets=["subject", "audience"], expand=True, limit=50) for text in texts]
        return (
            [[(hit.path, round(hit.score, 9)) for hit in sorted(one.hits, key=lambda hit: hit.path)] for one in found],
            [one.facets for one in found],
            [_path_of(index, key) for key in keys],
            index.abbreviations(),
            index.stats().documents,
        )


def _path_of(index, key):
    try:
        return index.get(key).path
    except qtsearch.ArticleNotFound:
        return None


@pytest.mark.long
@settings(max_examples=100)
@given(nights)
def test_many_small_runs_give_what_one_run_gives(nights):
    with tempfile.TemporaryDirectory() as name:
        folder, index, anew = (Path(name) / part for part in ("articles", "index", "anew"))
        folder.mkdir()
        write_article(folder, "always.md", title="liver", answer="heart")
        for night in nights:
            for path, values in night:
                change(folder, path, values)
            report = qtsearch.reindex(folder, index, facets=("audience",))
            if report.kept:
                continue  # what a broken file said before is nowhere but in the index
            shutil.rmtree(anew, ignore_errors=True)
            fresh = qtsearch.reindex(folder, anew, facets=("audience",))
            assert answers(index) == answers(anew)
            assert report.documents == fresh.documents == answers(index)[-1]
            assert report.unchanged + report.added + report.updated == report.documents
        assert qtsearch.check(index=index, verify=True).clean

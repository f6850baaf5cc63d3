"""The arrays of our codec say what Whoosh's own codec says, posting by posting, of the same articles."""

from pathlib import Path

import numpy as np
import pytest
from whoosh.filedb.filestore import RamStorage
from whoosh.index import open_dir
from whoosh.qparser import MultifieldParser

from qtsearch.articles.library import Library
from qtsearch.articles.stored import decode
from qtsearch.engines import store_at
from qtsearch.engines.whoosh.documents import day_number, searched_keywords, searched_title, value_of
from qtsearch.engines.whoosh.schema import schema
from qtsearch.query import tree
from qtsearch.query.language import parse
from qtsearch.reindexing import reindex
from qtsearch.scoring.bm25f import Weighting
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.evaluation import Evaluator
from tests.engines.reader_arrays import ReaderArrays
from tests.folders import SEEDS, write_article

WORDS = "liver cancer hepatitis B type 1 2 diabetes IL-6 therapy therapies Crohn's naïve 肝癌 what is the of".split()


@pytest.fixture(scope="module")
def articles(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    rng = np.random.default_rng(1)
    for number in range(60):
        texts = [" ".join(rng.choice(WORDS, rng.integers(1, 12))) for _ in range(4)]
        write_article(
            folder,
            f"{number:02}.md",
            id=number + 1,
            title=texts[0],
            answer=texts[1],
            question=texts[2],
            seo={"page_keywords": texts[3].replace(" ", ", ")},
        )
    (folder / "seed.md").write_bytes(next(SEEDS.glob("*.md")).read_bytes())
    return folder


@pytest.fixture(scope="module")
def ours(articles, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    reindex(articles, folder)
    return folder


@pytest.fixture(scope="module")
def stock(articles):
    """The same articles in an index of Whoosh's own."""
    index = RamStorage().create_index(schema())
    library = Library(articles)
    with index.writer() as writer:
        for file in library.scan().files:
            article = library.load(file).article
            title, keywords = searched_title(article), searched_keywords(article)
            words = f"{title}\n{keywords}\n{article.answer_text}"
            values = {name: value_of(article, name) for name in ("id", "url", "subject", "author", "path")}
            writer.add_document(
                title=title,
                page_keywords=keywords,
                answer=article.answer_text,
                words=words,
                date=day_number(article.date),
                **{name: value for name, value in values.items() if value},
            )
    return index


def test_every_posting_is_the_same(ours, stock):
    (mine,) = store_at(ours).open()._segments
    with stock.reader() as reader:
        theirs = ReaderArrays(reader)
        for name in (*tree.SEARCHED_FIELDS, "words", "path", "id", "url", "subject", "date"):
            one, other = mine.field(name), theirs.field(name)
            count = one.term_count if one else 0
            assert count == other.term_count, name
            for ordinal in range(count):
                assert one.term(ordinal) == other.term(ordinal)
                assert one.postings(ordinal).docnums.tolist() == other.postings(ordinal).docnums.tolist()
                if name in tree.SEARCHED_FIELDS:
                    assert one.postings(ordinal).term_freqs.tolist() == other.postings(ordinal).term_freqs.tolist()
                    found = mine.inverted_index.field(name).positions(ordinal)
                    for places, expected in zip(found, other.positions(ordinal), strict=True):
                        assert places.tolist() == expected.tolist()
            if name in tree.SEARCHED_FIELDS:
                # Whoosh keeps lengths rounded to a byte, about one part in sixteen.
                assert one.lengths.tolist() == pytest.approx(other.lengths.tolist(), rel=0.1)


@pytest.mark.parametrize(
    "text", ["liver cancer", "type 1 diabetes", "IL-6", '"hepatitis B"', "therap*", "livre~ -cancer"]
)
def test_scores_are_the_same(ours, stock, text):
    engine = store_at(ours).open()
    root = parse(text).root
    with stock.reader() as reader:
        arrays = ReaderArrays(reader)
        for name in tree.SEARCHED_FIELDS:
            arrays.field(name).lengths = engine._segments[0].field(name).lengths  # not rounded
        twin = Evaluator(Collection([arrays]), Weighting(), None).evaluate(root)
    found = engine._evaluator.evaluate(root)
    assert found.matched.any()
    assert np.array_equal(found.matched, twin.matched)
    assert found.scores.tolist() == pytest.approx(twin.scores.tolist())


def test_whoosh_itself_can_search_our_index(ours):
    index = open_dir(ours)
    with index.searcher() as searcher:
        found = searcher.search(MultifieldParser(["title", "answer"], index.schema).parse("immunotherapy HCC"))
        assert ["immunotherapy" in decode(hit["article"]).answer for hit in found] == [True]

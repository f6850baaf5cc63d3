"""Generated hostile query texts through the whole search: none raises."""

import itertools
import math

import bench_hostile
import pytest
from hostile_queries import HostileQueries

import qtsearch


@pytest.fixture
def folder(articles, tmp_path):
    import article_files

    for article in articles:
        (tmp_path / "articles" / article.path).parent.mkdir(parents=True, exist_ok=True)
        article_files.write(article, tmp_path / "articles")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    return tmp_path / "index"


def texts(articles, number, seed=0):
    return list(itertools.islice(HostileQueries(articles, seed).texts(), number))


def test_the_same_seed_gives_the_same_texts(articles):
    assert texts(articles, 60) == texts(articles, 60) != texts(articles, 60, seed=1)


def test_there_is_something_of_everything(articles):
    made = texts(articles, 600)
    assert max(map(len, made)) >= 10_000
    for sign in ("糖", "\ud800", "\x00", "\u202e", "~2", "date:", "(" * 60, "OR", "*", "^", '"'):
        assert any(sign in text for text in made)


def test_every_kind_meets_every_variant(articles):
    assert math.gcd(len(HostileQueries(articles)._kinds), len(bench_hostile.VARIANTS)) == 1


@pytest.mark.parametrize("number", [400, pytest.param(10_000, marks=pytest.mark.long)])
def test_no_text_raises(articles, folder, number):
    found = list(bench_hostile.asked(folder, texts(articles, number, seed=7)))
    assert [(one.text, one.variant, one.raised) for one in found if one.raised] == []
    assert len(found) == number


def test_an_exception_is_counted(articles, folder, monkeypatch):
    monkeypatch.setattr(bench_hostile, "VARIANTS", ({"sort": "no such order"},))
    found = list(bench_hostile.asked(folder, texts(articles, 3)))
    assert all("RequestError" in one.raised for one in found)
    assert "| 3 generated hostile query texts | 12 | 3 |" in bench_hostile.table(12, found)

"""An article as bytes."""

import dataclasses
import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.articles.model import Article, RelatedArticle
from qtsearch.articles.stored import decode, encode

texts = st.text(st.characters(exclude_categories=["Cs"]))
ids = st.none() | st.integers(-(10**18), 10**18) | texts
links = st.builds(RelatedArticle, ids, texts, texts, texts)
articles = st.builds(
    Article,
    path=texts,
    id=ids,
    title=texts,
    question=texts,
    answer=texts,
    answer_text=texts,
    date=st.none() | st.dates(),
    subject=texts,
    author=texts,
    url=texts,
    file_name=texts,
    score=st.none() | st.floats(allow_nan=False),
    page_keywords=st.lists(texts).map(tuple),
    page_description=texts,
    related=st.lists(links).map(tuple),
    extra=st.lists(st.tuples(texts, st.lists(texts).map(tuple))).map(tuple),
)
PLAIN = Article("a.md", 7, "T", "", "A", "A", datetime.date(2024, 5, 1), "", "", "", "", 1.5, (), "", ())


@given(articles, st.booleans())
def test_an_article_comes_back_as_it_was(article, is_plain):
    if is_plain:
        article = dataclasses.replace(article, answer_text=article.answer)
    assert decode(encode(article)) == article


def test_an_answer_without_markdown_is_kept_once():
    assert encode(dataclasses.replace(PLAIN, answer="only here", answer_text="only here")).count(b"only here") == 1


def test_lone_surrogates_become_question_marks_and_nothing_else_is_touched():
    link = RelatedArticle(8, "L\ud800", "", "")
    broken = dataclasses.replace(PLAIN, title="T\ud800!", page_keywords=("\udfffk",), related=(link,))
    mended = dataclasses.replace(link, title="L?")
    assert decode(encode(broken)) == dataclasses.replace(PLAIN, title="T?!", page_keywords=("?k",), related=(mended,))


@given(st.binary())
def test_other_bytes_are_an_error(data):
    with pytest.raises(ValueError, match="not a stored article"):
        decode(data)


@given(st.data())
def test_damaged_bytes_are_an_error_or_an_article(data):
    stored = bytearray(encode(PLAIN))
    stored[data.draw(st.integers(0, len(stored) - 1))] = data.draw(st.integers(0, 255))
    try:
        article = decode(bytes(stored))
    except ValueError:
        return
    assert isinstance(article, Article)
    assert encode(article)


@pytest.mark.parametrize("change", [{"title": 1}, {"related": [["x"]]}, {"date": "soon"}, {"id": 1.5}])
def test_values_of_other_types_are_an_error(change):
    kind, fields = encode(PLAIN)[:1], msgspec.msgpack.decode(encode(PLAIN)[1:])
    assert decode(kind + msgspec.msgpack.encode(fields)) == PLAIN
    with pytest.raises(ValueError, match="not a stored article"):
        decode(kind + msgspec.msgpack.encode(fields | change))

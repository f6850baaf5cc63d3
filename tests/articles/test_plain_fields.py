"""A simple front matter reads as the general reader reads it; where that warns, the simple one gives up."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.articles import front_matter
from qtsearch.articles.front_matter import read_article
from qtsearch.errors import ArticleError

_KEYS = (
    "id date title article_title question answer subject author url file_name score seo page_keywords audience "
    "related_article related_article1 related_article2 related_article02 related_article1234567890 related_articles"
)
KEYS = st.sampled_from(_KEYS.split())
INNER_KEYS = st.sampled_from("id title subject url page_keywords page_description".split())
_VALUES = (
    "5|-5|05|+5|1_000|0x1F|12:30|1234567890123456789|-1.0|1e400|.5|a5|hcc-treatment|Is it  a b|null|Null|NULL|~|None|"
    "2024-12-07|2024-13-07|2024-12-07 10:00|2024-W01-1|20241207|2024-12-7|a, b,, c ,|a\\n\\nb\\nC\\nd|a\\\\nb|[a, b]|"
    "[]|{a: b}|''|\"\"|'5'|\"5\"|'2024-12-07'|'null'|'a\\nB'|\"  \"|&nbsp;|e\u0301|\u00a0|a\u00a0|\u0665|"
    "\u00e9 b|\u200b|/x/y|a b #c"
)
VALUES = st.sampled_from(_VALUES.split("|"))
MARKS = st.sampled_from([" ", " ", " >-\n      "])
INNER = st.lists(st.tuples(st.just("  "), INNER_KEYS, st.just(":"), MARKS, VALUES).map("".join), min_size=1, max_size=4)
ENTRIES = st.one_of(
    st.tuples(KEYS, st.just(":"), MARKS, VALUES).map("".join),
    st.tuples(KEYS, st.just(": >-\n  "), VALUES, st.sampled_from(["\n  ", "\n\n  "]), VALUES).map("".join),
    st.tuples(KEYS, st.just(":\n"), INNER.map("\n".join)).map("".join),
)


def outcome(data):
    """The article and its warnings, or what is wrong."""
    try:
        return read_article(Path("/x/a.md"), "a.md", data, ("audience", "id"))
    except ArticleError as error:
        return error.what, error.todo, error.line


def outcomes(entries, body):
    """With the simple reader, and without."""
    data = "\n".join(["---", *entries, "---", body]).encode()
    with pytest.MonkeyPatch.context() as patch:
        quick = outcome(data)
        patch.setattr(front_matter, "plain_entries", lambda text: None)
        return quick, outcome(data)


@given(st.lists(ENTRIES, max_size=6), st.sampled_from(["", "&nbsp;", "Body e\u0301."]), st.booleans())
@example(["seo: a"], "", True)
@example(["seo: null"], "", True)
@example(["related_article1: null"], "", True)
@example(["related_article1:\n  subject: a"], "", True)
@example(["related_article2:\n  id: 2", "related_article1:\n  id: 1"], "", True)
@example(["related_article1:\n  id: 2", "related_article01:\n  id: 1"], "", True)
@example(["title: a", "answer:\n  id: 2"], "b", False)
@example(["title: a", "answer: ' '"], "b", False)
@example(["title: a"], "", False)
def test_both_readers_agree(entries, body, complete):
    if complete:
        entries = ["article_title: T", *entries, "question: Q", "audience: 'both'"]
        body = body or "B"
    quick, slow = outcomes(entries, body)
    assert quick == slow


def test_the_simple_reader_reads_what_is_simple(monkeypatch):
    monkeypatch.setattr(front_matter, "parse_mapping", None)
    data = b"---\nid: 7\ntitle: A\nanswer: >-\n  b\nrelated_article1:\n    url: /c\n---\n"
    article, problems = read_article(Path("a.md"), "a.md", data)
    assert (article.id, article.answer, article.related[0].url, problems) == (7, "b", "/c", ())


def test_what_is_not_simple_is_read_by_libyaml():
    article, problems = read_article(Path("a.md"), "a.md", b"---\ntitle: A\ntitle: C # d\nanswer: b\n---\n")
    assert article.title == "C"
    assert ["appears twice" in problem.what for problem in problems] == [True]
    with pytest.raises(ArticleError, match="not valid YAML"):
        read_article(Path("a.md"), "a.md", b"---\ntitle: b: c\n---\n")

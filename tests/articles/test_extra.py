"""Further front-matter keys."""

from pathlib import Path

import pytest

from qtsearch.articles.fields import MAX_VALUES
from qtsearch.articles.front_matter import read_article
from qtsearch.articles.stored import decode, encode


def read(value, *keys):
    data = f"---\ntitle: T\nanswer: A\n{value}\n---\n".encode()
    article, problems = read_article(Path("a.md"), "a.md", data, keys)
    assert decode(encode(article)) == article
    return article.extra, [problem.what for problem in problems]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("level: easy", ("easy",)),
        ("level: 3", ("3",)),
        ("level: [easy, ' hard ', easy, '']", ("easy", "hard")),
        ("level: >-\n  two\n  words", ("two words",)),
        (f"level: [{', '.join(map(str, range(200)))}]", tuple(map(str, range(MAX_VALUES)))),
    ],
)
def test_texts_and_lists_of_texts(value, expected):
    assert read(value, "level") == ((("level", expected),), [])


@pytest.mark.parametrize("value", ["level:", "level: ''", "level: []", "other: easy"])
def test_absent_values_are_left_out(value):
    assert read(value, "level") == ((), [])


@pytest.mark.parametrize("value", ["level: {a: 1}", "level: [[a]]"])
def test_anything_else_is_a_warning(value):
    extra, problems = read(value, "level")
    assert extra == ()
    assert problems == ["level is neither text nor a list of texts and was ignored"]


def test_only_the_named_keys_are_read():
    assert read("level: easy\naudience: all") == ((), [])
    assert read("level: easy\naudience: all", "audience", "level")[0] == (("audience", ("all",)), ("level", ("easy",)))

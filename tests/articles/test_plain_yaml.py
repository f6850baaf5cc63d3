r"""The reader of simple front matter gives up, or gives what libyaml gives."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.articles.bounded_yaml import composed_mapping, parse_mapping
from qtsearch.articles.notes import Notes
from qtsearch.articles.plain_yaml import LONGEST, MOST_LINES, plain_entries
from qtsearch.errors import ArticleError

SEED = Path(__file__).parents[2] / "seeds/what-are-the-latest-advancements-in-the-treatment-of-hcc.md"

KEYS = st.sampled_from(["id", "title", "seo", "a_1", "_x", "<<", "x y", "é", "null", "-"])
_TEXTS = (
    """a|Müller|a b|a: b|a:b|a #b|a#b|-1.0|- a|-|/x/y:z|~||'a'|"a b"|"a"b|'it''s'|"a\\n"|[a]|{a: b}|*a|&a b|!!int 1"""
    """|!a|a |a\tb|a: |a:|::|a\x85b|\ufeff|a\u2028|\xa0a|\ue000|2024-12-07|a, b|%a|@a|`a|?|? a|a::b|> a|=|a'b|a"b"""
)
TEXTS = st.sampled_from(_TEXTS.split("|"))
INDENTS = st.sampled_from(["", " ", "  ", "  ", "    ", "    ", "     "])
MARKS = st.sampled_from(["", " ", " ", " ", " >-", " >-", " >-", " >", " |-", " >-2", " >- #", " >- "])
LINES = st.one_of(
    st.tuples(INDENTS, KEYS, st.just(": "), TEXTS).map("".join),
    st.tuples(INDENTS, KEYS, st.just(":"), MARKS).map("".join),
    st.tuples(INDENTS, TEXTS).map("".join),
    st.sampled_from(["", "", "  ", "...", "---", "# a", "\t"]),
)
ENTRIES = st.one_of(
    st.tuples(KEYS, st.just(": "), TEXTS).map("".join),
    st.tuples(KEYS, st.just(": >-\n  "), TEXTS, st.sampled_from(["\n  ", "\n\n  ", "\n\n\n  ", "\n   "]), TEXTS).map(
        "".join
    ),
    st.tuples(KEYS, st.just(":\n  "), KEYS, st.just(": "), TEXTS, st.just("\n  b: >-\n    "), TEXTS).map("".join),
)


def shape(node):
    """What fields and warnings are made of."""
    if isinstance(node.value, str):
        return node.tag, node.value, node.style or "", node.start_mark.line
    return node.tag, node.start_mark.line, [(shape(key), shape(value)) for key, value in node.value]


def shapes(nodes):
    return [(key, shape(node)) for key, node in nodes.items()]


def assert_same(text):
    found = plain_entries(text)
    if found is not None:
        notes = Notes("a.md", "a.md")
        assert shapes(found) == shapes(composed_mapping(text, notes))
        assert notes.problems() == ()


@given(st.lists(LINES, max_size=8).map("\n".join))
@example("a: >-\n  b\n\n\n  c\n\n")
@example("a:\n  b: >-\n    c\n  d: 'e'\nf: g")
@example("a:\n\nb: c")
@example("a:\n  b: >-\n  c: d")
@example("a:\n  b: >-\n   c\n    d")
def test_lines(text):
    assert_same(f"\n{text}\n")


@given(st.lists(ENTRIES, min_size=1, max_size=4).map("\n".join))
def test_entries(text):
    assert_same(f"\n{text}\n")


@given(st.text(alphabet="ab: >-\n'\"#", max_size=24))
def test_any_text(text):
    assert_same(f"\na:{text}\n")


def test_the_seed_is_simple():
    text = SEED.read_text().removeprefix("---").partition("\n---")[0] + "\n"
    found = plain_entries(text)
    assert found is not None
    assert shapes(found) == shapes(composed_mapping(text, Notes("a.md", "a.md")))


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n",
        "\na: b\na: c\n",
        "\ns:\n  a: b\n  a: c\n",
        "\na: b # c\n",
        "\na: 'it''s'\n",
        "\na: b\x7fc\n",
        "\na: b\x9fc\n",
        "\na: " + "b" * LONGEST + "\n",
        "\na: >-\n" + "  b\n" * MOST_LINES,
    ],
)
def test_it_gives_up(text):
    assert plain_entries(text) is None


def test_what_is_given_up_is_read_by_libyaml():
    notes = Notes("a.md", "a.md")
    assert [node.value for node in parse_mapping("\na: b\na: c # d\n", notes).values()] == ["c"]
    assert ["appears twice" in problem.what for problem in notes.problems()] == [True]
    with pytest.raises(ArticleError, match="not valid YAML"):
        parse_mapping("\na: b: c\n", notes)

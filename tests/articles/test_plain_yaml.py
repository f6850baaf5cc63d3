r"""The reader of simple front matter gives up, or gives what libyaml gives."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yaml import MappingNode

from qtsearch.articles.bounded_yaml import entries, is_plain, parse_mapping
from qtsearch.articles.fields import NULLS
from qtsearch.articles.notes import Notes
from qtsearch.articles.plain_yaml import LONGEST, MOST_LINES, plain_entries
from qtsearch.articles.text_repair import normalize, restore_breaks

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


def shape_of_nodes(nodes):
    """What libyaml found, as texts, plain scalars and sections; None for what a simple front matter cannot hold."""
    texts, plain, sections = {}, {}, {}
    for key, node in nodes.items():
        if isinstance(node, MappingNode):
            sections[key] = shape_of_nodes(entries(node))
            continue
        text = node.value
        if is_plain(node):
            plain[key] = text
            text = "" if text in NULLS else text
        texts[key] = normalize(restore_breaks(text) if is_plain(node) or node.style == ">" else text)
    return texts, plain, sections


def shape(fields):
    return fields.texts, fields.plain, {key: shape(section) for key, section in fields.sections.items()}


def assert_same(text):
    found = plain_entries(text)
    if found is not None:
        notes = Notes("a.md", "a.md")
        nodes = parse_mapping(text, notes)
        assert shape(found) == shape_of_nodes(nodes)
        assert list(found.sections) == [key for key, node in nodes.items() if isinstance(node, MappingNode)]
        assert notes.problems() == ()


@given(st.lists(LINES, max_size=8).map("\n".join))
@example("a: >-\n  b\n\n\n  c\n\n")
@example("a:\n  b: >-\n    c\n  d: 'e'\nf: g")
@example("a:\n\nb: c")
@example("a:\n  b: >-\n  c: d")
@example("a:\n  b: >-\n   c\n    d")
@example("a: >-\n  b\\n\\nc\nd: e\\n\\nf\ng: 'h\\n\\ni'\nj: null")
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
    assert shape(found) == shape_of_nodes(parse_mapping(text, Notes("a.md", "a.md")))


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n",
        "\na: b\na: c\n",
        "\ns:\n  a: b\n  a: c\n",
        "\ns:\n  a: b\ns: c\n",
        "\ns: c\ns:\n  a: b\n",
        "\ns:\n  a: b\ns:\n  a: b\n",
        "\ns:\n",
        "\ns:\nt:\n  a: b\n",
        "\ns:\n  a:\n    b: c\n",
        "\ns:\n  a: b\n    c: d\n",
        "\na: b\n  c: d\n",
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

r"""The reader of simple front matter gives up, or gives what libyaml gives."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from yaml import MappingNode

from qtsearch.articles import plain_yaml
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
    texts = {key: fields.text(key) for key in fields.layout.places}
    plain = {key: fields.plain(key) for key in texts if fields.plain(key)}
    return texts, plain, {key: shape(fields.section(key)) for key in fields.layout.sections}


def assert_same(text):
    found = plain_entries(text)
    if found is not None:
        notes = Notes("a.md", "a.md")
        nodes = parse_mapping(text, notes)
        assert shape(found) == shape_of_nodes(nodes)
        assert list(found.layout.sections) == [key for key, node in nodes.items() if isinstance(node, MappingNode)]
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


@pytest.fixture
def quick_learner(monkeypatch):
    monkeypatch.setattr(plain_yaml, "_OFTEN", 1)
    monkeypatch.setattr(plain_yaml, "_known", ())
    monkeypatch.setattr(plain_yaml, "_seen", {})


_VALUES = st.sampled_from(["a", "Müller b", "a\\n\\nb", "null", "-1.0", "/x:y", "2024-12-07", *_TEXTS.split("|")])
_FORMS = st.lists(
    st.tuples(
        st.sampled_from(["id", "title", "seo", "a_1"]),
        st.sampled_from(
            [": {}", ": {}", ": '{}'", ': "{}"', ": >-\n  {}", ": >-\n  {}\n\n  {}", ":\n  b: {}\n  c: >-\n    {}"]
        ),
    ).map("".join),
    min_size=1,
    max_size=4,
    unique_by=lambda entry: entry.partition(":")[0],
).map("\n".join)


@pytest.mark.usefixtures("quick_learner")
@given(_FORMS, st.lists(st.lists(_VALUES, min_size=8, max_size=8), min_size=2, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_pattern_reads(form, files):
    """Texts of the same form, and some whose values are of another one, which a pattern must not take for it."""
    plain_yaml._known = ()
    plain_yaml._seen.clear()
    for values in files:
        assert_same(f"\n{form.format(*values)}\n")
        assert_same(f"\n{form.format(*values)}\n")


@pytest.mark.usefixtures("quick_learner")
def test_a_form_that_was_seen_often_is_read_by_its_pattern(monkeypatch):
    texts = ["\na: b\nc: >-\n  d\n", "\na: b\nc: 'd'\ne:\n  f: g\n", '\na: "b"\n']
    shapes = [shape(plain_entries(text)) for text in texts]
    monkeypatch.setattr(plain_yaml, "_entries", None)
    for _ in range(2):
        assert [shape(plain_entries(text)) for text in texts] == shapes


@pytest.mark.usefixtures("quick_learner")
def test_few_forms_are_remembered():
    for number in range(1_000):
        assert plain_entries(f"\na{number}: b\n") is not None
    assert plain_entries("\n" + "".join(f"a{number}: b\n" for number in range(200))) is not None
    assert len(plain_yaml._known) == 8
    assert len(plain_yaml._seen) <= 200


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

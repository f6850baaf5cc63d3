"""More of Whoosh's contract: small indexes of their own, asked over Whoosh's codec and over ours."""

import datetime
import enum
from collections import OrderedDict
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import analysis, columns, fields, query, scoring
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import QueryParser

import qtsearch
from qtsearch.codec.whoosh.codec import ArrayCodec
from tests.folders import SEEDS


def made(codec, schema, *commits):
    """An index in memory with a segment for each list of documents."""
    index = RamStorage().create_index(schema)
    for documents in commits:
        writer = index.writer(codec=codec())
        for document in documents:
            writer.add_document(**document)
        writer.commit(merge=False)
    return index


def both(ask, schema, *commits):
    """What the same index answers over Whoosh's codec and over ours."""
    return [ask(made(codec, schema, *commits)) for codec in (W3Codec, ArrayCodec)]


def texts(**options):
    return fields.Schema(t=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), **options))


def term(text):
    return query.Term("t", text)


def found(asked, **options):
    def ask(index):
        with index.searcher(**options.get("searcher", {})) as searcher:
            return [hit.docnum for hit in searcher.search(asked, limit=options.get("limit"))]

    return ask


WORDS = ["a", "b", "c", "d"]
QUERIES = st.recursive(
    st.sampled_from(WORDS).map(term),
    lambda inner: st.one_of(
        st.builds(query.AndNot, inner, inner),
        st.builds(query.Require, inner, inner),
        st.builds(query.AndMaybe, inner, inner),
        st.lists(inner, min_size=2, max_size=3).map(query.And),
        st.lists(inner, min_size=2, max_size=3).map(query.Or),
        st.lists(inner, min_size=2, max_size=3).map(query.DisjunctionMax),
    ),
    max_leaves=5,
)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), min_size=1, max_size=8), QUERIES)
def test_matchers_past_their_end_answer_as_theirs_do(documents, asked):
    theirs, ours = both(found(asked), texts(), [{"t": text} for text in documents])
    assert ours == theirs


@pytest.mark.parametrize("limit", [1, 2, 5])
@pytest.mark.parametrize("documents", [["a c", "a", "a", "b"], ["b", "a c", "a c"], ["a"] * 300 + ["a b"]])
def test_and_not_with_a_limit(documents, limit):
    asked = query.Or([query.AndNot(term("a"), term("b")), term("c")])
    theirs, ours = both(found(asked, limit=limit), texts(), [{"t": text} for text in documents])
    assert ours == theirs


def test_a_limited_search_finds_the_best_of_all():
    documents = [{"t": "a " * (1 + number % 7) + "b" * (number % 11 == 0)} for number in range(2_000)]
    index = made(ArrayCodec, texts(), documents)
    with index.searcher() as searcher:
        asked = query.Or([term("a"), term("b")])
        limited = [(hit.docnum, hit.score) for hit in searcher.search(asked, limit=3)]
        assert limited == [(hit.docnum, hit.score) for hit in searcher.search(asked, limit=3, optimize=False)]


def test_the_bounds_of_a_block_after_a_skip_to_the_end():
    def ask(index):
        with index.searcher(weighting=scoring.Frequency()) as searcher:
            matcher = term("liver").matcher(searcher)
            matcher.skip_to_quality(1e9)
            return matcher.is_active(), matcher.block_quality(), matcher.block_min_length(), matcher.block_max_length()

    theirs, ours = both(ask, texts(), [{"t": "liver"}, {"t": "heart"}])
    assert ours == theirs


def test_walking_all_documents_of_a_term_ends_there():
    def ask(index):
        matcher = index.reader().postings("t", "aa")
        walked = list(matcher.all_ids())
        begun = index.reader().postings("t", "aa")
        return walked, matcher.is_active(), next(begun.all_ids()), begun.id(), list(begun.items_as("frequency"))

    theirs, ours = both(ask, texts(), [{"t": "aa"}, {"t": "bb"}, {"t": "aa aa"}])
    assert ours == theirs


def test_a_vector_goes_on_from_where_it_is():
    def ask(index):
        vector = index.reader().vector(0, "t")
        vector.next()
        return list(vector.all_ids()), vector.is_active()

    theirs, ours = both(ask, texts(vector=True), [{"t": "aa bb cc"}])
    assert ours == theirs == (["bb", "cc"], False)


def test_the_shortest_and_the_longest_field():
    def ask(index):
        return index.reader().min_field_length("t"), index.reader().max_field_length("t")

    theirs, ours = both(ask, texts(), [{"t": "one two"}, {"t": "one two three"}])
    assert ours == theirs == (2, 3)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (columns.NumericColumn("i", default=7), 1),
        (columns.NumericColumn("d", default=0.5), 2.5),
        (columns.VarBytesColumn(), b"x"),
    ],
)
def test_documents_of_segments_without_a_column_have_its_default(column, value):
    schema = fields.Schema(k=fields.ID(stored=True), c=fields.COLUMN(column))
    index = made(ArrayCodec, schema, [{"k": "a", "c": value}], [{"k": "b"}], [{"k": "c"}])
    reader = index.reader().column_reader("c")
    assert [reader[docnum] for docnum in range(3)] == [value, column.default_value(), column.default_value()]


def test_values_of_any_type_can_be_sorted_and_grouped_by():
    schema = fields.Schema(k=fields.ID(stored=True), c=fields.COLUMN(columns.PickleColumn(columns.VarBytesColumn())))
    values = [3, None, 1, [1], {"a": 2}, "x"]
    index = made(ArrayCodec, schema, [{"k": str(number), "c": value} for number, value in enumerate(values)])
    with index.searcher() as searcher:
        in_order = [int(hit["k"]) for hit in searcher.search(query.Every(), sortedby="c")]
        groups = searcher.search(query.Every(), groupedby="c").groups()
    assert sorted(in_order) == list(range(len(values)))
    assert in_order[0] == 1
    assert sorted(groups.values()) == [[number] for number in range(len(values))]


def test_what_whoosh_cannot_sort_by_is_no_damage():
    schema = fields.Schema(c=fields.COLUMN(columns.VarBytesListColumn()))
    index = made(ArrayCodec, schema, [{"c": [b"q"]}, {"c": []}])
    with index.searcher() as searcher, pytest.raises(IndexError):
        searcher.search(query.Every(), sortedby="c")
    with pytest.raises(IndexError):
        index.reader().column_reader("c", translate=False)[2]


def test_a_reader_of_bits_has_what_theirs_has():
    def ask(index):
        return list(index.reader().column_reader("b", translate=False).id_set())

    theirs, ours = both(ask, fields.Schema(b=fields.COLUMN(columns.BitColumn())), [{"b": True}, {"b": False}])
    assert ours == theirs == [0]


def test_anything_that_holds_bytes_fits_into_a_column_of_bytes():
    documents = [{"c": bytearray(b"xy")}, {"c": memoryview(b"z")}]
    index = made(ArrayCodec, fields.Schema(c=fields.COLUMN(columns.VarBytesColumn())), documents)
    assert list(index.reader().column_reader("c")) == [b"xy", b"z"]


class Colour(str, enum.Enum):  # noqa: UP042 - a StrEnum has the __str__ of a text
    RED = "red"


class Level(int, enum.Enum):
    HIGH = 3

    def __str__(self):
        return "high"


class Moment(datetime.datetime):
    def __str__(self):
        return "now"


class Names(list):
    def __iter__(self):
        return iter(["another"])


def turned():
    pairs = OrderedDict(a=1, b=2)
    pairs.move_to_end("a")
    return pairs


class Pairs(dict):
    def items(self):
        return []


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        (Moment(2020, 1, 2, 3), datetime.datetime(2020, 1, 2, 3)),
        (Names(["one"]), ["one"]),
        (Pairs(a=1), {"a": 1}),
        (turned(), {"b": 2, "a": 1}),
        (type("Odd", (Decimal,), {"__str__": lambda self: "7"})("1.50"), Decimal("1.50")),
        (np.int64(5), 5),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        ((np.uint8(255), Colour.RED), (255, "red")),
    ],
    ids=str,
)
def test_a_subclass_is_stored_as_what_it_is(value, plain):
    index = made(ArrayCodec, fields.Schema(s=fields.STORED), [{"s": value}])
    kept = index.reader().stored_fields(0)["s"]
    assert kept == plain
    assert type(kept) is type(plain)
    assert not isinstance(kept, dict) or list(kept) == list(plain)


def test_what_could_not_be_read_again_is_not_written():
    def nested(depth):
        return [] if depth == 1 else [nested(depth - 1)]

    index = made(ArrayCodec, fields.Schema(s=fields.STORED), [{"s": nested(200)}])
    assert index.reader().stored_fields(0)["s"] == nested(200)
    with pytest.raises(ValueError, match="nested more than 200 deep"):
        made(ArrayCodec, fields.Schema(s=fields.STORED), [{"s": nested(201)}])


class Shift(analysis.Filter):
    def __init__(self, by):
        self.by = by

    def __call__(self, tokens):
        for token in tokens:
            token.pos += self.by
            yield token


@pytest.mark.parametrize("shift", [-2, 2**31])
def test_places_that_cannot_be_kept_are_named(shift):
    schema = fields.Schema(t=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer() | Shift(shift)))
    with pytest.raises(ValueError, match=rf"field 't', term 'aa': place {shift}"):
        made(ArrayCodec, schema, [{"t": "aa bb"}])


@pytest.mark.parametrize("field", ["subject", "url", "author", "words", "title", "answer"])
def test_quoted_values_of_an_index_of_articles_can_be_parsed(tmp_path_factory, field):
    from whoosh import index

    folder = tmp_path_factory.mktemp("articles") / "index"
    qtsearch.reindex(SEEDS, folder)
    schema = index.open_dir(str(folder)).schema
    asked = QueryParser(field, schema).parse('"Public Health"')
    assert {text for _, text in asked.iter_all_terms()} <= {"public health", "public", "health"}
    tokens = [(token.text, token.pos) for token in schema[field].analyzer("Of Public Health", positions=True)]
    assert tokens
    assert all(isinstance(place, int) for _, place in tokens)

"""Whatever stock Whoosh is asked over our codec, it answers as over its own."""

import datetime
import itertools
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import analysis, columns, fields, highlight, query, scoring, sorting
from whoosh.qparser import QueryParser
from whoosh.query import spans
from whoosh.reading import SegmentReader

from qtsearch.codec.inverted_index import InvertedIndex
from qtsearch.codec.whoosh.codec import ArrayCodec
from qtsearch.codec.whoosh.segment import ArraySegment
from tests.codec.indexes import CODECS, SHAPES, WORDS, Shape, build, full_schema
from tests.codec.reading import everything, file_names


@pytest.fixture(scope="module", params=list(SHAPES))
def pair(request, tmp_path_factory):
    """Searchers over the same documents: Whoosh's codec, our codec."""
    folder = tmp_path_factory.mktemp(request.param)
    opened = [build(folder / name, codec, SHAPES[request.param]).searcher() for name, codec in CODECS.items()]
    yield opened
    for searcher in opened:
        searcher.close()


def term(text, field="text", **more):
    return query.Term(field, text, **more)


QUERIES = {
    "term": term("liver"),
    "term, boosted": term("heart", boost=2.5),
    "term, other scripts": term("癌"),
    "term, accents": term("éclair"),
    "term, unknown": term("nothing"),
    "term, characters": term("LIVER".lower(), "chars"),
    "term, boosts": term("liver", "boosted"),
    "term, frequency": term("liver", "freq"),
    "term, keyword": term("liver", "tags"),
    "term, id": term("k7", "key"),
    "term, dynamic": term("dynamic", "dyn_extra"),
    "term, stemmed": term("treatment", "stemmed"),
    "number": query.Term("number", 3),
    "boolean": query.Term("flag", True),
    "and": query.And([term("liver"), term("heart")]),
    "or": query.Or([term("liver"), term("heart"), term("trial"), term("nothing")]),
    "or, fields": query.Or([term("liver"), term("liver", "freq"), term("liver", "tags"), term("liver", "boosted")]),
    "not": query.And([term("liver"), query.Not(term("heart"))]),
    "and not": query.AndNot(term("liver"), term("heart")),
    "and maybe": query.AndMaybe(term("liver"), term("heart")),
    "otherwise": query.Otherwise(term("nothing"), term("heart")),
    "require": query.Require(term("liver"), term("heart")),
    "dis max": query.DisjunctionMax([term("liver"), term("heart"), term("liver", "freq")]),
    "phrase": query.Phrase("text", ["liver", "trial"]),
    "phrase, slop": query.Phrase("text", ["heart", "liver"], slop=4),
    "phrase, characters": query.Phrase("chars", ["liver", "trial"], slop=3),
    "phrase, boosts": query.Phrase("boosted", ["liver", "trial"], slop=3),
    "span near": spans.SpanNear(term("liver"), term("heart"), slop=5, ordered=False),
    "span or": spans.SpanOr([term("liver"), term("heart")]),
    "span not": spans.SpanNot(term("liver"), term("heart")),
    "span first": spans.SpanFirst(term("liver"), limit=2),
    "span before": spans.SpanBefore(term("liver"), term("heart")),
    "span contains": spans.SpanContains(spans.SpanNear(term("liver"), term("heart"), slop=9), term("trial")),
    "span condition": spans.SpanCondition(term("liver"), term("heart")),
    "prefix": query.Prefix("text", "t"),
    "prefix, all": query.Prefix("text", ""),
    "wildcard": query.Wildcard("text", "*e?t*"),
    "regex": query.Regex("text", "h.*t|ca.+"),
    "fuzzy": query.FuzzyTerm("text", "hart", maxdist=2),
    "fuzzy, prefix": query.FuzzyTerm("text", "trail", maxdist=2, prefixlength=1),
    "term range": query.TermRange("text", "b", "heart", endexcl=True),
    "term range, open": query.TermRange("text", None, "c"),
    "number range": query.NumericRange("number", -3, 7),
    "number range, open": query.NumericRange("number", 2, None, startexcl=True),
    "float range": query.NumericRange("real", -0.5, 1.25),
    "date range": query.DateRange("date", datetime.datetime(2020, 1, 10), datetime.datetime(2020, 3, 1)),
    "every": query.Every(),
    "every, field": query.Every("number"),
    "constant": query.ConstantScoreQuery(query.Prefix("text", "t"), 3.0),
    "variations": query.Variations("text", "treat"),
    "nested and": query.And([query.Or([term("liver"), term("heart")]), query.Not(query.Prefix("text", "c"))]),
    "ngrams": query.And([query.Term("grams", "li"), query.Term("grams", "ive")]),
    "null": query.NullQuery,
    "all terms, too many clauses": query.Or([term(word) for word in WORDS]),
}


def hits(searcher, asked, **options):
    found = searcher.search(asked, limit=None, **options)
    return [(hit["key"], pytest.approx(hit.score, rel=1e-6)) for hit in found]


@pytest.mark.parametrize("name", QUERIES)
def test_same_hits_and_scores(pair, name):
    theirs, ours = pair
    assert hits(ours, QUERIES[name]) == hits(theirs, QUERIES[name])


@pytest.mark.parametrize("limit", [1, 3, 10])
@pytest.mark.parametrize("name", ["or", "all terms, too many clauses", "and", "term", "or, fields", "dis max"])
def test_same_best_hits_with_block_quality(pair, name, limit):
    theirs, ours = pair
    expected = [pytest.approx(hit.score, rel=1e-6) for hit in theirs.search(QUERIES[name], limit=limit, optimize=False)]
    assert [hit.score for hit in ours.search(QUERIES[name], limit=limit)] == expected


@pytest.mark.parametrize(
    "weighting",
    [
        scoring.BM25F(B=0.3, K1=2.0),
        scoring.TF_IDF(),
        scoring.Frequency(),
        scoring.MultiWeighting(scoring.BM25F(), title=scoring.TF_IDF()),
    ],
)
def test_same_scores_under_every_weighting(pair, weighting):
    found = [hits(searcher.__class__(searcher.reader(), weighting=weighting), QUERIES["or"]) for searcher in pair]
    assert found[1] == found[0]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("field", ["number", "real", "date", "text", "plain"])
def test_same_order_when_sorted(pair, field, reverse):
    theirs, ours = pair
    found = [
        [hit["key"] for hit in searcher.search(query.Every(), limit=None, sortedby=field, reverse=reverse)]
        for searcher in (theirs, ours)
    ]
    assert found[1] == found[0]


def test_same_order_when_sorted_by_several(pair):
    facets = [sorting.FieldFacet("flag"), sorting.FieldFacet("number", reverse=True), sorting.ScoreFacet()]
    found = [[hit["key"] for hit in searcher.search(QUERIES["or"], limit=None, sortedby=facets)] for searcher in pair]
    assert found[1] == found[0]


@pytest.mark.parametrize(
    "facet",
    [
        sorting.FieldFacet("plain"),
        sorting.FieldFacet("tags", allow_overlap=True),
        sorting.RangeFacet("number", -11, 12, 5),
        sorting.DateRangeFacet(
            "date", datetime.datetime(2020, 1, 1), datetime.datetime(2021, 1, 1), datetime.timedelta(30)
        ),
        sorting.QueryFacet({"liver": term("liver"), "heart": term("heart")}),
        sorting.StoredFieldFacet("number"),
    ],
    ids=lambda facet: type(facet).__name__,
)
def test_same_groups(pair, facet):
    found = []
    for searcher in pair:
        result = searcher.search(query.Every(), limit=None, groupedby={"f": facet}, maptype=sorting.Count)
        found.append(dict(result.groups("f")))
    assert found[1] == found[0]


def test_same_collapsed_hits(pair):
    found = [
        [hit["key"] for hit in searcher.search(QUERIES["or"], limit=None, collapse="plain", collapse_limit=2)]
        for searcher in pair
    ]
    assert found[1] == found[0]


def test_same_filtered_and_masked_hits(pair):
    options = {"filter": query.Prefix("text", "t"), "mask": term("heart")}
    assert hits(pair[1], QUERIES["or"], **options) == hits(pair[0], QUERIES["or"], **options)


KINDS = ["frequency", "positions", "characters", "position_boosts"]
COLUMNS = [
    "number", "real", "date", "text", "plain", "ref", "bits", "struct", "fixed", "squeezed", "anything", "strings",
    "small",
]  # fmt: skip


@pytest.mark.parametrize("field", COLUMNS)
def test_same_columns(pair, field):
    theirs, ours = (searcher.reader() for searcher in pair)
    assert ours.has_column(field) == theirs.has_column(field)
    if theirs.has_column(field):
        expected, found = (reader.column_reader(field, translate=False) for reader in (theirs, ours))
        docnums = list(theirs.all_doc_ids())
        assert [found[docnum] for docnum in docnums] == [expected[docnum] for docnum in docnums]
        assert len(found) == len(expected)


def test_same_stored_fields(pair):
    theirs, ours = (searcher.reader() for searcher in pair)
    assert list(ours.all_stored_fields()) == list(theirs.all_stored_fields())


def test_same_dictionary_and_statistics(pair):
    def observed(reader):
        for field, text in reader.all_terms():
            info = reader.term_info(field, text)
            yield (
                field, text, info.weight(), info.doc_frequency(), info.max_weight(), info.min_length(),
                info.max_length(), info.min_id(), info.max_id(), reader.frequency(field, text),
                reader.doc_frequency(field, text), reader.first_id(field, text),
            )  # fmt: skip

    theirs, ours = (searcher.reader() for searcher in pair)
    assert sorted(ours.indexed_field_names()) == sorted(theirs.indexed_field_names())
    live = not theirs.has_deletions()
    found = list(observed(ours)) if live else [item[:5] for item in map(tuple, ours.all_terms())]
    assert found == (list(observed(theirs)) if live else [item[:5] for item in map(tuple, theirs.all_terms())])


def test_same_postings(pair):
    def observed(reader):
        for field, text in reader.all_terms():
            matcher = reader.postings(field, text)
            format_ = reader.schema[field].format
            # The values of spelling fields are leftovers of another field; Whoosh itself cannot read them.
            names = [] if field.startswith("spell_") else [name for name in KINDS if format_.supports(name)]
            while matcher.is_active():
                yield field, text, matcher.id(), matcher.weight(), [matcher.value_as(name) for name in names]
                matcher.next()

    theirs, ours = (searcher.reader() for searcher in pair)
    assert list(observed(ours)) == list(observed(theirs))


def test_same_lengths(pair):
    theirs, ours = (searcher.reader() for searcher in pair)
    for field in ("text", "stemmed", "chars", "boosted", "freq", "tags", "plain"):
        assert ours.field_length(field) == theirs.field_length(field)
        for docnum in theirs.all_doc_ids():
            assert (ours.doc_field_length(docnum, field) or 0) == (theirs.doc_field_length(docnum, field) or 0)


@pytest.mark.parametrize("field", ["text", "chars"])
def test_same_vectors(pair, field):
    theirs, ours = (searcher.reader() for searcher in pair)
    for docnum in theirs.all_doc_ids():
        assert ours.has_vector(docnum, field) == theirs.has_vector(docnum, field)
        if theirs.has_vector(docnum, field):
            assert list(ours.vector(docnum, field).items_as("positions")) == list(
                theirs.vector(docnum, field).items_as("positions")
            )
            assert list(ours.vector_as("weight", docnum, field)) == list(theirs.vector_as("weight", docnum, field))


@pytest.mark.parametrize("word", ["hart", "treatmant", "liver", "lver", "trail", "zzzzzz", ""])
@pytest.mark.parametrize("field", ["text", "stemmed", "plain"])
def test_same_suggestions(pair, field, word):
    theirs, ours = pair
    assert ours.suggest(field, word, limit=5) == theirs.suggest(field, word, limit=5)
    assert list(ours.reader().terms_within(field, word, 2)) == list(theirs.reader().terms_within(field, word, 2))


def test_same_corrected_query(pair):
    found = []
    for searcher in pair:
        parsed = QueryParser("text", searcher.schema).parse("lver hart")
        found.append(searcher.correct_query(parsed, "lver hart").string)
    assert found[1] == found[0]


def test_same_similar_documents_and_key_terms(pair):
    found = []
    for searcher in pair:
        per_hit = []
        for hit in searcher.search(term("liver"), limit=5):
            similar = [(other["key"], pytest.approx(other.score)) for other in hit.more_like_this("text", top=5)]
            terms = sorted(text for text, _ in searcher.key_terms([hit.docnum], "text", numterms=4))
            per_hit.append((hit["key"], similar, len(terms)))
        found.append(per_hit)
    assert found[1] == found[0]


@pytest.mark.parametrize("fragmenter", [highlight.ContextFragmenter(), highlight.PinpointFragmenter()])
def test_same_highlights(pair, fragmenter):
    found = []
    for searcher in pair:
        results = searcher.search(QUERIES["or"], limit=10)
        results.fragmenter = fragmenter
        found.append(
            [(hit["key"], hit.highlights("text"), hit.highlights("chars", text=hit.get("text", ""))) for hit in results]
        )
    assert found[1] == found[0]


def test_same_matched_terms(pair):
    found = []
    for searcher in pair:
        results = searcher.search(QUERIES["or"], limit=None, terms=True)
        found.append([(hit["key"], sorted(hit.matched_terms())) for hit in results])
    assert found[1] == found[0]


@pytest.mark.parametrize("prefix", ["", "t", "th", "zz", "癌"])
def test_same_walks_over_terms(pair, prefix):
    def observed(reader):
        walked = []
        # Over several segments Whoosh's cursor asks its own codec for a method that it does not have.
        cursor = reader.leaf_readers()[0][0].cursor("text")
        cursor.find(prefix)
        while cursor.is_valid():
            walked.append((cursor.text(), cursor.term_info().doc_frequency()))
            cursor.next()
        return (
            walked,
            list(reader.expand_prefix("text", prefix)),
            list(reader.lexicon("text")),
            list(reader.field_terms("number")),
            [(text, info.weight()) for text, info in reader.iter_prefix("text", prefix)],
            reader.most_frequent_terms("text", 5, prefix),
        )

    theirs, ours = (searcher.reader() for searcher in pair)
    if theirs.doc_count_all():
        assert observed(ours) == observed(theirs)


def test_update_replaces_and_cancel_drops(tmp_path):
    for name, codec in CODECS.items():
        made = build(tmp_path / name, codec, Shape((5,)))
        with made.writer(codec=codec()) as writer:
            writer.update_document(key="k3", text="replaced")
        cancelled = made.writer(codec=codec())
        cancelled.add_document(key="k9", text="never")
        cancelled.delete_by_term("key", "k1")
        cancelled.cancel()
        with made.searcher() as searcher:
            assert searcher.doc_count() == 5
            assert [hit["key"] for hit in searcher.search(term("replaced"))] == ["k3"]
            assert not searcher.search(term("never"))
            assert len(searcher.search(query.Term("key", "k1"))) == 1


def test_undelete(tmp_path):
    made = build(tmp_path / "index", ArrayCodec, Shape((5,), deleted=(2,)))
    writer = made.writer(codec=ArrayCodec())
    writer.delete_document(2, delete=False)
    writer.commit(merge=False)
    with made.searcher() as searcher:
        assert searcher.doc_count() == 5


def test_a_document_that_raises_leaves_no_trace(tmp_path):
    schema = fields.Schema(
        key=fields.ID(stored=True),
        n=fields.NUMERIC(int, bits=32, sortable=True),
        any=fields.STORED,
        fixed=fields.COLUMN(columns.FixedBytesColumn(2)),
        small=fields.COLUMN(columns.NumericColumn("b")),
    )
    made = build(tmp_path / "index", ArrayCodec, Shape(()), schema)
    writer = made.writer(codec=ArrayCodec())
    writer.add_document(key="a", n=1)
    for bad in ({"any": object()}, {"fixed": b"three"}, {"fixed": 3}, {"small": 300}):
        with pytest.raises(ValueError, match=r"cannot store|does not fit"):
            writer.add_document(key="b", n=7, **bad)
    writer.add_document(key="c", n=2)
    writer.commit()
    with made.searcher() as searcher:
        assert [fields_["key"] for fields_ in searcher.reader().all_stored_fields()] == ["a", "c"]
        assert list(searcher.reader().column_reader("n")) == [1, 2]


def test_codecs_can_be_mixed_in_one_index_and_merged(tmp_path):
    made = build(tmp_path / "index", CODECS["whoosh"], Shape((10,)))
    writer = made.writer(codec=ArrayCodec())
    writer.add_document(key="new", text="liver heart")
    writer.commit(optimize=True)
    with made.searcher() as searcher:
        assert isinstance(searcher.reader().segment(), ArraySegment)
        assert searcher.doc_count() == 11


def test_a_finished_field_is_made_sortable(tmp_path):
    """As ``whoosh.sorting.add_sortable`` does it, and what comes after: sorting, deleting, merging."""
    orders = []
    for name, codec in CODECS.items():
        made = build(tmp_path / name, codec, Shape((6, 5), deleted=(3,)), full_schema())
        writer = made.writer(codec=codec())
        sorting.add_sortable(writer, "key", sorting.StoredFieldFacet("key"))
        with pytest.raises(Exception, match="already"):
            sorting.add_sortable(writer, "key", sorting.StoredFieldFacet("key"))
        writer.commit(merge=False)
        orders.append([_sorted_by_key(made)])
        writer = made.writer(codec=codec())
        writer.delete_by_term("key", "k1")
        writer.add_document(key="k00", text="liver")
        writer.commit(optimize=True)
        orders[-1].append(_sorted_by_key(made))
    assert orders[0] == orders[1]
    before, after = orders[0]
    assert before == sorted(before, reverse=True)
    assert len(before) == 10
    assert after == sorted({*before, "k00"} - {"k1"}, reverse=True)
    assert not list((tmp_path / "arrays").glob("*.col"))


def _sorted_by_key(made):
    with made.searcher() as searcher:
        reader = searcher.reader()
        assert reader.has_column("key")
        for leaf, _ in reader.leaf_readers():
            assert not isinstance(leaf.segment(), ArraySegment) or "key" in leaf._perdoc.list_columns()
        found = searcher.search(query.Every(), limit=None, sortedby="key", reverse=True)
        return [hit["key"] for hit in found]


def test_segment_files_hold_no_pickle(tmp_path, monkeypatch):
    made = build(tmp_path / "index", ArrayCodec, SHAPES["single"])
    (segment,) = made._segments()
    assert sorted(path.name for path in (tmp_path / "index").glob("MAIN_*.*")) == sorted(file_names(segment))
    schema = full_schema()
    refuse = Mock(side_effect=AssertionError("something was unpickled"))
    for module in ("columns", "codec.whoosh3", "filedb.structfile"):
        monkeypatch.setattr(f"whoosh.{module}.{'load' if 'structfile' in module else 'loads'}", refuse)
    reader = SegmentReader(made.storage, schema, segment)
    assert len(list(reader.all_stored_fields())) == 40
    for field in COLUMNS:
        assert len(list(reader.column_reader(field, translate=False))) == 40
    container = InvertedIndex(made.storage, segment.segment_id()).container
    for name in container.sections:
        assert b"\x80\x02]q" not in bytes(container.view(name))
    reader.close()


def test_many_threads_read_one_segment(tmp_path):
    made = build(tmp_path / "index", ArrayCodec, SHAPES["single"])
    (segment,) = made._segments()
    expected = everything(SegmentReader(made.storage, made.schema, segment))
    shared = SegmentReader(made.storage, made.schema, segment)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(everything, [shared] * 4):
            assert found == expected


words = st.sampled_from([*WORDS, "a" * 40, "x\u0000y", "\U0001f600"])
texts = st.lists(words, max_size=10).map(" ".join)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(segments=st.lists(st.lists(texts, min_size=1, max_size=6), min_size=1, max_size=3), data=st.data())
def test_random_corpora(tmp_path_factory, segments, data):
    schema = fields.Schema(key=fields.ID(stored=True), text=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer()))
    flat = list(itertools.chain.from_iterable(segments))
    shape = Shape(
        tuple(map(len, segments)),
        tuple(sorted(data.draw(st.sets(st.integers(0, len(flat) - 1), max_size=3)))),
        data.draw(st.booleans()),
    )
    folder = tmp_path_factory.mktemp("random")
    asked = data.draw(st.lists(words, min_size=1, max_size=4))
    queries = [
        query.Or([term(word) for word in asked]),
        query.And([term(word) for word in asked[:2]]),
        query.Phrase("text", asked[:2], slop=2),
        query.Prefix("text", asked[0][:1]),
    ]
    found = []
    for name, codec in CODECS.items():
        made = build(folder / name, codec, shape, schema, lambda n: {"key": str(n), "text": flat[n]})
        with made.searcher() as searcher:
            found.append([hits(searcher, asked_) for asked_ in queries])
    assert found[1] == found[0]

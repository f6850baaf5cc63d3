"""Parts of several processes, joined, are the segment that one builder makes."""

import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage

from qtsearch.articles.model import Article, Fingerprint
from qtsearch.codec.segment_writer import write_segment
from qtsearch.codec.whoosh.segment import ArraySegment
from qtsearch.engines.whoosh import parts
from qtsearch.engines.whoosh.parts import PartJoiner, PartMaker
from qtsearch.engines.whoosh.segment_builder import SegmentBuilder

PROCESSES = 3

texts = st.text(alphabet="abcA1 '-é肝", min_size=1, max_size=30) | st.sampled_from(
    ["Crohn's disease (CD)", "IL-6 in livers", "liver disease", "Gastroenterologically speaking"]
)
batches = st.tuples(st.integers(0, PROCESSES - 1), st.lists(st.tuples(texts, texts), max_size=4), st.booleans())


def article(title, answer):
    empty = dict.fromkeys(("question", "subject", "author", "url", "file_name", "page_description"), "")
    return Article(
        path=f"{title}.md",
        id=7,
        title=title,
        answer=answer,
        answer_text=answer,
        date=None,
        score=None,
        page_keywords=(answer[:9],),
        related=(),
        **empty,
    )


def add(builder, rows):
    for number, row in enumerate(rows):
        builder.add(article(*row), Fingerprint(number, number, bytes(16)))


def files(builder):
    storage, segment = RamStorage(), ArraySegment("MAIN", "one")
    write_segment(storage, segment, builder.build())
    return dict(storage.files)


@pytest.mark.parametrize("dictionary", [b"", b"liver disease " * 1_000], ids=["plain", "compressed"])
@given(st.lists(batches, max_size=8), st.integers(0, 12))
def test_the_same_segment_as_by_one_builder(dictionary, batches, most_words):
    """Whichever process makes a part, wherever a segment ends, and however often a process begins a new vocabulary."""
    makers, joiner = [PartMaker() for _ in range(PROCESSES)], PartJoiner()
    joined, expected = SegmentBuilder(dictionary), SegmentBuilder(dictionary)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "MOST_WORDS", most_words)
        for process, rows, ends_segment in [*batches, (0, [("liver", "liver")], True)]:
            builder = makers[process].builder(dictionary)
            add(builder, rows)
            add(expected, rows)
            part = builder.part()
            told = dataclasses.replace(part, new_words=part.new_words._replace(process=process))
            joiner.join(pickle.loads(pickle.dumps(told)), joined)
            if ends_segment and len(expected):
                assert files(joined) == files(expected)
                joined, expected = SegmentBuilder(dictionary), SegmentBuilder(dictionary)


def test_words_are_told_of_once():
    maker = PartMaker()
    told = []
    for _ in range(2):
        builder = maker.builder(b"")
        add(builder, [("liver disease", "liver")])
        told.append(builder.part().new_words)
    assert [(new.known, new.words) for new in told] == [(0, ["liver", "disease"]), (2, [])]


def test_a_batch_that_failed_leaves_no_gap():
    maker, joiner, joined = PartMaker(), PartJoiner(), SegmentBuilder()
    add(maker.builder(b""), [("kidney", "kidney stones")])
    builder = maker.builder(b"")
    add(builder, [("liver", "liver stones")])
    joiner.join(builder.part(), joined)
    expected = SegmentBuilder()
    add(expected, [("liver", "liver stones")])
    assert files(joined) == files(expected)


def test_a_part_that_is_missing_is_noticed():
    maker, joiner = PartMaker(), PartJoiner()
    made = []
    for title in ("liver", "kidney", "heart"):
        builder = maker.builder(b"")
        add(builder, [(title, title)])
        made.append(builder.part())
    joiner.join(made[0], SegmentBuilder())
    with pytest.raises(ValueError, match="2 words were told of, and 1 are here"):
        joiner.join(made[2], SegmentBuilder())

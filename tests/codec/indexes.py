"""Indexes that the tests of this folder share: the same documents, written by any codec."""

import datetime
from dataclasses import dataclass

from whoosh import analysis, columns, fields, formats, index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage

from qtsearch.codec.whoosh.codec import ArrayCodec

CODECS = {"whoosh": W3Codec, "arrays": ArrayCodec}

WORDS = "liver heart cancer therapy trial cirrhosis éclair naïve 癌 alpha beta type stage treatment".split()


def full_schema():
    """Every kind of field that stock Whoosh has, and every format."""
    simple = analysis.SimpleAnalyzer()
    schema = fields.Schema(
        key=fields.ID(unique=True, stored=True),
        text=fields.TEXT(stored=True, vector=formats.Positions(), sortable=True),
        stemmed=fields.TEXT(analyzer=analysis.StemmingAnalyzer(), spelling=True),
        chars=fields.TEXT(chars=True, vector=True),
        boosted=fields.FieldType(
            formats.PositionBoosts(), simple | analysis.DelimitedAttributeFilter(default=1.0, type=float), scorable=True
        ),
        freq=fields.TEXT(phrase=False),
        plain=fields.ID(sortable=True),
        tags=fields.KEYWORD(commas=True, lowercase=True, scorable=True, field_boost=2.5),
        number=fields.NUMERIC(int, stored=True, sortable=True, signed=True),
        real=fields.NUMERIC(float, stored=True, sortable=True),
        date=fields.DATETIME(stored=True, sortable=True),
        flag=fields.BOOLEAN(stored=True),
        ref=fields.ID(sortable=columns.RefBytesColumn()),
        bits=fields.COLUMN(columns.BitColumn()),
        struct=fields.COLUMN(columns.StructColumn("!ih", (0, 0))),
        fixed=fields.COLUMN(columns.FixedBytesColumn(3)),
        squeezed=fields.COLUMN(columns.CompressedBytesColumn()),
        anything=fields.COLUMN(columns.PickleColumn(columns.VarBytesColumn())),
        strings=fields.COLUMN(columns.VarBytesListColumn()),
        small=fields.COLUMN(columns.NumericColumn("b", default=-1)),
        grams=fields.NGRAM(minsize=2, maxsize=3),
        kept=fields.STORED(),
    )
    schema.add("dyn_*", fields.TEXT(stored=True), glob=True)
    return schema


def document(number):
    """A document that is a pure function of its number. Whoosh rounds field lengths above 10, so none is longer."""
    words = [WORDS[(number * step + step) % len(WORDS)] for step in range(1, 4 + number % 6)]
    text = " ".join(words)
    fields_ = {
        "key": f"k{number}",
        "text": text,
        "stemmed": text + " treatments therapies",
        "chars": text.upper(),
        "boosted": text,
        "freq": text + " " + words[0],
        "plain": words[0],
        "tags": ",".join(words[:2]) + ",all",
        "number": (number * 37) % 23 - 11,
        "real": (number * 17) % 13 / 4 - 1,
        "date": datetime.datetime(2020, 1, 1) + datetime.timedelta(days=number * 3, microseconds=number),
        "flag": number % 3 == 0,
        "ref": words[-1],
        "bits": number % 2 == 0,
        "struct": (number, number % 5),
        "fixed": b"%03d" % number,
        "squeezed": text.encode(),
        "anything": {"n": number, "words": tuple(words)},
        "strings": [word.encode() for word in words[:2]],
        "small": number % 7,
        "grams": words[0][:6],
        "kept": {"list": [number, None, 1.5, True], "bytes": b"\x00\xff", "day": datetime.date(2020, 1, 1)},
    }
    if number % 4 == 1:
        fields_["dyn_extra"] = f"dynamic {words[0]}"
    if number % 5 == 2:
        for name in ("number", "text", "date", "small", "plain"):
            del fields_[name]
    return fields_


@dataclass
class Shape:
    """How an index comes about: sizes of its segments, docnums deleted at last, whether it is optimized."""

    segments: tuple[int, ...]
    deleted: tuple[int, ...] = ()
    optimized: bool = False


SHAPES = {
    "empty": Shape(()),
    "single": Shape((40,)),
    "segments": Shape((20, 1, 13, 6)),
    "deletions": Shape((25, 15), deleted=(0, 3, 24, 25, 39)),
    "optimized": Shape((25, 15), deleted=(0, 3, 24, 25, 39), optimized=True),
}


def build(folder, codec, shape, schema=None, make=document):
    """Return an index of this shape in a new folder."""
    folder.mkdir()
    made = FileStorage(str(folder)).create_index(schema or full_schema())
    number = 0
    for size in shape.segments:
        writer = made.writer(codec=codec())
        for _ in range(size):
            writer.add_document(**make(number))
            number += 1
        writer.commit(merge=False)
    if shape.deleted or shape.optimized:
        writer = made.writer(codec=codec())
        for docnum in shape.deleted:
            writer.delete_document(docnum)
        writer.commit(merge=False, optimize=shape.optimized)
    return index.open_dir(str(folder))

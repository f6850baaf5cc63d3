"""Read all that a segment says, as one comparable value."""

from qtsearch.codec.documents import DOCS_EXTENSION
from qtsearch.codec.inverted_index import TERMS_EXTENSION


def file_names(segment):
    """Return the names of the two files of a segment."""
    return segment.segment_id() + DOCS_EXTENSION, segment.segment_id() + TERMS_EXTENSION


def everything(reader):
    """Return every posting, statistic, stored field, column and vector."""
    found = []
    for field, text in reader.all_terms():
        info = reader.term_info(field, text)
        found.append((field, text, info.weight(), info.doc_frequency(), info.min_length(), info.max_length()))
        matcher = reader.postings(field, text)
        while matcher.is_active():
            value = None if field.startswith("spell_") else matcher.value()
            found.append((field, text, matcher.id(), matcher.weight(), value))
            matcher.next()
    names = sorted(reader.schema.names())
    for docnum in range(reader.doc_count_all()):
        found.append(reader.stored_fields(docnum))
        for name in names:
            found.append((name, reader.doc_field_length(docnum, name)))
            if reader.schema[name].vector and reader.has_vector(docnum, name):
                found.append((name, list(reader.vector(docnum, name).all_items())))
    for name in names:
        if reader.has_column(name):
            column = reader.column_reader(name, translate=False)
            found.append((name, [column[docnum] for docnum in range(reader.doc_count_all())]))
    return found

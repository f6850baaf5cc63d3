"""How do posting lists lie on disk? A Whoosh codec over memory-mapped arrays.

A segment is two files, both containers of named, checksummed sections:

    <segment>.docs    what belongs to documents: stored fields, columns, field lengths, vectors
    <segment>.terms   what belongs to terms: each field's dictionary and posting lists

Each structure is a triple of format, writer and reader:

    container   a file: sections, header, checksums
    packing     a list of small whole numbers as few bytes
    terms       the sorted terms of a field
    postings    the docnums, term frequencies and positions of each term
    stored      the stored fields of each document
    columns     one value of a field for each document

``documents`` and ``inverted_index`` read the two files, and a module of their name with ``_writer`` writes each.

Above them ``arrays`` reads a segment as numpy arrays, ``batch`` writes one from arrays, ``merge`` makes one of
several, and ``verify`` checks every byte. None of these needs Whoosh; ``whoosh`` joins them to Whoosh's codec
contract. ``docs/index-format.md`` specifies the bytes.
"""

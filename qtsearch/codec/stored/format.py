"""The bytes of stored fields.

Each document is compressed on its own, so that any one is read without its neighbours; what documents have in common
is in a dictionary that all share. Sections of the docs file, for its D documents:

    stored_dictionary  up to 448 KiB, a Zstandard dictionary that all documents are compressed with; empty in small
                       segments
    stored             the documents, one after the other: Zstandard frames (RFC 8878) that name their size, without
                       checksum and dictionary id; a document without stored fields takes no bytes
    stored_starts      where each starts in ``stored``, and the end: D + 1 numbers of 4 or 8 bytes

What is compressed is the mapping of field names to values in the form of ``qtsearch.codec.values``.
"""

from __future__ import annotations

from typing import Final

LEVEL: Final = 3
"""Measured on 6,000 medical articles of 3.3 KB, one core, for one document: deflate with a preset dictionary leaves
27.4% after 88 us (level 4) and takes 19 us to read; Zstandard with a trained one leaves 23.0% after 14 us (level 3) or
21.6% after 51 us (level 6), and takes 5 us to read."""

LONGEST_DICTIONARY: Final = 448 * 1024
"""Learned from 400 articles of 5.4 KB it leaves 846 bytes of each, one of 112 KiB 902; with twice as much from as many
articles there is nothing more to learn, and they begin to be copied into it."""
LEAST_SAMPLE: Final = 2**18
"""Bytes of documents below which no dictionary is made: it would take more room than it saves."""

SAMPLE: Final = 2**20
"""Bytes of documents from which the dictionary is trained; they are held back until it is."""

FULL_DICTIONARY: Final = 2**15
"""Bytes of a dictionary that was learned from enough documents to be kept when segments are merged."""

LONGEST_DOCUMENT: Final = 2**28
"""Bytes that a document may claim to have; more is taken for damage rather than made room for."""

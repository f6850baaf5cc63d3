"""Stored documents come back as they were, whoever compressed them."""

import os
from concurrent.futures import ThreadPoolExecutor

import zstandard

from qtsearch.codec.stored.writer import compressor_of

DICTIONARY = b"hepatocellular carcinoma and its treatment " * 200


def test_each_thread_has_a_compressor_of_its_own():
    """It works without the interpreter's lock, so two threads that shared one would write rubbish."""
    documents = [os.urandom(300_000) + DICTIONARY * number for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        frames = list(threads.map(lambda data: compressor_of(DICTIONARY).compress(data), documents * 4))
        (other,) = threads.map(compressor_of, [DICTIONARY])
    assert other is not compressor_of(DICTIONARY)
    decompressor = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(DICTIONARY))
    assert list(map(decompressor.decompress, frames)) == documents * 4


def test_the_compressor_of_the_last_dictionary_is_kept():
    first = compressor_of(DICTIONARY)
    assert compressor_of(bytes(bytearray(DICTIONARY))) is first
    assert compressor_of(b"") is not first
    assert zstandard.ZstdDecompressor().decompress(compressor_of(b"").compress(b"liver")) == b"liver"

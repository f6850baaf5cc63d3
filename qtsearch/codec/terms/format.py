"""The bytes of a term dictionary.

The terms of a field are sorted by bytes and distinct; a term's place in this order is its *ordinal*. Every 16 terms
form a block. Three sections of each field:

    heads      the first term of each block, one after the other
    tails      the other 15 terms of each block, front-coded:
                   control   1 byte: min(shared, 15) * 16 + min(rest, 15)
                   shared    varint: shared - 15, only where the bytes shared with the term before are 15 or more
                             (version 1 has none: there no more than 15 are shared)
                   more      varint: rest - 15, only where rest is 15 or more
                   suffix    the rest of the term, ``rest`` bytes
    blocks     for each block and the end: start of its head, start of its tails: 2 numbers of 4 bytes

Front coding: Witten, Moffat, Bell, Managing Gigabytes (1999), section 4.1.
"""

from __future__ import annotations

from typing import Final

BLOCK: Final = 16
LONG_SHARED_VERSION: Final = 2
"""The version of the container from which on terms share more than 15 bytes: paths and addresses do."""
LONGEST_SHARED: Final = 15
LONGEST_REST: Final = 15

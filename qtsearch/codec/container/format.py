"""The bytes of a container, the one kind of file that a segment is made of.

    header   32 bytes: magic, version, kind, zeros
    body     the sections, each starting at a multiple of 8, zero bytes between them
    contents UTF-8 JSON: {"properties": {...}, "sections": {name: [offset, length], ...}}, spaces up to a multiple of 8
    pages    CRC-32 of each 8,192 bytes of header and body (the last page may be shorter), 4 bytes each
    footer   48 bytes: offset of the contents, their length, size of the file, number of pages,
             CRC-32 of contents and pages, zeros, CRC-32 of the footer up to here, end magic

All integers are little-endian. Every byte is under a checksum: header and body under those of their pages, which are
verified when a page is first read; contents, pages and footer when the file is opened. So opening costs little,
whatever the size of the file, and yet no damaged byte is ever believed.
"""

from __future__ import annotations

import struct
from typing import Final

MAGIC: Final = b"\x89qtsearch\r\n\x1a\n\x00\x00\x00"
"""As in PNG, the first byte and the line ends show a file that was sent as text."""

END_MAGIC: Final = b"qtsearch"
VERSION: Final = 3
"""The version that this code writes, and the newest that it reads."""

PAGE_SIZE: Final = 8_192
ALIGNMENT: Final = 8
HEADER: Final = struct.Struct("<16s I 4s 8x")
FOOTER: Final = struct.Struct("<QQQ I I 4x")
FOOTER_END: Final = struct.Struct("<I 8s")
FOOTER_SIZE: Final = FOOTER.size + FOOTER_END.size

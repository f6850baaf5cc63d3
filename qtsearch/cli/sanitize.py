r"""Text from articles, queries and file names, made harmless for a terminal.

A terminal obeys what is written to it: an escape sequence in a title can recolour the screen, rename the
window, or fill the clipboard; a bidirectional override can make a line read as another. What a reader
cannot see is therefore taken out, and what breaks a line becomes a line break or a space:

- whole escape sequences: CSI, OSC and the other control strings, with ``ESC`` or as 8-bit C1,
- all other control characters,
- bidirectional marks, overrides and isolates; zero-width and other invisible formatting characters,
- line and paragraph separators become line breaks, lone surrogates become U+FFFD.

``\n`` is the only control character that any of these functions lets through.
"""

from __future__ import annotations

import json
import re

from qtsearch.patterns import pattern

_SEQUENCE = pattern(
    # The payload of a control string holds no control character, so no text is scanned twice.
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
_LINE_BREAK = pattern(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = (
    r"\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_REMOVED = pattern(rf"[\x00-\x09\x0b-\x1f{_INVISIBLE}]")
_SURROGATE = pattern(r"[\ud800-\udfff]")
_JSON_ESCAPED = pattern(rf"[{_INVISIBLE}\ud800-\udfff]")
_PAIR = pattern(r"\[\n *(\d+),\n *(\d+)\n *\]")  # in indented JSON; no string of it holds a line break
_NOT_IN_LINK = pattern(r"[^!-~]|[;<>\"\\^`{|}]")

MAX_LINK = 2_000
"""Longest target of a terminal link, in characters; several terminals cut or refuse longer ones."""


def sanitize_text(text: str) -> str:
    r"""The text in several lines, harmless; tabs become four spaces. Idempotent."""
    if text.isprintable():
        return text
    text = _LINE_BREAK.sub("\n", _SEQUENCE.sub("", text)).replace("\t", "    ")
    return _SURROGATE.sub("\ufffd", _REMOVED.sub("", text))


def sanitize_line(text: str) -> str:
    """The text in one line, harmless; line breaks and tabs become one space each. Idempotent."""
    if text.isprintable():
        return text
    return sanitize_text(text.replace("\t", " ")).replace("\n", " ")


def without_escape_codes(text: str) -> str:
    """What is left to read of a text that was styled here: no colours, no links."""
    return _SEQUENCE.sub("", text)


def json_text(form: object, *, indent: int | None = None, only_ascii: bool = False) -> str:
    r"""A JSON form as text that shows every character except those above, which it writes as ``\uXXXX``.

    With ``only_ascii`` it writes so all but ASCII. It reads back as the same form, but that JSON has one way to write
    a high surrogate before a low one and the character that the two stand for.
    """
    text = json.dumps(form, ensure_ascii=only_ascii, indent=indent)
    return _JSON_ESCAPED.sub(_json_escape, _PAIR.sub(r"[\1, \2]", text))


def _json_escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


STAND_INS = {"→": "->", "≈": "~", "·": "-", "…": "...", "█": "#"}
"""What stands for our own signs where the encoding of the output lacks them."""


def stand_in(error: UnicodeError) -> tuple[str, int]:
    """What to write for signs that an encoding lacks, as ``codecs.register_error`` has it: else a question mark."""
    assert isinstance(error, UnicodeEncodeError), "only output is written with it"
    signs = error.object[error.start : error.end]
    return "".join(STAND_INS.get(sign, "?") for sign in signs), error.end


def web_link(url: str) -> str:
    """The target of a terminal link for a url from an article; "" where it must not become one.

    Only absolute http and https urls are linked. Everything but visible ASCII is percent-encoded, and so
    is the semicolon, which divides the parts of the link's escape sequence.
    """
    if not url.lower().startswith(("http://", "https://")):
        return ""
    link = _NOT_IN_LINK.sub(_percent_encode, url)
    return link if len(link) <= MAX_LINK else ""


def _percent_encode(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))

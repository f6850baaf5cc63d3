import json
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.cli.sanitize import MAX_LINK, json_text, sanitize_line, sanitize_text, web_link

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07[]0;mPX^_\\\r\n\t\v\f\x85\u2028\u2029\u202e\u200b\ufeff\ud800\udfff"),
        st.characters(exclude_categories=()),
    )
)


def harmless(char):
    return unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"} and char not in BIDI


@given(HOSTILE)
def test_no_control_gets_through_but_the_line_break(text):
    assert all(char == "\n" or harmless(char) for char in sanitize_text(text))
    assert all(harmless(char) for char in sanitize_line(text))


@given(HOSTILE)
def test_a_second_time_changes_nothing(text):
    assert sanitize_text(sanitize_text(text)) == sanitize_text(text)
    assert sanitize_line(sanitize_line(text)) == sanitize_line(text)


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S"))))
def test_visible_text_stays_as_it_is(text):
    assert sanitize_text(text) == sanitize_line(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\x1b[31mb\x1b[0mc", "abc"),
        ("a\x9b31mb", "ab"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d52;c;ZXZpbA==\x9cx", "x"),
        ("\x1bP1$r\x1b\\x", "x"),
        ("\x1bcx\x1b(B", "x"),
        ("an open \x1b]0;title", "an open 0;title"),
        ("a\x08b\x7fc\x00d", "abcd"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one two three four five"),
        ("tab\there", "tab here"),
        ("\u202edesrever\u2066", "desrever"),
        ("zero\u200bwidth\u2060\ufeff\xad", "zerowidth"),
        ("lone\ud800", "lone\ufffd"),
        ("\U000e0041tag", "tag"),
        ("[bold]markup[/bold] naïve 漢字 a\xa0b 👩", "[bold]markup[/bold] naïve 漢字 a\xa0b 👩"),
    ],
)
def test_examples(text, line):
    assert sanitize_line(text) == line


def test_several_lines_stay_several():
    assert sanitize_text("a\r\nb\tc\u2029d") == "a\nb    c\nd"


@pytest.mark.parametrize("unit", ["\x9d", "\x1b]", "\x1b[0", "\x9b0", "\x1b ", "\x1bP\\", "\r"])
def test_long_hostile_text_ends(unit):
    """Scanning each of these from every start to the end would take hours."""
    assert all(harmless(char) for char in sanitize_line(unit * 500_000))


def with_joined_surrogates(form):
    """The form as any JSON can hold it: a high surrogate before a low one is one character there."""
    match form:
        case str():
            return form.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        case list():
            return [with_joined_surrogates(element) for element in form]
        case _:
            return {with_joined_surrogates(key): with_joined_surrogates(value) for key, value in form.items()}


@given(st.recursive(HOSTILE, lambda inner: st.lists(inner) | st.dictionaries(HOSTILE, inner)))
@example("\udfff\ud800\udfff\ud800")
def test_json_reads_back_the_same_and_holds_no_control(form):
    text = json_text(form)
    # Compared as ASCII, for a failure with lone surrogates could not be reported from one process to another.
    assert ascii(json.loads(text)) == ascii(with_joined_surrogates(form))
    assert all(harmless(char) for char in text)
    assert ascii(json.loads(json_text(form, indent=2))) == ascii(with_joined_surrogates(form))


@given(HOSTILE)
def test_a_link_is_visible_ascii_without_a_semicolon(text):
    link = web_link("https://example.org/" + text)
    assert re.fullmatch(r"[!-:<-~]*", link)
    assert len(link) <= MAX_LINK


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a%20b?c=d&e#f", "https://example.org/a%20b?c=d&e#f"),
        ("HTTP://example.org/é", "HTTP://example.org/%C3%A9"),
        ("https://e.org/\x1b\\\x07;x\n", "https://e.org/%1B%5C%07%3Bx%0A"),
        ("https://e.org/\udcff", "https://e.org/%ED%B3%BF"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("/learn/x", ""),
        ("", ""),
        ("https://e.org/" + "x" * MAX_LINK, ""),
    ],
)
def test_links(url, link):
    assert web_link(url) == link

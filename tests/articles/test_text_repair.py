from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.articles.text_repair import fit_for_message, is_blank, normalize, one_line, restore_breaks


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"a:\n\n1. b", "a:\n\n1. b"),
        (r"a\n- b\n* c\n# D", "a\n- b\n* c\n# D"),
        (r"done.\nThen", "done.\nThen"),
        (r"end\n", "end\n"),
        (r"end\n ", "end\n "),
        (r"a\n\nsmall", "a\n\nsmall"),
        (r"a\n\n\n\nsmall", "a\n\n\n\nsmall"),
        (r"日\n本", "日\n本"),
        (r"\nu", r"\nu"),
        (r"$\nabla \neq \nu$", r"$\nabla \neq \nu$"),
        (r"a\n\n\nabla", "a\n\n\\nabla"),
        (r"C:\new folder", r"C:\new folder"),
        (r"a\\n1", r"a\\n1"),
        (r"a\\n\\nB", r"a\\n\\nB"),
        (r"a\tb \" \\", r"a\tb \" \\"),
    ],
)
def test_restore_breaks(written, text):
    assert restore_breaks(written) == text


@given(st.text())
def test_restore_breaks_touches_only_backslash_n(text):
    assert restore_breaks(text.replace("\\n", "")) == text.replace("\\n", "") or "\\n" in text.replace("\\n", "")
    assert restore_breaks(text).replace("\n", "\\n") == text.replace("\n", "\\n")


@given(st.lists(st.sampled_from(["\\n", "\\n", "\\", "n", "a", "A", " ", "\n"])).map("".join))
def test_restore_breaks_is_one_pattern(text):
    whole = re.compile(r"(?<!\\)(?:\\n\\n|\\n(?![a-z]))")
    assert restore_breaks(text) == whole.sub(lambda match: "\n" * (len(match[0]) // 2), text)


@given(st.text(max_size=2000))
def test_normalize_is_nfc(text):
    assert normalize(text) == unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def test_normalize_makes_long_runs_of_marks_stream_safe():
    text = "a" + "\u0316\u0301" * 200_000 + "é" * 600  # sorting this in one run takes minutes
    result = normalize(text)
    assert unicodedata.is_normalized("NFC", result)
    assert result.replace("\u034f", "").count("\u0316") == 200_000
    longest = max(len(run) for run in result.split("\u034f"))
    assert longest <= 31 + 600


@pytest.mark.parametrize("text", ["", " \n\t", "&nbsp;", "\u00a0&NBSP; &#160;&#xA0;\ufeff\u200b"])
def test_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "&nbsp", "&nbsp; .", "&amp;"])
def test_not_blank(text):
    assert not is_blank(text)


@given(st.text())
def test_one_line(text):
    assert one_line(text).split() == text.split()
    assert "\n" not in one_line(text)


@given(st.text(), st.integers(5, 30))
def test_shown_is_printable_and_bounded(text, limit):
    assert fit_for_message(text, limit).isprintable()
    assert len(fit_for_message(text, limit)) <= 10 * limit
    if text.isprintable() and len(text) <= limit:
        assert fit_for_message(text, limit) == text

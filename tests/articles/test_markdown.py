from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from qtsearch.articles import markdown as module
from qtsearch.articles.markdown import Heading, headings, plain_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("", ""),
        ("a\nb\n\nc", "a b\nc"),
        ("# A #\ntext", "A\ntext"),
        ("A\n===\ntext", "A\ntext"),
        ("1. **A**: b\n2. *c* `d`", "A: b\nc d"),
        ("- a\n  - b\n\n    c", "a\nb\nc"),
        ("Steps:\n1. a\n2. b", "Steps:\na\nb"),
        ("> quoted\n> on", "quoted on"),
        ("a&nbsp;b &lt;c&gt; &eacute;", "a b <c> é"),
        ("p < 0.05 and R&D", "p < 0.05 and R&D"),
        ('see [the *site*](http://x.y "t") and <http://z.w>', "see the site and http://z.w"),
        ("![an *x*-ray](x.png)", "an x-ray"),
        ("~~old~~ new", "old new"),
        ("a  \nb\\\nc", "a b c"),
        ("```py\nx = 1\n\ny\n```", "x = 1 y"),
        ("| a | b |\n|---|:-:|\n| c | **d** |", "a | b\nc | d"),
        ("a <b>bold</b> c", "a bold c"),
        ("<div class='x'>\n<p>in &amp; out</p>\n<!-- gone > -->\n</div>", "in & out"),
        ("<!-- never closed", ""),
        ("---", ""),
        ("**not closed", "**not closed"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a\\*b", "a*b"),
    ],
)
def test_plain_text(markdown, text):
    assert plain_text(markdown) == text


WORDS = (
    st.sampled_from(
        "a Bc é (d) “q” 2 2. 3) 1. 0.66, 34% e: - # ## + * ** = < <= > | -- ! ~5 % a@b.c http://x.y".split()
    )
    | st.sampled_from(["**B**", "**B c:**", "**x**y", "B**c**", "**(d)**", "\u00a0", "a ", "a  ", "D & C", "&", "\x0b"])
    | (
        st.sampled_from(
            "*e e* *f* _g_ __h h_i ____ `j `` k` <b> </b> &lt; [l] [m](n) \\ \\* o\\ ~~ ~~p~~ *** q***".split()
        )
    )
)
LINES = st.lists(WORDS, max_size=5).map(" ".join)
SIMPLE = st.lists(st.one_of(LINES, st.just("")), max_size=7).map("\n".join)


@settings(max_examples=600)
@given(SIMPLE)
@example("a\n2. b")
@example("- a\nb\n2. c\n\n3. d")
@example("# a\n1) b\nc\n2) d")
@example("**a** b **c:** d")
def test_the_simple_reader_equals_the_parser(markdown):
    blocks = module._simple_blocks(markdown)
    assume(blocks is not None)
    assert blocks == module._parsed_blocks(markdown)


@settings(max_examples=500)
@given(st.text(alphabet='ab1.-*#> \n()[]!:|\t\u00a0\u2028\x0b~%"&;_`\\<', max_size=30))
def test_the_simple_reader_equals_the_parser_on_any_text(markdown):
    blocks = module._simple_blocks(markdown)
    assert blocks is None or blocks == module._parsed_blocks(markdown)


def test_the_simple_reader_reads_what_answers_are_made_of():
    assert module._simple_blocks("Intro:\n\n1. **A b**: c (d).\n\n2. e\n\n## F\n- g\n- h") is not None


@given(st.text())
def test_any_text_gives_lines_without_breaks(text):
    for line in plain_text(text).split("\n"):
        assert line == " ".join(line.split())


@given(st.text(alphabet="ab #>*\n[](|`", max_size=60))
def test_stripped_lines_are_well_formed(text):
    for level, line in module._stripped_blocks(text):
        assert 0 <= level <= 6
        assert line
        assert line == " ".join(line.split())


def test_beyond_the_bounds_marks_are_dropped_line_by_line():
    text = "## Head\n\n- **a** [b](http://c) &amp; d\n" + "[x] y\n" * module.MAX_DELIMITERS
    assert plain_text(text).startswith("Head\na b & d\nx] y")
    assert headings(text) == (Heading(2, "Head", 0),)


@given(SIMPLE)
def test_headings_lie_where_they_say(markdown):
    text = plain_text(markdown)
    for heading in headings(markdown):
        assert text[heading.start :].startswith(heading.text)
        assert heading.start == 0 or text[heading.start - 1] == "\n"


def test_headings():
    assert headings("a\n\n# B *c*\n\nd\n\nE\n---") == (Heading(1, "B c", 2), Heading(2, "E", 8))

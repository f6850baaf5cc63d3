import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from qtsearch.cli.details import explanation_lines, facet_lines
from qtsearch.cli.hits import duration, footer, notice_lines, related_lines, results_lines
from qtsearch.cli.layout import Line, bar, cells, highlighted, joined, padded, plain_text, shortened, span
from qtsearch.cli.reports import stats_lines
from qtsearch.cli.screen import Screen
from qtsearch.cli.styled import styled_text
from qtsearch.results import Explanation, Facet, FacetCount, RelatedHit, ScorePart

from .samples import CURATED, SETTINGS, SITE, STATS, foreign_hit, hit, hostile_hit, results

PLAIN = Screen(terminal=False, styled=False, width=None, height=0)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\")


def without_escapes(text):
    return ESCAPE.sub("", text)


def test_highlighted_text_is_cut_at_the_matches():
    pieces = highlighted("one two three", [(0, 3), (8, 13)], "dim", "match")
    assert [(piece.text, piece.style) for piece in pieces] == [("one", "match"), (" two ", "dim"), ("three", "match")]


def test_empty_parts_are_not_joined():
    assert "".join(piece.text for piece in joined([span("a"), span(""), span("b"), span(None or "")])) == "a · b"
    assert joined([]) == []


def test_a_hit_in_a_pipe():
    assert plain_text(results_lines(results(hit()), SETTINGS, 10)).splitlines() == [
        "1  What helps against HCC?",
        "   Medicine · 2024-12-07 · /q/hcc",
        "   … Immunotherapy helps against HCC …",
        "   → What is Cholangiocarcinoma? · not in the folder",
        "     /q/bile-duct",
        "   ≈ How is hepatitis B treated?",
        "",
        "1 hit · 12 ms",
    ]


def test_links_lead_to_the_site_else_to_the_file():
    def links(settings):
        text = styled_text(results_lines(results(hit(related=(CURATED,))), settings, 10), 80, styled=True)
        return set(re.findall(r"\x1b\]8;id=[^;]*;([^\x1b]+)\x1b\\", text))

    assert links(SITE) == {"https://example.org/q/hcc", "https://example.org/q/bile-duct"}
    assert links(SETTINGS) == {"file:///srv/site/seeds/liver/hcc.md"}


@pytest.mark.parametrize("width", [20, 33, 60, 80, 120])
@pytest.mark.parametrize("styled", [False, True])
def test_no_row_is_wider_than_the_terminal(width, styled):
    found = results(hit(9), foreign_hit(10), hostile_hit(11), notices=("a notice that is longer than a row",))
    text = styled_text([*notice_lines(found), *results_lines(found, SETTINGS, 10)], width, styled=styled)
    assert max(cell_len(row) for row in without_escapes(text).split("\n")) <= width


def test_a_link_without_a_title_is_named_by_its_url_else_by_its_id():
    bare = RelatedHit(7, "", "", "/q", None, "curated")
    assert plain_text(related_lines(bare, SETTINGS)).splitlines()[0] == "→ /q · not in the folder"
    assert plain_text(related_lines(replace(bare, url=""), SETTINGS)) == "→ 7 · not in the folder\n"


def test_a_pair_is_told_from_a_word_in_an_explanation():
    parts = (ScorePart("pair", "liver cancer", "title", 0.5), ScorePart("word", "liver", "title", 0.25))
    assert plain_text(explanation_lines(Explanation(0.5, 0.75, parts), "  ")).splitlines() == [
        "  score 0.500000; holds 75% of the query",
        "      0.500000  liver cancer in title (close together)",
        "      0.250000  liver in title",
    ]


def test_a_facet_that_no_article_has_says_so():
    assert plain_text(facet_lines(Facet("level", ()), bars=True)) == "level\n  no values\n"


def test_rows_after_the_first_are_indented():
    rows = styled_text([Line((span("one two three four"),), " 1  ")], 14, styled=False).splitlines()
    assert rows == [" 1  one two", "    three four"]


def test_rows_after_the_first_hang_where_there_is_no_margin():
    lines = [Line((span("one two three four"),), hanging=2), Line((span("five six seven"),), hanging=2)]
    assert styled_text(lines, 14, styled=False).splitlines() == ["one two", "  three four", "five six seven"]


def test_what_else_was_searched_for_hangs_too():
    found = results(hit(related=()), also_searched=("Hepatocellular carcinoma", "liver cell cancer"))
    rows = styled_text(results_lines(found, SETTINGS, 10), 40, styled=False).splitlines()
    assert rows[-3:-1] == ["also searched: Hepatocellular", "  carcinoma, liver cell cancer"]


def test_all_pieces_of_a_link_have_one_id_in_every_run():
    line = Line(tuple(highlighted("a long title of five words", [(2, 6)], link="https://e.org/a")))
    texts = {styled_text([line, Line((span("b", link="https://e.org/b"),))], 12, styled=True) for _ in range(2)}
    ids = re.findall(r"\x1b\]8;id=(\d+);https://e.org/(.)", texts.pop())
    assert (len(texts), len(ids), len(set(ids))) == (0, 6, 2)


def test_a_row_ends_before_a_part_that_does_not_fit_and_not_with_a_separator():
    line = Line(tuple(joined([span("one two"), span("three"), span("/a/b-c-long/last", "url")])))
    assert styled_text([line], 15, styled=False).splitlines() == ["one two · three", "/a/b-c-long/", "last"]
    assert styled_text([line], 14, styled=False).splitlines() == ["one two", "three", "/a/b-c-long/", "last"]
    assert plain_text([line]) == "one two · three · /a/b-c-long/last\n"


TABLE = Facet(
    "audience", tuple(FacetCount(name, 9 * 3**place) for place, name in enumerate(("医学と健康", "e\u0301a", "x" * 50)))
)


def test_columns_are_as_wide_as_their_cells():
    assert plain_text(facet_lines(Facet("subject", TABLE.counts[:2]), bars=False)).splitlines() == [
        "subject",
        "  医学と健康   9",
        "  e\u0301a          27",
    ]


@pytest.mark.parametrize("text", ["", "abc", "e\u0301", "医学と健康", "ｆｕｌｌ", "안녕", "Ärzte", "a漢" * 9])
def test_cells(text):
    assert cells(text) == cell_len(text)
    for width in range(1, 30):
        assert cells(shortened(text, width)) <= width
        assert cells(padded(text, width)) == max(width, cells(text))


@pytest.mark.parametrize("width", [20, 40, 55, 60, 80, 120])
def test_no_row_of_a_table_wraps(width):
    stats = replace(STATS, subjects=(("医学と健康", 4_000), ("Health Studies", 600), ("Dentistry", 7)))
    for lines in (list(facet_lines(TABLE, bars=True)), list(stats_lines(stats))[-3:]):
        rows = styled_text(lines, width, styled=False).splitlines()
        assert len(rows) == len(lines)
        assert max(map(cell_len, rows)) <= width


def test_a_bar_becomes_shorter_before_it_vanishes_and_a_name_is_cut_after_that():
    facet = Facet("audience", (FacetCount("patients", 20), FacetCount("医学", 10)))
    rows = [styled_text(facet_lines(facet, bars=True), width, styled=False).splitlines()[1:] for width in (80, 30, 20)]
    assert rows == [
        ["  patients  20  " + "█" * 30, "  医学      10  " + "█" * 15],
        ["  patients  20  " + "█" * 14, "  医学      10  " + "█" * 7],
        ["  patients  20  " + "█" * 4, "  医学      10  " + "█" * 2],
    ]
    narrow = Facet("audience", (FacetCount("patients and doctors", 20), FacetCount("医学", 10)))
    rows = styled_text(facet_lines(narrow, bars=True), 20, styled=False).splitlines()[1:]
    assert rows == ["  patients and…   20", "  医学            10"]


def test_a_related_article_of_another_subject_says_so():
    made = hit(related=(CURATED, replace(CURATED, subject="Surgery")))
    text = plain_text(results_lines(results(made), SETTINGS, 10))
    assert text.count("→ What is Cholangiocarcinoma? · not in the folder\n") == 1
    assert text.count("→ What is Cholangiocarcinoma? · Surgery · not in the folder\n") == 1


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_an_article_says_only_our_own_codes_reach_the_terminal(text):
    lines = [Line(tuple(highlighted(text, [(0, len(text) // 2)], link="https://e.org")), "1  "), Line((span(text),))]
    written = styled_text(lines, 40, styled=True)
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", without_escapes(written)
    )
    assert "\x1b" not in styled_text(lines, 40, styled=False)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", plain_text(lines))


def test_hostile_hits_set_no_link_but_ours_and_read_no_markup():
    text = styled_text(results_lines(results(hostile_hit()), SETTINGS, 10), 80, styled=True)
    targets = set(re.findall(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\", text)) - {""}
    assert all(re.fullmatch(r"https://e\.org/[!-:<-~]*", target) for target in targets)
    assert "[bold]not bold[/bold]" in without_escapes(text)


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (results(), "no hits · 12 ms"),
        (results(hit()), "1 hit · 12 ms"),
        (results(hit(), hit(2)), "1-2 of 2 hits · 12 ms"),
        (results(hit(), total=512), "1 of 512 hits · 12 ms"),
        (results(hit(), total=512, offset=299), "300 of 512 hits · 12 ms · more with --page 31"),
        (results(*[hit()] * 10, total=1234), "1-10 of 1,234 hits · 12 ms · more with --page 2"),
        (results(*[hit()] * 10, total=20, offset=10), "11-20 of 20 hits · 12 ms"),
        (results(total=20, offset=30), "none of 20 hits: this page is past the last · 12 ms"),
    ],
)
def test_footer(found, line):
    assert plain_text([footer(found, 10)]) == line + "\n"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.00042, "0.4 ms"),
        (0.00098, "1 ms"),
        (0.0124, "12 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (1.26, "1.3 s"),
        (59.96, "1 min 0 s"),
        (59.9, "59.9 s"),
        (3599.7, "60 min 0 s"),
        (119.7, "2 min 0 s"),
    ],
)
def test_duration(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("abcdef", 2, "a…"),
        ("abcdef", 1, "…"),
        ("ab cdef", 4, "ab…"),  # no blank before the ellipsis
        ("a漢字b", 5, "a漢…"),
        ("a漢字b", 4, "a漢…"),
        ("a漢字b", 3, "a…"),
        ("a漢bcd", 5, "a漢b…"),
    ],
)
def test_what_is_shortened_takes_all_the_room_there_is(text, width, short):
    assert shortened(text, width) == short


def test_a_row_that_a_wide_margin_leaves_too_little_room_is_longer_than_the_terminal():
    line = Line((span("one two three four"),), " " * 15 + "1  ")
    assert styled_text([line], 20, styled=False).splitlines() == [" " * 15 + "1  one two", " " * 18 + "three four"]


def test_the_shortest_bar_is_one_block():
    assert [bar(share, 10).text for share in (0.0, 0.01, 0.1, 0.16, 1.0)] == [
        "  " + ("█" * blocks).ljust(10) for blocks in (1, 1, 1, 2, 10)
    ]


def test_rows_that_hang_are_no_wider_than_the_terminal():
    rows = styled_text([Line((span("abcdefghijklmnopqrstuvwxyz"),), hanging=2)], 12, styled=False).splitlines()
    assert rows == ["abcdefghij", "  klmnopqrst", "  uvwxyz"]


def test_a_line_of_nothing_but_a_margin_is_empty():
    assert styled_text([Line((), "   ")], 20, styled=False) == plain_text([Line((), "   ")]) == "\n"


def test_a_url_that_is_one_long_word_begins_at_once():
    url = "https:" + "x" * 30
    assert styled_text([Line((span(url, "url"),))], 20, styled=False).splitlines() == [url[:20], url[20:]]

from dataclasses import replace
from pathlib import Path

import pytest

from qtsearch.articles.model import Problem
from qtsearch.checking import BrokenLink, CheckReport
from qtsearch.cli.details import explanation_lines, facet_lines
from qtsearch.cli.layout import plain_text
from qtsearch.cli.reports import (
    check_lines,
    problem_messages,
    reindex_lines,
    settings_lines,
    size_text,
    stats_lines,
)
from qtsearch.cli.styled import styled_text
from qtsearch.config import load
from qtsearch.engines.base import IndexProblem
from qtsearch.results import Explanation, Facet, FacetCount, ScorePart

from .samples import PROBLEMS, REINDEX, SETTINGS, STATS


def found(problems, **changes):
    """The report of a reindex that found some problems."""
    return replace(REINDEX, problems=tuple(problems), **changes)


def test_fatal_problems_come_first_and_what_stays_is_said():
    report = found(PROBLEMS, kept=("b.md",))
    assert list(problem_messages(report, SETTINGS)) == [
        "b.md:7: broken YAML; mend the line (its last indexed version stays)",
        "warning: a.md:3: a date that is none; write YYYY-MM-DD",
    ]
    assert list(problem_messages(found(PROBLEMS), SETTINGS, warnings=False)) == ["b.md:7: broken YAML; mend the line"]


@pytest.mark.parametrize(
    ("errors", "warnings", "rest"),
    [
        (1_023, 0, "1,003 more errors"),
        (23, 12, "3 more errors and 12 warnings"),
        (21, 1, "1 more error and 1 warning"),
        (20, 12, "12 warnings"),
        (8, 13, "1 more warning"),
        (0, 1_500, "1,480 more warnings"),
    ],
)
def test_after_twenty_problems_it_is_said_what_the_others_are(errors, warnings, rest):
    named = load({"index": "my index"}, {}, Path("/srv"))
    many = [Problem(f"{number}.md", "a date that is none", "mend it", fatal=False) for number in range(warnings)]
    many += [Problem(f"{number}.md", "broken", "mend it") for number in range(errors)]
    messages = list(problem_messages(found(many), named))
    assert len(messages) == 21
    todo = "qtsearch reindex --full --dry-run --json --index '/srv/my index'"
    assert messages[-1] == f"... and {rest}; all of them: {todo}"


def test_twenty_problems_are_all_there_are():
    many = [Problem(f"{number}.md", "broken", "mend it") for number in range(20)]
    assert len(list(problem_messages(found(many), SETTINGS))) == 20


@pytest.mark.parametrize(
    ("number", "headings"),
    [
        (
            1,
            [
                "1 problem of the index",
                "1 file changed since it was indexed",
                "1 file is not in the index",
                "1 article is in the index, but its file is gone",
                "1 related link to an article that is not in the index",
                "1 file with a problem",
            ],
        ),
        (
            1_002,
            [
                "1,002 problems of the index",
                "1,002 files changed since they were indexed",
                "1,002 files are not in the index",
                "1,002 articles are in the index, but their files are gone",
                "1,002 related links to articles that are not in the index",
                "1,002 files with problems",
            ],
        ),
    ],
)
def test_a_check_counts_in_words_that_fit(number, headings):
    report = CheckReport(
        stale=("a.md",) * number,
        missing=("b.md",) * number,
        orphaned=("c.md",) * number,
        broken_links=(BrokenLink("a.md", "A", "5"),) * number,
        problems=(Problem("a", "broken", "mend it"),) * number,
        index_problems=(IndexProblem("f", "file", "broken", "mend it"),) * number,
    )
    lines = plain_text(check_lines(report)).splitlines()
    assert [line for line in lines if line[:1] == "1"] == headings


def test_one_more_subject_and_one_more_value():
    stats = replace(STATS, subjects=tuple((f"s{number}", 1) for number in range(21)))
    assert plain_text(stats_lines(stats)).endswith("   and 1 more subject; all of them with --json\n")
    facet = Facet("author", tuple(FacetCount(f"a{number}", 1) for number in range(13)))
    assert plain_text(facet_lines(facet, bars=False)).endswith("  and 1 more value; all of them with --json\n")


def test_a_related_link_without_a_title_is_named_by_its_target():
    links = (BrokenLink("rel.md", "", "99998"), BrokenLink("rel.md", "A", "5"))
    assert plain_text(check_lines(CheckReport(broken_links=links))).splitlines()[1:3] == [
        "  rel.md: 99998",
        "  rel.md: A (5)",
    ]


def test_why_an_index_is_built_anew_is_said_as_it_was_asked_for():
    asked = replace(REINDEX, rebuilt="asked for")
    assert plain_text(reindex_lines(asked)).startswith("built anew: --full was given\n")
    assert plain_text(reindex_lines(replace(asked, dry_run=True))).startswith("would be built anew: --full was given\n")


def test_an_explanation_has_the_field_names_of_the_query_language_and_no_rounding_that_does_not_show():
    parts = (
        ScorePart("pair", '"liver cancer"~3', "page_keywords", 0.5),
        ScorePart("rounding", "", "", 1e-15),
        ScorePart("rounding", "", "", -0.6e-6),
    )
    lines = list(explanation_lines(Explanation(0.5, 1.0, parts), "   "))
    assert plain_text(lines).splitlines() == [
        "   score 0.500000; holds 100% of the query",
        '       0.500000  "liver cancer"~3 in keywords (close together)',
        "      -0.000001  rounding",
    ]
    assert styled_text(lines[1:2], 40, styled=False).splitlines() == [
        '       0.500000  "liver cancer"~3 in',
        "                 keywords (close",
        "                 together)",
    ]


def test_stats_stand_in_columns():
    text = plain_text(stats_lines(STATS)).splitlines()
    assert "folder of articles  /srv/site/seeds" in text
    assert "articles            4,607" in text
    assert "size                7.7 MB" in text
    assert "dates               2019-02-01 to 2026-01-30" in text
    assert "dates               2019-02-01\n" in plain_text(stats_lines(replace(STATS, newest=STATS.oldest)))
    assert "4,000  ████████████████████████  Medicine" in text
    assert "    7  █                         Dentistry" in text


def test_settings_stand_in_columns():
    lines = plain_text(settings_lines(SETTINGS)).splitlines()
    assert lines[0] == "articles   /srv/site/seeds  default"
    assert 'site_url   ""               default' in lines
    assert "expand     true             default" in lines
    assert lines[-1] == 'facets     ""               default'


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (1_500, "1.5 kB"),
        (999_940, "999.9 kB"),
        (999_960, "1.0 MB"),
        (7_654_321, "7.7 MB"),
        (999_960_000, "1.0 GB"),
        (2_100_000_000, "2.1 GB"),
    ],
)
def test_sizes(size, text):
    assert size_text(size) == text


@pytest.mark.parametrize("what", ["stale", "missing", "orphaned"])
def test_what_to_do_is_said_of_each_difference(what):
    *_, last = plain_text(check_lines(CheckReport(**{what: ("a.md",)}))).splitlines()
    assert last == "bring the index up to date with: qtsearch reindex"


def test_of_many_subjects_those_of_most_articles_are_shown():
    subjects = tuple((f"Subject {number}", 99 - number) for number in range(22))
    lines = plain_text(stats_lines(replace(STATS, subjects=subjects))).splitlines()
    assert lines[-2].endswith("  Subject 19")
    assert lines[-1] == "    and 2 more subjects; all of them with --json"

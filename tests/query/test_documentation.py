"""What docs/query-language.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qtsearch.query import expand, notices, operands, suggest, synonyms
from qtsearch.query.language import MAX_DEPTH, MAX_TEXT, parse
from qtsearch.query.rendering import to_text
from qtsearch.query.tree import MatchNone
from qtsearch.scoring.expansions import MAX_EXPANSIONS, MAX_POSTINGS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return DOCUMENT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    lines = [line for line in section(title).splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


TYPED = [typed for row in rows("What to type") for typed in re.findall(r"`([^`]+)`", row[0])]
NOT_UNDERSTOOD = [
    (typed, notice)
    for typed_cell, _, notice in rows("What cannot be understood")
    for typed in re.findall(r"`([^`]+)`", typed_cell)
]


@pytest.mark.parametrize("typed", TYPED)
def test_every_example_is_understood(typed):
    query = parse(typed)
    assert query.notices == ()
    assert query.root != MatchNone()


@pytest.mark.parametrize(("typed", "notice"), NOT_UNDERSTOOD)
def test_every_notice_is_the_documented_one(typed, notice):
    (given,) = parse(typed).notices
    assert given == notice.strip("` ")


@pytest.mark.parametrize(
    "bound",
    [
        f"| {MAX_TEXT:,} characters |",
        f"| {operands.MAX_WORDS} words, those of phrases included",
        f"{MAX_EXPANSIONS} words that a prefix, wildcard or fuzzy word stands for, and no more after {MAX_POSTINGS:,}",
        f"| {operands.MAX_PATTERNS} words with `*`, `?` or `~`",
        f"| {operands.MAX_LEAF_WORDS} words side by side",
        f"| {suggest.MAX_CORRECTED_TEXT:,} characters in which words are corrected |",
        f"| {suggest.MAX_CORRECTED} unknown words that are corrected |",
        f"| {MAX_DEPTH} parentheses inside each other",
        f"| `~{operands.MAX_DISTANCE}` for words, `~{operands.MAX_SLOP}` for phrases, `^{operands.MAX_BOOST:g}` |",
        f"Another name counts at most {expand.FACTOR} times",
        f"At most {expand.MAX_OTHERS} other names are taken for one place of the query, at most {expand.MAX_PLACES}",
        f"a line has at most {synonyms.MAX_GROUP} synonyms, and one of them at most {synonyms.MAX_WORDS} words",
    ],
)
def test_every_bound_is_the_documented_one(bound):
    assert bound in " ".join(DOCUMENT.split())


def test_the_first_ten_notices_are_shown():
    assert "the first ten are shown" in DOCUMENT
    assert notices.MAX_NOTICES == 10
    fields = " ".join(f"field{letter}:x" for letter in "abcdefghijkl")
    assert len(parse(fields).notices) == 10


def test_the_python_example():
    query = parse('title:asthma -"cystic fibrosis" foo:bar')
    assert f"to_text(query.root)     # {to_text(query.root)}" in section("In Python")
    assert str(query.notices) in section("In Python")

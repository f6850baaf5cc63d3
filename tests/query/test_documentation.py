"""What docs/query-language.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qtsearch.query.language import parse
from qtsearch.query.rendering import to_text
from qtsearch.query.tree import MatchNone

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


def test_the_python_example():
    query = parse('title:asthma -"cystic fibrosis" foo:bar')
    assert f"to_text(query.root)     # {to_text(query.root)}" in section("In Python")
    assert str(query.notices) in section("In Python")

"""Patterns that compile when they are first used."""

import re

import pytest

from qtsearch.patterns import pattern


def test_a_pattern_is_used_like_a_compiled_one():
    lazy, eager = pattern(r"(?P<word>[a-z]+)", re.IGNORECASE), re.compile(r"(?P<word>[a-z]+)", re.IGNORECASE)
    for _ in range(2):
        assert lazy.findall("One 2 three") == eager.findall("One 2 three") == ["One", "three"]
        assert lazy.sub("x", "One 2") == eager.sub("x", "One 2")
        assert lazy.search("12") is None
        assert lazy.fullmatch("One")["word"] == "One"
    assert (lazy.pattern, lazy.flags, lazy.groupindex) == (eager.pattern, eager.flags, eager.groupindex)


def test_nothing_is_compiled_before_the_first_use(monkeypatch):
    made = []
    compiled = re.compile
    monkeypatch.setattr(re, "compile", lambda *source: made.append(source) or compiled(*source))
    lazy = pattern("a+")
    assert made == []
    assert [lazy.search("baa").span(), lazy.search("baaa").span()] == [(1, 3), (1, 4)]
    assert made == [("a+", 0)]


def test_an_error_is_raised_at_the_first_use():
    with pytest.raises(re.error):
        pattern("(").search("a")


def test_what_no_pattern_has_is_no_attribute():
    with pytest.raises(AttributeError, match="find_all"):
        _ = pattern("a").find_all

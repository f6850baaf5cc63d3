"""Whole screens, compared with files. To write them anew:

QTSEARCH_GOLDEN=write python -m pytest tests/cli/test_golden.py
"""

import os
import re
from pathlib import Path

import pytest

from qtsearch.cli import main

GOLDEN = Path(__file__).parent / "golden"

SCREENS = {
    "search.txt": ["HCC", "immunotherapy"],
    "search-colour.txt": ["--color", "always", "HCC", "immunotherapy"],
    "search.json": ["--json", "HCC", "immunotherapy"],
    "no-hits.txt": ["zebra"],
    "show.txt": ["show", "97061"],
    "show-colour.txt": ["--color", "always", "show", "97061"],
    "related.txt": ["related", "97061"],
    "related-colour.txt": ["--color", "always", "related", "97061"],
    "stats.txt": ["stats"],
    "check.txt": ["check"],
}


def steady(text, folder):
    """The text without what differs from run to run: the folder, times, sizes, scores and link ids."""
    text = text.replace(str(folder), "/site")
    text = re.sub(r"\d+(\.\d)? ms", "N ms", text)
    text = re.sub(r"\]8;id=\d+;", "]8;id=N;", text)
    text = re.sub(r'("seconds"|"score"): [0-9.e-]+', r"\1: N", text)
    text = re.sub(r"(last commit +).*UTC", r"\1YYYY-MM-DD HH:MM:SS UTC", text)
    text = re.sub(r"(terms |segments )( +)[0-9,]+", r"\1\2N", text)
    text = re.sub(r"(size +)[0-9.]+ \w+", r"\1N kB", text)
    return re.sub(r"(engine +).*", r"\1NAME", text)


@pytest.mark.parametrize("name", SCREENS)
def test_screens(at_site, name, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    main(SCREENS[name])
    said = capsys.readouterr()
    assert said.err == ""
    screen = steady(said.out, at_site)
    if os.environ.get("QTSEARCH_GOLDEN") == "write":
        (GOLDEN / name).write_text(screen, "utf-8")
    assert screen == (GOLDEN / name).read_text("utf-8")

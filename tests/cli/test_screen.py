import io

import pytest

from qtsearch.cli.pager import write_to_pager
from qtsearch.cli.screen import MAX_WIDTH, Screen


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("terminal", "color", "environ", "styled"),
    [
        (True, "auto", {}, True),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (True, "auto", {"TERM": "dumb"}, False),
        (True, "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (True, "never", {"FORCE_COLOR": "1"}, False),
        (True, "always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
        (False, "auto", {}, False),
        (False, "auto", {"FORCE_COLOR": "1"}, True),
        (False, "always", {}, True),
        (False, "never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_when_there_are_colours(terminal, color, environ, styled):
    screen = Screen.of(Terminal() if terminal else io.StringIO(), color, environ)
    assert (screen.terminal, screen.styled) == (terminal, styled)
    assert (screen.width is None) == (not terminal and not styled)


@pytest.mark.parametrize(("columns", "width"), [("5", 20), ("80", 80), ("100", 100), ("500", MAX_WIDTH)])
def test_the_width_is_that_of_the_terminal_within_reason(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    assert Screen.of(Terminal(), "auto", {}).width == width


def test_a_process_without_stdout_has_no_terminal():
    assert Screen.of(None, "auto", {}) == Screen(terminal=False, styled=False, width=None, height=0)


@pytest.mark.parametrize("pager", ["", "cat", "'", "no-such-program-anywhere"])
def test_a_pager_that_is_off_or_missing_is_not_used(pager):
    assert not write_to_pager("text", {"PAGER": pager}, styled=True)


def test_the_pager_gets_the_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert write_to_pager("漢字\n", {"PAGER": "tee copy.txt", "PATH": "/usr/bin:/bin"}, styled=True)
    assert (tmp_path / "copy.txt").read_text("utf-8") == "漢字\n"


def test_less_is_told_about_colours(tmp_path):
    less = tmp_path / "less"
    less.write_text('#!/bin/sh\necho "$LESS $*" > "$0.said"\ncat > /dev/null\n', "utf-8")
    less.chmod(0o755)
    assert write_to_pager("x", {"PAGER": f"{less} -i"}, styled=True)
    assert (tmp_path / "less.said").read_text("utf-8") == "FRX -i -R\n"
    assert write_to_pager("x", {"PAGER": f"{less}", "LESS": "S"}, styled=False)
    assert (tmp_path / "less.said").read_text("utf-8") == "S \n"

import io

import pytest

from qtsearch.cli.pager import write_to_pager
from qtsearch.cli.screen import MAX_WIDTH, Screen

TERM = {"TERM": "xterm"}
LINKED = "\x1b]8;id=1;https://e.org/\x1b\\\x1b[1mtitle\x1b[0m\x1b]8;;\x1b\\\n"


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
    assert not write_to_pager("text", {"PAGER": pager, **TERM}, styled=True)


@pytest.mark.parametrize("environ", [{}, {"TERM": "dumb"}, {"TERM": "unknown"}])
def test_a_simple_terminal_gets_no_pager(tmp_path, monkeypatch, environ):
    monkeypatch.chdir(tmp_path)
    assert not write_to_pager("text", {"PAGER": "tee copy.txt", "PATH": "/usr/bin:/bin", **environ}, styled=False)
    assert not (tmp_path / "copy.txt").exists()


def test_the_pager_gets_the_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert write_to_pager("漢字\n", {"PAGER": "tee copy.txt", "PATH": "/usr/bin:/bin", **TERM}, styled=True)
    assert (tmp_path / "copy.txt").read_text("utf-8") == "漢字\n"


def test_less_is_told_about_colours(tmp_path):
    less = tmp_path / "less"
    less.write_text('#!/bin/sh\necho "$LESS $*" > "$0.said"\ncat > "$0.read"\n', "utf-8")
    less.chmod(0o755)
    assert write_to_pager(LINKED, {"PAGER": f"{less} -i", **TERM}, styled=True)
    assert (tmp_path / "less.said").read_text("utf-8") == "FRX -i -R\n"
    assert (tmp_path / "less.read").read_text("utf-8") == LINKED
    assert write_to_pager("x", {"PAGER": f"{less}", "LESS": "S", **TERM}, styled=False)
    assert (tmp_path / "less.said").read_text("utf-8") == "S \n"


@pytest.mark.parametrize(("name", "read"), [("bat", "\x1b[1mtitle\x1b[0m\n"), ("more", "title\n")])
def test_a_pager_other_than_less_gets_no_links_and_more_no_colours(tmp_path, name, read):
    pager = tmp_path / name
    pager.write_text('#!/bin/sh\ncat > "$0.read"\n', "utf-8")
    pager.chmod(0o755)
    assert write_to_pager(LINKED, {"PAGER": str(pager), **TERM}, styled=True)
    assert (tmp_path / f"{name}.read").read_text("utf-8") == read


@pytest.mark.parametrize(
    ("text", "paged"),
    [("row\n" * 9, False), ("row\n" * 10, True), ("x" * 400, False), ("x" * 900, True), (LINKED * 9, False)],
)
def test_what_has_more_rows_than_the_terminal_goes_to_the_pager(monkeypatch, capsys, text, paged):
    seen = []
    monkeypatch.setattr("qtsearch.cli.pager.write_to_pager", lambda text, environ, styled: not seen.append(text))
    Screen(terminal=True, styled=True, width=80, height=10).write(text, pager=True)
    assert seen == ([text] if paged else [])

"""Where output goes: a terminal, by way of a pager where it is long, or a pipe or file."""

from __future__ import annotations

import os
import sys
from codecs import lookup
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from qtsearch.cli.layout import Line, plain_text
from qtsearch.cli.sanitize import json_text, without_escape_codes
from qtsearch.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_WIDTH = 80
MAX_WIDTH = 120
"""Cells. Longer lines are hard to read, so a wider terminal is not filled."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What is known of the place that output goes to.

    Attributes:
        terminal: whether it is a terminal.
        styled: whether to write escape codes for colours and links.
        width: cells to wrap at; None to leave lines as long as they are.
        height: lines that fit without scrolling.
        any_sign: whether it takes every sign, as UTF-8 does.
    """

    terminal: bool
    styled: bool
    width: int | None
    height: int
    any_sign: bool = True

    @classmethod
    def of(cls, stream: TextIO | None, color: str, environ: Mapping[str, str]) -> Screen:
        """The screen behind a stream.

        Args:
            stream: standard output; None where the process has none.
            color: ``auto``, ``always`` or ``never``.
            environ: NO_COLOR, FORCE_COLOR and TERM count under ``auto``.
        """
        terminal = stream is not None and stream.isatty()
        styled = color == "always" or (color == "auto" and _wants_color(terminal, environ))
        any_sign = lookup(getattr(stream, "encoding", None) or "utf-8").name == "utf-8"
        if not (terminal or styled):
            return cls(False, False, None, 0, any_sign)
        import shutil  # loads three ways to compress; only for a terminal

        size = shutil.get_terminal_size((DEFAULT_WIDTH, 24))
        return cls(terminal, styled, max(20, min(size.columns, MAX_WIDTH)), size.lines, any_sign)

    def text(self, lines: Iterable[Line]) -> str:
        """The lines as they are to be written here."""
        if self.width is None:
            return plain_text(lines)
        from qtsearch.cli.styled import styled_text  # rich: 40 ms, only for a terminal

        return styled_text(lines, self.width, styled=self.styled)

    def write_json(self, form: object) -> None:
        """Write one JSON object for programs, indented; see ``write``."""
        self.write(self.json(form, indent=2) + "\n")

    def json(self, form: object, *, indent: int | None = None) -> str:
        """A JSON form as it can be written here without losing a sign."""
        return json_text(form, indent=indent, only_ascii=not self.any_sign)

    def write(self, text: str, *, pager: bool = False) -> None:
        """Write to standard output; by way of a pager if that is allowed and the terminal too small.

        Raises:
            click.ClickException: it cannot be written.
            BrokenPipeError: whoever read it went away.
        """
        if pager and self.terminal and self._scrolls(text):
            from qtsearch.cli.pager import write_to_pager  # subprocess: only for a terminal

            if write_to_pager(text, os.environ, styled=self.styled):
                return
        if sys.stdout is None:  # closed with >&-
            return
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            import click  # takes as long as a search, and most output can be written

            raise click.ClickException(f"cannot write the output: {error.strerror}") from error

    def _scrolls(self, text: str) -> bool:
        """Whether the text has more rows than fit; a terminal makes several of a line that is too long."""
        lines = without_escape_codes(text).split("\n")
        return sum(len(line) // self.width + 1 if self.width else 1 for line in lines) > self.height


def _wants_color(terminal: bool, environ: Mapping[str, str]) -> bool:
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (terminal and environ.get("TERM") != "dumb")

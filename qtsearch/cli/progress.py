"""The progress bars of a reindex, a check and an evaluation, on stderr, only where that is a terminal that can draw."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import ProgressColumn

    from qtsearch import Progress

PHASES = {"scan": "looking for changes", "read": "reading articles", "write": "writing the index"}
WAITING = "waiting until no other process writes"
CHECKS = {True: "verifying the index", False: "comparing the index with the folder"}

TOPICS = "searching for the topics"

NARROW = 60
"""Cells of a terminal below which there is no room for a bar beside the words and numbers."""


@contextlib.contextmanager
def progress_bar(
    *, wanted: bool = True, styled: bool = True, waiting: bool = False
) -> Iterator[Callable[[Progress], None]]:
    """A callback for ``qtsearch.reindex``; it does nothing where nobody would see the bar.

    The bar is drawn from the callback, not from a thread of its own: a reindex starts processes, and
    those must not inherit the locks of a thread. What the callback has not counted yet is shown as words only.

    Args:
        wanted: False for no bar at all.
        styled: False for a bar without colours; else NO_COLOR counts.
        waiting: whether the reindex first waits until no other process writes; it calls back only after that.
    """
    first = WAITING if waiting else PHASES["scan"]
    with _drawing(first, wanted=wanted, styled=styled) as draw:
        yield lambda progress: draw(PHASES[progress.phase], progress.done, progress.total)


@contextlib.contextmanager
def topics_bar(*, styled: bool = True) -> Iterator[Callable[[int, int], None]]:
    """A callback for the searches of an evaluation: how many topics are done, and of how many.

    Args:
        styled: False for a bar without colours; else NO_COLOR counts.
    """
    with _drawing(TOPICS, styled=styled) as draw:
        yield lambda done, total: draw(TOPICS, done, total)


@contextlib.contextmanager
def _drawing(first: str, *, wanted: bool = True, styled: bool) -> Iterator[Callable[[str, int, int | None], None]]:
    """What draws a bar whenever it is called, see ``_Drawing``; it does nothing where nobody would see the bar."""
    console = _console(styled=styled) if wanted else None
    if console is None:
        yield lambda text, done, total: None
        return
    from rich.progress import Progress as Bar

    with Bar(console=console, transient=True, auto_refresh=False) as bar:
        yield _Drawing(bar, first)


@contextlib.contextmanager
def check_bar(*, verify: bool, styled: bool = True) -> Iterator[Callable[[int, int], None]]:
    """A callback for ``qtsearch.check``; it does nothing where nobody would see the bar.

    A verification counts bytes. A comparison does not say how far it is, so there the bar only shows that it goes on,
    and for how long.

    Args:
        verify: what the check does.
        styled: False for a bar without colours; else NO_COLOR counts.
    """
    console = _console(styled=styled)
    if console is None:
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, DownloadColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    words = TextColumn("{task.description}")
    columns: tuple[ProgressColumn, ...]
    if console.width < NARROW:
        columns = (words, DownloadColumn()) if verify else (SpinnerColumn(), words)
    else:
        columns = (words, BarColumn(), DownloadColumn() if verify else TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(CHECKS[verify], total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _console(*, styled: bool) -> Console | None:
    """Where a bar is drawn: stderr; None if it is no terminal, or one that cannot move its cursor."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    from rich.console import Console

    # Both: without a colour system nothing is styled; and only no_color leaves gaps in a bar that pulses.
    console = Console(stderr=True) if styled else Console(stderr=True, color_system=None, no_color=True)
    return console if console.is_interactive else None


class _Drawing:
    """Draws its first words at once, and then at most ten times a second."""

    INTERVAL = 0.1

    def __init__(self, bar: Bar, first: str) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

        self.bar = bar
        self.words = (TextColumn("{task.description}"),)
        number = TextColumn("{task.fields[number]}", style="progress.download")
        narrow = bar.console.width < NARROW
        self.counted = (*self.words, number) if narrow else (*self.words, BarColumn(), number, TimeElapsedColumn())
        self.bar.columns = self.words
        self.task = bar.add_task(first, total=None, number="")
        self.text = ""
        self.drawn_at = 0.0
        self.bar.refresh()

    def __call__(self, text: str, done: int, total: int | None) -> None:
        """Draw what is done, how much of it, and of how much, if that is known."""
        now = self.bar.get_time()
        if text == self.text and now - self.drawn_at < self.INTERVAL:
            return
        self.text, self.drawn_at = text, now
        self.bar.columns = self.words if total is None else self.counted
        number = "" if total is None else f"{done:>{len(f'{total:,}')},}/{total:,}"
        self.bar.update(self.task, description=text, completed=done, total=total, number=number)
        self.bar.refresh()

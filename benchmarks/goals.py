"""What a measured figure is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison.

    Attributes:
        what: what was measured.
        size: articles in the corpus.
        unit: of ``ours`` and ``theirs``.
        ours: qtsearch's figure.
        peer: what it is compared with.
        theirs: the peer's figure; None where the goal is an absolute limit.
        goal: the goal in words.
        limit: the same as a figure in ``unit``.
        at_least: True where more is better.
    """

    what: str
    size: int
    unit: str
    ours: float
    peer: str
    theirs: float | None
    goal: str
    limit: float
    at_least: bool = False

    @property
    def passed(self) -> bool:
        """Whether the goal is met."""
        return self.ours >= self.limit if self.at_least else self.ours <= self.limit

    @property
    def ratio(self) -> float | None:
        """Qtsearch's figure divided by the peer's."""
        return self.ours / self.theirs if self.theirs else None

    def cells(self) -> list[str]:
        """Return the line as a row of the table."""
        return [
            self.what,
            f"{self.size:,}",
            f"{_figure(self.ours)} {self.unit}",
            self.peer if self.theirs is None else f"{self.peer}: {_figure(self.theirs)} {self.unit}",
            "-" if self.ratio is None else f"{self.ratio:.2f}",
            self.goal,
            "pass" if self.passed else "**short**",
        ]


HEADER = ["what", "articles", "qtsearch", "compared with", "ratio", "goal", "result"]


def at_most(what: str, size: int, unit: str, ours: float, peer: str, theirs: float, factor: float) -> Line:
    """Return a line whose goal is at most ``factor`` times the peer's figure."""
    return Line(what, size, unit, ours, peer, theirs, f"at most {factor:g} x", theirs * factor)


def at_least(what: str, size: int, unit: str, ours: float, peer: str, theirs: float, factor: float) -> Line:
    """Return a line whose goal is at least ``factor`` times the peer's figure."""
    return Line(what, size, unit, ours, peer, theirs, f"at least {factor:g} x", theirs * factor, at_least=True)


def no_more_than(what: str, size: int, unit: str, ours: float, limit: float) -> Line:
    """Return a line whose goal is a figure by itself."""
    return Line(what, size, unit, ours, "-", None, f"at most {limit:,g} {unit}", limit)


def plus(what: str, size: int, unit: str, ours: float, peer: str, theirs: float, extra: float) -> Line:
    """Return a line whose goal is the peer's figure and ``extra`` on top."""
    return Line(what, size, unit, ours, peer, theirs, f"at most + {extra:g} {unit}", theirs + extra)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"

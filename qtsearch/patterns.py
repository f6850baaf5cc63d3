"""How is a text taken apart? Regular expressions that are compiled when they are first used.

Compiling one takes 0.1 to 5 ms. A search from the shell imports sixty and uses fewer than half of them.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["pattern"]


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what can be used as if ``re.compile`` had made it. An error in ``text`` is raised at the first use."""
    return cast("re.Pattern[str]", _Pattern(text, flags))


class _Pattern:
    """Whatever is asked of it is asked of the compiled pattern, and found at once the next time."""

    def __init__(self, text: str, flags: int) -> None:
        self._source = text, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._source), name)
        setattr(self, name, value)
        return value

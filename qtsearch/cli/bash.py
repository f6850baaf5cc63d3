"""What is different in bash where somebody presses Tab: it takes a colon for a word of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from click.shell_completion import BashComplete, CompletionItem


class BashTab(BashComplete):
    """Answers bash: reads ``subject``, ``:``, ``neu`` as one word, and offers only what stands behind the colon."""

    _kept = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the half-typed one, and that."""
        words, begun = super().get_completion_args()
        *words, whole = _joined_at_colons([*words, begun])
        # Where bash was told not to break at colons there is nothing that it keeps.
        self._kept = whole.removesuffix(begun) if begun.strip(":") else whole
        return words, whole

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return what the shell reads. It keeps what it takes for other words."""
        return f"{item.type},{item.value.removeprefix(self._kept)}"


def _joined_at_colons(words: Sequence[str]) -> list[str]:
    whole: list[str] = []
    for word in words:
        # Behind a blank the half-typed word is empty.
        if whole and word and (whole[-1].endswith(":") or not word.strip(":")):
            whole[-1] += word
        else:
            whole.append(word)
    return whole

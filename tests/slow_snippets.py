"""The slow twin of ``qtsearch.snippets``: it weighs every window, and looks for each end of a sentence by itself."""

import re

from qtsearch.results import Fragment, Snippet
from qtsearch.snippets import FRAGMENT_LENGTH

_SIGNS = (". ", "? ", "! ", "; ", "\n")
_LEAD = 40


def snippet(text, matches, weights, fragments):
    """Choose fragments of a text of up to 20,000 characters with up to 500 matches."""
    candidates = []
    for place, (start, end, _) in enumerate(matches):
        (left, right), sentence_end = _window(text, start, end)
        inside = [match for match in matches[place:] if match[1] <= right]
        whole = {number for _, _, number in inside}
        first = {number for _, end, number in inside if end <= sentence_end}
        weight = 4 * sum(weights[number] for number in whole) + sum(weights[number] for number in first)
        candidates.append((-weight, place, (left, right)))
    windows = []
    for _, _, (left, right) in sorted(candidates):
        if len(windows) < fragments and all(right <= start or end <= left for start, end in windows):
            windows.append((left, right))
    return Snippet(tuple(_fragment(text, window, matches) for window in sorted(windows) or [_beginning(text)]))


def merged(matches):
    """Join what overlaps."""
    spans = []
    for start, end, _ in matches:
        if spans and start < spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end))
    return tuple(spans)


def _window(text, start, end):
    left, sentence_end = _sentence_start(text, start), _sentence_end(text, end, start + FRAGMENT_LENGTH)
    if left is not None and sentence_end is not None and sentence_end <= left + FRAGMENT_LENGTH:
        return (left, _last_end(text, sentence_end, left + FRAGMENT_LENGTH)), sentence_end
    window = _trimmed(text, left, sentence_end, start, end)
    return window, window[1]


def _sentence_start(text, place):
    low = max(0, place - FRAGMENT_LENGTH)
    start = max(text.rfind(sign, low, place) for sign in _SIGNS)
    if start < 0:
        return None if low else 0
    return place - len(text[start + 1 : place].lstrip(" "))


def _sentence_end(text, place, limit):
    gap = re.compile(r"[.!?;] |\n").search(text, place, limit + 2)
    end = gap.start() + (gap[0] != "\n") if gap else len(text)
    return end if end <= limit else None


def _last_end(text, end, limit):
    if len(text) <= limit:
        return len(text)
    last = max(text.rfind(sign, end, limit + 1) for sign in _SIGNS)
    if last < 0:
        return end
    last += text[last] != "\n"
    return max(end, len(text[:last].rstrip("\n")))


def _trimmed(text, sentence_start, sentence_end, start, end):
    left = start - _LEAD if sentence_end is None else min(start - _LEAD, sentence_end - FRAGMENT_LENGTH)
    left = max(left, 0, sentence_start or 0)
    right = min(left + FRAGMENT_LENGTH, len(text) if sentence_end is None else sentence_end)
    if left and left != sentence_start and (space := re.compile(r"\s").search(text, left - 1, start)):
        left = space.end()
    if right < len(text) and right != sentence_end:
        right = max(text.rfind(" ", end, right + 1), text.rfind("\n", end, right + 1))
        right = right if right > 0 else min(left + FRAGMENT_LENGTH, len(text))
    return left, right


def _beginning(text):
    start = len(text) - len(text.lstrip())
    return _window(text, start, start)[0] if start < len(text) else (0, 0)


def _fragment(text, window, matches):
    left, right = window
    before = text[:left].strip() != ""
    if re.match(r"[-*•] .", text[left:right], re.DOTALL):
        left += 2
    inside = [(start - left, end - left, number) for start, end, number in matches if left <= start and end <= right]
    return Fragment(re.sub(r"\s", " ", text[left:right]), merged(inside), before, text[right:].strip() != "")

"""YAML front matter as a tree of nodes, within fixed bounds of time and memory.

The scalars of the tree are not turned into Python values here. YAML 1.1 would make ``title: No`` a
truth value, ``12:30`` the number 750 and ``0123`` the number 83; a node keeps what the writer wrote and
on which line, and the field that reads it knows what it wants (module ``fields``). This is also the
faster way, and no tag can run code, since nothing is constructed at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from qtsearch.articles.notes import Notes
from qtsearch.articles.text_repair import fit_for_message

try:
    from yaml import CBaseLoader as BaseLoader
except ImportError:  # PyYAML without libyaml: the same tree, about ten times slower
    from yaml import BaseLoader  # type: ignore[assignment]

MAX_NODES = 10_000
"""Keys and values that one front matter may hold, aliases expanded; a real one holds about 60."""
MAX_DEPTH = 50
"""Lists and mappings inside each other; a real one has two."""

_SMALL = 65_536
_FEW = 400
_KNOWN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)
_CONTROL = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
_LIBYAML_TOO_DEEP = "maximum nesting depth"
_SIMPLIFY = "keep only the fields of an article in the front matter, and the text in the answer"


class _Loader(BaseLoader):
    """Composes nodes without asking for each whether its path or text implies a type."""

    def resolve(self, kind: type[Node], value: str | None, implicit: object) -> str:
        return _DEFAULT_TAGS[kind]

    def descend_resolver(self, current_node: Node | None, current_index: object) -> None: ...

    def ascend_resolver(self) -> None: ...


_DEFAULT_TAGS = {
    ScalarNode: "tag:yaml.org,2002:str",
    SequenceNode: "tag:yaml.org,2002:seq",
    MappingNode: "tag:yaml.org,2002:map",
}


def parse_mapping(text: str, notes: Notes) -> dict[str, Node]:
    """Parse front matter to its top-level entries.

    Args:
        text: YAML between the two marker lines; its first line is the rest of the opening marker line.
        notes: takes the warnings: duplicate keys, keys that are not text, control characters.

    Returns:
        The node of each key; of duplicate keys the last, as YAML parsers do.

    Raises:
        ArticleError: not YAML, not a mapping, a tag that is not plain data, or out of bounds.
    """
    try:
        root = _compose(text, notes)
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark or error.context_mark)
        raise notes.failure(f"the front matter is not valid YAML: {_wording(error)}", _HINT, line) from None
    except yaml.YAMLError as error:
        raise notes.failure(f"the front matter is not valid YAML: {fit_for_message(str(error))}", _HINT) from None
    except RecursionError:
        raise notes.failure("the front matter is nested too deeply", _SIMPLIFY) from None
    if root is None:
        return {}
    if not isinstance(root, MappingNode):
        what = "the front matter is not a list of 'key: value' lines"
        raise notes.failure(what, "write one 'key: value' a line", root.start_mark.line)
    _inspect(root, notes)
    return entries(root)


def _compose(text: str, notes: Notes) -> Node | None:
    _check_bounds(text, notes)
    try:
        return _Loader(text).get_single_node()
    except yaml.reader.ReaderError:
        return _Loader(_without_control(text, notes)).get_single_node()


_HINT = "put text that holds ': ', '#' or quotes below 'key: >-', indented"


def _wording(error: yaml.MarkedYAMLError) -> str:
    return fit_for_message(", ".join(part for part in (error.problem, error.context) if part), 160)


def _without_control(text: str, notes: Notes) -> str:
    """Replace the characters that YAML forbids by spaces, so that one stray byte costs no article."""
    match = _CONTROL.search(text)
    if match:
        line = text.count("\n", 0, match.start())
        notes.warn(f"the control character U+{ord(match[0]):04X} was read as a space", "remove it", line)
    return _CONTROL.sub(" ", text)


def _check_bounds(text: str, notes: Notes) -> None:
    """Refuse front matter that is too deep or too large before it is composed.

    Composing recurses in C and would overflow the stack of the process. Each level costs a bracket, a
    dash, a question mark or deeper indentation, so a small text with few of these needs no look at its
    events; that spares nearly every real article the second pass.
    """
    if "\n%" in text:
        line = text.count("\n", 0, text.index("\n%")) + 1
        raise notes.failure("the front matter holds a YAML directive", "remove the line that starts with %", line)
    marks = text.count("[") + text.count("{") + text.count("-") + text.count("?")
    if len(text) > _SMALL or marks > _FEW:
        _check_events(text, notes)


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=_Loader)
    except yaml.reader.ReaderError:
        # Its replacement is as deep and as large; only the warning is left to the composer.
        yield from yaml.parse(_CONTROL.sub(" ", text), Loader=_Loader)


def _check_events(text: str, notes: Notes) -> None:
    depth = 0
    try:
        for number, event in enumerate(_events(text)):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise _too_deep(notes, _line(event.start_mark))
            if number > 2 * MAX_NODES:
                raise _too_many(notes, _line(event.start_mark))
    except yaml.MarkedYAMLError as error:
        # libyaml has a bound of its own since PyYAML 6.0.4, and looks some brackets ahead of its events.
        if error.problem and _LIBYAML_TOO_DEEP in error.problem:
            raise _too_deep(notes, _line(error.problem_mark)) from None
        raise


def _line(mark: Any) -> int | None:
    return None if mark is None else mark.line


def _too_deep(notes: Notes, line: int | None) -> Exception:
    return notes.failure(f"the front matter is nested more than {MAX_DEPTH} deep", _SIMPLIFY, line)


def _too_many(notes: Notes, line: int | None = None) -> Exception:
    what = f"the front matter holds more than {MAX_NODES:,} keys and values, aliases expanded"
    return notes.failure(what, _SIMPLIFY, line)


def _inspect(root: MappingNode, notes: Notes) -> None:
    """Look at every node as often as its aliases repeat it: its tag, its duplicate keys, the sum.

    The sum bounds alias bombs, and aliases that hold themselves.
    """
    waiting: list[Node] = [root]
    total = 0
    while waiting:
        node = waiting.pop()
        _check_tag(node, notes)
        children = _children(node, notes) if isinstance(node, MappingNode) else node.value
        total += len(children)
        if total > MAX_NODES:
            raise _too_many(notes, node.start_mark.line)
        for child in children:
            if not isinstance(child, ScalarNode):
                waiting.append(child)
            elif child.tag not in _KNOWN_TAGS:
                _check_tag(child, notes)


def _children(node: MappingNode, notes: Notes) -> list[Node]:
    children: list[Node] = []
    names: set[str] = set()
    for key, value in node.value:
        children += (key, value)
        if not isinstance(key, ScalarNode):
            notes.warn("a key that is not text is ignored", "write 'key: value'", key.start_mark.line)
        elif key.value in names:
            what = f"the key '{fit_for_message(key.value)}' appears twice; the last one counts"
            notes.warn(what, "remove one of them", key.start_mark.line)
        else:
            names.add(key.value)
    return children


def _check_tag(node: Node, notes: Notes) -> None:
    if node.tag not in _KNOWN_TAGS:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        what = f"the YAML tag '{fit_for_message(tag)}' is not allowed"
        raise notes.failure(what, "remove it and write plain text", node.start_mark.line)


def entries(mapping: MappingNode) -> dict[str, Node]:
    """Return the node of each text key; entries merged by ``<<`` stand behind the mapping's own.

    Call it only on what ``parse_mapping`` has accepted: mappings that merge themselves never end.
    """
    own: dict[str, Node] = {}
    merged: dict[str, Node] = {}
    for key, value in mapping.value:
        if not isinstance(key, ScalarNode):
            continue
        if key.value == "<<" and is_plain(key):
            for source in _merge_sources(value):
                merged = entries(source) | merged
        else:
            own[key.value] = value
    return merged | own if merged else own


def is_plain(node: ScalarNode) -> bool:
    """Return whether a scalar is without quotes and block mark. Its style is "" with libyaml, None without."""
    return not node.style


def _merge_sources(value: Node) -> Iterator[MappingNode]:
    for source in value.value if isinstance(value, SequenceNode) else [value]:
        if isinstance(source, MappingNode):
            yield source

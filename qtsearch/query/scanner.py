"""Query text -> tokens: words, phrases, filters, parentheses and operators, in one pass from left to right.

The scanner knows what each character may mean where it stands; ``language`` knows how tokens combine. Whatever has
no meaning is skipped, so every text has tokens, and none raises.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from typing import Final, NamedTuple

from qtsearch.patterns import pattern
from qtsearch.query.notices import Notices, quoted

QUOTES: Final = '"“”„‟«»＂'
"""Any of these opens a phrase and any closes it: people mix them, and keyboards change them unasked."""

TEXT_FIELDS: Final = {"title": "title", "answer": "answer", "keywords": "page_keywords"}
COLUMNS: Final = ("subject", "author", "id", "url", "date")

SYNTAX: Final = pattern(rf"[{QUOTES}():^~*]|(?:^|\s)[+-]\S")
"""A sign that means something; in a text without, only AND, OR and NOT may."""

_FIELD = pattern(r"([^\W\d_]\w{1,39}):")
# A bound, because a run with many separators is looked at once for each of them.
_RUN = pattern(r"[^\s()]{1,1000}")
_VALUE = pattern(r"[^\s()]+(?:\([^\s()]*\)[^\s()]*)*")
_QUOTE = pattern(f"[{QUOTES}]")
DECIMAL: Final = pattern(r"[0-9]+[.,][0-9]")
"""The beginning of a number whose sign, if it has one, is no operator."""

_NUMBER = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_SUFFIX_TEXT = rf"(?:~(?P<tilde>[0-9]*))?(?:\^(?P<boost>{_NUMBER}))?"
_SUFFIX = pattern(_SUFFIX_TEXT)
_LAST_SUFFIX = pattern(_SUFFIX_TEXT + r"\Z")
# "fever/cough" is two words, but "mg/dL", "n/a" and "120/80" are one: three letters are wanted on both sides.
_SEPARATOR = pattern(r"(?<=[^\W\d_]{3})[/|,;:&=…—、，；]+(?=[^\W\d_]{3})")
_UNSEEN = pattern(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_MAX_OPERATOR_WORD = 100
"""Longer words are never patterns or fuzzy: nobody types them, and reading them as such could take long."""


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    PHRASE = auto()
    FILTER = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    MUST = auto()


OPERATORS: Final = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}
"""The words that join operands, in capitals only."""


class QueryToken(NamedTuple):
    """One token.

    Attributes:
        kind: what it is.
        text: the word, the phrase without its quotes, the value of a filter, the operator if it was a word;
            "" for all others.
        field: the searched field or the column that was named before it, else "".
        tilde: the digits after ``~``; None without a ``~``.
        boost: the number after ``^`` as typed; None without one.
    """

    kind: Kind
    text: str = ""
    field: str = ""
    tilde: str | None = None
    boost: str | None = None


def scan(text: str, notices: Notices) -> list[QueryToken]:
    """Return the tokens of a text; what could not be understood is noted in ``notices``."""
    return _Scanner(_UNSEEN.sub(" ", text), notices).scan()


def trim(text: str) -> str:
    """Return a word without the punctuation around it; ``*`` stays on both sides, ``~`` at the end."""
    start, end = 0, len(text)
    while start < end and not _starts_word(text[start]):
        start += 1
    while end > start and not _ends_word(text[end - 1]):
        end -= 1
    return text[start:end]


def has_word(text: str) -> bool:
    """Say whether there is anything alphanumeric in a text."""
    return any(character.isalnum() for character in text)


def _starts_word(character: str) -> bool:
    return character.isalnum() or character == "*"


def _ends_word(character: str) -> bool:
    return character.isalnum() or character in "*~" or unicodedata.category(character)[0] == "M"


def blanked(text: str, what: re.Pattern[str]) -> str:
    """Return a text with blanks for whatever fits a pattern, so that every word stays where it is."""
    return what.sub(lambda match: " " * len(match.group()), text)


class _Scanner:
    def __init__(self, text: str, notices: Notices) -> None:
        self._text = text
        self._notices = notices
        self._at = 0
        self._tokens: list[QueryToken] = []

    def scan(self) -> list[QueryToken]:
        while self._at < len(self._text):
            if self._starts_operand(self._at):
                self._operand("")
            else:
                self._mark()
        return self._tokens

    def _starts_operand(self, at: int) -> bool:
        return at < len(self._text) and (self._text[at] in QUOTES + "(" or _starts_word(self._text[at]))

    def _mark(self) -> None:
        """Read one character that begins no operand."""
        character = self._text[self._at]
        # A sign inside text is a hyphen: "(CD4)-positive" excludes nothing. Nor do the lenses of "-0.75".
        is_operator = self._follows("(") and self._starts_operand(self._at + 1)
        if character in "+-" and is_operator and not DECIMAL.match(self._text, self._at + 1):
            self._tokens.append(QueryToken(Kind.MUST if character == "+" else Kind.NOT))
        self._at += 1
        if character == ")":
            suffix = self._suffix()
            if suffix["tilde"] is not None:
                self._notices.add("~ does not go with parentheses; ignored")
            self._tokens.append(QueryToken(Kind.CLOSE, boost=suffix["boost"]))

    def _follows(self, characters: str) -> bool:
        """Say whether a blank, one of ``characters`` or nothing at all stands before this place."""
        before = self._text[self._at - 1] if self._at else " "
        return before.isspace() or before in characters

    def _operand(self, field: str) -> None:
        character = self._text[self._at]
        if character == "(":
            self._tokens.append(QueryToken(Kind.OPEN, field=field))
            self._at += 1
        elif character in QUOTES:
            self._phrase(field)
        elif field:
            # Behind a field everything is a word, be it "AND" or "name:".
            self._words(field)
        elif not self._keyword() and not self._field():
            self._words("")

    def _phrase(self, field: str) -> None:
        inside = self._quoted(self._at)
        if inside is None:
            self._at += 1
            # The words behind the open quote keep the field, as if there were no quote.
            if field and self._starts_operand(self._at):
                self._operand(field)
            return
        suffix = self._suffix()
        self._tokens.append(QueryToken(Kind.PHRASE, inside, field, suffix["tilde"], suffix["boost"]))

    def _quoted(self, at: int) -> str | None:
        """Read from the quote at ``at`` to the next one and return what is between, or note that there is none."""
        closing = _QUOTE.search(self._text, at + 1)
        if closing is None:
            self._notices.add("a quote is not closed; read as plain words")
            return None
        self._at = closing.end()
        return " ".join(self._text[at + 1 : closing.start()].split())

    def _suffix(self) -> re.Match[str]:
        match = _SUFFIX.match(self._text, self._at)
        assert match is not None, "both parts of a suffix are optional"
        self._at = match.end()
        return match

    def _keyword(self) -> bool:
        """Read AND, OR or NOT if it stands here, alone."""
        run = self._run()
        if run not in OPERATORS or not self._follows("()"):
            return False
        self._tokens.append(QueryToken(OPERATORS[run], run))
        self._at += len(run)
        return True

    def _run(self) -> str:
        """Return the characters from here to the next blank or parenthesis, at most 1,000."""
        match = _RUN.match(self._text, self._at)
        assert match is not None, "an operand begins here"
        return match.group()

    def _field(self) -> bool:
        """Read ``name:`` and, if the name is one of ours, what belongs to it."""
        match = _FIELD.match(self._text, self._at)
        if match is None:
            return False
        name = match[1].casefold()
        if name in COLUMNS:
            self._filter(name, match.end())
        elif name in TEXT_FIELDS:
            self._fielded(name, match.end())
        elif self._starts_operand(match.end()):
            # "foo:bar", but not "Question: ...", "https://..." or "smile:-)".
            self._notices.add(f"no field {quoted(match[1])}; searched for it as text")
            self._word_before(match[1], match.end())
        else:
            return False
        return True

    def _fielded(self, name: str, at: int) -> None:
        while at < len(self._text) and not self._starts_operand(at) and not self._ends_value(at):
            at += 1
        if self._starts_operand(at):
            self._at = at
            self._operand(TEXT_FIELDS[name])
        else:
            self._bare_field(name, at)

    def _ends_value(self, at: int) -> bool:
        return self._text[at].isspace() or self._text[at] == ")"

    def _bare_field(self, name: str, at: int) -> None:
        self._notices.add(f'nothing follows "{name}:"; searched for it as text')
        self._tokens.append(QueryToken(Kind.WORD, name))
        self._at = at

    def _filter(self, name: str, at: int) -> None:
        value = self._quoted(at) if self._text[at : at + 1] in tuple(QUOTES) else None
        if value is not None:
            suffix = self._suffix()
            token = QueryToken(Kind.FILTER, value, name, suffix["tilde"], suffix["boost"])
        else:
            match = _VALUE.match(self._text, at)
            self._at = match.end() if match else at
            token = QueryToken(Kind.FILTER, match.group().lstrip(QUOTES).rstrip(",;") if match else "", name)
        if token.text:
            self._tokens.append(token)
        else:
            self._bare_field(name, self._at)

    def _words(self, field: str) -> None:
        """Read one run of characters: a word, or several with separators between them."""
        run = self._run()
        if "://" in trim(run):
            self._at += len(run)
            self._tokens.append(QueryToken(Kind.WORD, trim(run), field))
            return
        first, *others = _SEPARATOR.split(run) if field else _SEPARATOR.split(run, maxsplit=1)
        prefix = self._prefix()
        self._tokens.append(_word(first, field))
        if not field and others:
            # What stands behind the separator may have a field of its own: it is scanned afresh.
            self._tokens.extend(prefix)
            self._at += len(run) - len(others[0])
            return
        for other in others:
            self._tokens += [*prefix, _word(other, field)]
        self._at += len(run)

    def _word_before(self, word: str, at: int) -> None:
        """Add a word that shares its ``+``, ``-`` or NOT with the operand at ``at``."""
        prefix = self._prefix()
        self._tokens += [QueryToken(Kind.WORD, trim(word)), *prefix]
        self._at = at

    def _prefix(self) -> list[QueryToken]:
        """Return the ``+``, ``-`` and NOT that stand before the operand which comes next."""
        first = len(self._tokens)
        while first and self._tokens[first - 1].kind in (Kind.MUST, Kind.NOT):
            first -= 1
        return self._tokens[first:]


def _word(run: str, field: str) -> QueryToken:
    """Return the token of a word, its suffixes taken off; of several suffixes the last of each kind counts."""
    text = trim(run)
    if len(text) > _MAX_OPERATOR_WORD:
        return QueryToken(Kind.WORD, text, field)
    tilde = boost = None
    while (suffix := _LAST_SUFFIX.search(text)) and suffix.group():
        tilde = suffix["tilde"] if tilde is None else tilde
        boost = suffix["boost"] if boost is None else boost
        text = trim(text[: suffix.start()])
    return QueryToken(Kind.WORD, text, field, tilde, boost)

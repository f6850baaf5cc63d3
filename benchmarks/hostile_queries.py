"""Query texts that nobody should type: made by seed from syntax, scripts, abuse and the articles themselves.

Each text is of one kind; the kinds take turns, so that any number of texts holds nearly as many of each. A quarter are
then spoiled: cut, doubled, shuffled, or with signs thrown in.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence

from qtsearch.articles.model import Article

FIELDS = ("title:", "answer:", "keywords:", "subject:", "author:", "id:", "url:", "date:", "Title:", "foo:", "a_b:")
SIGNS = (*"()+-*?~^:\"'“”„«»＂.,;/|&=_#@!%$…—<>[]{}\\`", "~2", "~9", "^2", "^.5", "^", "..", "://", ">=", "&&", "||")
OPERATORS = ("AND", "OR", "NOT", "and", "or", "not", "+", "-", "NEAR", "TO")
SCRIPTS = {
    "CJK": "糖尿病の治療肝細胞癌당뇨병간염、。",
    "emoji": "😀🏥💊👩‍⚕️🇩🇪❤️☠",
    "marks": "a\u0301e\u0300\u0316o\u0308n\u0303\u0489\u20dd\ufe0f\u0e33",
    "right to left": "السكريמחלתסרטن\u202e\u202c\u2066\u2069\u200f",
    "Greek": "αβγδΩμΣςϐ",
    "Cyrillic": "диабетпеченьЁй",
    "Indic": "मधुमेहநீரிழிவுโรค",
    "odd letters": "ßİıſﬀ㎎Å½²①Ⅷﷺﷲ𝕬𝖟ǆ\u00ad\u200d\u200c",
    "control": "".join(map(chr, (*range(32), 127, 0x85, 0xA0, 0x2028, 0x3000, 0xFEFF, 0xFFFE))),
    "surrogates": "\ud800\udc00\udfff\udbff\ud83d",
}
NUMBERS = ("0", "00", "-1", "1e309", "9" * 25, "9" * 5000, "3.14159", "٣", "²", "1_000", "0x1F", "NaN", "1/0", "12:30")
DATES = ("2024", "2024-02-30", "0000", "9999-12-31", "99999", "2024-13", "-1", "2024..", "..", "..2024", "soon", "٢٠٢٤")
PASTE = 10_000
"""Characters of a pasted text."""

_SPOILED = 0.25
_WORD = re.compile(r"\w+")


class HostileQueries:
    """Makes query texts without end.

    Args:
        articles: whose words and sentences are used.
        seed: the same texts for the same seed and articles.
    """

    def __init__(self, articles: Sequence[Article], seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._texts = [f"{article.title}\n{article.answer}" for article in articles]
        found = {word for text in self._texts for word in _WORD.findall(text)}
        self._words = sorted(found)
        self._abbreviations = sorted(word for word in found if word.isupper() and 2 <= len(word) <= 6) or self._words
        self._kinds: list[Callable[[], str]] = [
            *(self._soup, self._nested, self._boolean, self._fielded, self._dates, self._wildcards, self._prefixes),
            *(self._fuzzy, self._boosted, self._phrases, self._scripts, self._numbers, self._long_words),
            *(self._repeated, self._abbreviated, self._misspelled, self._sentence, self._pasted, self._characters),
        ]

    def texts(self) -> Iterator[str]:
        """Yield texts, one of each kind in turn."""
        while True:
            for kind in self._kinds:
                text = kind()
                yield self._spoil(text) if self._random.random() < _SPOILED else text

    # What texts are made of

    def _any(self, *choices: Sequence[str]) -> str:
        return self._random.choice(self._random.choice(choices))

    def _some(self, most: int) -> range:
        """Return mostly few, now and then up to ``most``."""
        return range(1 + int((most - 1) * self._random.random() ** 4))

    def _word(self) -> str:
        return self._random.choice(self._words)

    def _half_word(self) -> str:
        return self._word()[: self._random.randint(1, 4)]

    def _foreign(self, most: int = 8) -> str:
        letters = self._random.choice(list(SCRIPTS.values()))
        return "".join(self._random.choice(letters) for _ in self._some(most))

    def _joined(self, make: Callable[[], str], most: int, *between: str) -> str:
        return "".join(make() + self._random.choice(between or (" ",)) for _ in self._some(most))

    # The kinds

    def _soup(self) -> str:
        return self._joined(lambda: self._any(SIGNS, FIELDS, OPERATORS, self._words, DATES), 80, "", " ")

    def _nested(self) -> str:
        depth, opening = len(self._some(3000)), self._any(["(", "(a ", "NOT (", "title:(", "+(", "(a OR b AND ", '("'])
        return opening * depth + self._word() + self._any([")", "^2)", ") b", '")']) * self._random.choice((depth, 3))

    def _boolean(self) -> str:
        return self._joined(lambda: f"{self._any(OPERATORS, ['(', ')', ''])} {self._word()}", 400)

    def _fielded(self) -> str:
        values = (self._words, OPERATORS, SIGNS, list(SCRIPTS.values()), FIELDS, [""])
        return self._joined(lambda: self._any(FIELDS) + self._any(["", '"', "("]) + self._any(*values), 300)

    def _dates(self) -> str:
        def one() -> str:
            return "date:" + self._any(["", ">=", "<", ">", "<="]) + self._any(DATES) + self._any(["", ".."], DATES)

        return self._joined(one, 300) + self._any(["", "insulin", self._word()])

    def _wildcards(self) -> str:
        def one() -> str:
            return self._joined(lambda: self._any("*?", ["**", "?*"]) + self._half_word(), 9, "", "*", "?")

        return self._joined(one, 250)

    def _prefixes(self) -> str:
        return self._joined(lambda: self._any(["", "", "+", "-", "title:"]) + self._half_word() + "*", 300)

    def _fuzzy(self) -> str:
        def one() -> str:
            return self._any([self._word(), self._half_word(), self._typo()]) + self._any(["~", "~1", "~2", "~99"])

        return self._joined(one, 300)

    def _boosted(self) -> str:
        return self._joined(lambda: f"{self._word()}^{self._any(NUMBERS, DATES)}", 300)

    def _phrases(self) -> str:
        def one() -> str:
            inside = self._joined(self._word, 100)
            return f'"{inside}"{self._any(["", "~3", "~100", "~" + "9" * 30, "^2", "~5^0"])}'

        return self._joined(one, 80)

    def _scripts(self) -> str:
        return self._joined(lambda: self._any([self._foreign(), self._word(), self._foreign(60)]), 200, "", " ")

    def _numbers(self) -> str:
        return self._joined(lambda: self._any(NUMBERS, [self._word(), str(self._random.getrandbits(64))]), 100)

    def _long_words(self) -> str:
        letters = self._any([self._half_word(), self._foreign(), "a", "a'", "a-", "a_", "ſ", "ﷺ"])
        word = letters * len(self._some(8000))
        return self._any(["", "+", "title:", "*", '"']) + word + self._any(["", "*", "~2", "^3", '"', "."])

    def _repeated(self) -> str:
        sign = self._any(SIGNS, OPERATORS, FIELDS)
        return self._any([self._word(), sign, f"{sign} {self._word()}"]).ljust(1) * len(self._some(5000))

    def _abbreviated(self) -> str:
        few = [self._random.choice(self._abbreviations) for _ in self._some(20)]
        return self._joined(lambda: self._random.choice(few), 300, " ", " ", " AND ", "-", "/")

    def _misspelled(self) -> str:
        return self._joined(self._typo, 60)

    def _typo(self) -> str:
        letters = list(self._word().lower())
        at = self._random.randrange(len(letters))
        letters[at : at + self._random.randint(0, 2)] = self._random.sample("aeioustrnxqzø", self._random.randint(0, 2))
        return "".join(letters)

    def _sentence(self) -> str:
        text = self._random.choice(self._texts)
        start = self._random.randrange(len(text))
        return text[start : start + self._random.randint(1, 300)]

    def _pasted(self) -> str:
        pasted = ""
        while len(pasted) < PASTE:
            pasted += self._random.choice(self._texts) + "\n\n"
        return pasted[self._random.randint(0, 50) : self._random.choice((PASTE, 2 * PASTE))]

    def _characters(self) -> str:
        highest = self._random.choice((0x7F, 0x7FF, 0xFFFF, sys.maxunicode))
        return "".join(chr(self._random.randint(0, highest)) for _ in self._some(2000))

    def _spoil(self, text: str) -> str:
        at = self._random.randrange(len(text) + 1)
        match self._random.randrange(5):
            case 0:
                return text[at:]
            case 1:
                return text + self._any(FIELDS, SIGNS, OPERATORS) + text
            case 2:
                pieces = text.split(" ")
                self._random.shuffle(pieces)
                return " ".join(pieces)
            case 3:
                return text[:at] + self._any(SIGNS, FIELDS, list(SCRIPTS.values()), NUMBERS) + text[at:]
            case _:
                return text.swapcase()

"""bm25s."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from queries import Mode

from peers.base import Found, Parsed, Peer


class Bm25s(Peer):
    """bm25s on numpy: one field only, without positions; weights by repeating the title."""

    name = "bm25s"
    package = "bm25s"
    has_snippets = False
    note = "bm25s has one field (title twice, keywords, answer), no positions, no stored fields and no snippets"

    def __init__(self) -> None:
        import Stemmer

        self._stemmer = Stemmer.Stemmer("english")

    def index(self, articles: Sequence[Parsed], folder: Path) -> None:
        import bm25s

        texts = [f"{a.title}\n{a.title}\n{keywords}\n{a.answer}" for a, keywords, _ in articles]
        engine = bm25s.BM25()
        engine.index(self._tokens(texts), show_progress=False)
        engine.save(str(folder))
        with (folder / "stored.jsonl").open("w", encoding="utf-8") as stored:
            for a, keywords, rest in articles:
                stored.write(json.dumps([a.id, a.title, a.answer, keywords, rest], ensure_ascii=False) + "\n")

    def open(self, folder: Path) -> None:
        import bm25s

        self._engine = bm25s.BM25.load(str(folder), load_corpus=False)
        with (folder / "stored.jsonl").open(encoding="utf-8") as stored:
            self._stored = [Found(*json.loads(line)) for line in stored]

    def search(self, text: str, limit: int, mode: Mode) -> list[Found]:
        (words,) = self._tokens([text])
        if mode == "all":
            return [self._stored[place] for place in self._holding_all(words, limit)]
        places, scores = self._engine.retrieve([words], k=min(limit, len(self._stored)), show_progress=False)
        # It fills up with articles that hold none of the words.
        return [self._stored[place] for place, score in zip(places[0], scores[0], strict=True) if score > 0]

    def search_with_snippets(self, text: str, limit: int, mode: Mode) -> list[Found]:
        raise NotImplementedError("bm25s makes no snippets; has_snippets says so")

    def _holding_all(self, words: list[str], limit: int) -> list[int]:
        scores = np.array([self._engine.get_scores([word]) for word in words])
        holding = (scores > 0).all(axis=0).nonzero()[0]
        best: list[int] = holding[np.argsort(-scores[:, holding].sum(axis=0), kind="stable")[:limit]].tolist()
        return best

    def _tokens(self, texts: list[str]) -> list[list[str]]:
        import bm25s

        return bm25s.tokenize(texts, stemmer=self._stemmer, return_ids=False, show_progress=False)

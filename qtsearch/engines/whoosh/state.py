"""What is written beside each commit: how the index was made and when. One small JSON file a commit."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path

import whoosh

from qtsearch.engines.base import Recipe
from qtsearch.errors import IndexDamaged

ENGINE_NAME = f"whoosh {'.'.join(map(str, whoosh.__version__))}"


def file_name(generation: int) -> str:
    """Return the name of the file that belongs to a commit."""
    return f"commit-{generation}.json"


@dataclass(frozen=True, slots=True)
class CommitState:
    """Everything about a commit that is not in its segments.

    Attributes:
        folder: the index folder.
        generation: number of the commit.
        recipe: how it was made.
        committed: when, in UTC.
        engine: name and version of what wrote it.
    """

    folder: Path
    generation: int
    recipe: Recipe
    committed: datetime.datetime
    engine: str = ENGINE_NAME

    def bytes(self) -> int:
        """Return the size of all files in the index folder."""
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())

    def write(self) -> None:
        """Write the file. The commit that it belongs to becomes visible only afterwards."""
        content = {
            "schema_version": self.recipe.schema_version,
            "analyzer": dict(self.recipe.analyzer),
            "articles_folder": self.recipe.articles_folder,
            "committed": self.committed.isoformat(),
            "engine": self.engine,
        }
        text = json.dumps(content, indent=1) + "\n"
        (self.folder / file_name(self.generation)).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, generation: int) -> CommitState:
        """Read the file of a commit.

        Raises:
            FileNotFoundError: it is not there.
            IndexDamaged: it is not what ``write`` wrote.
        """
        path = folder / file_name(generation)
        text = path.read_bytes()
        try:
            content = json.loads(text)
            recipe = Recipe(int(content["schema_version"]), dict(content["analyzer"]), str(content["articles_folder"]))
            committed = datetime.datetime.fromisoformat(content["committed"])
            return cls(folder, generation, recipe, committed, str(content["engine"]))
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"{path} is damaged ({error}); mend it with: qtsearch reindex --full") from error

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qtsearch

SEEDS = Path(__file__).parents[2] / "seeds"
ENVIRON = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color", "PYTHONWARNINGS": "error"}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A folder with the project's own article, indexed. Tests only read it."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SEEDS, folder / "seeds")
    qtsearch.reindex(folder / "seeds", folder / "index")
    return folder


@pytest.fixture
def seeds(tmp_path):
    """A folder with the project's own article, not indexed yet."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    return tmp_path


@pytest.fixture
def at_site(site, monkeypatch):
    """The working directory is the indexed folder, and the environment says nothing."""
    monkeypatch.chdir(site)
    for name in ("NO_COLOR", "FORCE_COLOR", "PAGER", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return site


def run(*words, cwd, env=None, **options):
    """Run the real program with its output in pipes."""
    return subprocess.run(
        [sys.executable, "-m", "qtsearch", *words],
        cwd=cwd,
        env={**ENVIRON, **(env or {})},
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        **{"capture_output": True, **options},
    )

"""What ``docs/cron.md`` tells people to paste works, in an empty environment."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qtsearch.articles.library import Library
from tests.folders import SEEDS, titles

ROOT = Path(__file__).parent.parent
PAPER = (ROOT / "docs" / "cron.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

BROKEN = "---\ntitle: [one, two\n---\n\nAnswer.\n"


def fenced(language: str) -> list[str]:
    return [body for found, body in FENCE.findall(PAPER) if found == language]


def crontab_command() -> str:
    """What cron hands to the shell: the line behind its five fields of time."""
    [line] = fenced("crontab")
    *times, command = line.strip().split(maxsplit=5)
    assert all(re.fullmatch(r"[\d*/,-]+", time) for time in times)
    assert "%" not in command, "cron ends a line at a percent sign"
    return command


def service() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # systemd minds capitals
    parser.read_string(fenced("ini")[0])
    return parser["Service"]


def from_cron(home: Path) -> list[str]:
    return ["env", "-i", f"HOME={home}", "sh", "-c", crontab_command()]


def from_systemd(home: Path) -> list[str]:
    """What systemd runs: it splits the line into words first, and then puts in the home folder."""
    words = [word.replace("%h", str(home)) for word in shlex.split(service()["ExecStart"])]
    return in_folder(service()["WorkingDirectory"].replace("%h", str(home)), words)


def in_folder(folder: str, words: list[str]) -> list[str]:
    return ["env", "-i", "sh", "-c", 'cd "$0" && exec "$@"', folder, *words]


def by_hand(home: Path) -> list[str]:
    """The line that people are told to try; it prints a status of its own."""
    [line] = [body for body in fenced("sh") if "env -i" in body]
    return ["sh", "-c", f"HOME={shlex.quote(str(home))}; {line}"]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd="/", capture_output=True, check=False, encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with ``qtsearch`` in it, installed, and the article of ``seeds``."""
    place = tmp_path / "a home"
    program = place / "qtsearch" / ".venv" / "bin" / "qtsearch"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m qtsearch "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    shutil.copytree(SEEDS, place / "qtsearch" / "seeds")
    return place


@pytest.fixture(params=[from_cron, from_systemd], ids=["cron", "systemd"])
def command(request: pytest.FixtureRequest, home: Path) -> list[str]:
    return request.param(home)  # type: ignore[no-any-return]


def test_it_is_silent_and_succeeds_when_all_is_well(command: list[str], home: Path):
    for _ in range(2):  # the first run builds the index, the second finds nothing changed
        done = run(command)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    indexed = titles(home / "qtsearch" / "index")
    assert list(indexed) == [file.path for file in Library(SEEDS).scan().files]


def test_it_names_a_broken_article_and_fails(command: list[str], home: Path):
    (home / "qtsearch" / "seeds" / "broken.md").write_text(BROKEN, encoding="utf-8")
    for _ in range(2):  # and says so again until it is mended
        done = run(command)
        assert (done.returncode, done.stdout) == (1, "")
        assert re.fullmatch(r"qtsearch: broken\.md:\d+: .+; .+\n", done.stderr)
    assert len(titles(home / "qtsearch" / "index")) == 1


def test_it_says_so_when_the_folder_of_articles_is_gone(command: list[str], home: Path):
    shutil.rmtree(home / "qtsearch" / "seeds")
    done = run(command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "seeds" in done.stderr


def test_the_line_to_try_by_hand_does_the_same(home: Path):
    assert crontab_command() in by_hand(home)[2]
    done = run(by_hand(home))
    assert (done.stdout, done.stderr) == ("status 0\n", "")


def test_the_line_for_the_start_of_a_service_builds_an_index_once(home: Path):
    [line] = [body for body in fenced("sh") if "--if-needed" in body]
    for _ in range(2):
        done = run(in_folder(str(home / "qtsearch"), ["sh", "-c", line]))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(titles(home / "qtsearch" / "index")) == 1


def test_the_service_and_the_crontab_run_the_same():
    words = shlex.split(service()["ExecStart"])
    assert words[0] == f"{service()['WorkingDirectory']}/.venv/bin/qtsearch"
    assert crontab_command().endswith(f".venv/bin/qtsearch {shlex.join(words[1:])}")


def test_the_readme_shows_the_same_line():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [body for found, body in FENCE.findall(readme) if found == "crontab"] == fenced("crontab")


def test_the_timer_belongs_to_the_service():
    assert ".config/systemd/user/qtsearch.service" in PAPER
    assert ".config/systemd/user/qtsearch.timer" in PAPER
    timer = configparser.ConfigParser(interpolation=None)
    timer.read_string(fenced("ini")[1])
    assert timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"

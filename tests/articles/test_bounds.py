"""Hostile files, each read in a process of its own under hard limits of time and memory.

Three million lines take about two seconds of processor time by themselves, more on a slow and busy machine. Their limit
stands above that, and far below what reading would take that grew faster than the file.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

READ = """
import resource, sys
from pathlib import Path
from qtsearch.articles.front_matter import read_article
from qtsearch.errors import ArticleError
read_article(Path("a"), "a", b"---\\ntitle: T\\nanswer: a *b*\\n---\\n")
data = eval(sys.argv[1])
used = resource.getrusage(resource.RUSAGE_SELF)
seconds = int(used.ru_utime + used.ru_stime) + 1 + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
pages = int(Path("/proc/self/statm").read_text().split()[0])
size = pages * resource.getpagesize() + int(sys.argv[3]) * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (size, size))
try:
    article, problems = read_article(Path("a"), "a", data)
    print("article", len(article.answer_text))
except ArticleError as error:
    print(error)
"""
LAUGHS = "''.join(f'a{i}: &a{i} [' + ', '.join([f'*a{i-1}'] * 9) + ']\\n' for i in range(1, 30))"
MERGES = "''.join('a%d: &a%d {<<: [%s]}\\n' % (i, i, ', '.join(['*a%d' % (i - 1)] * 9)) for i in range(1, 30))"

REFUSED = {
    "alias bomb": ("'a0: &a0 [x]\\n' + " + LAUGHS, "more than 10,000"),
    "merge bomb": ("'a0: &a0 {x: y}\\n' + " + MERGES, "more than 10,000"),
    "endless alias": ("'a: &a [*a, *a]\\n'", "more than 10,000"),
    "100,000 keys": ("''.join(f'k{i}: v\\n' for i in range(100_000))", "more than 10,000"),
    "brackets": ("'a: ' + '[' * 5_000_000 + '\\n'", "more than 50 deep"),
    "braces": ("'a: ' + '{a: ' * 2_000_000 + '\\n'", "more than 50 deep"),
    "dashes": ("'a:\\n' + '- ' * 60_000 + '\\n'", "more than 50 deep"),
    "question marks": ("'? ' * 1_000_000 + '\\n'", "more than 50 deep"),
    "indentation": ("''.join(' ' * i + 'a:\\n' for i in range(4_000))", "more than 50 deep"),
    "directives": ("''.join(f'%TAG !a{i}! b\\n' for i in range(300_000))", "directive"),
    "empty lists": ("'a: [' + '[],' * 2_000_000 + ']\\n'", "more than 10,000"),
}
READABLE = {
    "one long line": ("''", "'word ' * 1_900_000"),
    "many lines": ("''", "'_a\\n' * 3_000_000"),
    "one long paragraph": ("''", "'a line of words\\n' * 600_000"),
    "open brackets": ("''", "'[' * 9_000_000"),
    "open links": ("''", "'[a](' * 2_000_000"),
    "quotes": ("''", "'>' * 5_000_000"),
    "nested images": ("''", "'![' * 700 + 'a' + '](b)' * 700"),
    "combining marks": ("''", "'a' + '\\u0316\\u0301' * 2_000_000"),
    "open comments": ("''", "'<!--' * 20_000"),
    "duplicate keys": ("'a: b\\n' * 4_000", "'x'"),
    "long scalar": ("'answer: >-\\n' + '  word\\n' * 1_000_000", "''"),
    "blank lines": ("'\\n' * 9_000_000", "'x'"),
}
SLOW = {"many lines": 15}
"""Seconds of those that take longer than two on a slow machine."""


def read(front_matter: str, body: str, seconds: int, megabytes: int) -> str:
    data = f"('---\\ntitle: T\\n' + {front_matter} + '---\\n' + {body}).encode()"
    command = [sys.executable, "-c", READ, data, str(seconds), str(megabytes)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.count("\n") == 1
    return done.stdout


@pytest.mark.parametrize("name", REFUSED)
def test_refused_within_a_second_and_200_megabytes(name):
    front_matter, what = REFUSED[name]
    assert what in read(front_matter, "'x'", 1, 200)


@pytest.mark.parametrize("name", READABLE)
def test_read_within_two_seconds(name):
    front_matter, body = READABLE[name]
    assert read(front_matter, body, SLOW.get(name, 2), 1000).startswith("article")

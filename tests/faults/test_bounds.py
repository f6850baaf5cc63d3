"""Hostile articles and queries on the real command line, under hard limits of processor time and memory."""

import subprocess
import sys

import pytest

import qtsearch

ARTICLES = 500
SECONDS = 2

LIMITED = """
import resource, sys
from pathlib import Path
from qtsearch.cli import main
import qtsearch.engines.whoosh.store, qtsearch.index
def limit(seconds, megabytes):
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime + 0.5) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    size = pages * resource.getpagesize() + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
words = [eval(word[1:]) if word.startswith("=") else word for word in sys.argv[1:]]
limit(%d, 700)
sys.exit(main(words))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs the limits of Linux")

QUERIES = {
    "10,000 terms": "' '.join(f'word{n}' for n in range(10_000))",
    "10,000 excluded terms": "' '.join(f'-word{n}' for n in range(10_000))",
    "10,000 times the same": "'insulin ' * 10_000",
    "2,000 parentheses": "'(' * 2_000 + 'insulin' + ')' * 2_000",
    "2,000 open parentheses": "'(insulin ' * 2_000",
    "2,000 NOTs": "'NOT ' * 2_000 + 'insulin'",
    "wildcards": "'*a*b*c*d*'",
    "many wildcards": "'*a*' * 400",
    "stars": "'*' * 5_000",
    "question marks": "'?' * 5_000",
    "fuzzy": "'a~2'",
    "very fuzzy": "'insulin~9'",
    "every word fuzzy": "' '.join(f'insulin{n}~2' for n in range(200))",
    "prefix of every term": "'t*'",
    "five prefixes of half the terms": "'t1* t2* t3* t4* t5*'",
    "two hundred prefixes": "'{}'".format(" ".join(f"t{number % 10}*" for number in range(200))),
    "long phrase": "chr(34) + 'insulin ' * 3_000 + chr(34)",
    "near": "chr(34) + 'insulin and liver' + chr(34) + '~999999999'",
    "one long word": "'a' * 1_000_000",
    "control characters": "''.join(map(chr, range(1, 32))) * 100 + 'insulin'",
    "bidi and surrogates": "'\\u202e\\u2066\\ud800' * 500 + 'insulin'",
    "combining marks": "'a' + '\\u0316\\u0301' * 5_000",
    "field after field": "'title:' * 3_000 + 'insulin'",
    "boosts": "'insulin^9999999999999999999999 ' * 500",
    "dates": "'date:[0000 TO 99999999999] ' * 500",
    "new lines": "'insulin\\n' * 5_000",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Many terms that begin alike, in articles with a common word."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "articles").mkdir()
    for number in range(ARTICLES):
        terms = " ".join(f"t{number * 60 + k}" for k in range(60))
        text = f"---\ntitle: Insulin {number}\n---\n\nInsulin and liver, abcd. {terms}\n"
        (folder / "articles" / f"{number}.md").write_text(text)
    assert qtsearch.reindex(folder / "articles", folder / "index").documents == ARTICLES
    return folder


def run(folder, *words, seconds=SECONDS):
    command = [sys.executable, "-c", LIMITED % seconds, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_ends_in_an_answer(site, name):
    done = run(site, "search", "--articles", "articles", "--json", "--", f"={QUERIES[name]}")
    assert done.returncode in (0, 1), (done.returncode, done.stderr[-500:])
    assert '"total"' in done.stdout
    assert all(line.startswith("qtsearch: ") for line in done.stderr.splitlines())


FRONT = "---\ntitle: T\nanswer: a\n{}---\n"
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]\n" for i in range(1, 30))
HOSTILE = {
    "alias bomb": FRONT.format(LAUGHS),
    "a line of 50 MB": FRONT.format("") + "word " * 10_000_000,
    "front matter of 50 MB": FRONT.format("x: " + "y" * 50_000_000 + "\n"),
    "100,000 keys": FRONT.format("".join(f"k{i}: v\n" for i in range(100_000))),
    "brackets": FRONT.format("a: " + "[" * 200_000 + "\n"),
    "indentation": FRONT.format("".join(" " * i + "a:\n" for i in range(2_000))),
    "quotes": FRONT.format("") + ">" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_every_article_ends_in_an_answer_or_one_line(tmp_path, name):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "hostile.md").write_text(HOSTILE[name])
    (tmp_path / "seeds" / "sound.md").write_text("---\ntitle: Sound\nanswer: a\n---\n")
    done = run(tmp_path, "reindex")
    assert done.returncode in (0, 1), (done.returncode, done.stderr[-500:])
    lines = done.stderr.splitlines()
    assert len(lines) == done.returncode
    assert all(line.startswith("qtsearch: hostile.md") for line in lines)
    with qtsearch.open(tmp_path / "index") as index:
        assert index.get("sound.md").title == "Sound"


NAMES = ["new\nline.md", "\x1b[31mred.md", "\u202egpj.md", "\udcff.md", "a" * 250 + ".md", "..md", " .md", "-n.md"]


def test_hostile_names_and_titles(tmp_path):
    """Each becomes an article or one line; nothing that a terminal would obey is ever printed."""
    (tmp_path / "seeds").mkdir()
    for number, name in enumerate(NAMES):
        title = "\\e[2J\\a\\u202e\\u2066 Title\\nof" + str(number)
        (tmp_path / "seeds" / name).write_text(f'---\ntitle: "{title}"\nanswer: "\\e]0;owned\\a insulin"\n---\n')
    done = run(tmp_path, "reindex", "--articles", "seeds")
    assert done.returncode in (0, 1)
    for words in (["insulin"], ["insulin", "--color", "always"], ["check"], ["stats"], ["insulin", "--paths"]):
        shown = run(tmp_path, *words)
        assert shown.returncode in (0, 1), shown.stderr
        text = shown.stdout + shown.stderr + done.stderr
        assert "\u202e" not in text
        assert "\x1b[2J" not in text
        assert "\x1b]0" not in text
        assert "\x07" not in text

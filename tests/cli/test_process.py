"""The real program: pipes, signals, exit statuses, a real terminal."""

import contextlib
import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from qtsearch.cli.words import COMMANDS
from qtsearch.engines import store_at

from .conftest import ENVIRON, run
from .test_commands import TITLE

PROGRAM = [sys.executable, "-m", "qtsearch"]


def run_on_terminal(*words, cwd, rows=24, columns=80, env=None):
    """Run the real program on a pseudo-terminal; returns status and all that the terminal was sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [*PROGRAM, *words],
        cwd=cwd,
        env={**ENVIRON, "PAGER": "cat", **(env or {})},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    sent = b""
    with contextlib.suppress(OSError):  # EIO: the last program has let go of the terminal
        while piece := os.read(ours, 65536):
            sent += piece
    os.close(ours)
    return process.wait(), sent.decode("utf-8").replace("\r\n", "\n")


def without_escapes(text):
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", text)


@pytest.mark.parametrize(
    ("words", "status"),
    [(["HCC"], 0), (["zebra"], 1), (["--sort", "size", "HCC"], 2)],
)
def test_exit_status(site, words, status):
    done = run(*words, cwd=site)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert (done.stderr == "") == (status != 2)


def test_a_second_writer_exits_75_and_names_the_first(site):
    with store_at(site / "index").lock(0.0):
        done = run("reindex", cwd=site)
        quiet = run("reindex", "--quiet", "--wait", "0.01", cwd=site)
        searched = run("HCC", cwd=site)
    for busy in (done, quiet):
        assert busy.returncode == 75
        assert busy.stdout == ""
        assert busy.stderr.count("\n") == 1
        assert str(os.getpid()) in busy.stderr
    assert "or use --wait SECONDS" in done.stderr
    assert quiet.stderr.endswith(" after 0.01 s; try again later or wait longer\n")
    assert searched.returncode == 0


def test_a_reader_that_goes_away_is_no_error(site):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = run("HCC", "--json", cwd=site, capture_output=False, stdout=pipe, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", ["HCC", "", "-h", "search -h", "--version", "completion bash", "show 97061 --json"])
def test_a_full_disk_is_one_line(site, words, unbuffered):
    env = {"PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w") as full:
        done = run(*words.split(), cwd=site, env=env, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, "qtsearch: cannot write the output: No space left on device\n")


def test_a_program_keeps_its_streams_as_they_were(site):
    code = "import sys; from qtsearch.cli import main; main(['HCC']); main(['-x']); print(sys.stdout.errors)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=site,
        env={**ENVIRON, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "strict"


@pytest.mark.parametrize("closed", [">&-", "2>&- <&-"])
def test_closed_streams_do_no_harm(site, closed):
    command = f"{sys.executable} -m qtsearch HCC {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=site, env=ENVIRON, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


NOWHERE = ["--index", "nowhere", "--articles", "nowhere", "x"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["-n", "x", "alpha"], 2),
        (NOWHERE, 2),
        ([*NOWHERE, "--debug"], 2),
        (["HCC"], 0),
        (["foo:HCC"], 0),  # with a notice
        (["foo:zebra"], 1),
        (["show", "12345"], 2),
    ],
)
def test_what_cannot_be_said_changes_no_exit_status(site, words, status):
    reading, writing = os.pipe()
    os.close(reading)
    for stderr in (os.open("/dev/full", os.O_WRONLY), writing):
        done = run(*words, cwd=site, capture_output=False, stdout=subprocess.PIPE, stderr=stderr)
        os.close(stderr)
        assert done.returncode == status
        assert (TITLE in done.stdout) == (status == 0)


def test_a_program_keeps_its_stderr_where_something_could_not_be_said(site):
    # A disk that is full for a while: the stream of the program still leads there.
    code = "import os; from qtsearch.cli import main; print(main(['-n', 'x', 'y']), os.readlink('/proc/self/fd/2'))"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", code], cwd=site, env=ENVIRON, stdout=-1, stderr=full, text=True)
    assert (done.returncode, done.stdout) == (0, "2 /dev/full\n")


def test_ctrl_c_is_one_line_and_status_130(site, tmp_path):
    fifo = tmp_path / "config.toml"
    os.mkfifo(fifo)
    # What is started in the background of a script, as tests may be, ignores the signal, and so do its children.
    process = subprocess.Popen(
        [*PROGRAM, "--config", str(fifo), "HCC"],
        cwd=site,
        env=ENVIRON,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with fifo.open("w"):  # opens when the program has begun to read its configuration
        for _ in range(60):
            # A signal that comes in the instant before the program begins to wait does not wake it; the next one does.
            process.send_signal(signal.SIGINT)
            try:
                _, said = process.communicate(timeout=1)
                break
            except subprocess.TimeoutExpired:
                continue
    assert (process.returncode, said) == (130, "qtsearch: interrupted\n")


INTERRUPTED_IMPORT = """
import runpy, sys
class Interrupt:
    def find_spec(name, path=None, target=None):
        if name == sys.argv[1]:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt)
runpy.run_module("qtsearch", run_name="__main__")
"""


@pytest.mark.parametrize("module", ["qtsearch.cli", "gc", "qtsearch.cli.process", "qtsearch.config", "numpy"])
def test_ctrl_c_while_the_program_starts_is_no_traceback(site, module):
    words = [sys.executable, "-c", INTERRUPTED_IMPORT, module]
    done = subprocess.run(words, cwd=site, env=ENVIRON, capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr in ("", "qtsearch: interrupted\n")


INTERRUPTED_RUN = """
import sys
from qtsearch.cli import main, process
def raise_(error): raise error
class Lost:
    def __del__(self): raise_(KeyboardInterrupt)
def search(text, *_):
    exec(text, globals())
    return 0
process._search = search
sys.exit(main())
"""


@pytest.mark.parametrize("where", ["Lost()", "raise_(KeyboardInterrupt)"])
def test_ctrl_c_in_a_callback_or_in_made_code_is_one_line_too(site, where):
    words = [sys.executable, "-c", INTERRUPTED_RUN, where]
    done = subprocess.run(words, cwd=site, env=ENVIRON, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "qtsearch: interrupted\n")


@pytest.mark.parametrize(
    ("encoding", "mark", "dot"), [("ascii", "->", "-"), ("latin-1", "->", "·"), ("utf-8", "→", "·")]
)
def test_our_own_signs_have_stand_ins_and_json_loses_none(site, encoding, mark, dot):
    env = {**ENVIRON, "PYTHONIOENCODING": encoding}

    def written(*words):
        return subprocess.run([*PROGRAM, *words], cwd=site, env=env, capture_output=True, check=True).stdout

    assert f"\n{mark} What are" in written("related", "97061").decode(encoding)
    assert f"Medicine {dot} 2024" in written("HCC").decode(encoding)
    assert json.loads(written("HCC → ü", "--json").decode(encoding))["query"] == "HCC → ü"
    assert json.loads(written("HCC", "--jsonl").decode(encoding))["title"] == TITLE


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_any_encoding_of_the_output(site, encoding):
    env = {**ENVIRON, "PYTHONIOENCODING": encoding}
    done = subprocess.run([*PROGRAM, "HCC"], cwd=site, env=env, capture_output=True, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert TITLE in done.stdout


def test_without_any_environment(site):
    done = subprocess.run([*PROGRAM, "HCC"], cwd=site, env={}, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_words_that_are_no_utf8(site):
    done = subprocess.run([*PROGRAM, b"\xff\xfe HCC"], cwd=site, env=ENVIRON, capture_output=True)
    assert done.returncode in (0, 1)
    assert done.stderr == b""


def test_a_terminal_gets_links_and_colours_within_its_width(site):
    status, sent = run_on_terminal("HCC", "immunotherapy", cwd=site, columns=60)
    assert status == 0
    assert re.search(r"\x1b\]8;id=\d+;file://[^\x1b]*/seeds/what-are-[a-z-]*\.md\x1b\\", sent)
    assert "\x1b[1;31mHCC\x1b[0m" in sent
    assert max(map(len, without_escapes(sent).split("\n"))) <= 60


@pytest.mark.parametrize(
    ("words", "env"),
    [
        ([], {"NO_COLOR": "1"}),
        (["--color", "never"], {}),
        ([], {"TERM": "dumb"}),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
    ],
)
def test_a_terminal_without_colours(site, words, env):
    status, sent = run_on_terminal("HCC", *words, cwd=site, env=env)
    assert status == 0
    assert "\x1b" not in sent
    assert max(map(len, sent.split("\n"))) <= 80


@pytest.mark.parametrize(("words", "env"), [([], {"FORCE_COLOR": "1"}), (["--color", "always"], {"NO_COLOR": "1"})])
def test_colours_in_a_pipe_when_forced(site, words, env):
    assert "\x1b[1;31mHCC\x1b[0m" in run("HCC", *words, cwd=site, env=env).stdout


@pytest.mark.parametrize("words", [["complete", "what are"], ["abbreviations"]])
def test_a_row_that_wraps_does_not_look_like_the_next_line(site, words):
    lines = run(*words, cwd=site).stdout.splitlines()
    rows = without_escapes(run_on_terminal(*words, cwd=site, columns=30)[1]).splitlines()
    assert len(rows) > len(lines)
    assert sum(not row.startswith("  ") for row in rows) == len(lines)


def test_notices_stand_above_the_hits_of_a_terminal(site):
    sent = run_on_terminal("foo:HCC", cwd=site)[1]
    assert without_escapes(sent).startswith("! ")


def test_long_output_goes_through_the_pager(site):
    shouting = {"PAGER": "tr a-z A-Z"}
    assert "HEPATOCELLULAR" in run_on_terminal("HCC", cwd=site, rows=10, env=shouting)[1]
    assert "HEPATOCELLULAR" not in run_on_terminal("HCC", cwd=site, rows=60, env=shouting)[1]
    assert "HEPATOCELLULAR" not in run_on_terminal("HCC", "--no-pager", cwd=site, rows=10, env=shouting)[1]
    assert "HEPATOCELLULAR" not in run("HCC", cwd=site, env=shouting).stdout


@pytest.mark.parametrize("words", [["check"], ["related", "97061"]])
def test_long_lists_go_through_the_pager_too(site, words):
    shouting = {"PAGER": "tr a-z A-Z"}
    assert "CHOLANGIOCARCINOMA" in run_on_terminal(*words, cwd=site, rows=5, env=shouting)[1]
    assert "CHOLANGIOCARCINOMA" not in run_on_terminal(*words, "--no-pager", cwd=site, rows=5, env=shouting)[1]


def test_a_dumb_terminal_has_no_pager(site):
    status, sent = run_on_terminal("HCC", cwd=site, rows=10, env={"PAGER": "tr a-z A-Z", "TERM": "dumb"})
    assert status == 0
    assert "HEPATOCELLULAR" not in sent


@pytest.mark.parametrize("pager", ["no-such-pager", "'"])
def test_a_pager_that_cannot_be_used_is_left_out(site, pager):
    status, sent = run_on_terminal("show", "97061", cwd=site, rows=10, env={"PAGER": pager})
    assert status == 0
    assert TITLE in without_escapes(sent)


def test_a_pager_that_stops_early_is_no_error(site):
    status, sent = run_on_terminal("show", "97061", cwd=site, rows=10, env={"PAGER": "head -n 1"})
    assert status == 0
    assert without_escapes(sent) == TITLE + "\n"


def test_a_reindex_shows_its_progress_on_a_terminal_only(seeds):
    status, sent = run_on_terminal("reindex", cwd=seeds)
    assert status == 0
    assert "reading articles" in sent
    assert "1 added" in without_escapes(sent)
    assert run("reindex", "--full", cwd=seeds).stderr == ""
    assert "reading articles" not in run_on_terminal("reindex", "--full", "--quiet", cwd=seeds)[1]


def test_an_evaluation_shows_its_progress_on_a_terminal(site, tmp_path):
    (tmp_path / "topics").write_text("1\tHCC\n" + "".join(f"{n}\tzebra\n" for n in range(2, 1_002)))
    (tmp_path / "qrels").write_text("1 0 97061 1\n")
    words = ["eval", str(tmp_path / "topics"), str(tmp_path / "qrels")]
    assert re.search(r"searching for the topics .* +0/1,001", without_escapes(run_on_terminal(*words, cwd=site)[1]))
    assert run(*words, cwd=site).stderr == ""


def test_a_reindex_that_waits_says_so_at_once_and_draws_no_bar_yet(site):
    with store_at(site / "index").lock(0.0):
        status, waited = run_on_terminal("reindex", "--wait", "0.01", cwd=site)
        asked = run_on_terminal("reindex", cwd=site)[1]
    assert status == 75
    assert "waiting until no other process writes" in waited
    assert "waiting" not in asked
    assert "looking for changes" in asked
    assert "0/?" not in waited + asked


@pytest.mark.parametrize("words", [["reindex"], ["check", "--verify"]])
def test_a_terminal_that_cannot_draw_gets_no_bar_and_no_empty_line(site, words):
    sent = run_on_terminal(*words, cwd=site, env={"TERM": "dumb"})[1]
    assert sent.count("\n") == 1
    assert sent[0].isalnum()
    assert "\x1b" not in sent


@pytest.mark.parametrize("words", [["reindex", "--full"], ["check"], ["check", "--verify"]])
def test_without_colours_there_are_none_in_the_bars_either(seeds, words):
    run("reindex", cwd=seeds)
    colour = re.compile(r"\x1b\[[0-9;]+m")
    assert not colour.search(run_on_terminal(*words, "--color", "never", cwd=seeds)[1])
    assert not colour.search(run_on_terminal(*words, cwd=seeds, env={"NO_COLOR": "1"})[1])
    assert colour.search(run_on_terminal(*words, cwd=seeds)[1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["reindex", "--full"], "reading articles 0/1\r"),
        (["check"], "comparing the index with the folder\n"),
        (["check", "--verify"], "verifying the index "),
    ],
)
def test_on_a_narrow_terminal_words_and_numbers_are_whole(seeds, words, said):
    run("reindex", cwd=seeds)
    sent = without_escapes(run_on_terminal(*words, cwd=seeds, columns=40)[1])
    assert said in sent
    assert "━" not in sent


def test_a_check_says_what_it_does_and_only_a_verification_counts_bytes(site):
    # The bar is drawn ten times a second; this check is over before that, but for the last time.
    compared = run_on_terminal("check", cwd=site)[1]
    verified = run_on_terminal("check", "--verify", cwd=site)[1]
    assert "comparing the index with the folder" in compared
    assert "bytes" not in compared.split("4 related links")[0]
    assert "verifying the index" in verified
    assert re.search(r"\d/\d+\.\d kB", without_escapes(verified))


def test_a_hostile_article_does_not_control_the_terminal(tmp_path):
    (tmp_path / "seeds").mkdir()
    title = "evil \\e[31mred\\e]0;owned\\a \\u202e [bold]markup[/bold] \\x9b1m"
    text = f'---\nid: 1\ntitle: "{title}"\nurl: "https://e.org/\\e]0;x\\a"\n---\nevil &#x202e; [x](javascript:x)\n'
    (tmp_path / "seeds" / "a.md").write_text(text, "utf-8")
    for words in (["evil"], ["show", "1"], ["related", "1"], ["evil", "--json"]):
        sent = run_on_terminal(*words, cwd=tmp_path, rows=99)[1]
        bare = re.sub(r"\r|\x1b\[[0-9;?]*[a-zA-Z]", "", without_escapes(sent))  # our own, the progress bar's too
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", bare)
        assert "javascript" not in "".join(re.findall(r"\x1b\]8;[^\x1b]*", sent))
    assert "[bold]markup[/bold]" in run("evil", cwd=tmp_path).stdout


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_breaks_no_word_on_a_narrow_terminal(site, command):
    narrow, wide = (run(*command.split(), "--help", cwd=site, env={"COLUMNS": width}).stdout for width in ("40", "99"))
    assert re.findall(r"\w+", narrow) == re.findall(r"\w+", wide)
    assert max(map(len, narrow.splitlines())) <= (60 if command in ("", "completion") else 40)  # some have examples


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_commands_that_store_a_completion_script_can_be_pasted(site, tmp_path, shell):
    program = tmp_path / "qtsearch"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m qtsearch "$@"\n', "utf-8")
    program.chmod(0o755)
    env = {**ENVIRON, "PATH": f"{tmp_path}:{ENVIRON['PATH']}", "HOME": str(tmp_path / "home")}
    shown = run("completion", "--help", cwd=site).stdout.split(f"For {shell}", 1)[1].split("\n\n")[1]
    subprocess.run(["sh", "-e", "-c", shown], env=env, check=True)
    [script] = (path for path in (tmp_path / "home").rglob("*qtsearch*") if path.is_file())
    assert f"_QTSEARCH_COMPLETE={shell}_complete" in script.read_text()


def test_bash_completes_commands_and_options(site, tmp_path):
    program = tmp_path / "qtsearch"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m qtsearch "$@"\n', "utf-8")
    program.chmod(0o755)
    env = {**ENVIRON, "PATH": f"{tmp_path}:{ENVIRON['PATH']}"}
    script = """
        eval "$(qtsearch completion bash)"
        answer() { _qtsearch_completion qtsearch; echo "${COMPREPLY[@]}"; }
        try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); answer; }
        try qtsearch rei
        try qtsearch reindex --dr
        try qtsearch HCC --so
        try qtsearch HCC --sort da
    """
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    done = subprocess.run([bash, "--norc", "-c", script], env=env, cwd=site, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["reindex", "--dry-run", "--sort", "date"]


def test_a_plain_search_in_a_pipe_imports_nothing_that_it_does_not_need(site):
    code = "import sys; from qtsearch.cli import main; main(['HCC']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=site, env=ENVIRON, capture_output=True, text=True)
    loaded = set(done.stderr.split())
    assert "qtsearch.cli.hits" in loaded
    assert not loaded & {"rich", "rich.console", "markdown_it", "frontmatter", "qtsearch.cli.styled"}
    assert not loaded & {"whoosh", "yaml", "tomllib", "calendar", "subprocess", "multiprocessing", "importlib.metadata"}
    assert not loaded & {"click", "qtsearch.cli.forms", "qtsearch.scoring.word_list"}
    assert not any(name.endswith("writer") for name in loaded)


SETTINGS = "print(gc.get_threshold()[0], os.environ.get('OPENBLAS_NUM_THREADS'))"


@pytest.mark.parametrize(
    ("call", "given", "settings"),
    [
        ("main()", {}, "100000 1"),
        ("main()", {"OPENBLAS_NUM_THREADS": "3"}, "100000 3"),
        ("main(['--version'])", {}, "700 None"),
    ],
)
def test_only_a_process_of_its_own_is_tuned(call, given, settings):
    code = f"import gc, os; from qtsearch.cli import main; gc.set_threshold(700); os._exit = id; {call}; {SETTINGS}"
    env = {key: value for key, value in ENVIRON.items() if key != "OPENBLAS_NUM_THREADS"} | given
    words = [sys.executable, "-c", code, "--version"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1] == settings


@pytest.mark.parametrize(
    ("call", "words", "status", "returns"),
    [
        ("main()", ["HCC"], 0, False),
        ("main()", ["zebra"], 1, False),
        ("main()", ["--sort", "size", "HCC"], 2, True),
        ("main(sys.argv[1:])", ["HCC"], 0, True),
    ],
)
def test_only_a_process_of_its_own_that_did_well_is_ended_at_once(site, call, words, status, returns):
    code = f"import sys; from qtsearch.cli import main; status = {call}; print('returned'); sys.exit(status)"
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=site, env=ENVIRON, capture_output=True, text=True)
    assert done.returncode == status
    assert done.stdout.endswith("returned\n") == returns


def test_the_command_line_itself_imports_no_engine():
    code = "import sys; import qtsearch.cli.process; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRON, capture_output=True, text=True)
    assert not set(done.stdout.split()) & {"rich", "numpy", "whoosh", "markdown_it", "yaml", "frontmatter"}

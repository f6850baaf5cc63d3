"""A worker answers in order, passes on what a task raises, and says when it ended."""

import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from qtsearch.engines.whoosh import worker_process
from qtsearch.engines.whoosh.worker_process import NoWorkers, WorkerProcess
from qtsearch.errors import IndexFault


@dataclass
class Count:
    files: int

    def run(self, advanced):
        print("what a library prints is no answer")
        for _ in range(self.files):
            advanced(1)
        return self.files * 2


@dataclass
class Fail:
    def run(self, advanced):
        raise ValueError("no such thing")


@pytest.fixture
def worker():
    worker = WorkerProcess()
    yield worker
    worker.close()


def test_answers_come_in_order(worker, capfd):
    seen = []
    futures = [worker.ask(Count(files), seen.append) for files in (3, 0, 2)]
    assert [future.result() for future in futures] == [6, 0, 4]
    assert seen == [1] * 5
    assert worker.waiting == 0


def test_what_a_task_raises_is_raised_here_and_the_worker_goes_on(worker):
    failing = worker.ask(Fail())
    with pytest.raises(ValueError, match="no such thing"):
        failing.result()
    assert worker.ask(Count(0)).result() == 0


def test_a_worker_that_was_ended_says_so(worker):
    worker.close()
    with pytest.raises(IndexFault, match="ended with status -9; look at memory and disk, run it again"):
        worker.ask(Count(0)).result()


def test_a_worker_that_talks_nonsense_is_ended(monkeypatch):
    said = "import sys; print('what'); sys.stdout.flush(); sys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    monkeypatch.setattr(worker_process, "start", lambda: subprocess.Popen([sys.executable, "-c", said], **pipes))
    worker = WorkerProcess()
    with pytest.raises(IndexFault, match="gave an answer that makes no sense"):
        worker.ask(Count(0)).result()
    worker.close()


def test_what_lies_in_the_working_directory_is_no_module_of_a_worker(tmp_path, monkeypatch):
    (tmp_path / "pickle.py").write_text("open('ran', 'w')")
    monkeypatch.chdir(tmp_path)
    worker = WorkerProcess()
    assert worker.ask(Count(3)).result() == 6
    worker.close()
    assert not (tmp_path / "ran").exists()


def test_a_worker_finds_what_an_interactive_python_finds(tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("class Task:\n    def run(self, advanced):\n        return 7\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    from only_here import Task

    worker = WorkerProcess()
    assert worker.ask(Task()).result() == 7
    worker.close()


def test_a_worker_without_threads_is_ended(monkeypatch):
    made = []
    start = worker_process.start
    monkeypatch.setattr(worker_process, "start", lambda: made.append(start()) or made[-1])

    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(worker_process.threading.Thread, "start", refuse)
    with pytest.raises(NoWorkers, match="can't start new thread"):
        worker_process.start_workers(2)
    assert [process.wait() for process in made] == [-9]
    for process in made:
        process.stdin.close()
        process.stdout.close()


def test_ctrl_c_in_a_terminal_does_not_reach_a_worker():
    worker = WorkerProcess()
    assert os.getpgid(worker._process.pid) != os.getpgid(0)
    worker.close()


def test_a_python_that_cannot_be_started_again_says_so(monkeypatch):
    monkeypatch.setattr(sys, "executable", None)
    with pytest.raises(NoWorkers, match=r"sys\.executable does not name the program"):
        worker_process.start_workers(1)

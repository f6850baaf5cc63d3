"""Whole processes from outside: how long they take, and how much memory they and their children use.

The process that calls this must be small: forking a large one takes time of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from timing import Seconds

SAMPLING_INTERVAL: Seconds = 0.01


class MeasurementError(Exception):
    """A measured command did not do its work, or cannot be measured here: any figure would mean nothing."""


def qtsearch(*arguments: str) -> list[str]:
    """Return a qtsearch command: the script beside this Python where it is installed, as a user would run it."""
    script = Path(sys.executable).with_name("qtsearch")
    return [str(script), *arguments] if script.exists() else python("-m", "qtsearch", *arguments)


def python(*arguments: str) -> list[str]:
    """Return a command for this Python."""
    return [sys.executable, *arguments]


def seconds(command: Sequence[str], cwd: Path) -> list[Seconds]:
    """Run a command with its output piped; return from start to end, as the one sample of a round.

    Raises:
        MeasurementError: its exit status is not 0.
    """
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=_environment(), capture_output=True, text=True)
    elapsed = time.perf_counter() - start
    _check(command, done.returncode, done.stderr)
    return [elapsed]


def peak_bytes(command: Sequence[str], cwd: Path) -> int:
    """Run a command and return the highest sum of memory over it and all its descendants (Linux).

    The command's own process counts in full (resident set size), its children by their share of what they have in
    common with others (proportional set size). Sampled every 10 ms; the first process's own peak is never missed.

    Raises:
        MeasurementError: its exit status is not 0, or this system does not say how much memory is in use.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        raise MeasurementError("memory cannot be measured without /proc; run this on Linux")
    peak = 0
    with subprocess.Popen(
        command, cwd=cwd, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None:
            children = sum(_bytes(pid, "smaps_rollup", "Pss:") for pid in _descendants(process.pid))
            now = _bytes(process.pid, "smaps_rollup", "Rss:") + children
            peak = max(peak, now, _bytes(process.pid, "status", "VmHWM:"))
            time.sleep(SAMPLING_INTERVAL)
        said = process.stderr.read() if process.stderr else ""
    _check(command, process.returncode, said)
    return peak


def _environment() -> dict[str, str]:
    """Return the environment without anybody's settings for qtsearch, as an installed program finds it.

    Where Python must not write bytecode, every run would compile modules that users have compiled once.
    """
    unwanted = ("QTSEARCH_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def _check(command: Sequence[str], status: int, said: str) -> None:
    if status:
        raise MeasurementError(f"{' '.join(command)} ended with {status}: {said.strip() or 'no message'}")


def _descendants(pid: int) -> Iterator[int]:
    """Yield the living descendants of a process."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return  # it has just ended
    for child in map(int, children):
        yield child
        yield from _descendants(child)


def _bytes(pid: int, file: str, field: str) -> int:
    """Return one figure that the kernel tells of a process, 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith(field)]
    return kilobytes[0] * 1024 if kilobytes else 0

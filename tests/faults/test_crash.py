"""A crash at every write, flush, rename and removal in turn: the index opens at the last or the new commit."""

import errno
import random

import pytest

import qtsearch
from qtsearch.engines.whoosh import durable
from tests.faults.disks import FailingDisk, RecordingDisk, Replay, files_of, write_files
from tests.faults.states import KINDS, indexed, needed_names, own_names, prepare

MEND_EVERY = 40
"""Of so many states one is reindexed too."""


@pytest.fixture(params=KINDS)
def crash(request, tmp_path, monkeypatch):
    """The articles, the titles before and after a reindex, the files before it, its disk's log, and if it is full."""
    folder, index = tmp_path / "articles", tmp_path / "index"
    before, after = prepare(folder, index, request.param)
    start = files_of(index)
    disk = RecordingDisk()
    with monkeypatch.context() as patch:
        patch.setattr(durable, "disk", disk)
        qtsearch.reindex(folder, index, full=request.param == "full")
    assert indexed(index) == after
    assert own_names(index) == needed_names(index)
    return folder, before, after, start, disk.log, request.param == "full"


def states_after_every_call(start, log, choices):
    """Yield every state that a crash can leave, each once, and whether the commit was made by then."""
    replay = Replay(start)
    seen = set()
    for call in [("begin",), *log]:
        replay.apply(call)
        for files in (replay.killed(), *replay.power_cuts(choices)):
            key = hash(frozenset(files.items()))
            if key not in seen:
                seen.add(key)
                yield files


def test_every_crash_leaves_the_last_commit_or_the_new_one(crash, tmp_path):
    folder, before, after, start, log, _ = crash
    found = []
    place = tmp_path / "crashed"
    for number, files in enumerate(states_after_every_call(start, log, random.Random(20261123))):
        write_files(place, files)
        found.append(indexed(place))
        assert found[-1] in (before, after)
        if number % MEND_EVERY == 0:
            qtsearch.reindex(folder, place)
            assert indexed(place) == after
            assert own_names(place) == needed_names(place) or found[-1] == after
    assert before in found
    assert after in found
    assert len(found) > len([call for call in log if call[0] != "write"])


def test_what_was_committed_survives_a_power_cut(crash, tmp_path):
    """When reindex returns, everything is on the disk: nothing of the new commit is still pending."""
    _, _, after, start, log, _ = crash
    replay = Replay(start)
    for call in log:
        replay.apply(call)
    for files in replay.power_cuts(random.Random(0)):
        write_files(tmp_path / "crashed", files)
        assert indexed(tmp_path / "crashed") == after


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
def test_every_call_that_fails_leaves_the_last_commit_or_the_new_one(crash, tmp_path, monkeypatch, code):
    """Every flush, rename and so on fails in turn, and every twelfth write; each time all that follows fails too."""
    folder, before, after, start, log, full = crash
    index = tmp_path / "index"
    places = [number for number, call in enumerate(log) if call[0] != "write" or number % 12 == 0]
    failures = 0
    for at in places:
        write_files(index, start)
        with monkeypatch.context() as patch:
            patch.setattr(durable, "disk", FailingDisk(at, code))
            try:
                qtsearch.reindex(folder, index, full=full)
            except qtsearch.IndexFault as error:
                failures += 1
                assert "cannot write" in str(error)
                assert "\n" not in str(error)
        assert indexed(index) in (before, after)
    assert failures > len(places) // 2
    write_files(index, start)
    assert qtsearch.reindex(folder, index).committed
    assert indexed(index) == after
    assert own_names(index) == needed_names(index)

"""A crash at every write, flush, rename and removal in turn: the index opens at the last or the new commit."""

import errno
import os
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


def test_what_another_writer_committed_is_flushed_before_anything_is_removed(tmp_path, monkeypatch):
    """It may have died between making its commit visible and making it durable."""
    folder, index = tmp_path / "articles", tmp_path / "index"
    prepare(folder, index, "incremental")
    (index / "MAIN_dead.docs").write_bytes(b"left")
    disk = RecordingDisk()
    monkeypatch.setattr(durable, "disk", disk)
    qtsearch.reindex(folder, index)
    assert disk.log[:2] == [("flush_folder",), ("remove", "MAIN_dead.docs")]


def test_what_a_newer_version_wrote_outlives_a_full_reindex_that_fails(tmp_path, monkeypatch):
    folder, index = tmp_path / "articles", tmp_path / "index"
    with monkeypatch.context() as newer:
        newer.setattr("qtsearch.engines.whoosh.state.FORMAT_VERSION", 99)
        prepare(folder, index, "full")
    before = files_of(index)
    monkeypatch.setattr(durable, "disk", FailingDisk(3, errno.EIO))
    with pytest.raises(qtsearch.IndexFault, match="cannot write"):
        qtsearch.reindex(folder, index, full=True)
    assert before.items() <= files_of(index).items()


@pytest.mark.skipif(os.name != "posix", reason="needs folders that can be flushed")
def test_what_is_flushed_is_handed_to_the_disk_and_kept_in_no_buffer(tmp_path, monkeypatch):
    """What the recorded calls stand for."""
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor)))
    with durable.Disk().create(tmp_path / "file") as file:
        file.write(b"bytes")
        durable.Disk().flush(file)
    durable.Disk().flush_folder(tmp_path)
    assert [(one.st_ino, one.st_size) for one in synced[:1]] == [((tmp_path / "file").stat().st_ino, 5)]
    assert [one.st_ino for one in synced[1:]] == [tmp_path.stat().st_ino]


class KeepingDisk(durable.Disk):
    """Cannot remove the first file that it is to remove, nor ever after."""

    kept = ""

    def remove(self, path):
        self.kept = self.kept or path.name
        if path.name == self.kept:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))
        super().remove(path)


def test_a_file_that_cannot_be_removed_keeps_no_other(tmp_path, monkeypatch):
    folder, index = tmp_path / "articles", tmp_path / "index"
    prepare(folder, index, "full")
    disk = KeepingDisk()
    monkeypatch.setattr(durable, "disk", disk)
    assert qtsearch.reindex(folder, index, full=True).committed
    assert own_names(index) - needed_names(index) == {disk.kept}

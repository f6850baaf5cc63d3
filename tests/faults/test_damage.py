"""Damage of every kind: it is reported, a search answers right or says so clearly, and a full reindex mends it."""

import json
import os
import pickle
import shutil
import stat
import zlib
from pathlib import Path

import pytest

import qtsearch
from qtsearch.cli import main
from qtsearch.engines.lock import HOLDER_NAME, LOCK_NAME
from qtsearch.engines.whoosh import state
from qtsearch.engines.whoosh.state import CommitState, is_own_name, last_generation, state_name, toc_name
from tests.faults.states import indexed, needed_names, own_names
from tests.folders import write_article

TITLES = {f"{number}.md": f"Article {number} of three" for number in range(3)}
STEP = 11
"""Of so many bytes one is flipped in the short test."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Three articles and their index, of two segments with a deleted document."""
    folder = tmp_path_factory.mktemp("site")
    for number in range(3):
        write_article(folder / "articles", f"{number}.md", id=number, title=f"Old {number}", answer="word")
    qtsearch.reindex(folder / "articles", folder / "index")
    for name, title in TITLES.items():
        if name != "2.md":
            write_article(folder / "articles", name, id=int(name[0]), title=title, answer="word")
    write_article(folder / "articles", "2.md", id=2, title=TITLES["2.md"], answer="word")
    qtsearch.reindex(folder / "articles", folder / "index")
    assert indexed(folder / "index") == TITLES
    return folder


@pytest.fixture
def copy(site, tmp_path):
    """A copy of the index, to be damaged."""
    shutil.copytree(site / "index", tmp_path / "index")
    return tmp_path / "index"


def last_state(index: Path) -> CommitState:
    return CommitState.read(index, last_generation(index))


def assert_noticed(index: Path, damaged: str) -> None:
    """Verification names the file; a search answers right, or names the damage in one line."""
    report = qtsearch.check(index=index, verify=True)
    assert report.verified
    assert not report.clean
    assert {problem.file for problem in report.index_problems} == {damaged}
    assert all("qtsearch reindex --full" in problem.todo for problem in report.index_problems)
    try:
        with qtsearch.open(index) as opened:
            results = opened.search("article")
            assert {hit.path: hit.title for hit in results} == TITLES
            assert results.total == 3
    except qtsearch.IndexDamaged as error:
        assert "qtsearch reindex --full" in str(error)
        assert "\n" not in str(error)


def flip_bytes(index: Path, step: int) -> int:
    flipped = 0
    for name in sorted(own_names(index)):
        path = index / name
        whole = path.read_bytes()
        for place in range(0, len(whole), step):
            data = bytearray(whole)
            data[place] ^= 1 << place % 8
            path.write_bytes(data)
            assert_noticed(index, name)
            flipped += 1
        path.write_bytes(whole)
    assert indexed(index) == TITLES
    return flipped


def test_bytes_flipped(copy):
    size = sum((copy / name).stat().st_size for name in own_names(copy))
    assert flip_bytes(copy, STEP) >= size // STEP


@pytest.mark.long
def test_every_byte_flipped(copy):
    assert flip_bytes(copy, 1) == sum((copy / name).stat().st_size for name in own_names(copy))


def test_every_byte_of_the_commit_flipped(copy):
    """The commit's own file is small enough to try all of them in the short test too."""
    path = copy / state_name(last_generation(copy))
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(qtsearch.IndexDamaged):
            CommitState.read(copy, last_generation(copy))


def test_every_file_cut_short_or_made_longer(copy):
    for name in sorted(own_names(copy)):
        path = copy / name
        whole = path.read_bytes()
        lengths = {*range(0, len(whole), 1 + len(whole) // 20), len(whole) - 1}
        for data in [*(whole[:length] for length in sorted(lengths)), whole + b"\0"]:
            path.write_bytes(data)
            assert_noticed(copy, name)
        path.write_bytes(whole)


@pytest.mark.parametrize("kind", ["removed", "folder", "dangling link", "pipe"])
def test_something_else_than_a_file(copy, kind):
    toc = toc_name(last_generation(copy))
    for name in sorted(own_names(copy)):
        path, aside = copy / name, copy / "aside"
        path.rename(aside)
        if kind == "folder":
            (path / "inside").mkdir(parents=True)
        elif kind == "dangling link":
            path.symlink_to("nowhere")
        elif kind == "pipe":
            os.mkfifo(path)
        if (name, kind) == (toc, "removed"):
            with pytest.raises(qtsearch.IndexMissing):
                qtsearch.check(index=copy, verify=True)
        else:
            assert_noticed(copy, name)
        shutil.rmtree(path) if kind == "folder" else path.unlink(missing_ok=True)
        aside.rename(path)
    assert indexed(copy) == TITLES


def garbage_everywhere(index: Path) -> None:
    for name in own_names(index):
        (index / name).write_bytes(b"garbage")


def folders_everywhere(index: Path) -> None:
    for name in [*own_names(index), LOCK_NAME, HOLDER_NAME]:
        (index / name).unlink(missing_ok=True)
        (index / name / "inside").mkdir(parents=True)


def links_everywhere(index: Path) -> None:
    victim = index.parent / "victim"
    victim.write_text("precious")
    for name in [*own_names(index), HOLDER_NAME]:
        (index / name).unlink(missing_ok=True)
        (index / name).symlink_to(victim)


def left_over_names(index: Path) -> None:
    for name in ("commit-7.json", "_MAIN_8.toc.new", "_MAIN_9.toc.1700000000.5", "MAIN_dead.docs", "_MAIN_007.toc"):
        (index / name).write_bytes(b"left")
    (index / "commit-8.json").mkdir()
    (index / "_MAIN_12.toc").mkdir()


def pipes_everywhere(index: Path) -> None:
    for name in own_names(index):
        (index / name).unlink()
        os.mkfifo(index / name)


def no_segments(index: Path) -> None:
    for path in index.glob("MAIN_*"):
        path.unlink()


def huge_number(index: Path) -> None:
    (index / f"_MAIN_{'9' * 60}.toc").write_bytes(b"")


def last_number(index: Path) -> None:
    (index / f"_MAIN_{state.MAX_GENERATION - 1}.toc").write_bytes(b"")


def newer_format(index: Path) -> None:
    rewrite_state(index, lambda content: content.update(format_version=99))


def emptied(index: Path) -> None:
    for path in index.iterdir():
        path.write_bytes(b"")


BREAKAGES = [
    garbage_everywhere,
    folders_everywhere,
    links_everywhere,
    left_over_names,
    pipes_everywhere,
    no_segments,
    huge_number,
    last_number,
    newer_format,
    emptied,
]


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_full_reindex_mends_everything(site, copy, breakage):
    breakage(copy)
    if breakage is huge_number:  # no number of a commit, so a search does not mind
        assert qtsearch.check(index=copy, verify=True).clean
    else:
        with pytest.raises(qtsearch.IndexFault), qtsearch.open(copy) as opened:
            opened.search("article")
    (copy / "notes.txt").write_text("not ours")
    report = qtsearch.reindex(site / "articles", copy, full=True)
    assert (report.documents, report.committed) == (3, True)
    assert indexed(copy) == TITLES
    assert own_names(copy) == needed_names(copy)
    assert (copy / "notes.txt").read_text() == "not ours"
    victim = copy.parent / "victim"
    assert not victim.exists() or victim.read_text() == "precious"


def test_numbers_that_run_out(site, copy):
    (copy / f"_MAIN_{state.MAX_GENERATION}.toc").write_bytes(b"")
    with pytest.raises(qtsearch.IndexFault, match="empty that folder"):
        qtsearch.reindex(site / "articles", copy, full=True)


def rewrite_state(index: Path, change) -> None:
    """Change the commit's file, and make its checksum right again."""
    path = index / state_name(last_generation(index))
    content = json.loads(path.read_bytes())
    del content["crc32"]
    change(content)
    summed = json.dumps(content).encode()[1:] + b"\n"
    path.write_bytes(b'{"crc32": "%08x", ' % zlib.crc32(summed) + summed)


def test_a_newer_format_is_refused_with_what_to_do(site, copy, capsys):
    newer_format(copy)
    for words in (["article"], ["check", "--verify"], ["stats"], ["reindex"], ["reindex", "--dry-run"]):
        assert main([*words, "--index", str(copy), "--articles", str(site / "articles")]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        assert "format version 99" in err
        assert "upgrade qtsearch, or rebuild with: qtsearch reindex --full" in err


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("generation", 5),
        ("generation", True),
        ("committed", "2026-01-01T00:00:00"),
        ("committed", 5),
        ("segments", [["MAIN_../../etc/passwd", 1, []]]),
        ("segments", [["MAIN_a", 1, [1]]]),
        ("segments", [["MAIN_a", 1, [0, 0]]]),
        ("segments", [["MAIN_a", 1, [True]]]),
        ("segments", [["MAIN_a", 1, []], ["MAIN_a", 1, []]]),
        ("segments", [["MAIN_a", 1]]),
        ("segments", {}),
        ("toc", [1]),
        ("toc", ["1", "2"]),
        ("analyzer", []),
        ("schema_version", "1"),
        ("format_version", None),
    ],
)
def test_a_forged_commit_is_damage(copy, key, value):
    rewrite_state(copy, lambda content: content.update({key: value}))
    assert_noticed(copy, state_name(last_generation(copy)))


def test_a_commit_that_is_no_json_or_too_large(copy, monkeypatch):
    path = copy / state_name(last_generation(copy))
    for rest in (b"nothing", b"[" * 100_000, b"\xff", b'"a": ' + b"9" * 5_000 + b"}"):
        path.write_bytes(b'{"crc32": "%08x", ' % zlib.crc32(rest) + rest)
        assert_noticed(copy, path.name)
    monkeypatch.setattr(state, "MAX_BYTES", 10)
    with pytest.raises(qtsearch.IndexDamaged, match="expected 10 at most"):
        qtsearch.open(copy)


def test_check_on_the_command_line(site, copy, capsys):
    words = ["check", "--index", str(copy), "--articles", str(site / "articles")]
    assert main([*words, "--verify"]) == 0
    assert capsys.readouterr() == ("every byte of the index is as it was written\n", "")
    name = last_state(copy).file_names()[1]
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    assert main([*words, "--verify"]) == 1
    out, err = capsys.readouterr()
    assert f"  {name}: " in out
    assert "checksum does not match" in out
    assert "mend it with: qtsearch reindex --full" in out
    assert err == ""
    assert main([*words, "--verify", "--json"]) == 1
    form = json.loads(capsys.readouterr().out)
    assert (form["clean"], form["verified"], form["index_problems"][0]["file"]) == (False, True, name)


def test_check_index_without_a_folder_verifies(copy, monkeypatch, capsys):
    monkeypatch.chdir(copy.parent)
    for words in (["check", "--index"], ["check", "--index", "--json"], ["check", "--json", "--index"]):
        assert main(words) == 0
        out = capsys.readouterr().out
        assert "as it was written" in out or json.loads(out)["verified"]
    assert main(["check", "--index", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_verifying_tells_how_far_it_is(copy):
    told = []
    qtsearch.check(index=copy, verify=True, progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    totals = {total for _, total in told}
    assert totals == {sum((copy / name).stat().st_size for name in last_state(copy).file_names())}
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]


def test_verifying_a_damaged_index_ends_at_the_total_too(copy):
    told = []
    (copy / last_state(copy).file_names()[0]).unlink()
    assert not qtsearch.check(index=copy, verify=True, progress=lambda done, total: told.append((done, total))).clean
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_an_index_that_others_can_change_is_reported(site, copy, tmp_path, tmp_path_factory):
    def problems(index):
        found = qtsearch.check(site / "articles", index).index_problems
        assert found == qtsearch.check(index=index, verify=True).index_problems
        return {(problem.file, problem.structure) for problem in found}

    assert problems(copy) == set()
    copy.chmod(0o777)
    name = last_state(copy).file_names()[0]
    (copy / name).chmod(0o666)
    assert problems(copy) == {("index", "folder"), (name, "file")}
    copy.chmod(0o755)
    (copy / name).chmod(0o644)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "index"
    copy.rename(elsewhere)
    copy.symlink_to(elsewhere)
    assert problems(copy) == {("index", "folder")}
    (tmp_path / "moved").mkdir()
    (elsewhere / name).rename(tmp_path / "moved" / name)
    (elsewhere / name).symlink_to(tmp_path / "moved" / name)
    assert problems(elsewhere) == {(name, "file")}


def test_links_that_endanger_no_index_are_not_reported(site, copy):
    (copy / "notes").symlink_to("elsewhere")
    (copy.parent / "link").symlink_to(copy)
    assert qtsearch.check(site / "articles", copy.parent / "link").index_problems == ()


def test_a_left_over_link_to_a_folder_is_removed_and_the_folder_stays(site, copy):
    (copy.parent / "precious").mkdir()
    (copy.parent / "precious" / "file").write_text("precious")
    (copy / "MAIN_dead.docs").symlink_to(copy.parent / "precious")
    assert qtsearch.reindex(site / "articles", copy, full=True).committed
    assert own_names(copy) == needed_names(copy)
    assert (copy.parent / "precious" / "file").read_text() == "precious"


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self):
        return os.mkdir, (str(self.place),)


COMMANDS = (
    *(["article"], ["stats"], ["show", "1"], ["related", "1"], ["check"], ["check", "--verify"]),
    *(["reindex", "--dry-run"], ["reindex", "--if-needed"], ["reindex"], ["reindex", "--full"]),
)


@pytest.mark.parametrize("header", [b"", b"\x04\x08\x04"], ids=["bare", "after sizes"])
def test_pickles_are_never_read(site, tmp_path, capsys, header):
    """A bomb in the table of contents, where Whoosh reads pickles, and in every other file in turn."""
    exploded = tmp_path / "exploded"
    pickle.loads(pickle.dumps(Bomb(tmp_path / "works")))
    assert (tmp_path / "works").exists()
    bomb = header + pickle.dumps(Bomb(exploded))
    index = tmp_path / "index"
    for name in [*sorted(own_names(site / "index")), HOLDER_NAME, LOCK_NAME, "_MAIN_99.toc"]:
        for command in COMMANDS:
            shutil.rmtree(index, ignore_errors=True)
            shutil.copytree(site / "index", index)
            (index / name).write_bytes(bomb)
            assert main([*command, "--index", str(index), "--articles", str(site / "articles")]) in (0, 1, 2)
            assert "internal error" not in capsys.readouterr().err
            assert not exploded.exists()


def test_the_names_of_an_index():
    ours = ["MAIN_a1.docs", "_MAIN_0.toc", "_MAIN_12.toc.new", "commit-3.json"]
    others = ["MAIN_intro.md", "MAIN_1.txt", "MAIN_vol.1", "_MAIN_3.toc.md", "commit-1.json.md"]
    others += ["notes.txt", LOCK_NAME, HOLDER_NAME, "MAIN.docs", "commit-x.json", "_OTHER_1.toc"]
    assert [name for name in [*ours, *others] if is_own_name(name)] == ours


def test_files_are_private_enough(site):
    """Nothing that is written is executable or open to all, whatever the mask of the process allows."""
    for path in (site / "index").iterdir():
        assert not path.stat().st_mode & (stat.S_IXUSR | stat.S_IWOTH)

"""Files are read with a limit; what is none is named, and nothing is waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.support import devices
from wikiplan import files

IN_ITS_PLACE = "put the file in its place, or remove it"


def told(path: Path, most: int = 100) -> str:
    with pytest.raises(files.UnreadableError) as refused:
        files.read(path, most)
    return str(refused.value)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path()


def test_a_file_is_read_whole(folder: Path):
    (folder / "a.po").write_bytes(b"x" * 100)
    (folder / "link.po").symlink_to("a.po")
    assert files.read(folder / "a.po", 100) == files.read(folder / "link.po") == b"x" * 100


def test_a_file_above_the_limit_is_refused(folder: Path):
    (folder / "a.po").write_bytes(b"x" * 2049)
    assert told(folder / "a.po", 2048) == "a.po: is larger than 2 KiB; split it into several files"
    with (folder / "b.po").open("wb") as file:
        file.truncate(2 * files.MEGABYTE + 1)
    said = told(folder / "b.po", 2 * files.MEGABYTE)
    assert said == "b.po: is larger than 2 MiB; split it into several files"


def test_what_is_no_file_is_named(folder: Path):
    os.mkfifo("pipe.po")
    devices.link(folder / "device.po")
    (folder / "folder.po").mkdir()
    assert told(folder / "pipe.po") == f"pipe.po: is a pipe, not a file; {IN_ITS_PLACE}"
    assert told(folder / "device.po") == f"device.po: is a device, not a file; {IN_ITS_PLACE}"
    assert told(folder / "folder.po") == f"folder.po: is a folder, not a file; {IN_ITS_PLACE}"


def test_a_socket_is_named(folder: Path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.po")
        assert told(folder / "socket.po") == f"socket.po: is a socket, not a file; {IN_ITS_PLACE}"


def test_what_is_missing_is_told_from_a_link_to_nothing(folder: Path):
    (folder / "link.po").symlink_to("gone.po")
    wrong = "is a link to a file that is not there; mend the link, or remove it"
    assert told(folder / "link.po") == f"link.po: {wrong}"
    assert told(folder / "none.po") == "none.po: is missing; add it, or name another file"
    assert files.read_if_there(folder / "none.po") is None
    with pytest.raises(files.UnreadableError):
        files.read_if_there(folder / "link.po")


def test_a_name_that_is_no_utf_8_can_be_shown(folder: Path):
    name = Path(os.fsdecode(b"\xe4\xc3\xa4.po"))
    assert files.shown(name) == r"\xe4ä.po"
    assert files.shown(Path.cwd() / "a" / name) == r"a/\xe4ä.po"


def test_a_device_is_never_replaced_not_even_through_a_link(folder: Path):
    devices.link(folder / "a.json")
    with pytest.raises(files.UnreadableError, match="is a device, not a file"):
        files.replace(folder / "a.json", b"{}")
    assert (folder / "a.json").is_char_device()
    (folder / "real").write_bytes(b"before")
    (folder / "b.json").symlink_to("real")
    files.replace(folder / "b.json", b"after")
    assert (folder / "real").read_bytes() == b"after"
    assert (folder / "b.json").is_symlink()


def test_a_digest_of_folders_is_of_names_and_bytes(tmp_path):
    folders = tmp_path / "data", tmp_path / "templates"
    for folder in folders:
        (folder / "in").mkdir(parents=True)
        (folder / "in" / "a.yaml").write_text("a")
    before = files.digest_of(*folders)
    assert files.digest_of(*folders) == before
    (tmp_path / "data" / "in" / "a.yaml").rename(tmp_path / "data" / "b.yaml")
    renamed = files.digest_of(*folders)
    (tmp_path / "data" / "b.yaml").write_text("b")
    assert len({before, renamed, files.digest_of(*folders)}) == 3


def test_a_digest_of_folders_is_also_of_what_links_lead_to_and_comes_to_an_end(tmp_path):
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    for folder in (data, elsewhere):
        folder.mkdir()
    (data / "locale").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(data)
    (data / "nothing").symlink_to("gone")
    before = files.digest_of(data)
    (elsewhere / "de.po").write_text("a")
    assert list(files.below(data)) == [data / "locale" / "de.po"]
    linked = files.digest_of(data)
    (elsewhere / "de.po").write_text("b")
    assert len({before, linked, files.digest_of(data)}) == 3


def test_files_that_changed_meanwhile_are_not_replaced_and_nothing_stays_beside_them(folder: Path):
    (folder / "a").write_bytes(b"theirs")
    (folder / "b").write_bytes(b"old")
    changes = [
        files.FileChange(folder / "b", b"old", b"new"),
        files.FileChange(folder / "a", b"before", b"after"),
        files.FileChange(folder / "c", None, b"made"),
    ]
    with pytest.raises(files.ChangedError) as error:
        files.replace_all(changes, unless_changed=True)
    assert error.value.paths == (folder / "a",)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "a": b"theirs",
        "b": b"old",
    }
    files.replace_all([changes[0], files.FileChange(folder / "a", b"theirs", b"", gone=True)])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"b": b"new"}


def test_where_one_file_cannot_be_replaced_all_keep_their_bytes(folder: Path):
    (folder / "a").write_bytes(b"old")
    (folder / "b").mkdir()
    changes = [
        files.FileChange(folder / "a", b"old", b"new"),
        files.FileChange(folder / "b", None, b"new"),
    ]
    with pytest.raises(OSError):
        files.replace_all(changes)
    assert (folder / "a").read_bytes() == b"old"
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]


def test_what_another_program_writes_in_the_last_instant_is_not_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    wanted = [files.FileChange(folder / name, b"old", b"new") for name in ("a", "b")]
    for each in wanted:
        each.path.write_bytes(b"old")
    monkeypatch.setattr(files.FileChange, "stale", property(lambda change: False))
    (folder / "fresh").write_bytes(b"theirs")
    (folder / "fresh").rename(folder / "b")
    with pytest.raises(files.ChangedError):
        files.replace_all(wanted, unless_changed=True)
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found == {"a": b"old", "b": b"theirs"}


def test_a_file_that_vanishes_while_folders_are_read_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "a.yaml").write_text("a")
    before = files.digest_of(tmp_path)
    listed = [*files.below(tmp_path), tmp_path / ".a.yaml.tmp"]
    monkeypatch.setattr(files, "below", lambda folder: listed)
    assert files.digest_of(tmp_path) == before

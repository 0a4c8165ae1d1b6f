"""Digests of folders tell every change, and what stays is read once."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.support.counting import counting
from wikiplan import files
from wikiplan.files import Digests, FileChange, digest_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"a.yaml": "a: 1\n", "b/c.yaml": "c: 1\n"}.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    return tmp_path / "data"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    return counting(monkeypatch, (hashlib, "file_digest"))


def test_a_digest_of_changes_is_that_of_the_folder_once_they_are_made(folder: Path):
    before = digest_of(folder)
    changes = (
        FileChange(folder / "a.yaml", b"a: 1\n", b"a: 2\n"),
        FileChange(folder / "b/c.yaml", b"c: 1\n", b"", gone=True),
        FileChange(folder / "d/e.yaml", None, b"e: 1\n"),
    )
    told = Digests().of(folder, changes=changes)
    assert digest_of(folder) == before != told
    files.replace_all(changes)
    assert digest_of(folder) == Digests().of(folder) == told


def test_a_file_that_stays_is_read_once(
    folder: Path, read: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(files, "SURE_SECONDS", -1)
    digests = Digests()
    first = digests.of(folder)
    assert digests.of(folder) == first == digest_of(folder)
    assert read["file_digest"] == 2 + 2
    (folder / "a.yaml").write_text("a: 22\n")
    assert digests.of(folder) == digest_of(folder) != first
    assert read["file_digest"] == 4 + 1 + 2


def test_a_file_that_was_just_written_is_read_each_time(folder: Path, read: Counter[str]):
    digests, path = Digests(), folder / "a.yaml"
    seen = set()
    for number in range(20):
        path.write_text(f"a: {number % 10}\n")
        seen.add(digests.of(folder))
    assert len(seen) == 10 and read["file_digest"] == 2 * 20


def test_another_file_with_the_size_and_the_times_of_one_is_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(files, "SURE_SECONDS", -1)
    digests, path = Digests(), folder / "a.yaml"
    first, times = digests.of(folder), path.stat()
    time.sleep(0.02)  # longer than what systems tell two times by
    path.write_text("a: 2\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert digests.of(folder) != first

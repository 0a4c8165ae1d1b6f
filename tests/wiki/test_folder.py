"""What only a folder does: files that people edit, and kills between history and file."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.damage import DAMAGES, Damage
from tests.support.people import FolderPeople, Place
from wikiplan import files as file_writing
from wikiplan.errors import Conflict, WikiplanError
from wikiplan.wiki.folder import Folder, stored, with_lines_kept
from wikiplan.wiki.interface import Account, Edit


@pytest.fixture
def place(folder: Folder) -> Place:
    return Place(folder, FolderPeople(folder.directory))


def again(folder: Folder) -> Folder:
    """Open the folder as the next process does."""
    return Folder(folder.directory)


def files(directory: Path) -> dict[str, bytes]:
    found = (path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in found}


def test_a_folder_is_named_after_its_directory(folder: Folder):
    assert folder.name == "folder:folder"
    assert Account("wikiplan", folder.account().rights) == folder.account()
    assert folder.requests == 0


def test_reading_writes_nothing_at_all(folder: Folder, place: Place):
    folder.read(["Plan"])
    assert not folder.directory.exists()
    place.save("Plan", "one")
    place.people.edit("Plan", "two")
    place.people.edit("Plan/ar", "three")
    before = files(folder.directory)
    folder.read(["Plan", "Plan/ar", "Nothing"])
    folder.heads(["Plan", "Plan/ar"])
    folder.history(0, "Plan", 0)
    assert files(folder.directory) == before


def test_a_page_is_a_file_with_a_newline_at_its_end(folder: Folder, place: Place):
    place.save("Plan/ar", "one\ntwo")
    assert (folder.directory / "Plan/ar.wiki").read_bytes() == b"one\ntwo\n"
    assert sorted(files(folder.directory)) == [".wikiplan/history.sqlite", "Plan/ar.wiki"]


def test_what_an_editor_does_to_line_ends_is_no_edit(folder: Folder, place: Place):
    saved = place.save("Plan", "one\ntwo")
    (folder.directory / "Plan.wiki").write_bytes(b"one\r\ntwo\r\n\r\n")
    assert again(folder).read(["Plan"])["Plan"].number == saved.number


def test_a_file_edited_by_hand_is_a_revision_of_the_editor(folder: Folder, place: Place):
    saved = place.save("Plan", "one")
    place.people.edit("Plan", "two\n")
    read = again(folder).read(["Plan"])["Plan"]
    assert (read.text, read.user) == ("two", "editor")
    assert read.number != saved.number
    entries = again(folder).history(read.page_id, "Plan", 0)
    assert [(e.number, e.parent, e.user) for e in entries] == [
        (read.number, saved.number, "editor"),
        (saved.number, 0, "wikiplan"),
    ]


def test_a_revision_made_by_hand_has_one_number_before_and_after_it_is_recorded(
    folder: Folder, place: Place
):
    place.save("Plan", "one")
    place.people.edit("Plan", "two")
    before = again(folder).read(["Plan"])["Plan"]
    again(folder).save(Edit("Plan", before.page_id, before.number, "three", "test"))
    entries = again(folder).history(before.page_id, "Plan", 0)
    assert [entry.number for entry in entries][1] == before.number
    assert again(folder).text_of(before.number) == "two"


def test_the_same_words_typed_twice_are_two_revisions(folder: Folder, place: Place):
    place.save("Plan", "one")
    place.save("Plan", "two")
    place.save("Plan", "one")
    place.save("Plan", "two")
    entries = folder.history(0, "Plan", 0)
    assert len({entry.number for entry in entries}) == 4


def test_a_save_from_a_preview_before_a_persons_second_edit_is_a_conflict(
    folder: Folder, place: Place
):
    place.people.edit("Plan", "one")
    previewed = again(folder).read(["Plan"])["Plan"]
    place.people.edit("Plan", "two")
    with pytest.raises(Conflict, match=r"^Plan: editor changed the page after it was read; "):
        again(folder).save(Edit("Plan", previewed.page_id, previewed.number, "three", "test"))
    assert place.people.text("Plan") == "two"


def test_a_page_removed_and_saved_anew_is_another_page(folder: Folder, place: Place):
    first = place.edit("Plan", "one")
    folder.save(first)
    old = folder.read(["Plan"])["Plan"]
    place.people.delete("Plan")
    assert not again(folder).read(["Plan"])["Plan"].exists
    again(folder).save(Edit("Plan", 0, 0, "one", "test"))
    new = again(folder).read(["Plan"])["Plan"]
    assert new.page_id != old.page_id
    assert new.number != old.number
    assert [entry.number for entry in folder.history(old.page_id, "Plan", 0)] == [old.number]


def test_newest_revisions_say_what_happened_and_no_times_of_files(folder: Folder, place: Place):
    place.people.edit("Plan", "one")
    recent = folder.changes_since(folder.changes_since(None, {}).cursor, {"Plan": 0})
    assert recent.cursor and recent.events is None
    before = folder.heads(["Plan"])
    place.people.edit("Plan", "two")
    assert folder.heads(["Plan"]) != before


def test_page_languages_can_be_configured(folder: Folder, place: Place):
    place.save("Plan", "one")
    languages = {"language": "de", "page-languages": {"Plan/ar": "ar"}}
    path = folder.directory / ".wikiplan" / "site.json"
    path.write_text(json.dumps(languages), encoding="utf-8")
    read = again(folder).read(["Plan", "Plan/ar"])
    assert {title: page.language for title, page in read.items()} == {"Plan": "de", "Plan/ar": "ar"}


class Killed(BaseException):
    pass


@pytest.mark.parametrize("existing", [True, False])
def test_a_kill_between_history_and_file_loses_nothing(
    folder: Folder, place: Place, existing: bool, monkeypatch: pytest.MonkeyPatch
):
    if existing:
        place.save("Plan", "one")
    edit = place.edit("Plan", "two")

    def kill(path: Path, data: bytes) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(file_writing, "replace", kill)
        folder.save(edit)
    read = again(folder).read(["Plan"])["Plan"]
    assert (read.text, read.user) == ("two", "wikiplan")
    assert again(folder).save(Edit("Other", 0, 0, "text", "test")).number
    assert place.people.text("Plan") == "two"
    assert again(folder).read(["Plan"])["Plan"] == read


def test_a_persons_edit_after_a_kill_is_kept(
    folder: Folder, place: Place, monkeypatch: pytest.MonkeyPatch
):
    place.save("Plan", "one")
    edit = place.edit("Plan", "two")

    def kill(path: Path, data: bytes) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(file_writing, "replace", kill)
        folder.save(edit)
    place.people.edit("Plan", "a person's")
    again(folder).save(Edit("Other", 0, 0, "text", "test"))
    assert place.people.text("Plan") == "a person's"
    entries = again(folder).history(0, "Plan", 0)
    assert [entry.user for entry in entries] == ["editor", "wikiplan", "wikiplan"]


SAVES = """
import sys
from pathlib import Path
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Edit
folder = Folder(Path(sys.argv[1]))
for n in range(10_000):
    now = folder.read(["Plan"])["Plan"]
    folder.save(Edit("Plan", now.page_id, now.number, f"text {n}", "test"))
    print(n, flush=True)
"""


def test_a_process_killed_while_it_saves_leaves_file_and_history_in_step(folder: Folder):
    command = [sys.executable, "-c", SAVES, str(folder.directory)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert process.stdout
    for _ in range(5):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    read = folder.read(["Plan"])["Plan"]
    entries = folder.history(read.page_id, "Plan", 0)
    assert {entry.user for entry in entries} == {"wikiplan"}
    assert (entries[0].number, folder.text_of(read.number)) == (read.number, read.text)
    folder.save(Edit("Plan", read.page_id, read.number, "after", "test"))
    assert (folder.directory / "Plan.wiki").read_text(encoding="utf-8") == "after\n"


def test_a_save_whose_file_could_not_be_written_is_made_up_for_by_the_next(folder: Folder):
    def save(text: str) -> None:
        now = folder.read(["Plan/ar"])["Plan/ar"]
        folder.save(Edit("Plan/ar", now.page_id, now.number, text, "test"))

    folder.directory.mkdir()
    (folder.directory / "Plan").write_text("in the way")
    for text in ("one", "two", "three"):
        with pytest.raises(OSError):
            save(text)
    (folder.directory / "Plan").unlink()
    save("four")
    assert (folder.directory / "Plan" / "ar.wiki").read_text(encoding="utf-8") == "four\n"
    assert [entry.user for entry in folder.history(0, "Plan/ar", 0)] == ["wikiplan", "wikiplan"]


def test_a_history_that_is_damaged_in_the_middle_of_a_run_is_told(folder: Folder, place: Place):
    place.save("Plan", "one")
    (folder.directory / ".wikiplan" / "history.sqlite").write_bytes(b"no database at all")
    with pytest.raises(WikiplanError) as told:
        folder.read(["Plan"])
    assert str(told.value).endswith(
        "history.sqlite: the history cannot be used (file is not a database); "
        "run again: a damaged one is put aside then"
    )


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_a_damaged_history_is_put_aside_by_the_next_save(
    folder: Folder, place: Place, damage: Damage
):
    place.save("Plan", "one")
    file = folder.directory / ".wikiplan" / "history.sqlite"
    damage.do(file)
    said: list[str] = []
    now = Folder(folder.directory, said.append).read(["Plan"])["Plan"]
    assert (now.text, now.user) == ("one", "editor")
    assert not file.with_name("history.sqlite.damaged").exists()
    edit = Edit("Plan", now.page_id, now.number, "two", "test")
    assert Folder(folder.directory, said.append).save(edit).number
    assert file.with_name("history.sqlite.damaged").exists()
    assert [line.rpartition("; ")[2] for line in said] == [
        "the next run that writes puts it aside.",
        "it is put aside, and a new one is begun.",
    ]
    assert all(line.startswith(f"{file}: the history is damaged (") for line in said)
    assert Folder(folder.directory).read(["Plan"])["Plan"].text == "two"


def test_a_history_that_another_program_holds_is_told_while_it_holds_it(
    folder: Folder, place: Place
):
    place.save("Plan", "one")
    file = folder.directory / ".wikiplan" / "history.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(WikiplanError) as told:
            folder.read(["Plan"])
    assert str(told.value) == (
        f"{file}: the history cannot be used (another program has it open and locked); "
        "end the program that holds it, or give yourself access"
    )


@pytest.mark.parametrize(
    ("before", "edited", "after"),
    [
        (b"one\r\ntwo\r\nthree\r\n", "one\n2\nII\nthree", b"one\r\n2\r\nII\r\nthree\r\n"),
        (b"one\ntwo", "one\n2", b"one\n2"),
        (b"one\ntwo  \n\n\n", "1\ntwo", b"1\ntwo  \n\n\n"),
        (b"one\rtwo\nthree", "one\nthree", b"one\rthree"),
        (b"\xefone\ne\xcc\x81\ntwo", "\ufffdone\n\u00e9\n2", b"\xefone\ne\xcc\x81\n2"),
        (b"", "one", b"one\n"),
        (b"\r\n", "one", b"one\n"),
        (b"one\r\ntwo", "two\none", b"two\r\none"),
        (b"one\r\n", "", b"\r\n"),
        (b"a\r\n c \r\n", "a\n c\na", b"a\r\n c\r\na\r\n"),
    ],
)
def test_a_save_keeps_the_bytes_of_the_lines_that_stay(folder: Folder, before, edited, after):
    folder.directory.mkdir()
    file = folder.directory / "Plan.wiki"
    file.write_bytes(before)
    now = folder.read(["Plan"])["Plan"]
    folder.save(Edit("Plan", now.page_id, now.number, edited, "test"))
    assert file.read_bytes() == after
    assert folder.read(["Plan"])["Plan"].user == "wikiplan"


LINES = st.lists(st.sampled_from(["a", "b", "", " c ", "e\u0301", "\x07"]), max_size=9)


@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from([b"a", b"b", b"", b" c ", "e\u0301".encode(), b"\xff", b"\x07"]),
            st.sampled_from([b"\r\n", b"\n"]),
        ),
        max_size=12,
    ),
    end=st.sampled_from([b"", b"x"]),
    insert=LINES,
    places=st.tuples(st.integers(0, 12), st.integers(0, 12)),
)
def test_whatever_a_file_looks_like_only_the_lines_of_an_edit_change(lines, end, insert, places):
    data = b"".join(part for line in lines for part in line) + end
    text = stored(data.decode("utf-8", "replace"))
    assert with_lines_kept(data, text) == (data if text else b"\n")
    old = text.split("\n")
    first, until = sorted(min(place, len(old)) for place in places)
    new = stored("\n".join([*old[:first], *insert, *old[until:]]))
    written = with_lines_kept(data, new)
    assert stored(written.decode("utf-8", "replace")) == new
    before, after = data.splitlines(keepends=True), written.splitlines(keepends=True)
    above = max(min(first - 1, new.count("\n")), 0)
    assert after[:above] == before[:above]
    below = len(old) - until - 1
    if below > 0 and insert and set(new.split("\n")[first : first + len(insert)]).isdisjoint(old):
        assert written.endswith(b"".join(before[until + 1 :]))


def test_of_many_saves_from_one_base_exactly_one_is_made(folder: Folder, place: Place):
    place.save("Plan", "one")
    base = place.edit("Plan", "")

    def save(number: int) -> bool:
        text = f"run {number}"
        try:
            return bool(again(folder).save(Edit("Plan", base.page_id, base.base, text, "x")).number)
        except Conflict:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(save, range(8))) == 1
    assert len(folder.history(0, "Plan", 0)) == 2
    assert folder.read(["Plan"])["Plan"].text == place.people.text("Plan")


@given(st.text())
def test_text_is_stored_once_and_for_all(text: str):
    assert stored(stored(text)) == stored(text)
    assert stored(f"{stored(text)}\n") == stored(text)
    assert stored(text).encode().decode() == stored(text)

"""What the desk writes keeps what other programs wrote, can be undone, and is whole or nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from threading import Barrier, Event, RLock, Thread, Timer
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import smallplan
from tests.support.samples import examples
from wikiplan.desk.desk import Desk
from wikiplan.desk.trials import Trials
from wikiplan.desk.writing import MOST_VERSIONS, STILL_SECONDS, ChangedMeanwhileError, Step, Writing
from wikiplan.errors import WikiplanError
from wikiplan.files import FileChange
from wikiplan.session.loading import Known
from wikiplan.session.options import Options

OpenDesk = Callable[..., Desk]
FILE = "links.yaml"


@pytest.fixture
def links(directory: Path) -> Path:
    return directory / "data/links.yaml"


def changed(path: Path, old: str, new: str, of: bytes | None = None) -> FileChange:
    """Return the change of a file, or of a version of it, that somebody wants."""
    before = path.read_bytes() if of is None else of
    assert old.encode() in before
    return FileChange(path, before, before.replace(old.encode(), new.encode(), 1))


def by_another_program(path: Path, old: str, new: str) -> None:
    path.write_bytes(changed(path, old, new).after)


def test_an_edit_is_undone_and_done_again_to_the_byte(links: Path, open_desk: OpenDesk):
    writing, before = open_desk().writing, links.read_bytes()
    assert (writing.undoable, writing.redoable) == (None, None)
    told = writing.write("The link is another.", [changed(links, "{page: Mov", "{page: My mov")])
    after = links.read_bytes()
    assert told == "The link is another." and after != before
    assert writing.undoable and writing.undoable.told == "The link is another."
    assert writing.undo(writing.undoable.number) == "The link is another."
    assert (links.read_bytes(), writing.undoable) == (before, None)
    assert writing.redoable
    assert writing.redo(writing.redoable.number) == "The link is another."
    assert (links.read_bytes(), writing.redoable) == (after, None)


def test_files_that_an_edit_made_or_took_away_are_gone_and_there_again(
    directory: Path, open_desk: OpenDesk
):
    writing, data = open_desk().writing, directory / "data"
    gone, made = data / "glossary.yaml", data / "priorities/2022-2023.yaml"
    before, text = gone.read_bytes(), (data / "priorities/2021-2022.yaml").read_bytes()
    after = text.replace(b"2021-2022", b"2022-2023")
    writing.write("x", [FileChange(gone, before, b"", gone=True), FileChange(made, None, after)])
    assert not gone.exists() and made.read_bytes() == after and writing.undoable
    writing.undo(writing.undoable.number)
    assert gone.read_bytes() == before and not made.exists() and writing.redoable
    writing.redo(writing.redoable.number)
    assert not gone.exists() and made.read_bytes() == after


def test_what_another_program_changed_meanwhile_is_kept_also_when_it_is_undone(
    links: Path, open_desk: OpenDesk
):
    writing = open_desk().writing
    edit = changed(links, "{page: Mov", "{page: My mov")
    by_another_program(links, "\n", "\n# theirs\n")
    told = writing.write("The link is another.", [edit])
    assert told == (
        "The link is another. What another program changed in links.yaml meanwhile is kept."
    )
    text = links.read_text(encoding="utf-8")
    assert "# theirs\n" in text and "{page: My mov" in text
    links.write_text(f"{text}# more of theirs\n", encoding="utf-8")
    assert writing.undoable
    writing.undo(writing.undoable.number)
    assert links.read_text(encoding="utf-8") == (
        text.replace("{page: My mov", "{page: Mov") + "# more of theirs\n"
    )


def test_where_both_changed_the_same_nothing_is_written_and_both_versions_are_told(
    directory: Path, links: Path, open_desk: OpenDesk
):
    writing, people = open_desk().writing, directory / "data/department.yaml"
    both = changed(links, "{page: Mov", "{page: My mov"), changed(people, "\n", "\n# ours\n")
    by_another_program(links, "{page: Mov", "{page: Their mov")
    theirs, before = links.read_bytes(), people.read_bytes()
    with pytest.raises(ChangedMeanwhileError) as error:
        writing.write("The link is another.", both)
    assert str(error.value) == (
        "links.yaml: another program changed the same lines meanwhile; nothing was saved; "
        "look at what stands there now, and do it again"
    )
    (meeting,) = error.value.meetings
    assert any(line.startswith("+") and "My mov" in line for line in meeting.ours)
    assert any(line.startswith("+") and "Their mov" in line for line in meeting.theirs)
    assert (links.read_bytes(), people.read_bytes(), writing.undoable) == (theirs, before, None)


def test_a_plan_that_would_not_be_sound_is_not_written(links: Path, open_desk: OpenDesk):
    writing, before = open_desk().writing, links.read_bytes()
    with pytest.raises(WikiplanError, match="did you mean “page”") as error:
        writing.write("The link is another.", [changed(links, "{page: Mov", "{pages: Mov")])
    assert str(error.value).endswith(
        "So it would be after this (The link is another.); nothing was written."
    )
    assert str(links) in str(error.value)
    assert (links.read_bytes(), writing.undoable) == (before, None)


def test_errors_in_other_translations_keep_none_from_being_written_or_undone(
    directory: Path, open_desk: OpenDesk
):
    writing, file = open_desk().writing, directory / "data/locale/de.po"
    by_another_program(file, '"Notizen"', '"[[Notizen"')
    before = file.read_bytes()
    edit = changed(file, '"Was wir tun"', '"Unsere Aufgaben"')
    with pytest.raises(WikiplanError, match="never closed"):
        writing.write("The edit.", [edit])
    assert file.read_bytes() == before
    writing.write("The edit.", [edit], of_texts=True)
    assert file.read_bytes() == edit.after
    assert writing.undoable
    writing.undo(writing.undoable.number)
    assert file.read_bytes() == before


def test_changes_that_are_sound_alone_and_not_together_are_not_merged(
    links: Path, open_desk: OpenDesk
):
    writing = open_desk().writing
    first, *_, last = links.read_text(encoding="utf-8").splitlines()
    edit = changed(links, f"{first}\n", f"{first}\nnew: {{page: Ours}}\n")
    by_another_program(links, f"{last}\n", f"{last}\nnew: {{page: Theirs}}\n")
    theirs = links.read_bytes()
    with pytest.raises(WikiplanError, match="the key is doubled"):
        writing.write("A link is new.", [edit])
    assert links.read_bytes() == theirs


def test_an_edit_that_another_one_is_built_on_is_not_undone_alone(links: Path, open_desk: OpenDesk):
    writing = open_desk().writing
    writing.write("One.", [changed(links, "{page: Mov", "{page: My mov")])
    one = writing.undoable
    writing.write("Two.", [changed(links, "{page: My mov", "{page: Your mov")])
    after = links.read_bytes()
    assert one
    with pytest.raises(WikiplanError, match="another edit was made, or undone, meanwhile"):
        writing.undo(one.number)
    by_another_program(links, "{page: Your mov", "{page: Their mov")
    assert writing.undoable
    with pytest.raises(ChangedMeanwhileError):
        writing.undo(writing.undoable.number)
    by_another_program(links, "{page: Their mov", "{page: Your mov")
    assert links.read_bytes() == after


def test_what_changes_nothing_is_no_edit(links: Path, open_desk: OpenDesk):
    writing = open_desk().writing
    edit = changed(links, "{page: Mov", "{page: My mov")
    by_another_program(links, "{page: Mov", "{page: My mov")
    assert writing.write("The link is another.", [edit]) == "The link is another."
    assert writing.undoable is None


def test_a_form_s_edit_is_one_of_the_version_that_it_showed(links: Path, open_desk: OpenDesk):
    writing = open_desk().writing
    version, text = writing.version(FILE), links.read_bytes()
    by_another_program(links, "\n", "\n# theirs\n")
    assert writing.of_version(FILE, version) == text != links.read_bytes()
    for number in range(MOST_VERSIONS):
        links.write_text(f"# {number}")
        writing.version(FILE)
    with pytest.raises(WikiplanError, match=r"links\.yaml: the desk does not know"):
        writing.of_version(FILE, version)
    assert writing.of_version("none.yaml", writing.version("none.yaml")) is None


# Whatever the order, nothing that was confirmed is lost.


LINES = 5
ENDINGS = "\n", "\r\n"
TURNS = st.lists(
    st.tuples(
        st.sampled_from(["look", "edit", "edit", "other", "undo", "redo"]),
        st.integers(0, 1),
        st.integers(0, LINES - 1),
    ),
    max_size=12,
)
"""Who does what: two browsers look and edit a line of what they saw, another program writes."""


class Lines:
    """A plan whose links stand in lines of their own, edited in turns."""

    def __init__(self, folder: Path, ending: str) -> None:
        data = smallplan.write(folder, {"a": "A."}) / "data"
        self.path, self._ending = data / "links.yaml", ending
        self._head = (data / "links.yaml").read_text(encoding="utf-8")
        self.path.write_bytes(self.text([f"page{n}" for n in range(LINES)]))
        options = Options(data=data, templates=folder / "templates", now=smallplan.NOW)
        alone = RLock()
        self.writing = Writing(alone, Trials(alone, options, Known(options)))
        self.seen = [self.lines] * 2
        self.undoable: list[tuple[int, str, str]] = []
        self.redoable: list[tuple[int, str, str]] = []

    def text(self, lines: Sequence[str]) -> bytes:
        written = (
            f"link{n}: {{page: {name}, title: T}}{self._ending}" for n, name in enumerate(lines)
        )
        return "".join((self._head, *written)).encode()

    @property
    def lines(self) -> list[str]:
        return re.findall(r"link\d: \{page: (.*?),", self.path.read_text(encoding="utf-8"))

    def edit(self, who: int, line: int, name: str) -> None:
        seen, before = self.seen[who], self.lines
        wanted = [*seen[:line], name, *seen[line + 1 :]]
        if before[line] == seen[line]:
            self.writing.write(name, [FileChange(self.path, self.text(seen), self.text(wanted))])
            self.undoable.append((line, before[line], name))
            self.redoable.clear()
            self.seen[who] = self.lines
            assert self.lines == [*before[:line], name, *before[line + 1 :]]
        else:
            with pytest.raises(ChangedMeanwhileError):
                self.writing.write(
                    name, [FileChange(self.path, self.text(seen), self.text(wanted))]
                )
            assert self.lines == before

    def other(self, line: int, name: str) -> None:
        lines = self.lines
        self.path.write_bytes(self.text([*lines[:line], name, *lines[line + 1 :]]))

    def put_back(self, do: Callable[[str], str], step: Step | None) -> None:
        is_undo = do == self.writing.undo
        steps, others = self.undoable, self.redoable
        if not is_undo:
            steps, others = others, steps
        assert bool(step) == bool(steps)
        if not step:
            return
        (line, old, new), before = steps[-1], self.lines
        if before[line] in (old, new):
            do(step.number)
            assert self.lines == [*before[:line], old, *before[line + 1 :]]
            others.append((line, new, old))
            steps.pop()
        else:
            with pytest.raises(ChangedMeanwhileError):
                do(step.number)
            assert self.lines == before


@pytest.mark.heavy
@pytest.mark.parametrize("ending", ENDINGS, ids=["unix", "windows"])
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=TURNS)
def test_in_any_order_of_two_browsers_and_another_program_no_edit_is_lost(
    turns: list[tuple[str, int, int]], ending: str, tmp_path_factory: pytest.TempPathFactory
):
    lines = Lines(tmp_path_factory.mktemp("plan"), ending)
    writing = lines.writing
    for number, (what, who, line) in enumerate(turns):
        match what:
            case "look":
                lines.seen[who] = lines.lines
            case "edit":
                lines.edit(who, line, f"mine{number}")
            case "other":
                lines.other(line, f"theirs{number}")
            case "undo":
                lines.put_back(writing.undo, writing.undoable)
            case "redo":
                lines.put_back(writing.redo, writing.redoable)


def test_of_edits_that_are_sent_at_once_none_is_lost(tmp_path: Path):
    lines = Lines(tmp_path, "\n")
    seen, together = lines.lines, Barrier(LINES)

    def send(line: int) -> None:
        wanted = [*seen[:line], f"mine{line}", *seen[line + 1 :]]
        change = FileChange(lines.path, lines.text(seen), lines.text(wanted))
        together.wait()
        lines.writing.write(f"mine{line}", [change])

    threads = [Thread(target=send, args=(line,)) for line in range(LINES)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert lines.lines == [f"mine{line}" for line in range(LINES)]
    while (step := lines.writing.undoable) is not None:
        lines.writing.undo(step.number)
    assert lines.lines == seen


def test_what_another_program_writes_while_the_plan_is_checked_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    lines, counted = Lines(tmp_path, "\n"), count(1)
    seen, check = lines.lines, lines.writing._check

    def checked(*given: Any, **more: Any) -> None:
        """Check, while another program counts in the first line, three times."""
        check(*given, **more)
        if (number := next(counted)) <= 3:
            lines.path.write_bytes(lines.text([f"count{number}", *lines.lines[1:]]))

    monkeypatch.setattr(lines.writing, "_check", checked)
    wanted = [*seen[:-1], "mine"]
    lines.writing.write("x", [FileChange(lines.path, lines.text(seen), lines.text(wanted))])
    assert lines.lines == ["count3", *seen[1:-1], "mine"]
    assert next(counted) == 5


def test_what_an_editor_writes_piece_by_piece_is_waited_for(tmp_path: Path):
    lines, begun = Lines(tmp_path, "\n"), Event()
    seen = lines.lines
    theirs = lines.text([*seen[:-1], "theirs"])

    def write() -> None:
        with lines.path.open("wb") as file:
            for half in (theirs[:100], theirs[100:]):
                file.write(half)
                file.flush()
                begun.set()
                time.sleep(STILL_SECONDS / 2)

    editor = Thread(target=write)
    editor.start()
    begun.wait()
    wanted = lines.text(["mine", *seen[1:]])
    lines.writing.write("x", [FileChange(lines.path, lines.text(seen), wanted)])
    editor.join()
    assert lines.lines == ["mine", *seen[1:-1], "theirs"]


def test_a_file_that_is_taken_away_to_be_put_back_is_waited_for(tmp_path: Path):
    lines = Lines(tmp_path, "\n")
    seen, beside = lines.lines, tmp_path / "beside"
    lines.path.rename(beside)
    editor = Timer(STILL_SECONDS / 2, lambda: beside.rename(lines.path))
    editor.start()
    wanted = lines.text(["mine", *seen[1:]])
    lines.writing.write("x", [FileChange(lines.path, lines.text(seen), wanted)])
    assert lines.lines == ["mine", *seen[1:]]

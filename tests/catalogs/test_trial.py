"""A change of the plan's files is made in a copy first, and then of all files or of none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support import smallplan
from wikiplan import files
from wikiplan.catalogs import trial
from wikiplan.errors import WikiplanError
from wikiplan.plan import UnwritableError, plan


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return smallplan.write(tmp_path, {"a": "Text.", "b": "Text."}) / "data"


def test_what_is_done_in_the_copy_are_changes_of_the_plan_s_files(data: Path):
    before = files.digest_of(data)
    with trial.tried(data, "the change", "do it by hand") as tried:
        (tried.copy / "a.yaml").write_text("body: {text: Other text.}\n")
        (tried.copy / "b.yaml").unlink()
        (tried.copy / "c.yaml").write_text("body: {text: New text.}\n")
        changes = {each.path.name: (each.before is None, each.gone) for each in tried.changes()}
    assert changes == {"a.yaml": (False, False), "b.yaml": (False, True), "c.yaml": (True, False)}
    assert files.digest_of(data) == before


def test_what_is_wrong_in_the_copy_is_told_of_the_plan_s_files(data: Path):
    with (
        pytest.raises(WikiplanError) as error,
        trial.tried(data, "the change", "do it by hand") as tried,
    ):
        (tried.copy / "a.yaml").write_text("body: {text: ''}\n")
        plan.load(tried.copy)
    assert str(error.value) == (
        f"{data}/a.yaml:1:14: body.text: is empty; write the text\n"
        "So it would be after the change; nothing was written."
    )


def test_a_file_that_cannot_be_written_is_left_to_a_person(data: Path):
    with (
        pytest.raises(WikiplanError) as error,
        trial.tried(data, "the change", "do it by hand") as tried,
    ):
        raise UnwritableError(f"{tried.copy}/a.yaml: is written in one line")
    assert str(error.value) == f"{data}/a.yaml: is written in one line; do it by hand"


def test_what_vanishes_while_it_is_copied_is_none_of_the_plan(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    (data / ".a.yaml.tmp").write_text("theirs")
    copy = shutil.copyfile

    def copied(source: str, target: str) -> None:
        if source.endswith(".tmp"):
            Path(source).unlink()
        copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", copied)
    with trial.tried(data, "the change", "do it by hand") as tried:
        assert list(tried.changes()) == []
    (data / "b.yaml").unlink()
    (data / "b.yaml").symlink_to("nowhere")
    with pytest.raises(OSError), trial.tried(data, "the change", "do it by hand"):
        pass

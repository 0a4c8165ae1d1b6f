from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wikiplan.wiki import folderhistory
from wikiplan.wikitext import syntax

CASES = Path(__file__).parents[1] / "cases/pagefile"
ODD = '/.%~:?*"\\ aAéßİ日م' + string.digits
TITLES = st.text(st.sampled_from(ODD), min_size=1, max_size=40) | st.text(max_size=90)


def cases(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("title", "path"), cases("paths.txt"))
def test_a_page_has_a_file_that_people_recognise(title: str, path: str):
    assert folderhistory.page_path(title).as_posix() == path


@pytest.mark.parametrize(("typed", "title"), cases("normal.txt"))
def test_titles_are_written_as_mediawiki_writes_them(typed: str, title: str):
    assert syntax.normal_title(typed) == title
    assert syntax.normal_title(title) == title


def legal(text: str) -> str:
    try:
        return syntax.normal_title(text)
    except ValueError:
        assume(False)
        raise


@given(TITLES, TITLES)
def test_different_titles_have_different_files(one: str, other: str):
    one, other = legal(one), legal(other)
    assert (folderhistory.page_path(one) == folderhistory.page_path(other)) == (one == other)


@given(TITLES)
def test_no_file_lies_outside_the_folder_or_is_a_directory_of_another_page(text: str):
    path = folderhistory.page_path(legal(text))
    assert not path.is_absolute()
    assert not {".", "..", ".wikiplan", ""} & set(path.parts)
    assert not any(part.endswith(".wiki") for part in path.parts[:-1])


@given(TITLES)
def test_a_normal_title_stays_as_it_is(text: str):
    assert syntax.normal_title(legal(text)) == legal(text)


@pytest.mark.parametrize("letter", ["a", "é", "日", "%", ":"])
def test_the_longest_titles_have_files_that_a_disk_takes(letter: str, tmp_path: Path):
    size = len(letter.encode())
    titles = [f"A{letter * (254 // size)}", f"A{letter * (250 // size)}b"]
    paths = [tmp_path / folderhistory.page_path(title) for title in titles]
    for path, title in zip(paths, titles, strict=True):
        path.write_text(title, encoding="utf-8")
    assert [path.read_text(encoding="utf-8") for path in paths] == titles

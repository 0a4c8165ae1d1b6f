"""What follows of removing something from the plan, before it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles.leaving import Following, Left, following, retired
from wikiplan.files import FileChange
from wikiplan.yaml import KeyPath, without

DEPARTMENT = "Community Resilience and Sustainability"


def change(directory: Path, file: str, place: KeyPath) -> FileChange:
    path = directory / "data" / file
    return FileChange(path, path.read_bytes(), without(path.read_bytes(), [place]))


def followed(desk: Desk, edit: FileChange) -> Following:
    return following(desk.current(), desk.trials, edit)


def test_texts_that_go_are_named_with_their_translations(
    directory: Path, open_desk: Callable[..., Desk]
):
    edit = change(directory, "priorities/2021-2022.yaml", ("teams", 3, "items", 1))
    found = followed(open_desk(), edit)
    assert found.texts == ("Build one reporting tool for all projects.",)
    assert dict(found.lost)["de"] == 1
    assert (found.errors, found.left) == ((), ())
    assert edit.path.read_bytes() == edit.before


def test_what_would_be_wrong_is_told_of_the_plan_s_own_files(
    directory: Path, open_desk: Callable[..., Desk]
):
    found = followed(open_desk(), change(directory, "links.yaml", ("charter",)))
    (error,) = (each for each in found.errors if "priorities/2021-2022" in each)
    assert error.startswith(str(directory / "data/priorities/2021-2022.yaml"))
    assert "$charter is not defined" in error


def test_sections_pages_and_languages_that_leave_stay_on_the_wiki(
    directory: Path, open_desk: Callable[..., Desk]
):
    desk = open_desk()
    places: list[KeyPath] = [("pages", 0, "sections", 1), ("pages", 1), ("languages", 2)]
    section, page, language = (
        followed(desk, change(directory, "pages.yaml", place)).left for place in places
    )
    other = f"{DEPARTMENT}/Priorities 2021–2022"
    assert section == (Left(DEPARTMENT, "mission"),)
    assert page == (Left(other),)
    assert language == (Left(DEPARTMENT, "", ("de",)), Left(other, "", ("de",)))
    assert [*map(str, (*section, *page, language[0]))] == [
        f"the section mission of “{DEPARTMENT}”",
        f"the page “{other}”",
        f"“{DEPARTMENT}” in de",
    ]


def test_what_remains_is_said_once():
    left = Left("A", "s"), Left("B", languages=("de",))
    first, second = retired({}, left, "nothing")
    assert first == {"title": "A", "section": "s", "remains": "nothing"}
    assert second == {"title": "B", "languages": ["de"], "remains": "nothing"}
    assert retired({"retired": [first]}, left, "nothing") == [second]

"""What the desk shows: each page in each language, on any day, as the files are now."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from wikiplan.desk.desk import Desk
from wikiplan.desk.views import Choice, Rendering, Views, day_of
from wikiplan.errors import Faults, WikiplanError
from wikiplan.wiki.folder import Folder

DEPARTMENT = "Community Resilience and Sustainability"
PRIORITIES = f"{DEPARTMENT}/Priorities 2021–2022"
OpenDesk = Callable[..., Desk]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_page_is_listed_with_the_languages_it_can_be_seen_in(open_desk: OpenDesk):
    listed = [(each.title, each.kind, " ".join(each.languages)) for each in open_desk().entries()]
    assert listed == [
        (DEPARTMENT, "plain", "en ar de es fr he ja"),
        (PRIORITIES, "plain", "en ar de es fr he ja"),
    ]


def test_a_page_is_shown_as_its_language_reads_it(open_desk: OpenDesk):
    shown = Views(open_desk()).planned(Choice(PRIORITIES, "de"))
    assert "Prioritäten" in words(shown.html)
    assert (shown.approximate, shown.language.bcp47) == (True, "de")


def test_what_is_changed_in_a_file_is_seen_at_once_and_the_wiki_keeps_what_stands_there(
    directory: Path, open_desk: OpenDesk
):
    desk, choice = Views(open_desk()), Choice(PRIORITIES, "en")
    assert "January 2022" in words(desk.planned(choice).html)
    replaced(directory / "data/priorities/2021-2022.yaml", "target: 2022-01", "target: 2022-02")
    assert "January 2022" not in words(desk.planned(choice).html)
    assert "February 2022" in words(desk.planned(choice).html)
    standing = desk.standing(choice)
    assert standing and "January 2022" in words(standing.html)


def test_what_does_not_stand_on_the_wiki_yet_cannot_be_seen_there(
    directory: Path, open_desk: OpenDesk
):
    assert Views(open_desk(Folder(directory / "empty"))).standing(Choice(DEPARTMENT, "en")) is None


def test_a_page_is_shown_as_it_will_be_on_a_day(open_desk: OpenDesk):
    desk = Views(open_desk())
    days = None, day_of("2021-08-01")
    today, later = (words(desk.planned(Choice(DEPARTMENT, "en", day)).html) for day in days)
    next_hour = r"Next office hour.*?(\w+ \d+, 2021)"
    assert [re.search(next_hour, each)[1] for each in (today, later)] == [  # type: ignore[index]
        "July 15, 2021",
        "October 14, 2021",
    ]


def test_a_translatable_page_is_shown_in_each_language_without_any_tag(
    directory: Path, open_desk: OpenDesk
):
    replaced(directory / "data/pages.yaml", "kind: plain", "kind: translatable")
    desk = Views(open_desk(Folder(directory / "empty")))
    english, german = (words(desk.planned(Choice(DEPARTMENT, code)).html) for code in ("en", "de"))
    assert "translate" not in english + german
    assert "A community with a common purpose" in english
    assert "A community with a common purpose" not in german


def test_a_page_that_is_refused_shows_the_plan_s_sections_and_says_why(
    directory: Path, open_desk: OpenDesk
):
    replaced(directory / "data/pages.yaml", "    missing-page: create\n", "")
    shown = Views(open_desk(Folder(directory / "empty"))).planned(Choice(DEPARTMENT, "de"))
    assert "Nächste Sprechstunde" in words(shown.html)
    assert "the page does not exist" in shown.told


def test_a_section_that_people_edited_is_shown_as_they_left_it_and_told(
    directory: Path, open_desk: OpenDesk
):
    desk = Views(open_desk())
    replaced(directory / f"wiki/{PRIORITIES}.wiki", "courses", "lessons")
    shown = desk.planned(Choice(PRIORITIES, "en"))
    assert "into lessons that" in words(shown.html)
    assert "edited on the wiki since" in shown.told


def test_the_language_version_of_a_translatable_page_is_seen_as_it_stands(
    directory: Path, open_desk: OpenDesk
):
    replaced(directory / "data/pages.yaml", "kind: plain", "kind: translatable")
    desk = Views(open_desk(Folder(directory / "wiki")))
    assert desk.standing(Choice(DEPARTMENT, "de")) is None
    page = directory / "wiki" / DEPARTMENT / "de.wiki"
    page.parent.mkdir(parents=True)
    page.write_text("<languages/>Die Abteilung.", encoding="utf-8")
    found = desk.standing(Choice(DEPARTMENT, "de"))
    assert found and words(found.html) == "Die Abteilung."


def test_mistakes_in_the_plan_are_told_until_they_are_mended(directory: Path, open_desk: OpenDesk):
    desk, file = open_desk(), directory / "data/links.yaml"
    replaced(file, "page: Movement Strategy,", "pages: Movement Strategy,")
    with pytest.raises(Faults, match="did you mean “page”"):
        desk.entries()
    replaced(file, "pages: Movement Strategy,", "page: Movement Strategy,")
    assert len(desk.entries()) == 2


@pytest.mark.parametrize(("title", "language"), [("Elsewhere", "en"), (DEPARTMENT, "sv")])
def test_a_page_that_the_plan_does_not_have_is_told(title: str, language: str, open_desk: OpenDesk):
    with pytest.raises(WikiplanError, match=f"no page “{title}” in “{language}”"):
        Views(open_desk()).planned(Choice(title, language))


@pytest.mark.parametrize("wrong", ["tomorrow", "2021-13-01", "2021-02-30", "2021-10-15T10:00"])
def test_a_day_that_is_none_is_told(wrong: str):
    with pytest.raises(WikiplanError, match="is no day; write one like 2021-10-15"):
        day_of(wrong)


def marks(shown: Rendering) -> list[str]:
    """Return what is marked as changed: its sign and its words."""
    found = re.findall(r"<(ins|del) class=[^>]*>(.*?)</\1>", shown.html, re.DOTALL)
    return [("+" if name == "ins" else "-") + words(text) for name, text in found]


def test_what_an_update_would_change_is_marked(directory: Path, open_desk: OpenDesk):
    desk, choice = Views(open_desk()), Choice(PRIORITIES, "en")
    assert desk.changed(choice).changes == 0
    replaced(directory / "data/priorities/2021-2022.yaml", "target: 2022-01", "target: 2022-02")
    shown = desk.changed(choice)
    assert (shown.changes, marks(shown)) == (1, ["-January", "+February"])


def test_of_a_page_that_would_be_created_all_is_marked(directory: Path, open_desk: OpenDesk):
    shown = Views(open_desk(Folder(directory / "empty"))).changed(Choice(PRIORITIES, "en"))
    unmarked = re.sub(r"<(ins|del) class=[^>]*>.*?</\1>", "", shown.html, flags=re.DOTALL)
    assert shown.changes and words(unmarked) == ""


def test_of_a_page_that_is_refused_nothing_is_marked(directory: Path, open_desk: OpenDesk):
    replaced(directory / "data/pages.yaml", "    missing-page: create\n", "")
    shown = Views(open_desk(Folder(directory / "empty"))).changed(Choice(DEPARTMENT, "de"))
    assert shown.changes is None and marks(shown) == []


def test_of_a_translatable_page_the_sections_are_compared_with_those_of_the_language_version(
    directory: Path, open_desk: OpenDesk
):
    desk = Views(open_desk())
    choice = Choice(DEPARTMENT, "de")
    page = directory / "wiki" / DEPARTMENT / "de.wiki"
    # Of a page that Translate makes the wiki knows the language.
    page.write_text(re.sub('<div lang="de"[^>]*>\n|\n</div>', "", page.read_text("utf-8")), "utf-8")
    replaced(directory / "data/pages.yaml", "kind: plain", "kind: translatable")
    assert desk.changed(choice).changes == 0
    catalog = directory / "data/locale/de.po"
    text = catalog.read_text(encoding="utf-8")
    assert "Gemeinschaft" in text
    catalog.write_text(text.replace("Gemeinschaft", "Gesellschaft"), encoding="utf-8")
    shown = desk.changed(choice)
    assert shown.changes
    assert "-Gemeinschaft" in marks(shown) and "+Gesellschaft" in marks(shown)


def test_what_a_day_makes_other_than_today_is_marked(open_desk: OpenDesk):
    shown = Views(open_desk()).changed_by_day(Choice(DEPARTMENT, "en", day_of("2021-08-01")))
    hour = "July 15, 2021, 18:00 UTC+2 (16:00 UTC) : The annual plans of the departments"
    assert shown.changes == 2
    assert {f"-{hour}", "-Later office hours", f"+{hour}"} <= {*marks(shown)}

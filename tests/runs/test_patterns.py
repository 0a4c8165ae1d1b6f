"""Pages that come and go with the data, in a folder that stands in for a wiki."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.running import Done, script

PAGES = """\
site: lab:lab
source-language: en
languages: [en, de]
pages:
  - missing-page: create
    pages:
      - title: Talks/{event}
        sections:
          - {name: talk, template: talk, data: office-hours, item: "{event}"}
      - title: Talks
        language-pages: none
        sections:
          - {name: all, template: all, data: office-hours}
"""
TALK = "{{ item | instant | date }}: {{ item.topic.text }}\n"
ALL = """\
{% for talk in sections_with("talk") %}
* [[{{ talk.title | title }}|{{ talk.item | instant | date }}]]
{% endfor %}
"""


def events(**topics: str) -> str:
    entries = "".join(
        f"  - {{key: {key}, start: 2021-{number:02}-15T16:00Z, topic: {{text: {topic}}}}}\n"
        for number, (key, topic) in enumerate(topics.items(), 4)
    )
    return f"heading: {{text: Talks}}\ngoal: {{text: Come.}}\nevents:\n{entries}"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    smallplan.write(tmp_path, {})
    (tmp_path / "templates" / "talk.wiki").write_text(TALK)
    (tmp_path / "templates" / "all.wiki").write_text(ALL)
    (tmp_path / "data" / "pages.yaml").write_text(PAGES)
    hold(tmp_path, spring="Seeds", summer="Weeds")
    (tmp_path / "data" / "locale").mkdir()
    return translated(tmp_path)


def translated(plan: Path) -> Path:
    assert script("plan_translations", "update", directory=plan).status == 0
    return plan


def hold(plan: Path, **topics: str) -> None:
    (plan / "data" / "office-hours.yaml").write_text(events(**topics))


def update(plan: Path, *options: str) -> Done:
    return script("plan_update", "-wiki:wiki", "-always", *options, directory=plan)


def text(plan: Path, title: str) -> str:
    return (plan / "wiki" / f"{title}.wiki").read_text()


def test_a_page_comes_with_its_event_in_all_languages_and_stays_when_that_goes(plan: Path):
    assert update(plan).actions == {
        "Talks/spring": "create",
        "Talks/spring/de": "create",
        "Talks/summer": "create",
        "Talks/summer/de": "create",
        "Talks": "create",
    }
    assert "\nApril 15, 2021: Seeds\n" in text(plan, "Talks/spring")
    assert "* [[Talks/summer|May 15, 2021]]\n" in text(plan, "Talks")

    hold(plan, summer="Weeds", autumn="Leaves")
    before = text(plan, "Talks/spring")
    done = update(plan)
    assert {t: a for t, a in done.actions.items() if a != "none"} == {
        "Talks/summer": "update",
        "Talks/summer/de": "update",
        "Talks/autumn": "create",
        "Talks/autumn/de": "create",
        "Talks": "update",
    }
    assert text(plan, "Talks/spring") == before
    assert [each["title"] for each in done.report["left"]] == ["Talks/spring", "Talks/spring/de"]
    assert done.status == 0


def test_a_key_that_changed_unsaid_is_a_new_page_and_the_old_one_is_named(plan: Path):
    update(plan)
    hold(plan, april="Seeds", summer="Weeds")
    done = update(plan)
    assert done.actions["Talks/april"] == "create"
    assert [each["title"] for each in done.report["left"]] == ["Talks/spring", "Talks/spring/de"]


def test_a_title_that_changed_for_all_pages_makes_no_second_ones(plan: Path):
    update(plan)
    pages = plan / "data" / "pages.yaml"
    pages.write_text(PAGES.replace("Talks/{event}", "Speeches/{event}"))
    done = update(plan)
    assert done.status == 1
    assert done.actions["Speeches/spring"] == "refused"
    assert not (plan / "wiki" / "Speeches").exists()


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        (("office-hours.spring", "office-hours.april"), "Talks/spring", "Talks/april"),
        (("Talks/{event}", "Speeches/{event}"), "Talks/spring", "Speeches/spring"),
        (("page:Talks", "Speeches"), "Talks/spring", "Speeches/spring"),
    ],
)
def test_pages_of_a_pattern_follow_a_move_once_they_are_moved_on_the_wiki(
    plan: Path, move: tuple[str, str], before: str, after: str
):
    update(plan)
    moved = script("plan_move", *move, directory=plan)
    assert moved.status == 0, moved.err
    done = update(plan)
    told = f"pages.yaml calls the page {after!r}, and the wiki still {before!r}; move it there"
    assert done.reasons[after].startswith(told)
    assert not (plan / "wiki" / f"{after}.wiki").exists()


def test_what_is_retired_of_a_page_that_left_is_done(plan: Path):
    update(plan)
    hold(plan, summer="Weeds")
    pages = plan / "data" / "pages.yaml"
    pages.write_text(PAGES + "retired:\n  - {title: Talks/spring, remains: text}\n")
    done = update(plan)
    assert done.actions["Talks/spring"] == "update"
    assert text(plan, "Talks/spring").strip() == "April 15, 2021: Seeds"


def test_a_pattern_says_what_remains_of_its_pages(plan: Path):
    pages, wiki = plan / "data" / "pages.yaml", FolderPeople(plan / "wiki")
    said = PAGES.replace(
        "      - title: Talks\n", "        remains: {redirect: Talks}\n      - title: Talks\n"
    )
    pages.write_text(said)
    hold(plan, spring="Seeds", summer="Weeds", autumn="Leaves", winter="Snow")
    update(plan)
    wiki.edit("Talks/summer", wiki.text("Talks/summer").replace("Weeds", "Weeds!"))
    wiki.edit("Talks/autumn", f"Ours.\n\n{wiki.text('Talks/autumn')}")
    hold(plan, winter="Snow")
    done = update(plan)
    assert text(plan, "Talks/spring").strip() == "#REDIRECT [[Talks]]"
    assert text(plan, "Talks/summer/de").strip() == "#REDIRECT [[Talks]]"
    assert {title: done.actions[title] for title in sorted(done.actions) if "/" in title} == {
        "Talks/autumn": "refused",
        "Talks/autumn/de": "update",
        "Talks/spring": "update",
        "Talks/spring/de": "update",
        "Talks/summer": "drift",
        "Talks/summer/de": "update",
        "Talks/winter": "update",
        "Talks/winter/de": "update",
    }
    assert "left" not in done.report
    assert "Weeds!" in wiki.text("Talks/summer")
    assert "Ours." in wiki.text("Talks/autumn")
    again = update(plan)
    assert {title for title in again.actions if "/" in title} == {
        "Talks/autumn", "Talks/summer", "Talks/winter", "Talks/winter/de",
    }  # fmt: skip


def test_a_page_by_hand_that_a_pattern_could_have_made_is_left(plan: Path):
    pages, wiki = plan / "data" / "pages.yaml", FolderPeople(plan / "wiki")
    own = """\
  - title: Talks/winter
    language-pages: none
    missing-page: create
    sections: [{name: all, template: all, data: office-hours}]
"""
    pages.write_text(PAGES + own)
    update(plan)
    before = wiki.text("Talks/winter")
    pages.write_text(
        PAGES.replace("      - title: Talks\n", "        remains: blank\n      - title: Talks\n")
    )
    done = update(plan)
    assert wiki.text("Talks/winter") == before
    assert [each["title"] for each in done.report["left"]] == ["Talks/winter"]


def test_a_page_that_a_pattern_makes_is_not_moved_by_itself(plan: Path):
    done = script("plan_move", "Talks/spring", "Talks/april", directory=plan)
    assert (done.status, done.err.splitlines()[0]) == (
        1,
        "data/pages.yaml:7:16: pages.1.pages.1.title: “Talks/spring” comes of this pattern, "
        "for the event spring; move the pattern, or the key of what it is for",
    )

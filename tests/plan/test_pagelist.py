"""Groups, included files and patterns, written out page by page; cases/plan has their mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.plan.pagelist import PageList, page_list
from wikiplan.plan.source import Source, read_pages, read_source
from wikiplan.yaml import Document, KeyPath, parsed

HEAD = "site: meta:meta\nsource-language: en\nlanguages: [en, ar]\npages:\n"
EVENTS = "heading: {text: A}\ngoal: {text: A}\nevents:\n"


def source(directory: Path, **files: str) -> Source:
    for name, text in files.items():
        path = directory / f"{name.replace('__', '/').replace('_', '-')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_source(directory)


def listed(directory: Path, entries: str, **files: str) -> PageList:
    found = source(directory, pages=HEAD + entries, **files).pages
    assert found
    return found


def at(pages: PageList, *place: str | int) -> tuple[str, int]:
    document, real, _ = pages.real(("pages", *place))
    return Path(document.file).name, document.value_at(real)[0]


GROUPS = """\
  - title: Alone
    sections: [{name: a, template: a, data: a}]
  - languages: [en]
    site: lab:lab
    sections: [{name: b, template: b, data: b}]
    pages:
      - title: Within
      - site: other:other
        pages: [{title: Deep, languages: [ar]}]
  - include: pages/more
    drift: import
"""
MORE = "pages:\n  - title: Included\n    drift: keep\n  - {title: Second}\n"


def test_what_a_group_says_holds_for_its_pages_that_say_nothing_else(tmp_path: Path):
    pages = listed(tmp_path, GROUPS, pages__more=MORE)
    alone, own = ([{"name": n, "template": n, "data": n}] for n in "ab")
    assert pages.data["pages"] == [
        {"title": "Alone", "sections": alone},
        {"title": "Within", "languages": ["en"], "site": "lab:lab", "sections": own},
        {"title": "Deep", "languages": ["ar"], "site": "other:other", "sections": own},
        {"title": "Included", "drift": "keep"},
        {"title": "Second", "drift": "import"},
    ]


def test_each_key_is_found_where_it_is_written(tmp_path: Path):
    pages = listed(tmp_path, GROUPS, pages__more=MORE)
    places: tuple[KeyPath, ...] = (
        (2, "title"), (2, "languages", 0), (2, "site"), (2, "sections", 0, "name"), (3, "drift"),
        (4, "drift"),
    )  # fmt: skip
    assert [at(pages, *place) for place in places] == [
        ("pages.yaml", 13), ("pages.yaml", 13), ("pages.yaml", 12), ("pages.yaml", 9),
        ("more.yaml", 3), ("pages.yaml", 15),
    ]  # fmt: skip


def test_an_entry_of_a_wrong_shape_keeps_its_place(tmp_path: Path):
    pages = listed(tmp_path, "  - 4\n  - title: {a: b}\n  - pages: words\n  - title: A\n")
    assert pages.data["pages"] == [4, {"title": {"a": "b"}}, {"title": "A"}]


def test_sites_are_known_without_the_data_that_patterns_go_over(tmp_path: Path):
    entries = "  - {site: lab:lab, pages: [{title: 'Talks/{event}'}]}\n  - include: pages/more\n"
    source(tmp_path, pages=HEAD + entries, pages__more="pages: [{title: A, site: a:a}]\n")
    assert read_pages(tmp_path)["pages"] == [
        {"title": "Talks/{event}", "site": "lab:lab"},
        {"title": "A", "site": "a:a"},
    ]


KEYS = st.lists(st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,3})?", fullmatch=True), unique=True)


@settings(max_examples=examples(30))
@given(KEYS, st.data())
def test_a_pattern_makes_what_entries_of_their_own_would(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], data: st.DataObject
):
    left_out = data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
    folder = tmp_path_factory.mktemp("plan")
    events = "".join(f"  - {{key: '{key}', start: 2021-01-01T10:00Z}}\n" for key in keys)
    section = "{{name: 'n-{0}', template: a, data: office-hours, item: '{0}'}}"
    pattern = f"  - title: Talks/{{event}}\n    sections: [{section.format('{event}')}]\n"
    pattern += f"    except: {left_out}\n" if left_out else ""
    written = "".join(
        f"  - title: Talks/{key}\n    sections: [{section.format(key)}]\n"
        for key in keys
        if key not in left_out
    )
    made = listed(folder, pattern, office_hours=EVENTS + (events or "  []\n"))
    assert [{**each, "except": left_out} for each in listed(folder, written).data["pages"]] == [
        {**each, "except": left_out} for each in made.data["pages"]
    ]


def test_ten_thousand_pages_come_of_a_short_list():
    """One hundred years of 99 teams, and 100 events."""
    teams = [{"key": f"team-{number}", "text": "A team"} for number in range(99)]
    events = [{"key": f"e{number}", "start": "2021-01-01T10:00Z"} for number in range(100)]
    data: dict[str, Any] = {
        "department": {"teams": teams},
        "office-hours": {"events": events},
        **{f"priorities/{year}-{year + 1}": {"teams": teams} for year in range(1950, 2050)},
    }
    documents = {stem: Document(f"{stem}.yaml", each) for stem, each in data.items()}
    short, _ = parsed(HEAD + SHORT, "pages.yaml", [])
    assert short
    pages = page_list({"pages": short, **documents})
    assert pages and len({entry["title"] for entry in pages.data["pages"]}) == 10_000
    assert len((HEAD + SHORT).splitlines()) <= 200


SHORT = """\
  - missing-page: create
    pages:
      - title: Goals {year}/{team.key}
        sections:
          - {name: "goals-{year}", template: goals, data: "priorities/{year}", item: "{team}"}
      - title: Talks/{event}
        sections:
          - {name: talk, template: talk, data: office-hours, item: "{event}"}
"""

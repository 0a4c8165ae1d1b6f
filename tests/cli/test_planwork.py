"""The check of a plan, its schemas, and other names for what it has."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.support import smallplan, yearcases
from tests.support.running import ROOT
from tests.support.scriptrun import OwnRun
from wikiplan import files
from wikiplan.cli import planwork
from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus
from wikiplan.report.terminal import Terminal
from wikiplan.yaml import yamlfile


def test_a_sound_plan_is_told_in_a_line(tmp_path: Path):
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}))
    assert planwork.check(own.run()) is ExitStatus.DONE
    assert own.said == [f"{tmp_path}/data: 0 errors, 0 warnings."]


def test_each_file_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    own, parsed, before = OwnRun(smallplan.write(tmp_path, {"a": "Text."})), [], yamlfile.parsed
    monkeypatch.setattr(yamlfile, "parsed", lambda *of: parsed.append(of[1]) or before(*of))
    planwork.check(own.run())
    names = sorted(Path(name).name for name in parsed)
    assert names == ["a.yaml", "department.yaml", "links.yaml", "pages.yaml"]


def test_the_near_miss_of_a_schema_is_named(tmp_path: Path):
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}))
    with pytest.raises(WikiplanError) as error:
        planwork.check(own.run(schema="priority"))
    assert str(error.value) == (
        "-schema:priority: no such kind of file; did you mean “priorities”?"
    )


def test_the_schemas_of_a_plan_are_written_beside_its_files_and_know_its_names(tmp_path: Path):
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}))
    assert planwork.check(own.run(schema="")) is ExitStatus.DONE
    written = tmp_path / "data" / "schema"
    names = json.loads((written / "pages.json").read_text(encoding="utf-8"))["$defs"]
    assert own.said == [f"{len([*written.iterdir()])} schemas written to {tmp_path}/data/schema."]
    assert names["data"] == {"enum": ["a", "department", "links", "pages"]}
    assert "line" in names["templates"]["enum"]


NAMED = """\
name: {text: Department of Gardens}
overview: {text: "The Department of Gardens grows, and the Department of Gardens stays."}
mission-heading: {text: Mission}
mission: {text: Mission.}
teams-heading: {text: Teams}
teams: [{key: one, text: One}]
"""
GERMAN = """\
msgid ""
msgstr ""
"X-Wikiplan-Entries: 2\\n"
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "department.name"
msgid "Department of Gardens"
msgstr "Gartenamt"

msgctxt "department.overview"
msgid "The Department of Gardens grows, and the Department of Gardens stays."
msgstr "Das Gartenamt wächst, und das Gartenamt bleibt."
"""


@pytest.fixture
def named(tmp_path: Path) -> OwnRun:
    """A plan whose overview has the department's name as words, in German too."""
    smallplan.write(tmp_path, {"a": "Text."}, top="languages: [en, de]\n")
    (tmp_path / "data" / "department.yaml").write_text(NAMED)
    (tmp_path / "data" / "links.yaml").unlink()
    (tmp_path / "data" / "locale").mkdir()
    (tmp_path / "data" / "locale" / "de.po").write_text(GERMAN)
    return OwnRun(tmp_path)


def test_a_fact_in_words_is_a_warning_with_what_to_write(named: OwnRun):
    assert planwork.check(named.run()) is ExitStatus.DONE
    assert named.said == [
        f"{named.directory}/data/department.yaml:2:18: warning: department.overview: “Department "
        "of Gardens” is a fact that the plan has; write $department, also in the translations: "
        "plan_check -fix does both [typed-fact]",
        f"{named.directory}/data: 0 errors, 1 warning.",
    ]


def test_a_fix_makes_it_a_variable_in_the_plan_and_its_catalogs(named: OwnRun):
    assert planwork.check(named.run(fix=True)) is ExitStatus.DONE
    assert named.said == [
        f"{named.directory}/data/department.yaml:2: “Department of Gardens” is $department now",
        "2 files written.",
        f"{named.directory}/data: 0 errors, 0 warnings.",
    ]
    data = named.directory / "data"
    assert (
        "The $department grows, and the $department stays."
        in (data / "department.yaml").read_text()
    )
    assert "Das $department wächst, und das $department bleibt." in (
        data / "locale" / "de.po"
    ).read_text("utf-8")
    again = OwnRun(named.directory)
    planwork.check(again.run(fix=True))
    assert again.said == ["0 files written.", f"{named.directory}/data: 0 errors, 0 warnings."]


def test_a_plan_with_errors_is_not_fixed(named: OwnRun):
    file = named.directory / "data" / "department.yaml"
    file.write_text(NAMED.replace("mission: {text: Mission.}\n", ""))
    before = file.read_text()
    assert planwork.check(named.run(fix=True)) is ExitStatus.FAILED
    assert file.read_text() == before


# Moves.


def sample(directory: Path) -> OwnRun:
    shutil.copytree(ROOT / "data", directory / "data")
    return OwnRun(directory)


def refused(own: OwnRun, *words: str) -> str:
    before = files.digest_of(own.directory / "data")
    with pytest.raises(WikiplanError) as error:
        planwork.move(own.run(words=words))
    assert files.digest_of(own.directory / "data") == before
    return str(error.value).replace(f"{own.directory}/", "")


def test_a_team_gets_another_key_everywhere(tmp_path: Path):
    own = sample(tmp_path)
    assert planwork.move(own.run(words=("department.trust-and-safety", "safety"))) == 0
    data = tmp_path / "data"
    changed = [f"locale/{code}.po" for code in ("ar", "de", "es", "fr", "he", "ja")]
    changed = ["department.yaml", *changed, "pages.yaml", "priorities/2020-2021.yaml"]
    assert own.said == [
        "Moved: team:trust-and-safety → team:safety",
        *(f"  {data / name}: changed" for name in [*changed, "priorities/2021-2022.yaml"]),
        "No translation is lost, or becomes outdated.",
    ]
    assert (
        "\nmoved:\n  - {team: trust-and-safety, to: safety}\n" in (data / "pages.yaml").read_text()
    )
    for path in (data / "locale").glob("*.po"):
        before = (ROOT / "data" / "locale" / path.name).read_text()
        assert path.read_text() == re.sub(
            r'(?m)^(msgctxt ".*)trust-and-safety', r"\1safety", before
        )


def test_texts_go_on_to_use_the_variable_of_a_team_or_person_with_another_key(tmp_path: Path):
    own = sample(tmp_path)
    mission = tmp_path / "data" / "department.yaml"
    mission.write_text(mission.read_text().replace("We help the", "$team_human_rights helps the"))
    planwork.move(own.run(words=("team:human-rights", "rights")))
    planwork.move(own.run(words=("people.maggie-dennis", "md")))
    assert "$team_human_rights helps" in mission.read_text()
    planwork.check(own.run())
    told = "moved team:human-rights → team:rights: texts use $team_human_rights; keep the entry, it"
    assert f"{told} says what that is" in own.said
    assert "host: [md]" in (tmp_path / "data" / "office-hours.yaml").read_text()


def test_what_is_only_shown_is_not_written(tmp_path: Path):
    own = sample(tmp_path)
    before = files.digest_of(tmp_path / "data")
    planwork.move(own.run(words=("overview", "summary"), simulate=True))
    assert own.said[0] == "Would be moved: section:overview → section:summary"
    assert files.digest_of(tmp_path / "data") == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "say what to move, and to what: plan_move FROM TO; see -help"),
        (("unit:department.misson", "x"), "unit:department.misson: the plan has no such unit; did "
         "you mean “department.mission”?"),
        (("nothing", "x"), "nothing: the plan has no such thing; name one of these: unit, file, "
         "team, person, section, page, language; see -help"),
        (("section:overview", "mission"), "mission: the plan has a section of this name; choose "
         "another"),
        (("section:overview", "overview"), "overview: that is its name already; say another one"),
        (("section:overview", "page:X"), "page:X: a section does not become a page; say "
         "section:NAME"),
        (("office-hours.2021-07", "office-hours.x.y"), "office-hours.x.y: a move changes the last "
         "part of a key; say office-hours.NAME, or put the text elsewhere in its file by hand and "
         "tell of it under “moved:” in pages.yaml"),
        (("department.mission", "department.goal"), "data/department.yaml:21:1: goal: the key is "
         "not known; known keys are name, parent, lead, overview, mission-heading, mission, "
         "teams-heading, teams\ndata/department.yaml:3:1: mission: the key is missing; add a line "
         "“mission: …”\nSo it would be after the move to department.goal; nothing was written."),
    ],
)  # fmt: skip
def test_what_is_not_possible_is_refused_with_the_way_out(words, told: str, tmp_path: Path):
    found = refused(sample(tmp_path), *words)
    assert sorted(found.split("\n")) == sorted(told.split("\n"))


def test_a_name_of_several_things_has_to_say_which(tmp_path: Path):
    own = OwnRun(smallplan.write(tmp_path, {"one": "Text."}, {"one": "missing-page: create"}))
    assert refused(own, "one", "two") == (
        "one: the plan has several things of this name; say file:one or team:one or section:one "
        "or page:one"
    )


def test_back_and_forth_leaves_one_entry_and_the_ids(tmp_path: Path):
    page = {"Plan": "kind: translatable\nmissing-page: create"}
    own = OwnRun(smallplan.write(tmp_path, {"one": "Text."}, page))
    for words in (("file:one", "two"), ("file:two", "three"), ("file:three", "one")):
        planwork.move(own.run(words=words))
    pages = (tmp_path / "data/pages.yaml").read_text()
    assert pages.endswith("\nmoved:\n  - {file: two, to: three}\n  - {file: three, to: one}\n")
    assert "ids:\n      one.body: one.body\n" in pages


def test_a_check_says_which_moves_have_done_their_work(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    moved = "moved: [{section: z, to: one}, {file: z, to: one}]\n"
    own = OwnRun(smallplan.write(tmp_path, {"one": "Text."}, {"Plan": ""}, moved))
    assert planwork.check(own.run()) == 0
    assert own.said == [
        "moved section:z → section:one: no run on this machine has found the new name on Plan; "
        "keep the entry until one has",
        "moved file:z → file:one: done; the entry may go from pages.yaml",
        f"{tmp_path}/data: 0 errors, 0 warnings.",
    ]


# Years.


def year_plan(directory: Path) -> OwnRun:
    yearcases.write(directory)
    return OwnRun(directory)


def test_a_new_year_is_prepared_and_told(tmp_path: Path):
    own = year_plan(tmp_path)
    assert planwork.year(own.run(words=("2022-2023",))) == 0
    gardens = "Department of Gardens"
    assert own.said == [
        "Prepared: 2022-2023",
        f"  {tmp_path}/data/locale/de.po: changed",
        f"  {tmp_path}/data/pages.yaml: changed",
        f"  {tmp_path}/data/priorities/2022-2023.yaml: made",
        "Done, left in 2021-2022: roses.soil, roses.beds.dig, trees.oaks, paths.map.north",
        "Dropped, left in 2021-2022: roses.pond, paths.map.south, paths.signs",
        "Teams without open items, left in 2021-2022: trees",
        "Teams that are no more, whose open items are left in 2021-2022: hedges",
        f"{gardens}: shows 2022-2023 from now on.",
        f"{gardens}/2021–2022: a new page, 2 languages.",
        "Look at this: roses.beds: the target 2022-03 is not in 2022-2023; set another, or take it "
        "out.",
        "Look at this: roses.beds: $since is 2021-2022; see whether it should be 2022-2023.",
        "Look at this: priorities-2022-2023.roses.beds.plant: the text says 2021-2022 in words; "
        "write $year, or the new year.",
        "Look at this: links.yaml, goals: leads to Department of Gardens#Priorities: 2021–2022, "
        f"and from there to {gardens}/2021–2022.",
        "Translators are asked for nothing new: 5 texts went on with their translations. Of these "
        "some waited for a translation already: de 5.",
        "Review it as a change of the files (git diff), then run plan_preview; to undo it, take "
        "the change back.",
    ]
    assert planwork.check(own.run()) == 0


def test_a_year_that_is_only_shown_is_not_written(tmp_path: Path):
    own = year_plan(tmp_path)
    before = files.digest_of(tmp_path / "data")
    planwork.year(own.run(words=("2023-2024",), simulate=True))
    assert own.said[0] == "Would be prepared: 2023-2024"
    assert "Look at this: 2023-2024 does not follow 2021-2022." in own.said
    assert files.digest_of(tmp_path / "data") == before


def test_a_translatable_page_loses_what_stays_in_the_old_year(tmp_path: Path):
    translatable = "title: Department of Gardens\n    kind: translatable"
    pages = yearcases.PAGES.replace("title: Department of Gardens", translatable)
    yearcases.write(tmp_path, pages)
    own = OwnRun(tmp_path)
    planwork.year(own.run(words=("2022-2023",)))
    (told,) = [line for line in own.said if "-allow" in line]
    assert told == (
        "Look at this: Department of Gardens: 10 texts with their translations leave the page, and "
        "stay in the catalogs; plan_update wants -allow:orphaned for that."
    )
    ids = "      priorities-2022-2023.paths.map: priorities-2021-2022.paths.map\n"
    assert ids in (tmp_path / "data/pages.yaml").read_text()


def test_a_person_takes_dropped_items_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    own, asked = year_plan(tmp_path), []

    def confirm(_: Terminal, question: str) -> bool:
        asked.append(question)
        return "pond" in question

    monkeypatch.setattr(Terminal, "can_ask", True)
    monkeypatch.setattr(Terminal, "confirm", confirm)
    planwork.year(own.run(words=("2022-2023",)))
    assert asked == [
        "roses.pond was dropped: “A pond.” Take it up again?",
        "paths.map.south was dropped: “The south.” Take it up again?",
        "paths.signs was dropped: “Put up signs until $target.” Take it up again?",
    ]
    assert "Dropped, left in 2021-2022: paths.map.south, paths.signs" in own.said
    new = (tmp_path / "data/priorities/2022-2023.yaml").read_text()
    assert "      - key: pond\n        text: A pond.\n\n" in new


@pytest.mark.parametrize(
    ("words", "old", "new", "told"),
    [
        ((), "", "", "say which year begins: plan_year 2022-2023; see -help"),
        (("2022-2023", "2023-2024"), "", "", "say which year begins: plan_year 2022-2023; see "
         "-help"),
        (("2022-2023",), "items:\n          - {key: north, text: The north., status: done}\n    "
         "      - {key: south, text: The south., status: dropped}", "items: [{key: north, text: N, "
         "status: done}, # of it\n            {key: south, text: S}]", "data/priorities/2021-2022."
         "yaml: this cannot be written there without touching other lines; give every entry there "
         "lines of its own, or write the new year by hand"),
    ],
)  # fmt: skip
def test_a_year_that_cannot_begin(words, old: str, new: str, told: str, tmp_path: Path):
    own = year_plan(tmp_path)
    path = tmp_path / "data/priorities/2021-2022.yaml"
    if old:
        path.write_text(path.read_text().replace(old, new))
    before = files.digest_of(tmp_path / "data")
    with pytest.raises(WikiplanError) as error:
        planwork.year(own.run(words=words))
    assert str(error.value).replace(f"{tmp_path}/", "") == told
    assert files.digest_of(tmp_path / "data") == before

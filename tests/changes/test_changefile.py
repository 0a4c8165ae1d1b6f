"""Change sets as files: what is written comes back, and no byte of it can change unseen."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support import smallplan, wikicases
from tests.support.people import FolderPeople, Place
from tests.support.running import ROOT, script
from tests.support.samples import examples
from tests.test_docs import blocks, rows
from wikiplan.changes import changefile
from wikiplan.changes.changeset import (
    TO_WRITE,
    Action,
    ChangeSet,
    LostText,
    PageBase,
    PageChange,
    Review,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.changes.effects import LanguageEffect, PageEffect
from wikiplan.changes.inputs import Inputs, MadeOf
from wikiplan.errors import WikiplanError
from wikiplan.render.renderer import SourceUnit
from wikiplan.render.sources import Sources
from wikiplan.translate.marking import Cause, ChangeKind, Effect
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Account
from wikiplan.wiki.pagelanguages import PageLanguage
from wikiplan.wikitext import sections

MADE = datetime(2021, 7, 1, 12, tzinfo=UTC)
CHANGE = PageChange(
    base=PageBase("Plan/ar", "ar", 5, 17), action=Action.UPDATE,
    before="before א\u2028", after="after",
    sections=(
        SectionChange("a", SectionState.CHANGED, "old\n", "new \u200f", own="new"),
        SectionChange("b", SectionState.NEW, "", "“b”"),
        SectionChange("c", SectionState.DRIFT, "", ""),
    ),
    told=Told(
        reason="a reason", summary="Updated [run x]", untranslated=("a.b",), outdated=("c.d",),
        lost=(LostText("a.b", "en"),),
    ),
    units=(SourceUnit("a", "a.b", "text"),), place={"after": "Heading"},
    effect=PageEffect(
        7,
        (Effect("a", ChangeKind.CHANGED, Cause.TEXT, "old", "new"),
         Effect("n", ChangeKind.NEW, Cause.FIRST, None, "new")),
        (LanguageEffect("de", 1, 2, 3, 4, 5, 6),),
        ("a",),
    ),
    made_of=MadeOf("0123", MADE, (Sources(("links",), ("line.wiki",), asked=("a.b",)),)),
    reviews=(Review("Ana", MADE, "Good."),),
    page_language=PageLanguage("en", "de", summary="Updated [run x]"),
)  # fmt: skip
RUN = "20210701T120000Z-abc123"
INPUTS = Inputs(plan_sha256="0" * 64, now=MADE, versions={"Babel": "2.18.0 (CLDR 47)"})
BOT = Account("PlanBot", frozenset({"bot"}))
STOP_PAGE = "User:PlanBot/stop"
LOCK_PAGE = "User:PlanBot/lock"
CHANGES = ChangeSet(
    RUN, "lab:lab", BOT, (CHANGE,), STOP_PAGE, LOCK_PAGE, inputs=INPUTS, plan="gardens"
)
WHOLE = changefile.as_bytes(CHANGES, MADE, "0" * 64)


def with_digest(data: object) -> bytes:
    """Return a file made by hand, with the right digest."""
    rest = json.dumps(data, indent=2).removeprefix("{\n") + "\n"
    return f'{{\n  "digest": "sha256:{changefile.digest(rest)}",\n{rest}'.encode()


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(WikiplanError) as refused:
        changefile.read(path)
    return str(refused.value).removeprefix(f"{path}: ")


def test_what_is_written_comes_back(tmp_path):
    path = changefile.write(tmp_path / "new" / "folder", CHANGES, MADE, "0" * 64)
    saved = changefile.read(path)
    assert path == tmp_path / "new" / "folder" / "changes.json"
    assert (saved.run, saved.site, saved.account, saved.made) == (RUN, "lab:lab", "PlanBot", MADE)
    assert (saved.stop_page, saved.most_pages, saved.most_shrink) == ("User:PlanBot/stop", 100, 50)
    assert saved.inputs == INPUTS
    digests = changefile.digest("before א\u2028"), changefile.digest("after")
    assert [page.change for page in saved.pages] == [replace(CHANGE, before="", after="")]
    assert [(page.before_sha256, page.after_sha256) for page in saved.pages] == [digests]


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(WHOLE) - 1), byte=st.integers(1, 255))
@example(place=0, byte=1)
@example(place=2, byte=0x20)
@example(place=30, byte=0x20)
@example(place=len(WHOLE) - 1, byte=0x2A)
def test_a_file_with_another_byte_anywhere_is_refused(tmp_path, place, byte):
    other = bytes([WHOLE[place] ^ byte])
    told = refusal(tmp_path / "changes.json", WHOLE[:place] + other + WHOLE[place + 1 :])
    assert told.endswith("make a new one with plan_preview -out:DIR")


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, len(WHOLE) - 1), length=st.integers(1, len(WHOLE)))
def test_a_file_that_lacks_a_part_is_refused(tmp_path, start, length):
    refusal(tmp_path / "changes.json", WHOLE[:start] + WHOLE[start + length :])


def test_a_damaged_file_is_told_from_one_that_never_was_a_change_set(tmp_path):
    path = tmp_path / "changes.json"
    assert refusal(path, WHOLE.replace(b"new", b"NEW", 1)) == (
        "was changed or damaged after plan_preview wrote it (its digest is not that of its "
        "contents); nothing was done; make a new one with plan_preview -out:DIR"
    )
    for other in (b"", b"{}", b"[]\n\n\n", WHOLE[:10], b"\xff\xfe\n\n"):
        assert refusal(path, other).startswith("is no change set, or was damaged; make a new one")
    path.unlink()
    with pytest.raises(
        WikiplanError, match=r"is missing; name the changes\.json that plan_preview -out:DIR wrote$"
    ):
        changefile.read(path)


def test_the_digest_can_be_checked_by_hand(tmp_path):
    path = changefile.write(tmp_path, CHANGES, MADE, "0" * 64)
    command = f"tail -n +3 '{path}' | sha256sum | cut -d ' ' -f 1"
    told = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert json.loads(path.read_text())["digest"] == f"sha256:{told.stdout.strip()}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "has version 2 of the format, and this program knows 1; apply it with "
         "the wikiplan that wrote it, or make a new one with plan_preview -out:DIR"),
        ({"run": 5}, "run: a text is expected here"),
        ({"run": "\ud800"}, "is no JSON (unexpected end of hex escape at line 4 column 17)"),
        ({"run": "evil"}, "run: a run's id is expected here"),
        ({"run": "20210701T000000Z-abc123\n"}, "run: a run's id is expected here"),
        ({"made": "soon"}, "made: a time is expected here"),
        ({"most_pages": -1}, "most_pages: a number is expected here"),
        ({"most_pages": True}, "most_pages: a number is expected here"),
        ({"pages": {}}, "pages: a list is expected here"),
        ({"pages": [5]}, "pages[0]: an object is expected here"),
        ({"pages": [{}]}, "pages[0]: title: a value is expected here"),
        ({"color": "red"}, "color: no field of this name is expected here"),
    ],
)  # fmt: skip
def test_a_file_of_another_shape_is_refused_with_the_place(tmp_path, change, told):
    data = {name: value for name, value in json.loads(WHOLE).items() if name != "digest"}
    assert refusal(tmp_path / "changes.json", with_digest(data | change)) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"action": "destroy"}, "pages[0]: action: one of create, update, none, refused, drift, "
         "conflict, failed is expected here"),
        ({"action": "delete"}, "pages[0]: action: one of create, update, none, refused, drift, "
         "conflict, failed is expected here"),
        ({"outdated": [1]}, "pages[0]: outdated[0]: a text is expected here"),
        ({"units": [["a"]]}, "pages[0]: units[0][1]: a value is expected here"),
        ({"place": 5}, "pages[0]: place: a text is expected here"),
        ({"sections": [{"name": "a", "state": "changed", "after": ""}]}, "pages[0]: sections[0]: "
         "a section with its before, after and own is expected here"),
        ({"sections": [{"name": "a", "state": "lost"}]}, "pages[0]: sections[0]: state: one of "
         "unchanged, changed, new, drift, reclaimed, merged, conflict, reverted, "
         "removed, marked, adopted, unplanned, retired, taken over, claimed, renamed, left out, "
         "undone is expected here"),
    ],
)  # fmt: skip
def test_a_page_of_another_shape_is_refused_with_the_place(tmp_path, change, told):
    data = {name: value for name, value in json.loads(WHOLE).items() if name != "digest"}
    data["pages"][0] |= change
    assert refusal(tmp_path / "changes.json", with_digest(data)) == told


def test_a_file_that_cannot_be_replaced_is_told_and_nothing_is_left_behind(tmp_path):
    (tmp_path / "changes.json").mkdir()
    with pytest.raises(WikiplanError, match=r"cannot be written \(is a folder, not a file\)$"):
        changefile.write(tmp_path, CHANGES, MADE, "")
    assert [path.name for path in tmp_path.iterdir()] == ["changes.json"]


def test_a_file_in_the_way_of_the_folder_is_told_before_anything_is_compared(tmp_path):
    (tmp_path / "file").write_text("")
    done = script("plan_preview", f"-wiki:{tmp_path / 'wiki'}", "-out:file/new", directory=tmp_path)
    assert (done.status, done.out) == (1, "")
    assert (
        done.err.rstrip()
        == f"-out:file/new: {tmp_path / 'file'} is a file; name a folder [file-above-out]"
    )


def picked(*only: str) -> list[tuple[str, list[str]]]:
    """Return the pages that are picked, with their sections' states."""
    pages = replace(CHANGE, base=replace(CHANGE.base, title="Plan")), CHANGE
    saved = changefile.SavedSet.of(replace(CHANGES, pages=pages), MADE, "")
    found = changefile.pick(saved, only).pages
    return [(page.title, [str(section.state) for section in page.sections]) for page in found]


def test_pages_and_sections_can_be_picked():
    whole = ["changed", "new", "drift"]
    assert picked() == [("Plan", whole), ("Plan/ar", whole)]
    assert picked("Plan/ar") == picked("plan/ar", "Plan/ar#a") == [("Plan/ar", whole)]
    assert picked("Plan#b") == [("Plan", ["left out", "new", "drift"])]
    assert picked("Plan#a", "Plan#b", "Plan/ar#a") == [
        ("Plan", whole),
        ("Plan/ar", ["changed", "left out", "drift"]),
    ]


def test_another_program_can_take_a_section_out_as_only_does(tmp_path):
    path = changefile.write(tmp_path, CHANGES, MADE, "0" * 64)
    wanted = changefile.pick(changefile.read(path), ["Plan/ar#a"])
    data = {name: value for name, value in json.loads(WHOLE).items() if name != "digest"}
    page = data["pages"][0]
    page["sections"][1] = {"name": "b", "state": "left out"}
    path.write_bytes(with_digest(data | {"pages": [page | {"summary": "", "after_sha256": ""}]}))
    assert changefile.read(path) == wanted


@pytest.mark.parametrize(
    ("only", "told"),
    [
        ("Plam/ar", "the change set has no such page; did you mean “Plan/ar”?"),
        ("Plan#d", "the change set does not write this section; it writes a, b"),
        ("Plan#c", "the change set does not write this section; it writes a, b"),
    ],
)
def test_a_wrong_pick_names_what_there_is(only, told):
    with pytest.raises(WikiplanError) as refused:
        picked(only)
    assert str(refused.value) == f"-only:{only}: {told}"


# --- bytes ---


def check_stored(file: Path, texts: dict[str, str]) -> int:
    """Compare the bytes of a file with those that a wiki stores; returns how many pages it has."""
    pages = json.loads(file.read_text())["pages"]
    for page in pages:
        text = texts[page["title"]]
        assert changefile.digest(text) == page["after_sha256"]
        found = {each.name: sections.body_of(text, each) for each in sections.find(text)}
        told = {each["name"]: each.get("after", found[each["name"]]) for each in page["sections"]}
        assert found == told
    return len(pages)


def test_the_sample_plans_bytes_in_the_file_are_those_that_are_stored(tmp_path):
    wiki = f"-wiki:{tmp_path / 'wiki'}"
    preview = script("plan_preview", wiki, f"-out:{tmp_path / 'out'}", directory=ROOT)
    assert (preview.status, preview.report["outcome"]) == (2, "pending"), preview.err
    assert not (tmp_path / "wiki").exists()
    file = tmp_path / "out" / "changes.json"
    apply = f"plan_update {wiki} -changes:{file}"
    assert f"The change set is in {file}. To apply it: {apply}\n" in preview.out
    assert preview.out.endswith("This was a preview: nothing was written to the wiki.\n")

    update = script("plan_update", wiki, f"-changes:{file}", "-always", directory=ROOT)
    assert (update.status, update.report["outcome"]) == (0, "done"), update.err
    assert update.report["run"] == preview.report["run"]
    folder = Folder(tmp_path / "wiki")
    stored = folder.read(list(update.actions))
    assert check_stored(file, {title: stored[title].text for title in stored}) == 14
    for page in json.loads(file.read_text())["pages"]:
        assert [e.summary for e in folder.history(0, page["title"], 0)] == [page["summary"]]


@dataclass
class World:
    """A plan in a folder of its own, and the wiki that its pages stand on."""

    directory: Path
    place: Place

    @property
    def where(self) -> tuple[str, ...]:
        wiki = self.place.wiki
        return (f"-wiki:{wiki.directory}",) if isinstance(wiki, Folder) else ()

    def applied(self) -> int:
        """Preview into a file, apply the file, compare bytes; returns how many pages it wrote."""
        out = self.directory / "out"
        preview = script(
            "plan_preview", *self.where, f"-out:{out}", "-brief", directory=self.directory
        )
        assert (preview.status, preview.report["outcome"]) == (2, "pending"), preview.err
        update = script(
            "plan_update",
            *self.where,
            f"-changes:{out / 'changes.json'}",
            "-always",
            directory=self.directory,
        )
        written = [title for title, action in update.actions.items() if action in TO_WRITE]
        assert written == [title for title, each in preview.actions.items() if each in TO_WRITE]
        read = self.place.wiki.read(list(preview.actions))
        texts = {title: revision.text for title, revision in read.items()}
        check_stored(out / "changes.json", texts)
        return len(written)


@pytest.fixture
def world(tmp_path, place: Place) -> World:
    return World(tmp_path, place)


NEWS = {
    "Turn the online programs into courses": "Turn the online programs into free courses",
    "target: 2022-01": "target: 2022-03",
}


def test_the_sample_plan_and_news_of_it_are_stored_as_the_file_has_them(world: World, title):
    for name in ("data", "templates"):
        shutil.copytree(ROOT / name, world.directory / name)
    pages = world.directory / "data" / "pages.yaml"
    text = pages.read_text("utf-8").replace("meta:meta", world.place.wiki.name)
    pages.write_text(text.replace("Community Resilience and Sustainability", title), "utf-8")
    assert world.applied() == 14
    for file in (world.directory / "data" / "priorities").iterdir():
        text = file.read_text("utf-8")
        for old, new in NEWS.items():
            text = text.replace(old, new)
        file.write_text(text, "utf-8")
    assert world.applied() >= 7


def test_other_peoples_pages_are_stored_as_the_file_has_them(world: World, title):
    corpus = wikicases.shared("corpus/wikitext.jsonl").open(encoding="utf-8")
    texts = [each["wikitext"] for each in map(json.loads, corpus) if each["kind"] != "snippet"]
    pages = {f"{title[:40]} {number:03}": "missing-section: bottom" for number in range(len(texts))}
    smallplan.write(world.directory, {"a": "Text."}, pages)
    for page, text in zip(pages, texts, strict=True):
        world.place.people.edit(page, text)
    assert world.applied() == len(texts) == 60
    smallplan.write(world.directory, {"a": "Other text."}, pages)
    assert world.applied() == 60


# --- the documentation ---

FORMAT = "docs/operator/changes-json.md"


def test_the_example_of_the_documentation_is_what_a_preview_writes(tmp_path):
    folder, people = Folder(tmp_path / "wiki"), FolderPeople(tmp_path / "wiki")
    pages = {"Gardens": "", "Gardens/Shed": ""}
    smallplan.write(tmp_path, {"hours": "The gardens open in March."}, pages)
    people.edit("Gardens", "<!-- wikiplan:begin hours -->\n<!-- wikiplan:end hours -->")
    computed = smallplan.compare(tmp_path, folder)
    first, second = computed.pages
    numbered = replace(first, base=replace(first.base, page_id=512, revision=20731))
    changes = replace(
        computed,
        site="meta:meta",
        account=Account("ExamplePlanBot", frozenset()),
        pages=(numbered, second),
        stop_page="User:ExamplePlanBot/stop",
    )
    (shown,) = blocks(FORMAT, "json")
    assert shown == changefile.as_bytes(changes, MADE, changefile.digest("plan")).decode()


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("## The whole", ()),
        ("## A page", ("pages", 0)),
        ("## A section", ("pages", 0, "sections", 0)),
        ("## Effect on translations", ("pages", 0, "translations")),
        ("### A unit", ("pages", 0, "translations", "units", 0)),
        ("### A language", ("pages", 0, "translations", "languages", 0)),
    ],
)
def test_every_field_is_explained(heading, path):
    found = json.loads(WHOLE)
    for step in path:
        found = found[step]
    assert [row[0].strip("`") for row in rows(FORMAT, heading)] == list(found)

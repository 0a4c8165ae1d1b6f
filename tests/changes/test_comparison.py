"""The change set, computed against a folder wiki."""

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.smallplan import compare
from wikiplan.catalogs.catalog import Catalog
from wikiplan.changes import changefile
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import Action, SectionState
from wikiplan.changes.recheck import recheck_saved
from wikiplan.plan import plan
from wikiplan.plan.targets import Answers, Choice
from wikiplan.wikitext import sections


def pair(name, body, digest=""):
    mark = f" | sha256:{digest}" if digest else ""
    return f"<!-- wikiplan:begin {name}{mark} -->\n{body}\n<!-- wikiplan:end {name} -->"


@pytest.fixture
def people(folder):
    return FolderPeople(folder.directory)


def ours(name, body):
    """A section as wikiplan wrote it."""
    return pair(name, body, sections.digest(body))


def only_page(directory, folder, **options):
    (page,) = compare(directory, folder, **options).pages
    return page


def test_a_section_is_replaced_and_every_other_byte_kept(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "New text."})
    before = f"Intro \t\n\n{ours('a', 'Old text.')}  \n\n== Talk ==\nkeep\n{{{{x|\n}}}}"
    people.edit("Plan", before)
    page = only_page(directory, folder)
    assert (page.action, page.told.reason) == (Action.UPDATE, "")
    new = f"<!-- wikiplan:begin a | sha256:{sections.digest('New text.')} -->\nNew text.\n"
    begin, end = before.index("<!-- wikiplan:begin"), before.index("<!-- wikiplan:end")
    assert page.after == before[:begin] + new + before[end:]
    assert page.told.summary == "update [run 20210701T000000Z-abc123]"


def test_a_page_in_step_has_nothing_to_do(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "Text."})
    people.edit("Plan", ours("a", "Text."))
    page = only_page(directory, folder)
    assert (page.action, page.after) == (Action.NONE, page.before)


def test_a_pair_without_text_is_filled_and_one_with_a_persons_text_is_drift(
    tmp_path, folder, people
):
    directory = smallplan.write(tmp_path, {"a": "Text A.", "b": "Text B."})
    people.edit("Plan", f"{pair('a', '')}\n{pair('b', 'A person wrote this.')}")
    page = only_page(directory, folder)
    assert [s.state for s in page.sections] == [SectionState.CHANGED, SectionState.DRIFT]
    assert page.action is Action.UPDATE
    assert "A person wrote this." in page.after
    assert page.told.reason == (
        "section b: edited on the wiki, left alone; what wikiplan wrote before is not known, so "
        "-drift:import cannot take it into the plan; put into the plan by hand what is right, "
        "then take the section back with -drift:reclaim"
    )


def test_an_edited_section_is_left_alone_until_it_is_reclaimed(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "New text."})
    people.edit("Plan", pair("a", "Edited text.", sections.digest("Old text.")))
    kept = only_page(directory, folder)
    assert (kept.action, kept.after) == (Action.DRIFT, kept.before)
    reclaimed = only_page(directory, folder, drift="reclaim")
    assert (reclaimed.action, reclaimed.sections[0].state) == (Action.UPDATE, "reclaimed")
    assert "New text." in reclaimed.after


def test_an_edit_that_says_what_the_plan_says_is_no_drift(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "Text."})
    people.edit("Plan", pair("a", "Text.", sections.digest("Old text.")))
    assert only_page(directory, folder).action is Action.NONE


def test_a_missing_page_is_refused_unless_it_may_be_created(tmp_path, folder):
    directory = smallplan.write(tmp_path, {"a": "Text A.", "b": "Text B."})
    refused = only_page(directory, folder)
    assert (refused.action, refused.told.reason) == (
        Action.REFUSED,
        "the page does not exist; create it, mend its title in pages.yaml, or say there "
        "`missing-page: create`",
    )
    smallplan.write(tmp_path, {"a": "Text A.", "b": "Text B."}, {"Plan": "missing-page: create"})
    created = only_page(directory, folder)
    assert (created.action, created.base.revision) == (Action.CREATE, 0)
    assert created.after == sections.new_page({"a": "Text A.", "b": "Text B."})


def test_a_page_that_somebody_deleted_is_left_alone(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"})
    Application(compare(directory, folder), folder).run()
    people.delete("Plan")
    for answer in ("", "reclaim"):
        gone = only_page(directory, folder, drift=answer)
        assert (gone.action, gone.told.reason) == (
            Action.DRIFT,
            "the page was deleted, left alone; restore it on the wiki, or take it out of "
            "pages.yaml",
        )
        assert [section.state for section in gone.sections] == ["removed"]


def test_a_missing_pair_is_refused_or_put_where_pages_yaml_says(tmp_path, folder, people):
    texts = {"a": "Text A.", "b": "Text B."}
    people.edit("Plan", "Intro\n\n== Plans ==\nx\n\n== Other ==\ny")
    directory = smallplan.write(tmp_path, texts)
    assert only_page(directory, folder).told.reason == (
        "section a: the page has no such pair of markers; put <!-- wikiplan:begin a --> and "
        "<!-- wikiplan:end a --> on lines of their own where it belongs, or say in pages.yaml "
        "where to create it (missing-section)"
    )
    for where, order in {
        "top": ["begin a", "begin b", "Intro", "Plans", "Other"],
        "bottom": ["Intro", "Plans", "Other", "begin a", "begin b"],
        "{after: Plans}": ["Intro", "Plans", "begin a", "begin b", "Other"],
        "{before: Plans}": ["Intro", "begin a", "begin b", "Plans", "Other"],
    }.items():
        smallplan.write(tmp_path, texts, {"Plan": f"missing-section: {where}"})
        page = only_page(directory, folder)
        places = [page.after.index(word) for word in order]
        assert places == sorted(places), where
        assert [s.state for s in page.sections] == ["new", "new"]


def test_a_section_that_the_plan_does_not_have_waits_and_the_others_are_written(
    tmp_path, folder, people
):
    directory = smallplan.write(tmp_path, {"a": "Text A."})
    people.edit("Plan", f"{ours('a', 'Old.')}\n{ours('z', 'Old.')}")
    page = only_page(directory, folder)
    assert [(s.name, s.state) for s in page.sections] == [("a", "changed"), ("z", "unplanned")]
    assert (page.action, page.told.reason) == (
        Action.UPDATE,
        "section z: the plan does not have it, left as it is; say under `retired` in pages.yaml "
        "what remains of it, nothing or its text, or add it to the page there",
    )
    assert ours("z", "Old.") in page.after


def test_a_section_that_may_have_a_new_name_refuses_the_page(tmp_path, folder, people):
    directory = smallplan.write(
        tmp_path, {"a": "Text A.", "b": "Text B."}, {"Plan": "missing-section: bottom"}
    )
    people.edit("Plan", f"{ours('a', 'Old.')}\n{ours('z', 'Old.')}")
    assert only_page(directory, folder).told.reason == (
        "the page lacks section b and has z, which pages.yaml does not have; if it has a new name, "
        "change the name in both markers on the page; else say under `retired` what remains of the "
        "old one"
    )


def test_a_redirect_is_refused_or_followed(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "Text."})
    people.edit("Plan", "#REDIRECT [[Real plan]]")
    people.edit("Real plan", ours("a", "Old."))
    assert only_page(directory, folder).told.reason == (
        "the page is a redirect to 'Real plan'; put that title into pages.yaml, or say there "
        "`redirect: follow`"
    )
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "redirect: follow"})
    page = only_page(directory, folder)
    assert (page.title, page.action) == ("Real plan", Action.UPDATE)


def test_two_entries_that_lead_to_one_page_are_not_both_written(tmp_path, folder, people):
    follow = {"Plan": "redirect: follow", "Real plan": ""}
    directory = smallplan.write(tmp_path, {"a": "Text."}, follow)
    people.edit("Plan", "#REDIRECT [[Real plan]]")
    people.edit("Real plan", ours("a", "Old."))
    first, second = compare(directory, folder).pages
    assert (first.action, second.action) == (Action.UPDATE, Action.REFUSED)
    assert second.told.reason == (
        "'Real plan' is the page of another entry of pages.yaml too (through a redirect or its "
        "spelling); keep one of the two"
    )


def test_a_page_that_would_lose_too_much_is_refused_with_the_figures(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "Short."}, top="most-shrink: 30\n")
    people.edit("Plan", ours("a", "Long text. " * 100 + "."))
    page = only_page(directory, folder)
    assert page.action is Action.REFUSED
    assert page.told.reason == (
        "the page would lose 93 % of its text (1177 to 82 characters), more than the 30 % that "
        "pages.yaml allows (most-shrink); look at the data, or raise it"
    )


def test_a_page_that_excludes_bots_is_refused(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "Text."})
    people.edit("Plan", f"{{{{nobots}}}}\n{ours('a', 'Old.')}")
    assert only_page(directory, folder).told.reason == (
        "the page excludes wikiplan by a {{bots}} or {{nobots}} template; ask its editors"
    )


def test_only_the_chosen_sections_are_compared(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "New A.", "b": "New B."})
    people.edit("Plan", f"{ours('a', 'Old A.')}\n\n{ours('b', 'Old B.')}")
    page = only_page(directory, folder, choice=Choice(sections=("b",)))
    assert [s.state for s in page.sections] == [SectionState.LEFT_OUT, SectionState.CHANGED]
    assert "Old A." in page.after and "New B." in page.after


@pytest.mark.parametrize("translation", ["", "Neuer Text."])
def test_an_inline_pair_of_another_language_stays_in_its_line(
    tmp_path, folder, people, translation
):
    directory = smallplan.write(tmp_path, {"a": "New text."}, top="languages: [en, de]\n")
    loaded = plan.load(directory / "data")
    german = Catalog.create(directory / "data" / "locale" / "de.po")
    german.path.parent.mkdir()
    german.update(loaded.units.values())
    german.set(loaded.units["a.body"], translation)
    german.save()
    begin, end = "* Von <!-- wikiplan:begin a -->", "<!-- wikiplan:end a --> bis."
    people.edit("Plan", "English.")
    people.edit("Plan/de", begin + end)
    (_, page) = compare(directory, folder).pages
    assert (page.action, page.told.reason) == (Action.UPDATE, "")
    inner = translation or '<span lang="en" dir="ltr">New text.</span>'
    shown = f'<span lang="de" dir="ltr">{inner}</span>'
    digest = sections.digest(shown)
    assert page.after == f"{begin[:-4]} | sha256:{digest} -->{shown}{end}".replace("  |", " |")


def test_an_inline_pair_stays_inline(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "new"})
    people.edit("Plan", "A <!-- wikiplan:begin a --><!-- wikiplan:end a --> B")
    page = only_page(directory, folder)
    assert page.after.startswith("A <!-- wikiplan:begin a | sha256:")
    assert page.after.endswith(" -->new<!-- wikiplan:end a --> B")


def test_a_preview_s_file_carries_merged_and_reclaimed_sections(tmp_path, folder, people):
    directory = smallplan.write(tmp_path, {"a": "Old.", "b": "Old."}, {
        "Plan": "missing-page: create",
    }, "most-shrink: 100\n")  # fmt: skip
    (directory / "templates" / "line.wiki").write_text("Lead.\n\n{{ data.body.text }}\n")
    Application(compare(directory, folder), folder).run()
    people.edit("Plan", people.text("Plan").replace("Lead.", "People's lead."))
    smallplan.write(tmp_path, {"a": "New.", "b": "New."}, {
        "Plan": "missing-page: create",
    }, "most-shrink: 100\n")  # fmt: skip
    (directory / "templates" / "line.wiki").write_text("Lead.\n\n{{ data.body.text }}\n")
    answers = Answers(sections={"b": "reclaim"})
    changes = compare(directory, folder, drift=answers)
    assert [s.state for s in changes.pages[0].sections] == ["merged", "reclaimed"]
    path = changefile.write(tmp_path / "out", changes, smallplan.NOW, "0" * 64)
    again = recheck_saved(changefile.read(path), folder, smallplan.summary)
    assert [s.own for s in again.pages[0].sections] == ["Lead.\n\nNew.", None]
    assert again.pages[0].sections[1].overwritten.user == "editor"
    (outcome,) = Application(again, folder).run()
    assert (outcome.action, people.text("Plan")) == (Action.UPDATE, changes.pages[0].after)
    assert "People's lead.\n\nNew." in people.text("Plan")
    assert [s.state for s in only_page(directory, folder).sections] == ["drift", "unchanged"]

"""plan_translations update, export and import, run as a person does: offline, all or nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.support.running import ROOT, script
from wikiplan import files
from wikiplan.catalogs.exchange import digest
from wikiplan.cli.catalogwork import FEWEST_FOR_WORKERS, each_language
from wikiplan.sync.lastseen import LastSeen, LastSeenFile


@pytest.fixture
def place(tmp_path):
    """A directory with the sample's data; no Pywikibot is set up there."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path


def catalogs(place: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (place / "data/locale").glob("*")}


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def add_language(place: Path) -> None:
    edit(place / "data/pages.yaml", "he, ja]", "he, ja, pt-br]")


def test_an_update_makes_missing_catalogs_and_then_has_nothing_to_do(place):
    add_language(place)
    before = catalogs(place)
    shown = script("plan_translations", "update", "-simulate", directory=place)
    assert (shown.status, shown.report["outcome"]) == (2, "pending"), shown.err
    assert "pt-br: 80 added\n1 file would be written.\n" in shown.out
    assert catalogs(place) == before

    done = script("plan_translations", "update", directory=place)
    assert (done.status, done.report["outcome"], done.report["requests"]) == (0, "done", 0)
    assert {*catalogs(place)} == {*before, "pt-br.po"}
    assert done.report["catalogs"][-1] == {
        "lang": "pt-br", "file": "data/locale/pt-br.po", "written": True,
        "counts": {"added": 80}, "conflicts": [], "refused": [], "unknown": [],
    }  # fmt: skip
    again = script("plan_translations", "update", directory=place)
    assert (again.status, again.report["outcome"]) == (0, "nothing")


def test_a_renamed_and_reworded_unit_starts_as_a_suggestion(place):
    file = place / "data/priorities/2020-2021.yaml"
    edit(file, "key: policy", "key: conduct")
    edit(file, "text: Accompany phases", "text: Accompany the phases")
    done = script("plan_translations", "update", "-language:de", directory=place)
    assert done.out == "de: 1 added, 1 obsolete, 80 unchanged, 1 suggested\n1 file written.\n"
    entry = catalogs(place)["de.po"].split(
        'msgctxt "priorities-2020-2021.trust-and-safety.conduct"'
    )
    assert "# wikiplan: a suggestion" in entry[0].split("\n\n")[-1]
    assert "#, fuzzy\n#| msgid" in entry[0].split("\n\n")[-1]


def test_an_import_keeps_whom_a_returned_file_names_and_when(place):
    script("plan_translations", "export", "-out:to", "-language:fr", directory=place)
    file = place / "to/fr.po"
    edit(file, '"PO-Revision-Date: ', '"PO-Revision-Date: 2021-07-01 12:00+0200')
    edit(file, '"Last-Translator: ', '"Last-Translator: Ada Green <ada@example.org>')
    edit(file, '"Language-Team: français', '"Language-Team: Les jardins')
    before = catalogs(place)["fr.po"]
    script("plan_translations", "import", "to", directory=place)
    assert catalogs(place)["fr.po"] == before, "it brought nothing"
    edit(file, 'msgstr "Prochaine permanence"', 'msgstr "Permanence à venir"')
    done = script("plan_translations", "import", "to", directory=place)
    assert done.status == 0, done.out + done.err
    header = catalogs(place)["fr.po"].partition("\n\n")[0]
    for line in ("PO-Revision-Date: 2021-07-01 12:00+0200", "Language-Team: Les jardins"):
        assert f'"{line}\\n"' in header
    assert '"Last-Translator: Ada Green <ada@example.org>\\n"' in header
    edit(file, "2021-07-01 12:00", "2021-06-01 12:00")
    edit(file, "Ada Green", "Ben Brook")
    edit(file, 'msgstr "Permanence à venir"', 'msgstr "La prochaine permanence"')
    script("plan_translations", "import", "to", directory=place)
    assert "Ben Brook" not in catalogs(place)["fr.po"], "the file is older"


@pytest.mark.parametrize(("kind", "ending"), [("po", "po"), ("xliff", "xlf"), ("csv", "csv")])
def test_an_export_comes_back_and_changes_nothing(kind, ending, place):
    before = catalogs(place)
    out = script("plan_translations", "export", f"-format:{kind}", "-out:to", directory=place)
    assert (out.status, out.report["outcome"]) == (0, "done"), out.err
    assert sorted(path.name for path in (place / "to").iterdir()) == [
        f"{language}.{ending}" for language in ("ar", "de", "es", "fr", "he", "ja")
    ]
    assert "fr: 61 translated, 17 untranslated, 2 outdated" in out.out
    back = script("plan_translations", "import", "to", directory=place)
    assert (back.status, back.report["outcome"]) == (0, "nothing"), back.err
    assert catalogs(place) == before


def test_a_conflict_keeps_both_and_waits_for_a_person(place):
    script("plan_translations", "export", "-out:to", "-language:fr", directory=place)
    edit(place / "to/fr.po", '"Ce que nous faisons"', '"Nos activités"')
    edit(place / "data/locale/fr.po", '"Ce que nous faisons"', '"Notre travail"')
    done = script("plan_translations", "import", "to/fr.po", directory=place)
    assert (done.status, done.report["outcome"]) == (3, "waiting"), done.err
    assert done.report["catalogs"][0]["conflicts"] == ["department.mission-heading"]
    assert re.match(
        r"to/fr\.po:\d+: department\.mission-heading: in conflict: it was translated here and "
        r"there; the catalog keeps its own, and in a comment this one: Nos activités\n",
        done.out,
    )
    assert (
        '# wikiplan: another translation, from fr.po: "Nos activités"\n'
        'msgctxt "department.mission-heading"\nmsgid "What we do"\nmsgstr "Notre travail"\n'
    ) in catalogs(place)["fr.po"]


def test_one_damaged_file_keeps_all_from_being_imported(place):
    script("plan_translations", "export", "-out:to", directory=place)
    edit(place / "to/fr.po", '"Ce que nous faisons"', '"Nos activités"')
    damaged = (place / "to/he.po").read_bytes()[:-20]
    (place / "to/he.po").write_bytes(damaged)
    before = catalogs(place)
    done = script("plan_translations", "import", "to", directory=place)
    assert (done.status, done.report["outcome"]) == (1, "failed")
    assert done.err.startswith("to/he.po:")
    assert catalogs(place) == before
    (place / "to/he.po").unlink()
    assert script("plan_translations", "import", "to", directory=place).status == 0
    assert "Nos activités" in catalogs(place)["fr.po"]


def test_a_text_that_would_break_a_page_is_refused_and_the_others_are_taken(place):
    script("plan_translations", "export", "-out:to", "-language:fr", directory=place)
    edit(place / "to/fr.po", '"Ce que nous faisons"', '"[[Nos activités"')
    edit(place / "to/fr.po", '"Résilience et durabilité des communautés"', '"Résilience"')
    done = script("plan_translations", "import", "to", directory=place)
    assert (done.status, done.report["outcome"]) == (1, "failed")
    assert done.report["catalogs"][0]["refused"] == ["department.mission-heading"]
    assert 'msgstr "Résilience"' in catalogs(place)["fr.po"]
    assert "[[Nos" not in catalogs(place)["fr.po"]


def test_files_that_hold_something_else_are_not_overwritten_by_an_export(place):
    script("plan_translations", "export", "-out:to", directory=place)
    again = script("plan_translations", "export", "-out:to", directory=place)
    assert (again.status, again.report["outcome"]) == (0, "nothing")
    edit(place / "to/fr.po", '"Ce que nous faisons"', '"Nos activités"')
    refused = script("plan_translations", "export", "-out:to", directory=place)
    assert refused.err == (
        "to/fr.po:0:0: the file exists and holds something else; "
        "import it or move it away, or choose another folder [export-over-other-file]\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["export"], "say where to write: -out:DIR"),
        (["export", "-out:data/locale"], "the catalogs are there; name another folder"),
        (["export", "-out:x", "-format:ods"], "no such format; there are po, xliff, csv"),
        (["export", "-out:x", "-page:Plan"], "a catalog is a whole; choose with -language:CODE"),
        (["update", "-language:fx"], "the plan has no such language"),
        (["import"], "say what to import"),
        (
            ["import", "nowhere.po"],
            "nowhere.po:0:0: there is no such file; look at its name, and at the folder you are in",
        ),
        (["import", "data"], "has no file that ends in .po"),
        (["import", "data/pages.yaml"], "not a file to import"),
        (["update", "-formt:csv"], "no such option; did you mean “format”"),
    ],
)
def test_a_wrong_call_says_what_to_do_and_does_nothing(arguments, told, place):
    before = catalogs(place)
    done = script("plan_translations", *arguments, directory=place)
    assert done.status == 1
    assert told in done.err
    assert catalogs(place) == before
    assert not (place / "x").exists()


def test_a_file_of_another_plan_or_language_is_refused(place):
    script("plan_translations", "export", "-out:to", "-language:fr", directory=place)
    edit(place / "to/fr.po", "Language: fr", "Language: it")
    done = script("plan_translations", "import", "to", directory=place)
    assert (done.status, done.err) == (
        1,
        "to/fr.po:0:0: the plan has no translations into “it”; "
        "correct it, or add it to pages.yaml [other-language-sent]\n",
    )


def test_workers_return_results_in_order_and_pass_errors_on():
    words = [str(number) for number in range(FEWEST_FOR_WORKERS + 3)]
    assert each_language(words, lambda word: int(word) * 2) == [2 * n for n in range(len(words))]
    with pytest.raises(ZeroDivisionError):
        each_language(words, lambda word: 1 // int(word))


def test_catalogs_follow_what_was_renamed_by_hand(place):
    file, pages = place / "data/priorities/2020-2021.yaml", place / "data/pages.yaml"
    before = catalogs(place)
    edit(file, "key: policy", "key: conduct")
    old, new = (f"priorities-2020-2021.trust-and-safety.{key}" for key in ("policy", "conduct"))
    pages.write_text(
        f"{pages.read_text('utf-8')}\nmoved:\n  - {{unit: {old}, to: {new}}}\n", "utf-8"
    )
    refused = script("plan_check", directory=place)
    assert refused.status == 1
    told = (
        f"{old}: pages.yaml says that this text is “{new}” now; bring the catalogs in step: plan_tr"
    )
    assert refused.out.count(told) == len(before)

    done = script("plan_translations", "update", directory=place)
    assert (done.status, done.out.splitlines()[-1]) == (0, "6 files written."), done.err
    assert catalogs(place) == {name: text.replace(old, new) for name, text in before.items()}
    checked = script("plan_check", directory=place)
    assert f"moved unit:{old} → unit:{new}: done; the entry may go from pages.yaml" in checked.out
    assert script("plan_translations", "update", directory=place).report["outcome"] == "nothing"


def test_ids_are_declared_for_what_was_renamed_by_hand_on_a_translatable_page(place):
    pages = place / "data/pages.yaml"
    start, stop = (
        "    kind: ",
        "\n    missing-page: create\n    sections:\n      - {name: navigation",
    )
    edit(pages, f"{start}plain{stop}", f"{start}translatable{stop}")
    file = place / "data/priorities/2021-2022.yaml"
    edit(file, "key: enforcement", "key: conduct")
    item = "priorities-2021-2022.trust-and-safety"
    old, new = f"{item}.enforcement", f"{item}.conduct"
    pages.write_text(
        f"{pages.read_text('utf-8')}\nmoved:\n  - {{unit: {old}, to: {new}}}\n", "utf-8"
    )
    done = script("plan_translations", "update", directory=place)
    title = "Community Resilience and Sustainability/Priorities 2021–2022"
    assert f"{title}: 3 ids declared, as the wiki has them\n" in done.out, done.err
    label = f"      {new}.labels.target: {old}.labels.target\n"
    assert f"    ids:\n      {new}: {old}\n{label}" in pages.read_text("utf-8")


def test_texts_under_other_keys_keep_their_translations_or_say_why_not(place):
    """The year's items under a new name, and a short heading that an item says, too."""
    file = place / "data/priorities/2021-2022.yaml"
    edit(file, "- key: reporting", "- key: one-tool")
    edit(
        file,
        "          - key: pilot\n",
        "          - {key: what, text: What we do}\n          - key: pilot\n",
    )
    done = script("plan_translations", "update", "-language:de", "-language:ar", directory=place)
    start = "priorities-2021-2022."
    assert done.out == (
        "ar: 2 added, 1 obsolete, 80 unchanged, 1 suggested, 1 copied\n"
        "de: 2 added, 1 obsolete, 80 unchanged, 1 suggested, 1 copied\n"
        "2 files written.\n"
        f"{start}community-development.courses.what: a suggestion in ar, de, made for the same "
        "words in another kind of place (department.mission-heading).\n"
        "1 text (7 words) nobody has to translate again: the same English is translated "
        "elsewhere.\n"
    ), done.err
    (entry,) = (
        each
        for each in catalogs(place)["de.po"].split("\n\n")
        if f"{start}trust-and-safety.one-tool" in each
    )
    assert "fuzzy" not in entry
    again = script("plan_translations", "update", "-language:de", directory=place)
    assert (again.report["outcome"], again.out) == (
        "nothing",
        "de: 83 unchanged\n0 files written.\n",
    )


def test_units_stay_with_texts_that_left_and_came_where_the_wiki_was_seen_to_have_them(place):
    pages = place / "data/pages.yaml"
    start, stop = (
        "    kind: ",
        "\n    missing-page: create\n    sections:\n      - {name: navigation",
    )
    edit(pages, f"{start}plain{stop}", f"{start}translatable{stop}")
    item = "priorities-2021-2022.trust-and-safety"
    title = "Community Resilience and Sustainability/Priorities 2021–2022"
    english = digest("Build one reporting tool for all projects.")
    seen = LastSeenFile.load(place / "data/locale", "de")
    seen.set(f"{title}/{item}.reporting", LastSeen("x", "x", english, True))
    files.replace_all(filter(None, [seen.prepared()]))
    edit(place / "data/priorities/2021-2022.yaml", "- key: reporting", "- key: one-tool")
    done = script("plan_translations", "update", directory=place)
    told = f"{title}: 1 unit keeps its id, with texts that the plan has under other keys now\n"
    assert told in done.out, done.err
    assert f"    ids:\n      {item}.one-tool: {item}.reporting\n" in pages.read_text("utf-8")
    again = script("plan_translations", "update", directory=place)
    assert (again.status, again.report["outcome"]) == (0, "nothing"), again.out

"""The seed page goes through its years by ``plan_year``: on plain pages, and on translatable ones.

Words are asked of translators only where somebody wrote new ones.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.runs.test_marking import count, forecast, lab, units
from tests.support.running import ROOT, Done, script
from tests.support.translatelab import TranslateWiki
from wikiplan.plan import plan
from wikiplan.wiki.folder import Folder

__all__ = ["lab"]

TITLE = "Community Resilience and Sustainability"
LANGUAGES = ("en", "ar", "de", "es", "fr", "he", "ja")
FIRST, SECOND, THIRD = "2020-2021", "2021-2022", "2022-2023"
NEW = """\
      - key: sidewalk
        text: Talk to people where they are.
"""


class Seed:
    """The sample plan as it began: one page, one year."""

    def __init__(self, directory: Path, title: str = TITLE, kind: str = "plain") -> None:
        self.directory, self.title, self.data = directory, title, directory / "data"
        shutil.copytree(ROOT / "data", self.data)
        (self.data / f"priorities/{SECOND}.yaml").unlink()
        path = self.data / "pages.yaml"
        page = path.read_text().partition(f"\n  - title: {TITLE}/Priorities")[0]
        page = page.replace(f"title: {TITLE}", f"title: {title!r}").replace("plain", kind)
        path.write_text(page.replace("site: meta:meta", "site: lab:lab"))
        self.run("plan_translations", "update")

    def run(self, name: str, *arguments: str) -> Done:
        offline = name == "plan_year" or arguments[:1] == ("update",)
        now = () if offline else ("-now:2021-07-01T00:00Z",)
        done = script(name, *arguments, *now, directory=self.directory)
        assert "Traceback" not in done.err, done.err
        return done

    def update(self, *arguments: str) -> Done:
        return self.run("plan_update", "-wiki:wiki", "-always", "-brief", *arguments)

    def year(self, year: str) -> Done:
        done = self.run("plan_year", year)
        assert done.status == 0, done.err
        return done

    def change(self, year: str, before: str, after: str) -> None:
        path = self.data / f"priorities/{year}.yaml"
        text = path.read_text()
        assert text.count(before) == 1, before
        path.write_text(text.replace(before, after))


def gaps(done: Done) -> dict[str, int]:
    """Return how many texts readers of each page see in another language, or in an old one."""
    found = {}
    for page in done.report["pages"]:
        found[page["title"]] = page["untranslated"] + page["outdated"]
    return found


def in_languages(title: str, numbers: tuple[int, ...]) -> Mapping[str, int]:
    titles = [title if code == "en" else f"{title}/{code}" for code in LANGUAGES]
    return dict(zip(titles, numbers, strict=True))


def finish(seed: Seed, year: str, key: str) -> None:
    """Say of an item that it is done."""
    path = seed.data / f"priorities/{year}.yaml"
    text = path.read_text()
    assert text.count(f"- key: {key}\n") == 1
    path.write_text(text.replace(f"- key: {key}\n", f"- key: {key}\n        status: done\n"))


def test_plain_pages_in_seven_languages_ask_for_new_words_alone(tmp_path: Path):
    seed = Seed(tmp_path)
    before = gaps(seed.update())
    assert before[TITLE] == before[f"{TITLE}/ar"] == before[f"{TITLE}/de"] == 0
    told = seed.year(SECOND).out
    assert "asked for nothing new: 11 texts went on with their translations." in told
    turned = seed.update()
    assert turned.status == 0, turned.err
    assert {title: gaps(turned)[title] for title in before} == before
    archive = f"{TITLE}/2020–2021"
    assert gaps(turned).keys() - before.keys() == {*in_languages(archive, (0,) * 7)}
    assert gaps(turned)[f"{archive}/ar"] == gaps(turned)[f"{archive}/de"] == 0
    assert seed.update().report["outcome"] == "nothing"

    finish(seed, SECOND, "consultation")
    seed.year(THIRD)
    seed.change(THIRD, "  - key: human-rights\n", f"{NEW}\n  - key: human-rights\n")
    seed.run("plan_translations", "update")
    again = seed.update()
    assert again.status == 0, again.err
    lost = {
        title: number - before[title] for title, number in gaps(again).items() if title in before
    }
    # One new text; in es the item that is done had no translation.
    assert lost == in_languages(TITLE, (0, 1, 1, 0, 1, 1, 1))
    titles = {page.title for page in plan.load(seed.data).pages}
    assert titles == {TITLE, archive, f"{TITLE}/2021–2022"}
    assert seed.update().report["outcome"] == "nothing"
    pages = (seed.data / "pages.yaml").read_text()
    assert pages.count("moved:") == 1
    assert pages.endswith("moved:\n  - {section: priorities-2020-2021, to: priorities}\n")


def test_readers_of_the_old_year_find_it_as_it_was(tmp_path: Path):
    seed = Seed(tmp_path)
    seed.update()
    wiki = tmp_path / "wiki"
    old = {code: section_text(wiki, TITLE, code, "priorities-2020-2021") for code in LANGUAGES}
    seed.year(SECOND)
    seed.update()
    for code in LANGUAGES:
        assert section_text(wiki, f"{TITLE}/2020–2021", code, "priorities") == old[code]
        now = section_text(wiki, TITLE, code, "priorities")
        assert now != old[code]
        assert len(now.splitlines()) == len(old[code].splitlines())


OLD_TEXT, NEW_TEXT = "Protect the integrity of the content", "Find falsehoods before they spread"


def copied_by_hand(seed: Seed) -> Done:
    """Begin a year without ``plan_year``: a copy of the old file, in which one text is another."""
    years = seed.data / "priorities"
    text = (years / f"{FIRST}.yaml").read_text()
    (years / f"{SECOND}.yaml").write_text(text.replace(FIRST, SECOND))
    seed.change(SECOND, OLD_TEXT, NEW_TEXT)
    pages = seed.data / "pages.yaml"
    shown = f"data: priorities/{FIRST}"
    assert pages.read_text().count(shown) == 1
    pages.write_text(pages.read_text().replace(shown, f"data: priorities/{SECOND}"))
    done = seed.run("plan_translations", "update")
    assert done.status == 0, done.err
    told = "10 texts (336 words) nobody has to translate again: the same English is translated"
    assert told in done.out
    return done


def test_a_year_copied_by_hand_costs_its_new_text_alone(tmp_path: Path):
    seed = Seed(tmp_path)
    before = gaps(seed.update())
    done = copied_by_hand(seed)
    counts = {each["lang"]: each["counts"] for each in done.report["catalogs"]}
    # The heading has a translation of its own from long ago.
    assert counts["ar"]["copied"] == counts["de"]["copied"] == 9
    catalog = (seed.data / "locale/de.po").read_text()
    assert "fuzzy" not in catalog.partition(f'"priorities-{SECOND}.heading"')[2]
    turned = seed.update("-allow:lost")
    assert turned.status == 0, turned.err
    lost = {title: number - before[title] for title, number in gaps(turned).items()}
    assert lost == in_languages(TITLE, (0, 1, 1, 1, 1, 1, 1))
    assert seed.run("plan_translations", "update").report["outcome"] == "nothing"
    assert seed.update().report["outcome"] == "nothing"


def section_text(wiki: Path, title: str, code: str, name: str) -> str:
    """Return a section of a page in the folder wiki."""
    wanted = title if code == "en" else f"{title}/{code}"
    marker = re.compile(rf"<!-- wikiplan:begin {name} .*?-->\n(.*?)<!-- wikiplan:end", re.DOTALL)
    found = marker.search(Folder(wiki).read([wanted])[wanted].text)
    assert found
    return found[1]


def test_the_pages_of_the_sample_plan_go_on_beside_the_old_ones(tmp_path: Path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    before = script("plan_preview", "-wiki:wiki", directory=tmp_path)
    for year in (THIRD, "2023-2024"):
        assert script("plan_year", year, directory=tmp_path).status == 0
    titles = [page.title for page in plan.load(tmp_path / "data").pages]
    below = f"{TITLE}/Priorities"
    years = ("2021–2022", "2022–2023", "2023–2024")
    assert titles == [TITLE, *(f"{below} {year}" for year in years)]
    update = ("plan_update", "-wiki:wiki", "-always", "-brief")
    found = gaps(script(*update, directory=tmp_path))
    for code in LANGUAGES[1:]:
        assert found[f"{below} 2023–2024/{code}"] <= gaps(before)[f"{below} 2021–2022/{code}"]
    assert script(*update, directory=tmp_path).report["outcome"] == "nothing"


@pytest.mark.wiki
@pytest.mark.translate
def test_a_translatable_page_keeps_its_translations_through_two_years(
    lab: TranslateWiki, tmp_path: Path, title: str
):
    seed = Seed(tmp_path, title, "translatable")
    begin(lab, seed)
    before, first = count(lab, title, "ar"), units(lab, title)
    assert before["kept"] > len(first) - 3
    for year in (SECOND, THIRD):
        seed.year(year)
        if year == THIRD:
            seed.change(THIRD, "  - key: human-rights\n", f"{NEW}\n  - key: human-rights\n")
            seed.run("plan_translations", "update")
        new = int(year == THIRD)
        preview = seed.run("plan_preview", f"-page:{title}")
        costs = {name: forecast(preview)["ar"][name] for name in ("new", "outdated", "orphaned")}
        assert costs == {"new": new, "outdated": 0, "orphaned": 0}, preview.out
        publish_page(lab, seed)
        assert count(lab, title, "ar") == {**before, "new": before["new"] + new}
        assert set(units(lab, title)) - set(first) == (
            {f"priorities-{THIRD}.community-development.sidewalk"} if new else set()
        )
    again = seed.run("plan_update", "-always", "-brief", f"-page:{title}")
    assert again.report["outcome"] == "nothing", again.out


@pytest.mark.wiki
@pytest.mark.translate
def test_on_a_translatable_page_ten_of_eleven_texts_keep_their_units_and_translations(
    lab: TranslateWiki, tmp_path: Path, title: str
):
    seed = Seed(tmp_path, title, "translatable")
    begin(lab, seed)
    before, first = count(lab, title, "ar"), units(lab, title)
    told = copied_by_hand(seed).out
    assert (
        f"{title}: 10 units keep their ids, with texts that the plan has under other keys now"
        in told
    )
    gone = f"priorities-{FIRST}.trust-and-safety.disinformation"
    come = f"priorities-{SECOND}.trust-and-safety.disinformation"
    preview = seed.run("plan_preview", f"-page:{title}")
    (page,) = preview.report["pages"]
    assert (
        "translations would lose their unit" in page["reason"]
        and f"units {gone})" in page["reason"]
    )
    allowed = seed.run("plan_preview", f"-page:{title}", "-allow:orphaned")
    costs = {
        name: forecast(allowed)["ar"][name] for name in ("new", "outdated", "orphaned", "words")
    }
    assert costs == {"new": 1, "outdated": 0, "orphaned": 1, "words": 9}
    publish_page(lab, seed, "-allow:orphaned")
    after = units(lab, title)
    assert (set(first) - set(after), set(after) - set(first)) == ({gone}, {come})
    assert count(lab, title, "ar") == {
        **before,
        "kept": before["kept"] - 1,
        "new": before["new"] + 1,
    }
    pushed = seed.run("plan_translations", "push", "-always", "-language:ar")
    assert pushed.report["outcome"] == "nothing", pushed.out
    again = seed.run("plan_update", "-always", "-brief", f"-page:{title}")
    assert again.report["outcome"] == "nothing", again.out


@pytest.mark.wiki
@pytest.mark.translate
def test_a_second_unit_with_the_same_english_gets_a_copy_that_names_its_source(
    lab: TranslateWiki, tmp_path: Path, title: str
):
    seed = Seed(tmp_path, title, "translatable")
    begin(lab, seed)
    before = count(lab, title, "ar")
    item = """\
      - key: facts
        label: Disinformation
        text: Protect the integrity of the content on the platform.
"""
    seed.change(FIRST, "  - key: human-rights\n", f"{item}\n  - key: human-rights\n")
    seed.run("plan_translations", "update")
    preview = seed.run("plan_preview", f"-page:{title}")
    costs = {name: forecast(preview)["ar"][name] for name in ("new", "ready", "orphaned", "words")}
    assert costs == {"new": 1, "ready": 1, "orphaned": 0, "words": 0}
    publish_page(lab, seed)
    assert count(lab, title, "ar") == {**before, "new": before["new"] + 1}
    seed.run("plan_translations", "push", "-always", "-language:ar")
    lab.run_jobs()
    assert count(lab, title, "ar") == {**before, "kept": before["kept"] + 1}
    page = f"Translations:{title}/priorities-{FIRST}"
    assert lab.history(f"{page}.community-development.facts/ar")[0]["comment"].startswith(
        "Translation from the department's plan, copied from "
        f"[[{page}.trust-and-safety.disinformation/ar]], whose English is the same [run "
    )


def begin(lab: TranslateWiki, seed: Seed) -> None:
    """Publish the page of the first year with its translations into Arabic."""
    seed.run("plan_update", "-always", "-brief")
    lab.mark(seed.title)
    lab.run_jobs()
    seed.run("plan_translations", "push", "-always", "-language:ar")
    lab.run_jobs()


def publish_page(lab: TranslateWiki, seed: Seed, *options: str) -> None:
    done = seed.run("plan_update", "-always", "-brief", f"-page:{seed.title}", *options)
    (page,) = done.report["pages"]
    lab.mark(seed.title, spared=list(page["spared"]))
    lab.run_jobs()

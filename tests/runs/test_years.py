"""The seed page goes through its years by ``plan_year``: on plain pages, and on translatable ones.

Words are asked of translators only where somebody wrote new ones.
"""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.runs.test_marking import count, forecast, lab, units
from tests.support.people import FolderPeople
from tests.support.running import ROOT, Done, script
from tests.support.translatelab import TranslateWiki
from wikiplan.catalogs import catalog
from wikiplan.catalogs.translation import State
from wikiplan.plan import plan
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import prose

__all__ = ["lab"]

TITLE = "Community Resilience and Sustainability"
LANGUAGES = ("en", "ar", "de", "es", "fr", "he", "ja")
FIRST, SECOND, THIRD = "2020-2021", "2021-2022", "2023-2024"
NEW = """\
      - key: sidewalk
        text: Talk to people where they are.
"""
QUARTER = "target: Q2 2023-2024"


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
        offline = name in ("plan_move", "plan_year") or arguments[:1] == ("update",)
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

    def move(self, name: str, new: str) -> None:
        done = self.run("plan_move", name, new)
        assert done.status == 0, done.err

    def change(self, file: str, before: str, after: str) -> None:
        path = self.data / f"{file}.yaml"
        text = path.read_text()
        assert text.count(before) == 1, before
        path.write_text(text.replace(before, after))

    def reorganise(self, title: str) -> None:
        """Give the page a title, a team a key, another team a name, and dissolve a third; finish an
        item, and turn to the year after the next, in which there is one text more.
        """
        self.move(f"page:{self.title}", title)
        self.title = title
        self.move("team:human-rights", "people-in-danger")
        self.change("department", "text: Trust and Safety", "text: Trust and Protection")
        team = "- key: community-development\n"
        self.change("department", team, f"{team}    dissolved: true\n")
        self.change(
            f"priorities/{SECOND}", "key: operations\n", "key: operations\n        status: done\n"
        )
        told = self.year(THIRD).out
        assert f"Look at this: {THIRD} does not follow {SECOND}." in told
        assert "people-in-danger.training: the target 2022-01 is not in 2023-2024" in told
        self.change(f"priorities/{THIRD}", "target: 2022-01", QUARTER)
        self.change(
            f"priorities/{THIRD}",
            "  - key: trust-and-safety\n    items:\n",
            f"  - key: trust-and-safety\n    items:\n{NEW}",
        )
        self.run("plan_translations", "update")

    def texts(self) -> tuple[set[str], dict[str, set[str]]]:
        """Return the plan's English texts, and by language those that wait for a translation."""
        read = plan.load(self.data)
        units = [unit for unit in read.units.values() if not unit.is_name]
        catalogs = catalog.load_all(self.data / "locale", read.languages[1:])
        waiting = {
            code: {unit.text for unit in units if found.get(unit).state is not State.TRANSLATED}
            for code, found in catalogs.items()
        }
        return {unit.text for unit in units}, waiting


def gaps(done: Done) -> dict[str, int]:
    """Return how many texts readers of each page see in another language, or in an old one."""
    found = {}
    for page in done.report["pages"]:
        found[page["title"]] = page["untranslated"] + page["outdated"]
    return found


def in_languages(title: str, numbers: tuple[int, ...]) -> Mapping[str, int]:
    titles = [title if code == "en" else f"{title}/{code}" for code in LANGUAGES]
    return dict(zip(titles, numbers, strict=True))


class Asked:
    """Counts what is asked of translators from step to step, and prints it."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.before = seed.texts()

    def step(self, name: str) -> int:
        """Return how many texts each language is asked for: the new ones, and no others."""
        (texts, waiting), now = self.before, self.seed.texts()
        new = now[0] - texts
        words = sum(map(prose.words_in, new))
        print(f"{name}: {len(new)} new texts, {words} words; asked:", end="")
        for code, found in now[1].items():
            assert found - waiting[code] == new, code
            print(f" {code} {sum(map(prose.words_in, found - waiting[code]))}", end="")
        print()
        self.before = now
        return len(new)


def test_plain_pages_in_seven_languages_ask_for_new_words_alone(tmp_path: Path):
    seed = Seed(tmp_path)
    before, asked = gaps(seed.update()), Asked(seed)
    assert before[TITLE] == before[f"{TITLE}/ar"] == before[f"{TITLE}/de"] == 0
    told = seed.year(SECOND).out
    assert "asked for nothing new: 11 texts went on with their translations." in told
    turned = seed.update()
    assert turned.status == 0, turned.err
    assert asked.step(SECOND) == 0
    assert {title: gaps(turned)[title] for title in before} == before
    assert gaps(turned).keys() - before.keys() == {*in_languages(f"{TITLE}/2020–2021", (0,) * 7)}
    assert {gaps(turned)[f"{TITLE}/2020–2021/{code}"] for code in ("ar", "de")} == {0}
    assert seed.update().report["outcome"] == "nothing"

    people, moved = FolderPeople(tmp_path / "wiki"), "Community Resilience"
    for title in gaps(turned):
        people.move(title, title.replace(TITLE, moved))
    seed.reorganise(moved)
    again = seed.update()
    assert again.status == 0, again.err
    assert asked.step(THIRD) == 1
    lost = {
        title: gaps(again)[title.replace(TITLE, moved)] - number for title, number in before.items()
    }
    # One new text, and what the team that dissolved and the item that is done had untranslated.
    assert lost == in_languages(TITLE, (0, 1, 1, 0, 1, 0, 0))
    titles = {page.title for page in plan.load(seed.data).pages}
    assert titles == {moved, f"{moved}/2020–2021", f"{moved}/2021–2022"}
    assert seed.update().report["outcome"] == "nothing"
    assert [move.before for move in plan.load(seed.data).moves.entries] == [
        "human-rights", TITLE, "priorities-2020-2021",
    ]  # fmt: skip
    shown = section_text(tmp_path / "wiki", moved, "ar", "priorities")
    assert "(في الربع الثاني" in shown or "الربع الثاني <bdi" in shown


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
        assert len(now.splitlines()) == len(old[code].splitlines()) + LINES_TO_OLD_YEAR
        for heading in {heading_of(old[code]), heading_of(old["en"])}:
            assert f'<span id="{heading}">' in html.unescape(now)


LINES_TO_OLD_YEAR = 3


def heading_of(section: str) -> str:
    """Return the words of a section's heading."""
    found = re.search(r"^== (.*?) ==$", section, re.MULTILINE)
    assert found
    return prose.words_of(found[1])


OLD_TEXT, NEW_TEXT = "Protect the integrity of the content", "Find falsehoods before they spread"


def copied_by_hand(seed: Seed) -> Done:
    """Begin a year without ``plan_year``: a copy of the old file, in which one text is another."""
    years = seed.data / "priorities"
    text = (years / f"{FIRST}.yaml").read_text()
    (years / f"{SECOND}.yaml").write_text(text.replace(FIRST, SECOND))
    seed.change(f"priorities/{SECOND}", OLD_TEXT, NEW_TEXT)
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
    for year in ("2022-2023", "2023-2024"):
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
    before, first, asked = count(lab, title, "ar"), units(lab, title), Asked(seed)
    assert before["kept"] > len(first) - 3

    seed.year(SECOND)
    assert arabic_costs(seed) == {"new": 0, "outdated": 0, "orphaned": 0}
    publish_page(lab, seed)
    assert asked.step(SECOND) == 0
    assert count(lab, title, "ar") == before
    assert set(units(lab, title)) == set(first)
    assert_old_links_arrive(lab, title)

    moved = f"{title} and more"
    lab.move_bundle(title, moved)
    lab.mark(moved)  # whose log has no marking under its new title
    lab.run_jobs()
    assert count(lab, moved, "ar") == before
    seed.reorganise(moved)
    left = 3  # the two texts of the team that dissolved, and the one that is done
    assert arabic_costs(seed) == {"new": 1, "outdated": 0, "orphaned": left}
    publish_page(lab, seed, "-allow:orphaned")
    assert asked.step(THIRD) == 1
    assert count(lab, moved, "ar") == {
        **before,
        "kept": before["kept"] - left,
        "new": before["new"] + 1,
    }
    assert set(units(lab, moved)) - set(first) == {f"priorities-{THIRD}.trust-and-safety.sidewalk"}
    again = seed.run("plan_update", "-always", "-brief", f"-page:{moved}")
    assert again.report["outcome"] == "nothing", again.out
    assert "الربع الثاني" in page_html(lab, f"{moved}/ar")


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
    seed.change(
        f"priorities/{FIRST}", "  - key: human-rights\n", f"{item}\n  - key: human-rights\n"
    )
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


def arabic_costs(seed: Seed) -> dict[str, int]:
    """Return what the next update costs the Arabic translations of the page."""
    preview = seed.run("plan_preview", f"-page:{seed.title}", "-allow:orphaned")
    assert preview.actions == {seed.title: "update"}, preview.out
    return {name: forecast(preview)["ar"][name] for name in ("new", "outdated", "orphaned")}


def publish_page(lab: TranslateWiki, seed: Seed, *options: str) -> None:
    done = seed.run("plan_update", "-always", "-brief", f"-page:{seed.title}", *options)
    (page,) = done.report["pages"]
    lab.mark(seed.title, spared=list(page["spared"]))
    lab.run_jobs()


def page_html(lab: TranslateWiki, title: str) -> str:
    return str(lab.api(action="parse", page=title, prop="text")["parse"]["text"])


def assert_old_links_arrive(lab: TranslateWiki, title: str) -> None:
    """Expect the anchors of the old year's heading at a link to its archive page."""
    for page, anchors in (
        (title, ["Priorities:_2020–2021"]),
        (f"{title}/ar", ["Priorities:_2020–2021", "الأولويات:_٢٠٢٠–٢٠٢١"]),
    ):
        text = html.unescape(page_html(lab, page))
        for anchor in anchors:
            assert re.search(rf'<span id="{anchor}">(?:<span [^>]*>)?<a ', text), (
                anchor,
                text[-9000:],
            )

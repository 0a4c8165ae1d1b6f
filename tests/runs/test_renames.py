"""A rename costs no translator a word, whatever is renamed, and however often.

Plans of chance are no use here: what they have in common with real ones is what breaks. So it is
the sample plan, with more kinds of files and a translatable page, that gets other names, several
in a row. Each time its catalogs say the same as before, plain pages show the same, and translatable
ones have the same units under the same ids: nothing turns outdated, is orphaned or is new.

A sample runs in ``make test``; ``make renames`` makes 100 in files, and 100 on a real wiki.
"""

from __future__ import annotations

import random
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.support import renames, smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.running import ROOT, script
from tests.support.samples import WHOLE
from tests.support.translatelab import TranslateWiki
from wikiplan.plan import LANGUAGE, PAGE, plan
from wikiplan.translate import classify

pytestmark = pytest.mark.heavy

SEQUENCES = range(25 if WHOLE else 2)
RENAMES_IN_A_ROW = 4

VISITS = """\
blocks:
  - {key: heading, level: 2, text: Visits}
  - {key: hours, text: "Come and see us [[$talk|whenever you like]]."}
  - key: list
    wikitext: {en: "<div>$first</div>", ar: "<div dir=rtl>$first</div>"}
    texts: [{key: first, text: The first visit.}]
"""
TRANSLATABLE = """\
  - title: Visits
    kind: translatable
    ids: {text-visits.heading: 1, "more:labels.see-also": 7}
    sections:
      - {name: visits, template: text, data: text/visits}
      - {name: more, template: priorities, data: priorities/2021-2022}
      - {name: hours, template: office-hours, data: office-hours}
      - {name: people, template: teams, data: department}
      - {name: tools, template: tools, data: tools}
"""
TOOLS = (
    "spades: {text: Spades}\nlist:\n  - {key: rake, text: A rake}\n  - {key: hoe, text: A hoe}\n"
)
TEMPLATE = """\
{{ data.spades.text }}

{% for each in data.list %}
* {{ each.text }}

{% endfor %}
"""


def write(directory: Path) -> None:
    """Write the sample plan with a page more."""
    shutil.copytree(ROOT / "data", directory / "data")
    (directory / "templates").mkdir()
    (directory / "templates" / "tools.wiki").write_text(TEMPLATE)
    data = directory / "data"
    (data / "text").mkdir()
    (data / "text" / "visits.yaml").write_text(VISITS)
    (data / "tools.yaml").write_text(TOOLS)
    pages = (data / "pages.yaml").read_text()
    (data / "pages.yaml").write_text(f"{pages.rstrip()}\n\n{TRANSLATABLE}")


@pytest.mark.parametrize("number", SEQUENCES)
def test_renames_change_no_translation_and_no_id(number: int, tmp_path: Path):
    write(tmp_path)
    rng, counted = random.Random(number), Counter[str]()
    for _ in range(RENAMES_IN_A_ROW):
        before, read = renames.Seen.of(tmp_path), plan.load(tmp_path / "data")
        move = renames.chosen(rng, read)
        renames.made(tmp_path, move)
        wanted, after = before.after(move), renames.Seen.of(tmp_path)
        assert after.translations == wanted.translations, move
        assert after.units == wanted.units, move
        shown = (renames.without_language(each.shown, move) for each in (after, wanted))
        assert next(shown) == next(shown), move
        counted[move.kind] += 1
        for place, units in wanted.units.items():
            effects = classify(dict(units), dict(after.units[place]), {})
            assert {str(effect.kind) for effect in effects} == {"kept"}
    assert sum(counted.values()) == RENAMES_IN_A_ROW


# On a wiki: what the next run makes of the old names there.

SMALL = {"goals": "Our goals.", "more": "More of it."}


@pytest.mark.wiki
def test_a_moved_page_is_followed_and_every_command_says_the_same_of_the_old_title(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    page = {title: "missing-page: create"}
    smallplan.write(tmp_path, SMALL, page, "languages: [en, de]\n")
    script("plan_translations", "update", directory=tmp_path)
    assert script("plan_update", "-always", directory=tmp_path).status == 0
    new = f"{title} (new)"
    for code in ("", "/de"):
        mediawiki.move(f"{title}{code}", f"{new}{code}")
    way = f"follow it with: plan_move {shlex.quote(f'page:{title}')} {shlex.quote(new)}"
    shown = script("plan_preview", directory=tmp_path)
    assert {each.rpartition("; ")[2] for each in shown.reasons.values()} == {way}
    assert {page["code"] for page in shown.report["pages"]} == {"moved-page"}
    pulled = script("plan_translations", "pull", directory=tmp_path)
    assert f"; {way}" in pulled.out + pulled.err
    counted = script("plan_translations", "status", directory=tmp_path)
    assert f"{title}: refused: {shown.reasons[title]}\n" in counted.out
    assert {page["code"] for page in counted.report["pages"]} == {"moved-page"}

    moved = script("plan_move", f"page:{title}", new, directory=tmp_path)
    assert moved.status == 0, moved.err
    with mediawiki.log() as log:
        again = script("plan_update", "-always", directory=tmp_path)
    assert (again.status, {*again.actions.values()}) == (0, {"none"}), again.out
    assert log.writes == 0
    told = script("plan_check", directory=tmp_path).out
    assert f"moved page:{title} → page:{new}: done; the entry may go from pages.yaml" in told


@pytest.mark.wiki
def test_a_page_that_only_the_plan_moved_is_not_made_twice(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    smallplan.write(tmp_path, SMALL, {title: "missing-page: create"})
    script("plan_update", "-always", directory=tmp_path)
    new = f"{title} (new)"
    script("plan_move", f"page:{title}", new, directory=tmp_path)
    refused = script("plan_update", "-always", directory=tmp_path)
    assert (refused.status, refused.reasons) == (
        1,
        {
            new: f"pages.yaml calls the page {new!r}, and the wiki still {title!r}; move it there "
            "on the wiki, with its sub-pages and translations: another one would double it"
        },
    )
    mediawiki.move(title, new)
    assert script("plan_update", "-always", directory=tmp_path).status == 0


@pytest.mark.wiki
def test_the_markers_of_a_section_get_its_new_name_and_undo_gives_the_old_one_back(
    mediawiki: MediaWiki, tmp_path: Path, title: str
):
    smallplan.write(tmp_path, SMALL, {title: "missing-page: create"})
    script("plan_update", "-always", directory=tmp_path)
    before = mediawiki.text(title)
    script("plan_move", "section:goals", "aims", directory=tmp_path)
    done = script("plan_update", "-always", directory=tmp_path)
    assert done.status == 0, done.out
    after = mediawiki.text(title)
    assert after == before.replace("begin goals", "begin aims").replace("end goals", "end aims")
    assert mediawiki.history(title)[0]["comment"].startswith(
        "Updated from the department's plan: aims (called goals until now) [run "
    )
    assert script("plan_update", "-always", directory=tmp_path).report["outcome"] == "nothing"
    undone = script("plan_undo", "-always", done.report["run"], directory=tmp_path)
    assert (undone.status, mediawiki.text(title)) == (0, before), undone.out
    waits = script("plan_update", "-always", directory=tmp_path)
    assert (waits.status, mediawiki.text(title)) == (3, before), waits.out
    assert script("plan_update", "-always", "-drift:reclaim", directory=tmp_path).status == 0
    assert mediawiki.text(title) == after


@pytest.mark.wiki
@pytest.mark.translate
@pytest.mark.parametrize("number", range(25 if WHOLE else 1))
def test_on_translatable_pages_no_translation_notices(
    translate_wiki: TranslateWiki,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    title: str,
    number: int,
):
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", translate_wiki.address)
    write(tmp_path)
    pages = tmp_path / "data" / "pages.yaml"
    entry = TRANSLATABLE.replace("title: Visits", f"title: {title!r}")
    text = re.sub(r"(?s)^pages:\n.*", f"pages:\n{entry}", pages.read_text(), flags=re.MULTILINE)
    text = text.replace("site: meta:meta", "site: lab:lab")
    pages.write_text(
        text.replace("kind: translatable", "kind: translatable\n    missing-page: create")
    )
    assert script("plan_update", "-always", directory=tmp_path).status in (0, 3)
    translate_wiki.mark(title, translatetitle="no")
    translate_wiki.run_jobs()
    script("plan_translations", "push", "-always", "-language:de", directory=tmp_path)
    translate_wiki.run_jobs()
    before, rng = translate_wiki.states(title, "de"), random.Random(number)
    for _ in range(RENAMES_IN_A_ROW):
        read = plan.load(tmp_path / "data")
        move = renames.chosen(rng, read)
        while move.kind in (PAGE, LANGUAGE):
            move = renames.chosen(rng, read)
        renames.made(tmp_path, move)
        updated = script("plan_update", "-always", directory=tmp_path)
        assert updated.status in (0, 3), (move, updated.out)
    translate_wiki.mark(title, translatetitle="no")
    translate_wiki.run_jobs()
    assert translate_wiki.states(title, "de") == before
    pulled = script("plan_translations", "pull", "-language:de", directory=tmp_path)
    assert (pulled.status, pulled.report["outcome"]) == (0, "nothing"), pulled.out

"""Translatable pages are taken over: readers see the same, and no translation changes its state."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from tests.support import wikicases
from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople
from tests.support.running import Done, script
from tests.support.wikicases import CASES
from wikiplan.translate import TITLE_UNIT
from wikiplan.wikitext import outline

NOW = "-now:2021-07-01T00:00Z"


def parts_of(case: Path) -> dict[str, str]:
    parts = re.split(r"^= (\w+)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    texts = (text.removesuffix("\n") for text in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))


def sections_of(text: str) -> list[str]:
    """Return the options that choose every part of the page."""
    parts = [part for part in outline.outline(text) if part.level <= 2]
    return [f"-section:s{number}={part.title}" for number, part in enumerate(parts)]


def run(folder: Path, command: str, *arguments: str, status: tuple[int, ...] = (0,)) -> Done:
    done = script(command, "-site:lab:lab", *arguments, directory=folder)
    assert done.status in status, done.out + done.err
    return done


@pytest.mark.wiki
@pytest.mark.translate
@pytest.mark.parametrize(
    "case", sorted((CASES / "takeover").glob("*.case")), ids=lambda case: case.stem
)
def test_nobody_sees_that_a_page_was_taken_over(
    translate_wiki: Any, translate_site: Callable[..., Any], case: Path, title: str, tmp_path: Path
):
    parts = parts_of(case)
    translate_wiki.edit(title, parts["page"], "Admin")
    mark(translate_wiki, title)
    for line in parts["de"].splitlines():
        id, _, text = line.partition(": ")
        translate_wiki.translate(title, id, "de", text)
    translate_wiki.translate(title, TITLE_UNIT, "de", "Das Amt für Gärten")
    translate_wiki.run_jobs()
    time.sleep(1)  # what was parsed within the second of a purge outlives it
    before = seen(translate_wiki, title)
    translate_site()
    chosen = (f"-page:{title}", *sections_of(parts["page"]))
    run(tmp_path, "plan_adopt", *chosen, "-import", "-out:plan", NOW, status=(0, 3))
    catalog = (tmp_path / "plan" / "locale" / "de.po").read_text("utf-8")
    assert "Das Amt für Gärten" in catalog
    run(tmp_path, "plan_adopt", *chosen, "-always", status=(0, 3))
    mark(translate_wiki, title)
    done = run(tmp_path, "plan_update", "-data:plan", NOW, "-always", status=(0, 3))
    # 1.39 has to be told which units must not outdate their translations; later ones see it.
    told = () if translate_wiki.marks_through_api else done.report["pages"][0]["spared"]
    mark(translate_wiki, title, told)
    assert seen(translate_wiki, title) == before
    again = run(tmp_path, "plan_preview", "-data:plan", NOW)
    assert again.actions == {title: "none"}


def mark(wiki: Any, title: str, spared: Collection[str] = ()) -> None:
    wiki.mark(title, spared=spared)
    wiki.run_jobs()


def seen(wiki: Any, title: str) -> dict[str, Any]:
    """Return what readers of both languages see, and what translators do."""
    pages = {code: wiki.lines(page, code) for code, page in (("en", title), ("de", f"{title}/de"))}
    return {**pages, "states": wiki.states(title, "de")}


# --- plain pages: what stands above headings ---

ENGLISH = """\
We look after the '''gardens'''.
<!-- ask before a change -->
== What we do ==

We plant.

{{anchor|list}}
== Priorities: 2021–2022 ==

* [[Trees]]
** Plant a thousand.

== More ==

=== Water ===
Save it.
"""
ARABIC = """\
نعتني '''بالحدائق'''.
<span id="What_we_do"></span>
== ما نفعله ==

نحن نزرع.

<span id="Priorities:_2021–2022"></span>
== الأولويات: 2021–2022 ==

* [[Trees|أشجار]]
** ازرعوا ألفا.

<span id="More"></span>
== المزيد ==

<span id="Water"></span>
=== ماء ===
وفروه.
"""


def test_every_anchor_stays_above_its_heading_through_the_first_update(tmp_path: Path):
    people = FolderPeople(tmp_path / "wiki")
    people.edit("Gardens", ENGLISH)
    people.edit("Gardens/ar", ARABIC)
    chosen = ("-wiki:wiki", "-page:Gardens", *sections_of(ENGLISH))
    made = script("plan_adopt", *chosen, "-import", "-out:plan", NOW, directory=tmp_path)
    assert made.status in (0, 3), made.err
    assert script("plan_adopt", *chosen, "-always", directory=tmp_path).status == 0
    arguments = ("-wiki:wiki", "-data:plan", NOW, "-always")
    update = script("plan_update", *arguments, directory=tmp_path)
    assert update.status == 0, update.out
    assert without_markers(people.text("Gardens")) == ENGLISH.rstrip("\n")
    lines = without_markers(people.text("Gardens/ar")).split("\n")
    kept = [line for line in lines if not re.fullmatch(r"</?div[^>]*>", line)]
    assert re.sub(r"</?bdi[^>]*>", "", "\n".join(kept)) == ARABIC.rstrip("\n")


def without_markers(text: str) -> str:
    return re.sub(r"^<!-- wikiplan:.*\n|\n<!-- wikiplan:.*$", "", text, flags=re.MULTILINE)


@pytest.mark.wiki
def test_a_page_is_marked_whatever_its_last_section_ends_with(
    mediawiki: MediaWiki, title: str, tmp_path: Path
):
    endings = wikicases.read(CASES / "adoption" / "endings.cases")
    titles = {f"{title} {case.sentence}": case.blocks["ending"] for case in endings}
    for page, ending in titles.items():
        mediawiki.edit(page, f"Lead.\n\n== Goals ==\n{ending}")
    pages = [f"-page:{page}" for page in titles]
    done = run(tmp_path, "plan_adopt", *pages, "-section:goals=Goals", "-always")
    assert done.actions == dict.fromkeys(titles, "update"), done.reasons

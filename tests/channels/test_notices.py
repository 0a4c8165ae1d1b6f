"""Notices to translators: which year, which texts, and the words in their language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import yearcases
from tests.support.smallplan import NOW
from wikiplan.catalogs import State
from wikiplan.catalogs.catalog import load_all
from wikiplan.channels.notices import NewTexts, Notices, left_to_do, newest_year, sections_about
from wikiplan.plan import FiscalYear, plan
from wikiplan.render.renderer import Renderer
from wikiplan.sync import LanguageProgress, UnitProgress

YEAR = FiscalYear(2021)
ADDRESS = (
    "https://wiki.example/w/index.php?title=Special%3ATranslate&group=page-Gardens&language=de"
)
PAGES = (
    NewTexts("Gardens/Priorities", 3, 20, ADDRESS),
    NewTexts("Gardens/News/de", 1, 1),
)
GERMAN = f"""\
== Zu übersetzen: 2021–2022 ==

Texte für 2021–2022 sind noch nicht übersetzt:

* <bdi>[[:Gardens/Priorities]]</bdi>: 3 Texte, 20 Wörter – [{ADDRESS} übersetzen]
* <bdi>[[:Gardens/News/de]]</bdi>: ein Text, ein Wort

Diese Nachricht kommt einmal für jedes Jahr.

– Department of Gardens"""
ARABIC_ON_AN_ENGLISH_PAGE = """\
== <span lang="ar" dir="rtl">للترجمة: <bdi dir="ltr">2021–2022</bdi></span> ==

<div lang="ar" dir="rtl" class="mw-content-rtl">
توجد نصوص لسنة <bdi dir="ltr">2021–2022</bdi> لم تُترجم بعد:

* <bdi>[[:Gardens/News/ar]]</bdi>: 3 نصوص، 11 كلمة

تصل هذه الرسالة مرة واحدة لكل سنة.

– <bdi dir="ltr">Department of Gardens</bdi>
</div>"""
ENGLISH_FOR_FINNS = """\
== <span lang="en" dir="ltr">To translate: 2021–2022</span> ==

<div lang="en" dir="ltr" class="mw-content-ltr">
Texts for 2021–2022 are not translated yet:

* <bdi>[[:Gardens/News/fi]]</bdi>: one text, 2 words

This message comes once for each year.

– Department of Gardens
</div>"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    moved = "moved:\n  - {language: de-old, to: de}\n"
    return yearcases.write(tmp_path, yearcases.PAGES.replace("pages:\n", f"{moved}pages:\n", 1))


@pytest.fixture
def notices(directory: Path, tmp_path: Path) -> Notices:
    loaded = plan.load(directory)
    catalogs = load_all(directory / "locale", loaded.languages)
    return Notices(Renderer(loaded, catalogs, tmp_path / "templates", NOW), YEAR)


@pytest.mark.parametrize(
    ("language", "page_language", "new", "text"),
    [
        ("de", "de", PAGES, GERMAN),
        ("ar", "en", [NewTexts("Gardens/News/ar", 3, 11)], ARABIC_ON_AN_ENGLISH_PAGE),
        ("fi", "fi", [NewTexts("Gardens/News/fi", 1, 2)], ENGLISH_FOR_FINNS),
    ],
    ids=["in the page's language", "in another direction", "in English where nobody wrote it"],
)
def test_a_notice_says_what_is_new_and_where(
    notices: Notices, language: str, page_language: str, new: list[NewTexts], text: str
):
    assert notices.post(language, page_language, new).text == text


def test_a_notice_is_known_by_year_and_language_also_under_a_former_code(notices: Notices):
    post = notices.post("de", "de", PAGES)
    assert post.names == ("new-year-2021-2022-de", "new-year-2021-2022-de-old")
    assert not post.follows


def test_the_newest_year_is_one_that_a_page_shows(directory: Path):
    loaded = plan.load(directory)
    assert newest_year(loaded) == YEAR
    (page,) = loaded.pages
    assert [each.name for each in sections_about(loaded, page, YEAR)] == ["priorities-2021-2022"]
    later = directory / "priorities" / "2022-2023.yaml"
    later.write_text((directory / "priorities" / "2021-2022.yaml").read_text().replace(
        "fiscal-year: 2021-2022 ", "fiscal-year: 2022-2023 "
    ))  # fmt: skip
    assert newest_year(plan.load(directory)) == YEAR, "no page shows the later one"


def test_what_is_left_to_do_is_the_sections_own_and_each_text_once(directory: Path):
    (page,) = plan.load(directory).pages
    section = "priorities-2021-2022"
    units = (
        UnitProgress("a", section, "One two.", State.UNTRANSLATED),
        UnitProgress("a", section, "One two.", State.UNTRANSLATED),
        UnitProgress("b", section, "Old.", State.OUTDATED, "Alt."),
        UnitProgress("c", section, "Done.", State.TRANSLATED, "Fertig."),
        UnitProgress("d", "news", "Elsewhere.", State.UNTRANSLATED),
    )
    found = left_to_do(LanguageProgress("de", units), page.sections)
    assert [each.key for each in found] == ["a", "b"]

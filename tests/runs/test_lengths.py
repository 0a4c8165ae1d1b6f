"""No place of a wiki cuts a text that the checks let through: so none has a limit of its own."""

from __future__ import annotations

import time
from urllib.parse import unquote

import pytest

from tests.support.mediawiki import MediaWiki
from tests.support.translatelab import TranslateWiki
from wikiplan.catalogs.checks import MOST_CHARACTERS

LONGEST = "é" * MOST_CHARACTERS
BLOB = 65_535
"""Bytes that a page's title has room for in the databases of wikis."""


@pytest.mark.wiki
def test_a_title_in_the_text_and_a_heading_that_is_linked_to_are_shown_whole(
    mediawiki: MediaWiki, title: str
):
    assert len(LONGEST.encode()) < BLOB
    text = f"{{{{DISPLAYTITLE:{LONGEST}}}}}\n== {LONGEST} ==\n[[#{LONGEST}|there]]"
    with mediawiki.settings("$wgRestrictDisplayTitle = false;"):
        mediawiki.edit(title, text)
        said = mediawiki.api(action="parse", page=title, prop="displaytitle|sections|text")["parse"]
    (section,) = said["sections"]
    assert LONGEST in said["displaytitle"] and section["line"] == LONGEST
    assert f'href="#{section["anchor"]}"' in unquote(said["text"])


@pytest.mark.wiki
@pytest.mark.translate
def test_the_title_of_a_translatable_page_is_shown_whole(translate_wiki: TranslateWiki, title: str):
    translate_wiki.edit(title, "<languages/>\n<translate>\nText.\n</translate>", user="TAdmin")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    translate_wiki.translate(title, "Page display title", "de", LONGEST)
    translate_wiki.run_jobs()
    time.sleep(1)  # what was parsed within the second of a purge outlives it
    translate_wiki.api(action="purge", titles=f"{title}/de")
    said = translate_wiki.api(action="parse", page=f"{title}/de", prop="displaytitle")["parse"]
    assert LONGEST in said["displaytitle"]

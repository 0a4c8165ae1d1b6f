"""What a wiki knows of a page beside its text."""

from __future__ import annotations

import pytest

from tests.support.mediawiki import MediaWiki
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.pagefacts import PageFacts, Protection, page_facts


def test_a_folder_knows_nothing(folder: Folder):
    assert page_facts(folder, "Plan") == PageFacts()


@pytest.mark.wiki
def test_protection_moves_and_redirects_of_a_page_are_told(mediawiki: MediaWiki, site, title: str):
    mediawiki.edit(f"{title} 1", "one")
    mediawiki.move(f"{title} 1", title)
    mediawiki.protect(title)
    found = page_facts(site, title)
    assert found.redirects == (f"{title} 1",)
    assert found.protections == (Protection("edit", "sysop", "infinity"),)
    (move,) = page_facts(site, f"{title} 1").moves
    assert (move.target, move.user) == (title, "Admin")

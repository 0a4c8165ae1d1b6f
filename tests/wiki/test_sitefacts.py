"""What a wiki says of itself, as recorded, and that a folder says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wikiplan.wiki import site_facts


def test_a_folder_has_no_such_facts(folder):
    assert site_facts(folder) is None


@pytest.mark.wiki
def test_a_site_tells_its_clock_the_accounts_groups_and_its_rate(site, mediawiki):
    with mediawiki.settings("$wgRateLimits = [ 'edit' => [ 'user' => [ 8, 60 ] ] ];"):
        facts = site_facts(site)
    assert abs(facts.time - datetime.now(UTC)) < timedelta(minutes=1)
    assert "bot" in facts.groups
    assert (facts.edits.hits, facts.edits.seconds, facts.read_only) == (8, 60, "")

"""An outdated translation goes on reading well: what its English lost stays defined for it."""

from __future__ import annotations

import pytest

from tests.runs.test_marking import (
    SamplePlan,
    forecast,
    lab,
    plan,
    publish,
    read,
    translate_all,
)
from tests.support.running import script
from tests.support.translatelab import TranslateWiki

__all__ = ["lab", "plan"]
pytestmark = [pytest.mark.wiki, pytest.mark.translate]

UNIT = "priorities-2020-2021.community-development.consultation"
FILE = "priorities/2020-2021.yaml"
LOSES_A_LINK = (
    "and put it to use, for\n          example in the "
    "[[$learning|Movement Learning and Leadership Development Project]].\n",
    "and put it to use.\n",
)
KEEP = ("and put it to use.\n", "and put it to use.\n        keep-variables: [learning]\n")
DEAD, ALIVE = "$learning", "Movement Learning and Leadership Development Project</a>"


def test_a_link_that_the_english_loses_stays_alive_in_outdated_translations(
    lab: TranslateWiki, plan: SamplePlan
):
    title = plan.title
    publish(lab, plan)
    translate_all(lab, title)
    assert ALIVE in read(lab, f"{title}/ar")
    plan.change(FILE, LOSES_A_LINK)
    refused = plan.run("plan_update", "-always")
    assert (refused.status, refused.actions) == (1, {title: "refused"}), refused.out
    assert refused.reasons[title] == (
        "translations that turn outdated, or are, would show readers variables that their English "
        f"lost: {UNIT} $learning (ar, de); say `keep-variables: [learning]` beside the text, which "
        "keeps them defined, or -allow:broken"
    )

    plan.change(FILE, KEEP)
    published = publish(lab, plan)
    assert published.actions == {title: "update"}, published.out + published.err
    for language, told in forecast(published).items():
        assert (told["outdated"], told["broken"]) == (1, []), language
        assert lab.states(title, language)[UNIT] == "fuzzy"
        page = read(lab, f"{title}/{language}")
        assert DEAD not in page and ALIVE in page
    assert "<!--" not in read(lab, title).split("put it to use.")[1][:20]

    # Translators come after; then nobody needs it any more, and taking it away costs nothing.
    for language in ("ar", "de"):
        lab.translate(title, UNIT, language, "Neu, ohne Link")
    lab.run_jobs()
    plan.change(FILE, (KEEP[1], KEEP[0]))
    taken_away = publish(lab, plan)
    assert taken_away.actions == {title: "update"}, taken_away.out + taken_away.err
    assert "and put it to use.</translate>" in lab.text(title)
    for language in ("ar", "de"):
        assert "fuzzy" not in lab.states(title, language).values()


def test_status_and_check_find_what_is_broken_and_keeping_mends_it_for_nothing(
    lab: TranslateWiki, plan: SamplePlan
):
    title = plan.title
    publish(lab, plan)
    translate_all(lab, title)
    assert plan.run("plan_translations", "pull", "-take:wiki").status == 0
    plan.change(FILE, LOSES_A_LINK)
    publish(lab, plan, "-allow:broken")
    assert DEAD in read(lab, f"{title}/ar")
    status = plan.run("plan_translations", "status")
    assert status.status == 3, status.out
    assert (
        f"{title} (ar, de): {UNIT} is outdated and shows readers $learning, which its English "
        "lost; say `keep-variables: [learning]` beside the text, or have it translated anew"
    ) in status.out
    checked = script("plan_check", directory=plan.directory).out
    assert "the outdated translation uses $learning, which its English lost" in checked, checked

    plan.change(FILE, KEEP)
    kept = publish(lab, plan)
    assert all(each["outdated"] == 0 for each in forecast(kept).values()), kept.out
    for language in ("ar", "de"):
        assert [id for id, s in lab.states(title, language).items() if s == "fuzzy"] == [UNIT]
        page = read(lab, f"{title}/{language}")
        assert DEAD not in page and ALIVE in page
    status = plan.run("plan_translations", "status")
    assert (status.status, "which its English" in status.out) == (0, False), status.out
    assert "its English lost" not in script("plan_check", directory=plan.directory).out

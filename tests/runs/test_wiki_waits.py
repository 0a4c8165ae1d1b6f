"""What waits in the wiki: priority languages, groups of pages, their states, and reviews."""

from __future__ import annotations

import re

import pytest

from tests.runs.test_marking import SamplePlan, lab, plan, publish, translate_all, units
from tests.support.translatelab import TranslateWiki

__all__ = ["lab", "plan"]
pytestmark = [pytest.mark.wiki, pytest.mark.translate]

FORCED = {"prioritylanguages": "ar|he", "forcepriority": "1"}


def test_a_push_sends_nothing_into_languages_that_the_page_does_not_take(
    lab: TranslateWiki, plan: SamplePlan
):
    title = plan.title
    publish(lab, plan)
    first = next(iter(units(lab, title)))
    lab.translate(title, first, "de", "Was vorher da war")
    lab.mark(title, **FORCED)
    lab.run_jobs()
    done = plan.run(
        "plan_translations", "push", "-always", "-language:de", "-language:he", "-take:catalog"
    )
    assert done.status == 0, done.out + done.err
    told = re.findall(r"(\d+) texts not taken: (.*)", done.out)
    assert [why for _, why in told] == [
        f"{title} takes no new translations but into ar, he (priority languages, forced)"
    ], done.out
    pushed = {code for id, code in lab.unit_languages(title) if code != "en"}
    assert pushed == {"de", "he"}
    assert {id for id, code in lab.unit_languages(title) if code == "de"} == {first}
    assert lab.text(f"Translations:{title}/{first}/de") != "Was vorher da war"


def test_status_shows_priorities_groups_states_and_reviews(lab: TranslateWiki, plan: SamplePlan):
    title = plan.title
    publish(lab, plan)
    translate_all(lab, title)
    lab.mark(title, **FORCED)
    lab.run_jobs()
    first = next(iter(units(lab, title)))
    page = f"Translations:{title}/{first}/ar"
    revision = lab.history(page)[0]["revid"]
    lab.api("TAdmin", action="translationreview", revision=revision, token=True)
    state = {"group": f"page-{title}", "language": "ar", "state": "ready"}
    lab.api("TAdmin", action="groupreview", token=True, **state)
    name = f"Group {title[-10:]}"
    made = {"action": "aggregategroups", "groupname": name, "groupdescription": "of ours"}
    found = lab.api("TAdmin", do="add", token=True, **made)["aggregategroups"]["aggregategroupId"]
    lab.api(
        "TAdmin",
        action="aggregategroups",
        do="associate",
        aggregategroup=found,
        group=f"page-{title}",
        token=True,
    )
    status = plan.run("plan_translations", "status", f"-out:{plan.directory / 'out'}")
    page = (plan.directory / "out" / "index.html").read_text()
    assert f'<option value="{name}">{name}</option>' in page
    assert '<option value="ready">ready</option>' in page
    assert 'id="asked"' in page
    assert f"{title}: translators are asked for ar, he, and for no others" in status.out, status.out
    assert f"{title}: in the group {name}" in status.out
    assert f"{title}: ar is “ready”" in status.out
    (told,) = status.report["progress"]
    assert told["priority"] == {"languages": ["ar", "he"], "forced": True}
    assert told["groups"] == [name]
    languages = {each["lang"]: each for each in told["languages"]}
    assert (languages["ar"]["reviewed"], languages["ar"]["state"]) == (1, "ready")
    assert (languages["de"]["reviewed"], languages["de"]["state"]) == (0, "")
    assert [code for code, each in languages.items() if each["asked"]] == ["ar", "he"]


@pytest.mark.parametrize("command", ["plan_update", "pull", "push", "status"])
def test_a_page_that_is_missing_has_the_same_exit_status_everywhere(
    lab: TranslateWiki, plan: SamplePlan, command: str
):
    plan.change("pages.yaml", ("    missing-page: create\n", ""))
    words = (command,) if command == "plan_update" else ("plan_translations", command)
    done = plan.run(*words, *(() if command == "status" else ("-always",)))
    assert done.status == 1, done.out + done.err
    assert "the page does not exist" in done.out + done.err

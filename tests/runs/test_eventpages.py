"""A page of one event on a real wiki with the Translate extension, as the clock goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs.test_marking import SamplePlan, forecast, lab, spared, translate_all, units
from tests.support.running import Done, script
from tests.support.translatelab import TranslateWiki

__all__ = ["lab"]

pytestmark = [pytest.mark.wiki, pytest.mark.translate]

PAGES = """\
site: lab:lab
source-language: en
languages: [en, ar, de]
pages:
  - title: {title!r}
    kind: translatable
    missing-page: create
    sections: [{{name: event, template: event, data: office-hours, item: 2021-07}}]
"""
MOVED = "start: 2021-07-29T18:00\n    moved-from: [2021-07-15T18:00]"
BEFORE, AFTER = "2021-07-01T00:00Z", "2021-07-16T00:00Z"


@pytest.fixture
def plan(tmp_path: Path, title: str) -> SamplePlan:
    made = SamplePlan(tmp_path, title)
    (tmp_path / "data" / "pages.yaml").write_text(PAGES.format(title=title))
    return made


def update(plan: SamplePlan, now: str, *options: str) -> Done:
    return script("plan_update", "-always", f"-now:{now}", *options, directory=plan.directory)


def marked(lab: TranslateWiki, plan: SamplePlan, done: Done) -> None:
    lab.mark(plan.title, spared=spared(done))
    lab.run_jobs()


def test_an_event_s_page_turns_to_notes_and_no_translation_is_lost(
    lab: TranslateWiki, plan: SamplePlan
):
    title = plan.title
    created = update(plan, BEFORE)
    assert created.actions == {title: "create"}, created.out + created.err
    marked(lab, plan, created)
    translate_all(lab, title)
    invitation = units(lab, title)
    german = lab.text(f"{title}/de")
    assert "[https://zonestamp.toolforge.org/1626364800 Übersetzung your local time]" in german

    held = update(plan, AFTER)
    assert (held.status, held.actions) == (3, {title: "update"}), held.out + held.err
    told = {key: forecast(held)["de"][key] for key in ("kept", "outdated", "new", "ready")}
    assert told == {"kept": 5, "outdated": 0, "new": 1, "ready": 1}
    marked(lab, plan, held)
    notes = units(lab, title)
    assert {
        key: notes[key] for key in notes.keys() & invitation.keys()
    }.items() <= invitation.items()
    follow = "Notes will follow here."
    assert [text for key, text in notes.items() if key not in invitation] == [follow]
    script("plan_translations", "push", "-always", f"-now:{AFTER}", directory=plan.directory)
    lab.run_jobs()
    german = lab.text(f"{title}/de")
    assert "== Übersetzung The annual plans of the departments ==" in german
    assert "zonestamp" not in german
    assert follow not in german

    plan.change("office-hours.yaml", ("start: 2021-07-15T18:00", MOVED))
    back = update(plan, AFTER)
    assert back.actions == {title: "update"}, back.out + back.err
    marked(lab, plan, back)
    german = lab.text(f"{title}/de")
    assert "[https://zonestamp.toolforge.org/1627574400 Übersetzung your local time]" in german
    assert "Übersetzung Ask questions in advance" in german

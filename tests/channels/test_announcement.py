"""Announcements: one text in each form, in the words of the plan and its catalogs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import eventcases
from wikiplan.channels.announcement import Announcement, Announcing, events_of, found_event
from wikiplan.errors import WikiplanError
from wikiplan.l10n import parse_time

NOW = parse_time("2021-07-01T00:00Z")
SERIES = """\
  - key: drop-in
    start: 2021-07-01T16:00Z
    repeats: FREQ=WEEKLY;COUNT=3
  - {key: one, start: 2021-07-05T16:00Z}"""


def address(title: str) -> str:
    return f"https://meta.example/wiki/{title.replace(' ', '_')}"


def shown(said: Announcement, form: str) -> str:
    forms = {
        "wikitext": said.wikitext,
        "text": said.as_text(address),
        "markdown": said.as_markdown(address),
    }
    return forms[form]


@pytest.mark.parametrize("case", eventcases.cases("announcements"), ids=lambda path: path.stem)
def test_case(case: Path, tmp_path: Path):
    (_, events), *_ = eventcases.parts(case)
    renderer = eventcases.renderer_of(eventcases.with_events(tmp_path, events), NOW)

    def found(head: str) -> str:
        key, form, language, instant = head.split()
        now = parse_time(instant)
        return shown(Announcing(renderer.at(now), renderer.plan.site, now).of(key, language), form)

    eventcases.compare(case, found)


def test_an_event_is_found_by_its_key_and_a_date_of_a_series_by_its_own(tmp_path: Path):
    plan = eventcases.renderer_of(eventcases.with_events(tmp_path, SERIES), NOW).plan
    assert [event["key"] for event in events_of(plan)] == ["drop-in", "one"]
    assert found_event(plan, "one").key == "one"
    assert found_event(plan, "drop-in").key == "drop-in-2021-07-01"
    assert found_event(plan, "drop-in-2021-07-15").day == "2021-07-15"
    with pytest.raises(WikiplanError) as told:
        found_event(plan, "drop-ins")
    assert str(told.value) == ("office-hours.yaml has no event “drop-ins”; did you mean “drop-in”?")


def test_a_template_of_one_s_own_begins_with_a_heading(tmp_path: Path):
    data = eventcases.with_events(tmp_path, SERIES)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "announcement.wiki").write_text("{{ item.key }}")
    from wikiplan.plan import plan
    from wikiplan.render.renderer import Renderer

    renderer = Renderer(plan.load(data), {}, tmp_path / "templates", NOW)
    with pytest.raises(WikiplanError, match="write it as a heading, == like this =="):
        Announcing(renderer, renderer.plan.site, NOW).of("one", "en")

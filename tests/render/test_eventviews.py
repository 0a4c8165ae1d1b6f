"""Events as templates see them: each date of a series by itself, like ones together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support import eventcases
from wikiplan.l10n import parse_time
from wikiplan.render import eventviews
from wikiplan.render.context import Tools
from wikiplan.render.eventviews import by_series, dates, occurrence
from wikiplan.render.renderer import PageSection, Renderer
from wikiplan.render.sitelinks import SiteLinks
from wikiplan.render.views import View
from wikiplan.render.wording import Wording, facts_by_language

NOW = parse_time("2021-07-01T00:00Z")
PLAIN = {"key": "one", "start": "2021-07-05T16:00Z"}
SERIES = {
    "key": "drop-in",
    "start": "2021-07-01T16:00Z",
    "repeats": "FREQ=WEEKLY;COUNT=5",
    "occurrences": [{"key": "2021-07-08", "status": "cancelled"}],
}


def view(data: dict[str, Any]) -> View:
    return View("office-hours.events", data, {}, None, f"office-hours.{data['key']}")


def test_a_series_is_seen_date_by_date_and_any_other_event_as_it_is():
    plain = view(PLAIN)
    first, *others = dates([plain, view(SERIES)])
    assert first is plain
    assert [each["key"] for each in others] == [
        f"drop-in-2021-07-{d}" for d in ("01", "08", "15", "22", "29")
    ]
    assert [occurrence(each).own for each in others] == [False, True, False, False, False]


def test_dates_that_say_nothing_of_their_own_are_together():
    found = by_series(dates([view(SERIES), view(PLAIN)]))
    assert [(each.first["key"], [f["key"] for f in each.further]) for each in found] == [
        ("drop-in-2021-07-01", ["drop-in-2021-07-15", "drop-in-2021-07-22", "drop-in-2021-07-29"]),
        ("drop-in-2021-07-08", []),
        ("one", []),
    ]


@pytest.mark.parametrize("case", eventcases.cases("sections"), ids=lambda path: path.stem)
def test_case(case: Path, tmp_path: Path):
    """Each case has events for the sample plan, and what sections say at an instant."""
    (_, events), *wanted = eventcases.parts(case)
    data = eventcases.with_events(tmp_path, events)
    with (data / "pages.yaml").open("a", encoding="utf-8") as file:
        file.writelines(map(entry, sorted({tuple(head.split()[:3]) for head, _ in wanted})))
    renderer = eventcases.renderer_of(data, NOW)
    assert renderer.check(renderer.plan.pages) == ()
    eventcases.compare(case, lambda head: section(renderer, head))


def entry(named: tuple[str, ...]) -> str:
    """Return a page with one section: template, event or “-”, kind."""
    template, key, kind = named
    event = "" if key == "-" else f', item: "{key}"'
    return (
        f"  - title: {template} {key} {kind}\n    kind: {kind}\n    sections:\n"
        f"      - {{name: it, template: {template}, data: office-hours{event}}}\n"
    )


def section(renderer: Renderer, head: str) -> str:
    template, key, kind, language, instant = head.split()
    page = next(p for p in renderer.plan.pages if p.title == f"{template} {key} {kind}")
    wanted = PageSection(page, page.sections[0], language, language)
    return renderer.at(parse_time(instant)).section(wanted).text


def test_an_event_that_there_is_not_is_told(tmp_path: Path):
    data = eventcases.with_events(tmp_path, "  - {key: a, start: 2021-07-01T16:00Z}")
    loaded = eventcases.renderer_of(data, NOW).plan
    words = Wording("en", "en", "english", {}, facts_by_language({}), NOW)
    file = Tools(loaded, words, NOW, SiteLinks(loaded), loaded.site).view("office-hours")
    assert eventviews.event(file, "a")["key"] == "a"
    with pytest.raises(ValueError, match=r"office-hours\.yaml has no event “nothing”"):
        eventviews.event(file, "nothing")


def test_a_page_is_about_a_date_or_its_series_or_all_events(tmp_path: Path):
    data = eventcases.with_events(tmp_path, "  - {key: a, start: 2021-07-01T16:00Z}")
    with (data / "pages.yaml").open("a", encoding="utf-8") as file:
        file.write(entry(("event", "a", "plain")))
    loaded = eventcases.renderer_of(data, NOW).plan
    titles = [eventviews.page_about(loaded, *keys) for keys in (["a"], ["a-1", "a"], ["b"])]
    every = "Community Resilience and Sustainability"
    assert [page and page.title for page in titles] == ["event a plain", "event a plain", every]

"""Events as templates see them: each date of a series by itself, like ones together."""

from __future__ import annotations

import os
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from wikiplan.catalogs import catalog
from wikiplan.l10n import parse_time
from wikiplan.plan import plan
from wikiplan.render import eventviews
from wikiplan.render.eventviews import by_series, dates, occurrence
from wikiplan.render.renderer import PageSection, Renderer
from wikiplan.render.views import View

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parents[1] / "cases" / "events"
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


def at(text: str) -> datetime:
    return parse_time(text)


def renderer_of(directory: Path) -> Renderer:
    loaded = plan.load(directory)
    catalogs = catalog.load_all(directory / "locale", loaded.languages)
    return Renderer(loaded, catalogs, ROOT / "templates", at("2021-07-01T00:00Z"))


def parts(case: Path) -> list[tuple[str, str]]:
    """Return the parts of a case below its ``=`` lines."""
    _, *found = re.split(r"^= ", case.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [(part.partition("\n")[0], part.partition("\n")[2].strip("\n")) for part in found]


@pytest.mark.parametrize("case", sorted(CASES.glob("*.case")), ids=lambda path: path.stem)
def test_case(case: Path, tmp_path: Path):
    """Each case has events for the sample plan, and what sections say at an instant."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (_, events), *wanted = parts(case)
    text = (tmp_path / "data" / "office-hours.yaml").read_text(encoding="utf-8")
    start = text.partition("\nevents:\n")[0]
    (tmp_path / "data" / "office-hours.yaml").write_text(f"{start}\nevents:\n{events}\n")
    pages = tmp_path / "data" / "pages.yaml"
    entries = {tuple(name.split()[:3]) for name, _ in wanted}
    for template, key, kind in sorted(entries):
        event = "" if key == "-" else f', event: "{key}"'
        with pages.open("a", encoding="utf-8") as file:
            file.write(
                f"  - title: {template} {key} {kind}\n    kind: {kind}\n    sections:\n"
                f"      - {{name: it, template: {template}, data: office-hours{event}}}\n"
            )
    renderer = renderer_of(tmp_path / "data")
    assert renderer.check(renderer.plan.pages) == ()
    found = [(name, section(renderer, name)) for name, _ in wanted]
    if found != wanted and "WIKIPLAN_CASES" in os.environ:
        body = "\n\n".join(f"= {name}\n{text}" for name, text in [("events", events), *found])
        case.write_text(f"{body}\n", encoding="utf-8")
    assert found == wanted


def section(renderer: Renderer, name: str) -> str:
    """Return what a part's head asks for: template, event or “-”, kind, language, instant."""
    template, key, kind, language, instant = name.split()
    page = next(p for p in renderer.plan.pages if p.title == f"{template} {key} {kind}")
    wanted = PageSection(page, page.sections[0], language, language)
    return renderer.at(at(instant)).section(wanted).text


def test_a_missing_event_is_told(tmp_path: Path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    loaded = renderer_of(tmp_path / "data")
    file = (
        loaded._rendering(  # the view of a file, as a section's templates see it
            PageSection(loaded.plan.pages[0], loaded.plan.pages[0].sections[0], "en", "en"),
            loaded._source_wording(loaded.plan.pages[0]),
        )
        .names["tools"]
        .view("office-hours")
    )
    with pytest.raises(ValueError, match=r"office-hours\.yaml has no event “nothing”"):
        eventviews.event(file, "nothing")

"""Writes small plans for tests: each section of the page ``Plan`` is one text of its own file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from wikiplan.catalogs import catalog
from wikiplan.changes import comparison
from wikiplan.changes.changeset import ChangeSet, PageChange
from wikiplan.changes.effects import Limits
from wikiplan.changes.inputs import Ingredients
from wikiplan.changes.pagecomparison import Comparison
from wikiplan.plan import plan, targets
from wikiplan.plan.targets import Answers, Choice
from wikiplan.render.renderer import Renderer
from wikiplan.wiki.interface import Wiki
from wikiplan.wiki.translate import NoTranslate, TranslateWiki

NOW = datetime(2021, 7, 1, tzinfo=UTC)
LIMITS = Limits()
RUN = "20210701T000000Z-abc123"
TWO_SECTIONS = """\
Above.

<!-- wikiplan:begin a -->
<!-- wikiplan:end a -->

<!-- wikiplan:begin b -->
<!-- wikiplan:end b -->

Below."""
"""A page of people's with the places of the sections ``a`` and ``b``."""


def write(
    directory: Path,
    texts: Mapping[str, str],
    pages: Mapping[str, str] = {"Plan": ""},
    top: str = "",
) -> Path:
    """Write a plan; ``pages`` are titles with further lines of their entry, ``top`` of the file."""
    data, templates = directory / "data", directory / "templates"
    for folder in (data, templates):
        folder.mkdir(parents=True, exist_ok=True)
    (templates / "line.wiki").write_text("{{ data.body.text }}\n")
    (data / "department.yaml").write_text(DEPARTMENT)
    (data / "links.yaml").write_text(LINKS)
    for name, text in texts.items():
        (data / f"{name}.yaml").write_text(f"body:\n  text: {text!r}\n")
    (data / "pages.yaml").write_text(_pages(texts, pages, top))
    return directory


def _pages(texts: Mapping[str, str], pages: Mapping[str, str], top: str) -> str:
    entries = [
        f"  - title: {title!r}\n"
        + "".join(f"    {line}\n" for line in more.splitlines())
        + "    sections:\n"
        + "".join(f"      - {{name: {name}, template: line, data: {name}}}\n" for name in texts)
        for title, more in pages.items()
    ]
    head = "" if "languages:" in top else "languages: [en]\n"
    return f"site: lab:lab\nsource-language: en\n{head}{top}pages:\n{''.join(entries)}"


DEPARTMENT = """\
name: {text: Department}
parent: office
lead: {name: Ada, title: {text: Head}, link: ada}
overview: {text: Overview.}
mission-heading: {text: Mission}
mission: {text: "[[$lead_link|$lead]], $lead_title, for $parent."}
teams-heading: {text: Teams}
teams: [{key: one, text: One}]
"""
LINKS = """\
office: {page: Office, title: Office}
ada: {page: "User:Ada", title: Ada}
"""


def compare(
    directory: Path,
    wiki: Wiki,
    choice: Choice = Choice(),
    drift: str | Answers = "",
    run: str = RUN,
    *,
    texts: bool = True,
    take_over: tuple[str, ...] = (),
    translate: TranslateWiki | None = None,
    limits: Limits = LIMITS,
) -> ChangeSet:
    """Compute the change set of a small plan, with summaries that name the run.

    Without ``texts`` pages that are in step have none, as in a run.
    """
    loaded = plan.load(directory / "data")
    catalogs = catalog.load_all(directory / "data" / "locale", loaded.languages)
    renderer = Renderer(loaded, catalogs, directory / "templates", NOW)
    account = wiki.account()
    answers = drift if isinstance(drift, Answers) else Answers(drift)
    comparing = Comparison(
        plan=loaded,
        renderer=renderer,
        wiki=wiki,
        account=account,
        choice=choice,
        summarise=partial(summary, run=run),
        translate=translate or NoTranslate(wiki.name),
        limits=limits,
        answers=answers,
        take_over=take_over,
        ingredients=None if texts else Ingredients(renderer, {}),
    )
    retired = targets.retired_targets(loaded, choice)
    chosen = targets.chosen_targets(loaded, choice)
    return comparison.compute(comparing, chosen, run, retired=retired)


def summary(change: PageChange, run: str = RUN) -> str:
    return f"{change.action} [run {run}]"


def translate(directory: Path, language: str, texts: Mapping[str, str]) -> None:
    """Bring a language's catalog in step, and give texts of it translations by their keys."""
    loaded = plan.load(directory / "data")
    path = directory / "data" / "locale" / f"{language}.po"
    path.parent.mkdir(exist_ok=True)
    found = catalog.Catalog.load_or_create(path)
    found.update(loaded.units.values())
    for key, text in texts.items():
        found.set(loaded.units[key], text)
    found.save()

"""Ids follow their texts on a translatable page; the cases are in cases/carrying."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import wikicases, yearcases
from tests.support.running import ROOT
from tests.support.wikicases import Case
from wikiplan import files
from wikiplan.catalogs.exchange import digest
from wikiplan.plan import Plan, plan
from wikiplan.render.renderer import Renderer
from wikiplan.sync.carrying import ids_carried, ids_seen, ids_shown, with_ids_carried
from wikiplan.sync.lastseen import LastSeen, LastSeenFile

NOW = datetime(2021, 7, 1, tzinfo=UTC)
HEAD = "site: lab:lab\nsource-language: en\nlanguages: [en, de, ar]\npages:\n"


def write(case: Case, directory: Path, title: str = "Garden", more: str = "") -> Path:
    """Write the plan of a case; returns its folder of data."""
    data = directory / "data"
    data.mkdir(parents=True)
    shutil.copy(yearcases.CASES / "department.yaml", data)
    (data / "links.yaml").write_text("help: {page: Help, title: Help}\n")
    shutil.copy(ROOT / "data" / "labels.yaml", data)
    for stem, text in case.named("file").items():
        (data / f"{stem}.yaml").parent.mkdir(exist_ok=True)
        (data / f"{stem}.yaml").write_text(f"{text}\n")
    shutil.copytree(ROOT / "templates" / "sections", directory / "templates")
    for name, text in case.named("template").items():
        (directory / "templates" / f"{name}.wiki").write_text(f"{text}\n")
    page = [f"title: {title}", "kind: translatable", *more.splitlines()]
    page += case.blocks["page"].splitlines()
    lines = "\n".join(f"    {line}" for line in page)
    (data / "pages.yaml").write_text(f"{HEAD}  - {lines.strip()}\n")
    return data


def seen(case: Case, directory: Path, place: str) -> list[LastSeenFile]:
    files = []
    for language in ("de", "ar"):
        block = case.blocks.get(f"seen in {language}", case.blocks["seen"])
        file = LastSeenFile.load(directory, language)
        for line in block.splitlines():
            id, _, english = line.partition(": ")
            file.set(f"{place}/{id}", LastSeen("x", "x", digest(english)))
        files.append(file)
    return files


def renderer(read: Plan) -> Renderer:
    return Renderer(read, {}, read.directory.parent / "templates", NOW)


@wikicases.each("carrying/ids.cases")
def test_an_id_stays_with_its_text(case: Case, tmp_path: Path):
    data = write(case, tmp_path)
    read = plan.load(data)
    found = ids_carried(read, renderer(read), ids_seen(seen(case, tmp_path, "Garden")))
    told = [
        f"{each.name}: {each.id}" + (f" (was {each.was})" if each.was else "")
        for each in found.get("Garden", ())
    ]
    assert "\n".join(told) == case.blocks["ids"]
    files.replace_all(with_ids_carried(data, {}, found))
    again = plan.load(data)
    ids = {each.name: each.id for each in found.get("Garden", ())}
    was = {each.was for each in found.get("Garden", ())}
    kept = {name: id for name, id in read.pages[0].ids.items() if name not in was}
    assert again.pages[0].ids == kept | ids
    shown = ids_shown(again, renderer(again))["Garden"]
    assert set(ids.values()) <= set(shown), "the page would have the ids that it had"
    assert ids_carried(again, renderer(again), ids_seen(seen(case, tmp_path, "Garden"))) == {}


TURNED = wikicases.read(wikicases.CASES / "carrying/ids.cases")[3]


@pytest.mark.parametrize(
    ("place", "carried"),
    [("lab:other Garden", True), ("Garden", False), ("lab:other Garden/Roses", False)],
)
def test_a_page_of_another_site_has_ids_of_its_own(place: str, carried: bool, tmp_path: Path):
    read = plan.load(write(TURNED, tmp_path, more="site: lab:other"))
    found = ids_carried(read, renderer(read), ids_seen(seen(TURNED, tmp_path, place)))
    assert bool(found) is carried


def test_a_plain_page_has_no_ids(tmp_path: Path):
    data = write(TURNED, tmp_path)
    path = data / "pages.yaml"
    path.write_text(path.read_text().replace("kind: translatable", "kind: plain"))
    read = plan.load(data)
    assert ids_carried(read, renderer(read), ids_seen(seen(TURNED, tmp_path, "Garden"))) == {}

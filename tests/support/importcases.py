"""Reads the case files of tests/cases/importplan: what they are is told in the README.md there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from wikiplan import files
from wikiplan.adopt import newplan
from wikiplan.adopt.newplan import Settings
from wikiplan.adopt.values import Built, Doubt, PageTexts, SectionTexts, UnitTranslation
from wikiplan.catalogs import poentry
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import State
from wikiplan.plan import kinds, plan

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parents[1] / "cases" / "importplan"
SETTINGS = Settings("lab:lab", "en", ROOT / "templates", datetime(2021, 7, 1, tzinfo=UTC))
TITLE = "Gardens"
_LINE = re.compile(r"(\S+?)( \(outdated\))?(?: by (\S+) in (\d+))?: (.*)")


def all_cases() -> list[Path]:
    return sorted(CASES.glob("*.case"))


def sentence(case: Path) -> str:
    return case.stem


def given(case: Path) -> str:
    """Return the part of a case that is not what comes out."""
    return case.read_text(encoding="utf-8").partition("= kinds\n")[0]


def page_of(text: str) -> PageTexts:
    sections: dict[str, dict[str, str]] = {}
    translations: dict[str, dict[str, UnitTranslation]] = {}
    for head, body in _parts(text):
        name, _, language = head.partition(" ")
        if name == "translations":
            translations[language] = dict(map(_translation, body.splitlines()))
        elif language:
            sections.setdefault(name, {})[language] = body.rstrip("\n")
    made = tuple(SectionTexts(name, texts) for name, texts in sections.items())
    return PageTexts(TITLE, made, "= translatable\n" in text, translations)


def outcome(text: str, folder: Path) -> str:
    """Return what comes out of a case, as its file has it."""
    built = newplan.build([page_of(text)], folder, SETTINGS)
    files.replace_all(built.files)
    parts = [("kinds", [f"{name}: {kind}" for (_, name), kind in built.kinds.items()])]
    if built.files:
        parts += _of_plan(folder)
    told = [each for each in built.doubts if each.section or each.language]
    parts.append(("doubts", [_doubt(each) for each in told]))
    parts.append(("differences", [line for each in _differences(built) for line in each]))
    wanted = [(head, lines) for head, lines in parts if lines or head == "kinds"]
    return "".join("\n".join([f"= {head}", *lines, ""]) for head, lines in wanted)


def _of_plan(folder: Path) -> list[tuple[str, list[str]]]:
    loaded = plan.load(folder)
    stems = dict.fromkeys(s.data for page in loaded.pages for s in page.sections)
    stems |= {"links": None} if loaded.links else {}
    usual = kinds.labels_for(s.template for page in loaded.pages for s in page.sections)
    labels = loaded.files.get("labels", {})
    own = [n for n in labels if n not in usual or labels[n]["text"] != usual[n]["text"]]
    words = [f"{name}: {labels[name]['text']}" for name in own]
    files = [(f"file {stem}", _file(folder / f"{stem}.yaml")) for stem in stems]
    paths = sorted((folder / "locale").glob("*.po"))
    catalogs = [(f"catalog {path.stem}", _catalog(Catalog.load(path), loaded)) for path in paths]
    paths = sorted((folder / "locale" / "synced").glob("*.json"))
    catalogs += [(f"synced {path.stem}", _synced(path)) for path in paths]
    ids = [f"{key}: {id}" for page in loaded.pages for key, id in page.ids.items()]
    return [*files, ("labels", words), *catalogs, ("ids", ids)]


def _file(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _catalog(catalog: Catalog, loaded: plan.Plan) -> list[str]:
    lines = []
    for unit in loaded.units.values():
        found = catalog.get(unit)
        if found.state is not State.UNTRANSLATED:
            sign = "?" if found.state is State.OUTDATED else ""
            lines.append(f"{sign}{unit.key}: {found.text}")
        lines += [f"!{unit.key}: {text}" for text in poentry.conflicts_in(found.note)]
    return lines


def _synced(path: Path) -> list[str]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        f"{place}: {'current' if row.get('current') else 'outdated'}"
        f" by {row['translator']} in {row['revision']}"
        for place, row in rows.items()
        if "revision" in row
    ]


def _doubt(doubt: Doubt) -> str:
    where = " ".join(filter(None, (doubt.section, doubt.language)))
    return f"{where}: {doubt.reason}" + (f" | {doubt.text}" if doubt.text else "")


def _differences(built: Built) -> list[list[str]]:
    return [
        [
            f"{each.section} {each.language}{'' if each.visible else ' (nobody sees it)'}",
            *(f"- {line}" for line in each.before),
            *(f"+ {line}" for line in each.after),
        ]
        for each in built.differences
    ]


def _translation(line: str) -> tuple[str, UnitTranslation]:
    found = _LINE.fullmatch(line)
    assert found, f"a translation is written “ID: TEXT”: {line}"
    id, outdated, translator, revision, text = found.groups()
    return id, UnitTranslation(text, bool(outdated), "", int(revision or 0), translator or "")


def _parts(text: str) -> list[tuple[str, str]]:
    _, *parts = re.split(r"^= (?!=)", text, flags=re.MULTILINE)
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]

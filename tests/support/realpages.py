"""The plan of tests/cases/realpages: ten pages as departments have them, plain or translatable."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.support.importcases import ROOT, SETTINGS
from wikiplan.adopt.values import PageTexts, SectionTexts, UnitTranslation
from wikiplan.catalogs import catalog
from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan import plan
from wikiplan.plan.plan import PageSpec, Plan
from wikiplan.render.renderer import PageSection, RenderedSection, Renderer
from wikiplan.value import replace

CASES = ROOT / "tests" / "cases" / "realpages"
DATA = CASES / "data"
NOW = datetime(2025, 12, 1, tzinfo=UTC)
ON_THIS_DAY = replace(SETTINGS, now=NOW)
PORTRAITS = {
    "Noor Haddad": (90, 130, 160),
    "Mateo Ruiz": (160, 120, 90),
    "Hana Sato": (110, 150, 110),
}
"""Colours of the portraits, by name."""
TEMPLATES = {
    "Box": '<div style="border:1px solid #a2a9b1;padding:.5em 1em">{{{1}}}</div>',
    "Progress bar": '<div style="border:1px solid #a2a9b1;height:.5em">'
    '<div style="background:#36c;height:100%;width:{{{1}}}%"></div></div>',
    "Tab header": "<div>[[{{{page-1}}}|{{{tab-1}}}]] · [[{{{page-2}}}|{{{tab-2}}}]]</div>",
}
"""What the wiki has of its own."""


@cache
def plain() -> Plan:
    return plan.load(DATA)


@cache
def translatable() -> Plan:
    """Return the plan with pages for the Translate extension, which translates titles itself."""
    pages = (
        replace(
            page,
            kind="translatable",
            sections=tuple(each for each in page.sections if each.template != "title"),
        )
        for page in plain().pages
    )
    return replace(plain(), pages=tuple(pages))


@cache
def catalogs() -> Mapping[str, Catalog]:
    return catalog.load_all(DATA / "locale", plain().languages)


def renderer_of(loaded: Plan, now: datetime = NOW) -> Renderer:
    return Renderer(loaded, catalogs(), SETTINGS.templates, now)


def rendered(loaded: Plan, language: str) -> Iterator[tuple[PageSpec, list[RenderedSection]]]:
    renderer = renderer_of(loaded)
    for page in loaded.pages:
        wanted = (PageSection(page, each, language, language) for each in page.sections)
        yield page, [renderer.section(each) for each in wanted]


def found(loaded: Plan) -> list[PageTexts]:
    """Return what people would find on the plan's pages, in all languages."""
    english = list(rendered(loaded, "en"))
    if english[0][0].translatable:
        return [_units_page(page, sections) for page, sections in english]
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for language in loaded.languages:
        for page, sections in rendered(loaded, language):
            for each in sections:
                by_name = texts.setdefault(page.title, {})
                by_name.setdefault(each.name, {})[language] = each.text
    return [
        PageTexts(title, tuple(SectionTexts(name, each) for name, each in sections.items()))
        for title, sections in texts.items()
    ]


def _units_page(page: PageSpec, sections: list[RenderedSection]) -> PageTexts:
    texts = tuple(SectionTexts(each.name, {"en": each.text}) for each in sections)
    translations: dict[str, dict[str, UnitTranslation]] = {code: {} for code in catalogs()}
    for each in sections:
        for unit in each.units:
            signs = unit.text[: len(unit.text) - len(unit.text.lstrip("="))]
            for code, made in catalogs().items():
                text = made.get(plain().units[unit.key]).text
                if text:
                    whole = f"{signs} {text} {signs}".strip()
                    translations[code][unit.id] = UnitTranslation(whole)
    return PageTexts(page.title, texts, True, translations)


def draw_portraits(folder: Path) -> None:
    """Draw the files that the cards show: a colour each."""
    folder.mkdir()
    for name, colour in PORTRAITS.items():
        (folder / f"Example portrait of {name}.png").write_bytes(_png(96, colour))


def _png(size: int, colour: tuple[int, int, int]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    lines = (b"\0" + bytes(colour) * size) * size
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)

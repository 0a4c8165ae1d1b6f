"""What decides the bytes of pages: the plan's files, the clock, and the versions at work.

:class:`Inputs` is of all pages of a run, :class:`MadeOf` of one page: a digest that costs no
rendering. Rendering tells what it looked at (``render.Sources``): files of the plan, texts,
templates, other pages of the plan. As long as all of these, the page's own entry in ``pages.yaml``,
its language and the versions are the same, so are its sections; the clock is asked separately.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import wikiplan
from wikiplan import files
from wikiplan.files import shown
from wikiplan.l10n import cldr_version, languages
from wikiplan.plan import NamedUnit, PageSpec, Target, variables_in
from wikiplan.render import (
    LINKS,
    SECTIONS,
    RenderedSection,
    Renderer,
    Sources,
    packaged_templates,
)
from wikiplan.value import Value, astuple, replace

LIBRARIES = (
    "Babel", "Jinja2", "MarkupSafe", "merge3", "mwparserfromhell", "pydantic",
    "python-dateutil", "ruamel.yaml", "translate-toolkit", "tzdata",
)  # fmt: skip
"""The libraries that a text passes on its way from the plan to the page."""

_PROGRAM_FILES = (".py", ".json", ".wiki")


_UNNAMED = ("glossary.yaml", "labels.yaml", "languages.yaml", "links.yaml")


class Inputs(Value):
    """``plan_sha256`` is of the plan's files, ``now`` the clock that templates were given.

    ``files`` are those that nothing in the plan names, so that nothing misses one that is gone.
    """

    plan_sha256: str
    now: datetime
    versions: Mapping[str, str]
    files: tuple[str, ...] = ()


def unnamed_files(data: Path, templates: Path) -> tuple[str, ...]:
    """Return the catalogs, the files that a plan may have, and templates for the packaged ones."""
    known = {path.name for path in (packaged_templates() / SECTIONS).glob("*.wiki")}
    own = [path for path in files.below(templates) if path.name in known]
    return tuple(
        sorted(
            [
                *(f"data/{name}" for name in _UNNAMED if (data / name).exists()),
                *(f"data/{shown(path, data)}" for path in (data / "locale").glob("*.po")),
                *(f"templates/{shown(path, templates)}" for path in own),
            ]
        )
    )


@cache
def versions() -> Mapping[str, str]:
    """Return name and version of all that makes pages out of a plan, in the order to show."""
    found = {name: version(name) for name in LIBRARIES}
    found["Babel"] += f" (CLDR {cldr_version()})"
    # Which characters are letters or blanks, and how they are composed, is Python's to know.
    unicode = {"Unicode": unicodedata.unidata_version}
    program = {"wikiplan": f"{wikiplan.__version__} (code {_program_digest()})"}
    return MappingProxyType(program | found | unicode)


def version_changes(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return ``Babel 2.18.0 became 2.19.0``; any of several may be the cause of a change."""
    changed = (name for name in {**before, **now} if before.get(name) != now.get(name))
    return " or ".join(
        f"{name} {before.get(name, 'unknown')} became {now.get(name, 'unknown')}"
        for name in changed
    )


def _program_digest() -> str:
    """Return a short digest of the program: in a checkout its version says too little."""
    whole = hashlib.sha256()
    for name, path in sorted(_program_files()):
        whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:8]


def _program_files() -> Iterator[tuple[str, Path]]:
    for folder in (Path(wikiplan.__file__).parent, packaged_templates()):
        for path in folder.rglob("*"):
            if path.suffix in _PROGRAM_FILES:
                yield path.relative_to(folder).as_posix(), path


# What one page is made of.


class MadeOf(Value):
    """What decides the bytes of a page's sections, as one digest.

    ``until`` is when the clock may make them others, ``None`` for never; ``sources`` are what each
    section was rendered from, in the order of ``pages.yaml``.
    """

    digest: str
    until: datetime | None
    sources: tuple[Sources, ...]


class Ingredients:
    """What the pages of a plan are made of. Each digest is made once in a run."""

    @property
    def plan_name(self) -> str:
        return self._plan.name

    def __init__(self, renderer: Renderer, versions: Mapping[str, str]) -> None:
        self._plan = plan = renderer.plan
        self._catalogs = renderer.catalogs
        self._versions = _digest(dict(versions))
        self._language = cache(self._of_language)
        self._unit = cache(self._of_unit)
        facts = (getattr(fact, "without", fact) for fact in plan.facts.values())
        self._names = {fact.unit for fact in facts if isinstance(fact, NamedUnit)}
        self._names |= {key for key, unit in plan.units.items() if unit.is_name}
        self._has_several_sites = len(plan.sites) > 1
        specs = {page.place: page for page in plan.pages}
        self._spec = cache(lambda place: _digest(_plain(specs[place])))
        self._pages = cache(lambda: _digest([plan.interwiki, *map(self._spec, specs)]))
        self._file = cache(lambda stem: _digest(plan.files.get(stem)))
        self._template = cache(lambda name: _digest(renderer.template_text(name)))

    def made_of(
        self, target: Target, content_language: str, rendered: Sequence[RenderedSection]
    ) -> MadeOf:
        """Return what a page is made of whose sections were all rendered."""
        ends = [each.sources.until for each in rendered if each.sources.until]
        sources = tuple(replace(each.sources, until=None) for each in rendered)
        digest = self.digest(target, content_language, sources)
        return MadeOf(digest, min(ends, default=None), sources)

    def digest(self, target: Target, content_language: str, sources: Sequence[Sources]) -> str:
        """Return the digest of all that decides a page's sections, but for the clock."""
        language = target.language
        # The wiki has no words for quarters: a translatable page has those of all its languages.
        others = target.page.languages if target.page.translatable else ()
        parts = [self._versions, *map(self._language, (language, *others))]
        parts.append(self._spec(target.page.place))
        parts += [content_language, self._plan.name]
        for each in sources:
            parts += map(self._file, each.files)
            parts += map(self._template, each.templates)
            parts += [
                self._unit(key, self._shown(key, target.page, language)) for key in each.asked
            ]
            parts += [self._unit(key, target.page.languages) for key in each.counted]
            parts += [self._pages()] if each.pages or self._may_link_elsewhere(each) else []
        return _digest(parts)

    def _may_link_elsewhere(self, sources: Sources) -> bool:
        """Say whether it matters on which site other pages are."""
        return self._has_several_sites and LINKS in sources.files

    def _of_language(self, code: str) -> str:
        plan = self._plan
        shown = (code, *self._chain(code), plan.source_language)
        overrides = {each: plan.language_overrides.get(each) for each in shown}
        return _digest([code, plan.source_language, overrides, plan.year_form])

    def _shown(self, key: str, page: PageSpec, language: str) -> tuple[str, ...]:
        """Return the languages in which a page shows a text, but for the source language.

        A translatable page shows names as all of its languages write them.
        """
        if page.translatable and key in self._names:
            chains = (self._chain(code) for code in page.languages)
            return tuple(dict.fromkeys(code for chain in chains for code in chain))
        return self._chain(language)

    def _of_unit(self, key: str, codes: tuple[str, ...]) -> str:
        """Return the digest of a text in English and in these languages, and of what it names."""
        unit = self._plan.units.get(key)
        if unit is None:
            return ""
        found = [
            (each.text, each.state)
            for code in codes
            if code in self._catalogs and (each := self._catalogs[code].get(unit))
        ]
        texts = (unit.text, *(text for text, _ in found))
        used = dict.fromkeys(name for text in texts for name in variables_in(text))
        return _digest([unit.text, [(name, unit.variables.get(name)) for name in used], found])

    def _chain(self, language: str) -> tuple[str, ...]:
        """Return the languages whose texts may stand on a page, but for the source language."""
        if language == self._plan.source_language:
            return ()
        return (language, *languages.fallback_chain(language))


def _plain(value: Any) -> Any:
    """Return a value of the plan without what does not count in it: places in its file, say."""
    if isinstance(value, Value):
        return [_plain(each) for each in astuple(value)]
    return [*map(_plain, value)] if isinstance(value, tuple) else value


def _digest(value: Any) -> str:
    """Return a short digest of values whose ``repr`` says all that they hold."""
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:32]

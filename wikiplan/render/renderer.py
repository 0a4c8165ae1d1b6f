"""Templates: the plan's data becomes the wikitext of managed sections (the door of Jinja2).

Everything that a template inserts is made inert by ``render.escaping.escape`` unless it is
``render.escaping.Wikitext``. Jinja2 knows only HTML's escaping, so two of its own points of
extension carry ours: ``finalize`` escapes what ``{{ … }}`` puts out, and ``_generate`` makes
compiled templates use our names where they mark (macros, ``{% set %}`` blocks) and join (``~``)
markup. Filters are an allowed list, because some of Jinja2's escape for HTML on their own.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import jinja2
from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    meta,
    nodes,
    pass_context,
    pass_eval_context,
)
from jinja2.filters import FILTERS
from jinja2.loaders import split_template_path
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from wikiplan.errors import Fault, Faults, did_you_mean
from wikiplan.files import UnreadableError, decode, read, shown
from wikiplan.plan import PageSpec, Plan, SectionSpec, facttypes, variables_in
from wikiplan.render import budget, escaping, source
from wikiplan.render.budget import Budget, Overspent
from wikiplan.render.context import SectionWords, Tools, View, missing_key, unit_of, value_or
from wikiplan.render.escaping import Wikitext, escape, joined
from wikiplan.render.places import PlacedSection, PlacingWording
from wikiplan.render.source import SourceWording
from wikiplan.render.wording import Localisers, StandIn, Translations, Wording, wrapped

SUFFIX = ".wiki"
MOST_BYTES = 256 * 1024
"""Of a template; the longest that comes with wikiplan has a hundredth of that."""

SECTIONS = "sections"
"""The folder of section templates; a plan's own may stand beside it as well."""

PAGES = "pages.yaml"
NOTES = f"_notes{SUFFIX}"
"""Renders what a section says at its end about missing and outdated translations."""

# Jinja2's filters that neither escape for HTML nor depend on chance.
_SAFE_FILTERS = (
    "abs", "batch", "capitalize", "count", "d", "default", "first", "float", "groupby", "int",
    "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse",
    "round", "select", "selectattr", "slice", "sort", "string", "sum", "trim", "unique", "upper",
)  # fmt: skip

# What templates see (Renderer._names); "untranslated" and "outdated" only the notes do.
_NAMES = frozenset((
    "data", "department", "labels", "language", "links", "now", "outdated", "page",
    "sections_with", "tools", "untranslated",
))  # fmt: skip

LAST_LINE = "Markup, markup_join, Macro = environment.wikitext_names"
"""Ends the code of a compiled template, and takes the place of what it imported for HTML.

``tests/render/test_renderer.py`` says when another version of Jinja2 has other names.
"""

_MISTAKES = (
    *(TemplateError, ArithmeticError, LookupError, TypeError, ValueError),
    *(MemoryError, RecursionError, SyntaxError),
)
"""What a template may raise that its author can mend."""

_WORDS = {
    MemoryError: "it needs more memory than there is",
    RecursionError: "what it calls, includes or nests goes on without end, or too deep",
    SyntaxError: "its tags stand in one another too deep",
}
"""What is told of mistakes that Python has no words for."""

_W = TypeVar("_W", bound=Wording)

_CHECK_CLOCK = datetime(2021, 7, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PageSection:
    """One section of the plan as it is wanted: in ``language``, for a page of ``page_language``.

    ``inline`` is for markers within a line: the language is marked there, and no note stands at the
    section's end.
    """

    page: PageSpec
    section: SectionSpec
    language: str
    page_language: str
    inline: bool = False


class SourceUnit(NamedTuple):
    """A unit on a translatable page. ``key`` is its key in the plan, for a link's title
    ``plan.units.link_key``; several units of a page may have the same (a label's).
    ``text`` is the raw wikitext with ``<tvar>``, without marker.
    """

    id: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedSection:
    """A section's text without its markers: NFC, LF, no blanks at line ends, no newline around it.

    ``untranslated`` and ``outdated`` are the keys of the units in it that read in another language
    or as an old translation, in the order of the text; ``stand_ins`` are the texts of the first,
    ``asked`` the keys of all. ``units`` are those of a translatable page, in its order.
    """

    name: str
    text: str
    untranslated: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    units: tuple[SourceUnit, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    asked: tuple[str, ...] = ()


class Renderer:
    """Renders the sections of a plan. ``now`` is the only clock that templates know."""

    def __init__(
        self,
        plan: Plan,
        catalogs: Mapping[str, Translations],
        templates: Path,
        now: datetime,
    ) -> None:
        self._plan = plan
        self._catalogs = catalogs
        self._now = now
        self._environment = Environment(plan, templates)
        self._localisers = Localisers(plan.language_overrides)

    def at(self, now: datetime) -> Renderer:
        """Return a renderer of the same plan by another clock."""
        other = copy(self)
        other._now = now
        return other

    def with_catalogs(self, catalogs: Mapping[str, Translations]) -> Renderer:
        """Return a renderer of the same plan and clock with other translations."""
        other = copy(self)
        other._catalogs = catalogs
        return other

    def section(self, wanted: PageSection) -> RenderedSection:
        """Return a section's text. A translatable page has one text for all languages.

        Raises ``errors.Faults`` that name the template and its line.
        """
        if wanted.page.translatable:
            return self._source_section(wanted)
        wording = self._wording(wanted, Wording)
        text = self._plain_text(wanted, wording)
        return RenderedSection(
            wanted.section.name,
            text,
            tuple(key for key in wording.stand_ins if key in wording.asked),
            tuple(wording.outdated) if wording.shows_outdated else (),
            stand_ins=tuple(wording.stand_ins.values()),
            asked=tuple(wording.asked),
        )

    def placed(self, wanted: PageSection) -> PlacedSection:
        """Return a section's text as :meth:`section` does, with where each unit stands in it.

        Costs a second rendering. There are no places on a translatable page, whose units
        :attr:`RenderedSection.units` has, nor where the template makes something of a unit's text
        that nobody can follow.
        """
        text = self.section(wanted).text
        unplaced = PlacedSection(wanted.section.name, text, (), wanted.language)
        if wanted.page.translatable:
            return unplaced
        wording = self._wording(wanted, PlacingWording)
        try:
            signed = self._plain_text(wanted, wording)
        except Faults:  # of the signs alone: without them it was rendered
            return unplaced
        return wording.placed(wanted.section.name, signed, text)

    def _plain_text(self, wanted: PageSection, wording: Wording) -> str:
        section, language = wanted.section, wanted.language
        names = self._names(wanted, wording)
        where = f"section “{section.name}” of “{wanted.page.title}” in {language}"
        body = self._rendered(section.template + SUFFIX, names, where)
        names["untranslated"] = wording.shows_other_languages
        names["outdated"] = wording.shows_outdated
        notes = "" if wording.inline else self._rendered(NOTES, names, where)
        text = escaping.normalised(f"{body}\n\n{notes}")
        if text and language != wanted.page_language:
            text = str(wrapped(Wikitext(text), wording.language, block=not wording.inline))
        return text

    def _source_section(self, wanted: PageSection) -> RenderedSection:
        page, section = wanted.page, wanted.section
        wording = SourceWording(self._plan.source_language)
        where = f"section “{section.name}” of “{page.title}”"
        name = section.template + SUFFIX
        body = self._rendered(name, self._names(wanted, wording), where)
        text = escaping.normalised(body)
        try:
            numbers = source.numbers(text)
            uses = [wording.uses[number] for number in numbers]
            ids = source.ids_of(page, section, [use.key for use in uses])
            text = source.laid_out(text, dict(zip(numbers, ids, strict=True)))
            texts = source.texts_of(text, ids, page.title)
        except ValueError as error:
            raise Faults([self._environment.fault(name, error, where)]) from error
        units = map(SourceUnit, ids, (use.unit.key for use in uses), texts)
        return RenderedSection(section.name, text, units=tuple(units))

    def _wording(self, wanted: PageSection, kind: type[_W]) -> _W:
        return kind(
            wanted.language,
            self._plan.source_language,
            wanted.page.fallback,
            self._catalogs,
            self._localisers,
            inline=wanted.inline,
        )

    def _names(self, wanted: PageSection, words: SectionWords) -> dict[str, Any]:
        """Return the names that templates see."""
        tools = Tools(self._plan, words, self._now)
        return {
            "data": tools.view(wanted.section.data),
            "department": tools.view("department"),
            "labels": tools.view("labels"),
            "links": tools.view("links"),
            "language": words.language,
            "now": self._now,
            "page": wanted.page,
            "sections_with": tools.sections_with,
            "tools": tools,
        }

    def _rendered(self, name: str, names: Mapping[str, Any], where: str) -> str:
        environment = self._environment
        environment.budget.start()
        try:
            if name in environment.overspent:  # it would take as long again
                raise Faults([environment.overspent[name]])
            text = environment.get_template(name).render(names)
            escaping.check(text)
        except _MISTAKES as error:
            fault = environment.fault(name, error, where)
            if isinstance(error, Overspent):
                environment.overspent[name] = fault
            raise Faults([fault]) from error
        return text


def check_templates(plan: Plan, templates: Path) -> tuple[Fault, ...]:
    """Return the faults of the templates that the plan names, found by rendering every section.

    Texts are the source language's: a fault of a translation is the catalogs' to report.
    """
    environment = Environment(plan, templates)
    names = environment.section_names()
    faults = {fault: None for name in names for fault in environment.check(name)}
    broken = {fault.file for fault in faults}
    renderer = Renderer(plan, {}, templates, _CHECK_CLOCK)
    for page in plan.pages:
        found = _page_faults(plan, renderer, page, environment)
        faults |= {fault: None for fault in found if fault.file not in broken}
    return tuple(sorted(faults))


def _page_faults(
    plan: Plan, renderer: Renderer, page: PageSpec, environment: Environment
) -> Iterator[Fault]:
    ids: dict[str, list[str]] = {}
    file, language = shown(plan.directory / PAGES), plan.source_language
    for section in page.sections:
        if wrong := environment.absent(section.template + SUFFIX):
            yield Fault(file, *section.template_at, f"section {section.name}", *wrong)
            continue
        try:
            rendered = renderer.section(PageSection(page, section, language, language))
        except Faults as error:
            yield from error.faults
        else:
            ids[section.name] = [unit.id for unit in rendered.units]
    for message in source.doubled(ids):
        told, _, advice = message.rpartition("; ")
        yield Fault(file, 0, 0, page.title, told, advice)


class Environment(ImmutableSandboxedEnvironment):
    """Jinja2 with wikitext's escaping, the plan's tools as filters, and nothing that is random.

    ``overspent`` has what to tell of each template that went beyond its budget.
    """

    intercepted_binops = budget.OPERATORS

    def __init__(self, plan: Plan, templates: Path) -> None:
        super().__init__(
            autoescape=True,
            finalize=pass_eval_context(lambda _, value: self._put_out(value)),
            loader=_Templates(_section_folders(templates)),
            lstrip_blocks=True,
            optimized=False,  # constants folded at compile time would lose that they are wikitext
            trim_blocks=True,
            undefined=_Missing,
        )
        self.budget = Budget()
        self.overspent: dict[str, Fault] = {}
        self.wikitext_names = (Wikitext, self._joined, _WikitextMacro)
        own = {name: _tool(name) for name in Tools.FILTERS}
        own |= {name: _tool("fact", each) for name, each in facttypes.FILTERS.items()}
        self.filters = {name: FILTERS[name] for name in _SAFE_FILTERS} | own
        self.filters |= {name: _modest(FILTERS[name]) for name in ("batch", "slice")}
        self.filters |= {"wikitext": Wikitext, "safe": Wikitext}
        self.tests["cancelled"] = lambda event: value_or(event, "status", "") == "cancelled"
        self.tests["using"] = lambda block, name: name in variables_in(unit_of(block).text)
        self.globals = {"range": self.globals["range"]}
        self._names = frozenset(self.globals) | _NAMES

    def section_names(self) -> list[str]:
        """Return the names of all section templates, each once."""
        names = (name for name in self.list_templates() if name.endswith(SUFFIX))
        return [name for name in names if not name.startswith(f"{SECTIONS}/")]

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        """Return a template's code: Jinja2 lets this be overridden. See ``LAST_LINE``."""
        imports: list[nodes.Import | nodes.FromImport] = [*source.find_all(nodes.Import)]
        for node in (*imports, *source.find_all(nodes.FromImport)):
            node.with_context = True  # filters need it, and authors need not know
        loops: list[nodes.For | nodes.Macro] = [*source.find_all(nodes.For)]
        for each in [*loops, *source.find_all(nodes.Macro)]:
            each.body.insert(0, _step(each))
        return f"{super()._generate(source, name, filename, defer_init)}\n{LAST_LINE}\n"

    def step(self, characters: int) -> None:
        """Count a round of a loop or a call of a macro; compiled templates call it."""
        self.budget.spend(characters)

    def _put_out(self, value: Any) -> Wikitext:
        text = escape(value)
        self.budget.spend(len(text))
        return text

    def _joined(self, parts: Iterable[Any]) -> str:
        text = joined(parts)
        budget.check_size(len(text))
        return text

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        budget.check_operation(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, called: Any, /, *arguments: Any, **options: Any) -> Any:
        budget.check_call(called, arguments)
        return super().call(context, called, *arguments, **options)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        formatting = super().wrap_str_format(value)
        if formatting:
            budget.check_format(value.__self__)
        return formatting

    def check(self, name: str) -> Iterator[Fault]:
        """Yield the faults of a template that show without rendering it."""
        try:
            assert self.loader
            source, file, _ = self.loader.get_source(self, name)
            tree = self.parse(source, name, file)
            self.compile(tree, name, file)
        except Faults as error:
            yield from error.faults
            return
        except _MISTAKES as error:
            yield self.fault(name, error, "")
            return
        for unknown in sorted(meta.find_undeclared_variables(tree) - self._names):
            yield self._unknown_name(unknown, shown(Path(file or name)), tree)

    def fault(self, name: str, error: Exception, where: str) -> Fault:
        """Return what to tell about an error in a template; ``where`` is what was rendered."""
        file, line = _place(error, name)
        if isinstance(error, TemplateNotFound):
            wrong, advice = self._not_found(str(error.name or name))
            wrong = f"{where}: {wrong}" if where else wrong
            return Fault(shown(Path(file)), line, 0, "", wrong, advice)
        own = (words for kind, words in _WORDS.items() if isinstance(error, kind))
        what = next(own, str(error).removesuffix("."))
        message = f"{where}: {what}" if where else what
        return Fault(shown(Path(file)), line, 0, "", message, "correct the template or its data")

    def absent(self, name: str) -> tuple[str, str] | None:
        """Return what is wrong and what to do where there is no such template."""
        return None if name in self._found else self._not_found(name)

    @cached_property
    def _found(self) -> frozenset[str]:
        return frozenset(self.section_names())

    def _not_found(self, name: str) -> tuple[str, str]:
        known = [name for name in self.section_names() if name[0] != "_"]
        advice = did_you_mean(name, known) or f"write it, or choose one of {', '.join(known)}"
        return f"there is no template “{name}”", advice

    def _unknown_name(self, unknown: str, file: str, tree: nodes.Template) -> Fault:
        lines = (n.lineno for n in tree.find_all(nodes.Name) if n.name == unknown)
        advice = did_you_mean(unknown, self._names) or "set it, or take it from “data”"
        return Fault(file, min(lines, default=0), 0, unknown, "templates have no such name", advice)


class _Templates(FileSystemLoader):
    """Reads templates; what stands in a template's place and is none does not count as absent."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        pieces = split_template_path(template)
        paths = (Path(folder, *pieces) for folder in self.searchpath)
        path = next(filter(os.path.lexists, paths), None)
        if path is None:
            raise TemplateNotFound(template)
        try:
            text = decode(shown(path), read(path, MOST_BYTES))
        except UnreadableError as error:
            raise Faults([error.fault]) from error
        return text, str(path), lambda: True


class _Missing(StrictUndefined):
    """A name or key that does not exist; any use of it is an error that says what is near."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        view, key = self._undefined_obj, self._undefined_name
        if isinstance(view, View) and isinstance(key, str) and not self._undefined_hint:
            return missing_key(view, key)
        return super()._undefined_message


def _step(node: nodes.For | nodes.Macro) -> nodes.ExprStmt:
    """Return what counts a round of the node's body, with the template's own words in it."""
    words = sum(len(each.data) for each in node.find_all(nodes.TemplateData))
    call = nodes.Call(nodes.EnvironmentAttribute("step"), [nodes.Const(words)], [], None, None)
    step = nodes.ExprStmt(call)
    step.set_lineno(node.lineno)
    return step


def _modest(apply: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that makes no more than a text can have."""

    def checked(value: Any, count: int, fill: Any = None) -> Any:
        return apply(value, budget.modest(count), fill)

    return checked


class _WikitextMacro(Macro):
    """A macro whose result is wikitext."""

    def __call__(self, *arguments: Any, **options: Any) -> Wikitext:
        return Wikitext(super().__call__(*arguments, **options))


def _section_folders(templates: Path) -> list[Path]:
    """Return where section templates are looked for: with the plan, then among wikiplan's own."""
    return [templates, templates / SECTIONS, packaged_templates() / SECTIONS]


def packaged_templates() -> Path:
    """Return the folder of the templates that come with wikiplan."""
    try:
        return Path(str(files("wikiplan_templates")))
    except ModuleNotFoundError:  # a checkout that is not installed
        return Path(__file__).parent.parent.parent / "templates"


def _tool(name: str, *first: Any) -> Callable[..., Any]:
    """Return a filter that calls the method of the section's tools, with these arguments first."""

    @pass_context
    def apply(context: Context, *arguments: Any, **options: Any) -> Any:
        return getattr(context["tools"], name)(*first, *arguments, **options)

    return apply


def _place(error: Exception, name: str) -> tuple[str, int]:
    """Return the file and line of the template's code that an error came out of."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename or error.name or name, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [(f.filename, f.lineno or 0) for f in frames if f.filename.endswith(SUFFIX)]
    return lines[-1] if lines else (name, 0)

"""The environment of templates: what they may do, and what they put out made inert.

Everything that a template inserts is made inert by ``render.escaping.escape`` unless it is
``render.escaping.Wikitext``. Jinja2 knows only HTML's escaping, so two of its own points of
extension carry ours: ``code_generator_class`` escapes what ``{{ … }}`` puts out, and ``_generate``
makes compiled templates use our names where they mark (macros, ``{% set %}`` blocks) and join
(``~``) markup. Filters are an allowed list, because some of Jinja2's escape for HTML on their own.

The door of Jinja2.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import jinja2
from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.filters import FILTERS
from jinja2.loaders import split_template_path
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from wikiplan.errors import Fault, Faults, Message, did_you_mean
from wikiplan.files import UnreadableError, decode, read, shown
from wikiplan.plan import facttypes
from wikiplan.render import budget
from wikiplan.render.arrival import PUT_OUT
from wikiplan.render.budget import Budget
from wikiplan.render.context import CLOCK, Tools
from wikiplan.render.escaping import Wikitext, escape, joined
from wikiplan.render.templatefiles import (
    SECTIONS,
    SUFFIX,
    Conditional,
    Repeated,
    Shown,
    TemplatePart,
    UnfollowedError,
    section_folders,
)
from wikiplan.render.views import View, missing_key, value_or, variables_of
from wikiplan.value import Value

MOST_BYTES = 256 * 1024
"""Of a template; the longest that comes with wikiplan has a hundredth of that."""

MOST_COMPILED = 500
"""Templates whose code a process keeps; a plan with all its kinds has some fifty."""

# Jinja2's filters that neither escape for HTML nor depend on chance.
_SAFE_FILTERS = (
    "abs", "batch", "capitalize", "count", "d", "default", "first", "float", "groupby", "int",
    "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse",
    "round", "select", "selectattr", "slice", "sort", "string", "sum", "trim", "unique", "upper",
)  # fmt: skip

# What templates see (``Renderer._rendering``); "untranslated" and "outdated" only the notes do.
_NAMES = frozenset((
    "data", "department", "item", "labels", "language", "links", "moved_away", CLOCK, "outdated",
    "page", "page_versions", "sections_with", "tools", "untranslated",
))  # fmt: skip

LAST_LINE = "Markup, markup_join, Macro, put_out = environment.wikitext_names"
"""Ends the code of a compiled template, and takes the place of what it imported for HTML.

``tests/render/test_environment.py`` says when another version of Jinja2 has other names.
"""

_WORDS = {
    MemoryError: "it needs more memory than there is",
    RecursionError: "what it calls, includes or nests goes on without end, or too deep",
    SyntaxError: "its tags stand in one another too deep",
}
"""What is told of mistakes that Python has no words for."""


class _Compiled(Value):
    """A template's code, and what compiling it showed."""

    code: CodeType
    reads_clock: bool
    unset: frozenset[str]


_COMPILED: dict[tuple[str, str | None, str | None], _Compiled] = {}
"""What came of a text, its name and its file: a process loads plans again and again."""


class _CodeGenerator(CodeGenerator):
    """Makes compiled templates put out nothing but what went through ``_put_out``.

    Notes the names that a template reads and nothing in it sets.
    """

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        asked = (name for how, name in frame.symbols.loads.values() if how == "resolve" and name)
        assert isinstance(self.environment, Environment)
        self.environment.unset[self.name] |= set(asked) - self.environment.globals.keys()

    def _make_finalize(self) -> CodeGenerator._FinalizeInfo:
        return self._FinalizeInfo(None, None)  # nothing is put out at compile time

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        self.write("put_out(")


STEP = "a step"
"""The filter that counts a round of a loop or a call of a macro; no template can write its name."""


class Environment(ImmutableSandboxedEnvironment):
    """Jinja2 with wikitext's escaping, the plan's tools as filters, and nothing that is random.

    ``overspent`` has what to tell of each template that went beyond its budget. ``reading_clock``
    are the templates that have the clock's name, and may do anything with it. ``unset`` has the
    names that a template reads and does not set. ``asked`` collects the names of all that the
    rendering at hand asks for.
    """

    intercepted_binops = budget.OPERATORS
    code_generator_class = _CodeGenerator
    mistakes = (
        *(TemplateError, ArithmeticError, LookupError, TypeError, ValueError),
        *(MemoryError, RecursionError, SyntaxError),
    )
    """What a template may raise that its author can mend."""
    tools: Tools

    def __init__(self, templates: Path) -> None:
        super().__init__(
            autoescape=True,
            auto_reload=False,
            loader=_Templates(section_folders(templates)),
            lstrip_blocks=True,
            optimized=False,  # constants folded at compile time would lose that they are wikitext
            trim_blocks=True,
            undefined=_Missing,
        )
        self.budget = Budget()
        self.overspent: dict[str, Fault] = {}
        self.reading_clock: set[str | None] = set()
        self.unset: defaultdict[str | None, set[str]] = defaultdict(set)
        self.asked: set[str] = set()
        self.wikitext_names = (Wikitext, self._joined, _WikitextMacro, self._put_out)
        own = {name: self._tool(name) for name in Tools.FILTERS}
        own |= {name: self._tool("fact", each) for name, each in facttypes.FILTERS.items()}
        self.filters = {name: FILTERS[name] for name in _SAFE_FILTERS} | own
        self.filters |= {name: _modest(FILTERS[name]) for name in ("batch", "slice")}
        self.filters |= {"wikitext": Wikitext, "safe": Wikitext, STEP: self.budget.spend}
        self.tests["cancelled"] = lambda event: value_or(event, "status", "") == "cancelled"
        self.tests["using"] = lambda block, name: name in variables_of(block)
        self.globals = {"range": self.globals["range"]}
        self._names = frozenset(self.globals) | _NAMES

    def section_names(self) -> list[str]:
        """Return the names of all section templates, each once."""
        names = (name for name in self.list_templates() if name.endswith(SUFFIX))
        return [name for name in names if not name.startswith(f"{SECTIONS}/")]

    def text_of(self, name: str) -> str | None:
        """Return the text of a template, ``None`` where there is none of this name."""
        assert self.loader
        try:
            return self.loader.get_source(self, name)[0]
        except TemplateNotFound:
            return None

    def compile(  # type: ignore[override]
        self, source: str, name: str | None = None, filename: str | None = None
    ) -> CodeType:
        """Return a template's code, as it was made before if this process made it."""
        key = source, name, filename
        if key not in _COMPILED:
            code = super().compile(source, name, filename)
            if len(_COMPILED) >= MOST_COMPILED:
                _COMPILED.clear()
            unset = frozenset(self.unset[name])
            _COMPILED[key] = _Compiled(code, name in self.reading_clock, unset)
        compiled = _COMPILED[key]
        if compiled.reads_clock:
            self.reading_clock.add(name)
        self.unset[name] |= compiled.unset
        return compiled.code

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        """Return a template's code: Jinja2 lets this be overridden. See ``LAST_LINE``."""
        if any(node.name == CLOCK and node.ctx == "load" for node in source.find_all(nodes.Name)):
            self.reading_clock.add(name)
        imports: list[nodes.Import | nodes.FromImport] = [*source.find_all(nodes.Import)]
        for node in (*imports, *source.find_all(nodes.FromImport)):
            node.with_context = True  # for the plan's data, and authors need not know
        loops: list[nodes.For | nodes.Macro] = [*source.find_all(nodes.For)]
        for each in [*loops, *source.find_all(nodes.Macro)]:
            each.body.insert(0, _step(each))
        return f"{super()._generate(source, name, filename, defer_init)}\n{LAST_LINE}\n"

    def join_path(self, template: str, parent: str) -> str:
        """Return the name of a template that another one asks for."""
        self.asked.add(template)
        return super().join_path(template, parent)

    def start(self, tools: Tools, asked: set[str]) -> None:
        """Begin to render a section, with these filters."""
        self.tools, self.asked = tools, asked
        self.budget.start()

    def _tool(self, name: str, *first: Any) -> Callable[..., Any]:
        """Return a filter that calls the method of the section's tools, with these first."""

        def apply(*arguments: Any, **options: Any) -> Any:
            return getattr(self.tools, name)(*first, *arguments, **options)

        return apply

    def _put_out(self, value: Any) -> Wikitext:
        """Return what stands for a value; compiled templates call it."""
        text = value if type(value) is Wikitext else escape(value)
        self.budget.spend(len(text))
        return text

    def _joined(self, parts: Iterable[Any]) -> str:
        text = joined(parts)
        budget.check_size(len(text))
        return text

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        budget.check_operation(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a key's value of what is the plan's; of all else what the sandbox lets through."""
        if isinstance(obj, View) and attribute[0] != "_":
            value = obj._read(attribute)
            return self.undefined(obj=obj, name=attribute) if value is None else value
        return super().getattr(obj, attribute)

    def call(self, context: Context, called: Any, /, *arguments: Any, **options: Any) -> Any:
        if type(called) is _WikitextMacro:
            return called.called(arguments, options)
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
            file = self.get_template(name).filename or name
        except Faults as error:
            yield from error.faults
            return
        except self.mistakes as error:
            yield self.fault(name, error, "")
            return
        for unknown in sorted(self.unset[name] - self._names):
            yield self._unknown_name(unknown, name, shown(Path(file)))

    def fault(self, name: str, error: Exception, where: str) -> Fault:
        """Return what to tell about an error in a template; ``where`` is what was rendered."""
        file, line = _place(error, name)
        if isinstance(error, TemplateNotFound):
            absent = self._not_found(str(error.name or name))
            return Fault(
                shown(Path(file)), line, 0, "", absent.about(f"{where}: " if where else "")
            )
        own = (words for kind, words in _WORDS.items() if isinstance(error, kind))
        what = next(own, str(error).removesuffix("."))
        wrong, advice = f"{where}: {what}" if where else what, "correct the template or its data"
        message = Message("template-failed", wrong, advice)
        return Fault(shown(Path(file)), line, 0, "", message)

    def absent(self, name: str) -> Message | None:
        """Return what is wrong and what to do where there is no such template."""
        return None if name in self._found else self._not_found(name)

    @cached_property
    def _found(self) -> frozenset[str]:
        return frozenset(self.section_names())

    def _not_found(self, name: str) -> Message:
        known = [name for name in self.section_names() if name[0] != "_"]
        advice = did_you_mean(name, known) or f"write it, or choose one of {', '.join(known)}"
        return Message("no-template", f"there is no template “{name}”", advice)

    def _unknown_name(self, unknown: str, name: str, file: str) -> Fault:
        tree = self.parse(self.text_of(name) or "", name)
        lines = (n.lineno for n in tree.find_all(nodes.Name) if n.name == unknown)
        advice = did_you_mean(unknown, self._names) or "set it, or take it from “data”"
        message = Message("unknown-name-in-template", "templates have no such name", advice)
        return Fault(file, min(lines, default=0), 0, unknown, message)


class Tracing(Environment):
    """Notes which line of which template puts out each text first: by the texts' numbers."""

    def __init__(self, templates: Path) -> None:
        self.lines: dict[int, str] = {}
        super().__init__(templates)

    def _put_out(self, value: Any) -> Wikitext:
        text = super()._put_out(value)
        for number in PUT_OUT.findall(text):
            if int(number) not in self.lines:
                self.lines[int(number)] = self._line(sys._getframe(1))
        return text

    def _line(self, frame: FrameType) -> str:
        """Return file and line of the template whose code is running."""
        template = self.get_template(frame.f_globals["name"])
        line = template.get_corresponding_lineno(frame.f_lineno)
        return f"{shown(Path(template.filename or ''))}:{line}"


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
    step = nodes.ExprStmt(nodes.Filter(nodes.Const(words), STEP, [], [], None, None))
    step.set_lineno(node.lineno)
    return step


def _modest(apply: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that makes no more than a text can have."""

    def checked(value: Any, count: int, fill: Any = None) -> Any:
        budget.check_size(count)
        return apply(value, count, fill)

    return checked


class _WikitextMacro(Macro):
    """A macro whose result is wikitext."""

    def called(self, arguments: tuple[Any, ...], options: dict[str, Any]) -> Wikitext:
        """Return what a template's own call gives; loops tell it their variables besides."""
        options.pop("_loop_vars", None)
        options.pop("_block_vars", None)
        if len(arguments) == self._argument_count and not options and self._is_plain:
            return Wikitext(self._func(*arguments))
        return self(*arguments, **options)

    @cached_property
    def _is_plain(self) -> bool:
        """Whether it is called with its own parameters and nothing else."""
        return not (self.caller or self.catch_kwargs or self.catch_varargs)

    def __call__(self, *arguments: Any, **options: Any) -> Wikitext:
        return Wikitext(super().__call__(*arguments, **options))


def _place(error: Exception, name: str) -> tuple[str, int]:
    """Return the file and line of the template's code that an error came out of."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename or error.name or name, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [(f.filename, f.lineno or 0) for f in frames if f.filename.endswith(SUFFIX)]
    return lines[-1] if lines else (name, 0)


# A template as its parts.


READ_BACK = ("date", "number")
"""Filters whose words can be read back."""
AS_IT_IS = ("wikitext", "safe")


def parts_of(environment: Environment, section: str) -> tuple[TemplatePart, ...]:
    """Return the parts of a section's template. Raises :class:`UnfollowedError`.

    What Jinja2 does with blanks and line breaks around its tags is done already.
    """
    name = f"{section}{SUFFIX}"
    try:
        tree = environment.parse(environment.text_of(name) or "", name)
    except TemplateError as error:
        raise UnfollowedError(str(error)) from error
    return tuple(_parts(tree.body))


def _parts(found: Iterable[nodes.Node]) -> Iterator[TemplatePart]:
    for node in found:
        if isinstance(node, nodes.Output):
            yield from map(_shown, node.nodes)
        elif isinstance(node, nodes.For) and not (node.else_ or node.test or node.recursive):
            (item,) = _path(node.target)
            yield Repeated(item, _path(node.iter), tuple(_parts(node.body)))
        elif isinstance(node, nodes.If) and not node.elif_:
            asked = node.test
            _path(asked.node if isinstance(asked, nodes.Test) and _is_plain(asked) else asked)
            yield Conditional(tuple(_parts(node.body)), tuple(_parts(node.else_)))
        else:
            raise _unfollowed(node)


def _is_plain(test: nodes.Test) -> bool:
    return test.name == "defined"


def _shown(node: nodes.Node) -> str | Shown:
    if isinstance(node, nodes.TemplateData):
        return node.data
    if not isinstance(node, nodes.Filter) or node.node is None or node.args or node.kwargs:
        return Shown(_path(node))
    value = node.node.value if isinstance(node.node, nodes.Const) else None
    if node.name in AS_IT_IS and isinstance(value, str):
        return value
    if node.name in READ_BACK:
        return Shown(_path(node.node), node.name)
    raise _unfollowed(node)


def _path(node: nodes.Node) -> tuple[str, ...]:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        return (*_path(node.node), node.attr)
    key = node.arg if isinstance(node, nodes.Getitem) else None
    if isinstance(node, nodes.Getitem) and isinstance(key, nodes.Const) and type(key.value) is str:
        return (*_path(node.node), key.value)
    raise _unfollowed(node)


def _unfollowed(node: nodes.Node) -> UnfollowedError:
    what = node.name if isinstance(node, nodes.Filter | nodes.Test) else type(node).__name__.lower()
    return UnfollowedError(f"what stands in its line {node.lineno} cannot be read back ({what})")

"""Everything that wikiplan tells, by id: read from where the words are made, in the source.

An id is the first argument of what makes a message (:class:`wikiplan.errors.Message`, a refusal, an
error), the key of a table of the wiki's codes (``CodesOfWiki``), or a state in a report. So there
is no list that somebody has to keep: docs/operator/messages.md is written from this, and ``wikiplan
explain`` reads that.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, pairwise, product, zip_longest
from pathlib import Path

from wikiplan.value import Value

ROOT = Path(__file__).parent.parent.parent
LIBRARY = ROOT / "wikiplan"
GAP = "…"
"""Stands for what is known only when the words are said."""
FOUND, NOTHING_DONE = "a check finds it", "a command does nothing"
LEFT_ALONE, ENDS = "a page is left alone", "a run ends"
MAKERS = {
    "Message": FOUND,
    "Invalid": FOUND,
    "WikiplanError": NOTHING_DONE,
    "UnknownLanguageError": NOTHING_DONE,
    "NoEditsError": NOTHING_DONE,
    "Refusal": LEFT_ALONE,
    "SectionError": LEFT_ALONE,
    "Conflict": LEFT_ALONE,
    "Told": LEFT_ALONE,
    "Stop": ENDS,
}
"""What makes messages, and what these mean; functions that pass an id on to one are found."""
OF_THE_WIKI = "the wiki says it"
STATES = {
    "RunOutcome": "a run came to this",
    "Action": "a page came to this",
    "SectionState": "a section is in this state",
    "Stage": "a translatable page is at this stage",
}
"""Kinds of states in reports; the words of a member stand below it."""
MOST_VARIANTS = 4
"""Of the words of one call; of more a gap is left."""
PASSED_ON = "code"
"""The argument, or the attribute, with the id of what somebody else tells."""
_DEPTH = 6
"""How far names in words are followed."""
_KEYWORDS = ("code", "reason")
"""With which a value takes an id and its words."""


class Told(Value, order=True):
    """Something that is told, with gaps; ``place`` is the module and line that says it.

    ``id`` is empty where it cannot be read there. ``literal`` says that it stands there as a text,
    and not as the name of a constant.
    """

    id: str
    kind: str
    wrong: str
    advice: str
    place: str
    literal: bool = False

    @property
    def module(self) -> str:
        return self.place.partition(":")[0]


class _Walked:
    """A module with its calls, each with the innermost function that it is in."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.calls: list[tuple[ast.FunctionDef | None, ast.Call]] = []
        self._walk(self.tree, None)

    def _walk(self, node: ast.AST, function: ast.FunctionDef | None) -> None:
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.Call):
                self.calls.append((function, each))
            if not isinstance(each, ast.Constant | ast.Name | ast.arguments):
                self._walk(each, each if isinstance(each, ast.FunctionDef) else function)


@cache
def every() -> tuple[Told, ...]:
    """Return all that is told, by id, once for each of its words."""
    modules = {
        path.relative_to(LIBRARY).as_posix(): _Walked(path)
        for path in sorted(LIBRARY.rglob("*.py"))
    }
    own = {name: dict(_constants(each.tree)) for name, each in modules.items()}
    shared = {name: value for each in own.values() for name, value in each.items()}
    shared |= own["errors.py"]
    explained = dict(chain.from_iterable(_explained(each.tree) for each in modules.values()))
    makers = _makers(modules)
    found = (
        told
        for name, walked in modules.items()
        for told in _Module(name, {**shared, **own[name]}, explained, makers).told(walked)
    )
    every_one = {(each.id, each.kind, each.wrong, each.advice): each for each in found}
    return tuple(sorted(every_one.values()))


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names in capitals that a module gives to something, and what that is."""
    for node in tree.body:
        for name, value in _assigned(node):
            if name.isupper():
                yield name, value


def _explained(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the names in capitals with the words that stand below them."""
    for node, below in pairwise(tree.body):
        about = below.value if isinstance(below, ast.Expr) else None
        if isinstance(about, ast.Constant) and isinstance(about.value, str):
            yield from ((name, _tidy(about.value)) for name, _ in _assigned(node) if name.isupper())


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a statement gives to something, be it several at once."""
    if isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(node.target, ast.Name):
        if node.value:
            yield node.target.id, node.value
    elif isinstance(node, ast.Assign):
        target = node.targets[0]
        names, values = (
            each.elts if isinstance(each, ast.Tuple) else [each] for each in (target, node.value)
        )
        if len(names) == len(values):
            pairs = zip(names, values, strict=True)
            yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))


Makers = Mapping[tuple[str, str], str]
"""What messages mean, by the module and the name of what makes them; an empty module is any."""


def _makers(modules: Mapping[str, _Walked]) -> Makers:
    """Return what makes messages, with the functions whose ``code`` goes on to one of these."""
    found = {("", name): kind for name, kind in MAKERS.items()}
    passing = [
        (name, walked.tree, function, call)
        for name, walked in modules.items()
        for function, call in walked.calls
        if function and _is_passed_on(call.args[:1]) and _takes_one(function)
    ]
    for _ in range(2):  # one may pass it on to another
        for name, tree, function, call in passing:
            if kind := _kind(found, name, call):
                found.setdefault(("" if function in tree.body else name, function.name), kind)
    return found


def _takes_one(function: ast.FunctionDef) -> bool:
    """Tell whether a function takes an id as its first argument."""
    first = [each.arg for each in function.args.args if each.arg not in ("self", "cls")][:1]
    return first == [PASSED_ON] and function.name[:2] != "__"


def _kind(makers: Makers, module: str, call: ast.Call) -> str:
    name = _name(call.func)
    return makers.get((module, name)) or makers.get(("", name), "")


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _is_passed_on(arguments: Sequence[ast.expr]) -> bool:
    """Tell whether an id comes from elsewhere: an argument ``code``, or what is told already."""
    return any(_name(each) == PASSED_ON for each in arguments)


class _Module:
    """What one module tells."""

    def __init__(
        self,
        name: str,
        constants: Mapping[str, ast.expr],
        explained: Mapping[str, str],
        makers: Makers,
    ) -> None:
        self._name = name
        self._explained = explained
        self._constants = constants
        self._makers = makers

    def told(self, walked: _Walked) -> Iterator[Told]:
        for node in walked.tree.body:
            yield from self._of_table(node)
            yield from self._of_states(node)
        for function, call in walked.calls:
            kind = _kind(self._makers, self._name, call)
            if kind and (call.args or call.keywords):
                yield from self._of_call(kind, call, function)

    def _of_call(self, kind: str, call: ast.Call, function: ast.AST | None) -> Iterator[Told]:
        given = {each.arg: each.value for each in call.keywords}
        if _name(call.func) == "Told":
            parts = [given[name] for name in _KEYWORDS if name in given]
            if len(parts) < len(_KEYWORDS):
                return
        else:
            parts = call.args
        if len(parts) < 2 or _is_passed_on(parts[:1]):
            return
        known = _local(function, call.lineno) if function else {}
        id = self._text(parts[0])
        place = f"{self._name}:{call.lineno}"
        literal = isinstance(parts[0], ast.Constant)
        if explained := self._explained.get(_name(parts[0])):
            yield Told(id, kind, explained, "", place)
        is_class = _name(call.func)[0].isupper()
        words = self._words(parts[1:3] if is_class else parts[-1:], known)
        yield from (Told(id, kind, *each, place, literal) for each in words)

    def _text(self, given: ast.expr) -> str:
        """Return an id: a text, or a constant that is one."""
        if isinstance(given, ast.Constant):
            return str(given.value)
        value = self._constants.get(_name(given))
        return str(value.value) if isinstance(value, ast.Constant) else ""

    def _of_table(self, node: ast.stmt) -> Iterator[Told]:
        """Yield the codes of a table of the wiki's."""
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.value, ast.Dict)
            and ast.unparse(node.annotation).startswith("CodesOfWiki")
        ):
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                parts = value.elts if isinstance(value, ast.Tuple) else [value]
                id = self._text(key) if key else ""
                id = f"{id}{GAP}" if id.endswith("-") else id
                place = f"{self._name}:{value.lineno}"
                yield from (Told(id, OF_THE_WIKI, *each, place) for each in self._words(parts, {}))

    def _of_states(self, node: ast.stmt) -> Iterator[Told]:
        if not isinstance(node, ast.ClassDef) or node.name not in STATES:
            return
        explained = dict(_explained(node))
        for member in node.body:
            for name, value in _assigned(member):
                place = f"{self._name}:{member.lineno}"
                words = explained.get(name, "")
                yield Told(self._text(value), STATES[node.name], words, "", place)

    # Words with gaps

    def _words(self, parts: Sequence[ast.expr], known: _Known) -> list[tuple[str, str]]:
        """Return what may be said: what is wrong, and what to do."""
        said = [[_tidy(each) for each in self._variants(part, known, _DEPTH)] for part in parts]
        if len(said) == 1 or not any(said[1]):
            found = [each.rpartition("; ") for each in said[0]]
            return [(wrong, advice) if wrong else (advice, "") for wrong, _, advice in found]
        return list(zip_longest(*said, fillvalue=""))

    def _variants(self, given: ast.expr | None, known: _Known, depth: int) -> list[str]:
        """Return what an expression may say."""
        match given:
            case ast.Constant(value=value):
                return ["" if value is None else str(value)]
            case ast.JoinedStr(values=values):
                parts = [self._variants(each, known, depth) for each in values]
                return _all(parts)
            case ast.FormattedValue(value=value):
                return self._variants(value, known, depth)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _all([self._variants(each, known, depth) for each in (left, right)])
            case ast.IfExp(body=body, orelse=orelse):
                return [*self._variants(body, known, depth), *self._variants(orelse, known, depth)]
            case ast.BoolOp(op=ast.Or(), values=values):
                return self._variants(values[-1], known, depth)
            case ast.Name(id=name) | ast.Attribute(attr=name) if depth:
                values = known.get(name) if isinstance(given, ast.Name) else None
                values = values or [each for each in [self._constants.get(name)] if each]
                said = (self._variants(each, {**known, name: []}, depth - 1) for each in values)
                return list(dict.fromkeys(filter(None, chain.from_iterable(said)))) or [GAP]
            case ast.Call(func=ast.Name(id="Message"), args=[_, *words]):
                return _all([self._variants(each, known, depth) for each in words], "; ")
        return [GAP]


_Known = Mapping[str, Sequence[ast.expr]]
"""What a name of a function may stand for."""


def _all(parts: Sequence[Sequence[str]], between: str = "") -> list[str]:
    """Return all that several parts may say together, a gap if that is too much."""
    found = [between.join(each) for each in product(*parts)] if len(parts) < 20 else []
    return list(dict.fromkeys(found)) if 0 < len(found) <= MOST_VARIANTS else [
        between.join(each[0] if len(each) == 1 else GAP for each in parts)
    ]  # fmt: skip


def _local(function: ast.AST, line: int) -> _Known:
    """Return what the names of a function may be where a line is reached.

    What is deeper inside of a branch than the line may be, or not; the nearest that is not counts.
    """
    statements = [each for each in ast.walk(function) if isinstance(each, ast.stmt)]
    depth = max(each.col_offset for each in statements if each.lineno <= line <= _end(each))
    found: dict[str, list[ast.expr]] = {}
    sure: set[str] = set()
    for node in sorted(statements, key=lambda each: -each.lineno):
        if node.lineno <= line:
            for name, value in _assigned(node):
                if name not in sure:
                    found.setdefault(name, []).append(value)
                if node.col_offset <= depth and not isinstance(node, ast.AugAssign):
                    sure.add(name)
    return found


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _tidy(words: str) -> str:
    """Return words in one line, with one gap where several come together."""
    return re.sub(rf"{GAP}(?:[ :,;]*{GAP})+", GAP, " ".join(words.split()))

"""The work of ``plan_explain``: showing the lines of docs/operator/messages.md about an id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.report import ExitStatus
from wikiplan.session.command import Run
from wikiplan.value import Value

_IN_CHECKOUT = Path(__file__).parents[2] / "docs" / "operator" / "messages.md"
_ROW = re.compile(r"^\| `([^`]+)` \| (.*) \|$")
_BETWEEN_CELLS = " | "
_LINKED = re.compile(r"(?:^| )→ (.*)$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)]*)\)")
_ESCAPED = re.compile(r"\\(.)")


_WHERE = "it stands in brackets behind a message, and in reports as code or state"


class Explained(Value):
    """What the page says of an id; several may have the same, as pages and sections in reports."""

    id: str
    means: str
    says: tuple[str, ...]
    advice: tuple[str, ...]
    pages: tuple[str, ...]
    """Of the documentation, as seen from the folder of the page about messages."""


def explain(run: Run) -> ExitStatus:
    """Say what an id means and what to do about it."""
    id = " ".join(run.options.words)
    if not id:
        raise WikiplanError("explain-what", "say which id: plan_explain ID, such as drift")
    known = [*every(_page())]
    found = [each for each in known if _is_meant(each.id, id)]
    if not found:
        hint = did_you_mean(id, {each.id for each in known}) or _WHERE
        raise WikiplanError("unknown-id", f"{id}: nothing has this id; {hint}")
    for each in found:
        for line in _lines(each):
            run.terminal.say(line)
    return ExitStatus.DONE


def _page() -> str:
    """Return the page, as the program was installed with it or stands in a checkout."""
    if _IN_CHECKOUT.is_file():
        return _IN_CHECKOUT.read_text(encoding="utf-8")
    return (resources.files("wikiplan_docs") / "messages.md").read_text(encoding="utf-8")


def _is_meant(id: str, asked: str) -> bool:
    """Compare ids; one that ends in “…” stands for all that begin so."""
    return id == asked or (id.endswith("…") and asked.startswith(id[:-1]))


def every(page: str) -> Iterator[Explained]:
    """Yield what the page says, in its order."""
    for line in page.splitlines():
        if row := _ROW.match(line):
            *cells, means = row[2].split(_BETWEEN_CELLS)
            pages = tuple(way for cell in cells for way in _ways(cell))
            said = [_texts(_LINKED.sub("", cell)) for cell in cells]
            yield Explained(row[1], means, said[0], said[1] if len(said) > 1 else (), pages)


def _ways(cell: str) -> list[str]:
    linked = _LINKED.search(cell)
    return _LINK.findall(linked[1]) if linked else []


def _texts(cell: str) -> tuple[str, ...]:
    return tuple(_ESCAPED.sub(r"\1", each) for each in cell.split("<br>") if each)


def _lines(about: Explained) -> Iterator[str]:
    yield f"{about.id}: {about.means}."
    yield from (f"    says: {each}" for each in about.says)
    yield from (f"    to do: {each}" for each in about.advice)
    yield from (f"    more: {_from_docs(each)}" for each in about.pages)


def _from_docs(way: str) -> str:
    return f"docs/{way.removeprefix('../')}" if "/" in way else f"docs/operator/{way}"

"""The plan's files as they stand on disk: documents by stem, and the units in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wikiplan.cache import NOTHING, Cache
from wikiplan.errors import Fault, Message
from wikiplan.files import MEGABYTE, shown
from wikiplan.plan.facttypes import Fact, Link, fact_of
from wikiplan.plan.kinds import LISTING, file_kind, kind_of
from wikiplan.plan.knownfacts import facts_beside, facts_of_plan
from wikiplan.plan.pagelist import PageList, page_list
from wikiplan.plan.units import (
    TextBlock,
    Unit,
    blocks_in,
    compose,
    kept_variables,
    links_of,
    prefix,
)
from wikiplan.yaml import Document, yamlfile

NOT_DATA = ("schema", "locale")
"""Folders of the data directory that hold something else than the plan's own files."""

MOST_BYTES_OF_PAGES = 64 * MEGABYTE
"""Of ``pages.yaml``; how many pages it may have is said in ``plan.filechecks``."""

_STEM = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")


@dataclass(slots=True)
class Source:
    """Every file's document by stem, in the files' order, and the faults met in reading them.

    ``damaged`` are the stems of files whose data cannot be used: what they would have defined is
    unknown, and nobody is blamed for naming it.
    """

    directory: Path
    documents: dict[str, Document] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What all files hold, in one; empty where something could not be read."""
        if self.damaged or self.faults:
            return ""
        lines = (f"{stem}\0{each.digest}\n" for stem, each in sorted(self.documents.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def pages(self) -> PageList | None:
        """The pages one by one, None where ``pages.yaml`` has none."""
        return page_list(self.documents)

    @property
    def data(self) -> Mapping[str, Mapping[str, Any]]:
        return {stem: document.data for stem, document in self.documents.items()}


def read_source(directory: Path, cache: Cache = NOTHING) -> Source:
    """Read every file of the plan, however damaged."""
    source = Source(directory)
    for path in sorted(_files(directory)):
        stem = path.relative_to(directory).with_suffix("").as_posix()
        faults = list(_name_faults(path, stem))
        document = None
        if not faults:
            document, faults = yamlfile.read(path, shown(path), cache, _most_bytes(stem))
        source.faults += faults
        if document is None:
            source.damaged.add(stem)
        else:
            source.documents[stem] = document
    return source


def _most_bytes(stem: str) -> int:
    return MOST_BYTES_OF_PAGES if kind_of(stem) in LISTING else yamlfile.MOST_BYTES


def read_pages(directory: Path) -> dict[str, Any]:
    """Return what ``pages.yaml`` says, and what it includes, checked by nobody.

    Patterns stay as they are written. Nothing where it cannot be read.
    """
    documents: dict[str, Document] = {}
    for path in [directory / "pages.yaml", *sorted(directory.glob("pages/**/*.yaml"))]:
        stem = path.relative_to(directory).with_suffix("").as_posix()
        document, _ = yamlfile.read(path, shown(path), most=_most_bytes(stem))
        documents |= {stem: document} if document else {}
    found = page_list(documents, fill=False)
    return found.data if found else {}


def _files(directory: Path) -> Iterator[Path]:
    for path in directory.rglob("*.y*ml"):
        inside = path.relative_to(directory).parts
        hidden = any(part.startswith(".") for part in inside)
        if inside[0] not in NOT_DATA and not hidden:
            yield path


def _name_faults(path: Path, stem: str) -> Iterator[Fault]:
    if path.suffix != ".yaml":
        advice = f"rename it to {path.stem}.yaml"
        wrong = f"data files end in .yaml, not {path.suffix}"
        yield Fault(shown(path), 0, 0, "", Message("not-yaml", wrong, advice))
    elif not _STEM.fullmatch(stem):
        advice = "rename it with a-z, 0-9 and single hyphens, beginning with a letter"
        message = Message("impossible-file-name", "the file's name is not possible", advice)
        yield Fault(shown(path), 0, 0, "", message)


def units_of(source: Source) -> list[Unit]:
    """Return the units of a plan without faults, marking each text block with its unit's key."""
    links = links_of(source.data.get("links", {}))
    everywhere = {**links, **facts_of_plan(source.data, links)}
    return [
        _unit(stem, document, block, links, everywhere)
        for stem, document in source.documents.items()
        if file_kind(stem).has_units
        for block in blocks_in(document.data)
    ]


def _unit(
    stem: str,
    document: Document,
    block: TextBlock,
    links: Mapping[str, Link],
    everywhere: Mapping[str, Fact],
) -> Unit:
    # A document finds its positions in the order of its data as they were read.
    line, column = document.value_at((*block.path, "text"))
    block.data["unit"] = ".".join((prefix(stem), *(block.segments or ())))
    return Unit(
        key=block.data["unit"],
        text=compose(block.data, links),
        variables=_variables(stem, document, block, links, everywhere),
        note=block.data.get("note", ""),
        file=document.file,
        line=line,
        column=column,
        change=block.data.get("change", ""),
        kept=kept_variables(block),
        is_name=file_kind(stem).is_name(block),
    )


def _variables(
    stem: str,
    document: Document,
    block: TextBlock,
    links: Mapping[str, Link],
    everywhere: Mapping[str, Fact],
) -> Mapping[str, Fact]:
    """Return everything a block's text may use: what every text may, what stands beside it, and
    its own.
    """
    own = {name: fact_of(raw, links) for name, raw in block.data.get("variables", {}).items()}
    more = {**facts_beside(stem, document.data, block), **own}
    return {**everywhere, **more} if more else everywhere

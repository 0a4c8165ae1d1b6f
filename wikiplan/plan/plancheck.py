"""Everything that can be wrong in the plan's files, found in one go.

The checks read the data as they are, also when they are wrong: each one looks only at what has
the type it needs, and leaves the rest to the check whose business it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wikiplan.errors import Fault
from wikiplan.plan.pagecheck import page_faults
from wikiplan.plan.references import reference_faults
from wikiplan.plan.shapes import empty_faults, shape_faults
from wikiplan.plan.source import Source, kind_of
from wikiplan.plan.unitcheck import unit_faults
from wikiplan.plan.units import blocks_in
from wikiplan.plan.yamlfile import Document

REQUIRED = ("department", "pages")
"""The files without which there is no plan."""


def source_faults(source: Source) -> list[Fault]:
    """Return every error and warning, each once, in the order of files and lines."""
    if not source.documents and not source.damaged:
        return [*source.faults, _empty(source.directory)]
    found = [*source.faults, *_missing(source)]
    for stem, document in source.documents.items():
        found += _document_faults(stem, document)
    found += unit_faults(source)
    found += reference_faults(source)
    found += page_faults(source)
    return sorted(set(found))


def _empty(directory: Path) -> Fault:
    file = str(directory)
    if not directory.is_dir():
        advice = "name one that has the plan's files (-data:DIR)"
        return Fault(file, 0, 0, "", "the folder does not exist", advice)
    advice = "add department.yaml and pages.yaml"
    return Fault(file, 0, 0, "", "the plan is empty", advice)


def _missing(source: Source) -> Iterator[Fault]:
    for stem in REQUIRED:
        if stem not in source.documents and stem not in source.damaged:
            file = str(source.directory / f"{stem}.yaml")
            yield Fault(file, 0, 0, "", "the file is missing", "add it")


def _document_faults(stem: str, document: Document) -> Iterator[Fault]:
    yield from empty_faults(document)
    if kind_of(stem) != "own":
        yield from shape_faults(document, kind_of(stem))
    elif not isinstance(document.data, dict):
        yield document.fault((), "the file is not a mapping; write lines of “key: value”")
    else:
        for block in blocks_in(document.data):
            yield from shape_faults(document, "own-block", block.path)

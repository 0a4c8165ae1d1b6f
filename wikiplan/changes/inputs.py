"""What decides the bytes of a page: the plan's files, the clock, and the versions at work."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import wikiplan
from wikiplan.files import shown
from wikiplan.l10n import cldr_version
from wikiplan.records import Record
from wikiplan.render import SECTIONS, packaged_templates

LIBRARIES = (
    "Babel", "Jinja2", "MarkupSafe", "merge3", "mwparserfromhell", "pydantic", "ruamel.yaml",
    "translate-toolkit", "tzdata",
)  # fmt: skip
"""The libraries that a text passes on its way from the plan to the page."""

_PROGRAM_FILES = (".py", ".json", ".wiki")


_UNNAMED = ("glossary.yaml", "labels.yaml", "languages.yaml", "links.yaml")


class Inputs(Record):
    """``plan_sha256`` is of the plan's files, ``now`` the clock that templates were given.

    ``files`` are those that nothing in the plan names, so that nothing misses one that is gone.
    """

    plan_sha256: str
    now: datetime
    versions: dict[str, str]
    files: tuple[str, ...] = ()


def unnamed_files(data: Path, templates: Path) -> tuple[str, ...]:
    """Return the catalogs, the files that a plan may have, and templates for the packaged ones."""
    known = {path.name for path in (packaged_templates() / SECTIONS).glob("*.wiki")}
    own = [path for path in templates.rglob("*.wiki") if path.name in known]
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

"""What was fetched last, beside the plan's files: so nothing is fetched twice, and nothing that
people changed in the plan since then is lost unseen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from wikiplan import files, records
from wikiplan.files import FileChange
from wikiplan.sources.sourcelist import Source
from wikiplan.value import Value, asdict, replace

FETCHED = "sources.json"


class Given(Value):
    """What a source gave: its ``version``, by what ``sources.yaml`` said, and the rows' digest."""

    version: str
    said: str
    rows: str


class Fetched(Value):
    """What the sources of a plan gave last, by the stems of their files."""

    path: Path
    given: Mapping[str, Given]

    @classmethod
    def read(cls, directory: Path) -> Fetched:
        path = directory / FETCHED
        raw = files.read_if_there(path)
        given = records.read(dict[str, Given], raw, files.shown(path)) if raw else {}
        return cls(path, given)

    def version(self, source: Source, rows: str) -> str:
        """Return the version that the plan has, empty where it has another copy than that."""
        known = self.given.get(source.stem)
        is_it = known and known.rows == rows and known.said == _said(source)
        return known.version if known and is_it else ""

    def was_changed(self, source: Source, rows: str) -> bool:
        """Tell whether people changed the copy in the plan since it was fetched."""
        known = self.given.get(source.stem)
        return bool(known and known.said == _said(source) and known.rows != rows)

    def with_given(self, source: Source, version: str, rows: str) -> Fetched:
        """Return the same with what a source gave now."""
        given = {**self.given, source.stem: Given(version, _said(source), rows)}
        return replace(self, given=given)

    @property
    def change(self) -> FileChange:
        """The file as it is to be."""
        data = {stem: asdict(each) for stem, each in sorted(self.given.items())}
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        return FileChange(self.path, files.read_if_there(self.path), text.encode())


def _said(source: Source) -> str:
    return hashlib.sha256(json.dumps(source.said, sort_keys=True).encode()).hexdigest()

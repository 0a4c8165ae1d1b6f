"""Catalogs as a run reads them: each when it is first asked for, and once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from wikiplan.catalogs import plainpo, potext
from wikiplan.catalogs.plainpo import shipped_words
from wikiplan.catalogs.translation import Entry, Translation, untranslated
from wikiplan.errors import Fault, Faults
from wikiplan.plan import Unit


class CatalogView:
    """One language's entries to look things up in; ``catalogs.catalog`` is for changing them."""

    __slots__ = ("_entries", "language", "path")

    def __init__(self, path: Path, entries: Mapping[str, Entry]) -> None:
        self.path = path
        self.language = path.stem
        self._entries = entries

    @classmethod
    def of(cls, path: Path, data: bytes) -> Self:
        """Return what a file's bytes say; raises Faults with all damage, each with its line."""
        found = plainpo.entries(data, path.stem)
        if found is None:
            from wikiplan.catalogs.catalog import Catalog

            found = Catalog(path, data, exists=True).entries()
        return cls(path, found)

    def at(self, path: Path) -> Self:
        """Return the same catalog of another file with these bytes."""
        return type(self)(path, self._entries)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the entries that are not obsolete."""
        return tuple(self._entries)

    def line_of(self, key: str, keyword: str = "msgctxt") -> int:
        """Return the line of an entry's msgctxt or msgstr, 0 without one."""
        entry = self._entries.get(key)
        if entry is None:
            return 0
        return entry.line if keyword == "msgctxt" else entry.text_line

    def get(self, unit: Unit) -> Translation:
        entry = self._entries.get(unit.key)
        if unit.is_shipped and not (entry and entry.text.strip()):
            entry = shipped_words(self.language).get(unit.key)
        return untranslated(unit) if entry is None else entry.translation_of(unit)


KnownCatalogs = dict[str, tuple[str, CatalogView]]
"""By language what was read last, with the digest of its file."""


class Catalogs(Mapping[str, CatalogView]):
    """The catalogs of a folder by language, an empty one where there is no file.

    A language's file is read when it is first asked for, which raises Faults with its damage.
    """

    def __init__(
        self, folder: Path, languages: Iterable[str], known: KnownCatalogs | None = None
    ) -> None:
        """``known`` are catalogs that the same process read before, maybe in another folder."""
        self.folder = folder
        self._known = {} if known is None else known
        self._languages = tuple(languages)
        self._read: dict[str, CatalogView] = {}
        self._digests: dict[str, str] = {}
        self._latest: dict[str, bytes] = {}

    def __getitem__(self, language: str) -> CatalogView:
        if language not in self._languages:
            raise KeyError(language)
        return self.read(language)

    def __contains__(self, language: object) -> bool:
        return language in self._languages

    def __iter__(self) -> Iterator[str]:
        return iter(self._languages)

    def __len__(self) -> int:
        return len(self._languages)

    def files(self, languages: Collection[str] | None = None) -> Iterator[Path]:
        """Yield the files of some languages that are there, or all that the folder has."""
        for path in sorted(self.folder.glob("*.po")):
            if languages is None or path.stem in languages:
                yield path

    def damage(self, languages: Iterable[str]) -> tuple[Fault, ...]:
        """Return why catalogs of these languages cannot be read."""
        return tuple(fault for language in languages for fault in self._damage(language))

    def _damage(self, language: str) -> tuple[Fault, ...]:
        try:
            self.read(language)
        except Faults as error:
            return error.faults
        return ()

    def read(self, language: str) -> CatalogView:
        """Return the catalog of a language, also of one that the plan does not have."""
        if language not in self._read:
            self._read[language] = self._loaded(language)
        return self._read[language]

    def digest(self, language: str) -> str:
        """Return the digest of a language's file, empty without one. Raises Faults.

        Once it was asked for, the catalog that is read is of the same bytes.
        """
        if language not in self._digests:
            data = self._bytes_of(language)
            self._digests[language] = _digest(data)
            self._latest = {language: data}
        return self._digests[language]

    def _loaded(self, language: str) -> CatalogView:
        known = self._latest.pop(language, None)
        data = self._bytes_of(language) if known is None else known
        path, digest = self._path_of(language), _digest(data)
        if self._digests.get(language, "") not in ("", digest):
            raise Faults([Fault(str(path), 0, 0, "", potext.CHANGED)])
        if not os.path.lexists(path):
            return CatalogView(path, {})
        before, view = self._known.get(language, ("", None))
        view = view.at(path) if view and before == digest else CatalogView.of(path, data)
        self._known[language] = digest, view
        return view

    def _bytes_of(self, language: str) -> bytes:
        path = self._path_of(language)
        return potext.bytes_of(path) if os.path.lexists(path) else b""

    def _path_of(self, language: str) -> Path:
        return self.folder / f"{language}.po"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if data else ""

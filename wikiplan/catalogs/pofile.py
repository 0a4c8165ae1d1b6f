"""Catalogs as files for PO editors: the catalog with more comments, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wikiplan.catalogs import entries, poheader
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import Incoming, Outgoing, Parcel, Seal, faults_in
from wikiplan.catalogs.stretches import Entry
from wikiplan.errors import Faults

SEAL = "wikiplan-export: "

_SEAL_LINE = re.compile(rf"^#\. {SEAL}(.*?)\r?$", re.MULTILINE)
_FUZZY = re.compile(r"^#,(?:.*[ ,])?fuzzy\b", re.MULTILINE)


def write(catalog: Catalog, texts: Sequence[Outgoing]) -> bytes:
    """Return the catalog with places and seals in comments; it must be in step with the plan."""
    comments = {text.key: (*text.places, f"{SEAL}{text.seal}") for text in texts}
    return catalog.exported(comments).encode()


def read(file: str, data: bytes) -> Parcel:
    """Return the texts of a PO file; raises Faults with all damage."""
    found = entries.read(file, data).entries
    language = _language(found)
    faults = [*poheader.faults(file, found, language), *entries.key_faults(file, found[1:])]
    if faults:
        raise Faults(faults)
    parcel = Parcel(file, language, tuple(_texts(found[1:])))
    if wrong := [*faults_in(parcel, None)]:
        raise Faults(wrong)
    return parcel


def _language(found: Sequence[Entry]) -> str:
    stated = poheader.fields(found[0]).get("language", "") if found else ""
    return stated.lower().replace("_", "-")


def _texts(found: Sequence[Entry]) -> Iterator[Incoming]:
    for entry in found:
        if entry.obsolete:
            continue
        seal = _SEAL_LINE.search(entry.body)
        yield Incoming(
            key=entry.key,
            english=entry.value("msgid"),
            text=entry.value("msgstr"),
            ready=not _FUZZY.search(entry.body),
            seal=Seal.parse(seal[1]) if seal else None,
            line=entry.lines["msgctxt"],
        )

"""Files that translators send back, whatever their format."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from wikiplan import files
from wikiplan.catalogs import csvfile, poentry, potext, xliff
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import NOT_OURS, Incoming, Outgoing, Parcel, Seal, fault, faults_in
from wikiplan.catalogs.plainpo import is_fuzzy
from wikiplan.catalogs.potext import PoEntry
from wikiplan.errors import Fault, Faults, Message, WikiplanError
from wikiplan.plan import variables_in

# Catalogs as files for PO editors: the catalog with more comments, and what comes back.


SEAL = "wikiplan-export: "

_SEAL_LINE = re.compile(rf"^#\. {SEAL}(.*?)\r?$", re.MULTILINE)


def write_po(catalog: Catalog, texts: Sequence[Outgoing]) -> bytes:
    """Return the catalog with places, seals and flags; it must be in step with the plan.

    Entries of other texts of the plan are left out, and those that left it: some programs delete
    these, and the file would seem to be cut off.
    """
    comments = {text.key: [*_comments(text)] for text in texts}
    others = {*catalog.keys, *catalog.obsolete_keys} - comments.keys()
    return catalog.exported(comments, others).encode()


def write_pot(catalog: Catalog, texts: Sequence[Outgoing]) -> bytes:
    """Return the texts as a template for catalogs of new languages, made of an empty catalog."""
    comments = {
        text.key: [*(f"#. {line}" for line in text.places), *_flags(text)] for text in texts
    }
    catalog.blank_language()
    return catalog.exported(comments, {*catalog.keys} - comments.keys()).encode()


def _comments(text: Outgoing) -> Iterator[str]:
    yield from (f"#. {line}" for line in text.places)
    yield f"#. {SEAL}{text.seal}"
    yield from _flags(text)


def _flags(text: Outgoing) -> Iterator[str]:
    """Yield what Weblate is to know of a text: which names a translation has, and what may be.

    Longer names come first: one may begin another.
    """
    names = sorted(variables_in(text.english), key=len, reverse=True)
    flags = ["ignore-same"] if text.may_be_same else []
    flags += [":".join(["placeholders", *(f'"${name}"' for name in names)])] if names else []
    if flags:
        yield f"#, {', '.join(flags)}"


def read_po(file: str, data: bytes) -> Parcel:
    """Return the texts of a PO file; raises Faults with all damage."""
    found = potext.read(file, data).entries
    header, entries = (found[0] if found else None), found[1:]
    language = _language(header)
    faults = [
        *poentry.header_faults(file, header, len(entries), language, sent_back=True),
        *potext.key_faults(file, [entry for entry in entries if not entry.obsolete]),
    ]
    if faults:
        raise Faults(faults)
    parcel = Parcel(file, language, tuple(_texts(entries)), _of_translators(header))
    if wrong := [*faults_in(parcel, None)]:
        raise Faults(wrong)
    return parcel


def _language(header: PoEntry | None) -> str:
    stated = poentry.header_fields(header).get("language", "") if header else ""
    return stated.lower().replace("_", "-")


def _of_translators(header: PoEntry | None) -> dict[str, str]:
    fields = poentry.header_fields(header) if header else {}
    stated = ((name, fields.get(name.lower(), "")) for name in poentry.OF_TRANSLATORS)
    return {name: value for name, value in stated if value}


def _texts(found: Sequence[PoEntry]) -> Iterator[Incoming]:
    for entry in found:
        if entry.obsolete:
            continue
        seal = _SEAL_LINE.search(entry.body)
        yield Incoming(
            key=entry.key,
            english=entry.value("msgid"),
            text=entry.value("msgstr"),
            ready=not is_fuzzy(entry.body),
            seal=Seal.parse(seal[1]) if seal else None,
            line=entry.lines["msgctxt"],
        )


# Files that translators send back, whatever their format.


READERS = {
    ".po": read_po,
    ".csv": csvfile.read,
    ".xlf": xliff.read,
    ".xliff": xliff.read,
}

NO_LANGUAGE = Message(
    "language-not-named", "its beginning does not name the language that it is in", NOT_OURS
)

MOST_BYTES = 48 * files.MEGABYTE

_HEAD_BYTES = 8192
_LANGUAGE = re.compile(
    r"""(?:^"(?i:Language):\s*|\btarget-language\s*=\s*["']|\bwikiplan (?=[\w-]+ [0-9]))([\w-]+)""",
    re.MULTILINE,
)


def by_language(names: Sequence[str]) -> dict[str, list[Path]]:
    """Return the files, and those of folders, by the language that their beginnings name."""
    found: dict[str, list[Path]] = {}
    for path in _files(names):
        match = _LANGUAGE.search(_head(path))
        language = match[1].lower().replace("_", "-") if match else ""
        found.setdefault(language, []).append(path)
    return found


def read(file: str, data: bytes) -> Parcel:
    """Return the texts of a file by the end of its name; raises Faults with all damage."""
    return READERS[Path(file).suffix.lower()](file, _utf8(data))


def read_all(paths: Sequence[Path], language: str) -> list[Parcel]:
    """Return the files of a language. Raises Faults with the damage of all of them."""
    parcels: list[Parcel] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            parcels.append(read(str(path), _bytes(path)))
        except Faults as error:
            faults += error.faults
    faults += (fault(p.file, NO_LANGUAGE) for p in parcels if p.language != (language or None))
    if faults:
        raise Faults(faults)
    return parcels


def _files(names: Sequence[str]) -> Iterator[Path]:
    if not names:
        raise WikiplanError(
            "import-of-what", "say what to import: plan_translations import FILE…, or a folder"
        )
    for path in map(Path, names):
        if path.is_dir():
            yield from _in_folder(path)
        elif path.suffix.lower() in READERS:
            yield path
        else:
            raise WikiplanError(
                "no-file-to-import",
                f"{path}: not a file to import; it ends in {', '.join(READERS)}",
            )


def _in_folder(folder: Path) -> Sequence[Path]:
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in READERS)
    if not found:
        raise WikiplanError(
            "nothing-to-import-in-folder",
            f"{folder}: has no file that ends in {', '.join(READERS)}",
        )
    return found


def _head(path: Path) -> str:
    with suppress(OSError):
        return _utf8(files.read(path, MOST_BYTES))[:_HEAD_BYTES].decode("utf-8", errors="replace")
    return ""  # reading it says why


def _utf8(data: bytes) -> bytes:
    """Return a file that says that it is UTF-16, as spreadsheet programs save some, as UTF-8."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            return data.decode("utf-16").encode()
    return data


def _bytes(path: Path) -> bytes:
    try:
        return files.read(path, MOST_BYTES)
    except files.MissingError as error:
        advice = "look at its name, and at the folder you are in"
        message = Message("no-such-file", "there is no such file", advice)
        raise Faults([fault(str(path), message)]) from error
    except files.UnreadableError as error:
        raise Faults([error.fault]) from error

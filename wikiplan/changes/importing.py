"""Importing: edits of units become new bytes of the plan's files and catalogs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from wikiplan.catalogs import State, Translation, findings
from wikiplan.errors import Fault
from wikiplan.files import FileChange
from wikiplan.plan import Plan, UnwritableError, read_source, set_texts
from wikiplan.render import UnitEdit
from wikiplan.value import Value, field
from wikiplan.yaml import parsed

if TYPE_CHECKING:  # who imports has loaded it
    from wikiplan.catalogs.catalog import Catalog

CHANGED = "the plan or the catalog has another text by now"
MISSING = "its catalog has no entry for the text yet (plan_translations update makes one)"
TWICE = "another edit gives the same text other words"


class Imported(Value):
    """What edits come to. ``files`` are the YAML files and catalogs with their new bytes, to be
    written with ``catalogs.catalog.write``; ``catalogs`` are the changed ones by language.

    ``left`` are the edits that are not in them, each with its reason, a clause without a full stop.
    """

    files: tuple[FileChange, ...] = ()
    catalogs: Mapping[str, Catalog] = field(default_factory=dict)
    taken: tuple[UnitEdit, ...] = ()
    left: tuple[tuple[UnitEdit, str], ...] = ()


def plan_changes(
    plan: Plan, catalogs: Mapping[str, Catalog], edits: Sequence[UnitEdit]
) -> Imported:
    """Return what importing the edits would write. Nothing is written, nothing given is changed.

    The edits may come from several sections and pages; the same one counts once. ``catalogs`` are
    those that the texts were rendered from.
    """
    left = dict(_doubtful(edits))
    wanted = [edit for edit in dict.fromkeys(edits) if edit not in left]
    english = [edit for edit in wanted if edit.language == plan.source_language]
    files, refused = _plan_files(plan, english)
    left |= refused
    changed: dict[str, Catalog] = {}
    for edit in wanted:
        if edit.language != plan.source_language:
            reason = _put_into(changed, catalogs, plan, edit)
            left |= {edit: reason} if reason else {}
    prepared = {code: catalog.prepared() for code, catalog in changed.items()}
    return Imported(
        (*files, *(each for each in prepared.values() if each)),
        {code: catalog for code, catalog in changed.items() if prepared[code]},
        tuple(edit for edit in wanted if edit not in left),
        tuple(left.items()),
    )


def _doubtful(edits: Iterable[UnitEdit]) -> Iterable[tuple[UnitEdit, str]]:
    """Yield the edits that give a text of one language different words."""
    words: dict[tuple[str, str], set[str]] = {}
    for edit in edits:
        words.setdefault((edit.key, edit.language), set()).add(edit.after)
    return ((edit, TWICE) for edit in edits if len(words[edit.key, edit.language]) > 1)


# --- English: the plan's files ---


def _plan_files(
    plan: Plan, edits: Sequence[UnitEdit]
) -> tuple[tuple[FileChange, ...], dict[UnitEdit, str]]:
    """Return the files with the edits, all if they are right together, else one by one."""
    files, reason = _tried(plan, edits)
    if not reason:
        return files, {}
    left: dict[UnitEdit, str] = {}
    taken: list[UnitEdit] = []
    files = ()
    for edit in edits:
        tried, reason = _tried(plan, [*taken, edit])
        if reason:
            left[edit] = reason
        else:
            files, taken = tried, [*taken, edit]
    return files, left


def _tried(plan: Plan, edits: Sequence[UnitEdit]) -> tuple[tuple[FileChange, ...], str]:
    """Return the files with the edits, and what is wrong with that, empty if nothing is."""
    if any(_english(plan, edit) != edit.before for edit in edits):
        return (), CHANGED
    try:
        files = set_texts(plan, {edit.key: edit.after for edit in edits})
    except UnwritableError as error:
        return (), str(error)
    fault = _fault_of(plan, files) if files else None
    return files, str(fault.message) if fault else ""


def _english(plan: Plan, edit: UnitEdit) -> str:
    unit = plan.units.get(edit.key)
    return unit.text if unit else ""


def _fault_of(plan: Plan, files: Iterable[FileChange]) -> Fault | None:
    """Return the first error that the plan would have with these files."""
    from wikiplan.plan.checks import source_faults

    source = read_source(plan.directory)
    for each in files:
        stem = each.path.relative_to(plan.directory).with_suffix("").as_posix()
        text = each.after.decode().removeprefix("\ufeff")
        document, faults = parsed(text, str(each.path), [])
        source.faults += faults
        if document is not None:
            source.documents[stem] = document
    errors = [fault for fault in source_faults(source) if not fault.warning]
    return errors[0] if errors else None


# --- translations: the catalogs ---


def _put_into(
    changed: dict[str, Catalog], catalogs: Mapping[str, Catalog], plan: Plan, edit: UnitEdit
) -> str:
    """Put an edit into its language's catalog; return why it cannot be, empty if it was."""
    unit, given = plan.units.get(edit.key), catalogs.get(edit.language)
    before = given.get(unit) if unit and given else None
    if not unit or not given or not before or not _is_present(before, edit):
        return CHANGED
    outdated = before.state is State.OUTDATED and bool(edit.before)
    known = findings(unit, edit.before, edit.language, plan.glossary, outdated=outdated)
    for found in findings(unit, edit.after, edit.language, plan.glossary, outdated=outdated):
        if not found.warning and found not in known:
            return str(found.message)
    if edit.language not in changed:
        changed[edit.language] = given.again()
    if edit.key not in changed[edit.language].keys:
        return MISSING
    changed[edit.language].set(unit, edit.after)
    if outdated:
        changed[edit.language].outdate(unit, _made_for(before))
    return ""


def _is_present(before: Translation, edit: UnitEdit) -> bool:
    """Tell whether an edit is of the text that the catalog has, or of none that could be shown."""
    return before.text == edit.before or (not edit.before and before.state is State.OUTDATED)


def _made_for(translation: Translation) -> str:
    """Return the English that an outdated text was made for; a correction does not bring it up."""
    return translation.previous_english or translation.english

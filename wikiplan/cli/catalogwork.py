"""What ``plan_translations`` does with the catalogs offline: update, export, import.

Each language's catalog is read, worked on and let go; files are written at the end, all or none.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from wikiplan.catalogs import Catalogs, catalog, formats, moving, reuse, sametexts
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import Parcel, fault
from wikiplan.catalogs.reuse import ImportedText, ImportOutcome
from wikiplan.errors import Fault, Faults, Message, WikiplanError, did_you_mean
from wikiplan.files import FileChange, read_if_there
from wikiplan.l10n import isolated
from wikiplan.plan import Plan, plan
from wikiplan.render import Renderer
from wikiplan.session import session, translatorfiles
from wikiplan.session.command import Run
from wikiplan.session.options import Format
from wikiplan.session.translatorfiles import ENDINGS, Outgoing
from wikiplan.sync import (
    CarriedId,
    LastSeenFile,
    ids_carried,
    ids_seen,
    ids_to_declare,
    seen_changes,
    with_ids_carried,
)

# Doing the same for many languages, on all processors where the system can fork.


Result = TypeVar("Result")

FEWEST_FOR_WORKERS = 8
"""For fewer, starting processes takes longer than it saves."""
MOST_WORKERS = 4

_jobs: list[Callable[[str], Any]] = []
"""What workers do, last in. They are forks, so it need not be something that can be sent."""


def each_language(words: Sequence[str], do: Callable[[str], Result]) -> list[Result]:
    """Return what ``do`` returns for each word, in their order; that must be picklable."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    _jobs.append(do)
    gc.freeze()  # what is here already is no garbage: collections need not look at it
    try:
        if len(words) < FEWEST_FOR_WORKERS or workers < 2 or not _can_fork():
            return [_do(word) for word in words]
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            return pool.map(_do, words, chunksize=1)
    finally:
        gc.unfreeze()
        _jobs.pop()


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


def _do(word: str) -> Any:
    with _collecting_seldom():
        return _jobs[-1](word)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for garbage at the end only: a catalog is many small objects that all stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


# What ``plan_translations`` does with the catalogs offline: update, export, import.


MOVED = "moved"
"""Entries that got the keys that their units have now."""
COPIED = "copied"
"""Entries that got the translation of another one with the same English."""
DOUBTED = "doubted"
"""Those for which such a translation is a suggestion, each with the reason."""

TEMPLATE = "wikiplan"
"""The name of the file of which catalogs of new languages are made."""


class CatalogWork(Run):
    """One offline run: the plan, and the languages that were chosen."""

    plan: Plan
    languages: tuple[str, ...]

    @property
    def locale(self) -> Path:
        return self.options.data / "locale"

    def catalog(self, language: str) -> Catalog:
        return moving.opened(self.locale, language, self.plan.moves)


@dataclass
class Done:
    """What became of one language: a new file, counts by name, and lines for people."""

    language: str
    file: FileChange | None
    counts: Mapping[str, int]
    told: Sequence[str] = ()
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)


def opened(run: Run) -> CatalogWork:
    """Load the plan and choose the languages. Raises :class:`WikiplanError` on a wrong choice."""
    options = run.options
    loaded = plan.load(options.data)
    every = [code for code in loaded.languages if code != loaded.source_language]
    for language in options.language:
        if language not in every:
            hint = did_you_mean(language, every) or f"pages.yaml has {', '.join(every)}"
            raise WikiplanError(
                "no-such-language", f"-language:{language}: the plan has no such language; {hint}"
            )
    chosen = options.language or every
    languages = tuple(code for code in every if code in chosen)
    return CatalogWork(options, run.open_terminal, run.report, loaded, languages)


def update(work: CatalogWork) -> None:
    """Bring the catalogs in step with the plan, and make those that are missing.

    Texts that the plan has under other keys keep their translations, and their ids.
    """
    catalogs = Catalogs(work.locale, work.plan.languages)
    renderer = Renderer(work.plan, catalogs, work.options.templates, work.options.now)
    seen = [LastSeenFile.load(work.locale, language) for language in work.plan.languages]
    carried = ids_carried(work.plan, renderer, ids_seen(seen))
    sources = {each.key: each.old for ids in carried.values() for each in ids}
    done = _each(work.languages, lambda language: _updated(work, language, sources))
    old = {key for each in done for key in each.keys.get(MOVED, ())}
    _finish(work, done, [*_followed(work), *_with_ids(work, renderer, old, carried)])
    _tell_doubts(work, done)


def _followed(work: CatalogWork) -> Iterator[FileChange]:
    """Yield what the plan's moves do to other files besides: to what was last seen."""
    if work.plan.moves.entries:
        yield from moving.spent_files(work.locale, "po", work.plan.moves)
        yield from seen_changes(work.locale, work.plan, work.plan.moves)


def _with_ids(
    work: CatalogWork,
    renderer: Renderer,
    old: Collection[str],
    carried: Mapping[str, Sequence[CarriedId]],
) -> Iterator[FileChange]:
    """Yield ``pages.yaml`` with the ids of units that have other keys than on the wiki.

    ``old`` are the keys under which catalogs had texts until now, ``carried`` are by page.
    """

    def existed(key: str) -> bool:
        return key in old or any(key.startswith(f"{each}.") for each in old)

    moves = work.plan.moves
    declared = ids_to_declare(work.plan, renderer, moves, existed) if moves.entries else {}
    for title, ids in declared.items():
        told = f"{len(ids)} {'id' if len(ids) == 1 else 'ids'} declared, as the wiki has them"
        work.terminal.say(f"{title}: {told}")
    for title, found in carried.items():
        units = "1 unit keeps its id" if len(found) == 1 else f"{len(found)} units keep their ids"
        work.terminal.say(f"{title}: {units}, with texts that the plan has under other keys now")
    yield from with_ids_carried(work.options.data, declared, carried)


def _updated(work: CatalogWork, language: str, sources: Mapping[str, str]) -> Done:
    found = work.catalog(language)
    moved = moving.moved_keys(found, work.plan.units.keys(), work.plan.moves)
    found.move(moved)
    known = {*found.keys, *found.obsolete_keys}
    units = work.plan.units.values()
    counts = found.update(units)
    new = [unit for unit in units if unit.key not in known]
    same = sametexts.take_over(found, units, {unit.key for unit in new}, sources)
    rest = [unit for unit in new if unit.key not in (*same.copied, *same.doubted)]
    counts["suggested"] = len(same.doubted) + reuse.suggest(found, rest)
    counts[MOVED], counts[COPIED] = len(moved), len(same.copied)
    found.complete_header()
    doubts = [f"{key}: {why}" for key, why in same.doubted.items()]
    keys = {MOVED: list(moved), COPIED: list(same.copied), DOUBTED: doubts}
    return Done(language, found.prepared(), counts, keys=keys)


def _tell_doubts(work: CatalogWork, done: Sequence[Done]) -> None:
    """Say which texts have the English of others, and why they got no more than a suggestion."""
    languages: dict[str, list[str]] = {}
    for each in done:
        for doubted in each.keys[DOUBTED]:
            languages.setdefault(doubted, []).append(each.language)
    for doubted, codes in languages.items():
        key, _, why = doubted.partition(": ")
        work.terminal.say(f"{key}: a suggestion in {', '.join(codes)}, {why}.")
    copied = {key for each in done for key in each.keys[COPIED]}
    if copied:
        work.terminal.say(sametexts.sentence([work.plan.units[key] for key in copied]))


def export(work: CatalogWork) -> None:
    """Write a file for translators for each language."""
    kind, directory = work.options.format, _directory(work)
    catalogs = Catalogs(work.locale, work.plan.languages)
    renderer = Renderer(work.plan, catalogs, work.options.templates, work.options.now)
    scripts = {} if work.options.wiki else {s: session.script_of(s) for s in work.plan.sites}
    texts = Outgoing(work.plan, renderer, work.locale, scripts)
    nowhere = texts.nowhere  # known before there are workers, which would each find it out

    def exported(language: str) -> Done:
        name = TEMPLATE if kind is Format.POT else language
        path = directory / f"{name}.{ENDINGS[kind]}"
        data, counts = texts.file(language, kind)
        return Done(language, _new_file(path, data), counts)

    languages = (work.plan.source_language,) if kind is Format.POT else work.languages
    _finish(work, _each(languages, exported))
    if nowhere:
        told = "1 text is" if len(nowhere) == 1 else f"{len(nowhere)} texts are"
        work.terminal.say(f"{told} shown nowhere and left out: {', '.join(sorted(nowhere))}.")


def _directory(work: CatalogWork) -> Path:
    directory = work.options.out
    if not directory:
        raise WikiplanError("export-where", "say where to write: -out:DIR")
    if directory.exists() and not directory.is_dir():
        raise WikiplanError("export-into-file", f"-out:{directory}: is a file; name a folder")
    if directory.resolve() == work.locale.resolve():
        raise WikiplanError(
            "export-into-catalogs", f"-out:{directory}: the catalogs are there; name another folder"
        )
    return directory


def _new_file(path: Path, data: bytes) -> FileChange | None:
    """Return a file to write. Raises Faults where another one stands: it may be translated."""
    standing = read_if_there(path)
    if standing is None:
        return FileChange(path, None, data)
    if standing != data:
        advice = "import it or move it away, or choose another folder"
        wrong = "the file exists and holds something else"
        raise Faults([fault(str(path), Message("export-over-other-file", wrong, advice))])
    return None


def bring_in(work: CatalogWork) -> None:
    """Merge files that translators sent back."""
    files = formats.by_language(work.options.words[1:])
    if work.options.language:
        files = {code: paths for code, paths in files.items() if code in work.languages}
    _finish(work, _each(list(files), lambda language: _merged(work, language, files[language])))


def _merged(work: CatalogWork, language: str, paths: Sequence[Path]) -> Done:
    parcels = formats.read_all(paths, language)
    found = translatorfiles.merged(work.plan, work.locale, language, parcels)
    counts = Counter(str(each.outcome) for _, each in found.texts)
    told = [line for parcel, each in found.texts for line in _told(parcel, each)]
    keys: dict[str, list[str]] = {}
    for _, each in found.texts:
        keys.setdefault(each.outcome, []).append(each.text.key)
    return Done(language, found.file, counts, told, keys)


def _told(parcel: Parcel, merged: ImportedText) -> Iterator[str]:
    """Yield what a person should know about a text that came back."""
    where = f"{parcel.file}:{merged.text.line}: {merged.text.key}"
    if merged.outcome is ImportOutcome.CONFLICT:
        yield (
            f"{where}: in conflict: it was translated here and there; the catalog keeps its own, "
            f"and in a comment this one: {isolated(merged.text.text)}"
        )
    elif merged.outcome is ImportOutcome.UNKNOWN:
        yield f"{where}: the plan has no such text; left out"
    elif merged.outcome is ImportOutcome.EMPTY:
        yield f"{where}: came back empty; the catalog keeps its own"
    yield from (f"{where}: {finding}" for finding in merged.findings)


def _each(languages: Sequence[str], do: Callable[[str], Done]) -> list[Done]:
    """Do something for each language; raises Faults with those of all of them."""

    def done_or_faults(language: str) -> Done | tuple[Fault, ...]:
        try:
            return do(language)
        except Faults as error:
            return error.faults

    results = each_language(languages, done_or_faults)
    faults = [fault for each in results if isinstance(each, tuple) for fault in each]
    if faults:
        raise Faults(faults)
    return [each for each in results if isinstance(each, Done)]


def _finish(work: CatalogWork, done: Sequence[Done], others: Iterable[FileChange] = ()) -> None:
    """Write the files, unless this is a rehearsal, and say what became of each language."""
    files = [*(each.file for each in done if each.file), *others]
    if not work.options.simulate:
        catalog.write(files)
    for each in done:
        work.report.catalogs.append(_entry(each))
        work.report.waiting |= ImportOutcome.CONFLICT in each.keys
        if each.told:
            work.terminal.say("\n".join(each.told))
        counts = ", ".join(f"{count} {name}" for name, count in each.counts.items() if count)
        work.terminal.say(f"{each.language}: {counts or 'nothing to do'}")
    verb = "would be written" if work.report.preview else "written"
    work.terminal.say(f"{len(files)} {'file' if len(files) == 1 else 'files'} {verb}.")


def _entry(done: Done) -> dict[str, object]:
    return {
        "lang": done.language,
        "file": str(done.file.path) if done.file else "",
        "written": done.file is not None,
        "counts": {name: count for name, count in done.counts.items() if count},
        "conflicts": list(done.keys.get(ImportOutcome.CONFLICT, ())),
        "refused": list(done.keys.get(ImportOutcome.REFUSED, ())),
        "unknown": list(done.keys.get(ImportOutcome.UNKNOWN, ())),
    }

"""What would become of the plan with an edit: it is tried in a copy, and each state of it once.

Who types is told what an edit comes to, then it is written, then the page is shown again: all three
ask about the same state of the files.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import RLock

from wikiplan import files
from wikiplan.catalogs import trial, typedfacts
from wikiplan.errors import Fault
from wikiplan.files import FileChange
from wikiplan.plan import Plan
from wikiplan.session import loading
from wikiplan.session.loading import Known
from wikiplan.session.options import Options
from wikiplan.value import Value, replace

MOST_KEPT = 4
"""States of the plan; a large one has ten megabytes."""


class Tried(Value):
    """The plan in a state of its files, None if it has errors, and all that is wrong with it.

    Faults name the plan's files, not those of the copy.
    """

    plan: Plan | None
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(each for each in self.faults if not each.warning)


class Trials:
    """Tries changes of the plan's files, which stay as they are."""

    def __init__(self, alone: RLock, options: Options, known: Known) -> None:
        """``alone`` is held by who works with what is ``known``."""
        self._alone = alone
        self.data = options.data
        self._options = options
        self._known = known
        self.digests = files.Digests()
        self._kept: dict[str, Tried] = {}

    def of(self, changes: Iterable[FileChange] = ()) -> Tried:
        """Return what the plan is with these changes of its files."""
        given = tuple(changes)
        with self._alone:
            digest = self.digests.of(self.data, self._options.templates, changes=given)
            found = self._kept.pop(digest, None)
            if found is None:
                digest, found = self._tried(given)
            self._kept[digest] = found
            if len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            return found

    def _tried(self, changes: tuple[FileChange, ...]) -> tuple[str, Tried]:
        """Make the changes in a copy; returns the digest of it, since others write meanwhile."""
        with trial.tried(self.data, "this edit", "change the file itself") as copied:
            places = ((each, each.path.relative_to(self.data)) for each in changes)
            files.replace_all(replace(each, path=copied.copy / place) for each, place in places)
            digest = files.digest_of(copied.copy, self._options.templates)
            loaded, faults = loading.examine(replace(self._options, data=copied.copy), self._known)
            if loaded:
                faults = (*faults, *typedfacts.faults(loaded.plan))
            found = Tried(loaded.plan if loaded else None, tuple(map(copied.fault, faults)))
            return digest, found
